//! Queries of exchange rates.

use domain::exchange::{self, ExchangeRate};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date};

use super::{Tx, entity::exchange_rate};
use crate::error::Result;

/// The newest rates, the newest day first.
pub(crate) async fn newest(tx: &Tx, most: u64) -> Result<Vec<ExchangeRate>> {
    let rows = tx
        .select::<exchange_rate::Entity>()
        .order_by_desc(exchange_rate::Column::Day)
        .order_by_asc(exchange_rate::Column::Currency)
        .limit(most)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(ExchangeRate::from).collect())
}

/// The rate of the currency in force on that day.
pub(crate) async fn on(tx: &Tx, currency: &str, day: Date) -> Result<Option<ExchangeRate>> {
    let last = tx
        .select::<exchange_rate::Entity>()
        .filter(exchange_rate::Column::Currency.eq(currency))
        .filter(exchange_rate::Column::Day.lte(day))
        .order_by_desc(exchange_rate::Column::Day)
        .one(tx.connection())
        .await?;
    let rows: Vec<ExchangeRate> = last.into_iter().map(ExchangeRate::from).collect();
    Ok(exchange::rate_on(&rows, currency, day).cloned())
}
