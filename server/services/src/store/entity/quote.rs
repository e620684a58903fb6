//! One version of a quote: what was asked for, the price with its derivation, and until when it stands.

use chrono::{DateTime, Utc};
use domain::{
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, OrganisationId, PersonId, QuoteId, SiteId},
    money::Money,
    quote::{Inputs, Standing, State},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteId,
    pub number: String,
    pub version: i32,
    pub organisation_id: OrganisationId,
    pub application_id: ApplicationId,
    pub model: GpuModel,
    pub site_id: Option<SiteId>,
    pub gpu_seconds: GpuTime,
    pub first_day: Date,
    pub last_day: Date,
    /// A [`domain::pricing::Quote`] in JSON.
    pub price: String,
    pub due_cents: Money,
    pub state: State,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub allocation_id: Option<AllocationId>,
}

impl Model {
    pub const fn inputs(&self) -> Inputs {
        Inputs {
            model: self.model,
            site: self.site_id,
            gpu_time: self.gpu_seconds,
            first_day: self.first_day,
            last_day: self.last_day,
        }
    }

    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        Standing::of(self.state, self.expires_at, now)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
