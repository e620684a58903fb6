//! An application's life: its states and who may move it from one to the next.

use serde::{Deserialize, Serialize};

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "draft"))]
    Draft,
    /// In the queue; waits for a reviewer.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "submitted"))]
    Submitted,
    /// Taken by a reviewer, then by an officer to decide.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "in_review"))]
    InReview,
    /// Decided by one officer; waits for the second.
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
}
