//! What was asked to be given up of an invoice, and by whom it was signed.

use domain::{
    id::{InvoiceId, OrganisationId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "write_off")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invoice_id: InvoiceId,
    pub organisation_id: OrganisationId,
    pub amount_cents: Money,
    pub reason: String,
    pub state: State,
    pub needs_second: bool,
    pub asked_by: Option<PersonId>,
    pub asked_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Waits for a second signature.
    #[sea_orm(string_value = "asked")]
    Asked,
    #[sea_orm(string_value = "done")]
    Done,
    #[sea_orm(string_value = "refused")]
    Refused,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}
