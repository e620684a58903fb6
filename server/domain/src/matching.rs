//! Which request gets which slot: first come, first served, deterministic, and with the reason where there is none.
//!
//! For modes that are always open, where the order of arrival decides and nothing is weighed: whoever comes later takes
//! nothing from those before. Where applications compete the engine plans them together, in the crate `matching`. Refuses
//! to know databases and clocks: `today` is an argument.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    capacity::{Slot, Window, monday_from, next_week, weeks_for},
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{ApplicationId, SiteId},
    money::BasisPoints,
    need::{Need, Residency},
    period::week_of,
};

/// Ranked offers shown to one applicant.
pub const OFFERS_MAX: usize = 3;

/// One approved application that waits for capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub application: ApplicationId,
    /// What "first come" is judged by: when the application was submitted.
    pub since: DateTime<Utc>,
    pub need: Need,
    /// Slots that its applicant has declined or let lapse: not offered again.
    pub refused: Vec<Slot>,
    /// Sites it would rather run at: of two places that start in the same week, one of these comes first.
    pub preferred: Vec<SiteId>,
    /// The only sites it may run at, where its call says so.
    pub only: Option<Vec<SiteId>>,
}

impl Request {
    fn admits(&self, pool: &Pool) -> bool {
        self.need.residency.admits(pool.country) && self.is_offered(pool)
    }

    fn is_offered(&self, pool: &Pool) -> bool {
        self.only.as_ref().is_none_or(|sites| sites.contains(&pool.site))
    }
}

/// What a run decided for every request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they were served.
    pub placed: Vec<Placement>,
    pub waiting: Vec<Waiting>,
}

/// The offers for one request, best first. Only the first takes capacity in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub application: ApplicationId,
    /// Less than was asked for where only a part could be had that is of use.
    pub gpu_time: GpuTime,
    pub offers: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub application: ApplicationId,
    pub why: Why,
}

/// Why there is no offer, and what would make one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub cause: Cause,
    /// Each of them alone would be enough, by today's figures.
    pub remedies: Vec<Remedy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// No site publishes such a model in the time asked for.
    NoSuchModel,
    /// Sites publish it, but none where the data may lie.
    Residency,
    /// The hours do not fit between the first and the last day, whoever would give the GPUs.
    WindowTooShort,
    /// The right sites exist and others came first.
    Full,
}

impl Cause {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSuchModel => "no-such-model",
            Self::Residency => "residency",
            Self::WindowTooShort => "window-too-short",
            Self::Full => "full",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// So many GPUs at once instead, for longer.
    FewerGpus {
        gpus: i64,
    },
    /// So many hours only.
    FewerHours {
        hours: i64,
    },
    /// More GPUs at once, for a shorter time.
    MoreGpus {
        gpus: i64,
    },
    /// Any week between the first and the last day, and fewer GPUs for longer.
    Flexible,
    /// A last day as late as this.
    Later {
        deadline: NaiveDate,
    },
    OtherModel {
        model: GpuModel,
    },
    /// Sites in the whole of the European Economic Area.
    Wider,
}

/// Free GPUs by week, of one model at one site.
#[derive(Debug, Clone)]
struct Pool {
    site: SiteId,
    country: Country,
    model: GpuModel,
    free: BTreeMap<NaiveDate, i64>,
}

impl Pool {
    /// The least free over the weeks, or `None` where a week is not published.
    fn least(&self, first: NaiveDate, weeks: i32) -> Option<i64> {
        let mut week = first;
        let mut least = i64::MAX;
        for _ in 0..weeks {
            least = least.min(*self.free.get(&week)?);
            week = next_week(week);
        }
        Some(least)
    }
}

/// A slot with what ranks it.
struct Candidate {
    slot: Slot,
    /// Place of the model in the applicant's order.
    model_rank: usize,
    /// 0 for the GPUs asked for, then each halving.
    shape_rank: usize,
    is_preferred: bool,
    /// What stays free in its tightest week: emptier sites come first.
    spare: i64,
}

/// Places every request it can, in order of arrival.
pub fn plan(requests: &[Request], windows: &[Window], today: NaiveDate) -> Plan {
    let mut pools = pools(windows);
    let mut order: Vec<&Request> = requests.iter().collect();
    order.sort_by_key(|request| (request.since, request.application));
    let mut plan = Plan::default();
    for request in order {
        let wholly = std::iter::once(request.need.clone());
        let served = wholly.chain(request.need.lesser()).find_map(|need| {
            let offers = ranked(&Request { need: need.clone(), ..request.clone() }, &pools, today);
            offers.first().copied().map(|best| (need.gpu_time, best, offers))
        });
        match served {
            Some((gpu_time, best, offers)) => {
                take(&mut pools, &best);
                plan.placed.push(Placement { application: request.application, gpu_time, offers });
            }
            None => plan.waiting.push(Waiting { application: request.application, why: why(request, &pools, today) }),
        }
    }
    plan
}

