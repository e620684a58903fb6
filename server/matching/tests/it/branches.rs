//! Trees of cases: their bound is tighter and holds, and a tree that leaves something out is refused.

use std::ops::ControlFlow;

use matching::{
    Branches, Budget, Instance, Mode, Node, Solution, Test, in_order_of_merit, sample, solve, verify::verify,
};

use crate::{LITTLE, call, solved};

/// Enough to divide the call into a few cases.
const DIVIDED: Budget = Budget { cases: 15, ..LITTLE };

fn divided(instance: &Instance) -> Solution {
    solve(instance, DIVIDED, |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn a_call_divided_into_cases_has_a_tighter_bound_that_the_checker_proves() {
    let (mut divided_calls, mut tighter) = (0, 0);
    for seed in 0..6 {
        let instance = sample::call(sample::Size { requests: 100, sites: 4, weeks: 26 }, seed);
        let solution = divided(&instance);
        let verdict = verify(&instance, &solution);
        assert_eq!(verdict.violations, Vec::<String>::new(), "seed {seed}");
        let (root, branched) = (verdict.upper_bound.unwrap(), verdict.branched_bound.unwrap());
        assert!(verdict.objective <= branched && branched <= root, "seed {seed}: {branched} {root}");
        assert_eq!(verdict.gap(), Some((branched - verdict.objective) * 1_000_000 / branched));
        tighter += usize::from(branched < root - root / 100);
        divided_calls += usize::from(solution.branches.unwrap().nodes.len() > 1);
        // What was found before is not touched.
        let whole = solved(&instance);
        assert_eq!(
            (whole.awards, whole.prices, whole.upper_bound),
            (solution.awards, solution.prices, solution.upper_bound)
        );
        assert_eq!(whole.branches, None);
    }
    assert!(tighter >= 3, "{tighter} bounds are tighter by a hundredth");
    assert!(divided_calls >= 3, "{divided_calls} calls were divided");
}

#[test]
fn more_cases_never_loosen_the_bound() {
    let instance = sample::call(sample::Size { requests: 100, sites: 4, weeks: 26 }, 3);
    let bound = |cases| {
        let budget = Budget { cases, ..LITTLE };
        solve(&instance, budget, |_| ControlFlow::Continue(())).unwrap().branches.unwrap().upper_bound
    };
    let bounds = [1, 9, 41].map(bound);
    assert!(bounds[0] >= bounds[1] && bounds[1] > bounds[2], "{bounds:?}");
}

#[test]
fn the_same_budget_gives_the_same_tree() {
    let instance = call(60, 3);
    let bytes =
        |budget| serde_json::to_string(&solve(&instance, budget, |_| ControlFlow::Continue(())).unwrap()).unwrap();
    assert_eq!(bytes(DIVIDED), bytes(DIVIDED));
    assert_eq!(bytes(DIVIDED), bytes(Budget { threads: 3, ..DIVIDED }));
    let solution = divided(&instance);
    assert_eq!(serde_json::from_str::<Solution>(&bytes(DIVIDED)).unwrap(), solution);
}

/// A chain of forks: each test of the list divides what passed or failed the one before, in turn.
fn chain(solution: &Solution, tests: &[(usize, Test)]) -> Branches {
    let mut nodes = Vec::new();
    for (turn, (request, test)) in tests.iter().enumerate() {
        let (inner, outer) = (2 * turn + 2, 2 * turn + 1);
        let (yes, no) = if turn % 2 == 0 { (inner, outer) } else { (outer, inner) };
        let fork = Node::Fork { request: *request, test: *test, yes, no };
        // The inner case of the fork before stands last.
        nodes.pop();
        nodes.extend([fork, Node::Leaf { prices: 0 }, Node::Leaf { prices: 0 }]);
    }
    Branches { upper_bound: i64::MAX, prices: vec![solution.prices.clone().unwrap()], nodes }
}

/// Tests of each kind that a request may have.
fn tests_of(instance: &Instance, number: usize) -> Vec<(usize, Test)> {
    let request = &instance.requests[number];
    let mut tests = vec![(number, Test::Awarded), (number, Test::Pot(number % instance.pots.len()))];
    if !request.split {
        tests.push((number, Test::Pool(number % instance.pools.len())));
        tests.push((number, Test::Hours(50 * (request.hours + request.min_hours))));
    }
    if request.mode == Mode::Block {
        tests.push((number, Test::Before(request.earliest.midpoint(request.deadline))));
    }
    tests
}

#[test]
fn no_plan_is_worth_more_than_the_bound_of_any_tree() {
    for seed in 0..6 {
        let instance = call(40, seed);
        let solution = solved(&instance);
        let ranked = in_order_of_merit(&instance).unwrap();
        for first in 0..20 {
            let tests: Vec<_> = (first..first + 3).flat_map(|number| tests_of(&instance, number)).collect();
            let branches = Some(chain(&solution, &tests));
            for plan in [&solution, &ranked] {
                let verdict = verify(&instance, &Solution { branches: branches.clone(), ..plan.clone() });
                assert_eq!(verdict.violations, Vec::<String>::new(), "seed {seed} from {first}");
                assert!(verdict.objective <= verdict.branched_bound.unwrap());
            }
        }
    }
}

#[test]
fn a_tree_that_leaves_something_out_or_cannot_be_is_refused_where_it_is_wrong() {
    let instance = call(40, 5);
    let solution = divided(&instance);
    let tree = solution.branches.clone().unwrap();
    let last = tree.nodes.len() - 1;
    let block = instance.requests.iter().position(|request| request.mode == Mode::Block).unwrap();
    let split = instance.requests.iter().position(|request| request.split).unwrap();
    let Node::Fork { request, test, yes, no } = tree.nodes[0] else { unreachable!("it was divided") };
    let refused = |what: &str, change: &dyn Fn(&mut Branches)| {
        let mut changed = tree.clone();
        change(&mut changed);
        let verdict = verify(&instance, &Solution { branches: Some(changed), ..solution.clone() });
        assert!(verdict.violations.iter().any(|line| line.contains(what)), "{what}: {:?}", verdict.violations);
    };
    let at_root = |request, test| move |tree: &mut Branches| tree.nodes[0] = Node::Fork { request, test, yes, no };
    refused("branches.nodes: there is no first", &|tree| tree.nodes.clear());
    refused("branches.nodes[0]: a case of it is not after it", &|tree| drop(tree.nodes.drain(1..)));
    refused("branches.nodes[0]: a case of it is not after it", &|tree| {
        tree.nodes[0] = Node::Fork { request, test, yes: 0, no };
    });
    // Both sides the same one would leave the other side out.
    refused("branches.nodes[0]: a case of it hangs elsewhere too", &|tree| {
        tree.nodes[0] = Node::Fork { request, test, yes, no: yes };
    });
    let hanging = format!("branches.nodes[{}]: it hangs nowhere", last + 1);
    refused(&hanging, &|tree| tree.nodes.push(Node::Leaf { prices: 0 }));
    refused("no such prices", &|tree| tree.nodes[last] = Node::Leaf { prices: 5_000 });
    refused("branches.nodes[0]: no such request", &at_root(5_000, test));
    refused("branches.nodes[0]: no such pool", &at_root(block, Test::Pool(5_000)));
    refused("branches.nodes[0]: no such pot", &at_root(block, Test::Pot(5_000)));
    refused("branches.nodes[0]: only a block starts once", &at_root(split, Test::Before(3)));
    refused("branches.nodes[0]: not of a request that may change pools", &at_root(split, Test::Pool(0)));
    refused("branches.nodes[0]: not of a request that may change pools", &at_root(split, Test::Hours(5)));
    refused("branches.prices[0]: a price is negative", &|tree| tree.prices[0].pot[0] = -1);
    refused("branches.prices[0]: the prices do not fit", &|tree| drop(tree.prices[0].capacity.pop()));
    refused("the branches prove", &|tree| tree.upper_bound = solution.objective.unwrap() - 1);
    let mut huge = instance.clone();
    huge.requests.iter_mut().for_each(|request| (request.gran, request.gmax) = (1, 1_000_000));
    assert!(verify(&huge, &solution).violations.iter().any(|line| line.contains("too large")));
}

#[test]
fn a_case_that_was_left_out_would_have_been_seen() {
    let instance = call(40, 5);
    let solution = solved(&instance);
    let ranked = in_order_of_merit(&instance).unwrap();
    let held: Vec<usize> = solution.awards.iter().map(|award| award.request).collect();
    let bound = |tests: &[(usize, Test)]| {
        let branches = Some(chain(&solution, tests));
        verify(&instance, &Solution { branches, ..ranked.clone() }).branched_bound.unwrap()
    };
    // A test that everybody fails and one that everybody with an award passes change nothing.
    let whole = bound(&[(held[0], Test::Hours(i64::MAX))]);
    assert_eq!(whole, bound(&[(held[0], Test::Hours(0))]));
    let divided: Vec<_> = held.iter().map(|request| (*request, Test::Awarded)).collect();
    assert!(bound(&divided) <= whole);
}

#[test]
fn a_call_that_is_too_large_is_not_divided() {
    let mut instance = call(20, 4);
    instance.requests.iter_mut().for_each(|request| (request.gran, request.gmin, request.gmax) = (1, 1, 1_000_000));
    instance.pools.iter_mut().for_each(|pool| pool.cap.fill(1_000_000));
    instance.requests.iter_mut().for_each(|request| (request.hours, request.min_hours) = (20_000_000, 1));
    assert_eq!(divided(&instance).branches, None);
}
