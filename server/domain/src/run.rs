//! A run of the matching engine over a competitive mode: its rules as an officer types them, and who may publish it.

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, RunId},
    problem::{Invalid, Problem},
    typed,
};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "solving"))]
    Solving,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "solved"))]
    Solved,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "published"))]
    Published,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Solving => "solving",
            Self::Solved => "solved",
            Self::Published => "published",
        }
    }
}

/// What an officer may change between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Of all hours, at least, for start-ups and small and medium companies; per cent.
    pub small_share: i64,
    /// Of all hours, at most, for any one country; per cent.
    pub country_share: i64,
    /// Hours that being served at all counts for: more of them serve more companies, fewer give more hours.
    pub bonus_hours: i64,
    /// Whole euros that the programme's subsidy may reach.
    pub budget: i64,
    /// Per cent of GPUs that are not there, on top of those that are: what if there were more of them?
    #[serde(default)]
    pub extra_gpus: i64,
}

impl Rules {
    /// Whether it plans with what does not exist, so that nobody can be offered anything.
    pub const fn is_what_if(&self) -> bool {
        self.extra_gpus > 0
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { small_share: 40, country_share: 100, bonus_hours: 2_000, budget: 1_000_000_000, extra_gpus: 0 }
    }
}

/// What a run respects of an earlier one, and whom it leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ties {
    /// The run whose plan it begins with.
    pub after: Option<RunId>,
    /// Hours that a plan must gain for each award of that run that it moves.
    pub move_hours: i64,
    /// References of applications that keep exactly what they have there.
    pub keep: Vec<String>,
    /// References of applications that get nothing, and why: they read it.
    pub leave_out: Vec<String>,
    pub why: String,
}

impl Ties {
    pub const fn is_none(&self) -> bool {
        self.after.is_none() && self.leave_out.is_empty()
    }
}

/// The same as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRules {
    pub small_share: String,
    pub country_share: String,
    pub bonus_hours: String,
    pub budget: String,
    pub extra_gpus: String,
    /// Of a run; empty for none.
    pub after: String,
    pub move_hours: String,
    /// References, with anything between them.
    pub keep: String,
    pub leave_out: String,
    pub why: String,
}

/// Letters of a reason at most.
const WHY_MAX: i64 = 500;

impl TypedRules {
    /// Both sets of rules, or every problem of either at its field.
    pub fn check(&self) -> Result<(Rules, Ties), Invalid> {
        match (self.rules(), self.ties()) {
            (Ok(rules), Ok(ties)) => Ok((rules, ties)),
            (Err(mut first), Err(second)) => {
                first.0.extend(second.0);
                Err(first)
            }
            (Err(invalid), _) | (_, Err(invalid)) => Err(invalid),
        }
    }

    fn ties(&self) -> Result<Ties, Invalid> {
        let mut invalid = Invalid::default();
        let references = |text: &str| {
            let words = text.split(|letter: char| letter.is_whitespace() || ",;".contains(letter));
            words.filter(|word| !word.is_empty()).map(str::to_uppercase).collect::<Vec<String>>()
        };
        let after = match self.after.trim() {
            "" => None,
            text => text.parse().map_err(|_| invalid.add("after", Problem::NotAChoice)).ok(),
        };
        let move_hours = match self.move_hours.trim() {
            "" => 0,
            text => match typed::decimal(text, 0) {
                Ok(hours) if (0..=1_000_000).contains(&hours) => hours,
                Ok(hours) if hours < 0 => {
                    invalid.add("move_hours", Problem::TooSmall { min: 0 });
                    0
                }
                Ok(_) => {
                    invalid.add("move_hours", Problem::TooLarge { max: 1_000_000 });
                    0
                }
                Err(problem) => {
                    invalid.add("move_hours", problem);
                    0
                }
            },
        };
        let (keep, leave_out) = (references(&self.keep), references(&self.leave_out));
        if !keep.is_empty() && self.after.trim().is_empty() {
            invalid.add("after", Problem::Required);
        }
        if leave_out.iter().any(|reference| keep.contains(reference)) {
            invalid.add("leave_out", Problem::Mismatch);
        }
        let why = self.why.trim().to_owned();
        if !leave_out.is_empty() && why.is_empty() {
            invalid.add("why", Problem::ReasonRequired);
        }
        if i64::try_from(why.chars().count()).is_ok_and(|letters| letters > WHY_MAX) {
            invalid.add("why", Problem::TooLong { max: WHY_MAX });
        }
        invalid.or(Ties { after, move_hours, keep, leave_out, why })
    }

    fn rules(&self) -> Result<Rules, Invalid> {
        let mut invalid = Invalid::default();
        let mut figure = |field: &str, text: &str, min: i64, max: i64| {
            let read = typed::decimal(text, 0).and_then(|value| match value {
                value if value < min => Err(Problem::TooSmall { min }),
                value if value > max => Err(Problem::TooLarge { max }),
                value => Ok(value),
            });
            read.unwrap_or_else(|problem| {
                invalid.add(field, problem);
                min
            })
        };
        let rules = Rules {
            small_share: figure("small_share", &self.small_share, 0, 100),
            country_share: figure("country_share", &self.country_share, 1, 100),
            bonus_hours: figure("bonus_hours", &self.bonus_hours, 0, 1_000_000),
            budget: figure("budget", &self.budget, 0, 100_000_000_000),
            extra_gpus: if self.extra_gpus.trim().is_empty() {
                0
            } else {
                figure("extra_gpus", &self.extra_gpus, 0, 100)
            },
        };
        invalid.or(rules)
    }
}

