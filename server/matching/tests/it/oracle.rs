//! What HiGHS says of calls so small that it solves them: our bound is above its optimum, our plan below, and its plan
//! passes our checker at the very value that it claims.

use std::{ops::ControlFlow, time::Duration};

use matching::{Award, Budget, Instance, Mode, Solution, oracle::solve_exactly, sample, solve, verify::verify};

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "to compare with what was reckoned in reals")]
fn real(value: i128) -> f64 {
    value as f64
}

/// The plan of HiGHS, its value, our value and bound, after everything that must hold between them held.
fn compared(instance: &Instance, name: &str) -> (Solution, i128, i128, i128) {
    let answer = solve_exactly(instance, Duration::from_secs(120), None).unwrap();
    assert!(answer.is_optimal, "{name}");
    let plan = answer.solution.unwrap();
    let theirs = verify(instance, &plan);
    assert_eq!(theirs.violations, Vec::<String>::new(), "{name}");
    let off = (real(theirs.objective) - answer.value).abs();
    assert!(off <= 1e-6 * real(theirs.objective) + 10.0, "{name}: {} is said to be {}", theirs.objective, answer.value);
    let budget = Budget { passes: 200, moves: 20_000, seed: 1, cases: 5, threads: 1 };
    let solution = solve(instance, budget, |_| ControlFlow::Continue(())).unwrap();
    let ours = verify(instance, &solution);
    let bound = ours.tightest().unwrap();
    assert!(ours.objective <= theirs.objective, "{name}: we found {}, they {}", ours.objective, theirs.objective);
    assert!(theirs.objective <= bound, "{name}: the optimum is {}, our bound {bound}", theirs.objective);
    (plan, theirs.objective, ours.objective, bound)
}

/// A tiny call. At the usual ceiling of every country so few requests could have nothing, and there would be nothing to
/// compare: of three calls one has no rules about shares, one a ceiling, and one a minimum share.
fn tiny(seed: u64) -> Instance {
    let requests = 7 + usize::try_from(seed % 4).unwrap();
    let mut instance = sample::call(sample::Size { requests, sites: 2, weeks: 5 }, seed);
    let params = &mut instance.params;
    params.country_max_pct = if seed % 3 == 1 { 60 } else { 100 };
    if seed % 3 != 2 {
        params.min_share.clear();
    }
    instance
}

#[test]
fn its_optimum_lies_between_our_plan_and_our_bound() {
    let (mut served, mut reached, mut tight) = (0, 0, 0);
    for seed in 0..24 {
        let (_, optimum, ours, bound) = compared(&tiny(seed), &format!("seed {seed}"));
        served += i32::from(optimum > 0);
        reached += i32::from(ours == optimum);
        tight += i32::from(bound == optimum);
    }
    assert!(served >= 20, "only {served} of 24 calls have a plan at all");
    assert!(reached >= 18, "the search found {reached} of 24 optima");
    assert!(tight >= 1, "the bound is the optimum in {tight} of 24");
}

/// Whether it has the smallest gang, and one step less would already have been enough.
fn is_more_than_asked(instance: &Instance, award: &Award) -> bool {
    let request = &instance.requests[award.request];
    let [only] = award.segments.as_slice() else { return false };
    let weeks = i64::try_from(only.weeks).unwrap();
    let less = (request.gmin - request.gran) * weeks * request.equiv[&instance.pools[only.pool].gpu];
    request.mode == Mode::Block && only.gpus == request.gmin && instance.hours_per_week * less >= 100 * request.hours
}

#[test]
fn a_block_whose_smallest_gang_is_more_than_its_hours_is_served_all_the_same() {
    let mut many = 0;
    for seed in 0..8 {
        let mut instance = tiny(3 * seed);
        for request in instance.requests.iter_mut().filter(|request| request.mode == Mode::Block) {
            request.hours = (request.hours / 3).max(1);
            request.min_hours = request.hours;
        }
        let (plan, ..) = compared(&instance, &format!("seed {seed}"));
        many += plan.awards.iter().filter(|award| is_more_than_asked(&instance, award)).count();
    }
    assert!(many > 0, "no plan has such an award");
}
