//! The envy check: no request that went without would do better for the programme in the place of a holder of less
//! merit. Where one would, the swap is made, until none is left.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use crate::{
    model::{Ask, Fit, Kind, Model},
    numbers::{down, index, int, small},
    place::{Guide, placed},
    plan::{Placed, Plan},
    solution::Award,
};

/// An award as the list of a pool keeps it, close together: those lists are walked for everybody who went without.
#[derive(Debug, Clone, Copy)]
struct Stay {
    weight: i64,
    request: u32,
    /// The most it has there at once.
    gpus: u32,
    /// From its first week there to the end of its last.
    from: u16,
    to: u16,
}

impl Stay {
    /// What of an award is in this pool.
    fn of((weight, request): (i64, u32), placed: &Placed, pool: usize) -> Self {
        let there = || placed.segments.iter().filter(move |one| one.pool == pool);
        let week = |at: Option<usize>| u16::try_from(at.unwrap_or(0)).unwrap_or(u16::MAX);
        Self {
            weight,
            request,
            gpus: u32::try_from(there().map(|one| one.gpus).max().unwrap_or(0)).unwrap_or(u32::MAX),
            from: week(there().map(|one| one.start).min()),
            to: week(there().map(|one| one.start + one.weeks).max()),
        }
    }

    const fn key(&self) -> (i64, u32) {
        (self.weight, self.request)
    }

    fn holder(&self) -> usize {
        index(self.request)
    }

    fn meets(&self, from: usize, to: usize) -> bool {
        usize::from(self.from) < to && from < usize::from(self.to)
    }
}

/// Everybody's stays by pool, those of least merit first.
struct Stays(Vec<Vec<Stay>>);

impl Stays {
    fn of(plan: &Plan<'_>) -> Self {
        let mut stays = Self(vec![Vec::new(); plan.model.pools]);
        for (number, placed) in plan.awards.iter().enumerate() {
            let Some(placed) = placed else { continue };
            let key = (plan.model.asks[number].weight, small(number));
            for pool in pools(placed) {
                stays.0[pool].push(Stay::of(key, placed, pool));
            }
        }
        for there in &mut stays.0 {
            there.sort_unstable_by_key(Stay::key);
        }
        stays
    }

    fn come(&mut self, key: (i64, u32), placed: &Placed) {
        for pool in pools(placed) {
            let there = &mut self.0[pool];
            let at = there.partition_point(|stay| stay.key() < key);
            there.insert(at, Stay::of(key, placed, pool));
        }
    }

    fn leave(&mut self, key: (i64, u32), placed: &Placed) {
        for pool in pools(placed) {
            self.0[pool].retain(|stay| stay.key() != key);
        }
    }
}

/// The pools of an award, each once.
fn pools(placed: &Placed) -> BTreeSet<usize> {
    placed.segments.iter().map(|one| one.pool).collect()
}

/// Makes every such swap; gives how many were made. Whoever had to leave looks for a place in the same round. The
/// answer is the same with any number of threads.
pub fn swap(plan: &mut Plan<'_>, guide: &Guide<'_>, threads: usize) -> u64 {
    let weights: Vec<i64> = guide.model.asks.iter().map(|ask| ask.weight).collect();
    let (mut swaps, mut stays) = (0, Stays::of(plan));
    loop {
        let envious = envious(plan, guide, (&weights, &stays), threads);
        if envious.is_empty() {
            return swaps;
        }
        let waiting = envious.into_iter().map(|ask| (weights[ask], Reverse(ask)));
        let mut waiting: BinaryHeap<(i64, Reverse<usize>)> = waiting.collect();
        while let Some((_, Reverse(ask))) = waiting.pop() {
            if let Some((holder, placed)) = better(plan, guide, ask, (&weights, &stays)) {
                if let Some(had) = plan.remove(holder) {
                    stays.leave((weights[holder], small(holder)), &had);
                }
                stays.come((weights[ask], small(ask)), &placed);
                plan.insert(ask, placed);
                waiting.push((weights[holder], Reverse(holder)));
                swaps += 1;
            }
        }
    }
}

