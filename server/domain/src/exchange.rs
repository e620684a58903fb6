//! Where VAT is owed in a state without the euro, its amount stands on the invoice in that state's currency too
//! (Directive 2006/112/EC Art. 230), at the rate of the European Central Bank (Art. 91(2)).
//!
//! Refuses to guess: no rate of those days, no amount.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    money::{Money, Overflow},
};

/// Days a published rate is in force at most: the ECB publishes on its working days, and Easter is four days long.
pub const DAYS_IN_FORCE: i64 = 5;

type Day = (i32, u32, u32);

/// Country, currency, and the day from which the euro has taken its place.
/// Bulgaria: Council Decision (EU) 2025/1407. Croatia: Council Decision (EU) 2022/1211.
const NATIONAL: &[(&str, &str, Option<Day>)] = &[
    ("BG", "BGN", Some((2026, 1, 1))),
    ("CZ", "CZK", None),
    ("DK", "DKK", None),
    ("HR", "HRK", Some((2023, 1, 1))),
    ("HU", "HUF", None),
    ("PL", "PLN", None),
    ("RO", "RON", None),
    ("SE", "SEK", None),
];

/// Currencies a rate can be recorded for.
pub fn currencies(on: NaiveDate) -> Vec<&'static str> {
    NATIONAL.iter().filter(|row| is_in_force(row.2, on)).map(|row| row.1).collect()
}

/// What a Member State without the euro pays with on that day.
pub fn national_currency(country: Country, on: NaiveDate) -> Option<&'static str> {
    NATIONAL.iter().find(|row| row.0 == country.code() && is_in_force(row.2, on)).map(|row| row.1)
}

fn is_in_force(euro_from: Option<Day>, on: NaiveDate) -> bool {
    let euro = euro_from.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day));
    euro.is_none_or(|euro| on < euro)
}

/// What one euro was worth on the day it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    pub currency: String,
    pub day: NaiveDate,
    /// Units of the currency for one euro, in millionths.
    pub micros: i64,
    pub source: String,
}

/// The VAT of a document in the currency of the state it is owed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalVat {
    pub rate: ExchangeRate,
    /// Hundredths of the currency.
    pub hundredths: i64,
}

impl NationalVat {
    pub fn of(vat: Money, rate: ExchangeRate) -> Result<Self, Overflow> {
        Ok(Self { hundredths: converted(vat, &rate)?, rate })
    }

    /// What two amounts at the same rate differ by: a credit's VAT, so that all credits add up to the invoice's.
    pub fn less(&self, kept: Money, credited: i64) -> Result<Self, Overflow> {
        let kept = converted(kept, &self.rate)?;
        let hundredths = self.hundredths.checked_sub(credited).and_then(|left| left.checked_sub(kept));
        Ok(Self { rate: self.rate.clone(), hundredths: hundredths.ok_or(Overflow)? })
    }
}

/// The rate in force on that day: the last one published, unless that is too long ago.
pub fn rate_on<'a>(rows: &'a [ExchangeRate], currency: &str, on: NaiveDate) -> Option<&'a ExchangeRate> {
    let last = rows.iter().filter(|row| row.currency == currency && row.day <= on).max_by_key(|row| row.day)?;
    (on - last.day <= TimeDelta::days(DAYS_IN_FORCE)).then_some(last)
}

/// Half away from zero to the hundredth, so that a credit mirrors its charge.
fn converted(vat: Money, rate: &ExchangeRate) -> Result<i64, Overflow> {
    const MILLIONTHS: i128 = 1_000_000;
    let product = i128::from(vat.as_cents()) * i128::from(rate.micros);
    let half = if product < 0 { -MILLIONTHS / 2 } else { MILLIONTHS / 2 };
    i64::try_from((product + half) / MILLIONTHS).map_err(|_| Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn rate(on: NaiveDate, micros: i64) -> ExchangeRate {
        ExchangeRate { currency: "SEK".to_owned(), day: on, micros, source: "ECB".to_owned() }
    }

    #[test]
    fn the_euro_takes_the_place_of_a_currency_on_its_day() {
        let currency = |code: &str, on| national_currency(Country::from_code(code).unwrap(), on);
        assert_eq!(currency("SE", day(2026, 11, 30)), Some("SEK"));
        assert_eq!(currency("DE", day(2026, 11, 30)), None);
        assert_eq!(currency("BG", day(2025, 12, 31)), Some("BGN"));
        assert_eq!(currency("BG", day(2026, 1, 1)), None);
        assert_eq!(currencies(day(2026, 11, 30)), ["CZK", "DKK", "HUF", "PLN", "RON", "SEK"]);
    }

    #[test]
    fn the_last_published_rate_counts_and_an_old_one_does_not() {
        let rows = [rate(day(2026, 4, 2), 11_000_000), rate(day(2026, 4, 7), 11_100_000)];
        let found = |on| rate_on(&rows, "SEK", on).map(|row| row.micros);
        // Maundy Thursday's holds over Easter Monday.
        assert_eq!(found(day(2026, 4, 6)), Some(11_000_000));
        assert_eq!(found(day(2026, 4, 7)), Some(11_100_000));
        assert_eq!(found(day(2026, 4, 1)), None);
        assert_eq!(found(day(2026, 4, 13)), None);
        assert_eq!(rate_on(&rows, "DKK", day(2026, 4, 7)), None);
    }

    #[test]
    fn amounts_are_rounded_once_and_credits_add_up() {
        let vat = NationalVat::of(Money::cents(12_345), rate(day(2026, 11, 30), 10_987_654)).unwrap();
        assert_eq!(vat.hundredths, 135_643);
        let half = vat.less(Money::cents(6_172), 0).unwrap();
        let rest = vat.less(Money::ZERO, half.hundredths).unwrap();
        assert_eq!(half.hundredths + rest.hundredths, vat.hundredths);
        assert_eq!(NationalVat::of(Money::cents(i64::MAX), rate(day(2026, 1, 1), i64::MAX)), Err(Overflow));
    }
}
