//! A payer's bank wants a payment back.

use domain::{id::PaymentId, money::Money, payment::DisputeState};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispute")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: PaymentId,
    pub provider_id: String,
    pub amount_cents: Money,
    pub state: DisputeState,
    /// The provider's code of the reason.
    pub cause: String,
    pub opened_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
