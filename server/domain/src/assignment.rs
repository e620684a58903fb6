//! Reviews that are given out: which modes do so, what a pair is worth, how many tries, and who may answer when.
//!
//! Refuses to compute who gets what: that is the `assignment` crate's. Refuses conflicts of interest: that is `review`'s.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    mode::Code,
    money::BasisPoints,
    problem::{Invalid, Problem},
    reviewer::Wish,
};

/// Where one review that was given out stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The reviewer is asked.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "offered"))]
    Offered,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "accepted"))]
    Accepted,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "declined"))]
    Declined,
    /// A conflict of interest came to light, or the application is no longer there to be reviewed.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "released"))]
    Released,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Offered, Self::Accepted, Self::Declined, Self::Released];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Released => "released",
        }
    }

    /// It counts towards the reviews of the application and the load of the reviewer.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }

    /// Whether the reviewer can still say yes or no. A second answer is `AlreadyDone`.
    pub const fn answer(self) -> Result<(), Problem> {
        match self {
            Self::Offered => Ok(()),
            _ => Err(Problem::AlreadyDone),
        }
    }
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "draft"))]
    Draft,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "committed"))]
    Committed,
    /// Another took its place.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "discarded"))]
    Discarded,
}

/// What an officer fixes by hand; everything else is reckoned again around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// This reviewer gets this application.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pin"))]
    Pin,
    /// This reviewer does not get this application.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "forbid"))]
    Forbid,
}

impl Hand {
    pub const ALL: [Self; 2] = [Self::Pin, Self::Forbid];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Forbid => "forbid",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hand| hand.code() == code)
    }
}

/// Modes whose reviews are given out by an officer; the others' are taken in order of arrival.
pub const fn is_given_out(mode: Code) -> bool {
    matches!(mode, Code::LS)
}

/// The modes of which [`is_given_out`] says so.
pub fn given_out() -> impl Iterator<Item = Code> {
    Code::ALL.into_iter().filter(|mode| is_given_out(*mode))
}

/// What an assignment goes by. Points are basis points of affinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Reviews of each application by somebody who knows its subject, at least.
    pub experts: u32,
    /// Points of affinity from which somebody does.
    pub expert_from: i32,
    /// Basis points of affinity that shared keywords decide where an application declares some.
    pub keywords: i32,
    /// What a bid adds.
    pub eager: i32,
    pub willing: i32,
    pub unwilling: i32,
    /// What a review at half of one's load costs.
    pub balance: i32,
    /// How much more than their part of all reviews, by what each takes on, is still somebody's fair share.
    pub slack: BasisPoints,
    /// What a review costs beyond one's fair share: somebody must know as much more of the subject.
    pub over: i32,
    /// What it is worth that a proposal stays as it was when something is changed by hand.
    pub keep: i32,
    /// How often somebody else is asked in one reviewer's place before an officer is.
    pub tries: i32,
    /// Working days in which a reviewer says yes or no.
    pub answer_days: u32,
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

const TERMS: &[(NaiveDate, Terms)] = &[(
    YEAR_2026,
    Terms {
        experts: 1,
        expert_from: 1_000,
        keywords: 4_000,
        eager: 3_000,
        willing: 1_500,
        unwilling: -3_000,
        balance: 500,
        slack: BasisPoints::new(2_000),
        over: 3_000,
        keep: 300,
        tries: 3,
        answer_days: 2,
    },
)];

const NONE: Terms = Terms {
    experts: 0,
    expert_from: 0,
    keywords: 0,
    eager: 0,
    willing: 0,
    unwilling: 0,
    balance: 0,
    slack: BasisPoints::ZERO,
    over: 0,
    keep: 0,
    tries: 0,
    answer_days: 0,
};

/// The terms in force on a day.
pub fn terms(on: NaiveDate) -> Terms {
    let found = TERMS.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from);
    found.map_or(NONE, |(_, terms)| *terms)
}

/// A fair share of `all` reviews for somebody who takes on `limit` of `limits`, and as much more as the slack allows;
/// at least one.
pub fn fair_share(all: u32, limit: u32, limits: u32, slack: BasisPoints) -> u32 {
    let whole = u128::from(BasisPoints::WHOLE.get().unsigned_abs());
    let most = whole + u128::from(slack.get().unsigned_abs());
    let share = (u128::from(all) * u128::from(limit) * most).div_ceil(u128::from(limits.max(1)) * whole);
    u32::try_from(share).unwrap_or(u32::MAX).max(1)
}

const REASON_LENGTH_MAX: usize = 2_000;

