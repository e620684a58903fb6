//! An instance for the engine out of the database: who waits in a competitive mode, and what is free.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    capacity::{Window, monday_from, next_week, weeks_for},
    gpu::GpuModel,
    id::{ApplicationId, OrganisationId, SiteId},
    organisation::SizeClass,
    period::{brussels_day, week_of},
    pricing::{self, Quote, Tariff},
    run::Rules,
};
use matching::{INSTANCE_FORMAT, Instance, MinShare, Mode, Organisation, Params, Pool, Pot, Request, Site};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    matching::Approved,
    store::{
        self, Tx,
        entity::{organisation, site},
    },
};

/// Weeks a run plans ahead.
pub(super) const HORIZON: usize = 52;
/// Merit of what has no review that counts: in the middle.
const MERIT: i64 = 300;
const HOURS_A_WEEK: i64 = 168;
/// A flexible request takes down to this part of its GPUs at once, as `domain::matching` does.
const FEWEST: i64 = 8;

/// What the numbers of an instance mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub applications: Vec<ApplicationId>,
    pub pools: Vec<(SiteId, GpuModel)>,
    /// Monday.
    pub first_week: NaiveDate,
}

impl Frame {
    /// The Monday of the week with this number.
    pub fn monday(&self, week: usize) -> NaiveDate {
        std::iter::successors(Some(self.first_week), |monday| Some(next_week(*monday)))
            .nth(week)
            .unwrap_or(self.first_week)
    }

    /// The number of the first week that begins on or after this Monday.
    pub(super) fn week(&self, monday: NaiveDate) -> usize {
        usize::try_from(monday.signed_duration_since(self.first_week).num_days() / 7).unwrap_or(0)
    }
}

/// The instance and its frame for these applications.
pub(super) async fn of(tx: &Tx, approved: &[Approved], rules: Rules) -> Result<(Instance, Frame)> {
    let today = brussels_day(tx.now());
    let first_week = next_week(week_of(today));
    let windows = store::capacity::windows(tx, first_week, None).await?;
    let sites = store::capacity::sites(tx).await?;
    let tariffs = store::mode::tariffs(tx).await?;
    let ids: Vec<ApplicationId> = approved.iter().map(|one| one.application).collect();
    let merits = store::run::merits(tx, &ids).await?;
    let organisations = owners(tx, approved).await?;
    // In the order of names, not of keys: the same world gives the same file.
    let pools: BTreeSet<(usize, GpuModel, SiteId)> = windows
        .iter()
        .filter_map(|window| {
            let place = sites.iter().position(|site| site.id == window.site)?;
            Some((place, window.model, window.site))
        })
        .collect();
    let pools = pools.into_iter().map(|(_, model, site)| (site, model)).collect();
    let frame = Frame { applications: ids, pools, first_week };
    let countries: BTreeSet<&str> = sites
        .iter()
        .map(|site| site.country.code())
        .chain(organisations.iter().map(|row| row.country.code()))
        .collect();
    let requests = approved
        .iter()
        .map(|one| {
            let org = organisations.iter().position(|row| row.id == one.organisation).unwrap_or_default();
            request(&frame, &sites, one, org, merits.get(&one.application).map_or(&[], Vec::as_slice))
        })
        .collect();
    let instance = Instance {
        format: INSTANCE_FORMAT.to_owned(),
        name: format!("gigahours-{today}"),
        seed: 0,
        weeks: HORIZON,
        hours_per_week: HOURS_A_WEEK,
        latency_ms: vec![vec![0; sites.len()]; countries.len()],
        countries: countries.into_iter().map(str::to_owned).collect(),
        pools: frame
            .pools
            .iter()
            .map(|pool| supply(&frame, &sites, &windows, &tariffs, *pool, (today, rules)))
            .collect(),
        pots: vec![Pot { id: POT.to_owned(), eur: rules.budget, country: None }],
        orgs: organisations.iter().map(company).collect(),
        params: params(rules),
        floors: Vec::new(),
        requests,
        sites: sites
            .iter()
            .map(|site| Site { id: site.slug.clone(), country: site.country.code().to_owned() })
            .collect(),
    };
    Ok((instance, frame))
}

const POT: &str = "programme";

