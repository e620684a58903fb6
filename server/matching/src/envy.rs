//! The envy check: no request that went without would do better for the programme in the place of a holder of less
//! merit. Where one would, the swap is made, until none is left.

use std::cmp::Reverse;

use crate::{
    model::{Ask, Fit, Kind},
    numbers::{index, small},
    place::{Guide, placed},
    plan::{Placed, Plan},
    solution::Award,
};

/// Makes every such swap; gives how many were made.
pub fn swap(plan: &mut Plan<'_>, guide: &Guide<'_>) -> u64 {
    let model = guide.model;
    let mut swaps = 0;
    loop {
        let mut without: Vec<usize> =
            (0..plan.awards.len()).filter(|ask| plan.awards[*ask].is_none() && !plan.is_fixed(*ask)).collect();
        without.sort_by_key(|ask| (Reverse(model.asks[*ask].weight), *ask));
        let made: u64 = without.into_iter().map(|ask| u64::from(swap_in(plan, guide, ask))).sum();
        swaps += made;
        if made == 0 {
            return swaps;
        }
    }
}

/// The holders whose place this request could take: of less merit, worth less than it at its best, and with GPUs or
/// money where that is missing. Whoever holds what an earlier plan gave is nobody's rival.
fn rivals(plan: &Plan<'_>, guide: &Guide<'_>, ask: usize) -> Vec<usize> {
    let model = guide.model;
    let wanted = &model.asks[ask];
    let most = 100 * wanted.weight * wanted.full + wanted.base + model.floor_bonus * wanted.full;
    let lower = |stored: &u32| {
        let holder = index(*stored);
        let is_worth_less = plan.awards[holder].as_ref().is_some_and(|placed| placed.value < most);
        let may_leave = is_worth_less && !plan.is_fixed(holder) && plan.had(holder).is_none();
        (may_leave && model.asks[holder].weight < wanted.weight).then_some(holder)
    };
    let (hours, _) = plan.own_left(wanted);
    if hours < wanted.least {
        return model.asks_of[wanted.org].iter().filter_map(|one| lower(&small(*one))).collect();
    }
    let mut rivals = Vec::new();
    for fit in model.fits_of(wanted) {
        let there = plan.in_pool(fit.pool).iter().filter_map(lower);
        rivals.extend(there.filter(|holder| has_room(plan, wanted, fit, plan.awards[*holder].as_ref())));
    }
    // Where there may be room already, money may be what is missing: of the pots, or of its organisation.
    if model.fits_of(wanted).iter().any(|fit| has_room(plan, wanted, fit, None)) {
        let pots = model.pots_for(wanted).iter().flat_map(|pot| plan.in_pot(*pot));
        rivals.extend(pots.filter_map(lower));
        rivals.extend(model.asks_of[wanted.org].iter().filter_map(|one| lower(&small(*one))));
    }
    rivals.sort_unstable();
    rivals.dedup();
    rivals
}

/// Whether the least award may find its GPUs in this pool beside the plan, if this holder left: never no where it does.
fn has_room(plan: &Plan<'_>, wanted: &Ask, fit: &Fit, without: Option<&Placed>) -> bool {
    let segments = || without.iter().flat_map(|placed| &placed.segments).filter(|one| one.pool == fit.pool);
    if without.is_some() && segments().all(|one| one.start >= wanted.to || wanted.from >= one.start + one.weeks) {
        return false;
    }
    let (mut run, mut longest, mut all) = (0, 0, 0);
    for (week, free) in (wanted.from..wanted.to).zip(&plan.free_in(fit.pool)[wanted.from..]) {
        let freed = segments().filter(|one| (one.start..one.start + one.weeks).contains(&week));
        let free = free + freed.map(|one| one.gpus).sum::<i64>();
        run = if free >= wanted.low { run + 1 } else { 0 };
        longest = longest.max(run);
        all += if free >= wanted.low { free.min(wanted.high) } else { 0 };
    }
    match wanted.kind {
        Kind::Block => longest >= wanted.weeks.0,
        Kind::Flex => all.saturating_mul(fit.hours) >= wanted.least,
        // Another pool may give the rest.
        Kind::Split => all > 0,
    }
}

fn swap_in(plan: &mut Plan<'_>, guide: &Guide<'_>, ask: usize) -> bool {
    for holder in rivals(plan, guide, ask) {
        let before = plan.objective;
        let was_broken = plan.broken().is_some();
        let Some(had) = plan.remove(holder) else { continue };
        let found = guide.place(plan, ask).map(|(_, placed)| placed);
        for placed in found.into_iter().chain(taken_over(plan, ask, &had)) {
            plan.insert(ask, placed);
            if plan.objective > before && (was_broken || plan.broken().is_none()) {
                return true;
            }
            plan.remove(ask);
        }
        plan.insert(holder, had);
    }
    false
}

/// The very place of the holder, paid from the first pot that can.
fn taken_over(plan: &Plan<'_>, ask: usize, had: &Placed) -> Option<Placed> {
    let pots = plan.model.pots_for(&plan.model.asks[ask]).iter();
    let made = |pot: &usize| {
        let award = Award { request: ask, pot: *pot, segments: had.segments.clone() };
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
            wanted.pots = vec![pot.clone()];
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
        assert_eq!(swap(&mut plan, &guide), 1);
        assert!(plan.awards[0].is_none() && plan.awards[1].is_some() && plan.objective == 2 * before);
        assert_eq!(swap(&mut plan, &guide), 0, "nobody envies any more");
    }
}
