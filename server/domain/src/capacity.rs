//! A site's GPUs by model and week: what is published, what is taken, what is free.
//!
//! A week is named by its Monday. GPUs are lent for whole weeks; hours are counted by the ledger.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::SiteId,
    money::Overflow,
    period::week_of,
    problem::{Invalid, Problem},
};

pub const SECONDS_A_WEEK: i64 = 7 * 24 * 3_600;

/// More GPUs of one model than any site has: a slip of the key.
pub const GPUS_MAX: i64 = 1_000_000;

/// One model at one site in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub site: SiteId,
    pub country: Country,
    pub model: GpuModel,
    /// Monday.
    pub week: NaiveDate,
    pub gpus: i64,
    pub maintenance: i64,
    /// In offers that nobody has answered yet.
    pub held: i64,
    pub booked: i64,
}

impl Window {
    pub const fn free(&self) -> i64 {
        let free = self.gpus.saturating_sub(self.maintenance).saturating_sub(self.held).saturating_sub(self.booked);
        if free > 0 { free } else { 0 }
    }
}

/// What a site has of one model over some weeks: the most GPUs, and the least and the most that are free in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    pub gpus: i64,
    pub least_free: i64,
    pub most_free: i64,
}

/// The outlook of each site and model that publishes anything in these windows.
pub fn outlook(windows: &[Window]) -> BTreeMap<(SiteId, GpuModel), Outlook> {
    let mut found: BTreeMap<(SiteId, GpuModel), Outlook> = BTreeMap::new();
    for window in windows.iter().filter(|window| window.gpus > 0) {
        let free = window.free();
        let first = Outlook { gpus: window.gpus, least_free: free, most_free: free };
        let so_far = found.entry((window.site, window.model)).or_insert(first);
        so_far.gpus = so_far.gpus.max(window.gpus);
        so_far.least_free = so_far.least_free.min(free);
        so_far.most_free = so_far.most_free.max(free);
    }
    found
}

/// A rectangle of capacity: so many GPUs at one site for some whole weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    pub site: SiteId,
    pub model: GpuModel,
    /// Monday.
    pub first_week: NaiveDate,
    pub weeks: i32,
    pub gpus: i64,
}

impl Slot {
    /// The Mondays of the slot, in order.
    pub fn mondays(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let first = self.first_week;
        (0..u64::try_from(self.weeks).unwrap_or(0)).filter_map(move |week| first.checked_add_days(Days::new(7 * week)))
    }

    /// The first day after the slot.
    pub fn end(&self) -> NaiveDate {
        let days = Days::new(7 * u64::try_from(self.weeks).unwrap_or(0));
        self.first_week.checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }

    /// What the GPUs could deliver if they never stood still.
    pub fn gpu_time(&self) -> Result<GpuTime, Overflow> {
        let weeks = self.gpus.checked_mul(i64::from(self.weeks)).ok_or(Overflow)?;
        weeks.checked_mul(SECONDS_A_WEEK).map(GpuTime::seconds).ok_or(Overflow)
    }
}

/// What one allocation takes of one model at one site: nearly always a single slot, several where the work may pause
/// or change the number of its GPUs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slots {
    first: Slot,
    /// In the order of time; each begins when the one before has ended, or later.
    further: Vec<Slot>,
}

impl From<Slot> for Slots {
    fn from(first: Slot) -> Self {
        Self { first, further: Vec::new() }
    }
}

impl Slots {
    /// `None` unless all are of one model at one site, and none begins before the one before it has ended.
    pub fn new(first: Slot, further: Vec<Slot>) -> Option<Self> {
        let mut end = first.end();
        for slot in &further {
            if (slot.site, slot.model) != (first.site, first.model) || slot.first_week < end {
                return None;
            }
            end = slot.end();
        }
        Some(Self { first, further })
    }

    /// The same of a list; `None` for an empty one as well.
    pub fn of(slots: Vec<Slot>) -> Option<Self> {
        let mut slots = slots.into_iter();
        Self::new(slots.next()?, slots.collect())
    }

