//! One grant of aid with the balance of its movements: reserved, granted or released.

use domain::{
    aid::{Article, Standing},
    country::Country,
    gpu::GpuTime,
    id::{AllocationId, ApplicationId, OrganisationId, PersonId},
    money::{Money, Rate},
    organisation::SizeClass,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose aid it is.
    pub state: Country,
    /// Gap-free in its State.
    pub number: i64,
    pub standing: Standing,
    pub organisation_id: OrganisationId,
    pub application_id: ApplicationId,
    /// Once an offer is accepted.
    pub allocation_id: Option<AllocationId>,
    /// Code of [`domain::pricing::Regime`].
    pub regime: String,
    pub article: Article,
    pub pot: String,
    pub authority: String,
    pub instrument: String,
    pub scheme: String,
    pub beneficiary: String,
    pub registration_number: String,
    pub country: Country,
    pub nace: String,
    pub size_class: SizeClass,
    pub gpu_seconds: GpuTime,
    /// The reference price, as it was frozen.
    pub list_rate: Rate,
    pub price_source: String,
    pub priced_on: Date,
    pub reserved_cents: Money,
    pub granted_cents: Money,
    pub reserved_on: Date,
    pub granted_on: Option<Date>,
    pub decided_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
