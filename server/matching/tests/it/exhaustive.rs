//! Calls so small that every plan can be tried: the bound is above the best, and the solver finds it.

use std::ops::ControlFlow;

use matching::{Award, Budget, Instance, Mode, Segment, Solution, sample, solve, verify::verify};

/// Every award a block request could have, by the format's own words.
fn options(instance: &Instance, number: usize) -> Vec<Award> {
    let request = &instance.requests[number];
    let mut options = Vec::new();
    for pot in 0..instance.pots.len() {
        for pool in 0..instance.pools.len() {
            for weeks in request.weeks_min..=request.weeks_max {
                for start in request.earliest..=request.deadline.saturating_sub(weeks) {
                    for gpus in request.gmin..=request.gmax {
                        let segments = vec![Segment { pool, start, weeks, gpus }];
                        let award = Award { request: number, pot, segments };
                        if is_possible(instance, &award) {
                            options.push(award);
                        }
                    }
                }
            }
        }
    }
    options
}

fn empty(instance: &Instance, awards: Vec<Award>) -> Solution {
    Solution {
        format: matching::SOLUTION_FORMAT.to_owned(),
        instance: instance.name.clone(),
        solver: "by trying".to_owned(),
        objective: None,
        upper_bound: None,
        awards,
        prices: None,
        branches: None,
    }
}

/// Alone it may only break rules about shares, which others can mend.
fn is_possible(instance: &Instance, award: &Award) -> bool {
    let verdict = verify(instance, &empty(instance, vec![award.clone()]));
    verdict.violations.iter().all(|line| line.starts_with("country ") || line.starts_with("share "))
}

fn best(instance: &Instance, all: &[Vec<Award>], chosen: &mut Vec<Award>, best_yet: &mut i128) {
    let Some((options, others)) = all.split_first() else {
        let verdict = verify(instance, &empty(instance, chosen.clone()));
        if verdict.violations.is_empty() {
            *best_yet = verdict.objective.max(*best_yet);
        }
        return;
    };
    best(instance, others, chosen, best_yet);
    for award in options {
        chosen.push(award.clone());
        best(instance, others, chosen, best_yet);
        chosen.pop();
    }
}

#[test]
fn the_solver_finds_the_best_of_all_plans_and_the_bound_is_above_it() {
    let (mut tried, mut found, mut tighter) = (0, 0, 0);
    for seed in 0..60 {
        let mut instance = sample::call(sample::Size { requests: 3, sites: 1, weeks: 5 }, seed);
        for request in &mut instance.requests {
            (request.mode, request.split) = (Mode::Block, false);
            request.weeks_max = request.weeks_min;
            request.gmax = request.gmax.min(request.gmin + 2 * request.gran);
            request.pots.truncate(1);
        }
        instance.params.country_max_pct = 100;
        instance.params.min_share[0].pct = 10;
        let all: Vec<Vec<Award>> = (0..3).map(|number| options(&instance, number)).collect();
        if all.iter().map(|options| options.len() + 1).product::<usize>() > 4_000 {
            continue;
        }
        let mut most = 0;
        best(&instance, &all, &mut Vec::new(), &mut most);
        let budget = Budget { passes: 100, moves: 500, seed: 1, cases: 9, threads: 1 };
        let solution = solve(&instance, budget, |_| ControlFlow::Continue(())).unwrap();
        let verdict = verify(&instance, &solution);
        assert_eq!(verdict.violations, Vec::<String>::new(), "seed {seed}");
        assert!(verdict.objective <= most && most <= verdict.upper_bound.unwrap(), "seed {seed}");
        assert!(most <= verdict.branched_bound.unwrap(), "seed {seed}: the cases leave the best plan out");
        tighter += usize::from(verdict.branched_bound < verdict.upper_bound);
        tried += 1;
        found += usize::from(verdict.objective == most);
    }
    assert!(tried >= 20, "{tried} calls were small enough");
    assert_eq!(found, tried, "the best plan of each");
    assert!(tighter * 10 >= tried * 9, "{tighter} of {tried} bounds are tighter");
}
