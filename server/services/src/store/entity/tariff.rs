//! The list price of one GPU model from one day on.

use domain::{gpu::GpuModel, money::Rate};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tariff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: GpuModel,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub list_rate: Rate,
    pub source: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
