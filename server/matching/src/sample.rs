//! Made-up calls for tests, benchmarks and the demo world: as many requests as wanted, about twice as much asked for
//! as there is, and nothing in them from any real company.

use std::collections::BTreeMap;

use crate::{
    dice::Dice,
    instance::{Floor, INSTANCE_FORMAT, Instance, MinShare, Mode, Organisation, Params, Pool, Pot, Request, Site},
    numbers::{ceiling, down, int, up},
};

/// GPU type, GPUs of a node, cents a GPU-hour, per cent of an H100.
const TYPES: [(&str, i64, i64, i64); 6] = [
    ("H100", 8, 230, 100),
    ("H200", 8, 290, 130),
    ("B200", 8, 410, 220),
    ("GB300", 4, 530, 290),
    ("MI300A", 4, 180, 85),
    ("MI355X", 8, 310, 150),
];
const COUNTRIES: [&str; 16] =
    ["DE", "FR", "IT", "ES", "PL", "RO", "NL", "BE", "CZ", "SE", "PT", "EL", "HU", "AT", "FI", "IE"];
const WEEK: i64 = 168;

/// How large a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub requests: usize,
    pub sites: usize,
    pub weeks: usize,
}

/// The same call for the same size and seed.
pub fn call(size: Size, seed: u64) -> Instance {
    let mut dice = Dice::new(seed);
    let sites: Vec<Site> = (0..size.sites.max(1))
        .map(|number| {
            let country = COUNTRIES[number % COUNTRIES.len()].to_owned();
            Site { id: format!("{country}-{}", 1 + number / COUNTRIES.len()), country }
        })
        .collect();
    let mut pools = pools(&mut dice, &sites, size.weeks);
    let orgs = organisations(&mut dice, size.requests * 7 / 10 + 1);
    let weeks = size.weeks;
    let requests: Vec<Request> =
        (0..size.requests).map(|number| request(&mut dice, number, weeks, &sites, &orgs)).collect();
    let wanted: i64 = requests.iter().map(|request| request.hours).sum();
    supply(&mut dice, &mut pools, wanted);
    let orgs = with_caps(&mut dice, orgs, &requests);
    let pots = pots(&pools);
    let floors = COUNTRIES.iter().map(|code| Floor { country: (*code).to_owned(), hours: wanted / 100 }).collect();
    Instance {
        format: INSTANCE_FORMAT.to_owned(),
        name: format!("sample-{}-{seed}", size.requests),
        seed,
        weeks,
        hours_per_week: WEEK,
        countries: COUNTRIES.map(str::to_owned).to_vec(),
        latency_ms: COUNTRIES
            .iter()
            .map(|from| sites.iter().map(|site| latency(from, &site.country)).collect())
            .collect(),
        sites,
        pools,
        pots,
        orgs,
        params: params(),
        floors,
        requests,
    }
}

fn params() -> Params {
    Params {
        class_pct: vec![100, 125, 150],
        serve_bonus_h: 2_000,
        nonpref_pct: 5,
        segment_penalty_h: 20,
        min_share: vec![MinShare {
            id: "startups-and-smes".to_owned(),
            sizes: vec!["startup".to_owned(), "sme".to_owned()],
            pct: 40,
        }],
        country_max_pct: 25,
        floor_bonus_weight: 100,
    }
}

/// Farther apart in the list is farther apart on the map; good enough for a limit to bite.
fn latency(from: &str, to: &str) -> i64 {
    let place = |code: &str| COUNTRIES.iter().position(|one| *one == code).map_or(0, int);
    3 + 3 * (place(from) - place(to)).abs()
}

fn pools(dice: &mut Dice, sites: &[Site], weeks: usize) -> Vec<Pool> {
    let mut pools = Vec::new();
    for (site, Site { id, .. }) in sites.iter().enumerate() {
        let (first, many) = (dice.below(TYPES.len()), 1 + dice.below(3));
        for step in 0..many {
            let (gpu, node, price, _) = TYPES[(first + step) % TYPES.len()];
            pools.push(Pool {
                id: format!("{id}/{gpu}"),
                site,
                gpu: gpu.to_owned(),
                node,
                price_c: price + dice.between(-20, 20),
                // The weight of each week for now: less at the beginning, which is partly booked.
                cap: (0..weeks).map(|week| dice.between(40, 100).min(40 + 5 * int(week))).collect(),
            });
        }
    }
    pools
}

/// Turns weights into GPUs, so that about half of what is wanted is there.
fn supply(dice: &mut Dice, pools: &mut [Pool], wanted: i64) {
    let equiv = |gpu: &str| TYPES.iter().find(|one| one.0 == gpu).map_or(100, |one| one.3);
    let weights: i64 = pools.iter().map(|pool| pool.cap.iter().sum::<i64>() * equiv(&pool.gpu)).sum();
    // GPU-weeks of an H100 for each weight.
    let each = wanted * 100 * 1_000 / 2 / WEEK / weights.max(1);
    for pool in pools {
        for week in &mut pool.cap {
            *week = up(*week * each / 1_000, pool.node);
        }
        let maintenance = dice.below(pool.cap.len());
        pool.cap[maintenance] = down(pool.cap[maintenance] / 2, pool.node);
    }
}

