//! An instance for the engine out of the database: who waits in a competitive mode, and what is free.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use domain::{
    capacity::{Window, monday_from, next_week, weeks_for},
    gpu::GpuModel,
    id::{ApplicationId, OrganisationId, SiteId},
    need::Need,
    organisation::SizeClass,
    period::{brussels_day, week_of},
    pricing::{self, Quote, Regime, Tariff},
    problem::{Invalid, Problem},
    run::Rules,
};
use matching::{Floor, INSTANCE_FORMAT, Instance, MinShare, Mode, Organisation, Params, Pool, Pot, Request, Site};
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
    /// GPUs held or booked before the run, by pool and week.
    #[serde(default)]
    pub taken: Vec<Vec<i64>>,
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

/// What an instance is made of, as the database has it.
struct Known<'a> {
    today: NaiveDate,
    rules: &'a Rules,
    sites: Vec<site::Model>,
    windows: Vec<Window>,
    tariffs: Vec<Tariff>,
    organisations: Vec<organisation::Model>,
    /// Cents of de minimis aid granted in the last three years.
    aid: BTreeMap<OrganisationId, i64>,
}

/// The instance and its frame for these applications. `Invalid` for what if there were more at a site that there is not,
/// and for a ceiling of countries that so few countries cannot keep.
pub(super) async fn of(tx: &Tx, approved: &[Approved], rules: &Rules) -> Result<(Instance, Frame)> {
    let today = brussels_day(tx.now());
    let first_week = next_week(week_of(today));
    let organisations = owners(tx, approved).await?;
    let three_years_ago = today.checked_sub_months(Months::new(36)).unwrap_or(today);
    let ids: Vec<OrganisationId> = organisations.iter().map(|row| row.id).collect();
    let known = Known {
        today,
        rules,
        sites: store::capacity::sites(tx).await?,
        windows: store::capacity::windows(tx, first_week, None).await?,
        tariffs: store::price::tariffs(tx).await?,
        organisations,
        aid: store::run::de_minimis(tx, &ids, three_years_ago).await?,
    };
    if rules.extra_at.is_some_and(|site| known.sites.iter().all(|row| row.id != site)) {
        return Err(Invalid::one("extra_at", Problem::NotAChoice).into());
    }
    // With fewer countries than shares only the empty plan would keep the ceiling.
    let countries: BTreeSet<_> = known.organisations.iter().map(|row| row.country).collect();
    let count = i64::try_from(countries.len().max(1)).unwrap_or(100);
    let least = (100 + count - 1) / count;
    if rules.country_share < least {
        return Err(Invalid::one("country_share", Problem::TooSmall { min: least }).into());
    }
    let ids: Vec<ApplicationId> = approved.iter().map(|one| one.application).collect();
    let merits = store::run::merits(tx, &ids).await?;
    let frame = known.frame(ids, first_week);
    let requests = approved
        .iter()
        .map(|one| known.request(&frame, one, merits.get(&one.application).map_or(&[], Vec::as_slice)))
        .collect();
    Ok((known.instance(&frame, requests), frame))
}

/// The first pot; those of the countries are called as they are.
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

