//! Queries of a company's projects.

use domain::id::{OrganisationId, ProjectId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{application, project},
};
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

/// The applications of a company, each with its draft: the latest first.
pub(crate) async fn applications(tx: &Tx, organisation: OrganisationId) -> Result<Vec<application::Model>> {
    let own = application::Column::OrganisationId.eq(organisation);
    let select = tx.select::<application::Entity>().filter(own).order_by_desc(application::Column::Id);
    Ok(select.all(tx.connection()).await?)
}
