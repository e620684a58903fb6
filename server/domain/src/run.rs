//! A run of the matching engine over a competitive mode: its rules as an officer types them, and who may publish it.

use serde::{Deserialize, Serialize};

use crate::{
    id::PersonId,
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

/// The same as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRules {
    pub small_share: String,
    pub country_share: String,
    pub bonus_hours: String,
    pub budget: String,
    pub extra_gpus: String,
}

impl TypedRules {
    pub fn check(&self) -> Result<Rules, Invalid> {
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
        TypedRules { small_share, country_share, bonus_hours, budget, extra_gpus: String::new() }
    }

    #[test]
    fn rules_are_read_as_people_type_them_and_refused_where_they_are_wrong() {
        let rules = typed("40", "25", "2 000", "12 500 000").check().unwrap();
        let expected =
            Rules { small_share: 40, country_share: 25, bonus_hours: 2_000, budget: 12_500_000, extra_gpus: 0 };
        assert_eq!(rules, expected);
        let invalid = typed("101", "0", "many", "").check().unwrap_err();
        assert_eq!(invalid.of("small_share").next(), Some(Problem::TooLarge { max: 100 }));
        assert_eq!(invalid.of("country_share").next(), Some(Problem::TooSmall { min: 1 }));
        assert_eq!(invalid.of("bonus_hours").next(), Some(Problem::NotANumber));
        assert_eq!(invalid.of("budget").next(), Some(Problem::Required));
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
