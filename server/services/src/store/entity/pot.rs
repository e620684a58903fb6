//! A pot of money that subsidies are paid from.

use chrono::NaiveDate;
use domain::{country::Country, id::OrganisationId, pot::Kind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    /// The pot above it, out of which it was filled.
    pub parent: Option<String>,
    pub kind: Kind,
    /// The state whose money it is.
    pub country: Option<Country>,
    pub valid_from: NaiveDate,
    pub valid_until: Option<NaiveDate>,
    /// Whom to invoice for subsidies, where a call splits its invoices.
    pub funder_id: Option<OrganisationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
