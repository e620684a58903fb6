//! Queries of what the payment provider says beside our books.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    money::Money,
    payment::{DisputeState, Rail},
    reconciliation::{Movement, Subject},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    Tx,
    entity::{difference, dispute, payment, reconciliation, refund},
};
use crate::error::Result;

/// What our books say was begun at the provider within this time: what was received, given back, and lost.
pub(crate) async fn ours(tx: &Tx, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Movement>> {
    let payments = tx
        .select::<payment::Entity>()
        .filter(payment::Column::Rail.eq(Rail::Stripe))
        .filter(payment::Column::CreatedAt.gte(from))
        .filter(payment::Column::CreatedAt.lt(until))
        .all(tx.connection())
        .await?;
    let refunds = tx
        .select::<refund::Entity>()
        .filter(refund::Column::State.eq(refund::State::Succeeded))
        .filter(refund::Column::CreatedAt.gte(from))
        .filter(refund::Column::CreatedAt.lt(until))
        .all(tx.connection())
        .await?;
    let disputes = tx
        .select::<dispute::Entity>()
        .filter(dispute::Column::State.eq(DisputeState::Lost))
        .filter(dispute::Column::OpenedAt.gte(from))
        .filter(dispute::Column::OpenedAt.lt(until))
        .all(tx.connection())
        .await?;
    let paid = payments.into_iter().filter_map(paid);
    let given = refunds.into_iter().filter_map(given);
    Ok(paid.chain(given).chain(disputes.into_iter().map(lost)).collect())
}

/// What our books say of this name, whenever it was begun.
pub(crate) async fn named(tx: &Tx, subject: Subject, name: &str) -> Result<Option<Movement>> {
    Ok(match subject {
        Subject::Payment => {
            let found = tx.select::<payment::Entity>().filter(payment::Column::Intent.eq(name));
            found.one(tx.connection()).await?.and_then(paid)
        }
        Subject::Refund => {
            let found = tx
                .select::<refund::Entity>()
                .filter(refund::Column::State.eq(refund::State::Succeeded))
                .filter(refund::Column::ProviderId.eq(name));
            found.one(tx.connection()).await?.and_then(given)
        }
        Subject::Dispute => {
            let found = tx
                .select::<dispute::Entity>()
                .filter(dispute::Column::State.eq(DisputeState::Lost))
                .filter(dispute::Column::ProviderId.eq(name));
            found.one(tx.connection()).await?.map(lost)
        }
    })
}

fn paid(row: payment::Model) -> Option<Movement> {
    let name = row.intent.filter(|_| row.received_cents > Money::ZERO)?;
    Some(Movement { subject: Subject::Payment, name, amount: row.received_cents })
}

/// Refunds by bank transfer have no name at the provider.
fn given(row: refund::Model) -> Option<Movement> {
    Some(Movement { subject: Subject::Refund, name: row.provider_id?, amount: row.amount_cents })
}

fn lost(row: dispute::Model) -> Movement {
    Movement { subject: Subject::Dispute, name: row.provider_id, amount: row.amount_cents }
}

/// When the first payment was begun at the provider.
pub(crate) async fn first(tx: &Tx) -> Result<Option<DateTime<Utc>>> {
    let select = tx.select::<payment::Entity>().filter(payment::Column::Rail.eq(Rail::Stripe));
    let first = select.order_by_asc(payment::Column::CreatedAt).limit(1).all(tx.connection()).await?;
    Ok(first.first().map(|row| row.created_at))
}

/// The payment that the provider's name of it belongs to.
pub(crate) async fn payment_named(tx: &Tx, intent: &str) -> Result<Option<payment::Model>> {
    Ok(tx.select::<payment::Entity>().filter(payment::Column::Intent.eq(intent)).one(tx.connection()).await?)
}

pub(crate) async fn of_day(tx: &Tx, day: NaiveDate) -> Result<Option<reconciliation::Model>> {
    Ok(tx.select::<reconciliation::Entity>().filter(reconciliation::Column::Day.eq(day)).one(tx.connection()).await?)
}

/// The latest days first.
pub(crate) async fn days(tx: &Tx, limit: u64) -> Result<Vec<reconciliation::Model>> {
    Ok(tx
        .select::<reconciliation::Entity>()
        .order_by_desc(reconciliation::Column::Day)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Every difference of a day's report.
pub(crate) async fn differences(tx: &Tx, reconciliation: Uuid) -> Result<Vec<difference::Model>> {
    Ok(tx
        .select::<difference::Entity>()
        .filter(difference::Column::ReconciliationId.eq(reconciliation))
        .order_by_asc(difference::Column::Name)
        .all(tx.connection())
        .await?)
}

/// How many differences are open.
pub(crate) async fn open(tx: &Tx) -> Result<u64> {
    let open = tx.select::<difference::Entity>().filter(difference::Column::ResolvedAt.is_null());
    Ok(open.count(tx.connection()).await?)
}

/// Differences: those that are open, or the latest that were resolved.
pub(crate) async fn listed(tx: &Tx, is_open: bool, limit: u64) -> Result<Vec<difference::Model>> {
    let select = tx.select::<difference::Entity>();
    let select = if is_open {
        select.filter(difference::Column::ResolvedAt.is_null()).order_by_asc(difference::Column::Id)
    } else {
        select.filter(difference::Column::ResolvedAt.is_not_null()).order_by_desc(difference::Column::ResolvedAt)
    };
    Ok(select.limit(limit).all(tx.connection()).await?)
}
