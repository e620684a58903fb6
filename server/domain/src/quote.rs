//! A quote: a price with everything it rests on, promised to a company until an instant.
//!
//! Refuses to be changed: other inputs make another version, and the one before is replaced. It runs out by the clock,
//! so that no job must have come by.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::{
    coded::coded,
    gpu::{GpuModel, GpuTime},
    id::SiteId,
    period::{brussels_day, start_of_day, week_of},
};

coded! {
    /// What the database keeps. Whether an open one has run out is the clock's to say: [`Standing`].
    State {
        Open "open",
        /// An offer was accepted at its prices.
        Accepted "accepted",
        /// A later version took its place.
        Replaced "replaced",
    }
}

/// Where a quote stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Open,
    Expired,
    Accepted,
    Replaced,
}

impl Standing {
    pub const ALL: [Self; 4] = [Self::Open, Self::Expired, Self::Accepted, Self::Replaced];

    /// Open at this instant, or run out: the instant of its end is no longer in.
    pub fn of(state: State, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match state {
            State::Open if now < expires_at => Self::Open,
            State::Open => Self::Expired,
            State::Accepted => Self::Accepted,
            State::Replaced => Self::Replaced,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Replaced => "replaced",
        }
    }
}

/// What a price is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inputs {
    pub model: GpuModel,
    /// A site, or any.
    pub site: Option<SiteId>,
    pub gpu_time: GpuTime,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

impl Inputs {
    /// Whether a price for these holds for GPUs of that model at that site.
    pub fn covers(&self, site: SiteId, model: GpuModel) -> bool {
        self.model == model && self.site.is_none_or(|named| named == site)
    }

    /// Whether it holds in weeks from this Monday to before that one. How sought after weeks are matters only at a site
    /// that was named.
    pub fn covers_weeks(&self, first: NaiveDate, end: NaiveDate) -> bool {
        let last = end.pred_opt().map(week_of);
        self.site.is_none() || (first >= week_of(self.first_day) && last.is_some_and(|last| last <= self.last_day))
    }
}

/// Until when a quote of this instant stands: to the end of so many days in Brussels after today.
pub fn expires_at(now: DateTime<Utc>, days: i32) -> DateTime<Utc> {
    let days = u64::try_from(days).unwrap_or_default().saturating_add(1);
    let today = brussels_day(now);
    start_of_day(today.checked_add_days(Days::new(days)).unwrap_or(today))
}

/// The series of its numbers, without gaps in each year.
pub fn series(year: i32) -> String {
    format!("quote:{year}")
}

/// `GH-Q-2026-00042`; later versions keep the number.
pub fn reference(year: i32, number: i64) -> String {
    format!("GH-Q-{year}-{number:05}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_quote_runs_out_at_its_instant_and_not_before() {
        let ends = at("2026-12-24T23:00:00Z");
        let standing = |now| Standing::of(State::Open, ends, at(now));
        assert_eq!(standing("2026-12-24T22:59:59Z"), Standing::Open);
        assert_eq!(standing("2026-12-24T23:00:00Z"), Standing::Expired, "the instant itself is out");
        assert_eq!(Standing::of(State::Accepted, ends, at("2027-01-01T00:00:00Z")), Standing::Accepted);
        assert_eq!(Standing::of(State::Replaced, ends, at("2026-12-01T00:00:00Z")), Standing::Replaced);
    }

    #[test]
    fn the_last_day_is_whole_in_brussels_summer_and_winter() {
        assert_eq!(expires_at(at("2026-11-23T09:00:00Z"), 30), at("2026-12-23T23:00:00Z"));
        assert_eq!(expires_at(at("2026-11-23T23:30:00Z"), 30), at("2026-12-24T23:00:00Z"), "the 24th in Brussels");
        assert_eq!(expires_at(at("2026-10-20T09:00:00Z"), 7), at("2026-10-27T23:00:00Z"), "after the change of clocks");
        assert_eq!(expires_at(at("2026-07-01T09:00:00Z"), 0), at("2026-07-01T22:00:00Z"));
    }

    #[test]
    fn a_price_for_any_site_covers_each_and_one_for_a_site_only_that() {
        let site = |number| SiteId::from_uuid(uuid::Uuid::from_u128(number));
        let day = at("2026-11-23T09:00:00Z").date_naive();
        let any = Inputs { model: GpuModel::H100, site: None, gpu_time: GpuTime::ZERO, first_day: day, last_day: day };
        assert!(any.covers(site(1), GpuModel::H100) && !any.covers(site(1), GpuModel::H200));
        let one = Inputs { site: Some(site(1)), ..any };
        assert!(one.covers(site(1), GpuModel::H100) && !one.covers(site(2), GpuModel::H100));
        assert_eq!((series(2026), reference(2026, 42)), ("quote:2026".to_owned(), "GH-Q-2026-00042".to_owned()));
    }
}
