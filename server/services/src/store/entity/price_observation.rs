//! What one source asked for an hour of one model on one day.

use domain::{gpu::GpuModel, id::PersonId, money::Rate, price::Observation};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_observation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub model: GpuModel,
    pub rate: Rate,
    pub source: String,
    pub address: Option<String>,
    pub observed_on: Date,
    pub counts_from: Date,
    pub recorded_by: Option<PersonId>,
    pub recorded_at: DateTimeUtc,
}

impl From<Model> for Observation {
    fn from(row: Model) -> Self {
        Self {
            model: row.model,
            rate: row.rate,
            source: row.source,
            address: row.address,
            observed_on: row.observed_on,
            counts_from: row.counts_from,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
