//! Applications: their states and who may move them, their reference numbers, what they need.
//!
//! What a draft holds is `draft`'s, what submitting demands `submit`'s. Refuses to decide: that is `review`'s.

use serde::{Deserialize, Serialize};

use crate::{actor::Group, mode::Code, problem::Problem};

pub mod draft;
pub mod submit;

pub use draft::{Draft, Field, Kind, Step};
pub use submit::{Submitted, submit};

pub use crate::need::{Need, Residency};

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "draft"))]
    Draft,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "submitted"))]
    Submitted,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "in_review"))]
    InReview,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "awaiting_signature"))]
    AwaitingSignature,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approved"))]
    Approved,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refused"))]
    Refused,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "withdrawn"))]
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::InReview,
        Self::AwaitingSignature,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::InReview => "in_review",
            Self::AwaitingSignature => "awaiting_signature",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whom the application waits for; `None` where its own way has ended.
    pub const fn waits_for(self) -> Option<Party> {
        match self {
            Self::Draft => Some(Party::Applicant),
            Self::Submitted | Self::InReview => Some(Party::Reviewer),
            Self::AwaitingSignature => Some(Party::SecondOfficer),
            Self::Approved => Some(Party::Matching),
            Self::Refused | Self::Withdrawn => None,
        }
    }

    /// Handed in and not decided: it counts against the number that one organisation may have open.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview | Self::AwaitingSignature)
    }

    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft)
    }

    pub const fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::InReview | Self::AwaitingSignature)
    }
}

/// Whom an application can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Applicant,
    Reviewer,
    SecondOfficer,
    Matching,
}

impl Party {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Reviewer => "reviewer",
            Self::SecondOfficer => "second-officer",
            Self::Matching => "matching",
        }
    }
}

/// One way between two states and the groups that may take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub from: State,
    pub to: State,
    pub groups: &'static [Group],
}

const APPLICANTS: &[Group] = &[Group::Owner, Group::Applicant];
const OFFICER: &[Group] = &[Group::Officer];
const REVIEWER: &[Group] = &[Group::Reviewer];

const fn way(from: State, to: State, groups: &'static [Group]) -> Transition {
    Transition { from, to, groups }
}

/// Every way there is.
pub const TRANSITIONS: &[Transition] = &[
    way(State::Draft, State::Submitted, APPLICANTS),
    way(State::Draft, State::Withdrawn, APPLICANTS),
    way(State::Submitted, State::Withdrawn, APPLICANTS),
    way(State::InReview, State::Withdrawn, APPLICANTS),
    way(State::AwaitingSignature, State::Withdrawn, APPLICANTS),
    way(State::Submitted, State::InReview, REVIEWER),
    way(State::InReview, State::AwaitingSignature, OFFICER),
    way(State::InReview, State::Approved, OFFICER),
    way(State::InReview, State::Refused, OFFICER),
    way(State::AwaitingSignature, State::Approved, OFFICER),
    way(State::AwaitingSignature, State::Refused, OFFICER),
    // A second officer who does not sign sends it back.
    way(State::AwaitingSignature, State::InReview, OFFICER),
];

/// Whether this group may move an application so; `AlreadyDone` where there is no such way (any more).
pub fn transition(from: State, to: State, group: Group) -> Result<(), Problem> {
    let found = TRANSITIONS.iter().any(|way| way.from == from && way.to == to && way.groups.contains(&group));
    if found { Ok(()) } else { Err(Problem::AlreadyDone) }
}

/// The name of the counter that numbers this mode's applications of this year.
pub fn series(mode: Code, year: i32) -> String {
    format!("application-{mode}-{year}")
}

/// `GH-PG-2026-00042`.
pub fn reference(mode: Code, year: i32, number: i64) -> String {
    format!("GH-{mode}-{year}-{number:05}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_look_as_published() {
        assert_eq!(reference(Code::PG, 2026, 42), "GH-PG-2026-00042");
        assert_eq!(reference(Code::LS, 2027, 123_456), "GH-LS-2027-123456");
    }

    #[test]
    fn only_the_listed_ways_are_open() {
        let may = |from, to, group| transition(from, to, group).is_ok();
        assert!(may(State::Draft, State::Submitted, Group::Applicant));
        assert!(!may(State::Draft, State::Submitted, Group::Reader));
        assert!(!may(State::Draft, State::Approved, Group::Officer));
        assert!(!may(State::InReview, State::Approved, Group::Reviewer));
        assert!(!may(State::Approved, State::Withdrawn, Group::Owner));
        for state in State::ALL {
            let withdrawable = may(state, State::Withdrawn, Group::Owner);
            assert_eq!(withdrawable, state.can_be_withdrawn(), "{state:?}");
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        // Nothing leads out of an end.
        for end in [State::Approved, State::Refused, State::Withdrawn] {
            assert!(TRANSITIONS.iter().all(|way| way.from != end), "{end:?}");
        }
    }
}
