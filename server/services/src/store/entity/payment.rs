//! One attempt to pay one invoice.

use domain::{
    id::{InvoiceId, PaymentId, PersonId},
    money::Money,
    payment::{Payment, Rail, State},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    pub invoice_id: InvoiceId,
    pub amount_cents: Money,
    pub state: State,
    pub received_cents: Money,
    pub refunded_cents: Money,
    /// The provider's name of the payment page.
    pub session: Option<String>,
    /// The provider's name of the payment.
    pub intent: Option<String>,
    /// Where the payer goes.
    pub url: Option<String>,
    /// The code of the last decline.
    pub decline: Option<String>,
    /// The payer's bank takes the money back; a person must look.
    pub disputed: bool,
    pub started_by: Option<PersonId>,
    pub receipt_number: Option<String>,
    pub created_at: DateTimeUtc,
    pub received_at: Option<DateTimeUtc>,
    pub rail: Rail,
    /// Taken back from what was received: an undone match, a lost dispute.
    pub reversed_cents: Money,
    /// Of what was received, what was for interest and recovery costs.
    pub claim_cents: Money,
    /// Of what was received, what became a credit of the company.
    pub over_cents: Money,
}

impl Model {
    pub const fn known(&self) -> Payment {
        Payment {
            state: self.state,
            amount: self.amount_cents,
            received: self.received_cents,
            refunded: self.refunded_cents,
            reversed: self.reversed_cents,
            claim: self.claim_cents,
            over: self.over_cents,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
