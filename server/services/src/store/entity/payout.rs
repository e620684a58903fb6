//! Money to be sent by bank transfer, until it is seen on a statement.

use domain::{
    bank::PayoutState,
    id::{OrganisationId, PayoutId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutId,
    pub organisation_id: OrganisationId,
    /// The refund it makes; none when it gives back a credit.
    pub refund_id: Option<Uuid>,
    pub amount_cents: Money,
    pub iban: String,
    pub holder: String,
    pub number: String,
    pub reason: String,
    pub state: PayoutState,
    pub needs_second: bool,
    pub asked_by: Option<PersonId>,
    pub asked_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
    pub settled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
