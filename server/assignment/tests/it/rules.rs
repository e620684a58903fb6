//! What holds for every instance, too large for trying every answer.

use assignment::{Budget, Lack, Pair, Why, cost_of, lacks, least_cost, prices, reasons, score, solve};
use proptest::prelude::*;

use crate::made::{Dice, anything};

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Conflicts, limits, pins, company and numbers are checked by `score`, which knows nothing of networks.
    #[test]
    fn no_rule_is_broken(seed: u64, applications in 0_usize..40, reviewers in 0_usize..25) {
        let instance = anything(&mut Dice(seed), applications, reviewers, 4);
        let solution = solve(&instance, Budget { seed, cases: 60 }).unwrap();
        prop_assert_eq!(score(&instance, &solution.assigned), Ok(solution.score));
        prop_assert!(solution.bound <= solution.score);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes(seed: u64, applications in 0_usize..30, reviewers in 0_usize..20) {
        let instance = anything(&mut Dice(seed), applications, reviewers, 3);
        let bytes = || serde_json::to_vec(&solve(&instance, Budget { seed, cases: 30 }).unwrap()).unwrap();
        prop_assert_eq!(bytes(), bytes());
    }

    /// Without groups the flow says everything, and its prices prove it to a reckoning that knows no network.
    #[test]
    fn prices_prove_the_optimum(seed: u64, applications in 0_usize..60, reviewers in 0_usize..40) {
        let mut instance = anything(&mut Dice(seed), applications, reviewers, 4);
        instance.apart.clear();
        let solution = solve(&instance, Budget { seed, cases: 1 }).unwrap();
        let proven = least_cost(&instance, &prices(&instance, seed));
        prop_assert!(solution.is_optimal());
        prop_assert_eq!(cost_of(&instance, &solution.assigned), proven);
    }

    /// Other prices prove less, never more.
    #[test]
    fn any_prices_are_a_bound(seed: u64, odd in proptest::collection::vec(-1_000_000_i64..1_000_000, 12)) {
        let instance = anything(&mut Dice(seed), 20, 12, 3);
        let solution = solve(&instance, Budget { seed, cases: 40 }).unwrap();
        prop_assert!(least_cost(&instance, &odd) <= cost_of(&instance, &solution.assigned));
    }

    /// Whoever lacks a review lacks it for a reason: nobody is left who may, has time and could sit there.
    #[test]
    fn every_gap_has_its_reason(seed: u64, applications in 1_usize..25, reviewers in 0_usize..15) {
        let instance = anything(&mut Dice(seed), applications, reviewers, 4);
        let solution = solve(&instance, Budget { seed, cases: 200 }).unwrap();
        let lacks = lacks(&instance, &solution.assigned);
        prop_assert_eq!(lacks.iter().map(|one| u64::from(one.missing)).sum::<u64>(), solution.score.missing);
        prop_assert_eq!(lacks.iter().map(|one| u64::from(one.experts)).sum::<u64>(), solution.score.inexpert);
        for Lack { application, missing, conflicted, full, apart, .. } in lacks.iter().filter(|one| one.missing > 0) {
            let here = solution.assigned[*application].len();
            let all = u32::try_from(instance.reviewers.len() - here).unwrap();
            prop_assert_eq!(conflicted + full + apart, all, "{} lacks {}", application, missing);
        }
    }

    /// The next best is allowed, and taking it in an optimum without pins loses exactly what is said, never less than nothing.
    #[test]
    fn the_next_best_costs_what_is_said(seed: u64) {
        let mut instance = anything(&mut Dice(seed), 12, 10, 3);
        for (application, reviewer) in (0..12).flat_map(|one| (0..10).map(move |other| (one, other))) {
            let pair = instance.pairs.get(application, reviewer);
            instance.pairs.set(application, reviewer, Pair { is_fixed: false, ..pair });
        }
        let solution = solve(&instance, Budget { seed, cases: 2_000 }).unwrap();
        for reason in reasons(&instance, &solution.assigned) {
            let Some(next) = reason.next else { continue };
            let mut other = solution.assigned.clone();
            other[reason.application].retain(|one| *one != reason.reviewer);
            other[reason.application].push(next.reviewer);
            let then = score(&instance, &other).unwrap();
            prop_assert_eq!(solution.score.value - then.value, next.cost);
            if solution.is_optimal() && !next.loses_expert && then.inexpert == solution.score.inexpert {
                prop_assert!(next.cost >= 0);
            }
        }
    }
}

#[test]
fn a_shortage_is_shared_out() {
    // Two applications ask for two each, and there are two places: one each, not two and none.
    let mut instance = anything(&mut Dice(1), 2, 2, 2);
    instance.applications.iter_mut().for_each(|one| (one.reviews, one.experts) = (2, 0));
    instance.reviewers.iter_mut().for_each(|one| (one.limit, one.busy, one.least) = (1, 0, 0));
    instance.apart.clear();
    for (application, points) in [(0, 1_000), (1, 0)] {
        (0..2).for_each(|one| instance.pairs.set(application, one, Pair { points, ..Pair::default() }));
    }
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!(solution.assigned.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(lacks(&instance, &solution.assigned)[0].why, Why::Loads);
}
