//! What a company declared of other aid, with the text it declared: never changed.

use domain::{
    country::Country,
    id::{OrganisationId, PersonId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_declaration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: OrganisationId,
    pub state: Country,
    pub text_version: i32,
    pub locale: String,
    pub text: String,
    /// JSON of [`domain::aid::declaration::Declaration`].
    pub declared: String,
    pub declared_by: PersonId,
    pub declared_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
