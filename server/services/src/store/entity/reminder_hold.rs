//! A pause of reminders, or a promise to pay.

use domain::{
    dunning::{Hold, HoldKind},
    id::{InvoiceId, OrganisationId, PersonId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invoice_id: InvoiceId,
    pub organisation_id: OrganisationId,
    pub kind: HoldKind,
    pub until_day: Date,
    pub reason: String,
    /// Who of the company promised.
    pub promised_by: Option<String>,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
    pub ended_by: Option<PersonId>,
    pub ended_at: Option<DateTimeUtc>,
}

impl Model {
    pub const fn hold(&self) -> Hold {
        Hold { kind: self.kind, until: self.until_day }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
