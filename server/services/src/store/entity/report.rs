//! A report that a company owes for an allocation.

use domain::{
    id::{AllocationId, ApplicationId, OrganisationId, PersonId, ReportId},
    report::{Kind, State},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub allocation_id: AllocationId,
    pub application_id: ApplicationId,
    pub organisation_id: OrganisationId,
    pub kind: Kind,
    pub state: State,
    pub due_on: Date,
    /// JSON of [`domain::report::Draft`].
    pub draft: String,
    pub handed_in_by: Option<PersonId>,
    pub handed_in_at: Option<DateTimeUtc>,
    /// Of the officer who approved or returned it.
    pub reason: Option<String>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<DateTimeUtc>,
    pub reminded: i32,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