/// Everybody without an award who would do better in the place of a holder of less merit.
fn envious(plan: &mut Plan<'_>, guide: &Guide<'_>, held: (&[i64], &Stays), threads: usize) -> Vec<usize> {
    let without = |ask: &usize| plan.awards[*ask].is_none() && !plan.is_fixed(*ask);
    let without: Vec<usize> = (0..plan.awards.len()).filter(without).collect();
    let threads = threads.clamp(1, without.len().max(1));
    let some = |plan: &mut Plan<'_>, first: usize| {
        let own = without.iter().skip(first).step_by(threads);
        own.copied().filter(|ask| better(plan, guide, *ask, held).is_some()).collect::<Vec<usize>>()
    };
    let mut others = vec![plan.clone(); threads - 1];
    std::thread::scope(|scope| {
        let some = &some;
        let others = others.iter_mut().zip(1..).map(|(plan, first)| scope.spawn(move || some(plan, first)));
        let others: Vec<_> = others.collect();
        let mut envious = some(plan, 0);
        for other in others {
            match other.join() {
                Ok(more) => envious.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        envious
    })
}

/// The holders whose place this request could take: of less merit, worth less than it at its best, and with GPUs or
/// money where that is missing. Whoever holds what an earlier plan gave is nobody's rival.
fn rivals(plan: &Plan<'_>, guide: &Guide<'_>, ask: usize, (weights, stays): (&[i64], &Stays)) -> Vec<usize> {
    let model = guide.model;
    let wanted = &model.asks[ask];
    let most = 100 * wanted.weight * wanted.full + wanted.base + model.floor_bonus * wanted.full;
    let lower = |holder: usize| {
        let is_of_less = weights[holder] < wanted.weight;
        is_of_less
            && plan.awards[holder].as_ref().is_some_and(|placed| placed.value < most)
            && !plan.is_fixed(holder)
            && plan.had(holder).is_none()
    };
    let own = || model.asks_of(wanted.org).filter(|one| lower(*one));
    let (hours, _) = plan.own_left(wanted);
    if hours < wanted.least {
        return own().collect();
    }
    let (mut rivals, mut open) = (Vec::new(), Vec::new());
    for (number, fit) in model.fits_of(wanted).enumerate() {
        let mut gaps = Gaps::new(plan, wanted, (number, fit));
        open.push(gaps.is_closed_without(None));
        for stay in stays.0[fit.pool].iter().take_while(|stay| stay.weight < wanted.weight) {
            let holder = stay.holder();
            if gaps.may_close(stay) && lower(holder) && gaps.is_closed_without(plan.awards[holder].as_ref()) {
                rivals.push(holder);
            }
        }
    }
    // Where there may be room already, money may be what is missing: of the pots, or of its organisation.
    if open.contains(&true) {
        // A split request may take its hours of several pools.
        let cost = model.least_money(wanted, |fit| open[fit] || wanted.kind == Kind::Split);
        let is_paid = model.pots_for(wanted).iter().any(|pot| plan.pots[*pot] >= cost);
        for pot in model.pots_for(wanted) {
            let freed = |holder: &usize| plan.awards[*holder].as_ref().map_or(0, |placed| placed.money);
            let holders = plan.in_pot(*pot).iter().map(|stored| index(*stored)).filter(|holder| lower(*holder));
            rivals.extend(holders.filter(|holder| is_paid || plan.pots[*pot] + freed(holder) >= cost));
        }
        rivals.extend(own());
    }
    rivals.sort_unstable();
    rivals.dedup();
    rivals
}

/// Where a pool has room for the smallest gang of a request, week by week of its window.
struct Gaps<'a> {
    model: &'a Model,
    wanted: &'a Ask,
    /// The place of the pool among the request's fits.
    number: usize,
    fit: Fit,
    free: &'a [i64],
    /// The same with somebody gone.
    without: Vec<i64>,
    /// The most that is free in any week.
    most: i64,
    /// What all weeks with room give together, in GPU-weeks.
    all: i64,
    /// How many weeks with room end before each week, and begin with it; one more than there are weeks.
    before: Vec<usize>,
    after: Vec<usize>,
}

