//! A call: what is typed of it now, which version is in force, and what its applications have taken.

use domain::{
    call::{Closing, State},
    id::{CallId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallId,
    /// Given when it is first published, and never changed.
    pub code: Option<String>,
    pub state: State,
    /// JSON of [`domain::call::Draft`].
    pub draft: String,
    /// Number of the version in force; 0 before the first.
    pub current: i32,
    pub closing: Option<Closing>,
    pub close_reason: Option<String>,
    pub places: Option<i64>,
    #[sea_orm(column_name = "funds_cents")]
    pub funds: Option<Money>,
    /// Applications handed in and not withdrawn.
    pub taken: i64,
    /// Subsidy of their quotes.
    #[sea_orm(column_name = "committed_cents")]
    pub committed: Money,
    pub made_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub published_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
