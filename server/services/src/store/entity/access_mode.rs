//! One version of the rules of an access mode.

use domain::mode::Code;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_mode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: Code,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub valid_from: Date,
    /// JSON of [`domain::mode::Mode`].
    pub rules: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
