//! One step of one application: its clock while it goes on, what it came to, and by whom.

use domain::{
    id::{ApplicationId, PersonId, SiteId},
    workflow::{Kind, StepOutcome, StepState},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: ApplicationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    pub position: i32,
    pub state: StepState,
    pub working_days: i32,
    pub begun_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    /// Since when the clock stands still for an answer.
    pub stopped_at: Option<DateTimeUtc>,
    /// Stages of a missed deadline that were taken.
    pub escalations: i32,
    /// Since when somebody else may take what was not handed in.
    pub substituted_at: Option<DateTimeUtc>,
    pub outcome: Option<StepOutcome>,
    pub reason: String,
    pub done_by: Option<PersonId>,
    pub done_at: Option<DateTimeUtc>,
    /// The site that assesses; `None` while an officer has to name one.
    pub site_id: Option<SiteId>,
    /// The officer who was asked to see to it after a missed deadline.
    pub in_charge: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
