//! An instance as the search wants it: dense tables, indices instead of names, every limit in its own unit.

use std::{collections::HashMap, ops::Range};

use crate::{
    instance::{Instance, Mode, Request},
    numbers::{ceiling, down, index, int, up},
};

/// Values per euro stay whole if everything is reckoned in ten-thousandths of the objective.
pub const SCALE: i64 = 10_000;
/// Stands for "no cap".
pub const NO_CAP: i64 = i64::MAX / 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Block,
    Flex,
    Split,
}

/// One request with its limits.
#[derive(Debug, Clone)]
pub struct Ask {
    pub kind: Kind,
    pub weight: i64,
    /// Centi-hours.
    pub least: i64,
    pub full: i64,
    pub gran: i64,
    /// Fewest and most GPUs at once, in multiples of `gran`.
    pub low: i64,
    pub high: i64,
    pub weeks: (usize, usize),
    /// Window, end exclusive.
    pub from: usize,
    pub to: usize,
    pub org: usize,
    pub country: usize,
    /// One bit for each minimum share it counts towards.
    pub groups: u32,
    pub de_minimis: bool,
    /// The least headroom an award takes, 1e-4 EUR.
    pub least_money: i64,
    /// Credited for being served at all, in units of the objective.
    pub base: i64,
    /// Places in [`Model::fits`], [`Model::pots_of`] and [`Model::rectangles`].
    pub fits: Range<usize>,
    pub pots: Range<usize>,
    pub rectangles: Range<usize>,
    /// Of a flexible request, where its first fit begins in [`Model::offered`].
    pub offered: usize,
    /// And one for each of its fits in [`Model::goals`].
    pub goals: Range<usize>,
}

/// A pool and a duration that a block may have, with the gangs its own limits allow.
#[derive(Debug, Clone, Copy)]
pub struct Rectangle {
    /// Among the request's fits.
    pub fit: u16,
    pub weeks: u16,
    pub low: u32,
    /// The first number of GPUs that reaches all its hours, if limits let it.
    pub high: u32,
    /// Whether an empty pool has that many in every window.
    pub is_roomy: bool,
}

/// One pool a request may run in.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    pub pool: usize,
    /// Centi-hours and 1e-4 EUR of a GPU-week.
    pub hours: i64,
    pub money: i64,
    /// Objective lost for each centi-hour, off the preferred sites.
    pub lost: i64,
}

/// How many GPU-weeks of a pool a flexible request may take there, by its own limits and those of an empty pool.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// The fewest that reach the least hours, and the most that stay below all of them.
    pub least: i64,
    pub top: i64,
    /// The first that reach all hours, if any do.
    pub over: Option<i64>,
}

#[derive(Debug)]
pub struct Model {
    pub weeks: usize,
    pub pools: usize,
    /// By pool and week, flat.
    pub cap: Vec<i64>,
    /// 1e-4 EUR.
    pub pots: Vec<i64>,
    pub asks: Vec<Ask>,
    pub fits: Vec<Fit>,
    pub pots_of: Vec<usize>,
    pub rectangles: Vec<Rectangle>,
    /// GPUs a flexible request may take of an empty pool, by fit and week of its window; 0 where too few.
    pub offered: Vec<u32>,
    /// Of flexible requests, by fit; none where the least is out of reach.
    pub goals: Vec<Option<Goal>>,
    /// The least capacity of every window, by duration, pool and start.
    pub windows: Vec<Vec<i64>>,
    /// Whether any block may last so many weeks and one.
    pub is_duration: Vec<bool>,
    /// By organisation: centi-hours, 1e-4 EUR, and its requests.
    pub hours_cap: Vec<i64>,
    pub money_cap: Vec<i64>,
    pub asks_of: Vec<Vec<usize>>,
    /// Per cent of each minimum share.
    pub shares: Vec<i64>,
    pub countries: usize,
    pub country_max: i64,
    /// Country and centi-hours of each floor; full bonus of a centi-hour.
    pub floors: Vec<(usize, i64)>,
    pub floor_bonus: i64,
    /// Objective lost for each further segment, for each unit of weight.
    pub segment_penalty: i64,
}

