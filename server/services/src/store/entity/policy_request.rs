//! A policy of prices that one person asked for and another agrees to.

use domain::{
    id::{PersonId, PolicyRequestId},
    money::BasisPoints,
    price::{PricePolicy, State},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyRequestId,
    pub valid_from: Date,
    pub quote_days: i32,
    pub observation_days: i32,
    pub scarcity_from: BasisPoints,
    pub scarcity_most: BasisPoints,
    pub reason: String,
    pub state: State,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

impl Model {
    pub const fn policy(&self) -> PricePolicy {
        PricePolicy {
            valid_from: self.valid_from,
            quote_days: self.quote_days,
            observation_days: self.observation_days,
            scarcity_from: self.scarcity_from,
            scarcity_most: self.scarcity_most,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
