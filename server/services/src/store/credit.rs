//! Queries of what companies have with us, and of transfers that give it back.

use domain::{
    bank::PayoutState,
    id::{OrganisationId, PaymentId},
    money::Money,
    payment::Rail,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    Tx,
    entity::{credit, invoice, payment, payout},
};
use crate::error::Result;

/// What a company has with us. The actor sees the rows or gets nothing.
pub(crate) async fn balance(tx: &Tx, organisation: OrganisationId) -> Result<Money> {
    let amounts: Vec<Money> = tx
        .select::<credit::Entity>()
        .filter(credit::Column::OrganisationId.eq(organisation))
        .select_only()
        .column(credit::Column::AmountCents)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(Money::sum(amounts)?)
}

/// What each company has with us that has anything. Below nought, a dispute took back what was used already.
pub(crate) async fn balances(tx: &Tx) -> Result<Vec<(OrganisationId, Money)>> {
    let rows: Vec<(OrganisationId, Money)> = tx
        .select::<credit::Entity>()
        .select_only()
        .column(credit::Column::OrganisationId)
        .column(credit::Column::AmountCents)
        .order_by_asc(credit::Column::OrganisationId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut sums: Vec<(OrganisationId, Money)> = Vec::new();
    for (organisation, amount) in rows {
        match sums.last_mut().filter(|(last, _)| *last == organisation) {
            Some((_, sum)) => *sum = sum.checked_add(amount)?,
            None => sums.push((organisation, amount)),
        }
    }
    sums.retain(|(_, sum)| !sum.is_zero());
    Ok(sums)
}

/// How a company's credit came about, the newest first.
pub(crate) async fn history(tx: &Tx, organisation: OrganisationId) -> Result<Vec<credit::Model>> {
    Ok(tx
        .select::<credit::Entity>()
        .filter(credit::Column::OrganisationId.eq(organisation))
        .order_by_desc(credit::Column::MadeAt)
        .order_by_desc(credit::Column::Id)
        .limit(100)
        .all(tx.connection())
        .await?)
}

/// What a company's credit paid and still pays, the newest first.
pub(crate) async fn uses(tx: &Tx, organisation: OrganisationId) -> Result<Vec<(payment::Model, invoice::Model)>> {
    let of_company = invoice::Entity::find()
        .select_only()
        .column(invoice::Column::Id)
        .filter(invoice::Column::OrganisationId.eq(organisation))
        .into_query();
    let payments = tx
        .select::<payment::Entity>()
        .filter(payment::Column::Rail.eq(Rail::Credit))
        .filter(payment::Column::InvoiceId.in_subquery(of_company))
        .order_by_desc(payment::Column::CreatedAt)
        .order_by_desc(payment::Column::Id)
        .limit(100)
        .all(tx.connection())
        .await?;
    let live: Vec<payment::Model> = payments.into_iter().filter(|one| !one.known().counted().is_zero()).collect();
    let ids: Vec<PaymentId> = live.iter().map(|one| one.id).collect();
    let mut paid = super::payment::invoices(tx, &ids).await?;
    Ok(live.into_iter().filter_map(|one| paid.remove(&one.id).map(|invoice| (one, invoice))).collect())
}

/// Transfers of these states, the newest first.
pub(crate) async fn payouts(tx: &Tx, states: &[PayoutState]) -> Result<Vec<payout::Model>> {
    Ok(tx
        .select::<payout::Entity>()
        .filter(payout::Column::State.is_in(states.iter().copied()))
        .order_by_desc(payout::Column::Id)
        .limit(100)
        .all(tx.connection())
        .await?)
}

/// The transfer that makes this refund.
pub(crate) async fn payout_of(tx: &Tx, refund: Uuid) -> Result<Option<payout::Model>> {
    Ok(tx.select::<payout::Entity>().filter(payout::Column::RefundId.eq(refund)).one(tx.connection()).await?)
}
