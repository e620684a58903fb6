//! One way that one application went: who took it, when, why, and what changed. Append-only.

use domain::id::{ApplicationId, PersonId, TransitionId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransitionId,
    pub application_id: ApplicationId,
    pub at: DateTimeUtc,
    /// Code of [`domain::workflow::edge::Deed`].
    pub deed: String,
    pub from_node: String,
    pub to_node: String,
    /// The step that went on.
    pub step: Option<String>,
    pub actor_group: String,
    pub person_id: Option<PersonId>,
    pub reason: String,
    /// JSON of what changed.
    pub detail: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
