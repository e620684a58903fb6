//! Who would review what, as it was reckoned once; changed by hand until it is committed.

use domain::{
    assignment::ProposalState,
    id::{PersonId, ProposalId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    /// Code of the access mode.
    pub mode: String,
    pub seed: i64,
    pub state: ProposalState,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
    /// JSON of `assignments::Outcome`.
    pub outcome: String,
    pub committed_by: Option<PersonId>,
    pub committed_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
