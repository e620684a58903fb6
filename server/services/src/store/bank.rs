//! Queries of statements, their entries, and what entries can be matched to.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    bank::{Doubt, PayoutState, State},
    id::{BankEntryId, BankStatementId, OrganisationId, PaymentId},
    invoice::Kind,
    money::Money,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};

use super::{
    Tx,
    entity::{bank_entry, bank_match, bank_statement, invoice, organisation, payout, provider_payout, reminder},
    invoice::owed_cents,
    search::{holds, named},
};
use crate::error::Result;

/// What a list of entries shows.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    pub state: Option<State>,
    pub statement: Option<BankStatementId>,
    /// The last one of the page before.
    pub after: Option<BankEntryId>,
    pub limit: u64,
}

pub(crate) async fn statement_named(tx: &Tx, account: &str, name: &str) -> Result<Option<bank_statement::Model>> {
    Ok(tx
        .select::<bank_statement::Entity>()
        .filter(bank_statement::Column::Account.eq(account))
        .filter(bank_statement::Column::Name.eq(name))
        .one(tx.connection())
        .await?)
}

/// The latest period first.
pub(crate) async fn statements(tx: &Tx, limit: u64) -> Result<Vec<bank_statement::Model>> {
    Ok(tx
        .select::<bank_statement::Entity>()
        .order_by_desc(bank_statement::Column::ToDay)
        .order_by_desc(bank_statement::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Which of these keys are there already.
pub(crate) async fn known_keys(tx: &Tx, account: &str, keys: &[String]) -> Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for some in keys.chunks(500) {
        let found = bank_entry::Entity::find()
            .select_only()
            .column(bank_entry::Column::EntryKey)
            .filter(bank_entry::Column::Account.eq(account))
            .filter(bank_entry::Column::EntryKey.is_in(some.iter().cloned()));
        known.extend(found.into_tuple::<String>().all(tx.connection()).await?);
    }
    Ok(known)
}

/// The newest first.
pub(crate) async fn entries(tx: &Tx, filter: &EntryFilter) -> Result<Vec<bank_entry::Model>> {
    let mut select = tx.select::<bank_entry::Entity>();
    if let Some(state) = filter.state {
        select = select.filter(bank_entry::Column::State.eq(state));
    }
    if let Some(statement) = filter.statement {
        select = select.filter(bank_entry::Column::StatementId.eq(statement));
    }
    if let Some(after) = filter.after {
        select = select.filter(bank_entry::Column::Id.lt(after));
    }
    Ok(select.order_by_desc(bank_entry::Column::Id).limit(filter.limit.clamp(1, 200)).all(tx.connection()).await?)
}

/// How many entries are of this state.
pub(crate) async fn count(tx: &Tx, state: State) -> Result<u64> {
    let of_state = tx.select::<bank_entry::Entity>().filter(bank_entry::Column::State.eq(state));
    Ok(of_state.count(tx.connection()).await?)
}

/// What these entries were matched to, undone ones too, oldest first.
pub(crate) async fn matches(tx: &Tx, entries: &[BankEntryId]) -> Result<Vec<bank_match::Model>> {
    Ok(tx
        .select::<bank_match::Entity>()
        .filter(bank_match::Column::EntryId.is_in(entries.iter().copied()))
        .order_by_asc(bank_match::Column::MadeAt)
        .order_by_asc(bank_match::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The entry that a payment came with. Not narrowed: the payment was found before, guarded.
pub(crate) async fn entry_of(tx: &Tx, payment: PaymentId) -> Result<Option<bank_entry::Model>> {
    let of_payment = bank_match::Entity::find()
        .select_only()
        .column(bank_match::Column::EntryId)
        .filter(bank_match::Column::PaymentId.eq(payment))
        .into_query();
    let found = bank_entry::Entity::find().filter(bank_entry::Column::Id.in_subquery(of_payment));
    Ok(found.one(tx.connection()).await?)
}

/// Companies whose invoices were paid from this account.
pub(crate) async fn payers(tx: &Tx, iban: &str) -> Result<Vec<OrganisationId>> {
    let entries = bank_entry::Entity::find()
        .select_only()
        .column(bank_entry::Column::Id)
        .filter(bank_entry::Column::PartyIban.eq(iban))
        .filter(bank_entry::Column::AmountCents.gt(0))
        .into_query();
    let found = bank_match::Entity::find()
        .select_only()
        .column(bank_match::Column::OrganisationId)
        .filter(bank_match::Column::EntryId.in_subquery(entries))
        .filter(bank_match::Column::UndoneAt.is_null())
        .distinct();
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// The invoices with these numbers, paid or not.
pub(crate) async fn numbered(tx: &Tx, numbers: &[String]) -> Result<Vec<invoice::Model>> {
    Ok(tx
        .select::<invoice::Entity>()
        .filter(invoice::Column::Kind.eq(Kind::Invoice))
        .filter(invoice::Column::Number.is_in(numbers.iter().cloned()))
        .all(tx.connection())
        .await?)
}

/// Money can come for it: also where it was given up.
fn is_unpaid() -> Condition {
    let received = Expr::col((invoice::Entity, invoice::Column::ReceivedCents));
    Condition::all().add(invoice::Column::Kind.eq(Kind::Invoice)).add(received.lt(owed_cents()))
}

/// Invoices of these companies on which something can be paid, the oldest first.
pub(crate) async fn unpaid(tx: &Tx, organisations: &[OrganisationId]) -> Result<Vec<invoice::Model>> {
    Ok(tx
        .select::<invoice::Entity>()
        .filter(is_unpaid())
        .filter(invoice::Column::OrganisationId.is_in(organisations.iter().copied()))
        .order_by_asc(invoice::Column::DueOn)
        .order_by_asc(invoice::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Something was claimed beside it for late payment.
fn is_claimed() -> Condition {
    let claimed = reminder::Entity::find()
        .select_only()
        .column(reminder::Column::InvoiceId)
        .filter(Condition::any().add(reminder::Column::InterestCents.gt(0)).add(reminder::Column::CostsCents.gt(0)))
        .into_query();
    Condition::all().add(invoice::Column::Id.in_subquery(claimed))
}

/// Invoices with this in their number or their company's name on which something can be paid, or could be beside it;
/// without a text, those on which exactly this amount can.
pub(crate) async fn candidates(tx: &Tx, text: &str, amount: Money, limit: u64) -> Result<Vec<invoice::Model>> {
    let mut select = tx.select::<invoice::Entity>();
    if text.trim().is_empty() {
        let left = owed_cents().sub(Expr::col((invoice::Entity, invoice::Column::ReceivedCents)));
        select = select.filter(is_unpaid()).filter(left.eq(amount.as_cents()));
    } else {
        select = select.filter(Condition::any().add(is_unpaid()).add(is_claimed()));
        select = select.filter(named(text, invoice::Column::Number, invoice::Column::OrganisationId));
    }
    Ok(select.order_by_asc(invoice::Column::DueOn).limit(limit).all(tx.connection()).await?)
}

/// Companies with this in their name.
pub(crate) async fn companies(tx: &Tx, text: &str, limit: u64) -> Result<Vec<(OrganisationId, String)>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let found = tx
        .select::<organisation::Entity>()
        .filter(holds(Expr::col((organisation::Entity, organisation::Column::LegalName)), text))
        .order_by_asc(organisation::Column::LegalName)
        .limit(limit)
        .select_only()
        .column(organisation::Column::Id)
        .column(organisation::Column::LegalName);
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// The names of these companies.
pub(crate) async fn names(tx: &Tx, ids: &[OrganisationId]) -> Result<Vec<(OrganisationId, String)>> {
    let found = tx
        .select::<organisation::Entity>()
        .filter(organisation::Column::Id.is_in(ids.iter().copied()))
        .select_only()
        .column(organisation::Column::Id)
        .column(organisation::Column::LegalName);
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// These companies.
pub(crate) async fn companies_of(tx: &Tx, ids: &[OrganisationId]) -> Result<Vec<organisation::Model>> {
    let found = tx.select::<organisation::Entity>().filter(organisation::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(tx.connection()).await?)
}

/// Transfers that a person ordered and no statement has shown.
pub(crate) async fn ordered(tx: &Tx) -> Result<Vec<payout::Model>> {
    Ok(tx
        .select::<payout::Entity>()
        .filter(payout::Column::State.eq(PayoutState::Ordered))
        .order_by_asc(payout::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Of these entries, the payouts of the payment provider, undone ones too, oldest first.
pub(crate) async fn provider_payouts(tx: &Tx, entries: &[BankEntryId]) -> Result<Vec<provider_payout::Model>> {
    Ok(tx
        .select::<provider_payout::Entity>()
        .filter(provider_payout::Column::EntryId.is_in(entries.iter().copied()))
        .order_by_asc(provider_payout::Column::MadeAt)
        .order_by_asc(provider_payout::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Entries that wait and that no person has taken back from where they were, oldest first.
pub(crate) async fn waiting(tx: &Tx) -> Result<Vec<bank_entry::Model>> {
    let is_new = bank_entry::Column::Doubt.is_null().or(bank_entry::Column::Doubt.ne(Doubt::Undone));
    Ok(tx
        .select::<bank_entry::Entity>()
        .filter(bank_entry::Column::State.eq(State::Open))
        .filter(is_new)
        .order_by_asc(bank_entry::Column::BookedOn)
        .order_by_asc(bank_entry::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Of these names of the payment provider, those of payouts that an entry was matched with, undone ones too.
pub(crate) async fn known_payouts(tx: &Tx, names: &[String]) -> Result<Vec<String>> {
    let found = tx.select::<provider_payout::Entity>().filter(provider_payout::Column::ProviderId.is_in(names));
    Ok(found.all(tx.connection()).await?.into_iter().filter_map(|row| row.provider_id).collect())
}

/// The day on which the bank booked what each of these payments came with.
pub(crate) async fn booked_days(tx: &Tx, payments: &[PaymentId]) -> Result<Vec<(PaymentId, NaiveDate)>> {
    let matches: Vec<(Option<PaymentId>, BankEntryId)> = bank_match::Entity::find()
        .select_only()
        .column(bank_match::Column::PaymentId)
        .column(bank_match::Column::EntryId)
        .filter(bank_match::Column::PaymentId.is_in(payments.iter().copied()))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let entries: Vec<(BankEntryId, NaiveDate)> = bank_entry::Entity::find()
        .select_only()
        .column(bank_entry::Column::Id)
        .column(bank_entry::Column::BookedOn)
        .filter(bank_entry::Column::Id.is_in(matches.iter().map(|(_, entry)| *entry)))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let day = |entry: BankEntryId| entries.iter().find(|(id, _)| *id == entry).map(|(_, day)| *day);
    Ok(matches.into_iter().filter_map(|(payment, entry)| Some((payment?, day(entry)?))).collect())
}
