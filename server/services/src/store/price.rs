//! Queries of the price book.

use chrono::NaiveDate;
use domain::{
    gpu::GpuModel,
    price::{Observation, PricePolicy, State},
    pricing::Tariff,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{list_price, policy_request, price_observation, price_policy, tariff},
};
use crate::error::Result;

/// Every observation, oldest first; of one model or of all. What was observed is no secret.
pub(crate) async fn observations(tx: &Tx, model: Option<GpuModel>) -> Result<Vec<Observation>> {
    let mut select = price_observation::Entity::find()
        .order_by_asc(price_observation::Column::CountsFrom)
        .order_by_asc(price_observation::Column::Id);
    if let Some(model) = model {
        select = select.filter(price_observation::Column::Model.eq(model));
    }
    Ok(select.all(tx.connection()).await?.into_iter().map(Observation::from).collect())
}

/// Observations that count from a later day only, oldest first.
pub(crate) async fn pending(tx: &Tx, today: NaiveDate) -> Result<Vec<price_observation::Model>> {
    let select = price_observation::Entity::find().filter(price_observation::Column::CountsFrom.gt(today));
    Ok(select.order_by_asc(price_observation::Column::Id).all(tx.connection()).await?)
}

pub(crate) async fn policies(tx: &Tx) -> Result<Vec<PricePolicy>> {
    let rows = price_policy::Entity::find().order_by_asc(price_policy::Column::ValidFrom);
    Ok(rows.all(tx.connection()).await?.into_iter().map(PricePolicy::from).collect())
}

/// Every list price in force, past or to come: those the programme began with, and those that two people agreed to.
pub(crate) async fn tariffs(tx: &Tx) -> Result<Vec<Tariff>> {
    let first = tariff::Entity::find().all(tx.connection()).await?;
    let agreed = list_price::Entity::find()
        .filter(list_price::Column::State.eq(State::Agreed))
        .order_by_asc(list_price::Column::ValidFrom)
        .all(tx.connection())
        .await?;
    let first = first.into_iter().map(|row| Tariff {
        model: row.model,
        site: None,
        list_rate: row.list_rate,
        source: row.source,
        valid_from: row.valid_from,
        valid_until: None,
    });
    Ok(first.chain(agreed.into_iter().map(Tariff::from)).collect())
}

/// What waits for a second person, as far as this actor may see it.
pub(crate) async fn asked(tx: &Tx) -> Result<Vec<list_price::Model>> {
    let asked = tx.select::<list_price::Entity>().filter(list_price::Column::State.eq(State::Asked));
    Ok(asked.order_by_asc(list_price::Column::AskedAt).all(tx.connection()).await?)
}

/// Policies of prices that wait for a second person, as far as this actor may see them.
pub(crate) async fn asked_policies(tx: &Tx) -> Result<Vec<policy_request::Model>> {
    let asked = tx.select::<policy_request::Entity>().filter(policy_request::Column::State.eq(State::Asked));
    Ok(asked.order_by_asc(policy_request::Column::AskedAt).all(tx.connection()).await?)
}
