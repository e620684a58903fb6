//! One published version of a call: never changed.

use domain::id::{CallId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub call_id: CallId,
    pub number: i32,
    /// JSON of [`domain::call::Terms`].
    pub terms: String,
    /// JSON of the [`domain::call::Draft`] it was read from.
    pub draft: String,
    /// Why it was changed; empty for the first.
    pub reason: String,
    pub published_by: Option<PersonId>,
    pub published_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
