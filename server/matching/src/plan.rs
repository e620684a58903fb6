//! A plan in the making: who has what, what is left, and what it is worth; every change can be taken back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    model::{Ask, Model, NO_CAP},
    numbers::{index, int, small},
    runs::Runs,
    solution::Segment,
};

/// One request's award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub pot: usize,
    pub segments: Runs,
    /// Awarded centi-hours, and 1e-4 EUR.
    pub hours: i64,
    pub money: i64,
    /// Of the award alone, in units of the objective; floors are the plan's.
    pub value: i64,
}

/// What an earlier plan demands of this one.
#[derive(Debug, Clone, Default)]
struct Earlier {
    awards: BTreeMap<usize, Placed>,
    /// Promised or excluded: nobody touches them.
    fixed: BTreeSet<usize>,
    /// In units of the objective, for each award that is not there any more as it was.
    penalty: i64,
    /// Request, pool and first week that nobody offers again.
    refused: BTreeSet<(usize, usize, usize)>,
}

/// One run of a request in a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stay {
    request: u32,
    from: u16,
    /// Exclusive.
    to: u16,
}

impl Stay {
    fn new(request: u32, segment: &Segment) -> Self {
        let week = |week: usize| u16::try_from(week).unwrap_or(u16::MAX);
        Self { request, from: week(segment.start), to: week(segment.start + segment.weeks) }
    }

    fn has(&self, week: usize) -> bool {
        usize::from(self.from) <= week && week < usize::from(self.to)
    }
}

#[derive(Clone)]
pub struct Plan<'a> {
    pub model: &'a Model,
    /// GPUs by pool and week, flat.
    pub free: Vec<i64>,
    /// 1e-4 EUR.
    pub pots: Vec<i64>,
    /// By organisation: centi-hours, and 1e-4 EUR of headroom.
    pub hours: Vec<i64>,
    pub money: Vec<i64>,
    pub by_country: Vec<i64>,
    pub by_group: Vec<i64>,
    pub all: i64,
    pub awards: Vec<Option<Placed>>,
    pub objective: i64,
    /// Lost for the awards of the earlier plan that are not there as they were.
    pub moved: i64,
    earlier: Arc<Earlier>,
    /// Requests with GPUs of a pool, each with the weeks of one of its runs, and those with an award out of a pot: in
    /// their order, however the plan came about.
    in_pool: Vec<Vec<Stay>>,
    in_pot: Vec<Vec<u32>>,
}

impl<'a> Plan<'a> {
    pub fn empty(model: &'a Model) -> Self {
        Self {
            model,
            free: model.cap.clone(),
            pots: model.pots.clone(),
            hours: model.hours_cap.clone(),
            money: model.money_cap.clone(),
            by_country: vec![0; model.countries],
            by_group: vec![0; model.shares.len()],
            all: 0,
            awards: vec![None; model.asks.len()],
            objective: 0,
            moved: 0,
            earlier: Arc::default(),
            in_pool: vec![Vec::new(); model.pools],
            in_pot: vec![Vec::new(); model.pots.len()],
        }
    }

    /// From now on these earlier awards, all of which are in the plan, cost a penalty when they are moved.
    pub fn stand(
        &mut self,
        awards: BTreeMap<usize, Placed>,
        promised: &BTreeSet<usize>,
        excluded: &BTreeSet<usize>,
        penalty: i64,
    ) {
        let fixed = promised.union(excluded).copied().collect();
        let refused = self.earlier.refused.clone();
        self.earlier = Arc::new(Earlier { awards, fixed, penalty, refused });
    }

    /// From now on no block is placed again where its request turned it down: request, pool and first week.
    pub fn turn_down(&mut self, refused: BTreeSet<(usize, usize, usize)>) {
        self.earlier = Arc::new(Earlier { refused, ..Earlier::clone(&self.earlier) });
    }

    pub fn is_refused(&self, number: usize, pool: usize, start: usize) -> bool {
        !self.earlier.refused.is_empty() && self.earlier.refused.contains(&(number, pool, start))
    }

    /// Whether nothing may change for this request.
    pub fn is_fixed(&self, number: usize) -> bool {
        !self.earlier.fixed.is_empty() && self.earlier.fixed.contains(&number)
    }

    /// What the request had in the earlier plan.
    pub fn had(&self, number: usize) -> Option<&Placed> {
        self.earlier.awards.get(&number)
    }

    /// What an award like this costs for not being the earlier one.
    pub fn penalty_of(&self, number: usize, placed: &Placed) -> i64 {
        self.had(number).filter(|had| *had != placed).map_or(0, |_| self.earlier.penalty)
    }

    /// Whether there is room and money for it, the request itself without an award.
    pub fn fits(&self, number: usize, placed: &Placed) -> bool {
        let ask = &self.model.asks[number];
        let (hours, money) = self.own_left(ask);
        let is_free = |one: Segment| {
            one.pool < self.model.pools
                && one.start + one.weeks <= self.model.weeks
                && self.free_in(one.pool)[one.start..one.start + one.weeks].iter().all(|free| *free >= one.gpus)
        };
        self.pots[placed.pot] >= placed.money
            && hours >= placed.hours
            && money >= placed.money
            && placed.segments.iter().all(is_free)
    }

    pub fn free_in(&self, pool: usize) -> &[i64] {
        &self.free[pool * self.model.weeks..(pool + 1) * self.model.weeks]
    }

    /// Requests with GPUs of this pool in this week, in their order.
    pub fn in_week(&self, pool: usize, week: usize) -> impl Iterator<Item = usize> + Clone {
        let there = self.in_pool[pool].iter().filter(move |stay| stay.has(week));
        there.map(|stay| index(stay.request))
    }

