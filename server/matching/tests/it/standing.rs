//! What a run respects of an earlier one.

use std::{collections::BTreeMap, ops::ControlFlow};

use matching::{Award, Budget, Instance, Solution, Standing, newcomers, solve_after, verify::verify};

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
