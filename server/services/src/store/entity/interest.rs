//! An interest of somebody who judges: where they work and worked, and with whom they have ties.

use domain::{country::Country, id::PersonId, reviewer::InterestKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: PersonId,
    pub kind: InterestKind,
    pub name: String,
    pub country: Option<Country>,
    /// As typed; empty if unknown.
    pub registration_number: String,
    /// The day a former employer was left.
    pub ended_on: Option<Date>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
