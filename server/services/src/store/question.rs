//! Queries of questions to applicants.

use chrono::{DateTime, Utc};
use domain::{
    id::{ApplicationId, QuestionId},
    workflow::{Kind, question::State},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

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

/// The applications about which a reviewer would like to know something, of those the actor may see; the first so many.
pub(crate) async fn suggested(tx: &Tx, most: u64) -> Result<Vec<ApplicationId>> {
    Ok(tx
        .select::<question::Entity>()
        .select_only()
        .column(question::Column::ApplicationId)
        .distinct()
        .filter(question::Column::State.eq(State::Proposed))
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// The question that is open belongs to the step that goes on, whoever asks.
pub(crate) async fn carry(tx: &mut Tx, id: ApplicationId, kind: Kind) -> Result<()> {
    let open = question::Entity::find()
        .filter(question::Column::ApplicationId.eq(id))
        .filter(question::Column::State.eq(State::Open))
        .one(tx.connection())
        .await?;
    if let Some(open) = open {
        let mut row = open.into_active_model();
        row.step = Set(kind);
        tx.update(row).await?;
    }
    Ok(())
}

/// What nobody passed on is not asked any more: the case has ended.
pub(crate) async fn drop_suggestions(tx: &mut Tx, id: ApplicationId) -> Result<()> {
    let proposed = question::Entity::find()
        .filter(question::Column::ApplicationId.eq(id))
        .filter(question::Column::State.eq(State::Proposed))
        .all(tx.connection())
        .await?;
    for one in proposed {
        let mut row = one.into_active_model();
        row.state = Set(State::Dropped);
        tx.update(row).await?;
    }
    Ok(())
}
