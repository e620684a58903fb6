//! Payouts of the payment provider on our account: what is with it becomes less by what came and by the fees it kept.

use chrono::{DateTime, Days};
use domain::{
    bank::{self, How, PaidOut, State, Waiting, can_undo},
    book,
    id::BankEntryId,
    money::Money,
    period::{brussels_day, start_of_day},
    policy::Action,
    problem::Problem,
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::open_at;
use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    jobs::Verdict,
    store::{
        self, Tx,
        entity::{bank_entry, provider_payout},
        rows::{BankEntryRow, ProviderPayoutRow},
    },
};

impl Desk {
    /// Says that an entry is a payout of the payment provider, and what it kept of it in euros; nothing typed is none.
    /// `Invalid` on `fee`.
    pub async fn match_provider_payout(&self, id: BankEntryId, fee: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::MatchEntry).await?;
        let row = tx.lock::<bank_entry::Entity>(id).await?;
        open_at(&row, seen)?;
        let fee = if fee.trim().is_empty() { Ok(Money::ZERO) } else { typed::money(fee) };
        let fee = fee.map_err(|problem| Error::invalid("fee", problem))?;
        if fee < Money::ZERO {
            return Err(Error::invalid("fee", Problem::NotPositive));
        }
        self.book_provider_payout(&mut tx, row, (fee, None), How::Hand).await?;
        tx.commit().await
    }

    /// Matches entries that wait with the payouts that the provider speaks of. Takes no input; may run at any time. What a
    /// person undid, the entry as the payout, is left to persons.
    pub async fn match_provider_payouts(&self) -> Result<Verdict> {
        let Ok(provider) = self.provider() else { return Ok(Verdict::Done) };
        let tx = self.begin(Action::ReadBank).await?;
        let waiting: Vec<Waiting> =
            store::bank::waiting(&tx).await?.iter().map(waiting).filter(Waiting::is_of_provider).collect();
        drop(tx);
        let (Some(first), Some(last)) = (waiting.first(), waiting.last()) else { return Ok(Verdict::Done) };
        // Longer than any payout is late or early.
        let from = start_of_day(first.booked_on - Days::new(10)).timestamp();
        let until = start_of_day(last.booked_on + Days::new(10)).timestamp();
        let mut told = match provider.payouts(from, until).await {
            Ok(payouts) => payouts,
            Err(error) => return Ok(Verdict::Retry(error.to_string())),
        };
        let names: Vec<String> = told.iter().map(|one| one.id.clone()).collect();
        let known = store::bank::known_payouts(&self.begin(Action::ReadBank).await?, &names).await?;
        told.retain(|one| !known.contains(&one.id));
        let arriving: Vec<PaidOut> = told.iter().filter_map(arriving).collect();
        let mut unanswered = None;
        for (payout, entry) in bank::paid_out(&arriving, &waiting) {
            // One that the provider does not explain yet, or cannot, stands in the way of others and is a person's.
            let Some(one) = told.iter().find(|one| one.id == payout.name && one.is_explained) else { continue };
            match provider.fee(one).await {
                Ok(Some(fee)) => self.match_told(entry, (fee, payout.name)).await?,
                Ok(None) => {}
                Err(error) => unanswered = Some(error.to_string()),
            }
        }
        Ok(unanswered.map_or(Verdict::Done, Verdict::Retry))
    }

    async fn match_told(&self, entry: BankEntryId, (fee, name): (Money, String)) -> Result<()> {
        let mut tx = self.begin(Action::MatchEntry).await?;
        let row = tx.lock::<bank_entry::Entity>(entry).await?;
        // Not one that a person placed meanwhile.
        if row.state != State::Open {
            return Ok(());
        }
        self.book_provider_payout(&mut tx, row, (fee, Some(name)), How::Provider).await?;
        tx.commit().await
    }

    /// This entry is a payout of the provider, which kept this: the one place where one is written down.
    async fn book_provider_payout(
        &self,
        tx: &mut Tx,
        row: BankEntryRow,
        (fee, name): (Money, Option<String>),
        how: How,
    ) -> Result<()> {
        let payout = new_uuid(tx);
        let at = (row.booked_on, format!("provider_payout:{payout}"));
        let booked = book::Entry::provider_payout(at, row.amount_cents, fee).map_err(anyhow)?;
        store::book::post(tx, &booked, Some(row.id.into())).await?;
        tx.insert(provider_payout::ActiveModel {
            id: Set(payout),
            entry_id: Set(row.id),
            amount_cents: Set(row.amount_cents),
            fee_cents: Set(fee),
            made_by: Set(self.decider(how)),
            made_at: Set(self.now),
            undone_by: Set(None),
            undone_at: Set(None),
            undo_reason: Set(None),
            provider_id: Set(name),
        })
        .await?;
        self.mark_matched(tx, row, how).await
    }

    /// It was something else: what it booked is booked back. Refused once the books are closed.
    pub(super) async fn undo_provider_payout(&self, tx: &mut Tx, one: ProviderPayoutRow, why: &str) -> Result<()> {
        let today = brussels_day(self.now);
        can_undo(brussels_day(one.made_at), today).map_err(|problem| Error::invalid("", problem))?;
        let at = (today, format!("provider_payout:{}:undone", one.id));
        let booked = book::Entry::provider_payout(at, one.amount_cents, one.fee_cents);
        let booked = booked.and_then(book::Entry::mirrored).map_err(anyhow)?;
        store::book::post(tx, &booked, Some(one.entry_id.into())).await?;
        tx.event(one.entry_id, "provider_payout_undone", json!({ "reason": why })).await?;
        let mut next = one.into_active_model();
        next.undone_by = Set(self.actor.person);
        next.undone_at = Set(Some(self.now));
        next.undo_reason = Set(Some(why.to_owned()));
        tx.update(next).await?;
        Ok(())
    }
}

/// An entry as far as it may be the provider's.
fn waiting(row: &BankEntryRow) -> Waiting {
    let text = format!("{} {}", row.party_name.as_deref().unwrap_or_default(), row.remittance);
    Waiting { entry: row.id, amount: row.amount_cents, booked_on: row.booked_on, text }
}

fn arriving(one: &payments::PaidOut) -> Option<PaidOut> {
    let arrives_on = brussels_day(DateTime::from_timestamp(one.arrives_at, 0)?);
    Some(PaidOut { name: one.id.clone(), amount: one.amount, arrives_on })
}
