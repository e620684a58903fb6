//! An issued credit note, or the withdrawal of a statement of aid. Never changes.

use domain::{
    credit_note::{Cause, CreditNote},
    id::{CreditNoteId, InvoiceId, OrganisationId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

use crate::error::Result;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditNoteId,
    pub invoice_id: InvoiceId,
    pub organisation_id: OrganisationId,
    pub occasion: String,
    pub number: String,
    pub issued_on: Date,
    pub cause: Cause,
    pub reason: String,
    /// JSON of [`CreditNote`].
    pub document: String,
    pub list_cents: Money,
    pub subsidy_cents: Money,
    pub own_cents: Money,
    pub vat_cents: Money,
    /// Hundredths of the national currency.
    pub national_vat: i64,
    pub total_cents: Money,
    pub asked_by: Option<PersonId>,
    pub signed_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
}

impl Model {
    pub fn note(&self) -> Result<CreditNote> {
        Ok(serde_json::from_str(&self.document)?)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
