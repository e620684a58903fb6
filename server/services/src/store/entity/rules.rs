//! One version of the rules of matching: the newest is in force.

use domain::id::PersonId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub since: DateTimeUtc,
    /// JSON of `domain::run::Rules`.
    pub rules: String,
    pub reason: String,
    /// Nobody for the first.
    pub made_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