impl Model {
    /// The instance must have been checked.
    pub fn new(instance: &Instance) -> Self {
        let country: HashMap<&str, usize> =
            instance.countries.iter().enumerate().map(|(number, code)| (code.as_str(), number)).collect();
        let pot: HashMap<&str, usize> =
            instance.pots.iter().enumerate().map(|(number, pot)| (pot.id.as_str(), number)).collect();
        let mut model = Self {
            weeks: instance.weeks,
            pools: instance.pools.len(),
            cap: instance.pools.iter().flat_map(|pool| pool.cap.iter().copied()).collect(),
            pots: instance.pots.iter().map(|pot| pot.eur * SCALE).collect(),
            asks: Vec::with_capacity(instance.requests.len()),
            fits: Vec::new(),
            pots_of: Vec::new(),
            rectangles: Vec::new(),
            offered: Vec::new(),
            goals: Vec::new(),
            windows: Vec::new(),
            is_duration: Vec::new(),
            hours_cap: instance.orgs.iter().map(|org| org.cap_hours.map_or(NO_CAP, |hours| 100 * hours)).collect(),
            money_cap: instance.orgs.iter().map(|org| org.de_minimis_eur * SCALE).collect(),
            asks_of: vec![Vec::new(); instance.orgs.len()],
            shares: instance.params.min_share.iter().map(|share| share.pct).collect(),
            countries: instance.countries.len(),
            country_max: instance.params.country_max_pct,
            floors: instance.floors.iter().map(|floor| (country[floor.country.as_str()], 100 * floor.hours)).collect(),
            floor_bonus: 100 * instance.params.floor_bonus_weight,
            segment_penalty: SCALE * instance.params.segment_penalty_h,
        };
        model.windows = model.least_of_windows(instance);
        model.is_duration = vec![false; model.windows.len()];
        for (number, request) in instance.requests.iter().enumerate() {
            let own = country[instance.orgs[request.org].country.as_str()];
            let mut ask = model.ask(instance, request, own, &pot);
            match ask.kind {
                Kind::Block => model.lay_out(&mut ask),
                Kind::Flex | Kind::Split => model.offer(&mut ask),
            }
            ask.least_money = if ask.de_minimis { model.least_money(&ask, |_| true) } else { 0 };
            model.asks_of[request.org].push(number);
            model.asks.push(ask);
        }
        model
    }

