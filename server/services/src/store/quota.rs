//! Quotas: what was set, what is bound of each, and what people were told. What counts against a cap is summed whole,
//! whoever asks; what is listed is narrowed like everything else.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::{
    allocation::State,
    country::Country,
    gpu::GpuTime,
    id::{AllocationId, ApplicationId, CallId, OrganisationId, ProjectId, QuotaId, SiteId},
    ledger::Account,
    period::start_of_day,
    quota::{Policy, Slice},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};

use super::{
    Tx,
    entity::{allocation, application, call, grace, organisation, quota, quota_policy, quota_warning, site},
    ledger,
};
use crate::error::Result;

/// How many values go into one statement at most; SQLite takes a limited number.
const SOME: usize = 500;

/// Which bookings one quota counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    Companies(Vec<OrganisationId>),
    Country(Country),
    Call(CallId),
    Project(ProjectId),
    Application(ApplicationId),
    Pot(String, Option<SiteId>),
    Slice(Slice),
}

impl Reach {
    /// The pot that must be paying, where one is asked for.
    const fn pot(&self) -> Option<&String> {
        match self {
            Self::Pot(pot, _) | Self::Slice(Slice { pot, .. }) => Some(pot),
            _ => None,
        }
    }
}

/// Every row that this actor may see, the newest first.
pub(crate) async fn seen(tx: &Tx) -> Result<Vec<quota::Model>> {
    let select = tx.select::<quota::Entity>().order_by_desc(quota::Column::ValidFrom);
    Ok(select.order_by_desc(quota::Column::Id).all(tx.connection()).await?)
}

/// Every row, whoever books: the rule must know them.
pub(crate) async fn all(tx: &Tx) -> Result<Vec<quota::Model>> {
    Ok(quota::Entity::find().order_by_asc(quota::Column::Id).all(tx.connection()).await?)
}

/// What is granted to bookings that wait or run, and what was used of those that have ended.
pub(crate) async fn bound(tx: &Tx, reach: &Reach, since: Option<NaiveDate>) -> Result<GpuTime> {
    let Reach::Companies(companies) = reach else {
        return some_bound(tx, reach, since).await;
    };
    let mut sum = GpuTime::ZERO;
    for some in companies.chunks(SOME) {
        sum = sum.checked_add(some_bound(tx, &Reach::Companies(some.to_vec()), since).await?)?;
    }
    Ok(sum)
}

async fn some_bound(tx: &Tx, reach: &Reach, since: Option<NaiveDate>) -> Result<GpuTime> {
    let mut select = allocation::Entity::find()
        .select_only()
        .columns([allocation::Column::Id, allocation::Column::State, allocation::Column::GpuSeconds])
        .column(allocation::Column::Terms)
        .filter(allocation::Column::State.is_in([State::Accepted, State::Active, State::Ended]))
        .filter(within(reach));
    if let Some(since) = since {
        select = select.filter(allocation::Column::AcceptedAt.gte(start_of_day(since)));
    }
    let rows: Vec<(AllocationId, State, GpuTime, String)> = select.into_tuple().all(tx.connection()).await?;
    let mut sum = GpuTime::ZERO;
    let mut ended = Vec::new();
    for (id, state, granted, terms) in rows {
        if reach.pot().is_some_and(|pot| pot_of(&terms).as_ref() != Some(pot)) {
            continue;
        }
        if state == State::Ended {
            ended.push(id);
        } else {
            sum = sum.checked_add(granted)?;
        }
    }
    for some in ended.chunks(SOME) {
        let balances = ledger::balances_of(tx, some).await?;
        let used = balances.into_iter().filter(|((_, account), _)| *account == Account::Used);
        sum = sum.checked_add(GpuTime::sum(used.map(|(_, time)| time))?)?;
    }
    Ok(sum)
}

