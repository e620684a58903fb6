//! Access modes as data: what one may ask for, until when, how long the answer takes, and which questions are asked.
//!
//! Their rules are tested against somebody's facts by [`Mode::fits`], before writing, at submit, at award and at
//! booking alike. Refuses constants: sizes, dates and clocks come from a row with the day it is valid from.

use std::fmt;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar,
    country::{self, Country},
    gpu::GpuTime,
    money::BasisPoints,
    organisation::SizeClass,
    period::{brussels_day, brussels_instant},
    problem::Problem,
};

/// The three tracks of industrial access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
pub enum Code {
    /// Playground: small, first come first served.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "PG"))]
    PG,
    /// Fast Lane: for those who know large machines.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "FL"))]
    FL,
    /// Large Scale: by cut-off dates, with peer review.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "LS"))]
    LS,
}

impl Code {
    pub const ALL: [Self; 3] = [Self::PG, Self::FL, Self::LS];

    pub const fn code(self) -> &'static str {
        match self {
            Self::PG => "PG",
            Self::FL => "FL",
            Self::LS => "LS",
        }
    }

    /// In either case, as it stands in an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code().eq_ignore_ascii_case(code))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One version of a mode's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mode {
    pub code: Code,
    pub version: i32,
    pub valid_from: NaiveDate,
    /// GPU-hours; strictly more than this.
    pub more_than_hours: i64,
    /// GPU-hours; not more than this.
    pub at_most_hours: i64,
    /// The durations one may choose from.
    pub months: Vec<u32>,
    pub max_gpus: i64,
    /// Applications in this mode that one organisation may have open at once.
    pub at_once: i64,
    pub classes: Vec<SizeClass>,
    /// The pot that pays the subsidy.
    pub pot: String,
    /// Working days until the answer, from submission or from the cut-off.
    pub working_days: u32,
    /// Empty where one may apply at any time.
    pub cut_offs: Vec<NaiveDate>,
    /// Wall-clock time in Brussels of every cut-off.
    pub cut_off_time: NaiveTime,
    /// Names of the fields that this mode asks beyond what all ask.
    pub questions: Vec<String>,
    /// Most of the programme's time that this mode may take.
    pub quota: BasisPoints,
    pub peer_review: bool,
}

/// What is known of an applicant and their wish; `None` is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    pub country: Option<Country>,
    pub size_class: Option<SizeClass>,
    /// Applications of the organisation in this mode that are open, this one not counted.
    pub open: Option<i64>,
    pub gpu_time: Option<GpuTime>,
    pub gpus: Option<i64>,
    pub months: Option<u32>,
    pub earliest: Option<NaiveDate>,
    /// The last day on which the work may run.
    pub deadline: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The organisation is established in a state that takes part (Reg. (EU) 2021/1173, Art. 12b).
    Country,
    SizeClass,
    /// Applications can be handed in now.
    Open,
    AtOnce,
    Hours,
    Gpus,
    Months,
    /// The work can start only after the answer.
    Earliest,
    /// The GPUs asked for can do the hours asked for between the first and the last day.
    Feasible,
}

impl Rule {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::SizeClass => "size-class",
            Self::Open => "open",
            Self::AtOnce => "at-once",
            Self::Hours => "hours",
            Self::Gpus => "gpus",
            Self::Months => "months",
            Self::Earliest => "earliest",
            Self::Feasible => "feasible",
        }
    }
}

/// The fact that a rule looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Nothing,
    Country(Country),
    Class(SizeClass),
    Count(i64),
    Time(GpuTime),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
    /// Not to be said before more is known.
    Open,
}

/// One rule tested against the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub rule: Rule,
    pub outcome: Outcome,
    pub seen: Seen,
}

impl Mode {
    pub fn more_than(&self) -> GpuTime {
        GpuTime::hours(self.more_than_hours).unwrap_or_default()
    }

    pub fn at_most(&self) -> GpuTime {
        GpuTime::hours(self.at_most_hours).unwrap_or_default()
    }

    pub fn admits(&self, time: GpuTime) -> bool {
        self.more_than() < time && time <= self.at_most()
    }

    pub const fn is_always_open(&self) -> bool {
        self.cut_offs.is_empty()
    }

    /// The next cut-off after this instant. What comes at the very second of one is late for it.
    pub fn next_cut_off(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.cut_offs.iter().map(|day| brussels_instant(*day, self.cut_off_time)).filter(|at| now < *at).min()
    }

