//! One movement of a grant: never changed.

use domain::{aid::Kind, gpu::GpuTime, id::PersonId, money::Money};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub grant_id: Uuid,
    pub number: i32,
    pub kind: Kind,
    pub reserved_cents: Money,
    pub granted_cents: Money,
    /// Of the grant from here on.
    pub gpu_seconds: GpuTime,
    pub entered_on: Date,
    pub at: DateTimeUtc,
    pub entered_by: Option<PersonId>,
    /// Code of the cause.
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