impl Known<'_> {
    fn frame(&self, applications: Vec<ApplicationId>, first_week: NaiveDate) -> Frame {
        // In the order of names, not of keys: the same world gives the same file.
        let pools: BTreeSet<(usize, GpuModel, SiteId)> = self
            .windows
            .iter()
            .filter_map(|window| {
                let place = self.sites.iter().position(|site| site.id == window.site)?;
                Some((place, window.model, window.site))
            })
            .collect();
        let pools: Vec<(SiteId, GpuModel)> = pools.into_iter().map(|(_, model, site)| (site, model)).collect();
        let mut frame = Frame { applications, pools, first_week, taken: Vec::new() };
        let taken = |window: &Window| window.held + window.booked;
        frame.taken = frame.pools.iter().map(|pool| self.by_week(&frame, *pool, taken)).collect();
        frame
    }

    /// A figure of a pool's windows, week by week; 0 where nothing is published.
    fn by_week(&self, frame: &Frame, pool: (SiteId, GpuModel), of: impl Fn(&Window) -> i64) -> Vec<i64> {
        let windows = self.windows.iter().filter(|window| (window.site, window.model) == pool);
        let by_week: BTreeMap<NaiveDate, i64> = windows.map(|window| (window.week, of(window))).collect();
        (0..HORIZON).map(|week| by_week.get(&frame.monday(week)).copied().unwrap_or(0)).collect()
    }

    fn instance(&self, frame: &Frame, requests: Vec<Request>) -> Instance {
        let owners: BTreeSet<&str> = self.organisations.iter().map(|row| row.country.code()).collect();
        let budgets = self.rules.country_budgets.iter().map(|(country, _)| country.code());
        let sites = self.sites.iter().map(|site| site.country.code());
        let countries: BTreeSet<&str> = sites.chain(owners.iter().copied()).chain(budgets).collect();
        let pools: Vec<Pool> = frame.pools.iter().map(|pool| self.pool(frame, *pool)).collect();
        let hours: i64 = pools.iter().flat_map(|pool| &pool.cap).sum::<i64>() * HOURS_A_WEEK;
        let rules = self.rules;
        let of_countries = rules.country_budgets.iter().map(|(country, eur)| Pot {
            id: country.code().to_owned(),
            eur: *eur,
            country: Some(country.code().to_owned()),
        });
        let programme = Pot { id: POT.to_owned(), eur: rules.budget, country: None };
        let floor = |country: &&str| Floor { country: (*country).to_owned(), hours: rules.floor_hours };
        Instance {
            format: INSTANCE_FORMAT.to_owned(),
            name: format!("gigahours-{}", self.today),
            seed: 0,
            weeks: HORIZON,
            hours_per_week: HOURS_A_WEEK,
            latency_ms: vec![vec![0; self.sites.len()]; countries.len()],
            // In the order of `Rules::budgets`.
            pots: std::iter::once(programme).chain(of_countries).collect(),
            countries: countries.into_iter().map(str::to_owned).collect(),
            pools,
            orgs: self.organisations.iter().map(|row| self.company(row, hours)).collect(),
            params: params(rules),
            floors: if rules.floor_hours > 0 { owners.iter().map(floor).collect() } else { Vec::new() },
            requests,
            sites: self
                .sites
                .iter()
                .map(|site| Site { id: site.slug.clone(), country: site.country.code().to_owned() })
                .collect(),
        }
    }

    fn pool(&self, frame: &Frame, (site, model): (SiteId, GpuModel)) -> Pool {
        let tariff = pricing::tariff_on(&self.tariffs, model, self.today);
        let place = self.sites.iter().position(|row| row.id == site).unwrap_or_default();
        let more = if self.rules.extra_at.is_none_or(|only| only == site) { self.rules.extra_gpus } else { 0 };
        let free = self.by_week(frame, (site, model), Window::free);
        Pool {
            id: format!("{}/{}", self.sites.get(place).map_or("", |row| row.slug.as_str()), model.code()),
            site: place,
            gpu: model.code().to_owned(),
            node: 0,
            price_c: tariff.map_or(0, |tariff| tariff.list_rate.as_micro_euro() / 10_000),
            cap: free.into_iter().map(|free| free * (100 + more) / 100).collect(),
        }
    }

    /// `hours`: all that is free.
    fn company(&self, row: &organisation::Model, hours: i64) -> Organisation {
        let ceiling = self.rules.de_minimis_ceiling;
        // A cent that was granted takes the whole euro.
        let granted = self.aid.get(&row.id).map_or(0, |cents| (cents + 99) / 100);
        let share = self.rules.organisation_share;
        Organisation {
            country: row.country.code().to_owned(),
            size: size(row).to_owned(),
            de_minimis_eur: (ceiling - granted).max(0),
            cap_hours: (share < 100).then(|| hours / 100 * share),
        }
    }

    /// The numbers of the sites it would rather run at; none if it does not mind, or they are gone.
    fn preferred(&self, need: &Need) -> Option<Vec<usize>> {
        let wanted = |site: &site::Model| need.preferred.contains(&site.slug);
        let numbers: Vec<usize> =
            self.sites.iter().enumerate().filter(|(_, site)| wanted(site)).map(|(number, _)| number).collect();
        (!numbers.is_empty()).then_some(numbers)
    }

    /// The numbers of the only sites it may run at, where its call names some.
    fn only(&self, need: &Need) -> Option<Vec<usize>> {
        let sites = self.sites.iter().enumerate().filter(|(_, site)| need.is_offered_at(&site.slug));
        (!need.offered_at.is_empty()).then(|| sites.map(|(number, _)| number).collect())
    }

    fn request(&self, frame: &Frame, one: &Approved, totals: &[i64]) -> Request {
        let need = &one.need;
        let org = self.organisations.iter().position(|row| row.id == one.organisation).unwrap_or_default();
        let row = self.organisations.get(org);
        let span = Span::of(need, frame);
        let mode = if need.pauses && span.is_possible() { Mode::Flex } else { Mode::Block };
        let Span { hours, least, fewest, from, to, weeks } = span;
        let quote: Option<Quote> = serde_json::from_str(&one.terms).ok();
        let merit =
            i64::try_from(totals.len()).ok().filter(|count| *count > 0).map(|count| totals.iter().sum::<i64>() / count);
        let own = self.rules.country_budgets.iter().map(|(country, _)| *country);
        let own = own.filter(|country| row.is_some_and(|row| row.country == *country));
        Request {
            id: one.reference.clone(),
            org,
            mode,
            hours,
            min_hours: least,
            gran: 1,
            gmin: fewest,
            gmax: need.gpus,
            weeks_min: weeks.0,
            weeks_max: weeks.1,
            earliest: from,
            deadline: to,
            equiv: need.models().into_iter().map(|model| (model.code().to_owned(), 100)).collect(),
            score: merit.unwrap_or(MERIT).clamp(0, 500),
            prio: usize::from(row.is_some_and(|row| SMALL.contains(&size(row)))),
            subsidy_pct: quote.as_ref().map_or(0, |quote| i64::from(quote.subsidy_share.get()) / 100),
            pots: std::iter::once(POT.to_owned()).chain(own.map(|country| country.code().to_owned())).collect(),
            residency: Some(
                self.sites
                    .iter()
                    .filter(|site| need.residency.admits(site.country))
                    .map(|site| site.country.code().to_owned())
                    .collect(),
            ),
            max_latency_ms: None,
            pref_sites: self.preferred(need),
            only_sites: self.only(need),
            split: false,
            de_minimis: quote.is_some_and(|quote| quote.regime == Regime::DeMinimis),
        }
    }
}

