//! The instance format `gigamatch-instance/1`: what is offered, what is asked for, and the rules.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::shared::{self, Equivs, Shared};

pub const INSTANCE_FORMAT: &str = "gigamatch-instance/1";

/// The code of a country, as in the instance's own list.
pub type Country = String;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    pub format: String,
    pub name: String,
    #[serde(default)]
    pub seed: u64,
    /// The horizon; weeks count from 0.
    pub weeks: usize,
    pub hours_per_week: i64,
    pub countries: Vec<Country>,
    pub sites: Vec<Site>,
    /// Milliseconds, by country and site.
    pub latency_ms: Vec<Vec<i64>>,
    pub pools: Vec<Pool>,
    pub pots: Vec<Pot>,
    pub orgs: Vec<Organisation>,
    pub params: Params,
    pub floors: Vec<Floor>,
    #[serde(deserialize_with = "shared::requests")]
    pub requests: Vec<Request>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub id: String,
    pub country: Country,
}

/// GPUs of one type at one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub id: String,
    pub site: usize,
    pub gpu: String,
    /// GPUs of a node; informative.
    #[serde(default)]
    pub node: i64,
    /// Cents a GPU-hour.
    pub price_c: i64,
    /// GPUs free for this call in each week, net of maintenance, holds and bookings.
    pub cap: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pot {
    pub id: String,
    pub eur: i64,
    /// Only organisations of this country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub country: Country,
    pub size: String,
    /// What is left of the ceiling of Regulation (EU) 2023/2831.
    pub de_minimis_eur: i64,
    /// Fair-share cap in H100-equivalent hours.
    pub cap_hours: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// Weight of each priority class, per cent.
    pub class_pct: Vec<i64>,
    /// Hours credited for being served at all.
    pub serve_bonus_h: i64,
    /// Per cent of value lost for each hour outside the preferred sites.
    pub nonpref_pct: i64,
    /// Hours lost for each segment after the first.
    pub segment_penalty_h: i64,
    pub min_share: Vec<MinShare>,
    /// Of awarded hours, for any country, per cent.
    pub country_max_pct: i64,
    /// Extra merit weight of each hour until a country's floor is reached.
    pub floor_bonus_weight: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinShare {
    pub id: String,
    pub sizes: Vec<String>,
    pub pct: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    pub country: Country,
    pub hours: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One rectangle.
    Block,
    /// Any weeks of the window.
    Flex,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: String,
    pub org: usize,
    pub mode: Mode,
    /// H100-equivalent hours.
    pub hours: i64,
    /// The least that is of use; equal to `hours` where no partial award is acceptable.
    pub min_hours: i64,
    /// GPUs come in multiples of this.
    pub gran: i64,
    /// Fewest and most GPUs at once.
    pub gmin: i64,
    pub gmax: i64,
    /// Of a block.
    pub weeks_min: usize,
    pub weeks_max: usize,
    pub earliest: usize,
    /// Exclusive.
    pub deadline: usize,
    /// Per cent of an H100 for each acceptable GPU type.
    pub equiv: Equivs,
    /// Merit from 0 to 500.
    pub score: i64,
    pub prio: usize,
    pub subsidy_pct: i64,
    pub pots: Shared<String>,
    /// Countries the data may lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residency: Option<Shared<Country>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_latency_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pref_sites: Option<Vec<usize>>,
    /// The only sites it may run at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_sites: Option<Vec<usize>>,
    /// Flexible only: the pool may change from week to week.
    #[serde(default, skip_serializing_if = "is_false")]
    pub split: bool,
    /// The award counts against the organisation's headroom.
    #[serde(default, skip_serializing_if = "is_false")]
    pub de_minimis: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Something in an instance that cannot be: where, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Fault {
    pub at: String,
    pub what: &'static str,
}

/// Larger figures could overflow the sums of the search.
const HOURS_MAX: i64 = 20_000_000;
const GPUS_MAX: i64 = 1_000_000;
const EUR_MAX: i64 = 100_000_000_000;
const WEEKS_MAX: usize = 260;
/// Tables of the model have so many bits for a pool.
pub(crate) const POOLS_MAX: usize = 2_000;
const WORTH_MAX: i128 = 1 << 62;
const WAYS_MAX: i64 = 2_000_000;

/// Collects every fault, so that a file is mended once.
struct Faults(Vec<Fault>);

impl Faults {
    fn unless(&mut self, is_right: bool, at: impl FnOnce() -> String, what: &'static str) {
        if !is_right {
            self.0.push(Fault { at: at(), what });
        }
    }
}

impl Instance {
    /// Whether every index, length and figure can be; all faults at once.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults(Vec::new());
        self.check_frame(&mut faults);
        self.check_supply(&mut faults);
        for (number, request) in self.requests.iter().enumerate() {
            self.check_request(&mut faults, number, request);
        }
        let names: [(&str, Vec<&str>); 3] = [
            ("countries", self.countries.iter().map(String::as_str).collect()),
            ("pots", self.pots.iter().map(|pot| pot.id.as_str()).collect()),
            ("requests", self.requests.iter().map(|request| request.id.as_str()).collect()),
        ];
        for (list, names) in names {
            let mut known = HashSet::new();
            for (number, name) in names.into_iter().enumerate() {
                faults.unless(known.insert(name), || format!("{list}[{number}]"), "another has the same name");
            }
        }
        let worth: i128 = self.requests.iter().map(|request| self.most(request)).sum();
        faults.unless(worth < WORTH_MAX, || "requests".to_owned(), "together worth more than can be summed");
        if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
    }

    /// Whether the numbers of GPUs times places in time that all requests may have in one pool are few enough to be looked
    /// at one by one.
    pub(crate) fn has_few_ways(&self) -> bool {
        let ways = self.requests.iter().map(|request| {
            let gangs = (request.gmax - request.gmin) / request.gran + 1;
            let long = request.deadline - request.earliest;
            let shapes = if request.mode == Mode::Block { request.weeks_max.min(long) * long } else { long };
            gangs.saturating_mul(i64::try_from(shapes).unwrap_or(i64::MAX))
        });
        ways.fold(0, i64::saturating_add) <= WAYS_MAX
    }

    fn check_frame(&self, faults: &mut Faults) {
        let here = |name: &'static str| move || name.to_owned();
        faults.unless(self.format == INSTANCE_FORMAT, here("format"), "not an instance of version 1");
        faults.unless((1..=WEEKS_MAX).contains(&self.weeks), here("weeks"), "from 1 to 260");
        faults.unless((1..=168).contains(&self.hours_per_week), here("hours_per_week"), "from 1 to 168");
        faults.unless(self.latency_ms.len() == self.countries.len(), here("latency_ms"), "one row for each country");
        for row in &self.latency_ms {
            faults.unless(row.len() == self.sites.len(), here("latency_ms"), "one figure for each site");
        }
        let params = &self.params;
        faults.unless((0..=100).contains(&params.country_max_pct), here("params.country_max_pct"), "from 0 to 100");
        faults.unless((0..=100).contains(&params.nonpref_pct), here("params.nonpref_pct"), "from 0 to 100");
        let small = 0..=1_000_000;
        faults.unless(small.contains(&params.serve_bonus_h), here("params.serve_bonus_h"), "from 0 to 1,000,000");
        let penalty = params.segment_penalty_h;
        faults.unless(small.contains(&penalty), here("params.segment_penalty_h"), "from 0 to 1,000,000");
        let weight = params.floor_bonus_weight;
        faults.unless((0..=1_000).contains(&weight), here("params.floor_bonus_weight"), "from 0 to 1,000");
        faults.unless(
            params.class_pct.iter().all(|pct| (0..=200).contains(pct)),
            here("params.class_pct"),
            "from 0 to 200",
        );
        faults.unless(params.min_share.len() <= 32, here("params.min_share"), "at most 32 groups");
        for share in &params.min_share {
            faults.unless((0..=100).contains(&share.pct), here("params.min_share"), "from 0 to 100 per cent");
        }
        for (number, floor) in self.floors.iter().enumerate() {
            let is_first = self.floors.iter().take(number).all(|other| other.country != floor.country);
            faults.unless(is_first, || format!("floors[{number}].country"), "it has a floor already");
            faults.unless(self.knows(&floor.country), here("floors"), "no such country");
            faults.unless((0..=EUR_MAX).contains(&floor.hours), here("floors"), "hours out of range");
        }
    }

    fn check_supply(&self, faults: &mut Faults) {
        for (number, site) in self.sites.iter().enumerate() {
            faults.unless(self.knows(&site.country), || format!("sites[{number}].country"), "no such country");
        }
        faults.unless(self.pools.len() <= POOLS_MAX, || "pools".to_owned(), "at most 2,000");
        for (number, pool) in self.pools.iter().enumerate() {
            let at = |field: &'static str| move || format!("pools[{number}].{field}");
            faults.unless(pool.site < self.sites.len(), at("site"), "no such site");
            faults.unless((0..=1_000_000).contains(&pool.price_c), at("price_c"), "from 0 to 1,000,000 cents");
            faults.unless(pool.cap.len() == self.weeks, at("cap"), "one figure for each week");
            faults.unless(pool.cap.iter().all(|gpus| (0..=GPUS_MAX).contains(gpus)), at("cap"), "GPUs out of range");
        }
        for (number, pot) in self.pots.iter().enumerate() {
            let at = |field: &'static str| move || format!("pots[{number}].{field}");
            faults.unless((0..=EUR_MAX).contains(&pot.eur), at("eur"), "out of range");
            let is_known = pot.country.as_ref().is_none_or(|country| self.knows(country));
            faults.unless(is_known, at("country"), "no such country");
        }
        for (number, org) in self.orgs.iter().enumerate() {
            let at = |field: &'static str| move || format!("orgs[{number}].{field}");
            faults.unless(self.knows(&org.country), at("country"), "no such country");
            faults.unless((0..=EUR_MAX).contains(&org.de_minimis_eur), at("de_minimis_eur"), "out of range");
            let is_cap = org.cap_hours.is_none_or(|hours| (0..=EUR_MAX).contains(&hours));
            faults.unless(is_cap, at("cap_hours"), "out of range");
        }
    }

    fn check_request(&self, faults: &mut Faults, number: usize, request: &Request) {
        let at = |field: &'static str| move || format!("requests[{number}].{field}");
        faults.unless(request.org < self.orgs.len(), at("org"), "no such organisation");
        faults.unless((1..=HOURS_MAX).contains(&request.hours), at("hours"), "from 1 to 20,000,000");
        faults.unless((1..=request.hours).contains(&request.min_hours), at("min_hours"), "from 1 to hours");
        faults.unless((1..=GPUS_MAX).contains(&request.gran), at("gran"), "at least 1");
        faults.unless((1..=GPUS_MAX).contains(&request.gmax), at("gmax"), "at least 1");
        faults.unless((1..=request.gmax).contains(&request.gmin), at("gmin"), "from 1 to gmax");
        faults.unless(request.deadline <= self.weeks, at("deadline"), "after the horizon");
        faults.unless(request.earliest < request.deadline, at("earliest"), "not before the deadline");
        let is_block = request.mode == Mode::Block;
        let weeks = request.weeks_min >= 1 && request.weeks_min <= request.weeks_max;
        faults.unless(!is_block || weeks, at("weeks_min"), "from 1 to weeks_max");
        let is_equiv = request.equiv.values().all(|pct| (1..=10_000).contains(pct));
        faults.unless(is_equiv, at("equiv"), "from 1 to 10,000 per cent");
        faults.unless((0..=500).contains(&request.score), at("score"), "from 0 to 500");
        faults.unless(request.prio < self.params.class_pct.len(), at("prio"), "no such class");
        faults.unless((0..=100).contains(&request.subsidy_pct), at("subsidy_pct"), "from 0 to 100");
        let are_pots = request.pots.iter().all(|id| self.pots.iter().any(|pot| pot.id == *id));
        faults.unless(are_pots, at("pots"), "no such pot");
    }

    /// More than any award of this request can be worth, floors included.
    fn most(&self, request: &Request) -> i128 {
        let weight = i128::from(request.score) * 2 + i128::from(self.params.floor_bonus_weight);
        10_000 * weight * (i128::from(request.hours) + i128::from(self.params.serve_bonus_h))
    }

    fn knows(&self, country: &str) -> bool {
        self.countries.iter().any(|code| code == country)
    }
}
