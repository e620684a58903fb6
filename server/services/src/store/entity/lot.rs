//! A seed committed before a deadline, and what was drawn with it.

use domain::id::{CallId, LotId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotId,
    pub name: String,
    pub mode: String,
    pub deadline: DateTimeUtc,
    /// Secret until it is revealed: it leaves this crate only then.
    pub seed: String,
    /// SHA-256 of the seed.
    pub commitment: String,
    pub committed_by: PersonId,
    pub committed_at: DateTimeUtc,
    /// JSON: the references that drew, once revealed.
    pub drawn: Option<String>,
    pub revealed_by: Option<PersonId>,
    pub revealed_at: Option<DateTimeUtc>,
    /// The call whose ties it settles; none for those of the mode that are under no call.
    pub call_id: Option<CallId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