    pub const fn first(&self) -> Slot {
        self.first
    }

    pub fn further(&self) -> &[Slot] {
        &self.further
    }

    pub const fn is_one(&self) -> bool {
        self.further.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Slot> {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// The first day after the last of them.
    pub fn end(&self) -> NaiveDate {
        self.further.last().unwrap_or(&self.first).end()
    }

    /// Each of its Mondays with that week's GPUs, in order.
    pub fn mondays(&self) -> impl Iterator<Item = (NaiveDate, Slot)> {
        self.iter().flat_map(|slot| slot.mondays().map(|monday| (monday, *slot)))
    }

    /// Weeks with GPUs.
    pub fn weeks(&self) -> i64 {
        self.iter().map(|slot| i64::from(slot.weeks)).sum()
    }

    /// GPUs at once, in the week with the most of them.
    pub fn most_gpus(&self) -> i64 {
        self.iter().map(|slot| slot.gpus).max().unwrap_or(0)
    }

    /// What the GPUs could deliver if they never stood still.
    pub fn gpu_time(&self) -> Result<GpuTime, Overflow> {
        self.iter().try_fold(GpuTime::ZERO, |sum, slot| sum.checked_add(slot.gpu_time()?))
    }
}

/// Whole weeks that so many GPUs need for this GPU time; at least one.
pub fn weeks_for(gpu_time: GpuTime, gpus: i64) -> i32 {
    let a_week = gpus.max(1).saturating_mul(SECONDS_A_WEEK);
    let weeks = gpu_time.as_seconds().max(1).saturating_sub(1) / a_week + 1;
    i32::try_from(weeks).unwrap_or(i32::MAX)
}

/// The first Monday on or after the day.
pub fn monday_from(day: NaiveDate) -> NaiveDate {
    let monday = week_of(day);
    if monday == day { day } else { next_week(monday) }
}

pub fn next_week(monday: NaiveDate) -> NaiveDate {
    monday.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX)
}

/// What an operator publishes for a run of weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    pub model: GpuModel,
    /// Monday.
    pub first_week: NaiveDate,
    pub weeks: i32,
    pub gpus: i64,
    pub maintenance: i64,
}

