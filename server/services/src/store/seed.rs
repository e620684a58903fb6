//! Queries of the demo world.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{application, audit},
};
use crate::error::Result;

/// Any application that was submitted, to copy.
pub(crate) async fn any_submitted(tx: &Tx) -> Result<Option<application::Model>> {
    Ok(tx.select::<application::Entity>().filter(application::Column::Quote.is_not_null()).one(tx.connection()).await?)
}

/// When somebody last did something.
pub(crate) async fn last_deed(tx: &Tx) -> Result<Option<DateTime<Utc>>> {
    let last = audit::Entity::find().order_by_desc(audit::Column::At).one(tx.connection()).await?;
    Ok(last.map(|row| row.at))
}
