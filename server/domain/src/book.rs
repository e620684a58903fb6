//! The books: double entry in euro cents. Accounts of one chart, entries that balance, months that close.
//!
//! Refuses an entry that does not balance, within the balance sheet as well as within what is kept beside it. Debits
//! are positive, credits negative; what an account is kept for stands beside its code.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    id::OrganisationId,
    money::{Money, Overflow},
    period::Month,
};

/// The chart of accounts, numbered as in the DATEV chart SKR 04 where that has the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Account {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "bank"))]
    Bank,
    /// With the payment provider, until it pays out.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "clearing"))]
    Clearing,
    /// Received by bank and not matched to an invoice yet.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "suspense"))]
    Suspense,
    /// Owed by one organisation; below nought, owed to it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "receivable"))]
    Receivable,
    /// Owed by one pot: the subsidy of what was invoiced.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "funding"))]
    Funding,
    /// Of what one pot owes, what its funder was invoiced for and owes as a receivable: below nought.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "funding_asked"))]
    FundingAsked,
    /// Owed to the tax authority of one state.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "vat"))]
    Vat,
    /// Own shares, of one site and pot.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "revenue"))]
    Revenue,
    /// Subsidies, of one site and pot.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "subsidised"))]
    Subsidised,
    /// Interest and compensation of recovery costs that late payers paid (Directive 2011/7/EU).
    #[cfg_attr(feature = "orm", sea_orm(string_value = "late_payment"))]
    LatePayment,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "written_off"))]
    WrittenOff,
    /// What bank and payment provider take.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "fees"))]
    Fees,
    /// Beside the balance sheet: what one pot was promised.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pot_pledged"))]
    PotPledged,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pot_free"))]
    PotFree,
    /// Awarded out of the pot and not used yet.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pot_committed"))]
    PotCommitted,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pot_spent"))]
    PotSpent,
}

/// Where an account stands in the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    Asset,
    Liability,
    Income,
    Expense,
    /// Kept beside the balance sheet.
    Memo,
}

impl Account {
    pub const ALL: [Self; 16] = [
        Self::Bank,
        Self::Clearing,
        Self::Suspense,
        Self::Receivable,
        Self::Funding,
        Self::FundingAsked,
        Self::Vat,
        Self::Revenue,
        Self::Subsidised,
        Self::LatePayment,
        Self::WrittenOff,
        Self::Fees,
        Self::PotPledged,
        Self::PotFree,
        Self::PotCommitted,
        Self::PotSpent,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Clearing => "clearing",
            Self::Suspense => "suspense",
            Self::Receivable => "receivable",
            Self::Funding => "funding",
            Self::FundingAsked => "funding-asked",
            Self::Vat => "vat",
            Self::Revenue => "revenue",
            Self::Subsidised => "subsidised",
            Self::LatePayment => "late-payment",
            Self::WrittenOff => "written-off",
            Self::Fees => "fees",
            Self::PotPledged => "pot-pledged",
            Self::PotFree => "pot-free",
            Self::PotCommitted => "pot-committed",
            Self::PotSpent => "pot-spent",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.code() == code)
    }

    /// Its number in the chart.
    pub const fn number(self) -> u16 {
        match self {
            Self::Receivable => 1_200,
            Self::Funding => 1_309,
            Self::FundingAsked => 1_310,
            Self::Suspense => 1_370,
            Self::Clearing => 1_460,
            Self::Bank => 1_800,
            Self::Vat => 3_800,
            Self::Revenue => 4_400,
            Self::Subsidised => 4_410,
            Self::Fees => 6_855,
            Self::WrittenOff => 6_930,
            Self::LatePayment => 7_110,
            Self::PotPledged => 9_000,
            Self::PotFree => 9_010,
            Self::PotCommitted => 9_020,
            Self::PotSpent => 9_030,
        }
    }

    pub const fn class(self) -> Class {
        match self {
            Self::Bank | Self::Clearing | Self::Receivable | Self::Funding | Self::FundingAsked => Class::Asset,
            Self::Suspense | Self::Vat => Class::Liability,
            Self::Revenue | Self::Subsidised | Self::LatePayment => Class::Income,
            Self::WrittenOff | Self::Fees => Class::Expense,
            Self::PotPledged | Self::PotFree | Self::PotCommitted | Self::PotSpent => Class::Memo,
        }
    }

    /// Whether its balance may never fall below nought.
    pub const fn has_floor(self) -> bool {
        matches!(self, Self::PotFree | Self::PotCommitted | Self::PotSpent)
    }
}

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "invoice"))]
    Invoice,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "credit_note"))]
    CreditNote,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "payment"))]
    Payment,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refund"))]
    Refund,
    /// Into or out of the bank account, before it is known what for.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "bank"))]
    Bank,
    /// What the bank brought is for this invoice, or no longer.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "matched"))]
    Matched,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "write_off"))]
    WriteOff,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pledge"))]
    Pledge,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "allot"))]
    Allot,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "commit"))]
    Commit,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "release"))]
    Release,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "spend"))]
    Spend,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Invoice,
        Self::CreditNote,
        Self::Payment,
        Self::Refund,
        Self::Bank,
        Self::Matched,
        Self::WriteOff,
        Self::Pledge,
        Self::Allot,
        Self::Commit,
        Self::Release,
        Self::Spend,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit-note",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Bank => "bank",
            Self::Matched => "matched",
            Self::WriteOff => "write-off",
            Self::Pledge => "pledge",
            Self::Allot => "allot",
            Self::Commit => "commit",
            Self::Release => "release",
            Self::Spend => "spend",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One line: an account, what it is kept for, and the amount; a debit is above nought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub account: Account,
    /// The organisation, state, pot or `site/pot` it is kept for; empty where there is one for all.
    pub of: String,
    pub amount: Money,
}

