//! Each question to VIES and its answer: the evidence behind a reverse charge. Append-only.

use domain::{
    id::OrganisationId,
    vat::{VatId, VatState},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vat_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub vat_id: VatId,
    pub at: DateTimeUtc,
    pub answer: VatState,
    pub consultation: Option<String>,
    pub registered_name: Option<String>,
    pub registered_address: Option<String>,
    /// Why there was no answer.
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
