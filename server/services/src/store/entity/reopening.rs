//! One officer would open a decided case again; another signs it, or it is dropped.

use domain::id::{ApplicationId, PersonId, ReopeningId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reopening")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReopeningId,
    pub application_id: ApplicationId,
    pub reasons: String,
    pub proposed_by: PersonId,
    pub proposed_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    /// When it was signed or dropped.
    pub settled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
