//! A wrong file is refused with every fault at once, each at its place.

use std::ops::ControlFlow;

use matching::{Fault, solve};

use crate::{LITTLE, call};

#[test]
fn every_fault_is_told_at_its_place() {
    let mut instance = call(5, 1);
    instance.format = "something/9".to_owned();
    instance.pools[0].site = 99;
    instance.pools[1].cap.pop();
    instance.pools[1].cap.push(-1);
    instance.orgs[0].country = "XX".to_owned();
    instance.requests[0].org = 99;
    instance.requests[1].min_hours = instance.requests[1].hours + 1;
    instance.requests[2].deadline = 99;
    instance.requests[3].pots.push("nowhere".to_owned());
    instance.requests[4].gran = 0;
    instance.floors.push(instance.floors[0].clone());
    instance.pots.push(instance.pots[0].clone());
    instance.countries.push(instance.countries[0].clone());
    instance.requests.push(instance.requests[0].clone());
    instance.params.class_pct[0] = 201;
    let second_pot = format!("pots[{}]", instance.pots.len() - 1);
    let second_country = format!("countries[{}]", instance.countries.len() - 1);
    let twice = format!("floors[{}].country", instance.floors.len() - 1);
    let faults = solve(&instance, LITTLE, |_| ControlFlow::Continue(())).unwrap_err();
    let places: Vec<&str> = faults.iter().map(|Fault { at, .. }| at.as_str()).collect();
    for place in [
        "format",
        "pools[0].site",
        "pools[1].cap",
        "orgs[0].country",
        "requests[0].org",
        "requests[1].min_hours",
        "requests[2].deadline",
        "requests[3].pots",
        "requests[4].gran",
        "params.class_pct",
        "requests[5]",
        &second_pot,
        &second_country,
        &twice,
    ] {
        assert!(places.contains(&place), "{place} in {places:?}");
    }
    assert_eq!(faults[0].to_string(), "format: not an instance of version 1");
}

#[test]
fn more_than_can_be_summed_and_endless_durations_are_no_trouble() {
    let mut instance = call(5, 1);
    let large = matching::Request { hours: 20_000_000, score: 500, ..instance.requests[0].clone() };
    let numbered = |number: usize| matching::Request { id: number.to_string(), ..large.clone() };
    instance.requests = (0..200_000).map(numbered).collect();
    let faults = solve(&instance, LITTLE, |_| ControlFlow::Continue(())).unwrap_err();
    assert!(faults.iter().any(|fault| fault.at == "requests"), "{faults:?}");
    let mut endless = call(30, 2);
    endless.requests.iter_mut().for_each(|request| request.weeks_max = usize::MAX);
    let solution = solve(&endless, LITTLE, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(matching::verify::verify(&endless, &solution).violations, Vec::<String>::new());
}
