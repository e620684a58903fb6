//! Readings: what was sent before, what waits for the ledger, and what a page shows of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    gpu::GpuTime,
    id::{AllocationId, ReadingId, SiteId},
    period::brussels_day,
    usage::Stretch,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Tx,
    entity::{correction, reading, refused_reading, warning},
};
use crate::error::Result;

/// What this site sent before under these jobs and numbers, and perhaps some more.
pub(crate) async fn sent_before(
    tx: &Tx,
    jobs: BTreeSet<String>,
    sequences: BTreeSet<i64>,
) -> Result<Vec<reading::Model>> {
    let found = tx
        .select::<reading::Entity>()
        .filter(reading::Column::Job.is_in(jobs))
        .filter(reading::Column::Sequence.is_in(sequences))
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// Job, start and end of what this site sent of these jobs that reaches into this time.
pub(crate) async fn stretches(
    tx: &Tx,
    jobs: BTreeSet<String>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<(String, DateTime<Utc>, DateTime<Utc>)>> {
    let found = tx
        .select::<reading::Entity>()
        .select_only()
        .column(reading::Column::Job)
        .column(reading::Column::StartedAt)
        .column(reading::Column::EndedAt)
        .filter(reading::Column::Job.is_in(jobs))
        .filter(reading::Column::StartedAt.lt(until))
        .filter(reading::Column::EndedAt.gt(from))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// Allocations with readings that the ledger does not have yet.
pub(crate) async fn unposted_allocations(tx: &Tx) -> Result<Vec<AllocationId>> {
    let found = reading::Entity::find()
        .select_only()
        .column(reading::Column::AllocationId)
        .distinct()
        .filter(reading::Column::EntryId.is_null())
        .order_by_asc(reading::Column::AllocationId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// In the order of use, so that the grant covers what was used first.
pub(crate) async fn unposted(tx: &Tx, allocation: AllocationId) -> Result<Vec<reading::Model>> {
    let found = reading::Entity::find()
        .filter(reading::Column::AllocationId.eq(allocation))
        .filter(reading::Column::EntryId.is_null())
        .order_by_asc(reading::Column::EndedAt)
        .order_by_asc(reading::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(found)
}

pub(crate) async fn mark_posted(tx: &mut Tx, readings: &[ReadingId], entry: Uuid) -> Result<()> {
    for some in readings.chunks(5_000) {
        reading::Entity::update_many()
            .col_expr(reading::Column::EntryId, Expr::value(entry))
            .filter(reading::Column::Id.is_in(some.iter().copied()))
            .exec(tx.connection())
            .await?;
    }
    tx.changed("post", "reading", format!("{} rows", readings.len()));
    Ok(())
}

/// Used by day of Brussels, posted or not, of an allocation that the caller has found, guarded.
pub(crate) async fn by_day(tx: &Tx, allocation: AllocationId) -> Result<Vec<(NaiveDate, GpuTime)>> {
    let rows: Vec<(DateTime<Utc>, i64, i64)> = reading::Entity::find()
        .select_only()
        .column(reading::Column::EndedAt)
        .column(reading::Column::GpuSeconds)
        .column(reading::Column::LoweredBy)
        .filter(reading::Column::AllocationId.eq(allocation))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (ended_at, seconds, lowered_by) in rows {
        *days.entry(brussels_day(ended_at)).or_default() += seconds - lowered_by;
    }
    Ok(days.into_iter().map(|(day, seconds)| (day, GpuTime::seconds(seconds))).collect())
}

/// One job of an allocation, all its readings together.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct JobUse {
    pub job: String,
    pub readings: i64,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    pub gpus: i64,
    pub gpu_seconds: i64,
}

/// The jobs that ran last come first.
pub(crate) async fn jobs(tx: &Tx, allocation: AllocationId, most: u64) -> Result<Vec<JobUse>> {
    use sea_orm::ExprTrait as _;
    let counted = Expr::col(reading::Column::GpuSeconds).sub(Expr::col(reading::Column::LoweredBy));
    let sum = counted.sum().cast_as("bigint");
    let found = reading::Entity::find()
        .select_only()
        .column(reading::Column::Job)
        .column_as(reading::Column::Id.count(), "readings")
        .column_as(reading::Column::StartedAt.min(), "first")
        .column_as(reading::Column::EndedAt.max(), "last")
        .column_as(reading::Column::Gpus.max(), "gpus")
        .column_as(sum, "gpu_seconds")
        .filter(reading::Column::AllocationId.eq(allocation))
        .group_by(reading::Column::Job)
        .order_by_desc(reading::Column::EndedAt.max())
        .limit(most)
        .into_model::<JobUse>()
        .all(tx.connection())
        .await?;
    Ok(found)
}

pub(crate) async fn told(tx: &Tx, allocation: AllocationId) -> Result<Vec<i32>> {
    let found =
        warning::Entity::find().filter(warning::Column::AllocationId.eq(allocation)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|warning| warning.threshold).collect())
}

/// When the site's meter was last heard, and how many rows it got taken and refused since.
pub(crate) async fn feed(tx: &Tx, site: SiteId, since: DateTime<Utc>) -> Result<(Option<DateTime<Utc>>, u64, u64)> {
    let last: Option<DateTime<Utc>> = tx
        .select::<reading::Entity>()
        .filter(reading::Column::SiteId.eq(site))
        .order_by_desc(reading::Column::ReceivedAt)
        .one(tx.connection())
        .await?
        .map(|row| row.received_at);
    let taken = tx
        .select::<reading::Entity>()
        .filter(reading::Column::SiteId.eq(site))
        .filter(reading::Column::ReceivedAt.gte(since))
        .count(tx.connection())
        .await?;
    let refused = tx
        .select::<refused_reading::Entity>()
        .filter(refused_reading::Column::SiteId.eq(site))
        .filter(refused_reading::Column::ReceivedAt.gte(since))
        .count(tx.connection())
        .await?;
    Ok((last, taken, refused))
}

/// The newest first.
pub(crate) async fn refused(tx: &Tx, site: SiteId, most: u64) -> Result<Vec<refused_reading::Model>> {
    let found = tx
        .select::<refused_reading::Entity>()
        .filter(refused_reading::Column::SiteId.eq(site))
        .order_by_desc(refused_reading::Column::ReceivedAt)
        .order_by_desc(refused_reading::Column::Id)
        .limit(most)
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// The numbers of each recent job of the site: for gaps.
pub(crate) async fn sequences(tx: &Tx, since: DateTime<Utc>) -> Result<BTreeMap<String, Vec<i64>>> {
    let rows: Vec<(String, i64)> = tx
        .select::<reading::Entity>()
        .select_only()
        .column(reading::Column::Job)
        .column(reading::Column::Sequence)
        .filter(reading::Column::ReceivedAt.gte(since))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut jobs: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (job, sequence) in rows {
        jobs.entry(job).or_default().push(sequence);
    }
    // Corrections take numbers of the same jobs.
    for (job, sequence) in correcting(tx, since).await? {
        jobs.entry(job).or_default().push(sequence);
    }
    Ok(jobs)
}

/// The numbers that corrections took of the jobs of which readings came since then.
async fn correcting(tx: &Tx, since: DateTime<Utc>) -> Result<Vec<(String, i64)>> {
    let recent = tx
        .select::<reading::Entity>()
        .select_only()
        .column(reading::Column::Job)
        .filter(reading::Column::ReceivedAt.gte(since))
        .into_query();
    let lowered = tx
        .select::<reading::Entity>()
        .select_only()
        .filter(reading::Column::Job.in_subquery(recent))
        .filter(reading::Column::LoweredBy.gt(0));
    let of_these = lowered.clone().column(reading::Column::Id).into_query();
    let jobs: Vec<(ReadingId, String)> =
        lowered.columns([reading::Column::Id, reading::Column::Job]).into_tuple().all(tx.connection()).await?;
    let jobs: BTreeMap<ReadingId, String> = jobs.into_iter().collect();
    let numbers: Vec<(Option<ReadingId>, Option<i64>)> = correction::Entity::find()
        .select_only()
        .columns([correction::Column::ReadingId, correction::Column::Sequence])
        .filter(correction::Column::ReadingId.in_subquery(of_these))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(numbers.into_iter().filter_map(|(reading, number)| Some((jobs.get(&reading?)?.clone(), number?))).collect())
}

/// What this site sent under this job and number.
pub(crate) async fn by_number(tx: &Tx, job: &str, sequence: i64) -> Result<Option<reading::Model>> {
    let found = tx
        .select::<reading::Entity>()
        .filter(reading::Column::Job.eq(job))
        .filter(reading::Column::Sequence.eq(sequence));
    Ok(found.one(tx.connection()).await?)
}

/// Corrections of a reading so far.
pub(crate) async fn corrections(tx: &Tx, reading: ReadingId) -> Result<Vec<correction::Model>> {
    let found = correction::Entity::find().filter(correction::Column::ReadingId.eq(reading));
    Ok(found.all(tx.connection()).await?)
}

/// What ran on the allocation in this time and the ledger has: from, until, GPUs, and what counts of it.
pub(crate) async fn ran(
    tx: &Tx,
    allocation: AllocationId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Stretch>> {
    let rows = reading::Entity::find()
        .filter(reading::Column::AllocationId.eq(allocation))
        .filter(reading::Column::EntryId.is_not_null())
        .filter(reading::Column::StartedAt.lt(until))
        .filter(reading::Column::EndedAt.gt(from))
        .all(tx.connection())
        .await?;
    rows.iter().map(|row| Ok((row.started_at, row.ended_at, row.gpus, row.counted()?))).collect()
}
