//! Prices by dual descent: rents rise where more is wanted than there is and fall where less is, first for whole pools
//! and pots, then week by week with steps that shrink. The best bound met on the way is kept with its prices.

use std::collections::BTreeMap;

use crate::{
    best::{Answer, Market, Rents, Tables},
    demand::{Demand, Desk, Sums, together},
    model::{Model, NO_CAP, SCALE},
    numbers::int,
    solution::Prices,
};

/// Fixed point of the steps.
const ONE: i64 = 1 << 16;
/// No price needs to be higher, and sums of them must fit.
pub const DEAREST: i64 = 1 << 44;

/// One price with the memory of its steps.
#[derive(Debug, Clone, Copy, Default)]
struct Momentum {
    mean: i64,
    square: i64,
}

impl Momentum {
    /// How far to go, in fixed point from -1 to 1, when `excess` is the row's relative overuse.
    fn step(&mut self, excess: i64) -> i64 {
        let excess = excess.clamp(-ONE, 4 * ONE);
        self.mean += (excess - self.mean) / 8;
        self.square += (excess * excess - self.square) / 64;
        let spread = i64::try_from(self.square.unsigned_abs().isqrt()).unwrap_or(ONE).max(ONE / 256);
        (self.mean * ONE / spread).clamp(-ONE, ONE)
    }
}

/// One part of so many, of all organisations.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub part: usize,
    pub of: usize,
}

impl Sample {
    pub const ALL: Self = Self { part: 0, of: 1 };

    pub const fn has(self, org: usize) -> bool {
        // Organisations next to each other may be alike.
        self.of == 1 || (org ^ (org / 61)) % self.of == self.part
    }
}

pub struct Dual<'a> {
    model: &'a Model,
    threads: usize,
    pub rents: Rents,
    pub tables: Tables,
    best: Rents,
    /// Sum of the prices of the tail of the run, and of how many passes.
    tail: (Rents, i64),
    /// In units of the objective.
    pub bound: i128,
    capacity: Vec<Momentum>,
    pots: Vec<Momentum>,
    shares: Vec<Momentum>,
    countries: Vec<Momentum>,
    floors: Vec<Momentum>,
    own_hours: Vec<Momentum>,
    own_money: Vec<Momentum>,
    whole_pools: Vec<Momentum>,
    whole_pots: Vec<Momentum>,
    levels: [Momentum; 2],
    /// The usual value of a GPU-week of each pool and of a euro of each pot: what steps are measured in.
    pool_scale: Vec<i64>,
    pot_scale: Vec<i64>,
    merit_scale: i64,
    pub demand: Demand,
    /// Which organisations are asked in this pass.
    sample: Sample,
    /// Those of one organisation together: see [`crate::model::Owners`].
    answers: Vec<Answer>,
    liking: Vec<u16>,
}

impl<'a> Dual<'a> {
    pub fn new(model: &'a Model, threads: usize) -> Self {
        let mut dual = Self {
            model,
            threads,
            rents: Rents::zero(model),
            tables: Tables::default(),
            best: Rents::zero(model),
            tail: (Rents::zero(model), 0),
            bound: i128::MAX,
            capacity: vec![Momentum::default(); model.cap.len()],
            pots: vec![Momentum::default(); model.pots.len()],
            shares: vec![Momentum::default(); model.shares.len()],
            countries: vec![Momentum::default(); model.countries],
            floors: vec![Momentum::default(); model.floors.len()],
            own_hours: vec![Momentum::default(); model.hours_cap.len()],
            own_money: vec![Momentum::default(); model.hours_cap.len()],
            whole_pools: vec![Momentum::default(); model.pools],
            whole_pots: vec![Momentum::default(); model.pots.len()],
            levels: [Momentum::default(); 2],
            pool_scale: vec![0; model.pools],
            pot_scale: vec![0; model.pots.len()],
            merit_scale: 1,
            demand: Demand::default(),
            sample: Sample::ALL,
            answers: vec![Answer::default(); model.asks.len()],
            liking: vec![512; model.asks.len()],
        };
        dual.measure();
        for (row, rent) in dual.rents.capacity.iter_mut().enumerate() {
            *rent = dual.pool_scale[row / model.weeks] * 2 / 5;
        }
        for (rent, scale) in dual.rents.pots.iter_mut().zip(&dual.pot_scale) {
            *rent = scale / 5;
        }
        dual
    }

