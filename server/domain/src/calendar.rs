//! Working days of the programme: Monday to Friday without the public holidays of the EU institutions.
//!
//! The holidays are data, one row a day. Refuses to know a site's own holidays: those are the site's to publish.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use crate::period::{brussels_day, brussels_instant};

/// Public holidays of the institutions on days that would otherwise be worked (list of the Commission for its
/// offices in Brussels and Luxembourg, published in the Official Journal, C series, for each year).
const HOLIDAYS: &[(i32, u32, u32)] = &[
    (2026, 1, 1),
    (2026, 1, 2),
    (2026, 4, 2),
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 1),
    (2026, 5, 14),
    (2026, 5, 15),
    (2026, 5, 25),
    (2026, 7, 21),
    (2026, 11, 2),
    (2026, 12, 24),
    (2026, 12, 25),
    (2026, 12, 28),
    (2026, 12, 29),
    (2026, 12, 30),
    (2026, 12, 31),
    (2027, 1, 1),
    (2027, 3, 25),
    (2027, 3, 26),
    (2027, 3, 29),
    (2027, 5, 6),
    (2027, 5, 7),
    (2027, 5, 17),
    (2027, 7, 21),
    (2027, 11, 1),
    (2027, 11, 2),
    (2027, 12, 24),
    (2027, 12, 27),
    (2027, 12, 28),
    (2027, 12, 29),
    (2027, 12, 30),
    (2027, 12, 31),
];

/// Whether the programme works on that day.
pub fn is_working_day(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend && !HOLIDAYS.contains(&(day.year(), day.month(), day.day()))
}

/// The `count`-th working day after this day; the day itself does not count (Reg. (EEC, Euratom) 1182/71, Art. 3(1)).
pub fn working_days_after(day: NaiveDate, count: u32) -> NaiveDate {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        day = day + Days::new(1);
        if is_working_day(day) {
            left -= 1;
        }
    }
    day
}

/// Working days after the first day up to and including the last: nought where the last is not later.
pub fn working_days_between(first: NaiveDate, last: NaiveDate) -> u32 {
    let days = first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| is_working_day(*day)).count();
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// The last second, in Brussels, of the `days`-th working day after this instant: a period expresses itself in whole
/// days and ends with the last hour of the last (Reg. (EEC, Euratom) 1182/71, Art. 3(2)(b)).
pub fn deadline(submitted: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let last = working_days_after(brussels_day(submitted), days);
    brussels_instant(last, NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let cases = [
            (day(2026, 11, 23), 2, day(2026, 11, 25)),
            (day(2026, 11, 27), 2, day(2026, 12, 1)),
            (day(2026, 11, 28), 1, day(2026, 11, 30)),
            (day(2026, 12, 23), 2, day(2027, 1, 5)),
            (day(2026, 4, 1), 1, day(2026, 4, 7)),
            (day(2026, 12, 15), 10, day(2027, 1, 7)),
        ];
        for (from, count, expected) in cases {
            assert_eq!(working_days_after(from, count), expected, "{count} after {from}");
        }
    }

    #[test]
    fn days_between_are_the_inverse_of_days_after() {
        for (from, count) in [(day(2026, 11, 23), 2), (day(2026, 12, 23), 5), (day(2026, 11, 28), 1)] {
            assert_eq!(working_days_between(from, working_days_after(from, count)), count, "{from}");
        }
        assert_eq!(working_days_between(day(2026, 11, 27), day(2026, 11, 29)), 0);
        assert_eq!(working_days_between(day(2026, 11, 27), day(2026, 11, 20)), 0);
    }

    #[test]
    fn a_deadline_is_the_end_of_the_day_in_brussels() {
        // 23:30 UTC on Sunday is already Monday in Brussels.
        let late = "2026-11-22T23:30:00Z".parse().unwrap();
        assert_eq!(deadline(late, 2).to_rfc3339(), "2026-11-25T22:59:59+00:00");
        let summer = "2026-07-13T08:00:00Z".parse().unwrap();
        assert_eq!(deadline(summer, 2).to_rfc3339(), "2026-07-15T21:59:59+00:00");
    }

    #[test]
    fn every_holiday_is_a_date_on_a_weekday() {
        for (y, m, d) in HOLIDAYS {
            assert!(!matches!(day(*y, *m, *d).weekday(), Weekday::Sat | Weekday::Sun), "{y}-{m}-{d}");
        }
    }
}
