//! A list price that one person asked for and another agrees to.

use domain::{
    gpu::GpuModel,
    id::{ListPriceId, PersonId, SiteId},
    money::Rate,
    price::State,
    pricing::Tariff,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_price")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ListPriceId,
    /// Nothing for the programme's own.
    pub site_id: Option<SiteId>,
    pub model: GpuModel,
    pub rate: Rate,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub reason: String,
    pub state: State,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

impl From<Model> for Tariff {
    fn from(row: Model) -> Self {
        Self {
            model: row.model,
            site: row.site_id,
            list_rate: row.rate,
            source: row.reason,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
