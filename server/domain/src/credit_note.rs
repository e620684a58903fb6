//! Credit notes: what is taken back of an invoice or a statement, tied to its lines (Directive 2006/112/EC Art. 219).
//!
//! A credit is the charge less what would be charged for the rest: so however often something is taken back, all
//! credits of everything are the invoice, to the cent. Refuses more than what is left of a line, and never pays out
//! the subsidy: the own share and its VAT are what a company gets back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    exchange::NationalVat,
    gpu::GpuTime,
    invoice::{Issued, Line, Party, Reference, Sums, Tax, funder_positions},
    money::{Money, Overflow},
};

/// The longest reason.
pub const REASON_MAX: i64 = 500;

/// From which day a credit by hand above how much (with subsidy and VAT) needs a second signature: the programme's own
/// rule of four eyes, as Regulation (EU, Euratom) 2024/2509 Art. 36 wants of whoever manages Union money.
const SECOND_SIGNATURE: &[(i32, u32, u32, i64)] = &[(2026, 1, 1, 100_000)];

/// Credits above this need a second signature on that day.
pub fn signed_alone(on: NaiveDate) -> Money {
    let begun = |row: &&(i32, u32, u32, i64)| NaiveDate::from_ymd_opt(row.0, row.1, row.2).is_some_and(|day| day <= on);
    SECOND_SIGNATURE.iter().rev().find(begun).map_or(Money::ZERO, |row| Money::cents(row.3))
}

/// Whether one person may credit so much alone that day: what all payers are given back, subsidy and VAT included,
/// together with what of the same document was credited by hand with one signature before. Else four small credits
/// would need one signature where one large one needs two.
pub fn may_sign_alone(credited: &Sums, alone_before: Money, on: NaiveDate) -> Result<bool, Overflow> {
    let all = Money::sum([credited.list, credited.vat, alone_before])?;
    Ok(all <= signed_alone(on))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A reading came that says less than an earlier one.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "lowered_usage"))]
    LoweredUsage,
    /// The site was down while the GPUs were charged.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "downtime"))]
    Downtime,
    /// Time given back before its end.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "early_return"))]
    EarlyReturn,
    /// By decision, without a claim to it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "goodwill"))]
    Goodwill,
    /// The document was wrong and another takes its place.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "correction"))]
    Correction,
}

impl Cause {
    pub const ALL: [Self; 5] =
        [Self::LoweredUsage, Self::Downtime, Self::EarlyReturn, Self::Goodwill, Self::Correction];
    /// What a person may credit for by hand; the others follow from readings and from a corrected invoice.
    pub const BY_HAND: [Self; 3] = [Self::Downtime, Self::EarlyReturn, Self::Goodwill];

    pub const fn code(self) -> &'static str {
        match self {
            Self::LoweredUsage => "lowered_usage",
            Self::Downtime => "downtime",
            Self::EarlyReturn => "early_return",
            Self::Goodwill => "goodwill",
            Self::Correction => "correction",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// An issued credit note, frozen. Amounts are positive: what kind of document it is says which way they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    pub number: String,
    pub issued_on: NaiveDate,
    pub original: Reference,
    pub cause: Cause,
    /// Why, in words for the company; empty where the cause says it all.
    pub reason: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub supplier: Party,
    pub customer: Party,
    /// The position in the original that each line takes from, in the order of the lines.
    pub positions: Vec<i32>,
    pub sums: Sums,
    pub national_vat: Option<NationalVat>,
}

/// What was taken back of one line so far, or is wanted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1, as on the document.
    pub position: i32,
    pub gpu_time: GpuTime,
}

/// What earlier credit notes of the same document took back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    pub parts: Vec<Part>,
    pub vat: Money,
    /// Hundredths of the national currency.
    pub national: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("nothing to credit")]
    Nothing,
    #[error("no such line")]
    NoSuchLine,
    #[error("more than what is left of the line")]
    MoreThanLeft,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// The lines and sums of a credit note, with the national VAT where the original has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub positions: Vec<i32>,
    pub sums: Sums,
    pub national_vat: Option<NationalVat>,
}

/// What is left of each line's GPU time, by position.
pub fn left(original: &Issued, before: &Before) -> Result<BTreeMap<i32, GpuTime>, Overflow> {
    let mut left = BTreeMap::new();
    for (line, position) in original.sums.lines.iter().zip(1_i32..) {
        left.insert(position, line.gpu_time.checked_sub(taken(&before.parts, position)?)?);
    }
    Ok(left)
}

/// Everything that is left, as a credit asks for it.
pub fn all_left(original: &Issued, before: &Before) -> Result<Vec<Part>, Overflow> {
    let parts = left(original, before)?.into_iter().map(|(position, gpu_time)| Part { position, gpu_time });
    Ok(parts.filter(|part| part.gpu_time > GpuTime::ZERO).collect())
}

