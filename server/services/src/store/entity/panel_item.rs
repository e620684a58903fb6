//! One application on the agenda of a panel, with what is recommended.

use domain::{
    gpu::GpuTime,
    id::{ApplicationId, PanelId, PanelItemId, PersonId},
    panel::{ItemState, Outcome},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelItemId,
    pub panel_id: PanelId,
    pub application_id: ApplicationId,
    pub position: i32,
    pub state: ItemState,
    pub outcome: Option<Outcome>,
    /// GPU-seconds.
    pub gpu_time: Option<GpuTime>,
    pub storage_tb: Option<i64>,
    pub note: String,
    /// JSON: the persons who were out of the room.
    pub away: String,
    pub saved_by: Option<PersonId>,
    pub saved_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
