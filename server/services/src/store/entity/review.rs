//! One reviewer's review of one application: a draft until it is handed in.

use domain::{
    id::{ApplicationId, PersonId, ReviewId},
    review::Advice,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub application_id: ApplicationId,
    pub reviewer_id: PersonId,
    /// JSON of [`domain::review::Draft`].
    pub draft: String,
    /// Hundredths of a grade, once handed in.
    pub total: Option<i64>,
    pub advice: Option<Advice>,
    pub opened_at: DateTimeUtc,
    pub handed_in_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
