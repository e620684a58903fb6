//! Queries of invoices: lists with their filters, what is charged already, whom to write to.

use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

use domain::{
    actor::Seat,
    gpu::GpuTime,
    id::{AllocationId, InvoiceId, OrganisationId},
    invoice::{Kind, Standing, outstanding, unpaid},
    ledger::Account,
    money::Money,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Date,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    Subject, Tx,
    entity::{
        account, allocation, credit_note_line, entry, event, invoice, invoice_hold, invoice_line, organisation,
        payment, person, posting, seat,
    },
};
use crate::error::{Error, Result};

/// What a list of invoices shows.
#[derive(Debug, Clone, Default)]
pub struct InvoiceFilter {
    pub standing: Option<Standing>,
    pub kind: Option<Kind>,
    /// Part of a number or of a company's name.
    pub text: String,
    /// The last number of the page before: the next page begins below it.
    pub after: Option<InvoiceId>,
    pub limit: u64,
}

/// Documents this actor may see, the newest first, with their organisation's name.
pub(crate) async fn list(tx: &Tx, filter: &InvoiceFilter, today: Date) -> Result<Vec<(invoice::Model, String)>> {
    let mut select = tx.select::<invoice::Entity>();
    if let Some(standing) = filter.standing {
        select = select.filter(stands(standing, today));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(invoice::Column::Kind.eq(kind));
    }
    if let Some(after) = filter.after {
        select = select.filter(invoice::Column::Id.lt(after));
    }
    select =
        select.filter(super::search::named(&filter.text, invoice::Column::Number, invoice::Column::OrganisationId));
    let rows = select.order_by_desc(invoice::Column::Id).limit(filter.limit.clamp(1, 200)).all(tx.connection()).await?;
    let names = names(tx, rows.iter().map(|row| row.organisation_id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = names.iter().find(|(id, _)| *id == row.organisation_id).map(|(_, name)| name.clone());
            (row, name.unwrap_or_default())
        })
        .collect())
}

fn column(column: invoice::Column) -> Expr {
    Expr::col((invoice::Entity, column))
}

/// What is asked for: the total less what credit notes took from it. The same rule as [`invoice::Model::owed`].
pub(super) fn owed_cents() -> Expr {
    column(invoice::Column::TotalCents).sub(column(invoice::Column::CreditedCents))
}

/// Something is asked for: neither paid nor given up.
pub(super) fn is_outstanding() -> Condition {
    let settled = column(invoice::Column::ReceivedCents).add(column(invoice::Column::WrittenOffCents));
    Condition::all().add(invoice::Column::Kind.eq(Kind::Invoice)).add(settled.lt(owed_cents()))
}

/// The same rule as [`Standing::of`], as a condition.
fn stands(standing: Standing, today: Date) -> Condition {
    let owed = owed_cents;
    let unpaid = is_outstanding;
    let all = Condition::all().add(match standing {
        Standing::NothingDue => owed().lte(0),
        _ => owed().gt(0),
    });
    match standing {
        Standing::NothingDue => all,
        Standing::Open => all.add(unpaid()).add(invoice::Column::DueOn.gte(today)),
        Standing::Overdue => all.add(unpaid()).add(invoice::Column::DueOn.lt(today)),
        Standing::Paid => all
            .add(column(invoice::Column::ReceivedCents).gte(owed()))
            .add(column(invoice::Column::RefundedCents).lt(column(invoice::Column::ReceivedCents))),
        Standing::WrittenOff => all
            .add(column(invoice::Column::WrittenOffCents).gt(0))
            .add(column(invoice::Column::ReceivedCents).lt(owed()))
            .add(unpaid().not()),
        Standing::Refunded => all
            .add(column(invoice::Column::ReceivedCents).gte(owed()))
            .add(column(invoice::Column::RefundedCents).gte(column(invoice::Column::ReceivedCents))),
    }
}

