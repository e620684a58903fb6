//! What a pot's funder is asked for of one document of a company.

use domain::{id::InvoiceId, money::Money};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funder_share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The company's document.
    pub invoice_id: InvoiceId,
    pub pot: String,
    pub subsidy_cents: Money,
    /// The funder's, once it is issued.
    pub document_id: Option<InvoiceId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
