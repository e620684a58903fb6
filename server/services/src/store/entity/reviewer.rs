//! What a reviewer knows and how much they take on; without a row nothing is known yet.

use domain::{country::Country, id::PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviewer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    /// JSON: codes of [`domain::reviewer::EXPERTISE`].
    pub expertise: String,
    /// JSON: words of their own.
    pub keywords: String,
    /// JSON: codes of [`domain::reviewer::LANGUAGES`].
    pub languages: String,
    pub country: Option<Country>,
    /// Open reviews at most.
    pub load_limit: i32,
    pub updated_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
