//! An account of the ledger, with its balance in GPU-seconds.

use domain::{
    gpu::GpuTime,
    id::{AllocationId, SiteId},
    ledger::Account,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Account,
    pub site_id: SiteId,
    /// None for a site's supply.
    pub allocation_id: Option<AllocationId>,
    pub balance: GpuTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
