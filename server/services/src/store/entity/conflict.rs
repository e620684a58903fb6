//! A person's conflict of interest with one application: in force, it hides the application from them.

use domain::{
    conflict::{Kind, Origin, State},
    id::{ApplicationId, PersonId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub person_id: PersonId,
    /// In the words of whoever declared or recorded it; empty if it was found.
    pub reason: String,
    pub declared_at: DateTimeUtc,
    pub kind: Kind,
    pub origin: Origin,
    /// JSON of [`domain::conflict::Evidence`]; `{}` for words alone.
    pub evidence: String,
    pub state: State,
    /// The officer who recorded it for somebody else.
    pub recorded_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
