//! Instants, months and weeks as this programme counts them: deadlines and accounting months in Brussels time.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::{Europe::Brussels, Tz};
use serde::{Deserialize, Serialize};

/// The zone of every deadline and accounting month.
pub const ZONE: Tz = Brussels;

/// The calendar day in Brussels at this instant.
pub fn brussels_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&ZONE).date_naive()
}

/// The instant of a wall-clock time in Brussels. In the hour that summer time skips, the next instant that
/// exists; in the hour it repeats, the first.
pub fn brussels_instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = day.and_time(time);
    if let Some(found) = ZONE.from_local_datetime(&wall).earliest() {
        return found.to_utc();
    }
    let later = wall + chrono::TimeDelta::hours(1);
    ZONE.from_local_datetime(&later).earliest().map_or_else(|| Utc.from_utc_datetime(&wall), |found| found.to_utc())
}

/// Midnight in Brussels at the start of the day.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    brussels_instant(day, NaiveTime::MIN)
}

/// The Monday of the week that holds this day.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// Half-open: `start` is in, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

impl Period {
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.start <= at && at < self.end
    }
}

/// An accounting month in Brussels, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(NaiveDate);

impl Month {
    pub fn of(at: DateTime<Utc>) -> Self {
        Self::of_day(brussels_day(at))
    }

    pub fn of_day(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    pub fn next(self) -> Self {
        Self(self.0 + Months::new(1))
    }

    pub fn previous(self) -> Self {
        Self(self.0 - Months::new(1))
    }

    pub fn period(self) -> Period {
        Period { start: start_of_day(self.0), end: start_of_day(self.next().0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn ten_in_brussels_is_eight_utc_in_summer_and_nine_in_winter() {
        let ten = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
        assert_eq!(brussels_instant(day(2026, 7, 15), ten).to_rfc3339(), "2026-07-15T08:00:00+00:00");
        assert_eq!(brussels_instant(day(2026, 11, 30), ten).to_rfc3339(), "2026-11-30T09:00:00+00:00");
    }

    #[test]
    fn the_skipped_hour_moves_on_and_the_repeated_one_is_the_first() {
        let half_two = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
        assert_eq!(brussels_instant(day(2026, 3, 29), half_two).to_rfc3339(), "2026-03-29T01:30:00+00:00");
        assert_eq!(brussels_instant(day(2026, 10, 25), half_two).to_rfc3339(), "2026-10-25T00:30:00+00:00");
    }

    #[test]
    fn months_and_weeks_begin_where_brussels_says() {
        let last_hour = Utc.with_ymd_and_hms(2026, 10, 31, 23, 30, 0).unwrap();
        assert_eq!(Month::of(last_hour).first_day(), day(2026, 11, 1));
        assert_eq!(Month::of_day(day(2026, 12, 31)).next().first_day(), day(2027, 1, 1));
        assert_eq!(week_of(day(2026, 11, 23)), day(2026, 11, 23));
        assert_eq!(week_of(day(2026, 11, 29)), day(2026, 11, 23));
    }
}