    /// When the answer to what is handed in now is due; `None` if nothing can be handed in any more.
    pub fn answer_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let from = if self.is_always_open() { now } else { self.next_cut_off(now)? };
        Some(calendar::deadline(from, self.working_days))
    }

    /// Every rule, in the order of a page, with what it saw.
    pub fn fits(&self, facts: &Facts, now: DateTime<Utc>) -> Vec<Check> {
        vec![
            self.country(facts, now),
            self.size_class(facts),
            self.open(now),
            self.at_once(facts),
            self.hours(facts),
            self.gpus(facts),
            self.duration(facts),
            self.earliest(facts, now),
            feasible(facts),
        ]
    }

    fn country(&self, facts: &Facts, now: DateTime<Utc>) -> Check {
        let seen = facts.country.map_or(Seen::Nothing, Seen::Country);
        let holds = facts.country.map(|country| country::eligibility(country, brussels_day(now)).holds());
        check(Rule::Country, seen, holds)
    }

    fn size_class(&self, facts: &Facts) -> Check {
        let seen = facts.size_class.map_or(Seen::Nothing, Seen::Class);
        check(Rule::SizeClass, seen, facts.size_class.map(|class| self.classes.contains(&class)))
    }

    fn open(&self, now: DateTime<Utc>) -> Check {
        let seen = self.next_cut_off(now).map_or(Seen::Nothing, Seen::Instant);
        check(Rule::Open, seen, Some(self.answer_due(now).is_some()))
    }

    fn at_once(&self, facts: &Facts) -> Check {
        check(Rule::AtOnce, facts.open.map_or(Seen::Nothing, Seen::Count), facts.open.map(|open| open < self.at_once))
    }

    fn hours(&self, facts: &Facts) -> Check {
        let seen = facts.gpu_time.map_or(Seen::Nothing, Seen::Time);
        check(Rule::Hours, seen, facts.gpu_time.map(|time| self.admits(time)))
    }

    fn gpus(&self, facts: &Facts) -> Check {
        let holds = facts.gpus.map(|gpus| 0 < gpus && gpus <= self.max_gpus);
        check(Rule::Gpus, facts.gpus.map_or(Seen::Nothing, Seen::Count), holds)
    }

    fn duration(&self, facts: &Facts) -> Check {
        let seen = facts.months.map_or(Seen::Nothing, |months| Seen::Count(i64::from(months)));
        check(Rule::Months, seen, facts.months.map(|months| self.months.contains(&months)))
    }

    fn earliest(&self, facts: &Facts, now: DateTime<Utc>) -> Check {
        let seen = facts.earliest.map_or(Seen::Nothing, Seen::Day);
        let holds = facts.earliest.and_then(|day| self.answer_due(now).map(|due| brussels_day(due) < day));
        check(Rule::Earliest, seen, holds)
    }
}

fn feasible(facts: &Facts) -> Check {
    let holds = match (facts.gpu_time, facts.gpus, facts.earliest, facts.deadline) {
        (Some(time), Some(gpus), Some(first), Some(last)) => {
            let days = (last - first).num_days() + 1;
            let most = gpus.max(0).saturating_mul(days.max(0)).saturating_mul(86_400);
            Some(time.as_seconds() <= most)
        }
        _ => None,
    };
    check(Rule::Feasible, facts.deadline.map_or(Seen::Nothing, Seen::Day), holds)
}

const fn check(rule: Rule, seen: Seen, holds: Option<bool>) -> Check {
    let outcome = match holds {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Open,
    };
    Check { rule, outcome, seen }
}

/// The versions in force on that day, one a code, in the order of the codes.
pub fn in_force(rows: &[Mode], on: NaiveDate) -> Vec<&Mode> {
    Code::ALL
        .into_iter()
        .filter_map(|code| {
            rows.iter()
                .filter(|row| row.code == code && row.valid_from <= on)
                .max_by_key(|row| (row.valid_from, row.version))
        })
        .collect()
}

/// The mode that admits this much GPU time, if one does.
pub fn for_time<'a>(modes: &[&'a Mode], time: GpuTime) -> Option<&'a Mode> {
    modes.iter().copied().find(|mode| mode.admits(time))
}

/// Why no mode admits this much GPU time: too little, too much, or between two modes.
pub fn fault_of(modes: &[&Mode], time: GpuTime) -> Problem {
    let smaller = modes.iter().map(|mode| mode.at_most()).filter(|most| *most < time).max();
    let larger = modes.iter().map(|mode| mode.more_than()).filter(|least| *least >= time).min();
    match (smaller, larger) {
        (Some(most), Some(least)) => Problem::InGap { most: most.whole_hours(), least: least.whole_hours() + 1 },
        (Some(max), None) => Problem::TooLarge { max: max.whole_hours() },
        (None, _) => Problem::TooSmall { min: 1 },
    }
}

