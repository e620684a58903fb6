//! Who is acting, and in which role they stand. A person may hold several roles and stands in one at a time.

use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, PersonId, SiteId};

/// A member's place in their organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "owner"))]
    Owner,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "applicant"))]
    Applicant,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "billing"))]
    Billing,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "reader"))]
    Reader,
}

impl Seat {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Applicant, Self::Billing, Self::Reader];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Applicant => "applicant",
            Self::Billing => "billing",
            Self::Reader => "reader",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seat| seat.code() == code)
    }
}

/// A role on the programme's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "reviewer"))]
    Reviewer,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "officer"))]
    Officer,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "operator"))]
    Operator,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "finance"))]
    Finance,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "administrator"))]
    Administrator,
}

impl StaffRole {
    pub const ALL: [Self; 5] = [Self::Reviewer, Self::Officer, Self::Operator, Self::Finance, Self::Administrator];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Officer => "officer",
            Self::Operator => "operator",
            Self::Finance => "finance",
            Self::Administrator => "administrator",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Where an actor stands: what they may do follows from this alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Nobody is signed in.
    Visitor,
    /// Signed in, with no organisation and no staff role chosen.
    SignedIn,
    Member {
        organisation: OrganisationId,
        seat: Seat,
    },
    Reviewer,
    Officer,
    Operator {
        site: SiteId,
    },
    Finance,
    Administrator,
    /// A site's own machine, by its token.
    Meter {
        site: SiteId,
    },
    /// The programme itself: jobs and reconcilers.
    System,
}

/// One who acts: the person, if there is one, and where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub person: Option<PersonId>,
    pub stand: Stand,
}

impl Actor {
    pub const VISITOR: Self = Self { person: None, stand: Stand::Visitor };
    pub const SYSTEM: Self = Self { person: None, stand: Stand::System };

    pub const fn meter(site: SiteId) -> Self {
        Self { person: None, stand: Stand::Meter { site } }
    }

    pub const fn person(person: PersonId, stand: Stand) -> Self {
        Self { person: Some(person), stand }
    }

    /// The organisation this actor stands in, if they stand in one.
    pub const fn organisation(&self) -> Option<OrganisationId> {
        match self.stand {
            Stand::Member { organisation, .. } => Some(organisation),
            _ => None,
        }
    }

    /// The site this actor stands at, if they stand at one.
    pub const fn site(&self) -> Option<SiteId> {
        match self.stand {
            Stand::Operator { site } | Stand::Meter { site } => Some(site),
            _ => None,
        }
    }

    pub const fn group(&self) -> Group {
        match self.stand {
            Stand::Visitor => Group::Visitor,
            Stand::SignedIn => Group::SignedIn,
            Stand::Member { seat: Seat::Owner, .. } => Group::Owner,
            Stand::Member { seat: Seat::Applicant, .. } => Group::Applicant,
            Stand::Member { seat: Seat::Billing, .. } => Group::Billing,
            Stand::Member { seat: Seat::Reader, .. } => Group::Reader,
            Stand::Reviewer => Group::Reviewer,
            Stand::Officer => Group::Officer,
            Stand::Operator { .. } => Group::Operator,
            Stand::Finance => Group::Finance,
            Stand::Administrator => Group::Administrator,
            Stand::Meter { .. } => Group::Meter,
            Stand::System => Group::System,
        }
    }
}

/// The columns of the policy table: a stand without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Visitor,
    SignedIn,
    Owner,
    Applicant,
    Billing,
    Reader,
    Reviewer,
    Officer,
    Operator,
    Finance,
    Administrator,
    Meter,
    System,
}

impl Group {
    pub const ALL: [Self; 13] = [
        Self::Visitor,
        Self::SignedIn,
        Self::Owner,
        Self::Applicant,
        Self::Billing,
        Self::Reader,
        Self::Reviewer,
        Self::Officer,
        Self::Operator,
        Self::Finance,
        Self::Administrator,
        Self::Meter,
        Self::System,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::SignedIn => "signed_in",
            Self::Owner => "owner",
            Self::Applicant => "applicant",
            Self::Billing => "billing",
            Self::Reader => "reader",
            Self::Reviewer => "reviewer",
            Self::Officer => "officer",
            Self::Operator => "operator",
            Self::Finance => "finance",
            Self::Administrator => "administrator",
            Self::Meter => "meter",
            Self::System => "system",
        }
    }
}
