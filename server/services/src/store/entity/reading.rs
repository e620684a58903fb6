//! A stretch of a job, as the site's meter told it.

use domain::{
    gpu::GpuTime,
    id::{AllocationId, ReadingId, SiteId},
    money::Overflow,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reading")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReadingId,
    pub site_id: SiteId,
    pub allocation_id: AllocationId,
    pub job: String,
    pub sequence: i64,
    pub gpus: i64,
    pub started_at: DateTimeUtc,
    pub ended_at: DateTimeUtc,
    pub gpu_seconds: GpuTime,
    pub received_at: DateTimeUtc,
    /// Empty until it is posted to the ledger.
    pub entry_id: Option<Uuid>,
    /// What corrections took off its GPU-seconds.
    pub lowered_by: GpuTime,
}

impl Model {
    /// What counts of it.
    pub fn counted(&self) -> Result<GpuTime, Overflow> {
        self.gpu_seconds.checked_sub(self.lowered_by)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
