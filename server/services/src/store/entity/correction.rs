//! Use that the ledger counted and counts no longer, with its cause. Append-only.

use domain::{
    credit_note::Cause,
    gpu::GpuTime,
    id::{AllocationId, ReadingId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "correction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub allocation_id: AllocationId,
    /// Empty where the ledger did not have the use yet.
    pub entry_id: Option<Uuid>,
    pub cause: Cause,
    pub gpu_seconds: GpuTime,
    pub reason: String,
    /// The reading that is corrected, and the correcting one as it was sent.
    pub reading_id: Option<ReadingId>,
    pub sequence: Option<i64>,
    pub gpus: Option<i64>,
    pub started_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub downtime_id: Option<Uuid>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
