//! One entry of the books: when, what for, and by whom. Never changed.

use chrono::NaiveDate;
use domain::{book::Kind, id::PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// From 1, without a gap.
    pub number: i64,
    pub kind: Kind,
    pub happened_on: NaiveDate,
    /// Later than the fact where its month was closed.
    pub booked_on: NaiveDate,
    /// What it records, once.
    pub key: String,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub person_id: Option<PersonId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
