//! Requests that come after a plan was made: each gets the best place beside everything in it, and nobody moves.

use crate::{
    best::{Rents, Tables},
    instance::{Fault, Instance},
    model::{Model, NO_CAP},
    numbers::int,
    place::Guide,
    plan::Plan,
    solution::{Award, Solution},
};

/// Places those who come, in this order: first come, first served. Who finds no place, or only one that would break a
/// rule about shares, or one broken already still more, is left out. Where there is a choice, the prices of the solution decide.
///
/// `coming` are places in the instance's requests, without an award in the solution, which must have been verified.
/// Only they are looked at closely: it takes milliseconds beside any number of others.
pub fn newcomers(instance: &Instance, solution: &Solution, coming: &[usize]) -> Result<Vec<Award>, Vec<Fault>> {
    let unknown = coming.iter().filter(|number| **number >= instance.requests.len());
    let faults: Vec<Fault> =
        unknown.map(|number| Fault { at: format!("requests[{number}]"), what: "no such request" }).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let small = with_only(instance, coming);
    small.check()?;
    let model = Model::new(&small);
    let mut plan = Plan::empty(&model);
    for award in &solution.awards {
        charge(&mut plan, instance, award);
    }
    let rents = solution.prices.as_ref().and_then(|prices| Rents::read(&model, prices));
    let rents = rents.unwrap_or_else(|| Rents::zero(&model));
    let tables = Tables::of(&model, &rents);
    let guide = Guide::new(&model, &rents, &tables);
    let mut awards = Vec::new();
    for (number, request) in coming.iter().enumerate() {
        let Some((_, placed)) = guide.place(&plan, number) else { continue };
        let before = plan.excess();
        let award = Award { request: *request, pot: placed.pot, segments: placed.segments.to_vec() };
        plan.insert(number, placed);
        if plan.excess() > before {
            plan.remove(number);
        } else {
            awards.push(award);
        }
    }
    Ok(awards)
}

/// The same instance as if nobody else had asked.
fn with_only(instance: &Instance, requests: &[usize]) -> Instance {
    Instance {
        format: instance.format.clone(),
        name: instance.name.clone(),
        seed: instance.seed,
        weeks: instance.weeks,
        hours_per_week: instance.hours_per_week,
        countries: instance.countries.clone(),
        sites: instance.sites.clone(),
        latency_ms: instance.latency_ms.clone(),
        pools: instance.pools.clone(),
        pots: instance.pots.clone(),
        orgs: instance.orgs.clone(),
        params: instance.params.clone(),
        floors: instance.floors.clone(),
        requests: requests.iter().map(|number| instance.requests[*number].clone()).collect(),
    }
}

/// Takes what an award of somebody else holds out of the plan, and counts it towards the shares of the whole.
fn charge(plan: &mut Plan<'_>, instance: &Instance, award: &Award) {
    let request = &instance.requests[award.request];
    let (mut delivered, mut money) = (0, 0);
    for segment in &award.segments {
        let pool = &instance.pools[segment.pool];
        let hours = instance.hours_per_week * segment.gpus * int(segment.weeks);
        delivered += hours * request.equiv.get(&pool.gpu).copied().unwrap_or(0);
        money += hours * pool.price_c * request.subsidy_pct;
        let first = segment.pool * instance.weeks + segment.start;
        for free in &mut plan.free[first..first + segment.weeks] {
            *free -= segment.gpus;
        }
    }
    let hours = delivered.min(100 * request.hours);
    plan.pots[award.pot] -= money;
    if plan.hours[request.org] < NO_CAP {
        plan.hours[request.org] -= hours;
    }
    if request.de_minimis {
        plan.money[request.org] -= money;
    }
    let org = &instance.orgs[request.org];
    if let Some(country) = instance.countries.iter().position(|code| *code == org.country) {
        plan.by_country[country] += hours;
    }
    for (group, share) in plan.by_group.iter_mut().zip(&instance.params.min_share) {
        *group += if share.sizes.contains(&org.size) { hours } else { 0 };
    }
    plan.all += hours;
}
