//! The timeline of every noun: what happened, by whom, as data for words.

use domain::id::{EventId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub at: DateTimeUtc,
    pub actor_group: String,
    pub person_id: Option<PersonId>,
    pub kind: String,
    /// JSON, the arguments of its words.
    pub detail: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
