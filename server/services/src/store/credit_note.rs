//! Queries of credit notes: what was taken back of a document so far, requests that wait, and what is charged too much.

use std::collections::BTreeMap;

use domain::{
    credit_note::{Before, Part},
    gpu::GpuTime,
    id::{AllocationId, InvoiceId},
    money::Money,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Tx,
    entity::{allocation, correction, credit_note, credit_note_line, credit_request, downtime, invoice, invoice_line},
};
use crate::error::{Error, Result};

/// Credit notes of a document that the caller has found, guarded; the oldest first.
pub(crate) async fn of_invoice(tx: &Tx, invoice: InvoiceId) -> Result<Vec<credit_note::Model>> {
    let found = tx
        .select::<credit_note::Entity>()
        .filter(credit_note::Column::InvoiceId.eq(invoice))
        .order_by_asc(credit_note::Column::Id);
    Ok(found.all(tx.connection()).await?)
}

/// The document that took its place, if one did.
pub(crate) async fn corrected_by(tx: &Tx, invoice: InvoiceId) -> Result<Option<invoice::Model>> {
    let found = tx.select::<invoice::Entity>().filter(invoice::Column::CorrectsId.eq(invoice));
    Ok(found.one(tx.connection()).await?)
}

/// Whether this was credited already.
pub(crate) async fn is_issued(tx: &Tx, invoice: InvoiceId, occasion: &str) -> Result<bool> {
    let found = credit_note::Entity::find()
        .filter(credit_note::Column::InvoiceId.eq(invoice))
        .filter(credit_note::Column::Occasion.eq(occasion));
    Ok(found.one(tx.connection()).await?.is_some())
}

/// What earlier credit notes took back of a document.
pub(crate) async fn before(tx: &Tx, invoice: InvoiceId) -> Result<Before> {
    let notes = credit_note::Entity::find().filter(credit_note::Column::InvoiceId.eq(invoice)).all(tx.connection());
    let notes = notes.await?;
    let lines = credit_note_line::Entity::find()
        .filter(credit_note_line::Column::CreditNoteId.is_in(notes.iter().map(|note| note.id)))
        .all(tx.connection())
        .await?;
    let positions: BTreeMap<Uuid, i32> =
        lines_of(tx, invoice).await?.into_iter().map(|line| (line.id, line.position)).collect();
    let part = |line: credit_note_line::Model| {
        let position = positions.get(&line.invoice_line_id).copied()?;
        Some(Part { position, gpu_time: line.gpu_seconds })
    };
    Ok(Before {
        parts: lines.into_iter().filter_map(part).collect(),
        vat: Money::sum(notes.iter().map(|note| note.vat_cents))?,
        national: notes.iter().map(|note| note.national_vat).sum(),
    })
}

/// What of a document was credited by hand with one signature, subsidy and VAT included.
pub(crate) async fn signed_alone(tx: &Tx, invoice: InvoiceId) -> Result<Money> {
    let notes = credit_note::Entity::find()
        .filter(credit_note::Column::InvoiceId.eq(invoice))
        .filter(credit_note::Column::AskedBy.is_not_null())
        .filter(credit_note::Column::SignedBy.is_null())
        .all(tx.connection())
        .await?;
    Ok(Money::sum(notes.iter().flat_map(|note| [note.list_cents, note.vat_cents]))?)
}

/// The lines of a document, in order.
pub(crate) async fn lines_of(tx: &Tx, invoice: InvoiceId) -> Result<Vec<invoice_line::Model>> {
    let found = invoice_line::Entity::find()
        .filter(invoice_line::Column::InvoiceId.eq(invoice))
        .order_by_asc(invoice_line::Column::Position);
    Ok(found.all(tx.connection()).await?)
}

/// What every credit note so far has taken back of this allocation.
pub(crate) async fn credited(tx: &Tx, allocation: AllocationId) -> Result<GpuTime> {
    let lines: Vec<GpuTime> = credit_note_line::Entity::find()
        .select_only()
        .column(credit_note_line::Column::GpuSeconds)
        .filter(credit_note_line::Column::AllocationId.eq(allocation))
        .filter(credit_note_line::Column::IsFunders.eq(false))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(GpuTime::sum(lines)?)
}

/// Moves what is credited of a document.
pub(crate) async fn add(tx: &mut Tx, invoice: InvoiceId, total: Money) -> Result<()> {
    let sum = Expr::col(invoice::Column::CreditedCents).add(total.as_cents());
    let moved = invoice::Entity::update_many()
        .col_expr(invoice::Column::CreditedCents, sum.clone())
        .filter(invoice::Column::Id.eq(invoice))
        .filter(sum.lte(Expr::col(invoice::Column::TotalCents)))
        .exec(tx.connection())
        .await?;
    if moved.rows_affected != 1 {
        return Err(Error::Stale);
    }
    tx.changed("update", "invoice", format!("{invoice} credited {total} more"));
    Ok(())
}

