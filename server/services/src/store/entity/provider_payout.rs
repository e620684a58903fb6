//! An entry that is a payout of the payment provider, with what it kept. Undone, it stays with the reason.

use domain::{
    id::{BankEntryId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_payout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: BankEntryId,
    /// As the bank has it: what came is above nought.
    pub amount_cents: Money,
    pub fee_cents: Money,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
    pub undone_by: Option<PersonId>,
    pub undone_at: Option<DateTimeUtc>,
    pub undo_reason: Option<String>,
    /// The provider's name of it, where it told us.
    pub provider_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
