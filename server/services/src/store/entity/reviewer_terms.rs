//! The terms and the confidentiality that a person accepted before they could read anything of a mode or a call.

use domain::id::PersonId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviewer_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: PersonId,
    /// The code of an access mode, or the identifier of a call.
    pub scope: String,
    pub version: i32,
    /// The language it was shown in.
    pub locale: String,
    /// SHA-256, in hex, of the text as it was shown.
    pub text_hash: String,
    pub accepted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
