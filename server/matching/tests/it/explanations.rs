//! What is said to those who got nothing is true of the published solution.

use matching::{Cause, Change, Instance, Solution, Standing, explain, rerun, verify::check};

use crate::{call, solved};

fn cause_of(instance: &Instance, solution: &Solution, request: usize) -> Cause {
    explain(instance, solution).into_iter().find(|one| one.request == request).expect("an explanation").cause
}

#[test]
fn everybody_has_all_hours_or_an_explanation() {
    for seed in 0..6 {
        let instance = call(60, seed);
        let solution = solved(&instance);
        let explanations = explain(&instance, &solution);
        for (number, request) in instance.requests.iter().enumerate() {
            let award = solution.awards.iter().find(|award| award.request == number);
            let hours: i64 = award.map_or(0, |award| {
                let each = award.segments.iter().map(|one| {
                    let gpu_weeks = one.gpus * i64::try_from(one.weeks).unwrap();
                    instance.hours_per_week * gpu_weeks * request.equiv[&instance.pools[one.pool].gpu]
                });
                each.sum::<i64>() / 100
            });
            let said = explanations.iter().find(|one| one.request == number);
            assert_eq!(said.is_none(), hours >= request.hours, "seed {seed}, {}", request.id);
            if let Some(said) = said {
                assert_eq!(said.hours, hours, "seed {seed}, {}", request.id);
                assert_eq!(said.hours > 0, award.is_some(), "seed {seed}, {}", request.id);
            }
        }
    }
}

#[test]
fn the_causes_are_told_apart() {
    let instance = call(40, 11);
    let solution = solved(&instance);
    let refused = explain(&instance, &solution).into_iter().find(|one| one.cause == Cause::Capacity);
    let refused = refused.expect("somebody found the sites full").request;
    let mut nowhere = instance.clone();
    nowhere.requests[refused].equiv.clear();
    assert_eq!(cause_of(&nowhere, &solution, refused), Cause::NoPool);
    let mut huge = instance.clone();
    huge.requests[refused].gmin = 500_000;
    huge.requests[refused].gmax = 500_000;
    huge.requests[refused].gran = 1;
    assert_eq!(cause_of(&huge, &solution, refused), Cause::NeverFits);
    let mut capped = instance.clone();
    let org = capped.requests[refused].org;
    let least = capped.requests[refused].min_hours;
    let taken: i64 = 20_000_000;
    capped.orgs[org].cap_hours = Some(0);
    let said = cause_of(&capped, &solution, refused);
    assert!(matches!(said, Cause::FairShare { least: told, .. } if told == least), "{said:?} {taken}");
    let mut poor = instance.clone();
    for pot in &mut poor.pots {
        pot.eur = 0;
    }
    let alone = Solution { awards: Vec::new(), ..solution.clone() };
    assert_eq!(cause_of(&poor, &alone, refused), Cause::Pots { left: 0 });
}

#[test]
fn what_would_have_fitted_fits() {
    let mut proven = 0;
    for seed in 0..8 {
        let instance = call(60, seed);
        let solution = solved(&instance);
        for said in explain(&instance, &solution) {
            for change in &said.would_fit {
                // The same statement, put to the checker: with the others' GPUs gone, the changed request is solved
                // alone and its award set beside theirs.
                let mut changed = instance.clone();
                let request = &mut changed.requests[said.request];
                match change {
                    Change::FewerAtOnce { gpus } => {
                        request.gmin = *gpus;
                        request.weeks_max = (request.deadline - request.earliest).max(request.weeks_max);
                    }
                    Change::Earlier { week } => request.earliest = *week,
                    Change::Later { week } => request.deadline = *week,
                    Change::AlsoOn { gpu } => {
                        let usual = request.equiv.values().sum::<i64>() / i64::try_from(request.equiv.len()).unwrap();
                        request.equiv.insert(gpu.clone(), usual);
                    }
                    Change::FewerHours { hours } => {
                        (request.min_hours, request.gmin, request.weeks_min) = (*hours, request.gran, 1);
                    }
                    Change::Anywhere => (request.residency, request.max_latency_ms) = (None, None),
                }
                let mut left = changed.clone();
                for one in solution.awards.iter().flat_map(|award| &award.segments) {
                    left.pools[one.pool].cap[one.start..one.start + one.weeks]
                        .iter_mut()
                        .for_each(|cap| *cap -= one.gpus);
                }
                for (number, other) in left.requests.iter_mut().enumerate() {
                    if number != said.request {
                        other.equiv.clear();
                    }
                }
                left.params.country_max_pct = 100;
                left.params.min_share.clear();
                let alone = solved(&left);
                let award = alone.awards.first().expect("it fits into what is left").clone();
                let mut both = Solution { prices: None, objective: None, upper_bound: None, ..solution.clone() };
                both.awards.push(award);
                let found = check(&changed, &both).violations;
                // Alone it may choose another pot or more GPUs than beside the others' money and hours.
                let kinds = ["pot ", "organisation ", "country "];
                let is_size = |line: &String| kinds.iter().any(|kind| line.starts_with(kind));
                assert!(found.iter().all(is_size), "seed {seed}: {change:?} {found:?}");
                proven += usize::from(found.is_empty());
            }
        }
    }
    assert!(proven > 10, "{proven} statements");
}

