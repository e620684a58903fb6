//! The books' rows: entries are written whole and never changed, balances move with them, and what money did to an
//! invoice is booked by comparing what its payments say with what was booked before.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    book::{self, Account, Entry, Kind, Rail},
    id::{InvoiceId, OrganisationId},
    invoice::Series,
    money::Money,
    payment as paid,
    period::{Month, brussels_day},
    problem::Problem,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Subject, Tx,
    entity::{
        book_account, book_entry, book_month, book_posting, counter, credit_note, invoice, organisation, payment,
    },
    guard::Guarded,
    search::holds,
};
use crate::error::{Error, Result, anyhow};

/// The series of the entries' numbers. Its row is also what closing a month and posting wait for each other on.
const SERIES: &str = "book";

/// Of a name that very many bear.
const COMPANIES_MAX: u64 = 200;

/// What the journal is looked through by.
#[derive(Debug, Clone, Default)]
pub struct BookFilter {
    pub kind: Option<Kind>,
    pub account: Option<Account>,
    /// What an account is kept for.
    pub kept_for: String,
    pub month: Option<Month>,
    /// Entries below this number: the page after the one that ended with it.
    pub before: Option<i64>,
    pub limit: u64,
}

/// Sums of one account, and what it is kept for, over some days.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Turnover {
    pub account: Account,
    pub kept_for: String,
    pub debit_cents: Money,
    /// Below nought.
    pub credit_cents: Money,
}

impl Turnover {
    pub fn balance(&self) -> Result<Money> {
        Ok(self.debit_cents.checked_add(self.credit_cents)?)
    }
}

/// Writes the entry and moves the balances; `false` if its key was booked before. `Invalid` where an account with a
/// floor has not enough: nothing of the verb may be kept then.
pub(crate) async fn post(tx: &mut Tx, written: &Entry, subject: Option<Subject>) -> Result<bool> {
    // First, so that postings and the closing of a month come one after the other.
    let number = tx.next_number(SERIES).await?;
    if is_booked(tx, written.key()).await? {
        // The number is given back: nobody else can have taken the next.
        super::counter::take_back(tx, SERIES).await?;
        return Ok(false);
    }
    let id = tx.new_id::<domain::id::Event>().uuid();
    let booked_on = book::booked_on(written.on(), last_closed(tx).await?);
    let (person, now) = (tx.actor().person, tx.now());
    tx.insert(book_entry::ActiveModel {
        id: Set(id),
        number: Set(number),
        kind: Set(written.kind()),
        happened_on: Set(written.on()),
        booked_on: Set(booked_on),
        key: Set(written.key().to_owned()),
        subject_kind: Set(subject.map(|subject| subject.kind.to_owned())),
        subject_id: Set(subject.map(|subject| subject.id)),
        person_id: Set(person),
        created_at: Set(now),
    })
    .await?;
    let mut rows = Vec::new();
    for (line, position) in written.postings().iter().zip(1_i32..) {
        rows.push(book_posting::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            entry_id: Set(id),
            position: Set(position),
            account_id: Set(moved(tx, line.account, &line.of, line.amount).await?),
            amount_cents: Set(line.amount),
        });
    }
    tx.insert_many(rows).await?;
    Ok(true)
}

/// Whoever else posts has ended before this, or waits until this ends.
pub(crate) async fn take_turn(tx: &mut Tx) -> Result<()> {
    tx.next_number(SERIES).await?;
    super::counter::take_back(tx, SERIES).await
}

/// Moves one balance, opening the account where it is the first time.
async fn moved(tx: &mut Tx, account: Account, kept_for: &str, amount: Money) -> Result<Uuid> {
    let row = book_account::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        account: Set(account),
        kept_for: Set(kept_for.to_owned()),
        balance_cents: Set(Money::ZERO),
        has_floor: Set(account.has_floor()),
    };
    let mut first = OnConflict::columns([book_account::Column::Account, book_account::Column::KeptFor]);
    let first = first.do_nothing().to_owned();
    book_account::Entity::insert(row).on_conflict(first).try_insert().exec_without_returning(tx.connection()).await?;
    let this =
        Condition::all().add(book_account::Column::Account.eq(account)).add(book_account::Column::KeptFor.eq(kept_for));
    let balance = || ExprTrait::add(Expr::col(book_account::Column::BalanceCents), amount.as_cents());
    let mut update = book_account::Entity::update_many()
        .col_expr(book_account::Column::BalanceCents, balance())
        .filter(this.clone());
    if account.has_floor() {
        update = update.filter(balance().gte(0));
    }
    let is_moved = update.exec(tx.connection()).await?.rows_affected == 1;
    let found = book_account::Entity::find().filter(this).one(tx.connection()).await?.ok_or(Error::Stale)?;
    if !is_moved {
        let max = found.balance_cents.as_cents().div_euclid(100);
        return Err(Error::invalid("", Problem::PotExhausted { max }));
    }
    tx.changed("move", "book_account", format!("{} {kept_for} {amount}", account.code()));
    Ok(found.id)
}

