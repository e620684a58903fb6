//! A review that was given out: who was asked for which application, and what they said.

use domain::{
    assignment::State,
    id::{ApplicationId, PersonId, ProposalId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub person_id: PersonId,
    /// The proposal that it came from; none if an officer gave it out directly.
    pub proposal_id: Option<ProposalId>,
    pub state: State,
    /// How many were asked in vain in this one's place before.
    pub tries: i32,
    pub offered_at: DateTimeUtc,
    pub answer_due_at: DateTimeUtc,
    pub review_due_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    /// Why it was declined; empty otherwise.
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
