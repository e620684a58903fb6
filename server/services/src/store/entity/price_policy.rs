//! What the programme's prices go by from one day on.

use domain::{money::BasisPoints, price::PricePolicy};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub quote_days: i32,
    pub observation_days: i32,
    pub scarcity_from: BasisPoints,
    pub scarcity_most: BasisPoints,
}

impl From<Model> for PricePolicy {
    fn from(row: Model) -> Self {
        Self {
            valid_from: row.valid_from,
            quote_days: row.quote_days,
            observation_days: row.observation_days,
            scarcity_from: row.scarcity_from,
            scarcity_most: row.scarcity_most,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
