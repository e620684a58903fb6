//! Three months of readings, month by month, with the month's invoices after each and most of them paid.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    actor::Actor,
    id::{OrganisationId, SiteId},
    period::{Month, brussels_day, start_of_day},
    policy::Action,
    usage::{CLOSING_GRACE, Reading},
};

use super::{applications::Granted, dice::Dice, money};
use crate::{Services, error::Result, store::entity::allocation, usage::SentReading};

/// Readings come every so many days; each is one job.
const DAYS_BETWEEN: u64 = 3;

pub async fn make(services: &Services, now: DateTime<Utc>, granted: &[Granted]) -> Result<()> {
    let mut dice = Dice::new(1_957);
    let owners: BTreeMap<OrganisationId, Actor> =
        granted.iter().filter_map(|one| Some((one.owner.organisation()?, one.owner))).collect();
    let plans = plans(services, granted, &mut dice).await?;
    let mut from = now - TimeDelta::weeks(15);
    let mut month = Month::of(from);
    loop {
        let until = month.period().end.min(now);
        send(services, &plans, from, until).await?;
        let settled = services.desk_at(Actor::SYSTEM, until);
        settled.post_usage().await?;
        settled.end_allocations().await?;
        let closing = until + CLOSING_GRACE + TimeDelta::hours(1);
        if until < month.period().end || closing > now {
            return Ok(());
        }
        let system = services.desk_at(Actor::SYSTEM, closing);
        system.close_month().await?;
        system.ask_funders().await?;
        money::pay(services, closing + TimeDelta::days(6), &owners, &mut dice).await?;
        from = until;
        month = month.next();
    }
}

/// One allocation's jobs to come.
struct Plan {
    site: SiteId,
    row: allocation::Model,
    /// Percent of the grant that will be used by its last day.
    appetite: i64,
}

async fn plans(services: &Services, granted: &[Granted], dice: &mut Dice) -> Result<Vec<Plan>> {
    let tx = services.desk(Actor::SYSTEM).begin(Action::ReadAllocation).await?;
    let mut plans = Vec::new();
    for one in granted {
        let row = tx.find::<allocation::Entity>(one.allocation).await?;
        plans.push(Plan { site: row.site_id, row, appetite: dice.between(45, 99) });
    }
    Ok(plans)
}

/// The readings of jobs that ended in this time, one batch a site.
async fn send(services: &Services, plans: &[Plan], from: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
    let mut batches: BTreeMap<SiteId, Vec<SentReading>> = BTreeMap::new();
    for plan in plans {
        let readings = jobs(plan).into_iter().filter(|sent| from < sent.reading.end && sent.reading.end <= until);
        batches.entry(plan.site).or_default().extend(readings);
    }
    for (site, batch) in batches {
        for some in batch.chunks(400) {
            services.desk_at(Actor::meter(site), until).record_readings(some.to_vec()).await?;
        }
    }
    Ok(())
}

fn jobs(plan: &Plan) -> Vec<SentReading> {
    let row = &plan.row;
    let days = u64::try_from(row.weeks).unwrap_or_default() * 7;
    let count = i64::try_from(days / DAYS_BETWEEN).unwrap_or(1).max(1);
    let wanted = row.gpu_seconds.as_seconds() / 100 * plan.appetite / (row.gpus.max(1) * count);
    let seconds = wanted.clamp(600, 60 * 3_600);
    (0..count)
        .filter_map(|number| {
            let day = row.first_week.checked_add_days(Days::new(u64::try_from(number).ok()? * DAYS_BETWEEN))?;
            let start = start_of_day(day) + TimeDelta::hours(6);
            debug_assert_eq!(brussels_day(start), day);
            let reading = Reading {
                job: format!("{}-{number}", row.reference.to_lowercase()),
                sequence: 0,
                gpus: row.gpus,
                start,
                end: start + TimeDelta::seconds(seconds),
            };
            Some(SentReading { allocation: row.id, reading })
        })
        .collect()
}