/// The request of a document that waits for its second signature.
pub(crate) async fn waiting(tx: &Tx, invoice: InvoiceId) -> Result<Option<credit_request::Model>> {
    let found = tx
        .select::<credit_request::Entity>()
        .filter(credit_request::Column::InvoiceId.eq(invoice))
        .filter(credit_request::Column::State.eq(credit_request::State::Waiting));
    Ok(found.one(tx.connection()).await?)
}

/// Every request that waits, the oldest first, with its document.
pub(crate) async fn all_waiting(tx: &Tx) -> Result<Vec<(credit_request::Model, invoice::Model)>> {
    let found = tx
        .select::<credit_request::Entity>()
        .filter(credit_request::Column::State.eq(credit_request::State::Waiting))
        .order_by_asc(credit_request::Column::AskedAt)
        .limit(100)
        .all(tx.connection())
        .await?;
    let ids = found.iter().map(|request| request.invoice_id);
    let invoices = tx.select::<invoice::Entity>().filter(invoice::Column::Id.is_in(ids)).all(tx.connection()).await?;
    let with = |request: credit_request::Model| {
        let invoice = invoices.iter().find(|invoice| invoice.id == request.invoice_id)?.clone();
        Some((request, invoice))
    };
    Ok(found.into_iter().filter_map(with).collect())
}

/// Allocations of which anything was ever taken back.
pub(crate) async fn corrected(tx: &Tx) -> Result<Vec<allocation::Model>> {
    let ids = sea_orm::sea_query::Query::select()
        .distinct()
        .column(correction::Column::AllocationId)
        .from(correction::Entity)
        .take();
    let found = tx
        .select::<allocation::Entity>()
        .filter(allocation::Column::Id.in_subquery(ids))
        .order_by_asc(allocation::Column::Id);
    Ok(found.all(tx.connection()).await?)
}

/// Why use of this allocation was last taken back.
pub(crate) async fn last_correction(tx: &Tx, allocation: AllocationId) -> Result<Option<correction::Model>> {
    let found = correction::Entity::find()
        .filter(correction::Column::AllocationId.eq(allocation))
        .order_by_desc(correction::Column::At)
        .order_by_desc(correction::Column::Id);
    Ok(found.one(tx.connection()).await?)
}

/// The documents that charged this allocation, the oldest first.
pub(crate) async fn charging(tx: &Tx, allocation: AllocationId) -> Result<Vec<invoice::Model>> {
    let ids = sea_orm::sea_query::Query::select()
        .column(invoice_line::Column::InvoiceId)
        .from(invoice_line::Entity)
        .and_where(invoice_line::Column::AllocationId.eq(allocation))
        .and_where(invoice_line::Column::IsFunders.eq(false))
        .take();
    let found =
        tx.select::<invoice::Entity>().filter(invoice::Column::Id.in_subquery(ids)).order_by_asc(invoice::Column::Id);
    Ok(found.all(tx.connection()).await?)
}

/// Downtimes of an allocation that the caller has found, guarded; the oldest first.
pub(crate) async fn downtimes(tx: &Tx, allocation: AllocationId) -> Result<Vec<downtime::Model>> {
    let found = tx
        .select::<downtime::Entity>()
        .filter(downtime::Column::AllocationId.eq(allocation))
        .order_by_asc(downtime::Column::StartsAt);
    Ok(found.all(tx.connection()).await?)
}

/// What was taken back because of this downtime.
pub(crate) async fn taken_back(tx: &Tx, downtime: Uuid) -> Result<GpuTime> {
    let rows: Vec<GpuTime> = correction::Entity::find()
        .select_only()
        .column(correction::Column::GpuSeconds)
        .filter(correction::Column::DowntimeId.eq(downtime))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(GpuTime::sum(rows)?)
}

/// The newest credit notes this actor may see, with the company's name.
pub(crate) async fn newest(tx: &Tx, text: &str, limit: u64) -> Result<Vec<(credit_note::Model, String)>> {
    let rows = tx
        .select::<credit_note::Entity>()
        .filter(super::search::named(text, credit_note::Column::Number, credit_note::Column::OrganisationId))
        .order_by_desc(credit_note::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?;
    let names = super::invoice::names(tx, rows.iter().map(|row| row.organisation_id)).await?;
    let name = |id| names.iter().find(|(of, _)| *of == id).map(|(_, name)| name.clone()).unwrap_or_default();
    Ok(rows.into_iter().map(|row| (row.clone(), name(row.organisation_id))).collect())
}

/// Credit notes issued on these days, both in.
pub(crate) async fn issued_between(tx: &Tx, from: Date, to: Date) -> Result<Vec<credit_note::Model>> {
    Ok(tx
        .select::<credit_note::Entity>()
        .filter(credit_note::Column::IssuedOn.gte(from))
        .filter(credit_note::Column::IssuedOn.lte(to))
        .order_by_asc(credit_note::Column::Id)
        .all(tx.connection())
        .await?)
}
