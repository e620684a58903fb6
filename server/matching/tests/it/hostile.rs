//! Calls twisted in every way at once, and files with anything anywhere: a plan that keeps every rule, a bound that
//! holds, or a fault at its place; never a panic.

use std::ops::ControlFlow;

use matching::{Budget, Instance, MinShare, Mode, Solution, in_order_of_merit, sample, solve, verify::verify};
use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::Value;

const QUICK: Budget = Budget { passes: 12, moves: 120, cases: 5, seed: 3, threads: 1 };

/// One way to make a call strange; several are used on the same one.
const TWISTS: [fn(&mut Instance); 19] = [
    |call| call.pools.iter_mut().for_each(|pool| pool.cap.fill(0)),
    |call| call.pools.iter_mut().for_each(|pool| pool.cap.iter_mut().step_by(2).for_each(|gpus| *gpus = 0)),
    |call| call.pools.truncate(1),
    |call| call.pools.clear(),
    |call| {
        call.weeks = 1;
        call.pools.iter_mut().for_each(|pool| pool.cap.truncate(1));
        call.requests.iter_mut().for_each(|one| (one.earliest, one.deadline) = (0, 1));
    },
    |call| {
        let first = call.requests[0].clone();
        call.requests.iter_mut().for_each(|one| *one = matching::Request { id: one.id.clone(), ..first.clone() });
    },
    |call| {
        let most = call.pools.iter().flat_map(|pool| &pool.cap).copied().max().unwrap_or(1).max(1);
        (call.requests[0].gmin, call.requests[0].gmax, call.requests[0].gran) = (most, most, 1);
        (call.requests[0].hours, call.requests[0].score) = (20_000_000, 500);
    },
    |call| {
        for one in &mut call.requests {
            (one.gmin, one.gmax, one.gran, one.hours, one.min_hours) = (1, 1, 1, 168, 1);
            (one.weeks_min, one.weeks_max) = (1, 1);
        }
    },
    |call| call.pots.iter_mut().for_each(|pot| pot.eur = 0),
    |call| call.requests.iter_mut().for_each(|one| one.pots.clear()),
    |call| call.params.country_max_pct = 0,
    |call| call.params.country_max_pct = 1,
    |call| {
        let share = |id: &str, size: &str| MinShare { id: id.to_owned(), sizes: vec![size.to_owned()], pct: 100 };
        call.params.min_share = vec![share("one", "startup"), share("other", "large")];
    },
    |call| {
        for org in &mut call.orgs {
            (org.de_minimis_eur, org.cap_hours) = (0, Some(0));
        }
    },
    |call| call.orgs.iter_mut().for_each(|org| org.cap_hours = Some(1)),
    |call| {
        for one in &mut call.requests {
            (one.mode, one.split) = (Mode::Flex, true);
        }
    },
    |call| {
        for one in &mut call.requests {
            (one.score, one.subsidy_pct, one.de_minimis) = (0, 100, true);
        }
    },
    |call| {
        for one in &mut call.requests {
            (one.hours, one.min_hours, one.gmin, one.gmax) = (20_000_000, 1, 1, 1_000_000);
            one.equiv.values_mut().for_each(|equiv| *equiv = 10_000);
        }
        call.pools.iter_mut().for_each(|pool| pool.cap.fill(1_000_000));
        call.params.floor_bonus_weight = 1_000;
    },
    |call| call.requests.iter_mut().for_each(|one| (one.gran, one.org) = (7, 0)),
];

/// Solves it, and holds the plan against everything that must be true of any plan.
fn hold(call: &Instance) -> Result<(), TestCaseError> {
    let Ok(solution) = solve(call, QUICK, |_| ControlFlow::Continue(())) else {
        prop_assert!(call.check().is_err());
        return Ok(());
    };
    let verdict = verify(call, &solution);
    prop_assert_eq!(verdict.violations, Vec::<String>::new());
    prop_assert_eq!(Some(verdict.objective), solution.objective.map(i128::from));
    prop_assert_eq!(verdict.upper_bound, solution.upper_bound.map(i128::from));
    prop_assert!(verdict.upper_bound.is_some_and(|bound| bound >= verdict.objective));
    let branched = solution.branches.as_ref().map(|branches| i128::from(branches.upper_bound));
    prop_assert!(verdict.branched_bound <= branched, "the claim is no less than the proof");
    prop_assert!(verdict.branched_bound.is_none_or(|bound| bound >= verdict.objective));
    let ranked = in_order_of_merit(call).expect("it was solved");
    let ranked = verify(call, &ranked);
    prop_assert_eq!(ranked.violations, Vec::<String>::new());
    prop_assert!(ranked.objective <= verdict.objective, "the order of merit is worth more");
    prop_assert!(ranked.objective <= verdict.upper_bound.unwrap_or_default());
    Ok(())
}

