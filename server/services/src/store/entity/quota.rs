//! One cap in GPU-hours from a day on.

use chrono::NaiveDate;
use domain::{
    country::Country,
    gpu::GpuTime,
    id::{CallId, OrganisationId, PersonId, ProjectId, QuotaId, SiteId},
    quota::{Cap, Kind, Scope, Slice},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotaId,
    pub kind: Kind,
    /// Of a group, any company of it.
    pub organisation_id: Option<OrganisationId>,
    pub country: Option<Country>,
    pub call_id: Option<CallId>,
    pub pot: Option<String>,
    /// Of a pot, where it pays; nothing for everywhere.
    pub site_id: Option<SiteId>,
    pub project_id: Option<ProjectId>,
    /// Nothing where the cap is lifted.
    pub gpu_seconds: Option<GpuTime>,
    pub valid_from: NaiveDate,
    pub counts_from: Option<NaiveDate>,
    pub reason: String,
    pub set_by: PersonId,
    pub set_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What the rules know of it; the database lets no row without its scope be.
    pub fn cap(&self) -> Option<Cap> {
        let scope = match self.kind {
            Kind::Organisation => Scope::Organisation(self.organisation_id?),
            Kind::Group => Scope::Group(self.organisation_id?),
            Kind::Country => Scope::Country(self.country?),
            Kind::Call => Scope::Call(self.call_id?),
            Kind::Project => Scope::Project(self.project_id?),
            Kind::Pot => Scope::Pot(self.pot.clone()?, self.site_id),
            Kind::Reserve => Scope::Reserve(Slice { pot: self.pot.clone()?, site: self.site_id, call: self.call_id? }),
        };
        Some(Cap {
            id: self.id,
            scope,
            most: self.gpu_seconds,
            valid_from: self.valid_from,
            counts_from: self.counts_from,
        })
    }
}
