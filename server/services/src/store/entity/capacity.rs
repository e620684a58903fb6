//! GPUs of one model at one site in one week.

use chrono::NaiveDate;
use domain::{
    gpu::GpuModel,
    id::{SiteId, WindowId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WindowId,
    pub site_id: SiteId,
    pub model: GpuModel,
    /// Monday.
    pub week: NaiveDate,
    pub gpus: i64,
    pub maintenance: i64,
    pub held: i64,
    pub booked: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
