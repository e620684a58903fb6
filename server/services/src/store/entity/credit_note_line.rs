//! What a credit note takes back of one line of an invoice.

use domain::{
    gpu::GpuTime,
    id::{AllocationId, CreditNoteId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub credit_note_id: CreditNoteId,
    pub position: i32,
    pub invoice_line_id: Uuid,
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
