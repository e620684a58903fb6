//! A pair that an officer fixed in a proposal: this reviewer gets this application, or does not.

use domain::{
    assignment::Hand,
    id::{ApplicationId, PersonId, ProposalId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_hand")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub proposal_id: ProposalId,
    pub application_id: ApplicationId,
    pub person_id: PersonId,
    pub hand: Hand,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