/// The organisations that wait, in the order in which their first application arrived.
async fn owners(tx: &Tx, approved: &[Approved]) -> Result<Vec<organisation::Model>> {
    let mut ids: Vec<OrganisationId> = Vec::new();
    for one in approved {
        if !ids.contains(&one.organisation) {
            ids.push(one.organisation);
        }
    }
    let mut rows = store::run::organisations(tx, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

fn params(rules: Rules) -> Params {
    Params {
        class_pct: vec![100],
        serve_bonus_h: rules.bonus_hours,
        nonpref_pct: 0,
        segment_penalty_h: 0,
        min_share: vec![MinShare {
            id: "small".to_owned(),
            sizes: vec!["startup".to_owned(), "sme".to_owned()],
            pct: rules.small_share,
        }],
        country_max_pct: rules.country_share,
        floor_bonus_weight: 0,
    }
}

fn supply(
    frame: &Frame,
    sites: &[site::Model],
    windows: &[Window],
    tariffs: &[Tariff],
    (site, model): (SiteId, GpuModel),
    (today, rules): (NaiveDate, Rules),
) -> Pool {
    let free: BTreeMap<NaiveDate, i64> = windows
        .iter()
        .filter(|window| (window.site, window.model) == (site, model))
        .map(|window| (window.week, window.free()))
        .collect();
    let price = pricing::tariff_on(tariffs, model, today).map_or(0, |tariff| tariff.list_rate.as_micro_euro() / 10_000);
    let place = sites.iter().position(|row| row.id == site).unwrap_or_default();
    Pool {
        id: format!("{}/{}", sites.get(place).map_or("", |row| row.slug.as_str()), model.code()),
        site: place,
        gpu: model.code().to_owned(),
        node: 0,
        price_c: price,
        cap: (0..HORIZON)
            .map(|week| free.get(&frame.monday(week)).copied().unwrap_or(0) * (100 + rules.extra_gpus) / 100)
            .collect(),
    }
}

fn company(row: &organisation::Model) -> Organisation {
    let size = match row.size_class {
        _ if row.start_up => "startup",
        Some(SizeClass::Micro | SizeClass::Small | SizeClass::Medium) => "sme",
        Some(SizeClass::SmallMidCap) => "mid",
        Some(SizeClass::Large) | None => "large",
    };
    Organisation { country: row.country.code().to_owned(), size: size.to_owned(), de_minimis_eur: 0, cap_hours: None }
}

fn request(frame: &Frame, sites: &[site::Model], one: &Approved, org: usize, totals: &[i64]) -> Request {
    let need = &one.need;
    let hours = (need.gpu_time.as_seconds().max(1) - 1) / 3_600 + 1;
    let fewest = if need.flexible { (need.gpus + FEWEST - 1) / FEWEST } else { need.gpus };
    let weeks = |gpus| usize::try_from(weeks_for(need.gpu_time, gpus)).unwrap_or(HORIZON + 1);
    let earliest = frame.week(monday_from(need.earliest).max(frame.first_week));
    // The week after the last that ends by the deadline.
    let end = need.deadline.succ_opt().map_or(HORIZON, |day| frame.week(week_of(day))).min(HORIZON);
    let last = if need.flexible { end } else { (earliest + weeks(need.gpus)).min(end) };
    // What cannot be in time keeps its place in the file, with a duration that no window has.
    let (from, to, shortest, longest) = if earliest < last {
        (earliest, last, weeks(need.gpus), weeks(fewest))
    } else {
        (HORIZON - 1, HORIZON, HORIZON + 1, HORIZON + 1)
    };
    let quote: Option<Quote> = serde_json::from_str(&one.terms).ok();
    let merit =
        i64::try_from(totals.len()).ok().filter(|count| *count > 0).map(|count| totals.iter().sum::<i64>() / count);
    Request {
        id: one.reference.clone(),
        org,
        mode: Mode::Block,
        hours,
        min_hours: hours,
        gran: 1,
        gmin: fewest,
        gmax: need.gpus,
        weeks_min: shortest,
        weeks_max: longest,
        earliest: from,
        deadline: to,
        equiv: need.models().into_iter().map(|model| (model.code().to_owned(), 100)).collect(),
        score: merit.unwrap_or(MERIT).clamp(0, 500),
        prio: 0,
        subsidy_pct: quote.map_or(0, |quote| i64::from(quote.subsidy_share.get()) / 100),
        pots: vec![POT.to_owned()],
        residency: Some(
            sites
                .iter()
                .filter(|site| need.residency.admits(site.country))
                .map(|site| site.country.code().to_owned())
                .collect(),
        ),
        max_latency_ms: None,
        pref_sites: None,
        split: false,
        de_minimis: false,
    }
}