fn within(reach: &Reach) -> Condition {
    match reach {
        Reach::Companies(ids) => Condition::all().add(allocation::Column::OrganisationId.is_in(ids.iter().copied())),
        Reach::Country(country) => {
            let there = organisation::Entity::find()
                .select_only()
                .column(organisation::Column::Id)
                .filter(organisation::Column::Country.eq(*country))
                .into_query();
            Condition::all().add(allocation::Column::OrganisationId.in_subquery(there))
        }
        Reach::Call(call) => under(application::Column::CallId.eq(*call)),
        Reach::Application(id) => Condition::all().add(allocation::Column::ApplicationId.eq(*id)),
        Reach::Project(project) => under(application::Column::ProjectId.eq(*project)),
        Reach::Pot(pot, site) => paid_by(pot, *site),
        Reach::Slice(Slice { pot, site, call }) => {
            paid_by(pot, *site).add(under(application::Column::CallId.eq(*call)))
        }
    }
}

/// Bookings under applications of which this holds.
fn under(holds: SimpleExpr) -> Condition {
    let found = application::Entity::find().select_only().column(application::Column::Id).filter(holds).into_query();
    Condition::all().add(allocation::Column::ApplicationId.in_subquery(found))
}

/// Narrows; whether it is really this pot's the terms say when they are read.
fn paid_by(pot: &str, site: Option<SiteId>) -> Condition {
    let paid = Condition::all().add(allocation::Column::Terms.contains(pot));
    match site {
        Some(site) => paid.add(allocation::Column::SiteId.eq(site)),
        None => paid,
    }
}

/// The pot of frozen terms, where they name one.
pub(crate) fn pot_of(terms: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Paid {
        pot: String,
    }
    serde_json::from_str::<Paid>(terms).ok().map(|paid| paid.pot)
}

/// The call and the project of a booking that the caller has found, guarded.
pub(crate) async fn under_of(tx: &Tx, id: ApplicationId) -> Result<(Option<CallId>, Option<ProjectId>)> {
    let found = application::Entity::find_by_id(id)
        .select_only()
        .columns([application::Column::CallId, application::Column::ProjectId]);
    Ok(found.into_tuple().one(tx.connection()).await?.unwrap_or_default())
}

/// Names of sites, for quotas that the caller has found.
pub(crate) async fn site_name(tx: &Tx, id: SiteId) -> Result<Option<String>> {
    let found = site::Entity::find_by_id(id).select_only().column(site::Column::Name);
    Ok(found.into_tuple().one(tx.connection()).await?)
}

pub(crate) async fn policies(tx: &Tx) -> Result<Vec<Policy>> {
    let rows = quota_policy::Entity::find().all(tx.connection()).await?;
    let read = |row: quota_policy::Model| Policy {
        valid_from: row.valid_from,
        steps: [row.first_percent, row.second_percent],
        grace: TimeDelta::hours(i64::from(row.grace_hours)),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The steps of this quota that people were told of.
pub(crate) async fn told(tx: &Tx, id: QuotaId) -> Result<Vec<i32>> {
    let found =
        quota_warning::Entity::find().filter(quota_warning::Column::QuotaId.eq(id)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|row| row.percent).collect())
}

/// Companies of this legal name, whatever its capitals, or of this registration number.
pub(crate) async fn companies_called(tx: &Tx, called: &str) -> Result<Vec<OrganisationId>> {
    let name = Expr::expr(Func::lower(Expr::col(organisation::Column::LegalName))).eq(called.to_lowercase());
    let either = Condition::any().add(name).add(organisation::Column::RegistrationNumber.eq(called));
    let found = tx.select::<organisation::Entity>().filter(either).limit(2).all(tx.connection()).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Codes of calls, for quotas that the caller has found.
pub(crate) async fn call_codes(tx: &Tx) -> Result<BTreeMap<CallId, String>> {
    let found: Vec<(CallId, Option<String>)> = call::Entity::find()
        .select_only()
        .columns([call::Column::Id, call::Column::Code])
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().filter_map(|(id, code)| Some((id, code?))).collect())
}

/// The graces of these allocations, which the caller has found, guarded.
pub(crate) async fn graces(tx: &Tx, ids: &[AllocationId]) -> Result<Vec<grace::Model>> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let of = grace::Column::AllocationId.is_in(some.iter().copied());
        found.extend(grace::Entity::find().filter(of).all(tx.connection()).await?);
    }
    Ok(found)
}
