//! What a company owes in return: a final report within three months of the end, and an interim one that releases the
//! second part of a large award.
//!
//! Refuses to judge a report: an officer approves it or returns it.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    allocation,
    gpu::GpuTime,
    money::Overflow,
    period::brussels_day,
    problem::{Invalid, Problem},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "interim"))]
    Interim,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "final"))]
    Final,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Interim, Self::Final];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Interim => "interim",
            Self::Final => "final",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// With the company.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "open"))]
    Open,
    /// With an officer.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "handed_in"))]
    HandedIn,
    /// With the company again.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "returned"))]
    Returned,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approved"))]
    Approved,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HandedIn => "handed_in",
            Self::Returned => "returned",
            Self::Approved => "approved",
        }
    }

    /// The company's turn.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Open | Self::Returned)
    }
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Months after the end of an allocation in which its final report is due (EuroHPC's terms: three), from a day on.
const DUE_MONTHS: &[(NaiveDate, u32)] = &[(YEAR_2026, 3)];

/// GPU-hours above which an award comes in two parts, from a day on (as ACCESS: half now, half after a report).
const INSTALMENTS_ABOVE: &[(NaiveDate, i64)] = &[(YEAR_2026, 50_000)];

fn in_force<T: Copy>(rows: &[(NaiveDate, T)], on: NaiveDate) -> Option<T> {
    rows.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from).map(|(_, value)| *value)
}

