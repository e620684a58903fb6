//! A question to the applicant after submission, what they typed, and what they answered.

use domain::{
    id::{ApplicationId, PersonId, QuestionId},
    workflow::{Kind, question::State},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionId,
    pub application_id: ApplicationId,
    /// The step that goes on.
    pub step: Kind,
    pub state: State,
    pub text: String,
    pub asked_by: PersonId,
    pub asked_group: String,
    pub asked_at: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    /// Typed and not sent yet.
    pub draft: String,
    pub answer: Option<String>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
