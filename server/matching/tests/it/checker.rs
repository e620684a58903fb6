//! The checker finds each thing that can be wrong with a solution.

use matching::{Instance, Mode, Solution, verify::verify};

use crate::{call, solved};

fn violations(instance: &Instance, solution: &Solution, change: impl FnOnce(&mut Solution)) -> Vec<String> {
    let mut changed = solution.clone();
    change(&mut changed);
    verify(instance, &changed).violations
}

#[test]
fn each_broken_rule_and_false_claim_is_found() {
    let instance = call(50, 9);
    let solution = solved(&instance);
    let block = solution
        .awards
        .iter()
        .position(|award| instance.requests[award.request].mode == Mode::Block)
        .expect("a block was awarded");
    let find = |what: &str, change: &dyn Fn(&mut Solution)| {
        let found = violations(&instance, &solution, change);
        assert!(found.iter().any(|line| line.contains(what)), "{what}: {found:?}");
    };
    find("claimed objective", &|changed| changed.objective = changed.objective.map(|value| value + 1));
    find("claimed bound", &|changed| changed.upper_bound = changed.upper_bound.map(|value| value - 1));
    find("a price is negative", &|changed| changed.prices.as_mut().unwrap().pot[0] = -1);
    find("do not fit", &|changed| drop(changed.prices.as_mut().unwrap().capacity.pop()));
    find("above its bonus", &|changed| changed.prices.as_mut().unwrap().floor[0] = 1_000_000);
    find("awarded twice", &|changed| changed.awards.push(changed.awards[0].clone()));
    find("not a solution of version 1", &|changed| changed.format = "something/9".to_owned());
    find("a solution of", &|changed| changed.instance = "another".to_owned());
    find("after its deadline", &|changed| changed.awards[block].segments[0].start = usize::MAX);
    find("unknown request", &|changed| changed.awards[0].request = 5_000);
    find("is not eligible", &|changed| changed.awards[0].pot = 5_000);
    find("one segment", &|changed| {
        let mut more = changed.awards[block].segments[0];
        more.start += more.weeks;
        changed.awards[block].segments.push(more);
    });
    find("outside its range", &|changed| changed.awards[block].segments[0].weeks = 15);
    find("after its deadline", &|changed| changed.awards[block].segments[0].start = 200);
    find("not acceptable", &|changed| changed.awards[0].segments[0].pool = 5_000);
    find("GPUs are not allowed", &|changed| changed.awards[block].segments[0].gpus = 999_999_999);
    find("overlaps", &|changed| {
        let twice = changed.awards.iter_mut().find(|award| instance.requests[award.request].mode == Mode::Flex);
        let twice = twice.expect("a flexible one was awarded");
        let again = twice.segments[0];
        twice.segments.push(again);
    });
    let mut scarce = instance.clone();
    scarce.pools.iter_mut().for_each(|pool| pool.cap.fill(0));
    assert!(verify(&scarce, &solution).violations.iter().any(|line| line.contains("capacity of")));
    let mut poor = instance.clone();
    poor.pots.iter_mut().for_each(|pot| pot.eur = 0);
    assert!(verify(&poor, &solution).violations.iter().any(|line| line.contains("pot ")));
    let mut strict = instance.clone();
    strict.params.country_max_pct = 1;
    strict.params.min_share[0].pct = 100;
    let found = verify(&strict, &solution).violations;
    assert!(
        found.iter().any(|line| line.starts_with("country ")) && found.iter().any(|line| line.starts_with("share "))
    );
    let mut capped = instance.clone();
    capped.orgs.iter_mut().for_each(|org| (org.cap_hours, org.de_minimis_eur) = (Some(0), 0));
    let found = verify(&capped, &solution).violations;
    assert!(found.iter().any(|line| line.contains("fair share")) && found.iter().any(|line| line.contains("headroom")));
}

#[test]
fn any_prices_bound_and_good_ones_bound_tighter() {
    let instance = call(40, 2);
    let solution = solved(&instance);
    let good = verify(&instance, &solution).upper_bound.unwrap();
    let mut free = solution.clone();
    let prices = free.prices.as_mut().unwrap();
    prices.capacity.iter_mut().flatten().chain(&mut prices.pot).for_each(|price| *price = 0);
    free.upper_bound = None;
    let verdict = verify(&instance, &free);
    assert_eq!(verdict.violations, Vec::<String>::new());
    assert!(verdict.upper_bound.unwrap() > good);
}
