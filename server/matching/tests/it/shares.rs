//! Rules about shares of the whole that are hard to keep.

use std::ops::ControlFlow;

use matching::{Budget, sample, solve, verify::verify};

const BUDGET: Budget = Budget { passes: 300, moves: 30_000, seed: 7, cases: 0, threads: 1 };

/// Millionths of the bound that are left open when start-ups and small companies must have so much of all hours.
fn gap(small_pct: i64, seed: u64) -> i128 {
    let mut instance = sample::call(sample::Size { requests: 600, sites: 8, weeks: 26 }, seed);
    instance.params.min_share.iter_mut().for_each(|share| share.pct = small_pct);
    instance.params.country_max_pct = 100;
    let solution = solve(&instance, BUDGET, |_| ControlFlow::Continue(())).unwrap();
    let verdict = verify(&instance, &solution);
    assert_eq!(verdict.violations, Vec::<String>::new());
    verdict.gap().unwrap()
}

#[test]
fn a_share_that_is_hard_to_keep_leaves_no_wider_gap() {
    for seed in 1..=2 {
        let (hard, usual) = (gap(90, seed), gap(40, seed));
        // The usual gap of such small calls moves by some hundredths of itself from one order of work to another.
        assert!(5 * hard <= 6 * usual, "seed {seed}: {hard} and {usual}");
    }
}
