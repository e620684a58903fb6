//! One movement of our account. What the bank said never changes; what became of it does.

use domain::{
    bank::{Doubt, How, State},
    id::{BankEntryId, BankStatementId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BankEntryId,
    pub statement_id: BankStatementId,
    pub account: String,
    pub entry_key: String,
    pub position: i32,
    pub booked_on: Date,
    pub valued_on: Option<Date>,
    pub amount_cents: Money,
    pub party_name: Option<String>,
    pub party_iban: Option<String>,
    pub reference: Option<String>,
    pub remittance: String,
    pub end_to_end: Option<String>,
    pub state: State,
    pub how: Option<How>,
    pub doubt: Option<Doubt>,
    /// Why it was ignored.
    pub reason: Option<String>,
    pub settled_by: Option<PersonId>,
    pub settled_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