/// Postings that balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    kind: Kind,
    /// The day that it belongs to.
    on: NaiveDate,
    /// What it records, once: a second entry of the same key is no entry.
    key: String,
    postings: Vec<Posting>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("debits and credits differ")]
    Unbalanced,
    #[error("nothing is posted")]
    Empty,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// What one site and pot earn by a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    pub site: String,
    pub pot: String,
    pub own: Money,
    pub subsidy: Money,
}

/// Where money comes in or goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rail {
    Bank,
    Provider,
}

impl Rail {
    const fn account(self) -> Account {
        match self {
            Self::Bank => Account::Suspense,
            Self::Provider => Account::Clearing,
        }
    }
}

impl Entry {
    /// Lines of one account and purpose are added up, lines of nothing are left out.
    pub fn new(kind: Kind, on: NaiveDate, key: String, lines: Vec<Posting>) -> Result<Self, Refused> {
        let mut sums: BTreeMap<(Account, String), Money> = BTreeMap::new();
        for Posting { account, of, amount } in lines {
            let sum = sums.entry((account, of)).or_default();
            *sum = sum.checked_add(amount)?;
        }
        let postings: Vec<Posting> = sums
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|((account, of), amount)| Posting { account, of, amount })
            .collect();
        for is_memo in [false, true] {
            let side = postings.iter().filter(|posting| (posting.account.class() == Class::Memo) == is_memo);
            if !Money::sum(side.map(|posting| posting.amount))?.is_zero() {
                return Err(Refused::Unbalanced);
            }
        }
        if postings.is_empty() { Err(Refused::Empty) } else { Ok(Self { kind, on, key, postings }) }
    }

    /// An invoice or a statement of aid: own shares and VAT are owed by the company, subsidies by their pots.
    pub fn invoice(
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        earned: &[Earned],
        vat: &[(String, Money)],
    ) -> Result<Self, Refused> {
        Self::document(Kind::Invoice, (on, key), organisation, earned, vat)
    }

    /// The mirror of an invoice, for what it takes back; amounts above nought.
    pub fn credit_note(
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        earned: &[Earned],
        vat: &[(String, Money)],
    ) -> Result<Self, Refused> {
        let charge = Self::document(Kind::CreditNote, (on, key), organisation, earned, vat)?;
        charge.mirrored()
    }

    /// What a funder is invoiced for is owed by it, and no longer by its pot; below nought, a credit note takes it back.
    pub fn funder_share(
        kind: Kind,
        (on, key): (NaiveDate, String),
        funder: OrganisationId,
        pot: &str,
        amount: Money,
    ) -> Result<Self, Refused> {
        let funder = funder.to_string();
        Self::new(kind, on, key, moved((Account::FundingAsked, pot), (Account::Receivable, &funder), amount)?)
    }

    fn document(
        kind: Kind,
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        earned: &[Earned],
        vat: &[(String, Money)],
    ) -> Result<Self, Refused> {
        let customer = organisation.to_string();
        let mut lines = Vec::new();
        for one in earned {
            let from = format!("{}/{}", one.site, one.pot);
            lines.extend(moved((Account::Revenue, &from), (Account::Receivable, &customer), one.own)?);
            lines.extend(moved((Account::Subsidised, &from), (Account::Funding, &one.pot), one.subsidy)?);
        }
        for (state, amount) in vat {
            lines.extend(moved((Account::Vat, state), (Account::Receivable, &customer), *amount)?);
        }
        Self::new(kind, on, key, lines)
    }

    /// A company has paid.
    pub fn payment(
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        rail: Rail,
        amount: Money,
    ) -> Result<Self, Refused> {
        let customer = organisation.to_string();
        let kind = if rail == Rail::Bank { Kind::Matched } else { Kind::Payment };
        Self::new(kind, on, key, moved((Account::Receivable, &customer), (rail.account(), ""), amount)?)
    }

    /// A company has paid what its late payment added: income, and nothing that an invoice asks for.
    pub fn claim((on, key): (NaiveDate, String), rail: Rail, amount: Money) -> Result<Self, Refused> {
        let kind = if rail == Rail::Bank { Kind::Matched } else { Kind::Payment };
        Self::new(kind, on, key, moved((Account::LatePayment, ""), (rail.account(), ""), amount)?)
    }

    /// Money went back to a company, by refund or by a reversal of its bank.
    pub fn refund(
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        rail: Rail,
        amount: Money,
    ) -> Result<Self, Refused> {
        let customer = organisation.to_string();
        Self::new(Kind::Refund, on, key, moved((rail.account(), ""), (Account::Receivable, &customer), amount)?)
    }

    /// A line of a bank statement, above nought where money came in.
    pub fn bank((on, key): (NaiveDate, String), amount: Money) -> Result<Self, Refused> {
        Self::new(Kind::Bank, on, key, moved((Account::Suspense, ""), (Account::Bank, ""), amount)?)
    }

    /// A line of a bank statement turns out to be a payout of the payment provider, or a fee.
    pub fn explained((on, key): (NaiveDate, String), by: Account, amount: Money) -> Result<Self, Refused> {
        Self::new(Kind::Matched, on, key, moved((by, ""), (Account::Suspense, ""), amount)?)
    }

    /// A line of a bank statement turns out to be a payout of the payment provider, which kept its fees: what came and
    /// what was kept are with the provider no longer.
    pub fn provider_payout((on, key): (NaiveDate, String), amount: Money, fees: Money) -> Result<Self, Refused> {
        let mut lines = moved((Account::Clearing, ""), (Account::Suspense, ""), amount)?;
        lines.extend(moved((Account::Clearing, ""), (Account::Fees, ""), fees)?);
        Self::new(Kind::Matched, on, key, lines)
    }

    /// A debt that will not be paid.
    pub fn write_off(
        (on, key): (NaiveDate, String),
        organisation: OrganisationId,
        amount: Money,
    ) -> Result<Self, Refused> {
        let customer = organisation.to_string();
        let lines = moved((Account::Receivable, &customer), (Account::WrittenOff, ""), amount)?;
        Self::new(Kind::WriteOff, on, key, lines)
    }

    /// A movement of one pot. `Commit` and `Release` mirror each other, so do pledges above and below nought.
    pub fn pot(kind: Kind, (on, key): (NaiveDate, String), pot: &str, amount: Money) -> Result<Self, Refused> {
        let (from, to) = match kind {
            Kind::Pledge => (Account::PotPledged, Account::PotFree),
            Kind::Release => (Account::PotCommitted, Account::PotFree),
            Kind::Spend => (Account::PotCommitted, Account::PotSpent),
            _ => (Account::PotFree, Account::PotCommitted),
        };
        Self::new(kind, on, key, moved((from, pot), (to, pot), amount)?)
    }

    /// From what is free in one pot to another: to a child, back, or between two.
    pub fn allot((on, key): (NaiveDate, String), from: &str, to: &str, amount: Money) -> Result<Self, Refused> {
        let lines = moved((Account::PotFree, from), (Account::PotFree, to), amount)?;
        Self::new(Kind::Allot, on, key, lines)
    }

    /// The same with its sides changed.
    pub fn mirrored(mut self) -> Result<Self, Refused> {
        for posting in &mut self.postings {
            posting.amount = posting.amount.negated()?;
        }
        Ok(self)
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

fn moved(from: (Account, &str), to: (Account, &str), amount: Money) -> Result<Vec<Posting>, Overflow> {
    Ok(vec![
        Posting { account: from.0, of: from.1.to_owned(), amount: amount.negated()? },
        Posting { account: to.0, of: to.1.to_owned(), amount },
    ])
}

/// The day an entry is booked on: its own, or the first of the first month that is still open.
pub fn booked_on(on: NaiveDate, last_closed: Option<Month>) -> NaiveDate {
    match last_closed.map(Month::next) {
        Some(open) => on.max(open.first_day()),
        None => on,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn at(key: &str) -> (NaiveDate, String) {
        (day(2026, 11, 28), key.to_owned())
    }

    fn company() -> OrganisationId {
        OrganisationId::from_uuid(Uuid::nil())
    }

    fn earned(site: &str, own: i64, subsidy: i64) -> Earned {
        Earned {
            site: site.to_owned(),
            pot: "union".to_owned(),
            own: Money::cents(own),
            subsidy: Money::cents(subsidy),
        }
    }

    fn sum(entry: &Entry, account: Account) -> i64 {
        entry.postings().iter().filter(|one| one.account == account).map(|one| one.amount.as_cents()).sum()
    }

    #[test]
    fn an_invoice_is_owed_by_the_company_and_its_subsidy_by_the_pot() {
        let lines = [earned("Alpha", 4_000, 6_000), earned("Beta", 1_000, 0)];
        let vat = [("DE".to_owned(), Money::cents(950))];
        let entry = Entry::invoice(at("invoice"), company(), &lines, &vat).unwrap();
        assert_eq!((sum(&entry, Account::Receivable), sum(&entry, Account::Funding)), (5_950, 6_000));
        assert_eq!((sum(&entry, Account::Vat), sum(&entry, Account::Subsidised)), (-950, -6_000));
        assert_eq!(entry.postings().len(), 6, "two sites earn own shares, one a subsidy: {entry:?}");
        let credit = Entry::credit_note(at("credit"), company(), &lines, &vat).unwrap();
        for (charged, credited) in entry.postings().iter().zip(credit.postings()) {
            assert_eq!(credited.amount, charged.amount.negated().unwrap());
        }
    }

    #[test]
    fn what_does_not_balance_is_no_entry() {
        let line = |account, cents| Posting { account, of: String::new(), amount: Money::cents(cents) };
        let entry = |lines| Entry::new(Kind::Bank, day(2026, 1, 1), String::new(), lines);
        assert_eq!(entry(vec![line(Account::Bank, 1)]), Err(Refused::Unbalanced));
        let across = vec![line(Account::Bank, 5), line(Account::PotFree, -5)];
        assert_eq!(entry(across), Err(Refused::Unbalanced), "the balance sheet does not lean on what is beside it");
        assert_eq!(entry(vec![line(Account::Bank, 3), line(Account::Bank, -3)]), Err(Refused::Empty));
        assert_eq!(
            entry(vec![line(Account::Bank, i64::MAX), line(Account::Bank, 1)]),
            Err(Refused::Overflow(Overflow))
        );
    }

    #[test]
    fn a_late_fact_is_booked_in_the_first_open_month() {
        let closed = Month::of_day(day(2026, 10, 5));
        assert_eq!(booked_on(day(2026, 9, 30), Some(closed)), day(2026, 11, 1));
        assert_eq!(booked_on(day(2026, 11, 28), Some(closed)), day(2026, 11, 28));
        assert_eq!(booked_on(day(2026, 9, 30), None), day(2026, 9, 30));
    }

    #[test]
    fn every_account_has_one_number_and_one_code() {
        let mut numbers: Vec<_> = Account::ALL.iter().map(|account| account.number()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), Account::ALL.len());
        for account in Account::ALL {
            assert_eq!(Account::from_code(account.code()), Some(account));
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_paid_refunded_and_written_off_the_books_balance(
            own in 0_i64..1_000_000, subsidy in 0_i64..1_000_000, vat in 0_i64..200_000, paid in 1_i64..2_000_000,
        ) {
            let lines = [earned("Alpha", own, subsidy)];
            let vat = [("LU".to_owned(), Money::cents(vat))];
            let entries = [
                Entry::invoice(at("a"), company(), &lines, &vat),
                Entry::payment(at("b"), company(), Rail::Provider, Money::cents(paid)),
                Entry::refund(at("c"), company(), Rail::Provider, Money::cents(paid)),
                Entry::bank(at("d"), Money::cents(paid)),
                Entry::payment(at("e"), company(), Rail::Bank, Money::cents(paid)),
                Entry::claim(at("j"), Rail::Bank, Money::cents(paid)),
                Entry::provider_payout(at("k"), Money::cents(paid), Money::cents(own)),
                Entry::explained(at("f"), Account::Fees, Money::cents(-paid)),
                Entry::write_off(at("g"), company(), Money::cents(paid)),
                Entry::funder_share(Kind::Invoice, at("l"), company(), "union", Money::cents(subsidy)),
                Entry::pot(Kind::Commit, at("h"), "union", Money::cents(paid)),
                Entry::allot(at("i"), "union", "state", Money::cents(paid)),
            ];
            for entry in entries.into_iter().filter(|entry| *entry != Err(Refused::Empty)) {
                let entry = entry.unwrap();
                prop_assert_eq!(entry.postings().iter().map(|one| one.amount.as_cents()).sum::<i64>(), 0);
                prop_assert!(entry.postings().iter().all(|one| !one.amount.is_zero()));
            }
        }
    }
}