async fn is_booked(tx: &Tx, key: &str) -> Result<bool> {
    let found = book_entry::Entity::find().select_only().column(book_entry::Column::Id);
    let found = found.filter(book_entry::Column::Key.eq(key));
    Ok(found.into_tuple::<Uuid>().one(tx.connection()).await?.is_some())
}

pub(crate) async fn last_closed(tx: &Tx) -> Result<Option<Month>> {
    let month: Option<Option<NaiveDate>> = book_month::Entity::find()
        .select_only()
        .column_as(book_month::Column::Month.max(), "last")
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(month.flatten().map(Month::of_day))
}

/// The first day anything was booked on.
pub(crate) async fn first_day(tx: &Tx) -> Result<Option<NaiveDate>> {
    let day: Option<Option<NaiveDate>> = book_entry::Entity::find()
        .select_only()
        .column_as(book_entry::Column::BookedOn.min(), "first")
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(day.flatten())
}

/// Closes the month after the last closed one. The caller has checked that it may be.
pub(crate) async fn close(tx: &mut Tx, month: Month) -> Result<()> {
    let person = tx.actor().person.ok_or(Error::NotFound)?;
    take_turn(tx).await?;
    let row = book_month::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        month: Set(month.first_day()),
        closed_by: Set(person),
        closed_at: Set(tx.now()),
    };
    tx.insert(row).await?;
    Ok(())
}

/// Books what an invoice and its payments say beyond what was booked of them before: money received, taken back, given
/// back and given up.
pub(crate) async fn settle_invoice(tx: &mut Tx, invoice: InvoiceId) -> Result<()> {
    let found = invoice::Entity::find_by_id(invoice).one(tx.connection()).await?.ok_or(Error::NotFound)?;
    let payments = payment::Entity::find().filter(payment::Column::InvoiceId.eq(invoice)).all(tx.connection()).await?;
    for payment in payments {
        settle_payment(tx, found.organisation_id, &payment).await?;
    }
    let subject = Subject::from(invoice);
    let booked = booked_of(tx, subject.id, Account::Receivable).await?;
    let given_up = booked.iter().filter(|(kind, _)| *kind == Kind::WriteOff).map(|(_, amount)| *amount);
    let more = found.written_off_cents.checked_add(Money::sum(given_up)?)?;
    if !more.is_zero() {
        let key = format!("write_off:{invoice}:{}", booked.len());
        let entry = Entry::write_off((brussels_day(tx.now()), key), found.organisation_id, more).map_err(anyhow)?;
        post(tx, &entry, Some(subject)).await?;
    }
    Ok(())
}

async fn settle_payment(tx: &mut Tx, organisation: OrganisationId, row: &payment::Model) -> Result<()> {
    let rail = match row.rail {
        paid::Rail::Stripe => Rail::Provider,
        paid::Rail::Bank => Rail::Bank,
        // From what the company has with us already: nothing comes in, and it owes as much less as before.
        paid::Rail::Credit => return Ok(()),
    };
    let (mut received, mut refunded) = (Money::ZERO, Money::ZERO);
    let subject = Subject::from(row.id);
    let booked = booked_of(tx, subject.id, Account::Receivable).await?;
    for (kind, amount) in &booked {
        match kind {
            Kind::Refund => refunded = refunded.checked_add(*amount)?,
            _ => received = received.checked_sub(*amount)?,
        }
    }
    let today = brussels_day(tx.now());
    let key = |what: &str| format!("{what}:{}:{}", row.id, booked.len());
    let more = row.known().for_company().checked_sub(received)?;
    if !more.is_zero() {
        let on = row.received_at.filter(|_| booked.is_empty()).map_or(today, brussels_day);
        let entry = Entry::payment((on, key("payment")), organisation, rail, more).map_err(anyhow)?;
        post(tx, &entry, Some(subject)).await?;
    }
    let more = row.refunded_cents.checked_sub(refunded)?;
    if !more.is_zero() {
        let entry = Entry::refund((today, key("refund")), organisation, rail, more).map_err(anyhow)?;
        post(tx, &entry, Some(subject)).await?;
    }
    settle_claim(tx, rail, row).await
}