    fn measure(&mut self) {
        let model = self.model;
        let (mut pools, mut pots) = (vec![(0_i128, 0_i128); model.pools], vec![(0_i128, 0_i128); model.pots.len()]);
        let mut merit = (0_i128, 0_i128);
        for ask in &model.asks {
            let size = i128::from(ask.full);
            merit = (merit.0 + size * i128::from(ask.weight), merit.1 + size);
            for fit in model.fits_of(ask) {
                let value = i128::from(fit.hours * 100 * ask.weight);
                let pool = &mut pools[fit.pool];
                *pool = (pool.0 + value * size, pool.1 + size);
                // What costs no subsidy says nothing of what a euro is worth.
                for pot in model.pots_for(ask).iter().filter(|_| fit.money > 0) {
                    let euro = value * i128::from(SCALE) / i128::from(fit.money);
                    pots[*pot] = (pots[*pot].0 + euro * size, pots[*pot].1 + size);
                }
            }
        }
        let mean = |(sum, size): &(i128, i128)| i64::try_from(sum / (*size).max(1)).unwrap_or(i64::MAX);
        self.pool_scale = pools.iter().map(mean).collect();
        self.pot_scale = pots.iter().map(mean).collect();
        self.merit_scale = mean(&merit).max(1);
    }

    /// Everybody in the sample answers the prices; gives the bound they prove, in units of the objective, if all do.
    pub fn evaluate(&mut self) -> i128 {
        self.tables.fill(self.model, &self.rents);
        self.demand.clear(self.model);
        let (model, sample) = (self.model, self.sample);
        let market = Market { model, rents: &self.rents, tables: &self.tables };
        let (sums, own) = self.demand.parts();
        let mut desks = Desk::share(model, self.threads, (&mut self.answers, &mut self.liking), own);
        let parts = together(&mut desks, |desk| {
            let mut sums = Sums::new(model);
            let value = desk.answer(market, sample, &mut sums);
            (value, sums)
        });
        let mut total: i128 = 0;
        for (value, part) in &parts {
            total += value;
            sums.add(part);
        }
        sums.multiply(sample.of);
        total += self.offered();
        let scale = i128::from(SCALE);
        (total + scale - 1).div_euclid(scale)
    }

    /// What the prices make of everything there is, in ten-thousandths of the objective.
    pub fn offered(&self) -> i128 {
        let Self { model, rents, .. } = self;
        let mut total = 0;
        let scale = i128::from(SCALE);
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        total += scale * model.cap.iter().zip(&rents.capacity).map(|(cap, rent)| product(*cap, *rent)).sum::<i128>();
        total += model.pots.iter().zip(&rents.pots).map(|(money, rent)| product(*money, *rent)).sum::<i128>();
        for ((_, hours), price) in model.floors.iter().zip(&rents.floors) {
            total += scale * product(model.floor_bonus - price, *hours);
        }
        for (org, (hours, money)) in rents.own_hours.iter().zip(&rents.own_money).enumerate() {
            if *hours > 0 {
                total += scale * product(model.hours_cap[org], *hours);
            }
            total += product(model.money_cap[org], *money);
        }
        total
    }

    /// Counts the present prices as part of the tail that [`Self::settle`] averages.
    pub fn remember(&mut self) {
        self.tail.0.add(&self.rents);
        self.tail.1 += 1;
    }

    /// One pass: evaluate, remember the best, move. `rate` is the length of a full step, `pull` how strongly whole
    /// pools and pots are moved, both in millionths. Only passes over everybody prove a bound.
    pub fn pass(&mut self, sample: Sample, rate: i64, pull: i64) {
        self.sample = sample;
        let bound = self.evaluate();
        if sample.of == 1 && bound < self.bound {
            self.bound = bound;
            self.best.clone_from(&self.rents);
        }
        self.advance(rate, pull);
    }

    /// The next steps owe nothing to those before.
    pub fn forget(&mut self) {
        let Self { capacity, pots, shares, countries, floors, own_hours, own_money, .. } = self;
        let own = [own_hours, own_money, &mut self.whole_pools, &mut self.whole_pots];
        for row in [capacity, pots, shares, countries, floors].into_iter().chain(own) {
            row.fill(Momentum::default());
        }
        self.levels = [Momentum::default(); 2];
    }

    /// Moves the prices by what was wanted at them.
    pub fn advance(&mut self, rate: i64, pull: i64) {
        if pull > 0 {
            self.scale(pull);
        }
        self.step(rate);
        self.step_shares(rate, pull);
        self.step_own(rate);
    }

    /// Settles on the prices averaged over the tail, and has everybody answer them: single passes, the best included,
    /// swing between extremes that mislead a search.
    pub fn settle(&mut self) {
        if self.tail.1 > 0 {
            self.rents.clone_from(&self.tail.0);
            self.rents.divide(self.tail.1);
        }
        self.sample = Sample::ALL;
        let tail = self.rents.clone();
        self.prove();
        self.rents.clone_from(&self.best);
        self.prove();
        self.rents = tail;
        self.evaluate();
    }

