//! Invoices: from posted use and the terms frozen at the award to lines, VAT and a total; number, due date, standing.
//!
//! Refuses to look anything up: use, terms, VAT treatment and day are given. An issued document never changes.
//! Content follows Directive 2006/112/EC Art. 226; due dates Directive 2011/7/EU Art. 3.

use std::{collections::BTreeMap, fmt};

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    exchange::NationalVat,
    gpu::{GpuModel, GpuTime},
    id::AllocationId,
    money::{BasisPoints, Money, Overflow, Rate},
    vat::{Applied, Evidence, Treatment},
};

/// Days from issue to due (Directive 2011/7/EU Art. 3(3)(b): 30 days where nothing else was agreed).
pub const DAYS_TO_PAY: u64 = 30;

/// What of an award's terms an invoice needs, as frozen when it was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub list_rate: Rate,
    pub subsidy_share: BasisPoints,
    /// Which budget pays the subsidy.
    pub pot: String,
    /// The rules of aid it is granted under, by code.
    pub regime: String,
    /// Whether the pot's funder is invoiced for the subsidy, as the call says.
    #[serde(default)]
    pub is_split: bool,
}

/// Posted use of one allocation that no document has charged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub allocation: AllocationId,
    /// The application's reference, which people know the award by.
    pub reference: String,
    pub site: String,
    pub model: GpuModel,
    /// First and last day charged; both are in.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub gpu_time: GpuTime,
    pub terms: Terms,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub allocation: AllocationId,
    pub reference: String,
    pub site: String,
    pub model: GpuModel,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub gpu_time: GpuTime,
    pub list_rate: Rate,
    /// Rate times time, rounded once.
    pub list: Money,
    pub subsidy_share: BasisPoints,
    pub subsidy: Money,
    pub pot: String,
    pub regime: String,
    /// List less subsidy: what VAT is charged on.
    pub own: Money,
    /// Whether the pot's funder is invoiced for the subsidy.
    #[serde(default)]
    pub is_split: bool,
    /// A line of the funder's document: its own share is the subsidy, and what is taken off is the company's share.
    #[serde(default)]
    pub is_funders: bool,
}

impl Line {
    /// The same line for another time: what it takes off and what is left of the list price.
    pub fn of_time(&self, gpu_time: GpuTime) -> Result<Self, Overflow> {
        let list = self.list_rate.times(gpu_time)?;
        // Rounded once, on the subsidy: both documents of one use say the same of it.
        let (subsidy, own) = if self.is_funders {
            let own = list.share(self.subsidy_share.rest())?;
            (list.checked_sub(own)?, own)
        } else {
            let subsidy = list.share(self.subsidy_share)?;
            (subsidy, list.checked_sub(subsidy)?)
        };
        Ok(Self { gpu_time, list, subsidy, own, ..self.clone() })
    }

    /// Whether this pot's funder is invoiced for a part of it.
    pub fn is_shared_by(&self, pot: &str) -> bool {
        self.is_split && self.pot == pot && self.subsidy > Money::ZERO
    }

    /// The line of the funder's document for the same use.
    fn funders(&self) -> Self {
        Self {
            subsidy_share: self.subsidy_share.rest(),
            subsidy: self.own,
            own: self.subsidy,
            is_split: false,
            is_funders: true,
            ..self.clone()
        }
    }
}

/// VAT of one rate, charged once on the sum of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    pub treatment: Treatment,
    pub rate: BasisPoints,
    pub country: Country,
    pub base: Money,
    pub vat: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "invoice"))]
    Invoice,
    /// Nothing to pay, so there is no supply for consideration and no VAT invoice: it states the aid received.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "statement"))]
    Statement,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Invoice, Self::Statement];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Statement => "statement",
        }
    }

    pub const fn series(self) -> Series {
        match self {
            Self::Invoice => Series::Invoice,
            Self::Statement => Series::Statement,
        }
    }
}

/// Lines with their sums: everything of a document but its number, day and parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub kind: Kind,
    pub lines: Vec<Line>,
    pub list: Money,
    pub subsidy: Money,
    pub own: Money,
    pub taxes: Vec<Tax>,
    pub vat: Money,
    pub total: Money,
}

impl Sums {
    /// Whether this is what a funder is asked for.
    pub fn is_funders(&self) -> bool {
        self.lines.iter().any(|line| line.is_funders)
    }
}

