//! A gigafactory's site. What its meter proves itself with is kept only as a hash.

use domain::{country::Country, id::SiteId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SiteId,
    pub slug: String,
    pub name: String,
    pub country: Country,
    pub city: String,
    /// Where people log in.
    pub login_host: String,
    /// SHA-256 in hex.
    pub token_hash: Option<String>,
    pub token_rotated_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