    /// With the best rents for everybody's own caps, those of everything else may prove more.
    fn prove(&mut self) {
        self.tune();
        let bound = self.evaluate();
        if bound < self.bound {
            self.bound = bound;
            self.best.clone_from(&self.rents);
        }
    }

    /// The usual weight of a request.
    pub const fn merit(&self) -> i64 {
        self.merit_scale
    }

    pub fn answer(&self, ask: usize) -> Answer {
        self.answers[self.model.owners.place(ask)]
    }

    /// How often the request was among the chosen lately, in 1024ths.
    pub fn liking(&self, ask: usize) -> i64 {
        self.liking[self.model.owners.place(ask)].into()
    }

    /// Sets the rents of all own caps to where they prove most.
    pub fn tune(&mut self) {
        self.tables.fill(self.model, &self.rents);
        // Taken out meanwhile: everybody's are set while everybody reads the others.
        let mut own: Vec<(i64, i64)> =
            self.rents.own_hours.iter().copied().zip(self.rents.own_money.iter().copied()).collect();
        let model = self.model;
        let market = Market { model, rents: &self.rents, tables: &self.tables };
        let mut desks = Desk::share(model, self.threads, (&mut self.answers, &mut self.liking), &mut own);
        together(&mut desks, |desk| desk.tune(market));
        for (org, (hours, money)) in own.into_iter().enumerate() {
            (self.rents.own_hours[org], self.rents.own_money[org]) = (hours, money);
        }
    }

    /// Whole pools, whole pots, all capacity and all money: each level by the share of its rent that is used.
    fn scale(&mut self, rate: i64) {
        let weeks = self.model.weeks;
        let (mut all_used, mut all_offered) = (0_i128, 0_i128);
        for pool in 0..self.model.pools {
            let row = pool * weeks..(pool + 1) * weeks;
            let (mut used, mut offered) = (0_i128, 0_i128);
            for at in row.clone() {
                used += i128::from(self.rents.capacity[at]) * i128::from(self.demand.sums.capacity[at]);
                offered += i128::from(self.rents.capacity[at]) * i128::from(self.model.cap[at]);
            }
            (all_used, all_offered) = (all_used + used, all_offered + offered);
            let factor = factor(&mut self.whole_pools[pool], used, offered, rate);
            for rent in &mut self.rents.capacity[row] {
                *rent = times(*rent, factor);
            }
        }
        let by_all = factor(&mut self.levels[0], all_used, all_offered, rate);
        for rent in &mut self.rents.capacity {
            *rent = times(*rent, by_all);
        }
        let (mut all_used, mut all_offered) = (0_i128, 0_i128);
        for (pot, rent) in self.rents.pots.iter_mut().enumerate() {
            let used = i128::from(self.demand.sums.pots[pot]) * i128::from(*rent);
            let offered = i128::from(self.model.pots[pot]) * i128::from(*rent);
            (all_used, all_offered) = (all_used + used, all_offered + offered);
            *rent = times(*rent, factor(&mut self.whole_pots[pot], used, offered, rate));
        }
        let by_all = factor(&mut self.levels[1], all_used, all_offered, rate);
        for rent in &mut self.rents.pots {
            *rent = times(*rent, by_all);
        }
    }

    fn step(&mut self, rate: i64) {
        let Self { model, rents, demand, .. } = self;
        for (at, rent) in rents.capacity.iter_mut().enumerate() {
            if model.cap[at] > 0 {
                let step = self.capacity[at].step(relative(demand.sums.capacity[at], model.cap[at]));
                *rent = moved(*rent, self.pool_scale[at / model.weeks], rate, step);
            }
        }
        for (pot, rent) in rents.pots.iter_mut().enumerate() {
            let (used, cap) = (demand.sums.pots[pot] / SCALE, model.pots[pot] / SCALE);
            let step = self.pots[pot].step(relative(used, cap));
            *rent = moved(*rent, self.pot_scale[pot], rate, step);
        }
    }

