//! Queries of what funders are asked for: shares of documents, and whose pot is whose.

use domain::{id::InvoiceId, money::Money};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{
    Tx,
    entity::{funder_share, organisation, pot},
};
use crate::error::Result;

/// Whom to invoice for this pot's subsidies.
pub(crate) async fn funder(tx: &Tx, pot: &str) -> Result<Option<organisation::Model>> {
    let found = pot::Entity::find().filter(pot::Column::Code.eq(pot)).one(tx.connection()).await?;
    match found.and_then(|row| row.funder_id) {
        Some(id) => Ok(organisation::Entity::find_by_id(id).one(tx.connection()).await?),
        None => Ok(None),
    }
}

/// Codes of the pots that have one.
pub(crate) async fn funded(tx: &Tx) -> Result<Vec<String>> {
    let found = pot::Entity::find().select_only().column(pot::Column::Code).filter(pot::Column::FunderId.is_not_null());
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// A document's subsidy out of this pot is to be asked for.
pub(crate) async fn add(tx: &mut Tx, invoice: InvoiceId, pot: &str, subsidy: Money) -> Result<()> {
    let row = funder_share::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        invoice_id: Set(invoice),
        pot: Set(pot.to_owned()),
        subsidy_cents: Set(subsidy),
        document_id: Set(None),
        created_at: Set(tx.now()),
    };
    tx.insert(row).await?;
    Ok(())
}

/// What is asked of funders for a document, by pot.
pub(crate) async fn of_invoice(tx: &Tx, invoice: InvoiceId) -> Result<Vec<funder_share::Model>> {
    let found = funder_share::Entity::find()
        .filter(funder_share::Column::InvoiceId.eq(invoice))
        .order_by_asc(funder_share::Column::Pot);
    Ok(found.all(tx.connection()).await?)
}

/// The same for a reader.
pub(crate) async fn seen_of(tx: &Tx, invoice: InvoiceId) -> Result<Vec<funder_share::Model>> {
    let found = tx
        .select::<funder_share::Entity>()
        .filter(funder_share::Column::InvoiceId.eq(invoice))
        .order_by_asc(funder_share::Column::Pot);
    Ok(found.all(tx.connection()).await?)
}

/// What is not asked for yet and could be: its pot has a funder. The oldest first.
pub(crate) async fn askable(tx: &Tx) -> Result<Vec<Uuid>> {
    let funded = Query::select()
        .column(pot::Column::Code)
        .from(pot::Entity)
        .and_where(pot::Column::FunderId.is_not_null())
        .take();
    let found = funder_share::Entity::find()
        .select_only()
        .column(funder_share::Column::Id)
        .filter(funder_share::Column::DocumentId.is_null())
        .filter(funder_share::Column::Pot.in_subquery(funded))
        .order_by_asc(funder_share::Column::CreatedAt)
        .order_by_asc(funder_share::Column::Id);
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// What is not asked for, by pot: how many shares, and how much.
pub(crate) async fn waiting(tx: &Tx) -> Result<Vec<(String, i64, Money)>> {
    let found = tx
        .select::<funder_share::Entity>()
        .select_only()
        .column(funder_share::Column::Pot)
        .column_as(funder_share::Column::Id.count(), "count")
        .column_as(Expr::expr(funder_share::Column::SubsidyCents.sum()).cast_as("bigint"), "sum")
        .filter(funder_share::Column::DocumentId.is_null())
        .group_by(funder_share::Column::Pot)
        .order_by_asc(funder_share::Column::Pot);
    Ok(found.into_tuple().all(tx.connection()).await?)
}
