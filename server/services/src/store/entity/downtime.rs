//! A stretch in which GPUs of an allocation were down, as its site recorded it.

use domain::id::{AllocationId, PersonId, SiteId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "downtime")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub allocation_id: AllocationId,
    pub site_id: SiteId,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub gpus: i64,
    pub reason: String,
    pub recorded_by: Option<PersonId>,
    pub recorded_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
