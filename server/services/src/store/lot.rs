//! Queries of lots.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Tx, entity::lot};
use crate::error::Result;

/// The newest deadline first.
pub(crate) async fn lots(tx: &Tx) -> Result<Vec<lot::Model>> {
    Ok(tx
        .select::<lot::Entity>()
        .order_by_desc(lot::Column::Deadline)
        .order_by_desc(lot::Column::Id)
        .limit(200)
        .all(tx.connection())
        .await?)
}

/// The latest lot of this mode.
pub(crate) async fn latest(tx: &Tx, mode: &str) -> Result<Option<lot::Model>> {
    let select = tx.select::<lot::Entity>().filter(lot::Column::Mode.eq(mode));
    Ok(select.order_by_desc(lot::Column::Deadline).limit(1).all(tx.connection()).await?.into_iter().next())
}