/// Every offer that fits now, best first, for a request that already holds one: the other slots to pick from.
pub fn alternatives(request: &Request, windows: &[Window], today: NaiveDate, most: usize) -> Vec<Slot> {
    let pools = pools(windows);
    let mut found = Vec::new();
    for (model_rank, model) in request.need.models().into_iter().enumerate() {
        for (shape_rank, gpus) in shapes(&request.need).into_iter().enumerate() {
            for pool in pools.iter().filter(|pool| pool.model == model && request.admits(pool)) {
                let is_preferred = request.preferred.contains(&pool.site);
                found.extend(starts(request, pool, gpus, today).map(|(slot, spare)| Candidate {
                    slot,
                    model_rank,
                    shape_rank,
                    is_preferred,
                    spare,
                }));
            }
        }
    }
    sorted(found).into_iter().take(most).collect()
}

/// Whether the slot is one this need allows, capacity aside.
pub fn suits(need: &Need, slot: &Slot, country: Country, today: NaiveDate) -> bool {
    need.models().contains(&slot.model)
        && need.residency.admits(country)
        && shapes(need).contains(&slot.gpus)
        && slot.weeks == weeks_for(need.gpu_time, slot.gpus)
        && slot.first_week == week_of(slot.first_week)
        && slot.first_week >= first_start(need, today)
        && (need.flexible || slot.first_week == first_start(need, today))
        && is_in_time(slot, need.deadline)
}

fn pools(windows: &[Window]) -> Vec<Pool> {
    let mut pools: BTreeMap<(SiteId, GpuModel), Pool> = BTreeMap::new();
    for window in windows {
        let pool = pools.entry((window.site, window.model)).or_insert_with(|| Pool {
            site: window.site,
            country: window.country,
            model: window.model,
            free: BTreeMap::new(),
        });
        pool.free.insert(window.week, window.free());
    }
    pools.into_values().collect()
}

fn take(pools: &mut [Pool], slot: &Slot) {
    if let Some(pool) = pools.iter_mut().find(|pool| pool.site == slot.site && pool.model == slot.model) {
        for monday in slot.mondays() {
            if let Some(free) = pool.free.get_mut(&monday) {
                *free -= slot.gpus;
            }
        }
    }
}

/// The best slot of each pool and shape, best first.
fn ranked(request: &Request, pools: &[Pool], today: NaiveDate) -> Vec<Slot> {
    let mut found = Vec::new();
    for (model_rank, model) in request.need.models().into_iter().enumerate() {
        for pool in pools.iter().filter(|pool| pool.model == model && request.admits(pool)) {
            for (shape_rank, gpus) in shapes(&request.need).into_iter().enumerate() {
                let is_preferred = request.preferred.contains(&pool.site);
                let first = starts(request, pool, gpus, today).find(|(slot, _)| !request.refused.contains(slot));
                found.extend(first.map(|(slot, spare)| Candidate {
                    slot,
                    model_rank,
                    shape_rank,
                    is_preferred,
                    spare,
                }));
            }
        }
    }
    sorted(found).into_iter().take(OFFERS_MAX).collect()
}

fn sorted(mut found: Vec<Candidate>) -> Vec<Slot> {
    found.sort_by_key(|candidate| {
        let slot = candidate.slot;
        let preferred = Reverse(candidate.is_preferred);
        (candidate.model_rank, candidate.shape_rank, slot.first_week, preferred, Reverse(candidate.spare), slot.site)
    });
    found.into_iter().map(|candidate| candidate.slot).collect()
}

/// The numbers of GPUs that would do: as asked, and halves of it where the applicant is flexible.
fn shapes(need: &Need) -> Vec<i64> {
    let mut shapes = vec![need.gpus];
    let mut gpus = need.gpus;
    while need.flexible && gpus > 1 && shapes.len() < 4 {
        gpus = gpus / 2 + gpus % 2;
        shapes.push(gpus);
    }
    shapes
}

/// The first Monday it can start: as asked, but never in a week that has begun.
fn first_start(need: &Need, today: NaiveDate) -> NaiveDate {
    monday_from(need.earliest).max(next_week(week_of(today)))
}