/// Lines, VAT once per treatment and rate, and the total. `None` when nothing was used.
///
/// A price-linked subsidy lowers the taxable amount here; whether Art. 73 wants it in is for a tax adviser, so both
/// figures are kept on every line.
pub fn build(uses: &[Use], vat: Applied) -> Result<Option<Sums>, Overflow> {
    let lines =
        uses.iter().filter(|used| used.gpu_time > GpuTime::ZERO).map(line).collect::<Result<Vec<_>, Overflow>>()?;
    if lines.is_empty() {
        return Ok(None);
    }
    let list = Money::sum(lines.iter().map(|line| line.list))?;
    let subsidy = Money::sum(lines.iter().map(|line| line.subsidy))?;
    let own = Money::sum(lines.iter().map(|line| line.own))?;
    if own.is_zero() {
        let sums = Sums { kind: Kind::Statement, lines, list, subsidy, own, taxes: Vec::new(), vat: own, total: own };
        return Ok(Some(sums));
    }
    let taxes = taxes(&[(vat, own)])?;
    let vat = Money::sum(taxes.iter().map(|tax| tax.vat))?;
    let total = own.checked_add(vat)?;
    Ok(Some(Sums { kind: Kind::Invoice, lines, list, subsidy, own, taxes, vat, total }))
}

/// What the funder of one pot is asked for by a document of its own, where the call splits the invoice; `None` where
/// nothing of it is this pot's. `country` is the funder's.
///
/// It pays a part of the price of what somebody else was supplied with (Directive 2006/112/EC Art. 73): no supply to
/// it, and no VAT.
pub fn funder_share(lines: &[Line], pot: &str, country: Country) -> Result<Option<Sums>, Overflow> {
    let lines: Vec<Line> = lines.iter().filter(|line| line.is_shared_by(pot)).map(Line::funders).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let list = Money::sum(lines.iter().map(|line| line.list))?;
    let subsidy = Money::sum(lines.iter().map(|line| line.subsidy))?;
    let own = Money::sum(lines.iter().map(|line| line.own))?;
    let untaxed = Applied { treatment: Treatment::ThirdParty, rate: BasisPoints::ZERO, country };
    let taxes = taxes(&[(untaxed, own)])?;
    Ok(Some(Sums { kind: Kind::Invoice, lines, list, subsidy, own, taxes, vat: Money::ZERO, total: own }))
}

/// The position in a company's document of each line that its funder's document for this pot has, in order.
pub fn funder_positions(lines: &[Line], pot: &str) -> Vec<i32> {
    let positions = lines.iter().zip(1_i32..);
    positions.filter(|(line, _)| line.is_shared_by(pot)).map(|(_, position)| position).collect()
}

fn line(used: &Use) -> Result<Line, Overflow> {
    let list = used.terms.list_rate.times(used.gpu_time)?;
    let subsidy = list.share(used.terms.subsidy_share)?;
    Ok(Line {
        allocation: used.allocation,
        reference: used.reference.clone(),
        site: used.site.clone(),
        model: used.model,
        first_day: used.first_day,
        last_day: used.last_day,
        gpu_time: used.gpu_time,
        list_rate: used.terms.list_rate,
        list,
        subsidy_share: used.terms.subsidy_share,
        subsidy,
        pot: used.terms.pot.clone(),
        regime: used.terms.regime.clone(),
        own: list.checked_sub(subsidy)?,
        is_split: used.terms.is_split,
        is_funders: false,
    })
}

/// VAT per (treatment, rate), rounded once on each base and never per line (EN 16931, BR-CO-17).
fn taxes(amounts: &[(Applied, Money)]) -> Result<Vec<Tax>, Overflow> {
    let mut bases: BTreeMap<(&'static str, i32), (Applied, Money)> = BTreeMap::new();
    for (applied, amount) in amounts {
        let base = bases.entry((applied.treatment.code(), applied.rate.get())).or_insert((*applied, Money::ZERO));
        base.1 = base.1.checked_add(*amount)?;
    }
    let tax = |(applied, base): (Applied, Money)| {
        let Applied { treatment, rate, country } = applied;
        Ok(Tax { treatment, rate, country, base, vat: base.share(rate)? })
    };
    bases.into_values().map(tax).collect()
}

/// A row of consecutive numbers that begins anew each year (Art. 226(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    Invoice,
    Statement,
    Receipt,
    CreditNote,
    /// What the funders of pots are asked for, where a call splits its invoices.
    Funder,
    /// Transfers of ours, which name it so that their entry is found on a statement.
    Payout,
}

