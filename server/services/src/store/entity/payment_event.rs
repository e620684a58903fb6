//! The provider's events as they came: stored before anything is done about them.

use domain::id::PaymentId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique: an event delivered again is the same row.
    pub provider_id: String,
    pub kind: String,
    pub body: String,
    pub received_at: DateTimeUtc,
    pub outcome: Outcome,
    /// Our id of the attempt, as the event repeats it.
    pub attempt: Option<String>,
    pub session: Option<String>,
    pub intent: Option<String>,
    pub refund: Option<String>,
    pub dispute: bool,
    pub payment_id: Option<PaymentId>,
    pub applied_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Outcome {
    /// Waits for its job.
    #[sea_orm(string_value = "stored")]
    Stored,
    #[sea_orm(string_value = "applied")]
    Applied,
    /// Authentic and none of our business.
    #[sea_orm(string_value = "ignored")]
    Ignored,
    /// About money, and we do not know whose: a person must look.
    #[sea_orm(string_value = "unmatched")]
    Unmatched,
    /// Authentic, and not readable by this version: a person must look.
    #[sea_orm(string_value = "unreadable")]
    Unreadable,
}

impl Outcome {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unmatched => "unmatched",
            Self::Unreadable => "unreadable",
        }
    }
}
