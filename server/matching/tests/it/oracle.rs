//! What HiGHS says of calls so small that it solves them: our bound is above its optimum, our plan below, and its plan
//! passes our checker at the very value that it claims.

use std::{ops::ControlFlow, time::Duration};

use matching::{Budget, Instance, oracle::solve_exactly, sample, solve, verify::verify};

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "to compare with what was reckoned in reals")]
fn real(value: i128) -> f64 {
    value as f64
}

/// Optimum by HiGHS and our value and bound, after everything that must hold between them held.
fn compared(instance: &Instance, name: &str) -> (i128, i128, i128) {
    let answer = solve_exactly(instance, Duration::from_secs(120)).unwrap();
    assert!(answer.is_optimal, "{name}");
    let theirs = verify(instance, &answer.solution.unwrap());
    assert_eq!(theirs.violations, Vec::<String>::new(), "{name}");
    let off = (real(theirs.objective) - answer.value).abs();
    assert!(off <= 1e-6 * real(theirs.objective) + 10.0, "{name}: {} is said to be {}", theirs.objective, answer.value);
    let budget = Budget { passes: 200, moves: 20_000, seed: 1, cases: 5, threads: 1 };
    let solution = solve(instance, budget, |_| ControlFlow::Continue(())).unwrap();
    let ours = verify(instance, &solution);
    let bound = ours.tightest().unwrap();
    assert!(ours.objective <= theirs.objective, "{name}: we found {}, they {}", ours.objective, theirs.objective);
    assert!(theirs.objective <= bound, "{name}: the optimum is {}, our bound {bound}", theirs.objective);
    (theirs.objective, ours.objective, bound)
}

#[test]
fn its_optimum_lies_between_our_plan_and_our_bound() {
    let (mut reached, mut tight) = (0, 0);
    for seed in 0..24 {
        let requests = 4 + usize::try_from(seed % 4).unwrap();
        let mut instance = sample::call(sample::Size { requests, sites: 2, weeks: 5 }, seed);
        if seed % 3 == 0 {
            // With few requests the shares alone would leave nothing.
            (instance.params.country_max_pct, instance.params.min_share) = (100, vec![]);
        }
        let (optimum, ours, bound) = compared(&instance, &format!("seed {seed}"));
        reached += i32::from(ours == optimum);
        tight += i32::from(bound == optimum);
    }
    assert!(reached >= 18, "the search found {reached} of 24 optima");
    assert!(tight >= 1, "the bound is the optimum in {tight} of 24");
}