    pub fn in_pot(&self, pot: usize) -> &[u32] {
        &self.in_pot[pot]
    }

    /// What the caps of the request's organisation leave: centi-hours, and 1e-4 EUR.
    pub fn own_left(&self, ask: &Ask) -> (i64, i64) {
        (self.hours[ask.org], if ask.de_minimis { self.money[ask.org] } else { NO_CAP })
    }

    pub fn insert(&mut self, number: usize, placed: Placed) {
        self.apply(number, &placed, 1);
        let stored = small(number);
        for segment in placed.segments.iter() {
            let stay = Stay::new(stored, &segment);
            let there = &mut self.in_pool[segment.pool];
            let at = there.partition_point(|other| *other < stay);
            there.insert(at, stay);
        }
        let holders = &mut self.in_pot[placed.pot];
        let at = holders.partition_point(|holder| *holder < stored);
        holders.insert(at, stored);
        self.awards[number] = Some(placed);
    }

    pub fn remove(&mut self, number: usize) -> Option<Placed> {
        let placed = self.awards[number].take()?;
        self.apply(number, &placed, -1);
        let stored = small(number);
        for segment in placed.segments.iter() {
            let there = &mut self.in_pool[segment.pool];
            if let Ok(at) = there.binary_search(&Stay::new(stored, &segment)) {
                there.remove(at);
            }
        }
        let holders = &mut self.in_pot[placed.pot];
        if let Ok(at) = holders.binary_search(&stored) {
            holders.remove(at);
        }
        Some(placed)
    }

    /// The rule about shares that this award would break.
    pub fn would_break(&mut self, number: usize, placed: Placed) -> Option<Broken> {
        self.insert(number, placed);
        let broken = self.broken();
        self.remove(number);
        broken
    }

    fn apply(&mut self, number: usize, placed: &Placed, sign: i64) {
        let ask = &self.model.asks[number];
        for segment in placed.segments.iter() {
            let first = segment.pool * self.model.weeks + segment.start;
            for free in &mut self.free[first..first + segment.weeks] {
                *free -= sign * segment.gpus;
            }
        }
        if self.earlier.awards.get(&number) == Some(placed) {
            self.moved -= sign * self.earlier.penalty;
        }
        let hours = sign * placed.hours;
        self.pots[placed.pot] -= sign * placed.money;
        self.hours[ask.org] -= hours;
        if ask.de_minimis {
            self.money[ask.org] -= sign * placed.money;
        }
        self.objective -= self.floor_bonus(ask.country);
        self.by_country[ask.country] += hours;
        self.objective += self.floor_bonus(ask.country) + sign * placed.value;
        for (bit, group) in self.by_group.iter_mut().enumerate() {
            *group += hours * i64::from(ask.groups >> bit & 1);
        }
        self.all += hours;
    }

    fn floor_bonus(&self, country: usize) -> i64 {
        self.model.floor_bonus * self.by_country[country].min(self.model.floor_of[country])
    }

    /// What the floors would add for so many more centi-hours of this country.
    pub fn floor_gain(&self, country: usize, hours: i64) -> i64 {
        let (reached, floor) = (self.by_country[country], self.model.floor_of[country]);
        self.model.floor_bonus * ((reached + hours).min(floor) - reached.min(floor))
    }

    /// Centi-hours times per cent that are too many for a country or too few for a share; 0 if the rules hold.
    pub fn excess(&self) -> i64 {
        let over = self.by_country.iter().map(|hours| (100 * hours - self.model.country_max * self.all).max(0));
        let short =
            self.by_group.iter().zip(&self.model.shares).map(|(hours, pct)| (pct * self.all - 100 * hours).max(0));
        over.sum::<i64>() + short.sum::<i64>()
    }

    /// What the room that the rules about shares leave is worth at their prices.
    pub fn worth_of_room(&self, shares: &[i64], countries: &[i64]) -> i64 {
        let groups = self.by_group.iter().zip(&self.model.shares).zip(shares);
        let spare = groups.map(|((hours, pct), price)| price.saturating_mul((100 * hours - pct * self.all).max(0)));
        let under = self.by_country.iter().zip(countries).filter(|(_, price)| **price > 0);
        let under =
            under.map(|(hours, price)| price.saturating_mul((self.model.country_max * self.all - 100 * hours).max(0)));
        (spare.sum::<i64>() + under.sum::<i64>()) / 8 * 7
    }

    /// The country that has more than its share, or the first minimum share that is not reached.
    pub fn broken(&self) -> Option<Broken> {
        let over = |hours: &i64| 100 * hours > self.model.country_max * self.all;
        if let Some(country) = self.by_country.iter().position(over) {
            return Some(Broken::Country(country));
        }
        let short = |(hours, pct): (&i64, &i64)| 100 * hours < pct * self.all;
        self.by_group.iter().zip(&self.model.shares).position(short).map(Broken::Share)
    }
}

/// A rule that speaks of shares of everything awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    Country(usize),
    Share(usize),
}

impl Broken {
    /// Whether less for this request would help.
    pub fn is_blamed_on(self, ask: &Ask) -> bool {
        match self {
            Self::Country(country) => ask.country == country,
            Self::Share(share) => ask.groups >> share & 1 == 0,
        }
    }
}

/// What so many delivered and preferred-away centi-hours are worth to the request.
pub fn worth(model: &Model, ask: &Ask, hours: i64, lost: i64, segments: usize) -> i64 {
    let more = int(segments.saturating_sub(1));
    100 * ask.weight * hours - lost + ask.base - ask.weight * model.segment_penalty * more
}
