//! An issued document. Only what was received, given back, credited and given up of it ever changes.

use domain::{
    id::{InvoiceId, OrganisationId},
    invoice::{Issued, Kind, Reference, Settled, Standing, outstanding, unpaid},
    money::Money,
};
use sea_orm::entity::prelude::*;

use crate::error::Result;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    pub organisation_id: OrganisationId,
    pub occasion: String,
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub due_on: Option<Date>,
    pub first_day: Date,
    pub last_day: Date,
    /// JSON of [`Issued`].
    pub document: String,
    pub own_cents: Money,
    pub vat_cents: Money,
    pub total_cents: Money,
    pub received_cents: Money,
    pub refunded_cents: Money,
    /// What credit notes have taken back of the total.
    pub credited_cents: Money,
    /// The document in whose place it stands.
    pub corrects_id: Option<InvoiceId>,
    pub created_at: DateTimeUtc,
    pub written_off_cents: Money,
    /// Of a funder's document: the company's, whose subsidy it asks for.
    pub share_of_id: Option<InvoiceId>,
}

impl Model {
    pub fn issued(&self) -> Result<Issued> {
        Ok(serde_json::from_str(&self.document)?)
    }

    /// Its name on other documents.
    pub fn reference(&self) -> Reference {
        Reference { number: self.number.clone(), issued_on: self.issued_on }
    }

    /// What is owed in all, after credits.
    pub fn owed(&self) -> Money {
        unpaid(self.total_cents, self.credited_cents)
    }

    /// What was paid beyond what is owed and not given back: there is something to refund.
    pub fn overpaid(&self) -> Money {
        unpaid(unpaid(self.received_cents, self.refunded_cents), self.owed())
    }

    pub fn standing(&self, today: Date) -> Standing {
        let sums = Settled {
            total: self.owed(),
            received: self.received_cents,
            refunded: self.refunded_cents,
            written_off: self.written_off_cents,
        };
        Standing::of(&sums, self.due_on, today)
    }

    /// What is left to pay and asked for.
    pub fn outstanding(&self) -> Money {
        outstanding(self.owed(), self.received_cents, self.written_off_cents)
    }

    /// What could still be paid: what was given up can be.
    pub fn unpaid(&self) -> Money {
        unpaid(self.owed(), self.received_cents)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
