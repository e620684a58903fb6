//! When people are told of quotas and awards, and how long a grace is: from one day on.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub first_percent: i32,
    pub second_percent: i32,
    pub grace_hours: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
