//! What follows from corrected use: where the ledger now counts less than was charged, an invoice is credited and a
//! statement of aid gives way to a corrected one. A reconciler without input.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    credit_note::{self, Cause, Part, all_left, from_the_end},
    gpu::GpuTime,
    id::{AllocationId, InvoiceId},
    invoice::Kind,
    period::Period,
    policy::Action,
};

use super::{Order, by_hand::again, issue, lock};
use crate::{
    desk::Desk,
    error::{Each, Result},
    invoices::{self, charged_until},
    store::{
        self, Tx,
        entity::{allocation, organisation},
        rows::{AllocationRow, InvoiceRow},
    },
};

impl Desk {
    /// Takes back what is charged beyond what counts. How many documents were credited.
    pub async fn credit_corrections(&self) -> Result<usize> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let mut over = Vec::new();
        for row in store::credit_note::corrected(&tx).await? {
            if charged_too_much(&tx, &row, self.now).await? > GpuTime::ZERO {
                over.push(row.id);
            }
        }
        drop(tx);
        let mut each = Each::default();
        for id in over {
            each.count(id, "a credit note could not be issued", self.credit_allocation(id).await);
        }
        each.finish()
    }

    async fn credit_allocation(&self, id: AllocationId) -> Result<usize> {
        let mut tx = self.begin(Action::CloseMonth).await?;
        let row = tx.find::<allocation::Entity>(id).await?;
        // The same row that billing holds: nothing is charged meanwhile.
        let customer = tx.lock::<organisation::Entity>(row.organisation_id).await?;
        let over = charged_too_much(&tx, &row, self.now).await?;
        let Some(last) = store::credit_note::last_correction(&tx, id).await? else { return Ok(0) };
        if over <= GpuTime::ZERO {
            return Ok(0);
        }
        let occasion = format!("corrected:{}", last.id);
        let mut count = 0;
        for (original, parts) in shares(&tx, id, over).await? {
            let (cause, reason) = (last.cause, last.reason.as_str());
            if original.kind == Kind::Invoice {
                let order =
                    Order { occasion: &occasion, cause, reason, parts: &parts, asked_by: None, signed_by: None };
                count += usize::from(issue(&mut tx, &original, order).await?.is_some());
                continue;
            }
            // A statement was never paid: it is withdrawn, and what is left is stated anew.
            let document = original.issued()?;
            let before = store::credit_note::before(&tx, original.id).await?;
            let all = all_left(&document, &before)?;
            let rest = rest(&all, &parts)?;
            let cause = Cause::Correction;
            let order = Order { occasion: &occasion, cause, reason, parts: &all, asked_by: None, signed_by: None };
            count += usize::from(issue(&mut tx, &original, order).await?.is_some());
            let uses = again(&document, &rest);
            let occasion = format!("corrects:{}", original.id);
            let order = invoices::Order { occasion: &occasion, uses: &uses, corrects: Some(&original), evidence: None };
            self.issue(&mut tx, &customer, order).await?;
        }
        if count > 0 {
            tx.commit().await?;
        }
        Ok(count)
    }
}

/// What was charged of this allocation beyond what counts of the time that documents have covered.
async fn charged_too_much(tx: &Tx, row: &AllocationRow, now: DateTime<Utc>) -> Result<GpuTime> {
    let until = charged_until(row, now);
    let counted = store::ledger::used(tx, row.id, Period { start: DateTime::<Utc>::UNIX_EPOCH, end: until }).await?;
    Ok(store::invoice::charged(tx, row.id).await?.checked_sub(counted)?)
}

/// Which lines of which documents give that much back: the newest document first, and in it the last lines.
async fn shares(tx: &Tx, allocation: AllocationId, mut over: GpuTime) -> Result<Vec<(InvoiceRow, Vec<Part>)>> {
    let mut shares = Vec::new();
    let charging: Vec<InvoiceId> =
        store::credit_note::charging(tx, allocation).await?.iter().map(|row| row.id).collect();
    for id in charging.into_iter().rev() {
        let original = lock(tx, id).await?;
        let document = original.issued()?;
        let before = store::credit_note::before(tx, id).await?;
        let left: BTreeMap<i32, GpuTime> = credit_note::left(&document, &before)?;
        let of_this: Vec<(i32, GpuTime)> = document
            .sums
            .lines
            .iter()
            .zip(1_i32..)
            .filter(|(line, _)| line.allocation == allocation)
            .map(|(_, position)| (position, left.get(&position).copied().unwrap_or_default()))
            .collect();
        let parts = from_the_end(&of_this, over)?;
        let taken = GpuTime::sum(parts.iter().map(|part| part.gpu_time))?;
        if taken > GpuTime::ZERO {
            over = over.checked_sub(taken)?;
            shares.push((original, parts));
        }
    }
    Ok(shares)
}

/// What is left of these after those are taken off.
fn rest(all: &[Part], gone: &[Part]) -> Result<Vec<Part>> {
    let mut rest = Vec::new();
    for part in all {
        let less = GpuTime::sum(gone.iter().filter(|one| one.position == part.position).map(|one| one.gpu_time))?;
        let gpu_time = part.gpu_time.checked_sub(less)?;
        if gpu_time > GpuTime::ZERO {
            rest.push(Part { position: part.position, gpu_time });
        }
    }
    Ok(rest)
}
