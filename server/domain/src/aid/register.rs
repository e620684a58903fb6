//! What is published of aid, where and until when.
//!
//! De minimis aid: the central register, within 20 working days of the grant, kept ten years (Reg. (EU) 2023/2831,
//! Art. 6(1) to (3)), and a year's aid by sector for the Commission by 30 June (Art. 6(6)). Exempted aid above EUR
//! 100,000: the Transparency Award Module, within six months (Reg. (EU) No 651/2014, Art. 9(1)(c) and (4)).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Article;
use crate::{
    calendar,
    coded::coded,
    id::OrganisationId,
    money::{Money, Overflow},
};

coded! {
    Register {
        /// The central register of de minimis aid.
        DeMinimis "de_minimis",
        /// The Transparency Award Module.
        Transparency "transparency",
    }
}

type Day = (i32, u32, u32);

/// Grants from this day on go to the central register, within so many working days (Art. 6(2)).
const CENTRAL: &[(Day, u32)] = &[((2026, 1, 1), 20)];
/// Individual awards above so many cents are published, within so many months, from a first day on: Reg. (EU)
/// No 651/2014, Art. 9(1)(c), from EUR 500,000 to EUR 100,000 by Reg. (EU) 2023/1315.
const TRANSPARENT: &[(Day, i64, u32)] = &[((2016, 7, 1), 50_000_000, 6), ((2023, 7, 1), 10_000_000, 6)];
/// Records are kept so many years from the grant (Reg. (EU) 2023/2831, Art. 6(3); Reg. (EU) No 651/2014, Art. 12).
const KEPT_YEARS: u32 = 10;

fn day((y, m, d): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MAX)
}

/// Where a grant of that day is published, and by when at the latest; `None` where it need not be.
pub fn due(article: Article, amount: Money, granted_on: NaiveDate) -> Option<(Register, NaiveDate)> {
    if article == Article::DeMinimis {
        let (_, days) = CENTRAL.iter().rev().find(|(from, _)| day(*from) <= granted_on)?;
        return Some((Register::DeMinimis, calendar::working_days_after(granted_on, *days)));
    }
    let (_, above, months) = TRANSPARENT.iter().rev().find(|(from, ..)| day(*from) <= granted_on)?;
    (amount > Money::cents(*above)).then(|| (Register::Transparency, granted_on + Months::new(*months)))
}

/// What the two registers ask of grants of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Working days until de minimis aid is in the central register.
    pub days: u32,
    /// Exempted aid above this goes to the Transparency Award Module, within so many months.
    pub above: Money,
    pub months: u32,
    /// How long records are kept.
    pub years: u32,
}

/// The figures of that day, for people to read.
pub fn asked(on: NaiveDate) -> Asked {
    let central = CENTRAL.iter().rev().find(|(from, _)| day(*from) <= on).or(CENTRAL.first());
    let transparent = TRANSPARENT.iter().rev().find(|(from, ..)| day(*from) <= on).or(TRANSPARENT.first());
    let (_, above, months) = transparent.copied().unwrap_or_default();
    let days = central.map_or(0, |(_, days)| *days);
    Asked { days, above: Money::cents(above), months, years: KEPT_YEARS }
}

/// The day by which a year's aid by sector is with the Commission.
pub fn yearly_due(year: i32) -> NaiveDate {
    day((year.saturating_add(1), 6, 30))
}

/// The last day of a record.
pub fn kept_until(granted_on: NaiveDate) -> NaiveDate {
    granted_on + Months::new(KEPT_YEARS * 12)
}

/// A line of the year's aid: one division of NACE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sector {
    /// Empty where none is known.
    pub nace: String,
    pub beneficiaries: i64,
    pub grants: i64,
    pub amount: Money,
}

/// The grants of a year by division of NACE, in the order of the divisions.
pub fn by_sector(
    year: i32,
    grants: impl IntoIterator<Item = (String, OrganisationId, NaiveDate, Money)>,
) -> Result<Vec<Sector>, Overflow> {
    let mut found: BTreeMap<String, (BTreeSet<OrganisationId>, i64, Money)> = BTreeMap::new();
    for (nace, company, granted_on, amount) in grants {
        if granted_on.year() != year {
            continue;
        }
        let division = nace.get(..2).unwrap_or_default().to_owned();
        let sum = found.entry(division).or_default();
        sum.0.insert(company);
        (sum.1, sum.2) = (sum.1.saturating_add(1), sum.2.checked_add(amount)?);
    }
    let line = |(nace, (companies, grants, amount)): (String, (BTreeSet<OrganisationId>, i64, Money))| Sector {
        nace,
        beneficiaries: i64::try_from(companies.len()).unwrap_or(i64::MAX),
        grants,
        amount,
    };
    Ok(found.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_grant_is_in_the_register_within_twenty_working_days() {
        let due = |on| due(Article::DeMinimis, Money::cents(1), on);
        assert_eq!(due(at(2025, 12, 31)), None);
        assert_eq!(due(at(2026, 11, 2)), Some((Register::DeMinimis, at(2026, 11, 30))));
        // Over the turn of the year, when the institutions are closed.
        assert_eq!(due(at(2026, 11, 30)), Some((Register::DeMinimis, at(2027, 1, 6))));
    }

    #[test]
    fn exempted_aid_is_published_above_its_threshold() {
        let due = |cents, on| due(Article::Industrial, Money::cents(cents), on);
        assert_eq!(due(10_000_000, at(2026, 8, 31)), None);
        assert_eq!(due(10_000_001, at(2026, 8, 31)), Some((Register::Transparency, at(2027, 2, 28))));
        assert_eq!(due(10_000_001, at(2023, 6, 30)), None);
        let figures = Asked { days: 20, above: Money::cents(10_000_000), months: 6, years: 10 };
        assert_eq!(asked(at(2026, 8, 31)), figures);
    }

    fn id(number: u128) -> OrganisationId {
        OrganisationId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_year_by_sector() {
        let grants = [
            ("62.10".to_owned(), id(1), at(2026, 1, 1), Money::cents(5)),
            ("62.20".to_owned(), id(1), at(2026, 12, 31), Money::cents(7)),
            ("72.1".to_owned(), id(2), at(2026, 3, 1), Money::cents(1)),
            ("72.1".to_owned(), id(3), at(2025, 12, 31), Money::cents(9)),
            (String::new(), id(4), at(2026, 3, 1), Money::cents(2)),
        ];
        let lines = by_sector(2026, grants).unwrap();
        let read: Vec<(&str, i64, i64, i64)> = lines
            .iter()
            .map(|line| (line.nace.as_str(), line.beneficiaries, line.grants, line.amount.as_cents()))
            .collect();
        assert_eq!(read, [("", 1, 1, 2), ("62", 1, 2, 12), ("72", 1, 1, 1)]);
        assert_eq!(yearly_due(2026), at(2027, 6, 30));
        assert_eq!(kept_until(at(2026, 11, 28)), at(2036, 11, 28));
    }
}
