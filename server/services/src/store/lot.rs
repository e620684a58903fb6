//! Queries of lots.

use domain::scope::Scope;
use sea_orm::{QueryFilter, QueryOrder, QuerySelect};

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

/// The latest lot of this scope.
pub(crate) async fn latest(tx: &Tx, scope: Scope) -> Result<Option<lot::Model>> {
    let of = super::scope::of(scope, lot::Column::Mode, lot::Column::CallId);
    let select = tx.select::<lot::Entity>().filter(of);
    Ok(select.order_by_desc(lot::Column::Deadline).limit(1).all(tx.connection()).await?.into_iter().next())
}