#[test]
fn what_is_left_of_a_pool_is_what_the_awards_leave() {
    let mut named = 0;
    for seed in 0..24 {
        let instance = call(80, seed);
        let solution = solved(&instance);
        let mut free: Vec<Vec<i64>> = instance.pools.iter().map(|pool| pool.cap.clone()).collect();
        for one in solution.awards.iter().flat_map(|award| &award.segments) {
            free[one.pool][one.start..one.start + one.weeks].iter_mut().for_each(|free| *free -= one.gpus);
        }
        for said in explain(&instance, &solution) {
            assert_eq!(said.left.is_empty(), said.cause != Cause::Capacity, "seed {seed}: {said:?}");
            let request = &instance.requests[said.request];
            for left in said.left {
                assert!(left.gpus >= request.gmin && left.gpus % request.gran == 0);
                let window = &free[left.pool][request.earliest..request.deadline];
                let runs = window.split(|free| *free < left.gpus).map(<[i64]>::len);
                assert_eq!(runs.max(), Some(left.weeks), "seed {seed}, {}", request.id);
                let there = &free[left.pool][left.from..left.from + left.weeks];
                assert!(there.iter().all(|free| *free >= left.gpus));
                named += 1;
            }
        }
    }
    assert!(named > 20, "{named}");
}

/// The instance with this request as the change would have it: written apart from the engine.
fn changed(instance: &Instance, number: usize, change: &Change) -> Instance {
    let mut changed = instance.clone();
    let request = &mut changed.requests[number];
    match change {
        Change::FewerAtOnce { gpus } => {
            request.gmin = *gpus;
            request.weeks_max = request.weeks_max.max(request.deadline - request.earliest);
        }
        Change::Earlier { week } => request.earliest = *week,
        Change::Later { week } => request.deadline = *week,
        Change::AlsoOn { gpu } => {
            let all: i64 = request.equiv.values().sum();
            let usual = all / i64::try_from(request.equiv.len().max(1)).unwrap();
            request.equiv.insert(gpu.clone(), usual.max(1));
        }
        Change::FewerHours { hours } => {
            (request.min_hours, request.gmin, request.weeks_min) = (*hours, request.gran, 1);
        }
        Change::Anywhere => (request.residency, request.max_latency_ms) = (None, None),
    }
    changed
}

#[test]
fn what_a_re_run_would_serve_is_served_by_a_plan_worth_no_less() {
    let (mut beside, mut moved) = (0, 0);
    for seed in 0..8 {
        let instance = call(80, seed);
        let solution = solved(&instance);
        let explanations = explain(&instance, &solution);
        let refused: Vec<_> = explanations.iter().filter(|one| one.hours == 0).collect();
        let numbers: Vec<usize> = refused.iter().map(|one| one.request).collect();
        let (promised, excluded) = (solution.awards[0].request, *numbers.last().expect("somebody got nothing"));
        let standing = Standing {
            awards: solution.awards.clone(),
            promised: [promised].into(),
            excluded: [excluded].into(),
            ..Standing::default()
        };
        let found = rerun(&instance, &solution, &standing, &numbers);
        assert_eq!(found, rerun(&instance, &solution, &standing, &numbers), "the same each time");
        for one in &found {
            let plan = Solution {
                objective: None,
                upper_bound: None,
                prices: None,
                awards: one.awards.clone(),
                ..solution.clone()
            };
            let verdict = matching::verify::verify(&changed(&instance, one.request, &one.change), &plan);
            assert_eq!(verdict.violations, Vec::<String>::new(), "seed {seed}: {one:?}");
            assert!(verdict.objective >= i128::from(solution.objective.unwrap()), "seed {seed}: {one:?}");
            assert!(plan.awards.iter().any(|award| award.request == one.request), "seed {seed}: it has one");
            assert!(standing.is_kept_by(&plan), "seed {seed}: {one:?}");
            let said = refused.iter().find(|other| other.request == one.request).expect("it was refused");
            if said.would_fit.contains(&one.change) { beside += 1 } else { moved += 1 }
        }
    }
    assert!(beside > 10 && moved > 10, "{beside} fit beside everybody, {moved} only if others move");
}

#[test]
fn what_is_said_of_a_part_is_what_kept_it_from_being_the_whole() {
    let mut parts = 0;
    for seed in 0..12 {
        let instance = call(60, seed);
        let solution = solved(&instance);
        for said in explain(&instance, &solution).into_iter().filter(|one| one.hours > 0) {
            parts += 1;
            // Alone with all the money and no cap, nothing of these is in the way any more.
            let mut roomy = instance.clone();
            match said.cause {
                Cause::Capacity => roomy.pools.iter_mut().for_each(|pool| pool.cap.fill(1_000_000)),
                Cause::Pots { .. } => roomy.pots.iter_mut().for_each(|pot| pot.eur = 1_000_000_000_000),
                Cause::Headroom { .. } => roomy.orgs.iter_mut().for_each(|org| org.de_minimis_eur = 1_000_000_000),
                Cause::FairShare { .. } => roomy.orgs.iter_mut().for_each(|org| org.cap_hours = None),
                _ => continue,
            }
            let cause = cause_of(&roomy, &solution, said.request);
            assert_ne!(
                std::mem::discriminant(&cause),
                std::mem::discriminant(&said.cause),
                "seed {seed}, request {}: {:?} with room for it",
                said.request,
                said.cause
            );
        }
    }
    assert!(parts > 20, "{parts} were served in part");
}