    fn ask(&mut self, instance: &Instance, request: &Request, own: usize, pot: &HashMap<&str, usize>) -> Ask {
        let org = &instance.orgs[request.org];
        let weight = request.score * instance.params.class_pct[request.prio] / 100;
        let first_fit = self.fits.len();
        for (number, pool) in instance.pools.iter().enumerate() {
            let Some(equiv) = request.equiv.get(&pool.gpu) else { continue };
            let may_lie =
                request.residency.as_ref().is_none_or(|list| list.contains(&instance.sites[pool.site].country));
            let is_near = request.max_latency_ms.is_none_or(|most| instance.latency_ms[own][pool.site] <= most);
            if may_lie && is_near {
                let is_preferred = request.pref_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site));
                self.fits.push(Fit {
                    pool: number,
                    hours: instance.hours_per_week * equiv,
                    money: instance.hours_per_week * pool.price_c * request.subsidy_pct,
                    lost: if is_preferred { 0 } else { instance.params.nonpref_pct * weight },
                });
            }
        }
        let first_pot = self.pots_of.len();
        let mut pots: Vec<usize> = request.pots.iter().filter_map(|id| pot.get(id.as_str()).copied()).collect();
        pots.sort_unstable();
        pots.dedup();
        pots.retain(|pot| instance.pots[*pot].country.as_ref().is_none_or(|country| *country == org.country));
        self.pots_of.extend(pots);
        let bits = instance.params.min_share.iter().enumerate();
        let groups = bits.filter(|(_, share)| share.sizes.contains(&org.size)).fold(0, |all, (bit, _)| all | 1 << bit);
        Ask {
            kind: match (request.mode, request.split) {
                (Mode::Block, _) => Kind::Block,
                (Mode::Flex, false) => Kind::Flex,
                (Mode::Flex, true) => Kind::Split,
            },
            weight,
            least: 100 * request.min_hours,
            full: 100 * request.hours,
            gran: request.gran,
            low: up(request.gmin, request.gran),
            high: down(request.gmax, request.gran),
            weeks: (request.weeks_min, request.weeks_max),
            from: request.earliest,
            to: request.deadline,
            org: request.org,
            country: own,
            groups,
            de_minimis: request.de_minimis,
            least_money: 0,
            base: weight * SCALE * instance.params.serve_bonus_h,
            fits: first_fit..self.fits.len(),
            pots: first_pot..self.pots_of.len(),
            rectangles: 0..0,
            offered: 0,
            goals: 0..0,
        }
    }

    fn least_of_windows(&self, instance: &Instance) -> Vec<Vec<i64>> {
        let blocks = instance.requests.iter().filter(|request| request.mode == Mode::Block);
        let longest = blocks.map(|request| request.weeks_max).max().unwrap_or(1);
        let mut least = vec![self.cap.clone()];
        for weeks in 1..longest.min(self.weeks) {
            let shorter = &least[weeks - 1];
            let mut longer = vec![0; shorter.len()];
            for pool in 0..self.pools {
                for start in 0..self.weeks - weeks {
                    let at = pool * self.weeks + start;
                    longer[at] = shorter[at].min(self.cap[at + weeks]);
                }
            }
            least.push(longer);
        }
        least
    }

    fn lay_out(&mut self, ask: &mut Ask) {
        let first = self.rectangles.len();
        for fit in 0..ask.fits.len() {
            let place = self.fits[ask.fits.start + fit];
            for weeks in ask.weeks.0..=ask.weeks.1.min(ask.to - ask.from) {
                let Some((low, high)) = self.gang(ask, &place, weeks) else { continue };
                let free = &self.windows[weeks - 1][place.pool * self.weeks..];
                let starts = ask.from..=ask.to - weeks;
                if starts.clone().all(|start| free[start] < low) {
                    continue;
                }
                self.is_duration[weeks - 1] = true;
                self.rectangles.push(Rectangle {
                    fit: u16::try_from(fit).unwrap_or(u16::MAX),
                    weeks: u16::try_from(weeks).unwrap_or(u16::MAX),
                    low: u32::try_from(low).unwrap_or(u32::MAX),
                    high: u32::try_from(high).unwrap_or(u32::MAX),
                    is_roomy: starts.clone().all(|start| free[start] >= high),
                });
            }
        }
        ask.rectangles = first..self.rectangles.len();
    }

    fn offer(&mut self, ask: &mut Ask) {
        ask.offered = self.offered.len();
        let first = self.goals.len();
        for fit in 0..ask.fits.len() {
            let pool = self.fits[ask.fits.start + fit].pool;
            for week in ask.from..ask.to {
                let gpus = ask.high.min(down(self.caps(pool)[week], ask.gran));
                self.offered.push(if gpus >= ask.low { u32::try_from(gpus).unwrap_or(u32::MAX) } else { 0 });
            }
            self.goals.push(self.goal(ask, fit));
        }
        ask.goals = first..self.goals.len();
    }

    /// GPU-weeks of a place that its organisation's caps leave a request alone.
    fn most(&self, ask: &Ask, place: &Fit) -> i64 {
        let most = (self.money_left(ask) / place.money.max(1)).min(1 << 30);
        if self.hours_cap[ask.org] < ask.full { most.min(self.hours_cap[ask.org] / place.hours) } else { most }
    }

    fn goal(&self, ask: &Ask, fit: usize) -> Option<Goal> {
        let place = &self.fits_of(ask)[fit];
        if ask.low > ask.high {
            return None;
        }
        let most = self.most(ask, place);
        let offered: i64 = self.offered_to(ask, fit).iter().copied().map(i64::from).sum();
        // Whole steps, in as many weeks as such a total needs.
        let below = |total: i64| {
            let total = down(total, ask.gran);
            total.min((total / ask.low).saturating_mul(ask.high))
        };
        let above = |hours: i64| {
            let total = up(ceiling(hours, place.hours), ask.gran);
            total.max(ceiling(total, ask.high) * ask.low)
        };
        let cap = below(most).min(offered);
        let (least, over) = (above(ask.least), above(ask.full));
        let top = below(ask.full / place.hours).min(cap);
        let over = (over <= cap).then_some(over);
        if least > top {
            // Only all hours together will do.
            return over.map(|over| Goal { least: over, top: over, over: Some(over) });
        }
        Some(Goal { least, top, over })
    }

    /// No award of this request in these of its fits costs less, 1e-4 EUR.
    pub fn least_money(&self, ask: &Ask, is_open: impl Fn(usize) -> bool) -> i64 {
        let fits = self.fits_of(ask);
        let money = match ask.kind {
            Kind::Block => self
                .rectangles_of(ask)
                .iter()
                .filter(|one| is_open(usize::from(one.fit)))
                .map(|one| fits[usize::from(one.fit)].money.saturating_mul(i64::from(one.weeks) * i64::from(one.low)))
                .min(),
            // A part of the last GPU-week of a split award may come from elsewhere.
            Kind::Flex | Kind::Split => {
                let is_offered = |fit: &usize| {
                    let offered: i64 = self.offered_to(ask, *fit).iter().copied().map(i64::from).sum();
                    let is_enough = ask.kind == Kind::Split
                        || offered.min(self.most(ask, &fits[*fit])).saturating_mul(fits[*fit].hours) >= ask.least;
                    is_open(*fit) && offered > 0 && is_enough
                };
                let gpu_weeks = |place: &Fit| match ask.kind {
                    Kind::Split => ask.least / place.hours,
                    _ => ceiling(ask.least, place.hours),
                };
                let offered = (0..fits.len()).filter(is_offered).map(|fit| &fits[fit]);
                offered.map(|place| gpu_weeks(place).saturating_mul(place.money)).min()
            }
        };
        money.unwrap_or(0)
    }

    /// How often the number of starts of a window can be halved, and once more.
    pub fn levels(&self) -> usize {
        index(self.weeks.max(1).ilog2()) + 1
    }

    /// GPUs that a flexible request may take of an empty pool, by week of its window.
    pub fn offered_to(&self, ask: &Ask, fit: usize) -> &[u32] {
        let long = ask.to - ask.from;
        &self.offered[ask.offered + fit * long..ask.offered + (fit + 1) * long]
    }

    pub fn rectangles_of(&self, ask: &Ask) -> &[Rectangle] {
        &self.rectangles[ask.rectangles.clone()]
    }

    pub fn fits_of(&self, ask: &Ask) -> &[Fit] {
        &self.fits[ask.fits.clone()]
    }

    pub fn pots_for(&self, ask: &Ask) -> &[usize] {
        &self.pots_of[ask.pots.clone()]
    }

    pub fn caps(&self, pool: usize) -> &[i64] {
        &self.cap[pool * self.weeks..(pool + 1) * self.weeks]
    }

    /// 1e-4 EUR of headroom that one award of this request may take.
    pub fn money_left(&self, ask: &Ask) -> i64 {
        if ask.de_minimis { self.money_cap[ask.org] } else { NO_CAP }
    }

    /// Fewest and most GPUs of a rectangle of so many weeks, by the request's and its organisation's own limits;
    /// the most is the first number that reaches all its hours.
    pub fn gang(&self, ask: &Ask, fit: &Fit, weeks: usize) -> Option<(i64, i64)> {
        let (hours, money) = (fit.hours * int(weeks), fit.money * int(weeks));
        let low = ask.low.max(up(ceiling(ask.least, hours), ask.gran));
        let mut high = ask.high.min(ask.low.max(up(ceiling(ask.full, hours), ask.gran)));
        if ask.de_minimis {
            high = high.min(down(self.money_cap[ask.org] / money.max(1), ask.gran));
        }
        if self.hours_cap[ask.org] < ask.full {
            high = high.min(down(self.hours_cap[ask.org] / hours, ask.gran));
        }
        (low <= high).then_some((low, high))
    }
}