impl Publication {
    /// `today` in Brussels. What is already promised is checked against each week's row.
    pub fn check(&self, today: NaiveDate) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.first_week < week_of(today) {
            invalid.add("first_week", Problem::InThePast);
        } else if self.first_week != week_of(self.first_week) {
            invalid.add("first_week", Problem::NotAChoice);
        }
        match self.weeks {
            ..1 => invalid.add("weeks", Problem::TooSmall { min: 1 }),
            105.. => invalid.add("weeks", Problem::TooLarge { max: 104 }),
            _ => {}
        }
        if self.gpus < 0 {
            invalid.add("gpus", Problem::TooSmall { min: 0 });
        } else if self.gpus > GPUS_MAX {
            invalid.add("gpus", Problem::TooLarge { max: GPUS_MAX });
        }
        if self.maintenance < 0 {
            invalid.add("maintenance", Problem::TooSmall { min: 0 });
        } else if self.maintenance > self.gpus {
            invalid.add("maintenance", Problem::TooLarge { max: self.gpus.max(0) });
        }
        invalid.or(())
    }

    /// Whether a week with these promises can take this publication: a promise is never broken by a new figure.
    pub fn keeps_promises(&self, held: i64, booked: i64) -> Result<(), Invalid> {
        let promised = held.saturating_add(booked).saturating_add(self.maintenance);
        if self.gpus >= promised { Ok(()) } else { Err(Invalid::one("gpus", Problem::TooSmall { min: promised })) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn an_outlook_says_the_least_and_the_most_that_is_free() {
        let site = SiteId::from_uuid(Uuid::from_u128(1));
        let window = |week, gpus, booked| Window {
            site,
            country: Country::from_code("FI").unwrap(),
            model: GpuModel::H100,
            week,
            gpus,
            maintenance: 2,
            held: 0,
            booked,
        };
        let windows =
            [window(day(2026, 11, 30), 64, 10), window(day(2026, 12, 7), 32, 40), window(day(2026, 12, 14), 0, 0)];
        let outlook = outlook(&windows);
        assert_eq!(outlook[&(site, GpuModel::H100)], Outlook { gpus: 64, least_free: 0, most_free: 52 });
        assert_eq!(outlook.len(), 1);
    }

    #[test]
    fn slots_of_one_allocation_follow_each_other_at_one_place() {
        let site = SiteId::from_uuid(Uuid::from_u128(1));
        let slot = |first, weeks, gpus| Slot { site, model: GpuModel::H100, first_week: first, weeks, gpus };
        let (first, later) = (slot(day(2026, 12, 7), 2, 8), slot(day(2027, 1, 4), 1, 16));
        let slots = Slots::new(first, vec![later]).unwrap();
        assert_eq!((slots.weeks(), slots.most_gpus(), slots.end()), (3, 16, day(2027, 1, 11)));
        assert_eq!(slots.gpu_time().unwrap(), GpuTime::seconds(32 * SECONDS_A_WEEK));
        assert!(Slots::new(first, vec![slot(day(2026, 12, 14), 1, 8)]).is_none(), "at the same time");
        assert!(Slots::new(first, vec![slot(day(2026, 12, 21), 1, 4)]).is_some(), "right after it");
        assert!(Slots::new(first, vec![Slot { model: GpuModel::A100, ..later }]).is_none());
        assert!(Slots::new(later, vec![first]).is_none());
        assert!(Slots::from(first).is_one());
    }

    #[test]
    fn weeks_are_rounded_up() {
        let week = GpuTime::seconds(8 * SECONDS_A_WEEK);
        assert_eq!(weeks_for(week, 8), 1);
        assert_eq!(weeks_for(GpuTime::seconds(8 * SECONDS_A_WEEK + 1), 8), 2);
        assert_eq!(weeks_for(GpuTime::seconds(1), 8), 1);
        assert_eq!(weeks_for(GpuTime::ZERO, 8), 1);
    }

    #[test]
    fn a_slot_is_half_open() {
        let slot = Slot {
            site: SiteId::from_uuid(Uuid::nil()),
            model: GpuModel::H100,
            first_week: day(2026, 12, 28),
            weeks: 2,
            gpus: 4,
        };
        assert_eq!(slot.mondays().collect::<Vec<_>>(), [day(2026, 12, 28), day(2027, 1, 4)]);
        assert_eq!(slot.end(), day(2027, 1, 11));
        assert_eq!(slot.gpu_time().unwrap().whole_hours(), 2 * 4 * 168);
    }

    #[test]
    fn mondays() {
        assert_eq!(monday_from(day(2026, 11, 23)), day(2026, 11, 23));
        assert_eq!(monday_from(day(2026, 11, 24)), day(2026, 11, 30));
    }

    #[test]
    fn a_publication_keeps_what_was_promised() {
        let published =
            Publication { model: GpuModel::A100, first_week: day(2026, 11, 30), weeks: 4, gpus: 100, maintenance: 10 };
        assert_eq!(published.check(day(2026, 11, 23)), Ok(()));
        assert_eq!(published.keeps_promises(60, 30), Ok(()));
        assert_eq!(published.keeps_promises(60, 31), Err(Invalid::one("gpus", Problem::TooSmall { min: 101 })));
        let late = Publication { first_week: day(2026, 11, 16), ..published };
        assert_eq!(late.check(day(2026, 11, 23)), Err(Invalid::one("first_week", Problem::InThePast)));
        let all_in_maintenance = Publication { maintenance: 101, ..published };
        assert!(all_in_maintenance.check(day(2026, 11, 23)).is_err());
    }
}