fn is_in_time(slot: &Slot, deadline: NaiveDate) -> bool {
    slot.end().pred_opt().is_some_and(|last| last <= deadline)
}

/// Every start in the pool that fits, earliest first, with what stays spare.
fn starts<'a>(
    request: &'a Request,
    pool: &'a Pool,
    gpus: i64,
    today: NaiveDate,
) -> impl Iterator<Item = (Slot, i64)> + 'a {
    let weeks = weeks_for(request.need.gpu_time, gpus);
    let first = first_start(&request.need, today);
    let last = if request.need.flexible { NaiveDate::MAX } else { first };
    pool.free
        .range(first..=last)
        .map(move |(week, _)| Slot { site: pool.site, model: pool.model, first_week: *week, weeks, gpus })
        .take_while(|slot| is_in_time(slot, request.need.deadline))
        .filter_map(move |slot| {
            let least = pool.least(slot.first_week, weeks)?;
            (least >= gpus).then(|| (slot, least - gpus))
        })
}

fn why(request: &Request, pools: &[Pool], today: NaiveDate) -> Why {
    let need = &request.need;
    let models = need.models();
    let publishes = |pool: &&Pool| models.contains(&pool.model) && request.is_offered(pool);
    let cause = if !pools.iter().any(|pool| publishes(&pool)) {
        Cause::NoSuchModel
    } else if !pools.iter().filter(publishes).any(|pool| need.residency.admits(pool.country)) {
        Cause::Residency
    } else if shapes(need).iter().all(|gpus| {
        let slot = Slot {
            site: SiteId::from_uuid(uuid::Uuid::nil()),
            model: need.model,
            first_week: first_start(need, today),
            weeks: weeks_for(need.gpu_time, *gpus),
            gpus: *gpus,
        };
        !is_in_time(&slot, need.deadline)
    }) {
        Cause::WindowTooShort
    } else {
        Cause::Full
    };
    Why { cause, remedies: remedies(request, pools, today) }
}

/// Tries each change alone.
fn remedies(request: &Request, pools: &[Pool], today: NaiveDate) -> Vec<Remedy> {
    let with = |need: Need| ranked(&Request { need, ..request.clone() }, pools, today).into_iter().next();
    let need = &request.need;
    let mut remedies = Vec::new();
    let fewer = (1..8).rev().map(|eighths| need.gpus * eighths / 8).filter(|gpus| (1..need.gpus).contains(gpus));
    remedies.extend(
        fewer
            .into_iter()
            .find(|gpus| with(Need { gpus: *gpus, ..need.clone() }).is_some())
            .map(|gpus| Remedy::FewerGpus { gpus }),
    );
    let more = [2, 4, 8].into_iter().filter_map(|times| need.gpus.checked_mul(times));
    remedies.extend(
        more.into_iter()
            .find(|gpus| with(Need { gpus: *gpus, ..need.clone() }).is_some())
            .map(|gpus| Remedy::MoreGpus { gpus }),
    );
    let parts = need.lesser().count();
    let all_parts = Need { least: BasisPoints::ZERO, ..need.clone() };
    remedies.extend(
        all_parts
            .lesser()
            .skip(parts)
            .find(|part| with(part.clone()).is_some())
            .map(|part| Remedy::FewerHours { hours: part.gpu_time.whole_hours() }),
    );
    let last_week = pools.iter().filter_map(|pool| pool.free.keys().next_back()).max();
    if let Some(horizon) = last_week.map(|week| next_week(*week)).filter(|horizon| *horizon > need.deadline) {
        // Ranked by start: the first found is the earliest that there is.
        let found = with(Need { deadline: horizon, ..need.clone() });
        remedies.extend(found.and_then(|slot| slot.end().pred_opt()).map(|deadline| Remedy::Later { deadline }));
    }
    if !need.flexible && with(Need { flexible: true, ..need.clone() }).is_some() {
        remedies.push(Remedy::Flexible);
    }
    let tried = need.models();
    remedies.extend(
        GpuModel::ALL
            .into_iter()
            .filter(|model| !tried.contains(model))
            .find(|model| with(Need { fallback: vec![*model], ..need.clone() }).is_some())
            .map(|model| Remedy::OtherModel { model }),
    );
    if need.residency != Residency::Eea && with(Need { residency: Residency::Eea, ..need.clone() }).is_some() {
        remedies.push(Remedy::Wider);
    }
    remedies
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
