//! Applications: their states, their reference numbers, what they need.
//!
//! What a draft holds is `draft`'s, what submitting demands `submit`'s, who may move one where `workflow`'s. Refuses to
//! decide: that is `review`'s.

use serde::{Deserialize, Serialize};

use crate::mode::Code;

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

    /// Handed in and not decided: it counts against the number that one organisation may have open.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview | Self::AwaitingSignature)
    }

    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Until something is awarded; what was approved can still be taken back before an offer is accepted.
    pub const fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::InReview | Self::AwaitingSignature | Self::Approved)
    }
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
    fn codes_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
    }
}
