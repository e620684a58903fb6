//! The decision on one application, with its reasons and its signatures.

use domain::{
    gpu::GpuTime,
    id::{ApplicationId, PersonId},
    review::Outcome,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub outcome: Outcome,
    /// GPU-seconds.
    pub granted: GpuTime,
    pub reasons: String,
    pub decided_by: PersonId,
    pub decided_at: DateTimeUtc,
    pub needs_second: bool,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