/// How far the engine was at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub moves: i64,
    /// In units of the engine's objective.
    pub value: i64,
    pub bound: i64,
}

/// How much better than this any plan could be at most, in hundredths of a per cent of the bound.
pub fn gap(value: i64, bound: i64) -> i64 {
    if bound <= 0 {
        return 0;
    }
    let gap = i128::from(bound - value) * 10_000 / i128::from(bound);
    i64::try_from(gap.max(0)).unwrap_or(i64::MAX)
}

/// Whoever made a run does not also sign it.
pub fn may_publish(made_by: PersonId, person: PersonId, state: State, rules: &Rules) -> Result<(), Problem> {
    match state {
        _ if rules.is_what_if() => Err(Problem::WhatIf),
        State::Solving => Err(Problem::TooSoon),
        State::Published => Err(Problem::AlreadyDone),
        State::Solved if made_by == person => Err(Problem::SecondSignatureSame),
        State::Solved => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn typed(small_share: &str, country_share: &str, bonus_hours: &str, budget: &str) -> TypedRules {
        let [small_share, country_share, bonus_hours, budget] =
            [small_share, country_share, bonus_hours, budget].map(str::to_owned);
        TypedRules { small_share, country_share, bonus_hours, budget, ..TypedRules::default() }
    }

    #[test]
    fn rules_are_read_as_people_type_them_and_refused_where_they_are_wrong() {
        let rules = typed("40", "25", "2 000", "12 500 000").check().unwrap();
        let expected =
            Rules { small_share: 40, country_share: 25, bonus_hours: 2_000, budget: 12_500_000, extra_gpus: 0 };
        assert_eq!(rules, (expected, Ties::default()));
        let invalid = typed("101", "0", "many", "").check().unwrap_err();
        assert_eq!(invalid.of("small_share").next(), Some(Problem::TooLarge { max: 100 }));
        assert_eq!(invalid.of("country_share").next(), Some(Problem::TooSmall { min: 1 }));
        assert_eq!(invalid.of("bonus_hours").next(), Some(Problem::NotANumber));
        assert_eq!(invalid.of("budget").next(), Some(Problem::Required));
    }

    #[test]
    fn references_are_read_with_anything_between_and_leaving_out_needs_a_reason() {
        let run = RunId::from_uuid(Uuid::from_u128(7));
        let typed = TypedRules {
            after: run.to_string(),
            move_hours: "1 500".to_owned(),
            keep: " ghr-1, GHR-2;\nghr-3 ".to_owned(),
            leave_out: "GHR-4".to_owned(),
            why: " under review ".to_owned(),
            ..typed("40", "25", "2000", "1")
        };
        let (_, ties) = typed.check().unwrap();
        assert_eq!((ties.after, ties.move_hours, ties.why.as_str()), (Some(run), 1_500, "under review"));
        assert_eq!(
            (ties.keep, ties.leave_out),
            (["GHR-1", "GHR-2", "GHR-3"].map(str::to_owned).into(), vec!["GHR-4".to_owned()])
        );
        let wrong = TypedRules {
            after: String::new(),
            move_hours: "-1".to_owned(),
            keep: "GHR-4".to_owned(),
            why: String::new(),
            budget: "none".to_owned(),
            ..typed
        };
        let invalid = wrong.check().unwrap_err();
        let of = |field| invalid.of(field).next();
        assert_eq!((of("after"), of("leave_out")), (Some(Problem::Required), Some(Problem::Mismatch)));
        assert_eq!((of("why"), of("budget")), (Some(Problem::ReasonRequired), Some(Problem::NotANumber)));
        assert!(of("move_hours").is_some());
    }

    #[test]
    fn a_run_is_published_once_by_somebody_else_when_it_is_solved() {
        let (one, two) = (PersonId::from_uuid(Uuid::from_u128(1)), PersonId::from_uuid(Uuid::from_u128(2)));
        let (may_publish, what_if) = (
            |made_by, person, state| may_publish(made_by, person, state, &Rules::default()),
            Rules { extra_gpus: 10, ..Rules::default() },
        );
        assert_eq!(super::may_publish(one, two, State::Solved, &what_if), Err(Problem::WhatIf));
        assert_eq!(may_publish(one, two, State::Solved), Ok(()));
        assert_eq!(may_publish(one, one, State::Solved), Err(Problem::SecondSignatureSame));
        assert_eq!(may_publish(one, two, State::Solving), Err(Problem::TooSoon));
        assert_eq!(may_publish(one, two, State::Published), Err(Problem::AlreadyDone));
    }

    #[test]
    fn a_gap_is_a_share_of_the_bound() {
        assert_eq!((gap(97, 100), gap(100, 100), gap(0, 0)), (300, 0, 0));
        assert_eq!(gap(4_161_530_000_000_000, 4_285_170_000_000_000), 288);
    }
}