impl<'a> Gaps<'a> {
    fn new(plan: &'a Plan<'_>, wanted: &'a Ask, (number, fit): (usize, Fit)) -> Self {
        let free = &plan.free_in(fit.pool)[wanted.from..wanted.to];
        let long = free.len();
        let (mut before, mut after) = (vec![0; long + 1], vec![0; long + 1]);
        for (week, free) in free.iter().enumerate() {
            before[week + 1] = if *free >= wanted.low { before[week] + 1 } else { 0 };
        }
        for (week, free) in free.iter().enumerate().rev() {
            after[week] = if *free >= wanted.low { after[week + 1] + 1 } else { 0 };
        }
        let most = free.iter().copied().max().unwrap_or(0);
        let all = usable(wanted, free);
        Self {
            model: plan.model,
            wanted,
            number,
            fit,
            free,
            without: Vec::with_capacity(long),
            most,
            all,
            before,
            after,
        }
    }

    /// Whether the least award may find its GPUs if this one left: never no where it does.
    fn may_close(&self, stay: &Stay) -> bool {
        let wanted = self.wanted;
        if !stay.meets(wanted.from, wanted.to) {
            return false;
        }
        let from = usize::from(stay.from).max(wanted.from) - wanted.from;
        let to = usize::from(stay.to).min(wanted.to) - wanted.from;
        let is_enough = match wanted.kind {
            Kind::Block => self.before[from] + (to - from) + self.after[to] >= wanted.weeks.0,
            Kind::Flex => (self.all + int(to - from) * wanted.high).saturating_mul(self.fit.hours) >= wanted.least,
            // Another pool may give the rest.
            Kind::Split => true,
        };
        is_enough && i64::from(stay.gpus) + self.most >= wanted.low
    }

    /// Whether the least award finds its GPUs in this pool once this holder has left: never no where it does.
    fn is_closed_without(&mut self, holder: Option<&Placed>) -> bool {
        let wanted = self.wanted;
        self.without.clear();
        self.without.extend_from_slice(self.free);
        for one in holder.iter().flat_map(|placed| placed.segments.iter()).filter(|one| one.pool == self.fit.pool) {
            let (from, to) = (one.start.max(wanted.from), (one.start + one.weeks).min(wanted.to));
            for free in self.without.iter_mut().take(to.saturating_sub(wanted.from)).skip(from - wanted.from) {
                *free += one.gpus;
            }
        }
        match wanted.kind {
            Kind::Block => self.has_rectangle(),
            Kind::Flex => usable(wanted, &self.without).saturating_mul(self.fit.hours) >= wanted.least,
            Kind::Split => usable(wanted, &self.without) > 0,
        }
    }

    fn has_rectangle(&self) -> bool {
        let most = longest(&self.without, self.wanted.low);
        if most < self.wanted.weeks.0 {
            return false;
        }
        let here = self.model.rectangles_of(self.wanted).iter().filter(|one| one.fit() == self.number);
        let mut fitting = here.filter(|one| one.weeks() <= most);
        fitting.any(|one| longest(&self.without, one.low()) >= one.weeks())
    }
}

/// GPU-weeks that a flexible request could use.
fn usable(wanted: &Ask, free: &[i64]) -> i64 {
    free.iter().filter(|free| **free >= wanted.low).map(|free| down(*free, wanted.gran).min(wanted.high)).sum()
}

