//! An instance as the search wants it: dense tables, indices instead of names, every limit in its own unit.

use std::collections::HashMap;

pub use crate::packed::{Goal, Rectangle};
use crate::{
    instance::{Instance, Mode, Request},
    numbers::{ceiling, down, index, int, small, up},
    packed::{Aim, Seat, Span},
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
    /// Per cent of what it costs that the pot pays.
    pub subsidy: i64,
    /// Objective lost for each centi-hour off the preferred sites.
    pub lost: i64,
    /// Places in [`Model::fits`], [`Model::pots_of`] and [`Model::rectangles`].
    pub fits: Span,
    pub pots: Span,
    pub rectangles: Span,
    /// Of a flexible request, one for each of its fits in [`Model::goals`].
    pub goals: Span,
}

impl Ask {
    /// GPUs it may take in a week in which so many are free; 0 if they are too few.
    pub const fn share_of(&self, free: i64) -> i64 {
        // `low` and `high` are multiples of the step themselves.
        if free < self.low || self.high < self.low {
            0
        } else if free >= self.high {
            self.high
        } else {
            down(free, self.gran)
        }
    }
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

/// Whose requests are whose: all requests, those of one organisation together.
#[derive(Debug, Default)]
pub struct Owners {
    requests: Vec<u32>,
    /// Where those of an organisation begin, and where the last ones end.
    first: Vec<u32>,
    /// Of each request, where it is.
    places: Vec<u32>,
}

impl Owners {
    pub fn new(org_of: impl ExactSizeIterator<Item = usize> + Clone, orgs: usize) -> Self {
        let mut first = vec![0_u32; orgs + 1];
        org_of.clone().for_each(|org| first[org + 1] += 1);
        for org in 0..orgs {
            first[org + 1] += first[org];
        }
        let (mut next, count) = (first.clone(), org_of.len());
        let (mut requests, mut places) = (vec![0; count], vec![0; count]);
        for (number, org) in org_of.enumerate() {
            requests[index(next[org])] = small(number);
            places[number] = next[org];
            next[org] += 1;
        }
        Self { requests, first, places }
    }

    /// In their order.
    pub fn requests(&self, org: usize) -> &[u32] {
        &self.requests[self.begin(org)..self.begin(org + 1)]
    }

    /// Requests of organisations before this one.
    pub fn begin(&self, org: usize) -> usize {
        index(self.first[org])
    }

