//! One row a writing transaction: who did what, where they stood, and which rows changed. Append-only.

use domain::id::{OrganisationId, PersonId, SiteId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub action: String,
    pub actor_group: String,
    pub person_id: Option<PersonId>,
    pub organisation_id: Option<OrganisationId>,
    pub site_id: Option<SiteId>,
    /// A JSON array of `{how, table, key}`.
    pub changes: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
