//! Queries of payments, refunds and the provider's events.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    id::{InvoiceId, PaymentId},
    money::Money,
    payment::State,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Tx,
    entity::{
        dispute, invoice, payment,
        payment_event::{self, Outcome},
        refund,
    },
};
use crate::error::Result;

pub(crate) const PENDING: [State; 3] = [State::Intended, State::Open, State::Processing];

/// The attempts at an invoice, oldest first.
pub(crate) async fn of_invoice(tx: &Tx, invoice: InvoiceId) -> Result<Vec<payment::Model>> {
    Ok(tx
        .select::<payment::Entity>()
        .filter(payment::Column::InvoiceId.eq(invoice))
        .order_by_asc(payment::Column::CreatedAt)
        .order_by_asc(payment::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The attempts at these invoices, the newest first.
pub(crate) async fn of_invoices(tx: &Tx, invoices: &[InvoiceId]) -> Result<Vec<payment::Model>> {
    Ok(tx
        .select::<payment::Entity>()
        .filter(payment::Column::InvoiceId.is_in(invoices.iter().copied()))
        .order_by_desc(payment::Column::Id)
        .all(tx.connection())
        .await?)
}

/// What each of these payments is for.
pub(crate) async fn invoices(tx: &Tx, payments: &[PaymentId]) -> Result<BTreeMap<PaymentId, invoice::Model>> {
    let of: Vec<(PaymentId, InvoiceId)> = tx
        .select::<payment::Entity>()
        .select_only()
        .columns([payment::Column::Id, payment::Column::InvoiceId])
        .filter(payment::Column::Id.is_in(payments.iter().copied()))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let ids = of.iter().map(|(_, invoice)| *invoice);
    let found = tx.select::<invoice::Entity>().filter(invoice::Column::Id.is_in(ids)).all(tx.connection()).await?;
    let invoice = |id: InvoiceId| found.iter().find(|row| row.id == id).cloned();
    Ok(of.into_iter().filter_map(|(payment, id)| Some((payment, invoice(id)?))).collect())
}

/// The one attempt at an invoice from which something may still come.
pub(crate) async fn pending(tx: &Tx, invoice: InvoiceId) -> Result<Option<payment::Model>> {
    Ok(tx
        .select::<payment::Entity>()
        .filter(payment::Column::InvoiceId.eq(invoice))
        .filter(payment::Column::State.is_in(PENDING))
        .one(tx.connection())
        .await?)
}

/// Attempts that have been pending since before `since`.
pub(crate) async fn stuck(tx: &Tx, since: DateTime<Utc>) -> Result<Vec<payment::Model>> {
    Ok(tx
        .select::<payment::Entity>()
        .filter(payment::Column::State.is_in(PENDING))
        .filter(payment::Column::CreatedAt.lt(since))
        .order_by_asc(payment::Column::CreatedAt)
        .limit(100)
        .all(tx.connection())
        .await?)
}

/// The attempt that an event is about, by any of the names it gives.
pub(crate) async fn about(tx: &Tx, event: &payment_event::Model) -> Result<Option<payment::Model>> {
    let mut any = Condition::any();
    let mut is_named = false;
    if let Some(id) = event.attempt.as_deref().and_then(|id| id.parse::<PaymentId>().ok()) {
        any = any.add(payment::Column::Id.eq(id));
        is_named = true;
    }
    if let Some(session) = &event.session {
        any = any.add(payment::Column::Session.eq(session));
        is_named = true;
    }
    if let Some(intent) = &event.intent {
        any = any.add(payment::Column::Intent.eq(intent));
        is_named = true;
    }
    if !is_named {
        return Ok(None);
    }
    Ok(tx.select::<payment::Entity>().filter(any).one(tx.connection()).await?)
}

/// Payments with their invoice, the newest first.
pub(crate) async fn list(
    tx: &Tx,
    state: Option<State>,
    only_odd: bool,
    limit: u64,
) -> Result<Vec<(payment::Model, Option<invoice::Model>)>> {
    let mut select = tx.select::<payment::Entity>();
    if let Some(state) = state {
        select = select.filter(payment::Column::State.eq(state));
    }
    if only_odd {
        let differs = Expr::col((payment::Entity, payment::Column::ReceivedCents))
            .ne(Expr::col((payment::Entity, payment::Column::AmountCents)));
        select = select.filter(
            Condition::any()
                .add(payment::Column::Disputed.eq(true))
                .add(Condition::all().add(payment::Column::State.eq(State::Received)).add(differs)),
        );
    }
    let rows = select.order_by_desc(payment::Column::Id).limit(limit.clamp(1, 200)).all(tx.connection()).await?;
    let ids = rows.iter().map(|row| row.invoice_id);
    let invoices = tx.select::<invoice::Entity>().filter(invoice::Column::Id.is_in(ids)).all(tx.connection()).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let invoice = invoices.iter().find(|invoice| invoice.id == row.invoice_id).cloned();
            (row, invoice)
        })
        .collect())
}

