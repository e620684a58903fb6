//! What went wrong in the demo world: a site was down while somebody's jobs ran, and finance gave hours as goodwill.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::Actor,
    allocation::State,
    credit_note::Cause,
    gpu::GpuTime,
    invoice::{Kind, Standing},
    period::{Month, brussels_day},
};

use super::people::Staff;
use crate::{
    InvoiceFilter, Services, TypedCredit, TypedDowntime,
    error::{Error, Result},
};

const DAY: TimeDelta = TimeDelta::days(1);

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    downtime(services, now, staff).await?;
    goodwill(services, now, staff).await?;
    services.desk(Actor::SYSTEM).credit_corrections().await.map(|_| ())
}

/// Two hours on a day of last month that is charged by now, of the first allocation that ran then.
async fn downtime(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let day = Month::of(now).previous().first_day() + DAY * 10;
    let running = services.desk(Actor::SYSTEM).read_allocations(&[State::Active, State::Ended]).await?;
    let mut there: Vec<_> = running
        .into_iter()
        .filter(|one| {
            let ended = one.row.ended_at.map_or(brussels_day(now), brussels_day);
            one.row.first_week <= day && day < one.row.slots().end().min(ended) && one.used > GpuTime::ZERO
        })
        .collect();
    there.sort_by_key(|one| (one.row.reference.clone(), one.row.id));
    let Some(one) = there.first() else { return Ok(()) };
    let Some((_, operator)) = staff.operators.iter().find(|(site, _)| *site == one.row.site_id) else { return Ok(()) };
    let typed = TypedDowntime {
        first_day: day.to_string(),
        first_time: "08:00".to_owned(),
        last_day: day.to_string(),
        last_time: "10:00".to_owned(),
        gpus: one.row.slots().most_gpus().to_string(),
        reason: "A pump of the cooling failed.".to_owned(),
    };
    services.desk_at(*operator, now - DAY * 3).record_downtime(one.row.id, &typed).await
}

/// An hour of the newest invoice that nobody has paid yet.
async fn goodwill(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let filter = InvoiceFilter {
        standing: Some(Standing::Open),
        kind: Some(Kind::Invoice),
        limit: 1,
        ..InvoiceFilter::default()
    };
    let Some(open) = services.desk(Actor::SYSTEM).invoices(&filter).await?.into_iter().next() else { return Ok(()) };
    let typed = TypedCredit {
        cause: Cause::Goodwill.code().to_owned(),
        reason: "The first job could not start before the site’s queue was mended.".to_owned(),
        hours: vec!["1".to_owned()],
    };
    match services.desk_at(staff.finance, now - DAY * 2).ask_credit(open.row.id, &typed).await {
        // Less than an hour may be charged of it: the demo world does without.
        Ok(_) | Err(Error::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
