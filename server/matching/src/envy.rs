//! The envy check: no request that went without would do better for the programme in the place of a holder of less
//! merit. Where one would, the swap is made, until none is left. Only those pairs are tried that bounds do not rule out.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use crate::{
    construct::fill,
    model::{Ask, Fit, Model},
    numbers::{index, small},
    place::{Guide, placed},
    plan::{Placed, Plan},
    solution::Award,
};

mod hope;

use hope::{Hope, Room, Stay};

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

    /// Those of less merit in a pool.
    fn below(&self, pool: usize, weight: i64) -> &[Stay] {
        let there = &self.0[pool];
        &there[..there.partition_point(|stay| stay.weight < weight)]
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

/// What the check knows of a plan besides itself.
struct Held {
    /// Merit, by request.
    weights: Vec<i64>,
    stays: Stays,
    /// Places are looked for there alone; everywhere where it is nothing.
    changed: Option<Changed>,
}

/// Makes every such swap, and gives whoever still fits what stands idle, until there is nothing left to do. Whoever had
/// to leave looks for a place in the same round. The answer is the same with any number of threads.
pub fn settle(plan: &mut Plan<'_>, guide: &Guide<'_>, threads: usize) {
    let order: Vec<usize> = (0..plan.awards.len()).collect();
    let weights: Vec<i64> = guide.model.asks.iter().map(|ask| ask.weight).collect();
    fill(plan, guide, &order);
    let mut held = Held { weights, stays: Stays::of(plan), changed: None };
    loop {
        let envious = envious(plan, guide, &held, threads);
        let had_all = held.changed.is_none();
        let mut changed = exchange(plan, guide, envious, &mut held);
        if changed.is_nothing() {
            for ask in fill(plan, guide, &order) {
                let Some(placed) = &plan.awards[ask] else { continue };
                held.stays.come((held.weights[ask], small(ask)), placed);
                changed.note(plan, ask, placed);
            }
        }
        if changed.is_nothing() && had_all {
            return;
        }
        // Most of those who have to look again are where something changed; everybody is asked in the end.
        held.changed = Some(changed).filter(|changed| !changed.is_nothing());
    }
}

/// Makes the swaps of these, those of most merit first; gives what changed.
fn exchange(plan: &mut Plan<'_>, guide: &Guide<'_>, envious: Vec<usize>, held: &mut Held) -> Changed {
    held.changed = None;
    let mut changed = Changed::nothing(plan);
    let waiting = envious.into_iter().map(|ask| (held.weights[ask], Reverse(ask)));
    let mut waiting: BinaryHeap<(i64, Reverse<usize>)> = waiting.collect();
    while let Some((_, Reverse(ask))) = waiting.pop() {
        let Some((holder, placed)) = better(plan, guide, ask, held) else { continue };
        if let Some(had) = plan.remove(holder) {
            changed.note(plan, holder, &had);
            held.stays.leave((held.weights[holder], small(holder)), &had);
        }
        changed.note(plan, ask, &placed);
        held.stays.come((held.weights[ask], small(ask)), &placed);
        plan.insert(ask, placed);
        waiting.push((held.weights[holder], Reverse(holder)));
    }
    changed
}

/// Where awards came and went: whether in a week of a pool, flat, and whether of an organisation.
struct Changed {
    weeks: Vec<bool>,
    orgs: Vec<bool>,
}

impl Changed {
    fn nothing(plan: &Plan<'_>) -> Self {
        Self { weeks: vec![false; plan.free.len()], orgs: vec![false; plan.hours.len()] }
    }

    fn is_nothing(&self) -> bool {
        !self.orgs.contains(&true)
    }

    fn note(&mut self, plan: &Plan<'_>, ask: usize, placed: &Placed) {
        self.orgs[plan.model.asks[ask].org] = true;
        for one in placed.segments.iter() {
            let first = one.pool * plan.model.weeks + one.start;
            self.weeks[first..first + one.weeks].fill(true);
        }
    }

    /// Whether anything changed in this pool in the weeks that a request may want.
    fn is_in(&self, model: &Model, wanted: &Ask, pool: usize) -> bool {
        let first = pool * model.weeks;
        self.weeks[first + wanted.from..first + wanted.to].contains(&true)
    }

    /// Whether anything changed that may matter to a request.
    fn concern(&self, plan: &Plan<'_>, ask: usize) -> bool {
        let (model, wanted) = (plan.model, &plan.model.asks[ask]);
        let is_in = |fit: Fit| self.is_in(model, wanted, fit.pool);
        self.orgs[wanted.org] || (plan.own_left(wanted).0 >= wanted.least && model.fits_of(wanted).any(is_in))
    }
}

/// Everybody without an award who would do better in the place of a holder of less merit.
fn envious(plan: &mut Plan<'_>, guide: &Guide<'_>, held: &Held, threads: usize) -> Vec<usize> {
    let without = |ask: &usize| plan.awards[*ask].is_none() && !plan.is_fixed(*ask);
    let is_concerned = |ask: &usize| held.changed.as_ref().is_none_or(|changed| changed.concern(plan, *ask));
    let without: Vec<usize> = (0..plan.awards.len()).filter(|ask| without(ask) && is_concerned(ask)).collect();
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

/// The holders of less merit whose place this request could perhaps take, in their order. Whoever holds what an earlier
/// plan gave is nobody's rival.
fn rivals(plan: &Plan<'_>, ask: usize, Held { weights, stays, changed }: &Held) -> Vec<usize> {
    let (model, wanted) = (plan.model, &plan.model.asks[ask]);
    let has_less = |holder: &usize| weights[*holder] < wanted.weight && plan.awards[*holder].is_some();
    let (hours, _) = plan.own_left(wanted);
    let mut rivals: Vec<usize> = Vec::new();
    if hours < wanted.least {
        // Only those of its own organisation can make room for it.
        let frees = |holder: &usize| plan.awards[*holder].as_ref().is_some_and(|had| hours + had.hours >= wanted.least);
        rivals.extend(model.asks_of(wanted.org).filter(|holder| has_less(holder) && frees(holder)));
        if rivals.is_empty() {
            return rivals;
        }
    }
    let mut hope = Hope::new(plan, ask);
    if hours >= wanted.least && hope.is_paid() {
        // A rule about shares is in the way, and anybody's leaving may change that.
        rivals.extend((0..weights.len()).filter(has_less));
    } else if hours >= wanted.least {
        // Who is capped no more may find what others could all the time.
        let changed = changed.as_ref().filter(|changed| !changed.orgs[wanted.org]);
        let is_changed = |room: &&Room<'_>| changed.is_none_or(|changed| changed.is_in(model, wanted, room.fit.pool));
        for room in hope.rooms.iter().filter(is_changed) {
            let there = stays.below(room.fit.pool, wanted.weight).iter();
            rivals.extend(there.filter(|stay| hope.may_take(room, stay)).map(Stay::holder));
        }
        if hope.is_open() {
            // Money is what is missing: of the pots, or of its organisation.
            let payers = model.pots_for(wanted).iter().flat_map(|pot| plan.in_pot(*pot)).map(|stored| index(*stored));
            rivals.extend(payers.chain(model.asks_of(wanted.org)).filter(has_less));
        }
        rivals.sort_unstable();
        rivals.dedup();
    }
    rivals.retain(|holder| {
        let had = plan.awards[*holder].as_ref().filter(|_| is_rival(plan, *holder));
        had.is_some_and(|had| hope.may_replace(*holder, had))
    });
    rivals
}

/// Whether somebody with an award may lose it to a request of more merit.
fn is_rival(plan: &Plan<'_>, holder: usize) -> bool {
    !plan.is_fixed(holder) && plan.had(holder).is_none()
}

/// The first swap that is better for the programme: who leaves, and what the request gets. The plan stays as it is.
fn better(plan: &mut Plan<'_>, guide: &Guide<'_>, ask: usize, held: &Held) -> Option<(usize, Placed)> {
    let rivals = rivals(plan, ask, held);
    rivals.into_iter().find_map(|holder| Some((holder, instead(plan, guide, ask, holder)?)))
}

/// What the request gets where it is better for the programme if this one leaves. The plan stays as it is.
fn instead(plan: &mut Plan<'_>, guide: &Guide<'_>, ask: usize, holder: usize) -> Option<Placed> {
    let before = plan.objective;
    let was_broken = plan.broken().is_some();
    let had = plan.remove(holder)?;
    // At no rents, what an award is worth beyond them is what it adds.
    let missing = before - plan.objective;
    let found = guide.place_beyond(plan, ask, Some(missing)).map(|(_, placed)| placed);
    let better = found.into_iter().chain(taken_over(plan, ask, &had)).find(|placed| {
        plan.insert(ask, placed.clone());
        let is_better = plan.objective > before && (was_broken || plan.broken().is_none());
        plan.remove(ask);
        is_better
    });
    plan.insert(holder, had);
    better
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
        construct::mend,
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
        settle(&mut plan, &guide, 1);
        assert!(plan.awards[0].is_none() && plan.awards[1].is_some() && plan.objective == 2 * before);
    }

    /// Everybody without an award for whom somebody of less merit should leave, found by trying every pair.
    fn envious_by_trying(plan: &mut Plan<'_>, guide: &Guide<'_>) -> Vec<usize> {
        let asks = &guide.model.asks;
        let mut envious = Vec::new();
        for ask in (0..asks.len()).filter(|ask| plan.awards[*ask].is_none()).collect::<Vec<usize>>() {
            let lower = (0..asks.len()).filter(|holder| asks[*holder].weight < asks[ask].weight);
            if lower.into_iter().any(|holder| would_be_better(plan, guide, ask, holder)) {
                envious.push(ask);
            }
        }
        envious
    }

    /// Without a bound, and with nothing left out.
    fn would_be_better(plan: &mut Plan<'_>, guide: &Guide<'_>, ask: usize, holder: usize) -> bool {
        let (before, was_broken) = (plan.objective, plan.broken().is_some());
        let Some(had) = plan.remove(holder) else { return false };
        let found = guide.place(plan, ask).map(|(_, placed)| placed);
        let all = [found, taken_over(plan, ask, &had)];
        let is_better = all.into_iter().flatten().any(|placed| {
            plan.insert(ask, placed);
            let is_better = plan.objective > before && (was_broken || plan.broken().is_none());
            plan.remove(ask);
            is_better
        });
        plan.insert(holder, had);
        is_better
    }

    /// Calls in which something else than GPUs is short, by turns.
    fn call(seed: u64) -> Instance {
        let size = sample::Size { requests: 40 + 7 * usize::try_from(seed % 5).unwrap_or(0), sites: 3, weeks: 12 };
        let mut instance = sample::call(size, seed);
        match seed % 6 {
            1 => instance.pots.iter_mut().for_each(|pot| pot.eur /= 3),
            2 => instance.params.country_max_pct = 12,
            3 => instance.orgs.iter_mut().for_each(|org| org.de_minimis_eur /= 4),
            4 => instance.params.min_share.iter_mut().for_each(|share| share.pct = 75),
            5 => instance.requests.iter_mut().for_each(|request| request.split = request.mode == Mode::Flex),
            _ => {}
        }
        instance
    }

    #[test]
    fn the_check_finds_exactly_those_that_trying_every_pair_finds() {
        let mut found = 0;
        for seed in 1..=120 {
            let instance = call(seed);
            assert_eq!(instance.check(), Ok(()));
            let model = Model::new(&instance);
            let rents = Rents::zero(&model);
            let tables = Tables::of(&model, &rents);
            let guide = Guide::new(&model, &rents, &tables);
            let mut plan = Plan::empty(&model);
            let weights: Vec<i64> = model.asks.iter().map(|ask| ask.weight).collect();
            // Those of least merit first: much to envy. Half of the calls are mended, so that rules are in the way.
            let mut order: Vec<usize> = (0..model.asks.len()).collect();
            order.sort_by_key(|ask| (weights[*ask], *ask));
            for ask in order {
                if let Some((_, placed)) = guide.place(&plan, ask) {
                    plan.insert(ask, placed);
                }
            }
            if seed % 2 == 0 {
                mend(&mut plan, &guide);
            }
            let held = Held { weights, stays: Stays::of(&plan), changed: None };
            let tried = envious_by_trying(&mut plan, &guide);
            let mut once = envious(&mut plan, &guide, &held, 2);
            once.sort_unstable();
            assert_eq!(once, tried, "seed {seed}");
            found += tried.len();
            settle(&mut plan, &guide, 1);
            assert_eq!(envious_by_trying(&mut plan, &guide), Vec::<usize>::new(), "seed {seed}");
        }
        assert!(found > 300, "only {found} in all");
    }
}
