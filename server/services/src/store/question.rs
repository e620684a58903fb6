//! Queries of questions to applicants.

use chrono::{DateTime, Utc};
use domain::{
    id::{ApplicationId, QuestionId},
    workflow::question::State,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Tx, entity::question};
use crate::error::Result;

/// Those that the actor may see, oldest first.
pub(crate) async fn of_application(tx: &Tx, id: ApplicationId) -> Result<Vec<question::Model>> {
    Ok(tx
        .select::<question::Entity>()
        .filter(question::Column::ApplicationId.eq(id))
        .order_by_asc(question::Column::AskedAt)
        .order_by_asc(question::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Open questions past their deadline.
pub(crate) async fn overdue(tx: &Tx, most: u64) -> Result<Vec<QuestionId>> {
    Ok(tx
        .select::<question::Entity>()
        .select_only()
        .column(question::Column::Id)
        .filter(question::Column::State.eq(State::Open))
        .filter(question::Column::DueAt.lt(tx.now()))
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// The applications that wait for an answer of those the actor may see, with the deadline.
pub(crate) async fn open(tx: &Tx) -> Result<Vec<(ApplicationId, Option<DateTime<Utc>>)>> {
    Ok(tx
        .select::<question::Entity>()
        .select_only()
        .column(question::Column::ApplicationId)
        .column(question::Column::DueAt)
        .filter(question::Column::State.eq(State::Open))
        .into_tuple()
        .all(tx.connection())
        .await?)
}
