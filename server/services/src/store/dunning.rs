//! Queries of reminders: what is late, what was done about it, and what is given up.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    dunning::Claim,
    id::{InvoiceId, OrganisationId, PaymentId},
    money::Money,
    payment::DisputeState,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{dispute, invoice, payment, reminder, reminder_hold, write_off},
    invoice::is_outstanding,
};
use crate::error::Result;

/// An invoice with what reminders know of it.
#[derive(Debug, Clone)]
pub struct Late {
    pub invoice: invoice::Model,
    pub claim: Claim,
    pub reminders: Vec<reminder::Model>,
    pub hold: Option<reminder_hold::Model>,
    /// What came for it and on which day: that of the bank, or that on which we learned of it.
    pub came: Vec<(NaiveDate, Money)>,
    /// What was paid of interest and recovery costs.
    pub paid_beside: Money,
}

/// Everything outstanding that the actor may see, the oldest debt first.
pub(crate) async fn outstanding(tx: &Tx) -> Result<Vec<invoice::Model>> {
    Ok(tx
        .select::<invoice::Entity>()
        .filter(is_outstanding())
        .order_by_asc(invoice::Column::DueOn)
        .order_by_asc(invoice::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Of it, what was due before this day, with what reminders know. Funders are reminded by people: what they owe is no price
/// that interest runs on (Directive 2011/7/EU Art. 2(1)).
pub(crate) async fn late(tx: &Tx, today: NaiveDate) -> Result<Vec<Late>> {
    let mut rows = outstanding(tx).await?;
    rows.retain(|row| row.share_of_id.is_none() && row.due_on.is_some_and(|due| due < today));
    with_claims(tx, rows).await
}

/// The same of one company.
pub(crate) async fn late_of(tx: &Tx, organisation: OrganisationId, today: NaiveDate) -> Result<Vec<Late>> {
    let rows = tx
        .select::<invoice::Entity>()
        .filter(is_outstanding())
        .filter(invoice::Column::OrganisationId.eq(organisation))
        .filter(invoice::Column::DueOn.lt(today))
        .filter(invoice::Column::ShareOfId.is_null())
        .order_by_asc(invoice::Column::DueOn)
        .all(tx.connection())
        .await?;
    with_claims(tx, rows).await
}

/// What reminders know of these invoices. Those without a due date owe nothing.
pub(crate) async fn with_claims(tx: &Tx, rows: Vec<invoice::Model>) -> Result<Vec<Late>> {
    let ids: Vec<InvoiceId> = rows.iter().map(|row| row.id).collect();
    let reminders = tx
        .select::<reminder::Entity>()
        .filter(reminder::Column::InvoiceId.is_in(ids.iter().copied()))
        .order_by_asc(reminder::Column::TakenAt)
        .order_by_asc(reminder::Column::Id)
        .all(tx.connection())
        .await?;
    let holds = tx
        .select::<reminder_hold::Entity>()
        .filter(reminder_hold::Column::InvoiceId.is_in(ids.iter().copied()))
        .filter(reminder_hold::Column::EndedAt.is_null())
        .all(tx.connection())
        .await?;
    let payments = tx
        .select::<payment::Entity>()
        .filter(payment::Column::InvoiceId.is_in(ids))
        .order_by_asc(payment::Column::CreatedAt)
        .order_by_asc(payment::Column::Id)
        .all(tx.connection())
        .await?;
    let disputed = disputed(tx, &payments).await?;
    let of: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let booked = super::bank::booked_days(tx, &of).await?;
    let day = |payment: &payment::Model| {
        let by_bank = booked.iter().find(|(id, _)| *id == payment.id).map(|(_, day)| *day);
        by_bank.or(payment.received_at.map(domain::period::brussels_day))
    };
    let mut beside: BTreeMap<InvoiceId, Money> = BTreeMap::new();
    for payment in &payments {
        let of_it = beside.entry(payment.invoice_id).or_default();
        *of_it = of_it.checked_add(payment.known().for_claim())?;
    }
    let late = rows.into_iter().filter_map(|row| {
        let of_it: Vec<reminder::Model> = reminders.iter().filter(|one| one.invoice_id == row.id).cloned().collect();
        let hold = holds.iter().find(|one| one.invoice_id == row.id).cloned();
        let claim = Claim {
            due_on: row.due_on?,
            outstanding: row.outstanding(),
            is_disputed: disputed.contains(&row.id),
            taken: of_it.iter().map(reminder::Model::taken).collect(),
            hold: hold.as_ref().map(reminder_hold::Model::hold),
        };
        let paid = payments.iter().filter(|payment| payment.invoice_id == row.id);
        let came = paid.filter_map(|payment| Some((day(payment)?, payment.known().counted()))).collect();
        let paid_beside = beside.get(&row.id).copied().unwrap_or_default();
        Some(Late { invoice: row, claim, reminders: of_it, hold, came, paid_beside })
    });
    Ok(late.collect())
}

/// The invoices of those of these payments that are disputed now.
async fn disputed(tx: &Tx, payments: &[payment::Model]) -> Result<Vec<InvoiceId>> {
    let of: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let open = tx
        .select::<dispute::Entity>()
        .filter(dispute::Column::PaymentId.is_in(of))
        .filter(dispute::Column::State.eq(DisputeState::Open))
        .all(tx.connection())
        .await?;
    let is_open = |payment: &&payment::Model| open.iter().any(|one| one.payment_id == payment.id);
    Ok(payments.iter().filter(is_open).map(|payment| payment.invoice_id).collect())
}

/// Holds whose last day has passed and which nobody ended.
pub(crate) async fn lapsed_holds(tx: &Tx, today: NaiveDate) -> Result<Vec<reminder_hold::Model>> {
    Ok(tx
        .select::<reminder_hold::Entity>()
        .filter(reminder_hold::Column::EndedAt.is_null())
        .filter(reminder_hold::Column::UntilDay.lt(today))
        .all(tx.connection())
        .await?)
}

/// The hold of an invoice that is in force.
pub(crate) async fn hold_of(tx: &Tx, invoice: InvoiceId) -> Result<Option<reminder_hold::Model>> {
    Ok(tx
        .select::<reminder_hold::Entity>()
        .filter(reminder_hold::Column::InvoiceId.eq(invoice))
        .filter(reminder_hold::Column::EndedAt.is_null())
        .one(tx.connection())
        .await?)
}

/// Every hold of an invoice, the newest first.
pub(crate) async fn holds(tx: &Tx, invoice: InvoiceId) -> Result<Vec<reminder_hold::Model>> {
    Ok(tx
        .select::<reminder_hold::Entity>()
        .filter(reminder_hold::Column::InvoiceId.eq(invoice))
        .order_by_desc(reminder_hold::Column::MadeAt)
        .all(tx.connection())
        .await?)
}

/// What was asked to be given up of an invoice, the newest first.
pub(crate) async fn write_offs(tx: &Tx, invoice: InvoiceId) -> Result<Vec<write_off::Model>> {
    Ok(tx
        .select::<write_off::Entity>()
        .filter(write_off::Column::InvoiceId.eq(invoice))
        .order_by_desc(write_off::Column::AskedAt)
        .all(tx.connection())
        .await?)
}

/// Write-offs that wait for a second signature.
pub(crate) async fn asked_write_offs(tx: &Tx) -> Result<Vec<write_off::Model>> {
    Ok(tx
        .select::<write_off::Entity>()
        .filter(write_off::Column::State.eq(write_off::State::Asked))
        .order_by_asc(write_off::Column::AskedAt)
        .all(tx.connection())
        .await?)
}

/// Whether this company can book nothing new.
pub(crate) async fn is_blocked(tx: &Tx, organisation: OrganisationId, today: NaiveDate) -> Result<bool> {
    Ok(late_of(tx, organisation, today).await?.iter().any(|late| late.claim.blocks(today)))
}
