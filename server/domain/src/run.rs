//! A run of the matching engine over a competitive mode: what it respects, who may publish it, and what it had to leave.

use serde::{Deserialize, Serialize};

mod rules;

use crate::{
    id::{ApplicationId, PersonId, RunId},
    problem::Problem,
};

pub use rules::{Rules, TypedRules};

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

/// Why a published run made no offer of an award of its plan: its application waits for the next run, if it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// It waits no more: withdrawn, or offered something meanwhile.
    Gone,
    /// Its first week had begun before the run was signed.
    Begun,
    /// Somebody booked some of its GPUs meanwhile, or the site took them back.
    Taken,
    /// Its subsidy, at the prices it was promised, is more than the budget has left.
    Budget,
}

impl Left {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Begun => "begun",
            Self::Taken => "taken",
            Self::Budget => "budget",
        }
    }
}

/// What publishing a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub offered: usize,
    pub left: Vec<(ApplicationId, Left)>,
}

/// Whoever made a run does not also sign it, and it went by the rules in force, which applicants can read.
pub fn may_publish(
    made_by: PersonId,
    person: PersonId,
    state: State,
    (rules, in_force): (&Rules, &Rules),
) -> Result<(), Problem> {
    match state {
        _ if rules.is_what_if() => Err(Problem::WhatIf),
        State::Solving => Err(Problem::TooSoon),
        State::Published => Err(Problem::AlreadyDone),
        State::Solved if made_by == person => Err(Problem::SecondSignatureSame),
        State::Solved if rules != in_force => Err(Problem::RulesNotInForce),
        State::Solved => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_run_is_published_once_by_somebody_else_when_it_is_solved() {
        let (one, two) = (PersonId::from_uuid(Uuid::from_u128(1)), PersonId::from_uuid(Uuid::from_u128(2)));
        let usual = Rules::default();
        let may_publish = |made_by, person, state| may_publish(made_by, person, state, (&usual, &usual));
        let what_if = Rules { extra_gpus: 10, ..Rules::default() };
        assert_eq!(super::may_publish(one, two, State::Solved, (&what_if, &usual)), Err(Problem::WhatIf));
        let others = Rules { small_share: 41, ..Rules::default() };
        assert_eq!(super::may_publish(one, two, State::Solved, (&others, &usual)), Err(Problem::RulesNotInForce));
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
