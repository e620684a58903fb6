//! How a mode or a call is reviewed, version by version: the newest is in force.

use domain::{id::PersonId, reviewer::Disclosure};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_scope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The code of an access mode, or the identifier of a call.
    pub scope: String,
    pub since: DateTimeUtc,
    /// Nobody reviews a company of their own country.
    pub same_country: bool,
    /// Reviewers are not told whose application it is.
    pub blind: bool,
    pub disclosure: Disclosure,
    /// Hundredths of a grade between two reviews from which one more is suggested.
    pub spread: i64,
    pub made_by: PersonId,
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
