//! Queries of quotes.

use domain::{
    id::{ApplicationId, OrganisationId},
    quote::State,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Tx, entity::quote};
use crate::error::Result;

/// The newest first.
pub(crate) async fn of_organisation(tx: &Tx, id: OrganisationId, most: u64) -> Result<Vec<quote::Model>> {
    let select = tx
        .select::<quote::Entity>()
        .filter(quote::Column::OrganisationId.eq(id))
        .order_by_desc(quote::Column::AskedAt)
        .order_by_desc(quote::Column::Version);
    Ok(select.limit(most).all(tx.connection()).await?)
}

/// Every version of one number that this actor may see, the newest first.
pub(crate) async fn versions(tx: &Tx, number: &str) -> Result<Vec<quote::Model>> {
    let select = tx.select::<quote::Entity>().filter(quote::Column::Number.eq(number));
    Ok(select.order_by_desc(quote::Column::Version).all(tx.connection()).await?)
}

/// The latest version for an application, whatever became of it. Whoever found the application may ask.
pub(crate) async fn latest(tx: &Tx, application: ApplicationId) -> Result<Option<quote::Model>> {
    let select = quote::Entity::find()
        .filter(quote::Column::ApplicationId.eq(application))
        .order_by_desc(quote::Column::AskedAt)
        .order_by_desc(quote::Column::Version);
    Ok(select.one(tx.connection()).await?)
}

/// The one that nothing replaced and no booking used; it may have run out.
pub(crate) async fn open(tx: &Tx, application: ApplicationId) -> Result<Option<quote::Model>> {
    Ok(latest(tx, application).await?.filter(|row| row.state == State::Open))
}
