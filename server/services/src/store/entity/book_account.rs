//! One account of the books, and what it is kept for.

use domain::{book::Account, money::Money};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account: Account,
    /// An organisation, a state, a pot, or a site and a pot.
    pub kept_for: String,
    /// A debit is above nought.
    pub balance_cents: Money,
    pub has_floor: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