    /// Rules about shares of the whole, and floors. Where shares are hard to keep, the others weigh many times what they
    /// are worth alone: their prices have to be able to go far.
    fn step_shares(&mut self, rate: i64, pull: i64) {
        let Self { model, rents, demand, .. } = self;
        let all = demand.sums.all.max(1);
        let merit = 100 * self.merit_scale;
        let go =
            |price: i64, scale: i64, step: i64| moved(times(price, 1_000_000 + pull * step / ONE), scale, rate, step);
        for (group, price) in rents.shares.iter_mut().enumerate() {
            let short = all / 100 * model.shares[group] - demand.sums.groups[group];
            let step = self.shares[group].step(short.saturating_mul(ONE) / all);
            *price = go(*price, merit / model.shares[group].max(1), step);
        }
        for (country, price) in rents.countries.iter_mut().enumerate() {
            let over = demand.sums.countries[country] - all / 100 * model.country_max;
            let step = self.countries[country].step(over.saturating_mul(ONE) / all);
            *price = go(*price, merit / (100 - model.country_max).max(1), step);
        }
        for (floor, (country, hours)) in model.floors.iter().enumerate() {
            let short = hours - demand.sums.countries[*country];
            let step = self.floors[floor].step(short.saturating_mul(ONE) / (*hours).max(1));
            rents.floors[floor] = moved(rents.floors[floor], model.floor_bonus, rate, step).min(model.floor_bonus);
        }
    }

    fn step_own(&mut self, rate: i64) {
        let Self { model, rents, demand, sample, .. } = self;
        let euro = self.pot_scale.iter().sum::<i64>() / int(self.pot_scale.len().max(1));
        for org in (0..model.hours_cap.len()).filter(|org| sample.has(*org)) {
            // One request alone is bounded by its own limits already.
            if model.hours_cap[org] < NO_CAP && model.asks_of(org).len() > 1 {
                let step = self.own_hours[org].step(relative(demand.own[org].0, model.hours_cap[org]));
                rents.own_hours[org] = moved(rents.own_hours[org], 100 * self.merit_scale, rate, step);
            }
            if model.asks_of(org).len() > 1 {
                let (used, cap) = (demand.own[org].1 / SCALE, model.money_cap[org] / SCALE);
                let step = self.own_money[org].step(relative(used, cap));
                rents.own_money[org] = moved(rents.own_money[org], euro, rate, step);
            }
        }
    }

    /// The best prices met, as they are published.
    pub fn prices(&self) -> Prices {
        self.best.published(self.model.weeks)
    }

    pub const fn model(&self) -> &'a Model {
        self.model
    }

    pub const fn best(&self) -> &Rents {
        &self.best
    }
}

impl Rents {
    /// Those of a certificate for capacity and pots, which guide a search; `None` if they are another instance's.
    pub fn read(model: &Model, prices: &Prices) -> Option<Self> {
        let mut rents = Self::zero(model);
        let capacity: Vec<i64> = prices.capacity.iter().flatten().copied().collect();
        if capacity.len() != rents.capacity.len() || prices.pot.len() != rents.pots.len() {
            return None;
        }
        (rents.capacity, rents.pots) = (capacity, prices.pot.clone());
        Some(rents)
    }

    /// As a certificate has them.
    pub fn published(&self, weeks: usize) -> Prices {
        Prices {
            capacity: self.capacity.chunks(weeks).map(<[i64]>::to_vec).collect(),
            pot: self.pots.clone(),
            min_share: self.shares.clone(),
            country_max: self.countries.clone(),
            floor: self.floors.clone(),
            org_eur: named(&self.own_money),
            org_hours: named(&self.own_hours),
        }
    }
}

/// Only those that are not nought.
fn named(prices: &[i64]) -> BTreeMap<usize, i64> {
    prices.iter().copied().enumerate().filter(|(_, price)| *price > 0).collect()
}

/// How much more is used than there is, in fixed point.
fn relative(used: i64, cap: i64) -> i64 {
    (used - cap).saturating_mul(ONE) / cap.max(1)
}

fn moved(price: i64, scale: i64, rate: i64, step: i64) -> i64 {
    let by = i128::from(scale) * i128::from(rate) * i128::from(step) / i128::from(ONE) / 1_000_000;
    price.saturating_add(i64::try_from(by).unwrap_or(i64::MAX)).clamp(0, DEAREST)
}

/// In millionths: towards what is used of what is offered.
fn factor(momentum: &mut Momentum, used: i128, offered: i128, rate: i64) -> i64 {
    if offered == 0 {
        return 1_000_000;
    }
    let excess = ((used - offered) * i128::from(ONE) / offered).clamp(-i128::from(ONE), 4 * i128::from(ONE));
    let step = momentum.step(i64::try_from(excess).unwrap_or(ONE));
    1_000_000 + rate * step / ONE
}

fn times(price: i64, factor: i64) -> i64 {
    i64::try_from(i128::from(price) * i128::from(factor) / 1_000_000).unwrap_or(i64::MAX).min(DEAREST)
}
