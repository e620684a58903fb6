//! What a run respects of an earlier one.

use std::{collections::BTreeMap, ops::ControlFlow};

use matching::{
    Award, Budget, Cause, Change, Instance, Mode, Solution, Standing, explain_after, newcomers, solve_after,
    verify::verify,
};

use super::{LITTLE, call, solved};

fn after(instance: &Instance, standing: &Standing) -> Solution {
    let budget = Budget { seed: 99, moves: 15_000, ..LITTLE };
    let solution = solve_after(instance, budget, standing, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(verify(instance, &solution).violations, Vec::<String>::new());
    solution
}

fn by_request(solution: &Solution) -> BTreeMap<usize, &Award> {
    solution.awards.iter().map(|award| (award.request, award)).collect()
}

/// Awards of the first that are in the second as they were.
fn kept(first: &Solution, second: &Solution) -> usize {
    let there = by_request(second);
    first.awards.iter().filter(|award| there.get(&award.request) == Some(award)).count()
}

#[test]
fn promises_stand_and_the_excluded_get_nothing() {
    for seed in 0..6 {
        let instance = call(80, seed);
        let first = solved(&instance);
        let promised: Vec<&Award> = first.awards.iter().step_by(3).collect();
        let excluded = first.awards[1].request;
        let standing = Standing {
            promised: promised.iter().map(|award| award.request).collect(),
            excluded: [excluded].into(),
            ..Standing::promising(&first)
        };
        let second = after(&instance, &standing);
        let there = by_request(&second);
        assert!(promised.iter().all(|award| there.get(&award.request) == Some(award)), "seed {seed}");
        assert!(!there.contains_key(&excluded), "seed {seed}");
    }
}

#[test]
fn a_penalty_keeps_awards_where_they_are() {
    let (mut free, mut dear, mut all) = (0, 0, 0);
    for seed in 0..4 {
        let instance = call(80, seed);
        let first = solved(&instance);
        let mut standing = Standing { promised: [].into(), ..Standing::promising(&first) };
        free += kept(&first, &after(&instance, &standing));
        standing.penalty_h = 1_000_000;
        let second = after(&instance, &standing);
        assert!(second.objective >= first.objective, "seed {seed}: it may only get better");
        dear += kept(&first, &second);
        all += first.awards.len();
    }
    assert_eq!(dear, all, "nothing gains so much");
    assert!(free < all - 4, "without a penalty some are moved: {free} of {all} are not");
}

#[test]
fn newcomers_fit_in_beside_promises_and_those_that_cannot_stand_are_named() {
    let instance = call(80, 5);
    let mut before = instance.clone();
    before.requests.truncate(70);
    before.floors.clear();
    let first = solved(&before);
    let second = after(&instance, &Standing::promising(&first));
    assert_eq!(kept(&first, &second), first.awards.len());
    assert!(second.objective >= first.objective);

    let mut smaller = instance.clone();
    let lost = first.awards[0].segments[0];
    smaller.pools[lost.pool].cap[lost.start] = 0;
    let faults =
        solve_after(&smaller, LITTLE, &Standing::promising(&first), |_| ControlFlow::Continue(())).unwrap_err();
    assert!(faults.iter().any(|fault| fault.at == "promises[0]"), "{faults:?}");
    let other = &mut instance.clone();
    let ends = |award: &Award| award.segments.iter().map(|one| one.start + one.weeks).max().unwrap();
    let is_later = |award: &Award| ends(award) > other.requests[award.request].earliest + 1;
    let late = first.awards.iter().position(is_later).unwrap();
    other.requests[first.awards[late].request].deadline = ends(&first.awards[late]) - 1;
    let faults = solve_after(other, LITTLE, &Standing::promising(&first), |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((faults.len(), faults[0].at.as_str()), (2, format!("promises[{late}]").as_str()), "it ends too late");
    let unknown = Standing { promised: [79].into(), ..Standing::default() };
    let faults = solve_after(&instance, LITTLE, &unknown, |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!((faults.len(), faults[0].at.as_str()), (1, "promised 79"));
}

/// The solution without the awards of these requests.
fn without(solution: &Solution, requests: &[usize]) -> Solution {
    let mut rest = solution.clone();
    rest.awards.retain(|award| !requests.contains(&award.request));
    (rest.objective, rest.upper_bound) = (None, None);
    rest
}

#[test]
fn newcomers_are_served_in_their_order_and_nobody_moves() {
    let (mut served, mut legal) = (0, 0);
    for seed in 0..8 {
        let instance = call(120, seed);
        let first = solved(&instance);
        let coming: Vec<usize> = first.awards.iter().step_by(4).map(|award| award.request).collect();
        let mut rest = without(&first, &coming);
        let is_legal = verify(&instance, &rest).violations.is_empty();
        let placed = newcomers(&instance, &rest, &coming).unwrap();
        served += placed.len();
        let one_by_one: Vec<Award> = coming.iter().fold(Vec::new(), |mut awards, request| {
            let mut so_far = rest.clone();
            so_far.awards.extend(awards.iter().cloned());
            awards.extend(newcomers(&instance, &so_far, &[*request]).unwrap());
            awards
        });
        assert_eq!(placed, one_by_one, "seed {seed}: who comes later takes nothing from who came before");
        rest.awards.extend(placed);
        // Those who stayed may have broken a rule about shares once the others had left.
        let verdict = verify(&instance, &rest);
        assert!(!is_legal || verdict.violations.is_empty(), "seed {seed}: {:?}", verdict.violations);
        legal += usize::from(is_legal);
    }
    assert!(served > 30 && legal > 2, "{served} {legal}");
}

#[test]
fn a_newcomer_finds_a_place_exactly_if_the_solver_finds_one_beside_all_others() {
    let (mut found, mut refused) = (0, 0);
    for seed in 0..6 {
        let instance = call(70, seed);
        let first = solved(&instance);
        let has = |request: &usize| first.awards.iter().any(|award| award.request == *request);
        let everybody = || 0..instance.requests.len();
        // One of three who have an award gives it up; those who have none gave up nothing.
        for coming in everybody().filter(|request| !has(request) || request % 3 == 0) {
            let rest = without(&first, &[coming]);
            let placed = newcomers(&instance, &rest, &[coming]).unwrap();
            let standing = Standing {
                excluded: everybody().filter(|other| *other != coming && !has(other)).collect(),
                ..Standing::promising(&rest)
            };
            let budget = Budget { passes: 1, moves: 0, ..LITTLE };
            let Ok(again) = solve_after(&instance, budget, &standing, |_| ControlFlow::Continue(())) else {
                // Without it the others break a rule about shares.
                continue;
            };
            assert_eq!(placed.len(), again.awards.len() - rest.awards.len(), "seed {seed}, request {coming}");
            if placed.is_empty() { refused += 1 } else { found += 1 }
        }
    }
    assert!(found > 20 && refused > 20, "{found} {refused}");
    let instance = call(10, 1);
    let faults = newcomers(&instance, &solved(&instance), &[10]).unwrap_err();
    assert_eq!((faults.len(), faults[0].at.as_str()), (1, "requests[10]"));
}

#[test]
fn nobody_gets_again_what_they_turned_down() {
    let mut elsewhere = 0;
    for seed in 0..4 {
        let instance = call(80, seed);
        let first = solved(&instance);
        let is_block = |award: &&Award| instance.requests[award.request].mode == Mode::Block;
        let place = |award: &Award| (award.request, award.segments[0].pool, award.segments[0].start);
        let blocks: Vec<&Award> = first.awards.iter().filter(is_block).collect();
        assert!(blocks.len() > 10, "seed {seed}");
        let standing =
            Standing { refused: blocks.iter().map(|award| place(award)).collect(), ..Standing::promising(&first) };
        let standing = Standing { promised: [].into(), ..standing };
        let second = after(&instance, &standing);
        assert!(standing.is_kept_by(&second) && !standing.is_kept_by(&first), "seed {seed}");
        let there = by_request(&second);
        elsewhere += blocks.iter().filter(|award| there.contains_key(&award.request)).count();
        // Whoever has nothing now is told no untruth about it.
        for said in explain_after(&instance, &second, &standing, 0) {
            let is_refused = standing.refused.iter().any(|(request, _, _)| *request == said.request);
            assert!(said.cause != Cause::TurnedDown || is_refused, "seed {seed}");
        }
    }
    assert!(elsewhere > 20, "{elsewhere} were placed elsewhere");
}

#[test]
fn whoever_turned_down_the_only_place_is_told_so() {
    let mut instance = call(40, 3);
    (instance.params.country_max_pct, instance.params.min_share) = (100, vec![]);
    let first = solved(&instance);
    let is_wide = |award: &&Award| {
        let request = &instance.requests[award.request];
        request.mode == Mode::Block && award.segments[0].gpus >= 2 * request.gran
    };
    let award = first.awards.iter().find(is_wide).unwrap();
    let (number, place) = (award.request, award.segments[0]);
    // It can begin in one week and one place only.
    let request = &mut instance.requests[number];
    (request.earliest, request.deadline) = (place.start, place.start + place.weeks);
    (request.weeks_min, request.weeks_max) = (place.weeks, place.weeks);
    (request.gmin, request.gmax) = (place.gpus, place.gpus);
    request.min_hours = 1;
    let equiv = request.equiv[&instance.pools[place.pool].gpu];
    for (other, pool) in instance.pools.iter_mut().enumerate().filter(|(other, _)| *other != place.pool) {
        pool.gpu = format!("{}-{other}", pool.gpu);
    }
    instance.requests[number].equiv = [(instance.pools[place.pool].gpu.clone(), equiv)].into();
    for one in (0..40).filter(|one| *one != number) {
        instance.requests[one].equiv = instance.requests[number].equiv.clone();
    }
    let standing = Standing { refused: [(number, place.pool, place.start)].into(), ..Standing::default() };
    let second = after(&instance, &standing);
    assert!(!by_request(&second).contains_key(&number));
    let only = Standing { excluded: (0..40).filter(|one| *one != number).collect(), ..standing };
    let alone = after(&instance, &only);
    let said = explain_after(&instance, &alone, &only, 0);
    let said = said.iter().find(|one| one.request == number).unwrap();
    assert_eq!(said.cause, Cause::TurnedDown);
    // With fewer GPUs it would be in the same place; only other weeks or another model lead elsewhere.
    assert!(said.would_fit.iter().all(|change| !matches!(change, Change::FewerAtOnce { .. })), "{:?}", said.would_fit);
    assert!(!said.would_fit.is_empty());
}

#[test]
fn work_that_may_pause_is_planned_around_the_weeks_it_turned_down() {
    let mut moved = 0;
    for seed in 0..6 {
        let instance = call(60, seed);
        let first = solved(&instance);
        let flexible = |award: &&Award| instance.requests[award.request].mode == Mode::Flex;
        for award in first.awards.iter().filter(flexible) {
            let begins: Vec<_> = award.segments.iter().map(|one| (award.request, one.pool, one.start)).collect();
            let standing = Standing { refused: begins.iter().copied().collect(), ..Standing::default() };
            let second = after(&instance, &standing);
            let again = second.awards.iter().find(|other| other.request == award.request);
            let starts = again.iter().flat_map(|again| &again.segments).map(|one| (award.request, one.pool, one.start));
            assert!(starts.into_iter().all(|start| !begins.contains(&start)), "seed {seed}");
            assert!(standing.is_kept_by(&second), "seed {seed}");
            moved += usize::from(again.is_some());
        }
    }
    assert!(moved > 20, "{moved}");
}
