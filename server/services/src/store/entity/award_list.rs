//! An award list as an officer fixed it: the order and the cut that decisions are made on.

use domain::{
    gpu::GpuTime,
    id::{AwardListId, CallId, PersonId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_list")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AwardListId,
    pub mode: String,
    /// None for what is of the mode and under no call.
    pub call_id: Option<CallId>,
    pub budget: Option<GpuTime>,
    /// JSON: the lines in their order, of every application, whoever may see it.
    pub lines: String,
    pub fixed_by: PersonId,
    pub fixed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