/// What a payment brought of interest and recovery costs, beyond what was booked of it before.
async fn settle_claim(tx: &mut Tx, rail: Rail, row: &payment::Model) -> Result<()> {
    let subject = Subject::from(row.id);
    let booked = booked_of(tx, subject.id, Account::LatePayment).await?;
    let earned = Money::sum(booked.iter().map(|(_, amount)| *amount))?.negated()?;
    let more = row.known().for_claim().checked_sub(earned)?;
    if more.is_zero() {
        return Ok(());
    }
    let on = row.received_at.filter(|_| booked.is_empty()).unwrap_or(tx.now());
    let key = format!("claim:{}:{}", row.id, booked.len());
    let entry = Entry::claim((brussels_day(on), key), rail, more).map_err(anyhow)?;
    post(tx, &entry, Some(subject)).await?;
    Ok(())
}

/// What was booked on one account for one subject, by kind.
async fn booked_of(tx: &Tx, subject: Uuid, account: Account) -> Result<Vec<(Kind, Money)>> {
    Ok(book_posting::Entity::find()
        .select_only()
        .column(book_entry::Column::Kind)
        .column(book_posting::Column::AmountCents)
        .inner_join_entry()
        .filter(book_entry::Column::SubjectId.eq(subject))
        .filter(book_account::Column::Account.eq(account))
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Postings with their entries and accounts.
trait JoinEntry {
    fn inner_join_entry(self) -> Self;
}

impl JoinEntry for sea_orm::Select<book_posting::Entity> {
    fn inner_join_entry(self) -> Self {
        self.join(JoinType::InnerJoin, book_posting::Relation::Entry.def())
            .join(JoinType::InnerJoin, book_posting::Relation::Account.def())
    }
}

/// Sums of every account over these days, both in; all days where there is no first.
pub(crate) async fn turnovers(tx: &Tx, from: Option<NaiveDate>, to: NaiveDate) -> Result<Vec<Turnover>> {
    let amount = || Expr::col((book_posting::Entity, book_posting::Column::AmountCents));
    let side = |is_debit: bool| {
        let wanted = if is_debit { amount().gt(0) } else { amount().lt(0) };
        let sum = Expr::case(wanted, amount()).finally(0).sum();
        // PostgreSQL sums of big integers are numeric.
        Expr::expr(sum).cast_as("bigint")
    };
    let mut select = book_posting::Entity::find()
        .select_only()
        .column(book_account::Column::Account)
        .column(book_account::Column::KeptFor)
        .column_as(side(true), "debit_cents")
        .column_as(side(false), "credit_cents")
        .inner_join_entry()
        .filter(visible(tx))
        .filter(book_entry::Column::BookedOn.lte(to));
    if let Some(from) = from {
        select = select.filter(book_entry::Column::BookedOn.gte(from));
    }
    Ok(select
        .group_by(book_account::Column::Account)
        .group_by(book_account::Column::KeptFor)
        .order_by_asc(book_account::Column::Account)
        .order_by_asc(book_account::Column::KeptFor)
        .into_model::<Turnover>()
        .all(tx.connection())
        .await?)
}

fn visible(tx: &Tx) -> Condition {
    book_posting::Entity::visible(tx.actor())
}

/// Entries, the newest first.
pub(crate) async fn entries(tx: &Tx, filter: &BookFilter) -> Result<Vec<book_entry::Model>> {
    let mut select = tx.select::<book_entry::Entity>();
    if let Some(kind) = filter.kind {
        select = select.filter(book_entry::Column::Kind.eq(kind));
    }
    if let Some(month) = filter.month {
        select = select.filter(book_entry::Column::BookedOn.gte(month.first_day()));
        select = select.filter(book_entry::Column::BookedOn.lt(month.next().first_day()));
    }
    if filter.account.is_some() || !filter.kept_for.is_empty() {
        let mut lines = book_posting::Entity::find()
            .select_only()
            .column(book_posting::Column::EntryId)
            .join(JoinType::InnerJoin, book_posting::Relation::Account.def());
        if let Some(account) = filter.account {
            lines = lines.filter(book_account::Column::Account.eq(account));
        }
        if !filter.kept_for.is_empty() {
            let companies = called(tx, &filter.kept_for).await?;
            let kept = || Expr::col((book_account::Entity, book_account::Column::KeptFor));
            lines =
                lines.filter(Condition::any().add(kept().eq(filter.kept_for.as_str())).add(kept().is_in(companies)));
        }
        select = select.filter(book_entry::Column::Id.in_subquery(lines.into_query()));
    }
    if let Some(before) = filter.before {
        select = select.filter(book_entry::Column::Number.lt(before));
    }
    Ok(select.order_by_desc(book_entry::Column::Number).limit(filter.limit).all(tx.connection()).await?)
}

/// Under what the books keep the companies whose name holds this.
async fn called(tx: &Tx, name: &str) -> Result<Vec<String>> {
    let found: Vec<OrganisationId> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(holds(Expr::col(organisation::Column::LegalName), name))
        .limit(COMPANIES_MAX)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().map(|id| id.to_string()).collect())
}

/// The lines of these entries with their accounts, in order.
pub(crate) async fn lines(tx: &Tx, entries: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<(Account, String, Money)>>> {
    let mut found: BTreeMap<Uuid, Vec<(Account, String, Money)>> = BTreeMap::new();
    for some in entries.chunks(500) {
        let rows: Vec<(Uuid, Account, String, Money)> = book_posting::Entity::find()
            .select_only()
            .column(book_posting::Column::EntryId)
            .column(book_account::Column::Account)
            .column(book_account::Column::KeptFor)
            .column(book_posting::Column::AmountCents)
            .join(JoinType::InnerJoin, book_posting::Relation::Account.def())
            .filter(visible(tx))
            .filter(book_posting::Column::EntryId.is_in(some.iter().copied()))
            .order_by_asc(book_posting::Column::Position)
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (entry, account, kept_for, amount) in rows {
            found.entry(entry).or_default().push((account, kept_for, amount));
        }
    }
    Ok(found)
}

/// Every account with its balance.
pub(crate) async fn balances(tx: &Tx) -> Result<Vec<book_account::Model>> {
    let select = tx.select::<book_account::Entity>().order_by_asc(book_account::Column::Account);
    Ok(select.order_by_asc(book_account::Column::KeptFor).all(tx.connection()).await?)
}

/// Entries whose lines do not sum to nought. There are none, unless somebody wrote past the verbs.
pub(crate) async fn unbalanced(tx: &Tx) -> Result<Vec<i64>> {
    let sum = || Expr::col((book_posting::Entity, book_posting::Column::AmountCents)).sum();
    Ok(book_posting::Entity::find()
        .select_only()
        .column(book_entry::Column::Number)
        .inner_join_entry()
        .group_by(book_entry::Column::Number)
        .having(Expr::expr(sum()).ne(0))
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// How many entries there are, and the number of the last.
pub(crate) async fn extent(tx: &Tx) -> Result<(i64, i64)> {
    let found: Option<(i64, Option<i64>)> = book_entry::Entity::find()
        .select_only()
        .column_as(book_entry::Column::Id.count(), "count")
        .column_as(book_entry::Column::Number.max(), "last")
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(found.map(|(count, last)| (count, last.unwrap_or_default())).unwrap_or_default())
}

/// Documents after this one that no entry records: from before there were books.
pub(crate) async fn unbooked(tx: &Tx, after: Option<InvoiceId>, limit: u64) -> Result<Vec<invoice::Model>> {
    let booked = book_entry::Entity::find()
        .select_only()
        .column(book_entry::Column::SubjectId)
        .filter(book_entry::Column::Kind.eq(Kind::Invoice))
        .filter(book_entry::Column::SubjectId.is_not_null());
    let after = after.map(|last| invoice::Column::Id.gt(last));
    Ok(tx
        .select::<invoice::Entity>()
        .filter(invoice::Column::Id.not_in_subquery(booked.into_query()))
        .filter(Condition::all().add_option(after))
        .order_by_asc(invoice::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Each series of documents of a year: its name, its last number, and how many documents of it there are.
pub(crate) async fn series(tx: &Tx) -> Result<Vec<(String, i64, i64)>> {
    let mut found = Vec::new();
    for row in counter::Entity::find().order_by_asc(counter::Column::Name).all(tx.connection()).await? {
        let numbers = format!("{}-%", row.name);
        let count = if row.name.starts_with(Series::CreditNote.prefix()) {
            credit_note::Entity::find().filter(credit_note::Column::Number.like(numbers)).count(tx.connection()).await?
        } else if [Series::Invoice, Series::Statement, Series::Funder]
            .iter()
            .any(|one| row.name.starts_with(one.prefix()))
        {
            invoice::Entity::find().filter(invoice::Column::Number.like(numbers)).count(tx.connection()).await?
        } else {
            continue;
        };
        found.push((row.name, row.value, i64::try_from(count).unwrap_or(i64::MAX)));
    }
    Ok(found)
}
