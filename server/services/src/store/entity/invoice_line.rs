//! What of an allocation an invoice has charged: the sum of these is what no later invoice may charge again.

use domain::{
    gpu::GpuTime,
    id::{AllocationId, InvoiceId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invoice_id: InvoiceId,
    pub position: i32,
    pub allocation_id: AllocationId,
    pub gpu_seconds: GpuTime,
    pub list_cents: Money,
    pub subsidy_cents: Money,
    pub own_cents: Money,
    /// Of a funder's document: the company's own line charges this time.
    pub is_funders: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
