//! A legal entity that applies and pays.

use domain::{
    country::Country,
    id::OrganisationId,
    organisation::SizeClass,
    vat::{VatId, VatState},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    pub legal_name: String,
    pub street: String,
    pub city: String,
    pub postcode: String,
    pub country: Country,
    pub registration_number: String,
    pub registration_key: String,
    pub vat_id: Option<VatId>,
    pub vat_state: VatState,
    /// When the register last gave a definite answer.
    pub vat_checked_at: Option<DateTimeUtc>,
    pub vat_consultation: Option<String>,
    pub founded_on: Date,
    pub nace: String,
    pub listed: bool,
    pub distributed_profits: bool,
    pub from_merger: bool,
    /// As computed from the figures when they last changed; `None` without figures.
    pub size_class: Option<SizeClass>,
    pub start_up: bool,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
