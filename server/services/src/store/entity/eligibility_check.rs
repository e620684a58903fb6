//! One test of eligibility, with the facts it saw: never changed.

use domain::{call::check::Occasion, id::ApplicationId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "eligibility_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub occasion: Occasion,
    pub at: DateTimeUtc,
    /// No rule failed.
    pub holds: bool,
    /// JSON of [`domain::call::Facts`].
    pub facts: String,
    /// JSON of the [`domain::call::Check`]s.
    pub outcome: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