/// Refunds of these payments, oldest first.
pub(crate) async fn refunds(tx: &Tx, payments: &[PaymentId]) -> Result<Vec<refund::Model>> {
    Ok(tx
        .select::<refund::Entity>()
        .filter(refund::Column::PaymentId.is_in(payments.iter().copied()))
        .order_by_asc(refund::Column::CreatedAt)
        .order_by_asc(refund::Column::Id)
        .all(tx.connection())
        .await?)
}

/// What is asked to be given back of a payment and not refused, and what has been given back.
pub(crate) async fn refunded(tx: &Tx, payment: PaymentId) -> Result<(Money, Money)> {
    let rows = refunds(tx, &[payment]).await?;
    let asked = rows.iter().filter(|row| row.state != refund::State::Failed).map(|row| row.amount_cents);
    let asked = Money::sum(asked)?;
    let done = rows.iter().filter(|row| row.state == refund::State::Succeeded).map(|row| row.amount_cents);
    Ok((asked, Money::sum(done)?))
}

/// Stores an event; false if it was stored before.
pub(crate) async fn store_event(tx: &mut Tx, row: payment_event::ActiveModel, id: &str) -> Result<bool> {
    let once = OnConflict::column(payment_event::Column::ProviderId).do_nothing().to_owned();
    let inserted = payment_event::Entity::insert(row).on_conflict(once).exec_without_returning(tx.connection()).await;
    let is_new = match inserted {
        Ok(rows) => rows > 0,
        Err(sea_orm::DbErr::RecordNotInserted) => false,
        Err(error) => return Err(error.into()),
    };
    if is_new {
        tx.changed("insert", "payment_event", id.to_owned());
    }
    Ok(is_new)
}

/// Events a person must look at, the newest first.
pub(crate) async fn unmatched_events(tx: &Tx, limit: u64) -> Result<Vec<payment_event::Model>> {
    Ok(tx
        .select::<payment_event::Entity>()
        .filter(payment_event::Column::Outcome.is_in([Outcome::Unmatched, Outcome::Unreadable]))
        .order_by_desc(payment_event::Column::ReceivedAt)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Disputes of these payments, oldest first.
pub(crate) async fn disputes(tx: &Tx, payments: &[PaymentId]) -> Result<Vec<dispute::Model>> {
    Ok(tx
        .select::<dispute::Entity>()
        .filter(dispute::Column::PaymentId.is_in(payments.iter().copied()))
        .order_by_asc(dispute::Column::OpenedAt)
        .order_by_asc(dispute::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The dispute that the provider calls so.
pub(crate) async fn dispute_named(tx: &Tx, name: &str) -> Result<Option<dispute::Model>> {
    Ok(tx.select::<dispute::Entity>().filter(dispute::Column::ProviderId.eq(name)).one(tx.connection()).await?)
}

/// The refund that the provider calls so.
pub(crate) async fn refund_named(tx: &Tx, provider_id: &str) -> Result<Option<Uuid>> {
    let found = refund::Entity::find()
        .select_only()
        .column(refund::Column::Id)
        .filter(refund::Column::ProviderId.eq(provider_id));
    Ok(found.into_tuple::<Uuid>().one(tx.connection()).await?)
}
