//! Queries of appeals and reopenings.

use domain::id::{AppealId, ApplicationId};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{appeal, reopening},
};
use crate::error::Result;

/// Oldest first.
pub(crate) async fn of_application(tx: &Tx, id: ApplicationId) -> Result<Vec<appeal::Model>> {
    Ok(tx
        .select::<appeal::Entity>()
        .filter(appeal::Column::ApplicationId.eq(id))
        .order_by_asc(appeal::Column::FiledAt)
        .all(tx.connection())
        .await?)
}

/// Open appeals of those the actor may see, the most urgent first.
pub(crate) async fn open(tx: &Tx) -> Result<Vec<appeal::Model>> {
    Ok(tx
        .select::<appeal::Entity>()
        .filter(appeal::Column::DecidedAt.is_null())
        .order_by_asc(appeal::Column::DueAt)
        .all(tx.connection())
        .await?)
}

/// Open appeals past their deadline that nobody was reminded of.
pub(crate) async fn overdue(tx: &Tx, most: u64) -> Result<Vec<AppealId>> {
    Ok(tx
        .select::<appeal::Entity>()
        .select_only()
        .column(appeal::Column::Id)
        .filter(appeal::Column::DecidedAt.is_null())
        .filter(appeal::Column::RemindedAt.is_null())
        .filter(appeal::Column::DueAt.lt(tx.now()))
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// The reopening that waits for its signature.
pub(crate) async fn reopening(tx: &Tx, id: ApplicationId) -> Result<Option<reopening::Model>> {
    Ok(tx
        .select::<reopening::Entity>()
        .filter(reopening::Column::ApplicationId.eq(id))
        .filter(reopening::Column::SettledAt.is_null())
        .one(tx.connection())
        .await?)
}

/// Every reopening that waits for its signature.
pub(crate) async fn reopenings(tx: &Tx) -> Result<Vec<ApplicationId>> {
    Ok(tx
        .select::<reopening::Entity>()
        .select_only()
        .column(reopening::Column::ApplicationId)
        .filter(reopening::Column::SettledAt.is_null())
        .into_tuple()
        .all(tx.connection())
        .await?)
}
