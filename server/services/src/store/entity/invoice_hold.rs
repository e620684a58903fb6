//! A document that is due and waits for an answer from outside. Gone once it is issued.

use domain::id::OrganisationId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Cause {
    /// The VAT must be said in another currency, and there is no rate of the day.
    #[sea_orm(string_value = "rate_missing")]
    RateMissing,
    /// The register that a reverse charge rests on does not answer.
    #[sea_orm(string_value = "vat_unavailable")]
    VatUnavailable,
}

impl Cause {
    pub const fn code(self) -> &'static str {
        match self {
            Self::RateMissing => "rate-missing",
            Self::VatUnavailable => "vat-unavailable",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub occasion: String,
    pub cause: Cause,
    pub detail: String,
    pub since: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
