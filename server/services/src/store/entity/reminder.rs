//! A step that was taken because an invoice was not paid.

use domain::{
    dunning::{Step, Taken},
    id::{InvoiceId, OrganisationId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invoice_id: InvoiceId,
    pub organisation_id: OrganisationId,
    pub step: Step,
    pub taken_on: Date,
    pub outstanding_cents: Money,
    pub interest_cents: Money,
    pub costs_cents: Money,
    pub taken_at: DateTimeUtc,
}

impl Model {
    pub const fn taken(&self) -> Taken {
        Taken { step: self.step, on: self.taken_on }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
