//! The part of a large award that waits for an approved interim report.

use domain::{gpu::GpuTime, id::AllocationId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instalment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub allocation_id: AllocationId,
    pub gpu_seconds: GpuTime,
    pub state: State,
    pub withheld_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    #[sea_orm(string_value = "withheld")]
    Withheld,
    #[sea_orm(string_value = "released")]
    Released,
    /// The allocation ended before.
    #[sea_orm(string_value = "lapsed")]
    Lapsed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
