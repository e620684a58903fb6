//! What one pot pays for one size class from one day on.

use domain::{money::BasisPoints, organisation::SizeClass};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subsidy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub size_class: SizeClass,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pot: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// Code of [`domain::pricing::Regime`].
    pub regime: String,
    pub share: BasisPoints,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
