//! What would have become of a request that got nothing if it had asked for something else and the others could move:
//! the search goes on from the published plan, for this one request, once for each of a few seeds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    best::{Rents, Tables},
    dice::Dice,
    explain::{Cause, Change, Explanation, changes, explain_without},
    improve::{Improver, Mood},
    instance::Instance,
    model::Model,
    place::{Guide, placed},
    plan::{Placed, Plan},
    solution::{Award, Solution},
    standing::Standing,
};

/// Moves for one request with one seed. A change has to do with every seed: one lucky plan is no promise.
const MOVES: u64 = 40;
const SEEDS: u64 = 5;

/// A change with which the request would have been served, and a plan that serves it: of the changed instance, worth no
/// less than the published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerun {
    pub request: usize,
    pub change: Change,
    pub awards: Vec<Award>,
}

/// As [`explain_without`], with re-runs for those of best merit who got nothing, at most so many: a re-run takes some
/// milliseconds for each.
pub fn explain_after(instance: &Instance, solution: &Solution, standing: &Standing, reruns: usize) -> Vec<Explanation> {
    let mut explanations = explain_without(instance, solution, standing);
    let refused = explanations.iter().filter(|one| one.hours == 0 && one.cause != Cause::LeftOut);
    let mut numbers: Vec<usize> = refused.map(|one| one.request).collect();
    numbers.sort_by_key(|number| (Reverse(instance.requests[*number].score), *number));
    numbers.truncate(reruns);
    for Rerun { request, change, .. } in rerun(instance, solution, standing, &numbers) {
        if let Ok(at) = explanations.binary_search_by_key(&request, |one| one.request)
            && !explanations[at].would_fit.contains(&change)
        {
            explanations[at].would_move.push(change);
        }
    }
    explanations
}

/// Every change that would have served one of these requests in a re-run. `requests` have no award in the solution,
/// which must have been verified; whoever is promised or excluded stays so. Without prices in the solution nothing is
/// known of where to look, and nothing is found.
pub fn rerun(instance: &Instance, solution: &Solution, standing: &Standing, requests: &[usize]) -> Vec<Rerun> {
    let mut extended = instance.clone();
    let mut variants: Vec<(usize, usize, Change)> = Vec::new();
    let may_ask = |number: &&usize| **number < instance.requests.len() && !standing.excluded.contains(number);
    for number in requests.iter().filter(may_ask) {
        for (change, changed) in changes(instance, &instance.requests[*number]) {
            variants.push((*number, extended.requests.len(), change));
            extended.requests.push(changed);
        }
    }
    let model = Model::new(&extended);
    let Some(rents) = solution.prices.as_ref().and_then(|prices| Rents::read(&model, prices)) else {
        return Vec::new();
    };
    let tables = Tables::of(&model, &rents);
    let guide = Guide::new(&model, &rents, &tables);
    let mut plan = Plan::empty(&model);
    for award in &solution.awards {
        if let Some(placed) = placed(&model, award) {
            plan.insert(award.request, placed);
        }
    }
    let all: BTreeSet<usize> = variants.iter().map(|(_, variant, _)| *variant).collect();
    let of_variants = variants.iter().flat_map(|(request, variant, _)| {
        let places = standing.refused.iter().filter(move |(number, _, _)| number == request);
        places.map(move |(_, pool, start)| (*variant, *pool, *start))
    });
    plan.turn_down(standing.refused.iter().copied().chain(of_variants).collect());
    let promised = standing.promised.clone();
    let before: BTreeMap<usize, Placed> = BTreeMap::new();
    let mut found = Vec::new();
    for (request, variant, change) in variants {
        // It asks for the change instead, and nobody else does.
        let mut excluded: BTreeSet<usize> = all.union(&standing.excluded).copied().collect();
        excluded.remove(&variant);
        excluded.insert(request);
        plan.stand(before.clone(), &promised, &excluded, 0);
        let tried = (1..=SEEDS).map(|seed| served(&guide, &plan, variant, seed));
        let served: Option<Vec<Plan<'_>>> = tried.collect();
        let Some(served) = served.and_then(|mut plans| plans.pop()) else { continue };
        let award = |(number, placed): (usize, &Option<Placed>)| {
            let placed = placed.as_ref()?;
            let request = if number == variant { request } else { number };
            Some(Award { request, pot: placed.pot, segments: placed.segments.to_vec() })
        };
        let mut awards: Vec<Award> = served.awards.iter().enumerate().filter_map(award).collect();
        awards.sort_by_key(|award| award.request);
        found.push(Rerun { request, change, awards });
    }
    found
}

/// A plan worth no less in which it has an award.
fn served<'a>(guide: &Guide<'_>, plan: &Plan<'a>, wanted: usize, seed: u64) -> Option<Plan<'a>> {
    // Nothing draws the search but what is wanted, and awards that pay more than they are worth.
    let mut potential = vec![0; plan.awards.len()];
    potential[wanted] = i64::MAX / 4;
    let mut next = plan.clone();
    let mut seeds = Dice::new(seed);
    // No move may make the plan worse, nor break a rule about shares, whatever that is worth.
    let mood = Mood { heat: 0, fine: i64::MAX / (1 << 40) };
    for _ in 0..MOVES {
        Improver::new(guide, &potential, &mut next).urge(wanted, seeds.next(), mood);
        if next.awards[wanted].is_some() && next.broken().is_none() {
            return Some(next);
        }
    }
    None
}
