//! One change of what a company has with us beyond what it owed. Rows are added, never changed.

use domain::{
    bank::Cause,
    id::{OrganisationId, PaymentId, PayoutId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub amount_cents: Money,
    pub cause: Cause,
    pub match_id: Option<Uuid>,
    pub payment_id: Option<PaymentId>,
    pub payout_id: Option<PayoutId>,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
