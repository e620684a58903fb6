//! A company by whom an applicant does not want to be judged: on all its applications, or on one.

use domain::{
    country::Country,
    id::{ApplicationId, OrganisationId, PersonId},
    reviewer::InterestKind,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "named_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub application_id: Option<ApplicationId>,
    /// A competitor, an investor or a customer.
    pub kind: InterestKind,
    pub name: String,
    pub country: Option<Country>,
    /// As typed; empty if unknown.
    pub registration_number: String,
    pub named_by: PersonId,
    pub named_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