/// The last day for the final report of what ended on this day.
pub fn due_on(ended: NaiveDate) -> NaiveDate {
    let months = in_force(DUE_MONTHS, ended).unwrap_or(3);
    ended.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// Whether a report is late: with the company, and past its last day.
pub fn is_overdue(state: State, due_on: NaiveDate, today: NaiveDate) -> bool {
    state.is_owed() && due_on < today
}

/// How many reminders should have gone out by this day: one a month before, one a week before.
pub fn reminders(due_on: NaiveDate, today: NaiveDate) -> i32 {
    let month = due_on.checked_sub_months(Months::new(1)).unwrap_or(due_on);
    let week = due_on - Days::new(7);
    i32::from(month <= today) + i32::from(week <= today)
}

/// What may be used from the start; the rest waits for an approved interim report.
pub fn first_instalment(granted: GpuTime, on: NaiveDate) -> Result<GpuTime, Overflow> {
    let Some(limit) = in_force(INSTALMENTS_ABOVE, on) else { return Ok(granted) };
    if granted <= GpuTime::hours(limit)? {
        return Ok(granted);
    }
    // Whole hours; of an odd number the larger part comes first.
    let half = (granted.as_seconds() / 2 + 3_599) / 3_600;
    Ok(GpuTime::hours(half)?.min(granted))
}

/// When the interim report can be handed in: once the work has begun, and until the allocation ends.
pub fn can_hand_in_interim(state: allocation::State, first_day: NaiveDate, now: DateTime<Utc>) -> bool {
    state == allocation::State::Active && first_day <= brussels_day(now)
}

/// What is asked in a report: name, whether it must be answered, least words.
pub struct Field {
    pub name: &'static str,
    pub words_min: usize,
}

pub const FIELDS: [Field; 4] = [
    Field { name: "results", words_min: 10 },
    Field { name: "hours_use", words_min: 5 },
    Field { name: "publications", words_min: 0 },
    Field { name: "problems", words_min: 0 },
];

const LENGTH_MAX: usize = 8_000;

/// As typed: a draft takes anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Draft(BTreeMap<String, String>);

impl Draft {
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Keeps what these fields say; absurd lengths are cut.
    pub fn of(get: impl Fn(&str) -> String) -> Self {
        let names = FIELDS.iter().map(|field| field.name).chain(["acknowledged"]);
        let values = names.map(|name| {
            let value = get(name).replace("\r\n", "\n").chars().take(LENGTH_MAX + 1).collect();
            (name.to_owned(), value)
        });
        Self(values.filter(|(_, value): &(String, String)| !value.is_empty()).collect())
    }

    pub fn is_acknowledged(&self) -> bool {
        matches!(self.get("acknowledged"), "on" | "yes" | "true")
    }
}

/// Everything that keeps a report from being handed in.
pub fn hand_in(draft: &Draft) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for field in &FIELDS {
        let text = draft.get(field.name);
        let words = text.split_whitespace().count();
        if words == 0 && field.words_min > 0 {
            invalid.add(field.name, Problem::Required);
        } else if words < field.words_min {
            invalid.add(field.name, Problem::TooFewWords { min: i64::try_from(field.words_min).unwrap_or(i64::MAX) });
        } else if text.chars().count() > LENGTH_MAX {
            invalid.add(field.name, Problem::TooLong { max: 8_000 });
        } else if text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
            invalid.add(field.name, Problem::ControlCharacters);
        }
    }
    // The terms of access: results name the programme, the site and the project.
    if !draft.is_acknowledged() {
        invalid.add("acknowledged", Problem::MustAccept);
    }
    invalid.or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn h(hours: i64) -> GpuTime {
        GpuTime::hours(hours).unwrap()
    }

    #[test]
    fn three_months_and_two_reminders() {
        assert_eq!(due_on(day(2026, 11, 30)), day(2027, 2, 28));
        let due = day(2027, 2, 28);
        let sent = [(day(2027, 1, 27), 0), (day(2027, 1, 28), 1), (day(2027, 2, 20), 1), (day(2027, 2, 21), 2)];
        for (today, count) in sent {
            assert_eq!(reminders(due, today), count, "{today}");
        }
        assert!(!is_overdue(State::Open, due, due) && is_overdue(State::Open, due, day(2027, 3, 1)));
        assert!(is_overdue(State::Returned, due, day(2027, 3, 1)));
        for state in [State::HandedIn, State::Approved] {
            assert!(!is_overdue(state, due, day(2028, 1, 1)), "{state:?}");
        }
    }

    #[test]
    fn only_large_awards_come_in_two_parts_and_the_parts_are_the_whole() {
        let on = day(2026, 11, 23);
        assert_eq!(first_instalment(h(50_000), on), Ok(h(50_000)));
        assert_eq!(first_instalment(h(50_001), on), Ok(h(25_001)));
        assert_eq!(first_instalment(h(60_000), on), Ok(h(30_000)));
        assert_eq!(first_instalment(h(60_000), day(2025, 12, 31)), Ok(h(60_000)), "before the rule");
    }

    #[test]
    fn a_report_says_what_was_done_and_names_the_programme() {
        let words = |count: usize| "word ".repeat(count);
        let draft = |acknowledged: &str| {
            Draft::of(|name| match name {
                "results" => words(10),
                "hours_use" => words(5),
                "acknowledged" => acknowledged.to_owned(),
                _ => String::new(),
            })
        };
        assert_eq!(hand_in(&draft("on")), Ok(()));
        assert_eq!(hand_in(&draft("")), Err(Invalid::one("acknowledged", Problem::MustAccept)));
        let missing = hand_in(&Draft::default()).unwrap_err();
        assert!(missing.of("results").next().is_some() && missing.of("publications").next().is_none());
        let short = Draft::of(|name| if name == "results" { "Done.".to_owned() } else { String::new() });
        assert_eq!(hand_in(&short).unwrap_err().of("results").next(), Some(Problem::TooFewWords { min: 10 }));
        let hostile = Draft::of(|name| if name == "problems" { "\u{0}".to_owned() } else { "x".repeat(10_000_000) });
        assert_eq!(hand_in(&hostile).unwrap_err().of("problems").next(), Some(Problem::ControlCharacters));
        assert!(hostile.get("results").len() <= LENGTH_MAX + 1);
    }
}