/// Why a review is declined, as typed.
pub fn decline(reason: &str) -> Result<String, Invalid> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Invalid::one("reason", Problem::ReasonRequired));
    }
    if reason.chars().count() > REASON_LENGTH_MAX {
        return Err(Invalid::one("reason", Problem::TooLong { max: 2_000 }));
    }
    if reason.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
        return Err(Invalid::one("reason", Problem::ControlCharacters));
    }
    Ok(reason.to_owned())
}

/// What is known of one who is to get a review, at the moment they get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    pub has_conflict: bool,
    /// A seat in the applicant's organisation.
    pub own_company: bool,
    /// They were asked before, or have reviewed it.
    pub was_asked: bool,
    /// A colleague of theirs is on it.
    pub sits_with_colleague: bool,
    pub is_away: bool,
    pub load: u32,
    pub limit: u32,
}

impl Terms {
    /// What a reviewer's wish adds; a conflict is no matter of points.
    pub const fn bid(&self, wish: Wish) -> i32 {
        match wish {
            Wish::Eager => self.eager,
            Wish::Willing => self.willing,
            Wish::Unwilling => self.unwilling,
            Wish::Conflict => 0,
        }
    }
}

impl Taker {
    /// Everything that must hold whoever proposed it and however long ago.
    pub const fn check(&self) -> Result<(), Problem> {
        if self.own_company {
            Err(Problem::OwnCompany)
        } else if self.has_conflict {
            Err(Problem::ConflictOfInterest)
        } else if self.was_asked {
            Err(Problem::AlreadyDone)
        } else if self.sits_with_colleague {
            Err(Problem::ColleagueThere)
        } else if self.is_away {
            Err(Problem::ReviewerAbsent)
        } else if self.load >= self.limit {
            Err(Problem::ReviewerFull)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_modes_are_first_come_and_large_ones_given_out() {
        assert_eq!(given_out().collect::<Vec<_>>(), [Code::LS]);
        assert!(!is_given_out(Code::PG) && !is_given_out(Code::FL));
    }

    #[test]
    fn a_fair_share_goes_by_what_each_takes_on() {
        let slack = BasisPoints::new(2_000);
        // 78 reviews among twelve who take on ten each: six and a half, and a fifth more.
        assert_eq!(fair_share(78, 10, 120, slack), 8);
        assert_eq!(fair_share(78, 5, 120, slack), 4);
        assert_eq!(fair_share(78, 10, 120, BasisPoints::ZERO), 7);
        assert_eq!(fair_share(0, 10, 120, slack), 1, "somebody must begin");
        assert_eq!(fair_share(3, 0, 0, slack), 1);
        assert_eq!(fair_share(u32::MAX, u32::MAX, 1, slack), u32::MAX);
    }

    #[test]
    fn only_what_is_offered_can_be_answered() {
        for state in State::ALL {
            assert_eq!(state.answer().is_ok(), state == State::Offered, "{state:?}");
        }
        assert!(State::Accepted.is_live() && !State::Released.is_live());
    }

    #[test]
    fn a_decline_needs_a_reason_that_can_be_read() {
        assert_eq!(decline("  "), Err(Invalid::one("reason", Problem::ReasonRequired)));
        assert_eq!(decline("a\u{0}b"), Err(Invalid::one("reason", Problem::ControlCharacters)));
        assert!(decline(&"x".repeat(2_001)).is_err());
        assert_eq!(decline(" On leave. ").as_deref(), Ok("On leave."));
    }

    #[test]
    fn a_conflict_comes_before_everything_else() {
        let free = Taker {
            has_conflict: false,
            own_company: false,
            was_asked: false,
            sits_with_colleague: false,
            is_away: false,
            load: 9,
            limit: 10,
        };
        assert_eq!(free.check(), Ok(()));
        assert_eq!(Taker { load: 10, ..free }.check(), Err(Problem::ReviewerFull));
        assert_eq!(Taker { load: 10, has_conflict: true, ..free }.check(), Err(Problem::ConflictOfInterest));
        assert_eq!(Taker { is_away: true, ..free }.check(), Err(Problem::ReviewerAbsent));
        assert_eq!(Taker { own_company: true, ..free }.check(), Err(Problem::OwnCompany));
        assert_eq!(Taker { was_asked: true, ..free }.check(), Err(Problem::AlreadyDone));
        assert_eq!(Taker { sits_with_colleague: true, ..free }.check(), Err(Problem::ColleagueThere));
    }

    #[test]
    fn terms_hold_from_a_day_on() {
        assert_eq!(terms(YEAR_2026).tries, 3);
        assert_eq!(terms(NaiveDate::MIN), NONE);
    }
}
