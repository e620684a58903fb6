//! Somebody asks that a conflict does not count, and a second officer says yes or no.

use domain::{conflict::WaiverOutcome, id::PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waiver")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub conflict_id: Uuid,
    /// Whose conflict it is.
    pub person_id: PersonId,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub reason: String,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<DateTimeUtc>,
    pub outcome: Option<WaiverOutcome>,
    pub decision_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
