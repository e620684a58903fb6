//! Which use is due: a month once it is over, an award once it has ended. Reconcilers without input.
//!
//! What is charged is what the ledger counts up to a moment less what earlier documents charged, so that late
//! readings come with the next document, and nothing is charged twice or forgotten.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    allocation::State,
    call::check::Occasion,
    gpu::GpuTime,
    id::OrganisationId,
    invoice::{Terms, Use},
    money::{BasisPoints, Rate},
    period::{Month, Period, brussels_day, week_of},
    policy::Action,
    usage::CLOSING_GRACE,
};
use serde::Deserialize;

use super::{Made, Order, within};
use crate::{
    calls::eligibility,
    desk::Desk,
    error::{Each, Error, Result},
    jobs::Verdict,
    store::{
        self, Tx,
        entity::{application, organisation, site},
        rows::AllocationRow,
    },
};

/// What an invoice needs of the quote frozen on the allocation.
#[derive(Deserialize)]
struct Frozen {
    list_rate: Rate,
    subsidy_share: BasisPoints,
    pot: String,
    regime: serde_json::Value,
}

/// What one document is for.
pub(super) struct Due {
    pub(super) occasion: String,
    /// Use that counts before this is charged.
    until: DateTime<Utc>,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

impl Desk {
    /// Issues what is due: last month for everybody, and awards that have ended. Safe at any time and as often as
    /// wanted. How many documents were issued.
    pub async fn close_month(&self) -> Result<usize> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let open = uncharged(&tx).await?;
        drop(tx);
        let mut each = Each::default();
        for (organisation, allocations) in open {
            let issued = self.close_for(organisation, &allocations).await;
            each.count(organisation, "an invoice could not be issued", issued);
        }
        each.finish()
    }

    async fn close_for(&self, organisation: OrganisationId, allocations: &[AllocationRow]) -> Result<usize> {
        let mut issued = 0;
        if let Some(month) = self.closed_month() {
            issued += usize::from(self.close(organisation, &month, allocations).await?);
        }
        for allocation in allocations {
            if let Some(end) = self.ended(allocation) {
                issued += usize::from(self.close(organisation, &end, std::slice::from_ref(allocation)).await?);
            }
        }
        Ok(issued)
    }

    /// Credits what was charged too much and issues what is due: how many documents were issued, and how many credited.
    pub async fn bill(&self) -> Result<(usize, usize)> {
        // Invoices do not wait for a credit that cannot be given.
        let credited = self.credit_corrections().await;
        let issued = self.close_month().await?;
        let asked = self.ask_funders().await?;
        Ok((issued + asked, credited?))
    }

    pub(crate) async fn run_billing(&self) -> Result<Verdict> {
        let (issued, credited) = self.bill().await?;
        if issued + credited > 0 {
            tracing::info!(issued, credited, "invoices and statements were issued, and credited");
        }
        Ok(Verdict::Done)
    }

    /// Last month, once it takes no more readings.
    pub(super) fn closed_month(&self) -> Option<Due> {
        let month = Month::of(self.now).previous();
        let until = month.period().end;
        (self.now >= until + CLOSING_GRACE).then(|| Due {
            occasion: format!("month:{}", month.first_day().format("%Y-%m")),
            until,
            first_day: month.first_day(),
            last_day: month.next().first_day() - Days::new(1),
        })
    }

    /// The rest of an award that has ended, once its last readings had time to come.
    pub(super) fn ended(&self, allocation: &AllocationRow) -> Option<Due> {
        let ended_at = allocation.ended_at.filter(|_| allocation.state == State::Ended)?;
        let last_day = brussels_day(ended_at);
        (self.now >= ended_at + CLOSING_GRACE).then(|| Due {
            occasion: format!("end:{}", allocation.id),
            until: self.now,
            first_day: Month::of_day(last_day).first_day(),
            last_day,
        })
    }

