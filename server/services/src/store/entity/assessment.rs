//! What one site says of one application: whether it can run there, and with how much of what.

use domain::{
    gpu::{GpuModel, GpuTime},
    id::{ApplicationId, PersonId, SiteId},
    workflow::StepOutcome,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub site_id: SiteId,
    pub verdict: StepOutcome,
    /// GPU-seconds recommended.
    pub hours: GpuTime,
    pub model: Option<GpuModel>,
    pub conditions: String,
    pub comments: String,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