/// That much GPU time, taken from the last lines first: what came last was charged last.
pub fn from_the_end(lines: &[(i32, GpuTime)], mut wanted: GpuTime) -> Result<Vec<Part>, Overflow> {
    let mut parts = Vec::new();
    for (position, left) in lines.iter().rev() {
        let gpu_time = wanted.min(*left);
        if gpu_time > GpuTime::ZERO {
            parts.push(Part { position: *position, gpu_time });
            wanted = wanted.checked_sub(gpu_time)?;
        }
    }
    parts.reverse();
    Ok(parts)
}

/// Credits these parts of an issued document.
pub fn credit(original: &Issued, before: &Before, wanted: &[Part]) -> Result<Credit, Refused> {
    let mut lines = Vec::new();
    let mut positions = Vec::new();
    for (line, position) in original.sums.lines.iter().zip(1_i32..) {
        let time = taken(wanted, position)?;
        if time < GpuTime::ZERO {
            return Err(Refused::Nothing);
        }
        if time > GpuTime::ZERO {
            lines.push(part_of(line, taken(&before.parts, position)?, time)?);
            positions.push(position);
        }
    }
    let known = i32::try_from(original.sums.lines.len()).unwrap_or(i32::MAX);
    if wanted.iter().any(|part| !(1..=known).contains(&part.position)) {
        return Err(Refused::NoSuchLine);
    }
    if lines.is_empty() {
        return Err(Refused::Nothing);
    }
    let own_kept = kept(original, before, wanted)?;
    let list = Money::sum(lines.iter().map(|line| line.list))?;
    let subsidy = Money::sum(lines.iter().map(|line| line.subsidy))?;
    let own = Money::sum(lines.iter().map(|line| line.own))?;
    let mut taxes = Vec::new();
    let mut vat_kept = Money::ZERO;
    // One treatment a document: `invoice::build` makes no other.
    if let Some(tax) = original.sums.taxes.first() {
        vat_kept = own_kept.share(tax.rate)?;
        let vat = original.sums.vat.checked_sub(before.vat)?.checked_sub(vat_kept)?;
        taxes.push(Tax { base: own, vat, ..tax.clone() });
    }
    let vat = Money::sum(taxes.iter().map(|tax| tax.vat))?;
    let total = own.checked_add(vat)?;
    let national_vat = original.national_vat.as_ref().map(|all| all.less(vat_kept, before.national)).transpose()?;
    let sums = Sums { kind: original.sums.kind, lines, list, subsidy, own, taxes, vat, total };
    Ok(Credit { positions, sums, national_vat })
}

/// What stays charged of the own shares after this credit.
fn kept(original: &Issued, before: &Before, wanted: &[Part]) -> Result<Money, Overflow> {
    let mut kept = Money::ZERO;
    for (line, position) in original.sums.lines.iter().zip(1_i32..) {
        let gone = taken(&before.parts, position)?.checked_add(taken(wanted, position)?)?;
        kept = kept.checked_add(line.of_time(line.gpu_time.checked_sub(gone)?)?.own)?;
    }
    Ok(kept)
}

/// The line less what would be charged for the rest: before this credit, and after it.
fn part_of(line: &Line, before: GpuTime, wanted: GpuTime) -> Result<Line, Refused> {
    let had = line.gpu_time.checked_sub(before)?;
    if wanted > had {
        return Err(Refused::MoreThanLeft);
    }
    let (had, keeps) = (line.of_time(had)?, line.of_time(had.checked_sub(wanted)?)?);
    Ok(Line {
        gpu_time: wanted,
        list: had.list.checked_sub(keeps.list)?,
        subsidy: had.subsidy.checked_sub(keeps.subsidy)?,
        own: had.own.checked_sub(keeps.own)?,
        ..line.clone()
    })
}

/// What a credit note of a company's document takes of its funder's for this pot: the same time of the same lines.
pub fn funder_parts(original: &Issued, pot: &str, note: &CreditNote) -> Vec<Part> {
    let positions = funder_positions(&original.sums.lines, pot);
    let place = |position: &i32| (1_i32..).zip(&positions).find(|(_, one)| *one == position).map(|(place, _)| place);
    let taken = note.positions.iter().zip(&note.sums.lines);
    let part = |(position, line): (&i32, &Line)| Some(Part { position: place(position)?, gpu_time: line.gpu_time });
    taken.filter_map(part).collect()
}

fn taken(parts: &[Part], position: i32) -> Result<GpuTime, Overflow> {
    GpuTime::sum(parts.iter().filter(|part| part.position == position).map(|part| part.gpu_time))
}

#[cfg(test)]
mod tests;