fn organisations(dice: &mut Dice, count: usize) -> Vec<Organisation> {
    let sizes = ["startup", "startup", "startup", "sme", "sme", "mid", "academic"];
    (0..count)
        .map(|_| Organisation {
            // Large countries come first in the list.
            country: COUNTRIES[dice.below(COUNTRIES.len()).min(dice.below(COUNTRIES.len()))].to_owned(),
            size: sizes[dice.below(sizes.len())].to_owned(),
            de_minimis_eur: 50_000 * dice.between(1, 6),
            cap_hours: None,
        })
        .collect()
}

/// Some that ask more than once may not have it all.
fn with_caps(dice: &mut Dice, mut orgs: Vec<Organisation>, requests: &[Request]) -> Vec<Organisation> {
    for (number, org) in orgs.iter_mut().enumerate() {
        let own: Vec<i64> = requests.iter().filter(|one| one.org == number).map(|one| one.hours).collect();
        if own.len() > 1 && dice.below(2) == 0 {
            org.cap_hours = Some(own.iter().sum::<i64>() * dice.between(40, 80) / 100);
        }
    }
    orgs
}

/// Nine tenths of what full use would cost, half of it in pots of countries.
fn pots(pools: &[Pool]) -> Vec<Pot> {
    let all: i64 = pools.iter().map(|pool| pool.cap.iter().sum::<i64>() * WEEK * pool.price_c / 100).sum();
    let common =
        [("DEP", 25), ("HE", 20)].map(|(id, pct)| Pot { id: id.to_owned(), eur: all * pct / 100, country: None });
    let share = |rank: usize| all * 45 / 100 * (int(COUNTRIES.len() - rank)) / 136;
    let own = COUNTRIES.iter().enumerate().map(|(rank, code)| Pot {
        id: format!("N-{code}"),
        eur: share(rank),
        country: Some((*code).to_owned()),
    });
    common.into_iter().chain(own).collect()
}

fn request(dice: &mut Dice, number: usize, weeks: usize, sites: &[Site], orgs: &[Organisation]) -> Request {
    let org = if dice.below(4) > 0 { number % orgs.len() } else { dice.below(orgs.len()) };
    let Organisation { country, size, .. } = &orgs[org];
    // From 500 to about a million, each doubling rarer than the one before.
    let doublings = dice.below(6) + dice.below(6);
    let hours = down(500 * (1 << doublings) * dice.between(100, 199) / 100, 100);
    let long = (1 + dice.below(2 + doublings)).min(weeks.saturating_sub(2).max(1));
    let mode = if dice.below(3) == 0 { Mode::Flex } else { Mode::Block };
    let gpus = ceiling(hours, WEEK * int(long));
    let gran = if gpus < 8 { 1 } else { 8 };
    let first = dice.below(TYPES.len());
    let accepted = 2 + dice.below(TYPES.len() - 1);
    let equiv: BTreeMap<String, i64> = (0..accepted)
        .map(|step| TYPES[(first + step) % TYPES.len()])
        .map(|(gpu, _, _, equiv)| (gpu.to_owned(), equiv * dice.between(90, 110) / 100))
        .collect();
    let slack = if mode == Mode::Flex { 1 + long / 2 + dice.below(8) } else { dice.below(9) };
    let span = (long + slack).min(weeks);
    let earliest = dice.below(weeks - span + 1);
    let (least, most) = (equiv.values().min().copied().unwrap_or(100), equiv.values().max().copied().unwrap_or(100));
    let gmin = up(gpus * 100 / most * dice.between(30, 90) / 100, gran).max(gran);
    let is_partial = dice.below(2) == 0;
    let mut pots: Vec<String> = ["DEP", "HE"].into_iter().filter(|_| dice.below(2) == 0).map(str::to_owned).collect();
    pots.push(format!("N-{country}"));
    let subsidy_pct = match size.as_str() {
        "sme" => 80,
        "mid" => 50,
        _ => 100,
    };
    Request {
        id: format!("R{number:05}"),
        org,
        mode,
        hours,
        min_hours: if is_partial { (hours * dice.between(30, 90) / 100).max(1) } else { hours },
        gran,
        gmin,
        gmax: up(gpus * 100 / least * dice.between(100, 200) / 100, gran).max(gmin),
        weeks_min: if dice.below(3) == 0 { 1 + long / 2 } else { long }.min(long),
        weeks_max: long,
        earliest,
        deadline: earliest + span,
        equiv: equiv.into_iter().collect(),
        score: dice.between(180, 500),
        prio: [0, 0, 0, 0, 1, 1, 2][dice.below(7)],
        subsidy_pct,
        pots: pots.into(),
        residency: (dice.below(4) == 0).then(|| {
            let homes = (0..4).map(|_| sites[dice.below(sites.len())].country.clone());
            homes.chain([country.clone()]).collect()
        }),
        max_latency_ms: (dice.below(7) == 0).then(|| dice.between(15, 45)),
        pref_sites: (dice.below(3) == 0).then(|| vec![dice.below(sites.len())]),
        only_sites: None,
        split: mode == Mode::Flex && dice.below(3) == 0,
        de_minimis: hours < 100_000 && dice.below(2) == 0,
    }
}