    /// One document in one transaction, which holds the organisation's row: two reconcilers do not charge twice.
    async fn close(&self, organisation: OrganisationId, due: &Due, allocations: &[AllocationRow]) -> Result<bool> {
        let tx = self.begin(Action::ReadAllocation).await?;
        if store::invoice::is_issued(&tx, organisation, &due.occasion).await? {
            return Ok(false);
        }
        let uses = all_used(&tx, allocations, due).await?;
        drop(tx);
        if uses.is_empty() {
            return Ok(false);
        }
        // A statement of aid has no VAT, and need not wait for a register.
        let evidence = if uses.iter().any(|used| used.terms.subsidy_share < BasisPoints::WHOLE) {
            let Some(evidence) = self.vat_evidence(organisation, &due.occasion).await? else { return Ok(false) };
            evidence
        } else {
            None
        };
        let mut tx = self.begin(Action::CloseMonth).await?;
        let customer = tx.lock::<organisation::Entity>(organisation).await?;
        let uses = all_used(&tx, allocations, due).await?;
        let order = Order { occasion: &due.occasion, uses: &uses, corrects: None, evidence };
        let made = self.issue(&mut tx, &customer, order).await?;
        if let Made::Issued(_) = made {
            // What was used is charged whatever became of the company; that it was looked at is kept.
            for allocation in allocations.iter().filter(|one| uses.iter().any(|used| used.allocation == one.id)) {
                eligibility::still_eligible(&mut tx, allocation.application_id, Occasion::Invoice, "").await?;
            }
        }
        if made != Made::Nothing {
            tx.commit().await?;
        }
        Ok(matches!(made, Made::Issued(_)))
    }
}

/// Until when documents have charged what this allocation used, at the latest.
pub(crate) fn charged_until(row: &AllocationRow, now: DateTime<Utc>) -> DateTime<Utc> {
    let is_over = row.state == State::Ended && row.ended_at.is_some_and(|ended| now >= ended + CLOSING_GRACE);
    if is_over {
        return now;
    }
    let last = Month::of(now).previous().period();
    if now >= last.end + CLOSING_GRACE { last.end } else { last.start }
}

/// Allocations with more used than charged, by company.
pub(super) async fn uncharged(tx: &Tx) -> Result<BTreeMap<OrganisationId, Vec<AllocationRow>>> {
    let mut by_organisation: BTreeMap<OrganisationId, Vec<AllocationRow>> = BTreeMap::new();
    for allocation in store::invoice::uncharged(tx).await? {
        by_organisation.entry(allocation.organisation_id).or_default().push(allocation);
    }
    Ok(by_organisation)
}

async fn all_used(tx: &Tx, allocations: &[AllocationRow], due: &Due) -> Result<Vec<Use>> {
    let mut uses = Vec::new();
    for allocation in allocations {
        if let Some(used) = used(tx, allocation, due).await? {
            uses.push(used);
        }
    }
    Ok(uses)
}

/// What of this allocation is not charged yet; `None` if that is nothing.
pub(super) async fn used(tx: &Tx, allocation: &AllocationRow, due: &Due) -> Result<Option<Use>> {
    let period = Period { start: DateTime::<Utc>::UNIX_EPOCH, end: due.until };
    let counted = store::ledger::used(tx, allocation.id, period).await?;
    let gpu_time = counted.checked_sub(store::invoice::charged(tx, allocation.id).await?)?;
    if gpu_time <= GpuTime::ZERO {
        return Ok(None);
    }
    let (reference, is_split) = match tx.find::<application::Entity>(allocation.application_id).await {
        Ok(application) => {
            let is_split = store::call::terms_of(tx, std::slice::from_ref(&application)).await?;
            (application.reference, is_split.values().any(|terms| terms.is_split))
        }
        Err(Error::NotFound) => (None, false),
        Err(error) => return Err(error),
    };
    let site = tx.find::<site::Entity>(allocation.site_id).await?;
    let frozen: Frozen = serde_json::from_str(&allocation.terms)?;
    let from = week_of(allocation.first_week);
    let to = allocation.ended_at.map_or(due.last_day, brussels_day);
    let (first_day, last_day) = within(due.first_day, due.last_day, from, to);
    let Frozen { list_rate, subsidy_share, pot, regime } = frozen;
    let regime = regime.as_str().unwrap_or_default().to_owned();
    Ok(Some(Use {
        allocation: allocation.id,
        reference: reference.unwrap_or_else(|| allocation.id.to_string()),
        site: site.name,
        model: allocation.model,
        first_day,
        last_day,
        gpu_time,
        terms: Terms { list_rate, subsidy_share, pot, regime, is_split },
    }))
}
