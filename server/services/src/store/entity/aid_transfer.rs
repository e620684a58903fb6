//! A merger or split that moves prior aid: never changed.

use domain::{
    aid::transfer::Event,
    id::{OrganisationId, PersonId},
    money::BasisPoints,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_transfer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: Event,
    pub from_id: OrganisationId,
    pub to_id: OrganisationId,
    pub effective_on: Date,
    pub share: BasisPoints,
    pub grant_id: Option<Uuid>,
    pub reason: String,
    pub recorded_by: PersonId,
    pub recorded_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
