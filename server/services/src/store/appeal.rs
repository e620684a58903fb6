//! Queries of appeals and reopenings.

use domain::id::{AppealId, ApplicationId, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Tx,
    entity::{appeal, reopening},
};
use crate::error::Result;

/// Of what waits for officers, the first.
const LISTED: u64 = 50;

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
        .limit(LISTED)
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

/// Reopenings that wait for the signature of somebody else than who proposed them, without an appeal that goes first.
pub(crate) async fn reopenings(tx: &Tx, other_than: PersonId) -> Result<Vec<ApplicationId>> {
    let appealed = appeal::Entity::find()
        .select_only()
        .column(appeal::Column::ApplicationId)
        .filter(appeal::Column::DecidedAt.is_null())
        .into_query();
    Ok(tx
        .select::<reopening::Entity>()
        .select_only()
        .column(reopening::Column::ApplicationId)
        .filter(reopening::Column::SettledAt.is_null())
        .filter(reopening::Column::ProposedBy.ne(other_than))
        .filter(reopening::Column::ApplicationId.not_in_subquery(appealed))
        .order_by_asc(reopening::Column::ProposedAt)
        .limit(LISTED)
        .into_tuple()
        .all(tx.connection())
        .await?)
}