    pub const fn orgs(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Where a request is among all when those of one organisation are together.
    pub fn place(&self, request: usize) -> usize {
        index(self.places[request])
    }
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
    pub fits: Vec<Seat>,
    /// Of each fit, what each of its centi-hours loses, where that is not by sites; empty if it is.
    pub losses: Vec<i64>,
    pub hours_per_week: i64,
    /// By pool, per week and per cent of subsidy: 1e-4 EUR.
    pub costs: Vec<i64>,
    pub pots_of: Vec<usize>,
    pub rectangles: Vec<Rectangle>,
    /// Of flexible requests, by fit.
    pub goals: Vec<Aim>,
    /// The least capacity of every window, by duration, pool and start.
    pub windows: Vec<Vec<i64>>,
    /// Whether any block may last so many weeks and one.
    pub is_duration: Vec<bool>,
    /// By organisation: centi-hours, 1e-4 EUR, and its requests.
    pub hours_cap: Vec<i64>,
    pub money_cap: Vec<i64>,
    pub owners: Owners,
    /// Per cent of each minimum share.
    pub shares: Vec<i64>,
    pub countries: usize,
    pub country_max: i64,
    /// Country and centi-hours of each floor, and by country, 0 where it has none; full bonus of a centi-hour.
    pub floors: Vec<(usize, i64)>,
    pub floor_of: Vec<i64>,
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
            losses: Vec::new(),
            hours_per_week: instance.hours_per_week,
            costs: instance.pools.iter().map(|pool| instance.hours_per_week * pool.price_c).collect(),
            pots_of: Vec::new(),
            rectangles: Vec::new(),
            goals: Vec::new(),
            windows: Vec::new(),
            is_duration: Vec::new(),
            hours_cap: instance.orgs.iter().map(|org| org.cap_hours.map_or(NO_CAP, |hours| 100 * hours)).collect(),
            money_cap: instance.orgs.iter().map(|org| org.de_minimis_eur * SCALE).collect(),
            owners: Owners::new(instance.requests.iter().map(|request| request.org), instance.orgs.len()),
            shares: instance.params.min_share.iter().map(|share| share.pct).collect(),
            countries: instance.countries.len(),
            country_max: instance.params.country_max_pct,
            floors: instance.floors.iter().map(|floor| (country[floor.country.as_str()], 100 * floor.hours)).collect(),
            floor_of: vec![0; instance.countries.len()],
            floor_bonus: 100 * instance.params.floor_bonus_weight,
            segment_penalty: SCALE * instance.params.segment_penalty_h,
        };
        for (country, hours) in &model.floors {
            model.floor_of[*country] = *hours;
        }
        model.windows = model.least_of_windows(instance);
        model.is_duration = vec![false; model.windows.len()];
        for request in &instance.requests {
            let own = country[instance.orgs[request.org].country.as_str()];
            let mut ask = model.ask(instance, request, own, &pot);
            match ask.kind {
                Kind::Block => model.lay_out(&mut ask),
                Kind::Flex | Kind::Split => model.offer(&mut ask),
            }
            ask.least_money = if ask.de_minimis { model.least_money(&ask, |_| true) } else { 0 };
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
            let is_offered = request.only_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site));
            if may_lie && is_near && is_offered {
                let is_preferred = request.pref_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site));
                self.fits.push(Seat::new(number, *equiv, !is_preferred));
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
            subsidy: request.subsidy_pct,
            lost: instance.params.nonpref_pct * weight,
            fits: Span::new(&(first_fit..self.fits.len())),
            pots: Span::new(&(first_pot..self.pots_of.len())),
            rectangles: Span::default(),
            goals: Span::default(),
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
            let place = self.fit(ask, fit);
            for weeks in ask.weeks.0..=ask.weeks.1.min(ask.to - ask.from) {
                let Some((low, high)) = self.gang(ask, &place, weeks) else { continue };
                let free = &self.windows[weeks - 1][place.pool * self.weeks..][ask.from..=ask.to - weeks];
                if free.iter().all(|free| *free < low) {
                    continue;
                }
                self.is_duration[weeks - 1] = true;
                let is_roomy = free.iter().all(|free| *free >= high);
                self.rectangles.push(Rectangle::new(fit, weeks, (low, high), is_roomy));
            }
        }
        ask.rectangles = Span::new(&(first..self.rectangles.len()));
    }

    fn offer(&mut self, ask: &mut Ask) {
        let first = self.goals.len();
        for fit in 0..ask.fits.len() {
            let goal = self.aim(ask, fit);
            self.goals.push(Aim::new(goal));
        }
        ask.goals = Span::new(&(first..self.goals.len()));
    }

    /// GPU-weeks of a place that its organisation's caps leave a request alone.
    fn most(&self, ask: &Ask, place: &Fit) -> i64 {
        let most = (self.money_left(ask) / place.money.max(1)).min(1 << 30);
        if self.hours_cap[ask.org] < ask.full { most.min(self.hours_cap[ask.org] / place.hours) } else { most }
    }

    fn aim(&self, ask: &Ask, fit: usize) -> Option<Goal> {
        let place = &self.fit(ask, fit);
        if ask.low > ask.high {
            return None;
        }
        let most = self.most(ask, place);
        let offered = self.offered(ask, place.pool);
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
        let money = match ask.kind {
            Kind::Block => self
                .rectangles_of(ask)
                .iter()
                .filter(|one| is_open(one.fit()))
                .map(|one| self.fit(ask, one.fit()).money.saturating_mul(int(one.weeks()) * one.low()))
                .min(),
            // A part of the last GPU-week of a split award may come from elsewhere.
            Kind::Flex | Kind::Split => {
                let is_offered = |(fit, place): &(usize, Fit)| {
                    let offered = self.offered(ask, place.pool);
                    let is_enough = ask.kind == Kind::Split
                        || offered.min(self.most(ask, place)).saturating_mul(place.hours) >= ask.least;
                    is_open(*fit) && offered > 0 && is_enough
                };
                let gpu_weeks = |place: &Fit| match ask.kind {
                    Kind::Split => ask.least / place.hours,
                    _ => ceiling(ask.least, place.hours),
                };
                let offered = self.fits_of(ask).enumerate().filter(is_offered);
                offered.map(|(_, place)| gpu_weeks(&place).saturating_mul(place.money)).min()
            }
        };
        money.unwrap_or(0)
    }

    /// How often the number of starts of a window can be halved, and once more.
    pub fn levels(&self) -> usize {
        index(self.weeks.max(1).ilog2()) + 1
    }

    /// GPU-weeks of an empty pool that a flexible request may take.
    fn offered(&self, ask: &Ask, pool: usize) -> i64 {
        self.caps(pool)[ask.from..ask.to].iter().map(|free| ask.share_of(*free)).sum()
    }

    pub fn rectangles_of(&self, ask: &Ask) -> &[Rectangle] {
        &self.rectangles[ask.rectangles.range()]
    }

    pub fn fits_of<'a>(&'a self, ask: &'a Ask) -> impl ExactSizeIterator<Item = Fit> + Clone + 'a {
        ask.fits.range().map(|at| self.fit_at(ask, at))
    }

    /// By its number among the request's own.
    pub fn fit(&self, ask: &Ask, number: usize) -> Fit {
        self.fit_at(ask, ask.fits.first() + number)
    }

    fn fit_at(&self, ask: &Ask, at: usize) -> Fit {
        let seat = self.fits[at];
        let by_site = if seat.is_elsewhere() { ask.lost } else { 0 };
        Fit {
            pool: seat.pool(),
            hours: self.hours_per_week * seat.equiv(),
            money: self.costs[seat.pool()] * ask.subsidy,
            lost: self.losses.get(at).copied().unwrap_or(by_site),
        }
    }

    /// Of a flexible request; `None` where the least is out of reach.
    pub fn goal(&self, ask: &Ask, fit: usize) -> Option<Goal> {
        self.goals[ask.goals.first() + fit].goal()
    }

    /// The requests of an organisation, in their order.
    pub fn asks_of(&self, org: usize) -> impl ExactSizeIterator<Item = usize> + Clone {
        self.owners.requests(org).iter().map(|stored| index(*stored))
    }

    pub fn pots_for(&self, ask: &Ask) -> &[usize] {
        &self.pots_of[ask.pots.range()]
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
