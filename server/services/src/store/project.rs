//! Queries of a company's projects.

use domain::id::ProjectId;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use super::{Tx, entity::project};
use crate::error::Result;

/// Projects that this actor may see, by name.
pub(crate) async fn all(tx: &Tx) -> Result<Vec<project::Model>> {
    Ok(tx.select::<project::Entity>().order_by_asc(project::Column::Name).all(tx.connection()).await?)
}

/// The name of a project whose quota concerns a booking that the caller has found.
pub(crate) async fn name(tx: &Tx, id: ProjectId) -> Result<String> {
    let found = project::Entity::find_by_id(id).select_only().column(project::Column::Name);
    Ok(found.into_tuple().one(tx.connection()).await?.unwrap_or_default())
}
