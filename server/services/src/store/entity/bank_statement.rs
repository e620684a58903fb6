//! A statement of our account, as a bank gave it.

use domain::{
    id::{BankStatementId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_statement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BankStatementId,
    /// IBAN.
    pub account: String,
    pub name: String,
    pub from_day: Date,
    pub to_day: Date,
    pub opening_cents: Money,
    pub closing_cents: Money,
    pub entries: i32,
    /// Of these, how many an earlier statement had brought.
    pub known: i32,
    pub content_hash: String,
    pub file_name: String,
    pub imported_by: Option<PersonId>,
    pub imported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
