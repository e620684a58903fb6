//! One test of a grant, with the facts it saw: never changed.

use domain::{aid::Occasion, id::ApplicationId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aid_test")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub grant_id: Option<Uuid>,
    pub occasion: Occasion,
    pub at: DateTimeUtc,
    pub holds: bool,
    /// JSON of [`domain::aid::test::Tested`].
    pub tested: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
