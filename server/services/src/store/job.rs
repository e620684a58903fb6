//! The queue's statements and the counters: single statements that are right on both databases without `FOR UPDATE`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::JobId;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Tx, entity::job};
use crate::{error::Result, jobs::Job};

pub(super) async fn enqueue(tx: &mut Tx, work: &Job, run_at: DateTime<Utc>, key: Option<&str>) -> Result<()> {
    let row = job::ActiveModel {
        id: Set(tx.new_id()),
        kind: Set(work.kind().to_owned()),
        payload: Set(serde_json::to_string(work)?),
        key: Set(key.map(str::to_owned)),
        run_at: Set(run_at),
        attempts: Set(0),
        leased_until: Set(None),
        leased_by: Set(None),
        last_error: Set(None),
        parked_at: Set(None),
        created_at: Set(tx.now()),
    };
    // Whose key is there waits already, or was given up and is taken up again.
    let taken_up = OnConflict::column(job::Column::Key)
        .update_columns([
            job::Column::Payload,
            job::Column::RunAt,
            job::Column::Attempts,
            job::Column::LeasedUntil,
            job::Column::LeasedBy,
            job::Column::LastError,
            job::Column::ParkedAt,
        ])
        .action_and_where(Expr::col((job::Entity, job::Column::ParkedAt)).is_not_null())
        .to_owned();
    job::Entity::insert(row).on_conflict(taken_up).try_insert().exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Whether the job of this key is parked; `None` if there is none.
pub(crate) async fn is_parked(tx: &Tx, key: &str) -> Result<Option<bool>> {
    let found = job::Entity::find().select_only().column(job::Column::ParkedAt).filter(job::Column::Key.eq(key));
    let found = found.into_tuple::<Option<DateTime<Utc>>>().one(tx.connection()).await?;
    Ok(found.map(|parked_at| parked_at.is_some()))
}

/// Leases the most urgent free job to this worker.
pub(crate) async fn claim(tx: &mut Tx, worker: &str, lease: TimeDelta) -> Result<Option<job::Model>> {
    let now = tx.now();
    let free = Condition::all()
        .add(job::Column::ParkedAt.is_null())
        .add(job::Column::RunAt.lte(now))
        .add(Condition::any().add(job::Column::LeasedUntil.is_null()).add(job::Column::LeasedUntil.lte(now)));
    let mut candidate = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(free.clone())
        .order_by(job::Column::RunAt, Order::Asc)
        .order_by(job::Column::Id, Order::Asc)
        .limit(1);
    if tx.is_postgres() {
        candidate = candidate
            .lock_with_behavior(sea_orm::sea_query::LockType::Update, sea_orm::sea_query::LockBehavior::SkipLocked);
    }
    let Some(id) = candidate.into_tuple::<JobId>().one(tx.connection()).await? else { return Ok(None) };
    let taken = job::Entity::update_many()
        .col_expr(job::Column::LeasedUntil, Expr::value(now + lease))
        .col_expr(job::Column::LeasedBy, Expr::value(worker))
        .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
        .filter(job::Column::Id.eq(id))
        .filter(free)
        .exec_with_returning(tx.connection())
        .await?;
    Ok(taken.into_iter().next())
}

/// Gives back every lease of this worker, as it stops.
pub(crate) async fn release(tx: &mut Tx, worker: &str) -> Result<u64> {
    let released = job::Entity::update_many()
        .col_expr(job::Column::LeasedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(job::Column::LeasedBy, Expr::value(Option::<String>::None))
        .filter(job::Column::LeasedBy.eq(worker))
        .exec(tx.connection())
        .await?;
    Ok(released.rows_affected)
}

/// Waiting and parked jobs, the most urgent first.
pub(crate) async fn waiting(tx: &Tx, limit: u64) -> Result<Vec<job::Model>> {
    Ok(tx
        .select::<job::Entity>()
        .order_by(job::Column::ParkedAt, Order::Desc)
        .order_by(job::Column::RunAt, Order::Asc)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Whether there is anything to claim: lets idle workers look without queueing for the writer's turn.
pub(crate) async fn is_due(tx: &Tx) -> Result<bool> {
    let now = tx.now();
    let due = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::ParkedAt.is_null())
        .filter(job::Column::RunAt.lte(now))
        .filter(Condition::any().add(job::Column::LeasedUntil.is_null()).add(job::Column::LeasedUntil.lte(now)));
    Ok(due.into_tuple::<JobId>().one(tx.connection()).await?.is_some())
}