pub(super) async fn names(tx: &Tx, ids: impl Iterator<Item = OrganisationId>) -> Result<Vec<(OrganisationId, String)>> {
    let found = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .column(organisation::Column::LegalName)
        .filter(organisation::Column::Id.is_in(ids));
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// Documents that were paid beyond what they ask for, with what was given back, the newest first. The same rule as
/// [`invoice::Model::overpaid`].
pub(crate) async fn overpaid(tx: &Tx) -> Result<Vec<invoice::Model>> {
    let left = column(invoice::Column::ReceivedCents).sub(column(invoice::Column::RefundedCents));
    Ok(tx
        .select::<invoice::Entity>()
        .filter(left.gt(owed_cents()))
        .order_by_desc(invoice::Column::Id)
        .all(tx.connection())
        .await?)
}

/// How many of this standing there are, and what is left to pay of them.
pub(crate) async fn total(tx: &Tx, standing: Standing, today: Date) -> Result<(u64, Money)> {
    let rows: Vec<(Money, Money, Money, Money)> = tx
        .select::<invoice::Entity>()
        .filter(stands(standing, today))
        .select_only()
        .column(invoice::Column::TotalCents)
        .column(invoice::Column::CreditedCents)
        .column(invoice::Column::ReceivedCents)
        .column(invoice::Column::WrittenOffCents)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let count = u64::try_from(rows.len()).unwrap_or_default();
    let left = rows
        .into_iter()
        .map(|(total, credited, received, given_up)| outstanding(unpaid(total, credited), received, given_up));
    Ok((count, Money::sum(left)?))
}

/// Whether this was issued already.
pub(crate) async fn is_issued(tx: &Tx, organisation: OrganisationId, occasion: &str) -> Result<bool> {
    let found = invoice::Entity::find()
        .select_only()
        .column(invoice::Column::Id)
        .filter(invoice::Column::OrganisationId.eq(organisation))
        .filter(invoice::Column::Occasion.eq(occasion));
    Ok(found.into_tuple::<InvoiceId>().one(tx.connection()).await?.is_some())
}

/// Documents issued on these days, both in, in the order of their issue.
pub(crate) async fn issued_between(tx: &Tx, from: Date, to: Date) -> Result<Vec<invoice::Model>> {
    Ok(tx
        .select::<invoice::Entity>()
        .filter(invoice::Column::IssuedOn.gte(from))
        .filter(invoice::Column::IssuedOn.lte(to))
        .order_by_asc(invoice::Column::Id)
        .all(tx.connection())
        .await?)
}

/// How many documents were issued on this day.
pub(crate) async fn issued_on(tx: &Tx, day: Date) -> Result<u64> {
    Ok(tx.select::<invoice::Entity>().filter(invoice::Column::IssuedOn.eq(day)).count(tx.connection()).await?)
}

/// What each organisation owes by its documents: issued, less credited, received and given up, with what was given back;
/// less what it has with us.
pub(crate) async fn owed(tx: &Tx) -> Result<Vec<(OrganisationId, Money)>> {
    let sum = |column: invoice::Column| Expr::expr(column.sum()).cast_as("bigint");
    let settled = [invoice::Column::CreditedCents, invoice::Column::ReceivedCents, invoice::Column::WrittenOffCents];
    let settled = settled.map(|column| Expr::expr(column.sum())).into_iter().reduce(ExprTrait::add);
    let settled = settled.unwrap_or_else(|| Expr::value(0));
    let rows: Vec<(OrganisationId, Money, Money, Money)> = tx
        .select::<invoice::Entity>()
        .select_only()
        .column(invoice::Column::OrganisationId)
        .column_as(sum(invoice::Column::TotalCents), "total")
        .column_as(settled.cast_as("bigint"), "settled")
        .column_as(sum(invoice::Column::RefundedCents), "refunded")
        .group_by(invoice::Column::OrganisationId)
        .order_by_asc(invoice::Column::OrganisationId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut owed: BTreeMap<OrganisationId, Money> = BTreeMap::new();
    for (organisation, total, settled, refunded) in rows {
        owed.insert(organisation, total.checked_sub(settled)?.checked_add(refunded)?);
    }
    for (organisation, credit) in super::credit::balances(tx).await? {
        let left = owed.entry(organisation).or_default();
        *left = left.checked_sub(credit)?;
    }
    Ok(owed.into_iter().collect())
}

/// Since when the document of this occasion waits, if it does.
pub(crate) async fn held_since(tx: &Tx, organisation: OrganisationId, occasion: &str) -> Result<Option<DateTime<Utc>>> {
    Ok(hold(tx, organisation, occasion).await?.map(|row| row.since))
}

pub(crate) async fn hold(tx: &Tx, organisation: OrganisationId, occasion: &str) -> Result<Option<invoice_hold::Model>> {
    let found = invoice_hold::Entity::find()
        .filter(invoice_hold::Column::OrganisationId.eq(organisation))
        .filter(invoice_hold::Column::Occasion.eq(occasion));
    Ok(found.one(tx.connection()).await?)
}

/// It waits no longer.
pub(crate) async fn release(tx: &mut Tx, organisation: OrganisationId, occasion: &str) -> Result<()> {
    let deleted = invoice_hold::Entity::delete_many()
        .filter(invoice_hold::Column::OrganisationId.eq(organisation))
        .filter(invoice_hold::Column::Occasion.eq(occasion))
        .exec(tx.connection())
        .await?;
    if deleted.rows_affected > 0 {
        tx.changed("delete", "invoice_hold", format!("{organisation} {occasion}"));
    }
    Ok(())
}

/// What waits, the oldest first, with the company's name.
pub(crate) async fn holds(tx: &Tx) -> Result<Vec<(invoice_hold::Model, String)>> {
    let rows = tx.select::<invoice_hold::Entity>().order_by_asc(invoice_hold::Column::Since).limit(100);
    let rows = rows.all(tx.connection()).await?;
    let names = names(tx, rows.iter().map(|row| row.organisation_id)).await?;
    let name = |id| names.iter().find(|(of, _)| *of == id).map(|(_, name)| name.clone()).unwrap_or_default();
    Ok(rows.into_iter().map(|row| (row.clone(), name(row.organisation_id))).collect())
}

/// What every document so far has charged of this allocation, less what credit notes took back.
pub(crate) async fn charged(tx: &Tx, allocation: AllocationId) -> Result<GpuTime> {
    let lines: Vec<GpuTime> = invoice_line::Entity::find()
        .select_only()
        .column(invoice_line::Column::GpuSeconds)
        .filter(invoice_line::Column::AllocationId.eq(allocation))
        .filter(invoice_line::Column::IsFunders.eq(false))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(GpuTime::sum(lines)?.checked_sub(super::credit_note::credited(tx, allocation).await?)?)
}

/// Those who get an organisation's invoices: its billing seats, or its owners if there is none.
pub(crate) async fn addressees(tx: &Tx, organisation: OrganisationId) -> Result<Vec<person::Model>> {
    for wanted in [Seat::Billing, Seat::Owner] {
        let seated = Query::select()
            .column(seat::Column::PersonId)
            .from(seat::Entity)
            .and_where(seat::Column::OrganisationId.eq(organisation))
            .and_where(seat::Column::Seat.eq(wanted))
            .to_owned();
        let people = person::Entity::find()
            .filter(person::Column::Id.in_subquery(seated))
            .filter(person::Column::ConfirmedAt.is_not_null())
            .order_by_asc(person::Column::Id)
            .all(tx.connection())
            .await?;
        if !people.is_empty() {
            return Ok(people);
        }
    }
    Ok(Vec::new())
}

/// What the office weighs among itself before it is done: no line of a company's timeline.
const AMONG_US: [&str; 2] = ["write_off_asked", "write_off_refused"];

/// A subject's timeline, oldest first, as the actor may read it. The subject itself was found before, guarded.
pub(crate) async fn timeline(tx: &Tx, subjects: &[Subject]) -> Result<Vec<event::Model>> {
    let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id).collect();
    let hidden: &[&str] = if tx.actor().organisation().is_some() { &AMONG_US } else { &[] };
    Ok(tx
        .select::<event::Entity>()
        .filter(event::Column::SubjectId.is_in(ids))
        .filter(event::Column::Kind.is_not_in(hidden.iter().copied()))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Whether the subject's timeline has such a line.
pub(crate) async fn has_event(tx: &Tx, subject: impl Into<Subject>, kind: &str) -> Result<bool> {
    let subject = subject.into();
    let found = event::Entity::find()
        .select_only()
        .column(event::Column::Id)
        .filter(event::Column::SubjectKind.eq(subject.kind))
        .filter(event::Column::SubjectId.eq(subject.id))
        .filter(event::Column::Kind.eq(kind));
    Ok(found.into_tuple::<Uuid>().one(tx.connection()).await?.is_some())
}

/// Writes onto the invoice what its payments add up to, and books it. What was given up and came after all is no longer
/// given up.
pub(crate) async fn add_up(tx: &mut Tx, invoice: InvoiceId) -> Result<(Money, Money)> {
    let payments = payment::Entity::find().filter(payment::Column::InvoiceId.eq(invoice)).all(tx.connection()).await?;
    let received = Money::sum(payments.iter().map(|payment| payment.known().counted()))?;
    let refunded = Money::sum(payments.iter().map(|payment| payment.refunded_cents))?;
    let Some(row) = invoice::Entity::find_by_id(invoice).one(tx.connection()).await? else {
        return Err(Error::NotFound);
    };
    let written_off = Ord::min(row.written_off_cents, unpaid(row.owed(), received));
    invoice::Entity::update_many()
        .col_expr(invoice::Column::ReceivedCents, Expr::value(received))
        .col_expr(invoice::Column::RefundedCents, Expr::value(refunded))
        .col_expr(invoice::Column::WrittenOffCents, Expr::value(written_off))
        .filter(invoice::Column::Id.eq(invoice))
        .exec(tx.connection())
        .await?;
    tx.changed("update", "invoice", format!("{invoice} received {received} refunded {refunded}"));
    super::book::settle_invoice(tx, invoice).await?;
    Ok((received, refunded))
}

/// Allocations with more used than charged.
pub(crate) async fn uncharged(tx: &Tx) -> Result<Vec<allocation::Model>> {
    let used = Expr::col((account::Entity, account::Column::Balance));
    Ok(tx
        .select::<allocation::Entity>()
        .filter(allocation::Column::Id.in_subquery(charged_less_than(used)))
        .order_by_asc(allocation::Column::Id)
        .all(tx.connection())
        .await?)
}

/// How many allocations used more before then than was charged.
pub(crate) async fn uncharged_before(tx: &Tx, until: DateTime<Utc>) -> Result<u64> {
    let used = Query::select()
        .expr(Func::coalesce([Expr::col((posting::Entity, posting::Column::Amount)).sum(), Expr::value(0)]))
        .from(posting::Entity)
        .inner_join(
            entry::Entity,
            Expr::col((entry::Entity, entry::Column::Id)).equals((posting::Entity, posting::Column::EntryId)),
        )
        .and_where(
            Expr::col((posting::Entity, posting::Column::AccountId)).equals((account::Entity, account::Column::Id)),
        )
        .and_where(Expr::col((entry::Entity, entry::Column::CountsAt)).lt(until))
        .take();
    let owing = charged_less_than(used.into());
    Ok(tx
        .select::<allocation::Entity>()
        .filter(allocation::Column::Id.in_subquery(owing))
        .count(tx.connection())
        .await?)
}

/// Allocations of which this much use is more than what documents charge of it, less what credit notes took back.
fn charged_less_than(used: Expr) -> SelectStatement {
    let charged = Query::select()
        .expr(Func::coalesce([
            Expr::col((invoice_line::Entity, invoice_line::Column::GpuSeconds)).sum(),
            Expr::value(0),
        ]))
        .from(invoice_line::Entity)
        .and_where(
            Expr::col((invoice_line::Entity, invoice_line::Column::AllocationId))
                .equals((account::Entity, account::Column::AllocationId)),
        )
        .and_where(Expr::col((invoice_line::Entity, invoice_line::Column::IsFunders)).eq(false))
        .take();
    let credited = Query::select()
        .expr(Func::coalesce([
            Expr::col((credit_note_line::Entity, credit_note_line::Column::GpuSeconds)).sum(),
            Expr::value(0),
        ]))
        .from(credit_note_line::Entity)
        .and_where(
            Expr::col((credit_note_line::Entity, credit_note_line::Column::AllocationId))
                .equals((account::Entity, account::Column::AllocationId)),
        )
        .and_where(Expr::col((credit_note_line::Entity, credit_note_line::Column::IsFunders)).eq(false))
        .take();
    Query::select()
        .column(account::Column::AllocationId)
        .from(account::Entity)
        .and_where(account::Column::Kind.eq(Account::Used))
        .and_where(used.add(credited).gt(charged))
        .take()
}