/// The last day of so many months from this day.
pub fn last_day(earliest: NaiveDate, months: u32) -> NaiveDate {
    let end = earliest.checked_add_months(Months::new(months)).unwrap_or(earliest);
    end.pred_opt().unwrap_or(end)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The rows that the migration fills the table with.
    pub(crate) fn published() -> Vec<Mode> {
        serde_json::from_str(include_str!("../../../migrations/src/modes.json")).unwrap()
    }

    pub(crate) fn mode(code: Code) -> Mode {
        published().into_iter().find(|mode| mode.code == code).unwrap()
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_cut_off_is_a_time_in_brussels_summer_and_winter() {
        let large = mode(Code::LS);
        let cases = [
            // Ten in the morning in Brussels is 08:00 UTC in July and 09:00 UTC in November.
            ("2026-07-15T07:59:59Z", "2026-07-15T08:00:00Z"),
            ("2026-07-15T08:00:00Z", "2026-07-31T08:00:00Z"),
            ("2026-11-30T08:59:59Z", "2026-11-30T09:00:00Z"),
            ("2026-11-30T09:00:00Z", "2026-12-15T09:00:00Z"),
            // Summer time began on 29 March.
            ("2026-03-16T12:00:00Z", "2026-03-31T08:00:00Z"),
            ("2026-12-15T09:00:01Z", "2027-01-04T09:00:00Z"),
        ];
        for (now, next) in cases {
            assert_eq!(large.next_cut_off(at(now)), Some(at(next)), "{now}");
        }
        assert_eq!(large.next_cut_off(at("2027-01-04T09:00:00Z")), None);
        assert_eq!(large.answer_due(at("2027-01-04T09:00:00Z")), None);
    }

    #[test]
    fn the_clock_runs_from_submission_or_from_the_cut_off() {
        let monday = at("2026-11-23T09:00:00Z");
        let due = |code| mode(code).answer_due(monday).map(brussels_day);
        assert_eq!(due(Code::PG), Some(day(2026, 11, 25)));
        assert_eq!(due(Code::FL), Some(day(2026, 11, 27)));
        assert_eq!(due(Code::LS), Some(day(2026, 12, 14)));
    }

    #[test]
    fn sizes_have_edges_and_a_gap() {
        let rows = published();
        let modes = in_force(&rows, day(2026, 11, 23));
        let cases = [
            (1, Some(Code::PG)),
            (5_000, Some(Code::PG)),
            (5_001, None),
            (10_000, None),
            (10_001, Some(Code::FL)),
            (50_000, Some(Code::FL)),
            (50_001, Some(Code::LS)),
            (2_400_000, Some(Code::LS)),
            (2_400_001, None),
        ];
        for (hours, expected) in cases {
            let found = for_time(&modes, GpuTime::hours(hours).unwrap()).map(|mode| mode.code);
            assert_eq!(found, expected, "{hours}");
        }
    }

    #[test]
    fn what_no_mode_admits_is_told_the_amounts_beside_it() {
        let rows = published();
        let modes = in_force(&rows, day(2026, 11, 23));
        let fault = |hours| fault_of(&modes, GpuTime::hours(hours).unwrap());
        assert_eq!(fault(0), Problem::TooSmall { min: 1 });
        assert_eq!(fault(-3), Problem::TooSmall { min: 1 });
        assert_eq!(fault(5_001), Problem::InGap { most: 5_000, least: 10_001 });
        assert_eq!(fault(10_000), Problem::InGap { most: 5_000, least: 10_001 });
        assert_eq!(fault(2_400_001), Problem::TooLarge { max: 2_400_000 });
    }

    #[test]
    fn every_rule_says_what_it_saw() {
        let facts = Facts {
            country: Country::from_code("US"),
            size_class: Some(SizeClass::Large),
            open: Some(1),
            gpu_time: GpuTime::hours(6_000).ok(),
            gpus: Some(65),
            months: Some(6),
            earliest: Some(day(2026, 11, 25)),
            deadline: Some(day(2026, 11, 26)),
        };
        let checks = mode(Code::PG).fits(&facts, at("2026-11-23T09:00:00Z"));
        let failed: Vec<Rule> =
            checks.iter().filter(|check| check.outcome == Outcome::Fail).map(|check| check.rule).collect();
        let expected = [
            Rule::Country,
            Rule::SizeClass,
            Rule::AtOnce,
            Rule::Hours,
            Rule::Gpus,
            Rule::Months,
            Rule::Earliest,
            Rule::Feasible,
        ];
        assert_eq!(failed, expected);
        assert!(checks.iter().any(|check| check.seen == Seen::Class(SizeClass::Large)));
        let unknown = mode(Code::PG).fits(&Facts::default(), at("2026-11-23T09:00:00Z"));
        assert_eq!(unknown.iter().filter(|check| check.outcome == Outcome::Open).count(), 8);
    }

    #[test]
    fn months_end_the_day_before() {
        assert_eq!(last_day(day(2027, 1, 31), 1), day(2027, 2, 27));
        assert_eq!(last_day(day(2026, 12, 1), 3), day(2027, 2, 28));
    }
}
