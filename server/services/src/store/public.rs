//! What anybody may see: awards, the figures of the front page, and whether things work. Sums and names, no files.

use chrono::{DateTime, Utc};
use domain::{
    allocation::State,
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, SiteId},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func},
};

use super::{
    Tx,
    entity::{allocation, application, job, mail, organisation, reading, site},
};
use crate::error::Result;

/// What awards are looked for by; empty is any.
#[derive(Debug, Clone, Default)]
pub struct AwardFilter {
    pub name: String,
    pub country: Option<Country>,
    pub model: Option<GpuModel>,
}

/// Allocations that a site has confirmed, newest offer first, with their organisations and sites.
pub(crate) async fn awards(
    tx: &Tx,
    filter: &AwardFilter,
    after: Option<AllocationId>,
    most: u64,
) -> Result<Vec<(allocation::Model, organisation::Model, site::Model)>> {
    let mut condition = confirmed();
    if let Some(after) = after {
        condition = condition.add(allocation::Column::Id.lt(after));
    }
    if let Some(model) = filter.model {
        condition = condition.add(allocation::Column::Model.eq(model));
    }
    if let Some(country) = filter.country {
        let of_country = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(organisation::Column::Country.eq(country));
        condition = condition.add(allocation::Column::OrganisationId.in_subquery(of_country.into_query()));
    }
    if !filter.name.is_empty() {
        let named = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(organisation::Column::LegalName.contains(&filter.name));
        condition = condition.add(allocation::Column::OrganisationId.in_subquery(named.into_query()));
    }
    let rows = allocation::Entity::find()
        .filter(condition)
        .order_by_desc(allocation::Column::Id)
        .limit(most)
        .all(tx.connection())
        .await?;
    with_names(tx, rows).await
}

fn confirmed() -> Condition {
    Condition::all().add(allocation::Column::State.is_in([State::Active, State::Ended]))
}

async fn with_names(
    tx: &Tx,
    rows: Vec<allocation::Model>,
) -> Result<Vec<(allocation::Model, organisation::Model, site::Model)>> {
    let sites = site::Entity::find().all(tx.connection()).await?;
    let mut organisations = Vec::new();
    let mut ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for some in ids.chunks(500) {
        let ids = some.iter().copied();
        organisations.extend(
            organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(tx.connection()).await?,
        );
    }
    let found = rows.into_iter().filter_map(|row| {
        let organisation = organisations.iter().find(|one| one.id == row.organisation_id)?.clone();
        let site = sites.iter().find(|one| one.id == row.site_id)?.clone();
        Some((row, organisation, site))
    });
    Ok(found.collect())
}

/// Every confirmed allocation, summed up.
#[derive(Debug, Clone, Copy, Default, sea_orm::FromQueryResult)]
pub(crate) struct Granted {
    pub awards: i64,
    pub time: GpuTime,
    pub companies: i64,
}

pub(crate) async fn granted(tx: &Tx) -> Result<Granted> {
    let time = Func::coalesce([Expr::col(allocation::Column::GpuSeconds).sum(), Expr::value(0_i64)]);
    let found = allocation::Entity::find()
        .select_only()
        .column_as(allocation::Column::Id.count(), "awards")
        .column_as(Expr::expr(time).cast_as("bigint"), "time")
        .column_as(Expr::col(allocation::Column::OrganisationId).count_distinct(), "companies")
        .filter(confirmed())
        .into_model::<Granted>()
        .one(tx.connection())
        .await?;
    Ok(found.unwrap_or_default())
}

/// When it was submitted, decided, and due.
type Decision = (DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>);

/// The last decisions.
pub(crate) async fn decisions(tx: &Tx, most: u64) -> Result<Vec<Decision>> {
    type Instants = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let found: Vec<Instants> = application::Entity::find()
        .select_only()
        .column(application::Column::SubmittedAt)
        .column(application::Column::DecidedAt)
        .column(application::Column::DueAt)
        .filter(application::Column::SubmittedAt.is_not_null())
        .filter(application::Column::DecidedAt.is_not_null())
        .order_by_desc(application::Column::DecidedAt)
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().filter_map(|(submitted, decided, due)| Some((submitted?, decided?, due))).collect())
}

/// When the most overdue job that still tries was due, and how many were given up.
pub(crate) async fn queue(tx: &Tx) -> Result<(Option<DateTime<Utc>>, u64)> {
    let oldest = job::Entity::find()
        .filter(job::Column::ParkedAt.is_null())
        .filter(job::Column::LeasedUntil.is_null())
        .filter(job::Column::RunAt.lte(tx.now()))
        .order_by_asc(job::Column::RunAt)
        .one(tx.connection())
        .await?;
    let parked = job::Entity::find().filter(job::Column::ParkedAt.is_not_null()).count(tx.connection()).await?;
    Ok((oldest.map(|job| job.run_at), parked))
}

/// Mails that failed since then.
pub(crate) async fn failed_mails(tx: &Tx, since: DateTime<Utc>) -> Result<u64> {
    let failed = mail::Entity::find()
        .filter(mail::Column::State.eq(mail::State::Failed))
        .filter(mail::Column::QueuedAt.gte(since));
    Ok(failed.count(tx.connection()).await?)
}

/// When each site last told what was used.
pub(crate) async fn feeds(tx: &Tx) -> Result<Vec<(SiteId, DateTime<Utc>)>> {
    let found = reading::Entity::find()
        .select_only()
        .column(reading::Column::SiteId)
        .column_as(reading::Column::ReceivedAt.max(), "last")
        .group_by(reading::Column::SiteId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found)
}
