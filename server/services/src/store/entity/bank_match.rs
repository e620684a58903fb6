//! What part of an entry was matched to. Undone, it stays with the reason.

use domain::{
    bank::{How, Kind},
    id::{BankEntryId, OrganisationId, PaymentId, PayoutId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bank_match")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: BankEntryId,
    pub organisation_id: OrganisationId,
    pub kind: Kind,
    pub payment_id: Option<PaymentId>,
    pub payout_id: Option<PayoutId>,
    pub amount_cents: Money,
    pub how: How,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
    pub undone_by: Option<PersonId>,
    pub undone_at: Option<DateTimeUtc>,
    pub undo_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
