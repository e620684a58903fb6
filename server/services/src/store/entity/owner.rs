//! Who holds shares of an organisation and whose shares it holds; a row with a parent is one generation further.

use domain::{
    id::OrganisationId,
    money::{BasisPoints, Money},
    organisation::{Direction, HolderKind, Staff},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub direction: Direction,
    pub kind: HolderKind,
    pub share: BasisPoints,
    pub controls: bool,
    pub acts_with: Option<i32>,
    pub staff: Option<Staff>,
    pub turnover: Option<Money>,
    pub balance: Option<Money>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