impl Series {
    /// Of documents that ask for money.
    pub const PAYABLE: [Self; 2] = [Self::Invoice, Self::Funder];

    /// Which every number and counter of it begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Invoice => "GH-INV",
            Self::Statement => "GH-AID",
            Self::Receipt => "GH-RCT",
            Self::CreditNote => "GH-CRN",
            Self::Funder => "GH-FND",
            Self::Payout => "GH-OUT",
        }
    }

    /// The name of its counter in the year of this day.
    pub fn counter(self, on: NaiveDate) -> String {
        format!("{}-{}", self.prefix(), on.year())
    }

    /// The number as printed: `GH-INV-2026-00042`.
    pub fn number(self, on: NaiveDate, serial: i64) -> String {
        format!("{}-{:05}", self.counter(on), serial)
    }
}

pub fn due_on(issued_on: NaiveDate) -> NaiveDate {
    issued_on + Days::new(DAYS_TO_PAY)
}

/// Name and address of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    /// Code of the country.
    pub country: String,
    pub vat_id: Option<String>,
    pub registration: Option<String>,
}

/// How to pay by bank transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    pub iban: String,
    pub bic: String,
    pub name: String,
}

/// Another document, named unambiguously: by its number and its day (Art. 219).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub number: String,
    pub issued_on: NaiveDate,
}

/// An issued document, frozen: what the page shows and the PDF prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    pub number: String,
    pub issued_on: NaiveDate,
    /// `None` when there is nothing to pay.
    pub due_on: Option<NaiveDate>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub supplier: Party,
    pub bank: Bank,
    pub customer: Party,
    /// The register's answer that a reverse charge rests on, with its consultation number.
    pub vat_evidence: Option<String>,
    pub sums: Sums,
    /// The document in whose place this one stands.
    #[serde(default)]
    pub corrects: Option<Reference>,
    /// The VAT in the currency of the state it is owed to, where that is not the euro.
    #[serde(default)]
    pub national_vat: Option<NationalVat>,
    /// What the register said of the customer's number on the day of issue.
    #[serde(default)]
    pub vat_check: Option<Evidence>,
    /// Of a funder's document: the company's document that it shares, and the company.
    #[serde(default)]
    pub shares: Option<Shared>,
}

/// Which use a funder pays a part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    pub document: Reference,
    pub company: String,
}

impl Issued {
    pub fn reference(&self) -> Reference {
        Reference { number: self.number.clone(), issued_on: self.issued_on }
    }
}

/// Where an issued document stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    NothingDue,
    Open,
    Overdue,
    Paid,
    Refunded,
    /// Given up: what is left of it is no longer asked for.
    WrittenOff,
}

impl Standing {
    pub const ALL: [Self; 6] =
        [Self::NothingDue, Self::Open, Self::Overdue, Self::Paid, Self::Refunded, Self::WrittenOff];

    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingDue => "nothing-due",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
            Self::WrittenOff => "written-off",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// Overdue from the day after the due date. A refund does not open the invoice again: it is money given back
    /// by decision.
    pub fn of(sums: &Settled, due_on: Option<NaiveDate>, today: NaiveDate) -> Self {
        let Settled { total, received, refunded, written_off } = *sums;
        if total <= Money::ZERO {
            Self::NothingDue
        } else if received >= total {
            if refunded >= received { Self::Refunded } else { Self::Paid }
        } else if written_off > Money::ZERO && outstanding(total, received, written_off).is_zero() {
            Self::WrittenOff
        } else if due_on.is_some_and(|due| today > due) {
            Self::Overdue
        } else {
            Self::Open
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The state that is owed VAT of this, and whose currency it is said in: `None` where none is charged.
pub fn taxing_state(sums: &Sums) -> Option<Country> {
    sums.taxes.iter().find(|tax| tax.treatment.is_charged()).map(|tax| tax.country)
}

/// What became of a document's total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    pub total: Money,
    pub received: Money,
    pub refunded: Money,
    pub written_off: Money,
}

/// What could still be paid: what was given up can be.
pub fn unpaid(total: Money, received: Money) -> Money {
    total.checked_sub(received).map_or(Money::ZERO, |left| left.max(Money::ZERO))
}

/// What is left to pay and asked for.
pub fn outstanding(total: Money, received: Money, written_off: Money) -> Money {
    unpaid(total, received).checked_sub(written_off).map_or(Money::ZERO, |left| left.max(Money::ZERO))
}

#[cfg(test)]
mod tests;
