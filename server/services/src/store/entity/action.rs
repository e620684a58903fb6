//! What was asked of an allocation after its award, and what became of it.

use domain::{
    action::{Kind, State},
    id::{ActionId, AllocationId, ApplicationId, OrganisationId, PersonId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActionId,
    pub allocation_id: AllocationId,
    pub application_id: ApplicationId,
    pub organisation_id: OrganisationId,
    pub kind: Kind,
    pub state: State,
    /// The allocation that an advance is deducted from.
    pub later_id: Option<AllocationId>,
    /// The application that a renewal began.
    pub renewed_id: Option<ApplicationId>,
    /// JSON of [`domain::action::Change`], each apart.
    pub requested: String,
    pub recommended: Option<String>,
    pub awarded: Option<String>,
    pub why: String,
    /// JSON of the quotes by which the price changes.
    pub price: String,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    pub reason: Option<String>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<DateTimeUtc>,
    pub needs_second: bool,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
