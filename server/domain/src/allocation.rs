//! An allocation's life, from offer to end, as one table: who moves it and what that does to the capacity under it.
//!
//! States are named for whom they wait for where they wait for somebody.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    actor::Group::{self, Applicant, Operator, Owner, System},
    problem::Problem,
};

/// An offer nobody answers is taken back after this long.
pub const OFFER_STANDS_FOR: TimeDelta = TimeDelta::days(7);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the applicant until it expires.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "offered"))]
    Offered,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "lapsed"))]
    Lapsed,
    /// By the applicant, or by the site after it was booked.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "declined"))]
    Declined,
    /// Waits for the operator to open the project.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "accepted"))]
    Accepted,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "active"))]
    Active,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "ended"))]
    Ended,
}

impl State {
    pub const ALL: [Self; 6] = [Self::Offered, Self::Lapsed, Self::Declined, Self::Accepted, Self::Active, Self::Ended];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Lapsed => "lapsed",
            Self::Declined => "declined",
            Self::Accepted => "accepted",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }

    /// Something was awarded: an offer was accepted, and the site did not fail it.
    pub const fn is_awarded(self) -> bool {
        matches!(self, Self::Accepted | Self::Active | Self::Ended)
    }

    /// An application with such an allocation gets no further offer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted | Self::Active)
    }
}

/// What can happen to an allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Another slot instead of the offered one.
    Move,
    Accept,
    Decline,
    Lapse,
    Confirm,
    /// The site cannot deliver what was booked.
    Refuse,
    End,
}

impl Step {
    pub const ALL: [Self; 7] =
        [Self::Move, Self::Accept, Self::Decline, Self::Lapse, Self::Confirm, Self::Refuse, Self::End];
}

/// What a step does to the capacity of the slot's weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Nothing,
    /// The hold is given back and another is taken.
    Rehold,
    /// Held becomes booked.
    Book,
    /// The hold is given back.
    Unhold,
    /// The weeks still to come are given back.
    Unbook,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    pub from: State,
    pub step: Step,
    pub to: State,
    pub by: &'static [Group],
    pub effect: Effect,
}

const MEMBER: &[Group] = &[Owner, Applicant];

/// Every step there is.
pub const TRANSITIONS: [Transition; 8] = [
    Transition { from: State::Offered, step: Step::Move, to: State::Offered, by: MEMBER, effect: Effect::Rehold },
    Transition { from: State::Offered, step: Step::Accept, to: State::Accepted, by: MEMBER, effect: Effect::Book },
    Transition { from: State::Offered, step: Step::Decline, to: State::Declined, by: MEMBER, effect: Effect::Unhold },
    Transition { from: State::Offered, step: Step::Lapse, to: State::Lapsed, by: &[System], effect: Effect::Unhold },
    Transition {
        from: State::Accepted,
        step: Step::Confirm,
        to: State::Active,
        by: &[Operator],
        effect: Effect::Nothing,
    },
    Transition {
        from: State::Accepted,
        step: Step::Refuse,
        to: State::Declined,
        by: &[Operator],
        effect: Effect::Unbook,
    },
    Transition { from: State::Accepted, step: Step::End, to: State::Ended, by: &[System], effect: Effect::Unbook },
    Transition { from: State::Active, step: Step::End, to: State::Ended, by: &[System], effect: Effect::Unbook },
];

/// The transition, or why there is none. An offer past its expiry can only lapse.
pub fn step(
    from: State,
    step: Step,
    by: Group,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Transition, Problem> {
    let found = TRANSITIONS.into_iter().find(|line| line.from == from && line.step == step && line.by.contains(&by));
    let Some(found) = found else {
        return Err(if from == State::Lapsed { Problem::OfferExpired } else { Problem::AlreadyDone });
    };
    let has_expired = from == State::Offered && now >= expires_at;
    match (step, has_expired) {
        (Step::Lapse, false) => Err(Problem::TooSoon),
        (Step::Lapse, true) | (_, false) => Ok(found),
        (_, true) => Err(Problem::OfferExpired),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn the_table_is_the_reviewed_one() {
        let mut lines = String::new();
        for from in State::ALL {
            for taken in Step::ALL {
                for by in Group::ALL {
                    let now = if taken == Step::Lapse { at(10) } else { at(0) };
                    if let Ok(line) = step(from, taken, by, at(10), now) {
                        lines.push_str(&format!(
                            "{} {:?} by {} -> {} ({:?})\n",
                            from.code(),
                            taken,
                            by.code(),
                            line.to.code(),
                            line.effect
                        ));
                    }
                }
            }
        }
        insta::assert_snapshot!(lines, @r"
        offered Move by owner -> offered (Rehold)
        offered Move by applicant -> offered (Rehold)
        offered Accept by owner -> accepted (Book)
        offered Accept by applicant -> accepted (Book)
        offered Decline by owner -> declined (Unhold)
        offered Decline by applicant -> declined (Unhold)
        offered Lapse by system -> lapsed (Unhold)
        accepted Confirm by operator -> active (Nothing)
        accepted Refuse by operator -> declined (Unbook)
        accepted End by system -> ended (Unbook)
        active End by system -> ended (Unbook)
        ");
    }

    #[test]
    fn an_offer_past_its_expiry_can_only_lapse() {
        let accept = |now| step(State::Offered, Step::Accept, Owner, at(10), now).map(|line| line.to);
        assert_eq!(accept(at(9)), Ok(State::Accepted));
        assert_eq!(accept(at(10)), Err(Problem::OfferExpired));
        assert_eq!(step(State::Lapsed, Step::Accept, Owner, at(10), at(11)).map(|l| l.to), Err(Problem::OfferExpired));
        assert_eq!(step(State::Offered, Step::Lapse, System, at(10), at(9)).map(|l| l.to), Err(Problem::TooSoon));
        assert_eq!(step(State::Offered, Step::Lapse, System, at(10), at(10)).map(|l| l.to), Ok(State::Lapsed));
    }

    #[test]
    fn nobody_confirms_what_was_not_accepted() {
        assert!(step(State::Offered, Step::Confirm, Operator, at(10), at(0)).is_err());
        assert!(step(State::Accepted, Step::Confirm, Owner, at(10), at(0)).is_err());
        assert!(step(State::Accepted, Step::Confirm, Operator, at(10), at(20)).is_ok());
    }
}
