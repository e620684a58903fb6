//! What one euro was worth in another currency on one day.

use domain::{exchange::ExchangeRate, id::PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_rate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub currency: String,
    pub day: Date,
    pub micros: i64,
    pub source: String,
    pub recorded_by: Option<PersonId>,
    pub recorded_at: DateTimeUtc,
}

impl From<Model> for ExchangeRate {
    fn from(row: Model) -> Self {
        Self { currency: row.currency, day: row.day, micros: row.micros, source: row.source }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
