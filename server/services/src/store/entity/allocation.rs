//! One offer and what became of it.

use chrono::NaiveDate;
use domain::{
    allocation::State,
    capacity::{Slot, Slots},
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, OrganisationId, SiteId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "allocation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AllocationId,
    pub application_id: ApplicationId,
    pub organisation_id: OrganisationId,
    pub site_id: SiteId,
    pub model: GpuModel,
    pub gpus: i64,
    /// Monday.
    pub first_week: NaiveDate,
    pub weeks: i32,
    /// JSON of the slots after this first one, where there are any.
    pub further: Option<String>,
    pub gpu_seconds: GpuTime,
    pub state: State,
    /// The application's reference, as people quote it.
    pub reference: String,
    /// JSON of the application's need, as it was when the offer was made.
    pub need: String,
    /// JSON of the frozen quote.
    pub terms: String,
    /// Its place among the offers made for the application: 1 is the first.
    pub rank: i32,
    pub offered_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The slots after the first as they are stored.
pub fn further(slots: &Slots) -> serde_json::Result<Option<String>> {
    (!slots.is_one()).then(|| serde_json::to_string(slots.further())).transpose()
}

impl Model {
    /// The first of them, and nearly always the only one.
    pub const fn slot(&self) -> Slot {
        Slot { site: self.site_id, model: self.model, first_week: self.first_week, weeks: self.weeks, gpus: self.gpus }
    }

    pub fn slots(&self) -> Slots {
        let further = self.further.as_deref().and_then(|stored| serde_json::from_str(stored).ok()).unwrap_or_default();
        Slots::new(self.slot(), further).unwrap_or_else(|| self.slot().into())
    }
}
