//! Payouts of the payment provider on our account: what is with it becomes less by what came and by the fees it kept.

use domain::{
    bank::{How, can_undo},
    book,
    id::BankEntryId,
    money::Money,
    period::brussels_day,
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
    store::{
        self, Tx,
        entity::{bank_entry, provider_payout},
        rows::ProviderPayoutRow,
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
        let payout = new_uuid(&tx);
        let at = (row.booked_on, format!("provider_payout:{payout}"));
        let booked = book::Entry::provider_payout(at, row.amount_cents, fee).map_err(anyhow)?;
        store::book::post(&mut tx, &booked, Some(id.into())).await?;
        tx.insert(provider_payout::ActiveModel {
            id: Set(payout),
            entry_id: Set(id),
            amount_cents: Set(row.amount_cents),
            fee_cents: Set(fee),
            made_by: Set(self.actor.person),
            made_at: Set(self.now),
            undone_by: Set(None),
            undone_at: Set(None),
            undo_reason: Set(None),
        })
        .await?;
        self.mark_matched(&mut tx, row, How::Hand).await?;
        tx.commit().await
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
