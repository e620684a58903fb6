//! A pledge, a withdrawal or a reallocation that two people agree to.

use domain::{
    id::{PersonId, PotMovementId},
    money::Money,
    pot::{Move, MoveState},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pot_movement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PotMovementId,
    pub kind: Move,
    pub pot: String,
    pub to_pot: Option<String>,
    pub amount_cents: Money,
    pub reason: String,
    /// By what letter the Member State agreed.
    pub approval: Option<String>,
    pub state: MoveState,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