/// The longest run of weeks with so many GPUs.
fn longest(free: &[i64], gpus: i64) -> usize {
    let (mut run, mut longest) = (0, 0);
    for free in free {
        run = if *free >= gpus { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The first swap that is better for the programme: who leaves, and what the request gets. The plan stays as it is.
fn better(plan: &mut Plan<'_>, guide: &Guide<'_>, ask: usize, held: (&[i64], &Stays)) -> Option<(usize, Placed)> {
    for holder in rivals(plan, guide, ask, held) {
        let before = plan.objective;
        let was_broken = plan.broken().is_some();
        let Some(had) = plan.remove(holder) else { continue };
        let found = guide.place(plan, ask).map(|(_, placed)| placed);
        let better = found.into_iter().chain(taken_over(plan, ask, &had)).find(|placed| {
            plan.insert(ask, placed.clone());
            let is_better = plan.objective > before && (was_broken || plan.broken().is_none());
            plan.remove(ask);
            is_better
        });
        plan.insert(holder, had);
        if let Some(placed) = better {
            return Some((holder, placed));
        }
    }
    None
}

/// The very place of the holder, paid from the first pot that can, unless the request turned it down.
fn taken_over(plan: &Plan<'_>, ask: usize, had: &Placed) -> Option<Placed> {
    if had.segments.iter().any(|one| plan.is_refused(ask, one.pool, one.start)) {
        return None;
    }
    let pots = plan.model.pots_for(&plan.model.asks[ask]).iter();
    let made = |pot: &usize| {
        let award = Award { request: ask, pot: *pot, segments: had.segments.to_vec() };
        placed(plan.model, &award).filter(|placed| plan.fits(ask, placed))
    };
    pots.filter_map(made).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        best::{Rents, Tables},
        instance::{Instance, Mode},
        model::Model,
        sample,
    };

    /// Two that want the only eight GPUs for the same two weeks; the second has twice the merit.
    fn rivals() -> Instance {
        let mut instance = sample::call(sample::Size { requests: 2, sites: 1, weeks: 4 }, 1);
        instance.pools.truncate(1);
        instance.pools[0].cap.fill(8);
        instance.pots[0].eur = 1_000_000;
        instance.orgs.iter_mut().for_each(|org| org.cap_hours = None);
        instance.params.country_max_pct = 100;
        instance.params.min_share.clear();
        instance.floors.clear();
        let (gpu, pot) = (instance.pools[0].gpu.clone(), instance.pots[0].id.clone());
        for (request, score) in instance.requests.iter_mut().zip([200, 400]) {
            let mut wanted = request.clone();
            (wanted.mode, wanted.split, wanted.de_minimis, wanted.score, wanted.prio) =
                (Mode::Block, false, false, score, 0);
            (wanted.hours, wanted.min_hours, wanted.gran, wanted.gmin, wanted.gmax) = (2_688, 2_688, 8, 8, 8);
            (wanted.weeks_min, wanted.weeks_max, wanted.earliest, wanted.deadline) = (2, 2, 1, 3);
            (wanted.residency, wanted.max_latency_ms, wanted.pref_sites) = (None, None, None);
            wanted.equiv = [(gpu.clone(), 100)].into();
            wanted.pots = vec![pot.clone()].into();
            *request = wanted;
        }
        instance
    }

    #[test]
    fn the_one_of_more_merit_takes_the_place_once() {
        let instance = rivals();
        assert_eq!(instance.check(), Ok(()));
        let model = Model::new(&instance);
        let rents = Rents::zero(&model);
        let tables = Tables::of(&model, &rents);
        let guide = Guide::new(&model, &rents, &tables);
        let mut plan = Plan::empty(&model);
        let Some((_, placed)) = guide.place(&plan, 0) else { panic!("it fits alone") };
        plan.insert(0, placed);
        assert!(guide.place(&plan, 1).is_none(), "there is no room for both");
        let before = plan.objective;
        assert_eq!(swap(&mut plan, &guide, 1), 1);
        assert!(plan.awards[0].is_none() && plan.awards[1].is_some() && plan.objective == 2 * before);
        assert_eq!(swap(&mut plan, &guide, 2), 0, "nobody envies any more");
    }
}
