//! What a late payer owes besides the debt: statutory interest and the compensation for recovery costs (Directive
//! 2011/7/EU), and how old a debt is.
//!
//! Refuses to add any of it to an invoice: it is claimed in a letter, and asked for apart.

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    coded::coded,
    money::{BasisPoints, Money, Overflow},
};

/// The European Central Bank's rate for its main refinancing operations on the first day of each half-year (Directive
/// 2011/7/EU Art. 2(7)(a)(i) and Art. 3(2); source: ECB, key interest rates). The last row stays in force until the
/// next half-year's is added.
const REFERENCE: &[(i32, u32, i32)] =
    &[(2023, 1, 250), (2023, 7, 400), (2024, 1, 450), (2024, 7, 425), (2025, 1, 315), (2025, 7, 215), (2026, 1, 215)];

/// Percentage points above the reference rate (Art. 2(6)), from a day on.
const ABOVE: &[(NaiveDate, i32)] = &[(NaiveDate::MIN, 800)];

/// Cents for recovery costs, for each late payment and without a reminder (Art. 6(1) and (2)), from a day on.
const COSTS: &[(NaiveDate, i64)] = &[(NaiveDate::MIN, 4_000)];

fn in_force<T: Copy>(rows: &[(NaiveDate, T)], on: NaiveDate) -> Option<T> {
    rows.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from).map(|(_, value)| *value)
}

/// The statutory rate of a year on that day: that of its half-year.
pub fn rate(on: NaiveDate) -> BasisPoints {
    let half = (on.year(), if on.month() < 7 { 1 } else { 7 });
    let reference = REFERENCE.iter().filter(|(year, month, _)| (*year, *month) <= half).max();
    let reference = reference.or(REFERENCE.first()).map_or(0, |(.., points)| *points);
    BasisPoints::new(reference + in_force(ABOVE, on).unwrap_or(800))
}

/// What recovery costs are compensated with, of a debt that is late since this day.
pub fn costs(late_since: NaiveDate) -> Money {
    Money::cents(in_force(COSTS, late_since).unwrap_or(4_000))
}

/// Simple interest from the day after the due date up to and with this day, on what was unpaid day by day, rounded
/// once. `came` is what was received and on which day; money that came that day bears no more interest.
pub fn interest(
    total: Money,
    came: &[(NaiveDate, Money)],
    due_on: NaiveDate,
    today: NaiveDate,
) -> Result<Money, Overflow> {
    const DAYS_OF_YEAR: i128 = 365;
    let mut parts: i128 = 0;
    for day in due_on.iter_days().skip(1).take_while(|day| *day <= today) {
        let received = Money::sum(came.iter().filter(|(on, _)| *on <= day).map(|(_, amount)| *amount))?;
        let unpaid = total.checked_sub(received)?.max(Money::ZERO);
        parts += i128::from(unpaid.as_cents()) * i128::from(rate(day).get());
    }
    let whole = i128::from(BasisPoints::WHOLE.get()) * DAYS_OF_YEAR;
    i64::try_from((parts + whole / 2) / whole).map(Money::cents).map_err(|_| Overflow)
}

coded! {
    /// How old a debt is, as a report of ageing has it.
    Age {
        NotDue "not_due",
        To30 "to_30",
        To60 "to_60",
        To90 "to_90",
        Over90 "over_90",
    }
}

impl Age {
    /// Of what was due on that day; what has no due date is not due.
    pub fn of(due_on: Option<NaiveDate>, today: NaiveDate) -> Self {
        let late = due_on.map_or(0, |due| (today - due).num_days());
        match late {
            ..=0 => Self::NotDue,
            1..=30 => Self::To30,
            31..=60 => Self::To60,
            61..=90 => Self::To90,
            _ => Self::Over90,
        }
    }
}

/// The first day on which what was due on this day is late.
pub fn late_since(due_on: NaiveDate) -> NaiveDate {
    due_on + Days::new(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_rate_is_that_of_the_half_year() {
        let cases = [
            (day(2023, 6, 30), 1_050),
            (day(2023, 7, 1), 1_200),
            (day(2024, 6, 30), 1_250),
            (day(2024, 7, 1), 1_225),
            (day(2025, 7, 1), 1_015),
            (day(2026, 3, 1), 1_015),
            (day(2020, 1, 1), 1_050),
        ];
        for (on, points) in cases {
            assert_eq!(rate(on).get(), points, "{on}");
        }
    }

    #[test]
    fn interest_runs_from_the_day_after_the_due_date() {
        let total = Money::cents(1_000_000);
        let due = day(2026, 3, 31);
        assert_eq!(interest(total, &[], due, due), Ok(Money::ZERO));
        // 10,000.00 at 10.15 % is 2.7808 a day.
        assert_eq!(interest(total, &[], due, day(2026, 4, 1)), Ok(Money::cents(278)));
        assert_eq!(interest(total, &[], due, day(2026, 4, 30)), Ok(Money::cents(8_342)));
        assert_eq!(interest(total, &[], due, day(2027, 3, 31)), Ok(Money::cents(101_500)));
    }

    #[test]
    fn what_came_bears_no_more_interest() {
        let total = Money::cents(1_000_000);
        let due = day(2026, 3, 31);
        let half = [(day(2026, 4, 11), Money::cents(500_000))];
        // Ten days on the whole, twenty on the half.
        assert_eq!(interest(total, &half, due, day(2026, 4, 30)), Ok(Money::cents(5_562)));
        let all = [(day(2026, 3, 1), Money::cents(1_200_000))];
        assert_eq!(interest(total, &all, due, day(2026, 12, 31)), Ok(Money::ZERO));
    }

    #[test]
    fn interest_changes_its_rate_within_a_debt() {
        let total = Money::cents(36_500_000);
        // One day at 10.50 and one at 12.00 per cent: 105.00 and 120.00.
        assert_eq!(interest(total, &[], day(2023, 6, 29), day(2023, 7, 1)), Ok(Money::cents(22_500)));
        assert_eq!(costs(day(2026, 4, 1)), Money::cents(4_000));
    }

    #[test]
    fn a_debt_ages_by_the_day() {
        let due = day(2026, 11, 1);
        let after = |days| Age::of(Some(due), due + Days::new(days));
        assert_eq!((after(0), after(1), after(30)), (Age::NotDue, Age::To30, Age::To30));
        assert_eq!((after(31), after(60), after(61), after(90)), (Age::To60, Age::To60, Age::To90, Age::To90));
        assert_eq!((after(91), Age::of(None, due)), (Age::Over90, Age::NotDue));
    }
}
