//! An appeal against one refusal, and what became of it.

use domain::{
    id::{AppealId, ApplicationId, PersonId},
    workflow::appeal::Outcome,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appeal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppealId,
    pub application_id: ApplicationId,
    /// The decision appealed against; the row itself goes when the case is opened again.
    pub decision_id: Uuid,
    pub grounds: String,
    pub filed_by: PersonId,
    pub filed_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    pub reminded_at: Option<DateTimeUtc>,
    pub outcome: Option<Outcome>,
    pub reasons: Option<String>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
