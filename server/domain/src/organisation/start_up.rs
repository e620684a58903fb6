//! The start-up test, as dated data: which law defines a start-up on a day, and which of its criteria hold.
//!
//! Until the criteria of Recommendation (EU) 2026/720 are entered as the next row, the test is that of Art. 22 of
//! the General Block Exemption Regulation. Refuses to decide what it does not know: no founding day, no start-up.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::SizeClass;

/// One law's definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub valid_from: (i32, u32, u32),
    pub law: &'static str,
    /// Registered at most so many years ago.
    pub max_age_years: u32,
    pub max_class: SizeClass,
}

const RULES: &[Rule] =
    &[Rule { valid_from: (2014, 7, 1), law: "(EU) 651/2014 Art. 22", max_age_years: 5, max_class: SizeClass::Small }];

/// What the test asks, in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Micro or small.
    Size,
    /// Registered at most five years ago.
    Age,
    Unlisted,
    /// Has not distributed profits.
    ProfitsKept,
    /// Not formed through a merger.
    NotMerged,
}

impl Criterion {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Age => "age",
            Self::Unlisted => "unlisted",
            Self::ProfitsKept => "profits_kept",
            Self::NotMerged => "not_merged",
        }
    }
}

/// What the test is put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub class: SizeClass,
    pub founded_on: NaiveDate,
    pub listed: bool,
    pub distributed_profits: bool,
    pub from_merger: bool,
}

/// The answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartUp {
    pub rule: Rule,
    pub criteria: Vec<(Criterion, bool)>,
}

impl StartUp {
    pub fn holds(&self) -> bool {
        self.criteria.iter().all(|(_, holds)| *holds)
    }
}

/// Whether an enterprise with these facts is a start-up on that day; `None` before any rule.
pub fn assess(facts: &Facts, on: NaiveDate) -> Option<StartUp> {
    let in_force = |rule: &&Rule| {
        let (y, m, d) = rule.valid_from;
        NaiveDate::from_ymd_opt(y, m, d).is_some_and(|since| since <= on)
    };
    let rule = *RULES.iter().rfind(in_force)?;
    let young = facts
        .founded_on
        .checked_add_months(Months::new(rule.max_age_years.saturating_mul(12)))
        .is_some_and(|last| on <= last && facts.founded_on <= on);
    Some(StartUp {
        rule,
        criteria: vec![
            (Criterion::Size, facts.class <= rule.max_class),
            (Criterion::Age, young),
            (Criterion::Unlisted, !facts.listed),
            (Criterion::ProfitsKept, !facts.distributed_profits),
            (Criterion::NotMerged, !facts.from_merger),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_can_fail_alone() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let yes = Facts {
            class: SizeClass::Small,
            founded_on: NaiveDate::from_ymd_opt(2021, 11, 23).unwrap(),
            listed: false,
            distributed_profits: false,
            from_merger: false,
        };
        assert!(assess(&yes, on).unwrap().holds());
        let day_too_old = NaiveDate::from_ymd_opt(2021, 11, 22).unwrap();
        let cases = [
            (Criterion::Size, Facts { class: SizeClass::Medium, ..yes }),
            (Criterion::Age, Facts { founded_on: day_too_old, ..yes }),
            (Criterion::Unlisted, Facts { listed: true, ..yes }),
            (Criterion::ProfitsKept, Facts { distributed_profits: true, ..yes }),
            (Criterion::NotMerged, Facts { from_merger: true, ..yes }),
        ];
        for (criterion, facts) in cases {
            let found = assess(&facts, on).unwrap();
            let failed: Vec<_> = found.criteria.iter().filter(|(_, holds)| !holds).map(|(which, _)| *which).collect();
            assert_eq!(failed, [criterion]);
        }
    }
}