/// The first pot; those of the countries are called as they are.
const POT: &str = "programme";
const SMALL: [&str; 2] = ["startup", "sme"];

fn params(rules: &Rules) -> Params {
    Params {
        class_pct: vec![100, rules.small_weight],
        serve_bonus_h: rules.bonus_hours,
        nonpref_pct: rules.away_loss,
        segment_penalty_h: rules.pause_hours,
        min_share: vec![MinShare {
            id: "small".to_owned(),
            sizes: SMALL.map(str::to_owned).into(),
            pct: rules.small_share,
        }],
        country_max_pct: rules.country_share,
        floor_bonus_weight: rules.floor_merit,
    }
}

fn size(row: &organisation::Model) -> &'static str {
    match row.size_class {
        _ if row.start_up => "startup",
        Some(SizeClass::Micro | SizeClass::Small | SizeClass::Medium) => "sme",
        Some(SizeClass::SmallMidCap) => "mid",
        Some(SizeClass::Large) | None => "large",
    }
}

/// How much of which weeks a need takes.
struct Span {
    hours: i64,
    /// The fewest that are of use.
    least: i64,
    fewest: i64,
    from: usize,
    to: usize,
    /// Shortest and longest.
    weeks: (usize, usize),
}

impl Span {
    /// There are weeks that it may have.
    const fn is_possible(&self) -> bool {
        self.weeks.0 <= HORIZON
    }

    fn of(need: &Need, frame: &Frame) -> Self {
        let hours = (need.gpu_time.as_seconds().max(1) - 1) / 3_600 + 1;
        let fewest = if need.flexible { (need.gpus + FEWEST - 1) / FEWEST } else { need.gpus };
        let least = need.least_hours().clamp(1, hours);
        let weeks_of = |time, gpus| usize::try_from(weeks_for(time, gpus)).unwrap_or(HORIZON + 1);
        let weeks = |gpus| weeks_of(need.gpu_time, gpus);
        let shortest = weeks_of(need.only(need.least).gpu_time, need.gpus);
        let earliest = frame.week(monday_from(need.earliest).max(frame.first_week));
        // The week after the last that ends by the deadline.
        let end = need.deadline.succ_opt().map_or(HORIZON, |day| frame.week(week_of(day))).min(HORIZON);
        let last = if need.flexible { end } else { (earliest + weeks(need.gpus)).min(end) };
        // What cannot be in time keeps its place in the file, with a duration that no window has.
        if earliest < last {
            Self { hours, least, fewest, from: earliest, to: last, weeks: (shortest, weeks(fewest)) }
        } else {
            Self { hours, least, fewest, from: HORIZON - 1, to: HORIZON, weeks: (HORIZON + 1, HORIZON + 1) }
        }
    }
}