fn call(seed: u64, requests: usize) -> Instance {
    sample::call(sample::Size { requests, sites: 3, weeks: 10 }, seed)
}

/// Anything that a file may have where something else belongs.
const JUNK: [&str; 14] = [
    "-1",
    "0",
    "1",
    "7",
    "99",
    "1000001",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "1.5",
    "null",
    "\"XX\"",
    "[]",
    "{}",
];

/// The place with this number, counted over the whole value in order.
fn place<'a>(value: &'a mut Value, number: &mut usize) -> Option<&'a mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| place(item, number)),
        Value::Object(fields) => fields.iter_mut().find_map(|(_, item)| place(item, number)),
        _ => None,
    }
}

fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum(),
        _ => 0,
    }
}

/// Junk, a copy of a neighbour, or a hole at some places of a file.
fn spoil(text: &str, changes: &[(prop::sample::Index, usize)]) -> String {
    let mut value: Value = serde_json::from_str(text).expect("a file of ours");
    for (at, what) in changes {
        let count = places(&value);
        let Some(found) = place(&mut value, &mut at.index(count)) else { continue };
        match JUNK.get(*what).map(|junk| serde_json::from_str(junk)) {
            Some(Ok(junk)) => *found = junk,
            _ => match found {
                Value::Array(items) if what % 2 == 0 => items.extend(items.first().cloned()),
                Value::Array(items) => drop(items.pop()),
                Value::Object(fields) => {
                    let first = fields.keys().next().cloned();
                    fields.retain(|name, _| Some(name) != first.as_ref());
                }
                _ => {}
            },
        }
    }
    value.to_string()
}

fn changes(most: usize) -> impl Strategy<Value = Vec<(prop::sample::Index, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..JUNK.len() + 2), 1..=most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_call_twisted_in_any_way_has_a_plan_that_keeps_every_rule(
        seed in 0_u64..1_000,
        requests in 1_usize..40,
        twists in prop::collection::vec(0..TWISTS.len(), 0..4),
    ) {
        let mut twisted = call(seed, requests);
        for twist in twists {
            TWISTS[twist](&mut twisted);
        }
        prop_assert_eq!(twisted.check(), Ok(()));
        hold(&twisted)?;
    }

    #[test]
    fn an_instance_with_anything_anywhere_is_refused_or_solved(seed in 0_u64..50, changes in changes(3)) {
        let text = serde_json::to_string(&call(seed, 8)).expect("it is written");
        if let Ok(read) = serde_json::from_str::<Instance>(&spoil(&text, &changes)) {
            hold(&read)?;
        }
    }

    #[test]
    fn a_solution_with_anything_anywhere_is_judged(seed in 0_u64..50, changes in changes(3)) {
        let call = call(seed, 12);
        let solution = solve(&call, QUICK, |_| ControlFlow::Continue(())).expect("a call of ours");
        let best = verify(&call, &solution);
        let text = serde_json::to_string(&solution).expect("it is written");
        if let Ok(read) = serde_json::from_str::<Solution>(&spoil(&text, &changes)) {
            let verdict = verify(&call, &read);
            if verdict.violations.is_empty() {
                prop_assert!(verdict.objective <= best.upper_bound.expect("it has prices"));
                prop_assert!(verdict.upper_bound.is_none_or(|bound| bound >= best.objective), "{:?}", verdict);
            }
        }
    }

    #[test]
    fn a_file_cut_off_anywhere_is_refused_with_its_line(seed in 0_u64..50, at in any::<prop::sample::Index>()) {
        let text = serde_json::to_string_pretty(&call(seed, 4)).expect("it is written");
        let cut = &text[..at.index(text.len())];
        let error = serde_json::from_str::<Instance>(cut).expect_err("a part of a file");
        // A cut behind the end of a line is in the next one.
        prop_assert_eq!(error.line(), cut.matches('\n').count() + 1, "{}", error);
    }
}
