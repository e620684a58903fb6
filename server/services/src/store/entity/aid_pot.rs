//! Whose money one pot is from one day on.

use domain::{
    aid::{Article, pot::Payer},
    country::Country,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_pot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pot: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub payer: Payer,
    pub state: Option<Country>,
    pub article: Article,
    pub has_bonus: bool,
    pub has_tail: bool,
    pub authority: String,
    pub instrument: String,
    pub scheme: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
