//! Giving up what an invoice will never bring: asked for with a reason, and signed by another above a limit.

use domain::{
    id::{InvoiceId, WriteOffId},
    money::Money,
    payment::write_off_needs_second,
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    bank::reason,
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Tx,
        entity::{
            invoice,
            write_off::{self, State},
        },
        rows::{InvoiceRow, WriteOffRow},
    },
};

impl Desk {
    /// Asks to give up what is left of an invoice. Up to a limit it is given up at once.
    pub async fn write_off(&self, id: InvoiceId, why: &str) -> Result<()> {
        let today = brussels_day(self.now);
        let mut tx = self.begin(Action::WriteOff).await?;
        let row = tx.lock::<invoice::Entity>(id).await?;
        let amount = row.outstanding();
        if amount <= Money::ZERO || row.due_on.is_none_or(|due| due >= today) {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        let why = reason(why)?;
        let needs_second = write_off_needs_second(amount, today);
        let asked = WriteOffId::from_uuid(crate::invoices::new_uuid(&tx));
        tx.insert(write_off::ActiveModel {
            id: Set(asked.uuid()),
            invoice_id: Set(id),
            organisation_id: Set(row.organisation_id),
            amount_cents: Set(amount),
            reason: Set(why.clone()),
            state: Set(if needs_second { State::Asked } else { State::Done }),
            needs_second: Set(needs_second),
            asked_by: Set(self.actor.person),
            asked_at: Set(self.now),
            signed_by: Set(None),
            signed_at: Set(None),
        })
        .await
        .on_unique("", Problem::AlreadyAsked)?;
        tx.event(id, "write_off_asked", json!({ "amount": amount })).await?;
        if !needs_second {
            give_up(&mut tx, row, amount).await?;
        }
        tx.commit().await
    }

    /// The second signature: of somebody other than who asked. What was paid meanwhile is not given up.
    pub async fn sign_write_off(&self, id: WriteOffId) -> Result<InvoiceId> {
        let mut tx = self.begin(Action::WriteOff).await?;
        let invoice = tx.find::<write_off::Entity>(id.uuid()).await?.invoice_id;
        let row = tx.lock::<invoice::Entity>(invoice).await?;
        let asked = waiting(&tx, id).await?;
        let signer = self.second_of(asked.asked_by)?;
        let amount = asked.amount_cents.min(row.outstanding());
        let mut next = asked.into_active_model();
        next.state = Set(State::Done);
        next.signed_by = Set(Some(signer));
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        give_up(&mut tx, row, amount).await?;
        tx.commit().await?;
        Ok(invoice)
    }

    /// Nothing is given up. Who asked may take it back; whoever else refuses it is kept as a signature is.
    pub async fn refuse_write_off(&self, id: WriteOffId) -> Result<InvoiceId> {
        let mut tx = self.begin(Action::WriteOff).await?;
        let invoice = tx.find::<write_off::Entity>(id.uuid()).await?.invoice_id;
        tx.lock::<invoice::Entity>(invoice).await?;
        let asked = waiting(&tx, id).await?;
        let refuser = self.actor.person.filter(|person| Some(*person) != asked.asked_by);
        let mut next = asked.into_active_model();
        next.state = Set(State::Refused);
        next.signed_by = Set(refuser);
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(invoice, "write_off_refused", json!({})).await?;
        tx.commit().await?;
        Ok(invoice)
    }

    /// Write-offs that wait for a second signature.
    pub async fn asked_write_offs(&self) -> Result<Vec<WriteOffRow>> {
        let tx = self.begin(Action::ReadReminders).await?;
        store::dunning::asked_write_offs(&tx).await
    }

    /// The invoice of a write-off.
    pub async fn invoice_of_write_off(&self, id: WriteOffId) -> Result<InvoiceId> {
        let tx = self.begin(Action::ReadReminders).await?;
        Ok(tx.find::<write_off::Entity>(id.uuid()).await?.invoice_id)
    }
}

async fn waiting(tx: &Tx, id: WriteOffId) -> Result<WriteOffRow> {
    let asked = tx.lock::<write_off::Entity>(id.uuid()).await?;
    if asked.state == State::Asked { Ok(asked) } else { Err(Error::invalid("", Problem::AlreadyDone)) }
}

/// The one place where money is given up.
async fn give_up(tx: &mut Tx, row: InvoiceRow, amount: Money) -> Result<()> {
    let id = row.id;
    let written_off = row.written_off_cents.checked_add(amount)?;
    let mut next = row.into_active_model();
    next.written_off_cents = Set(written_off);
    tx.update(next).await?;
    store::book::settle_invoice(tx, id).await?;
    tx.event(id, "written_off", json!({ "amount": amount })).await
}
