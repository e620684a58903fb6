//! Versions of the rules of matching.

use sea_orm::{QueryOrder, QuerySelect};

use super::{Tx, entity::rules};
use crate::error::{Error, Result};

/// The newest first.
pub(crate) async fn versions(tx: &Tx) -> Result<Vec<rules::Model>> {
    Ok(tx.select::<rules::Entity>().order_by_desc(rules::Column::Version).all(tx.connection()).await?)
}

/// The newest.
pub(crate) async fn in_force(tx: &Tx) -> Result<rules::Model> {
    let newest = tx.select::<rules::Entity>().order_by_desc(rules::Column::Version).limit(1);
    newest.one(tx.connection()).await?.ok_or(Error::NotFound)
}
