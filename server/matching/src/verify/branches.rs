//! The bound that a tree of cases proves. Every case is one way or the other at each fork, so that the cases of a whole
//! tree are all there are; each is bounded by prices of its own.
//!
//! In a case, each country makes the best of what its requests could have: every request in one of its ways or without
//! an award, within the pot that is for that country alone and within the caps of its organisations.

use std::collections::BTreeMap;

use super::{
    bound::{Case, SCALE, fits, offered},
    knapsack::{Item, most},
    ways::{Said, Way, ways, worth_a_look},
};
use crate::{
    instance::{Instance, Mode},
    solution::{Branches, Node, Prices, Test},
};

/// In units of the objective, rounded up; what is wrong with the tree otherwise, and where.
pub fn bound(instance: &Instance, branches: &Branches) -> Result<i128, String> {
    let above = check(instance, branches)?;
    for (number, prices) in branches.prices.iter().enumerate() {
        fits(instance, prices).map_err(|what| format!("branches.prices[{number}]: {what}"))?;
    }
    let mut bound = 0;
    for (number, node) in branches.nodes.iter().enumerate() {
        let Node::Leaf { prices } = node else { continue };
        let mut said: BTreeMap<usize, Said> = BTreeMap::new();
        let mut at = number;
        while let Some((parent, request, test, is_passed)) = above[at] {
            said.entry(request).or_default().push((test, is_passed));
            at = parent;
        }
        if let Some(own) = of_case(instance, &branches.prices[*prices], &said) {
            bound = own.max(bound);
        }
    }
    Ok(bound)
}

type Above = Option<(usize, usize, Test, bool)>;

/// Whether the cases of the tree are all there are: gives for each node where it hangs, and by which test.
fn check(instance: &Instance, branches: &Branches) -> Result<Vec<Above>, String> {
    let mut above: Vec<Above> = vec![None; branches.nodes.len()];
    if branches.nodes.is_empty() {
        return Err("branches.nodes: there is no first".to_owned());
    }
    if !instance.has_few_ways() {
        return Err("branches: the call is too large for them".to_owned());
    }
    for (number, node) in branches.nodes.iter().enumerate() {
        let fault = |what: &str| Err(format!("branches.nodes[{number}]: {what}"));
        if number > 0 && above[number].is_none() {
            return fault("it hangs nowhere");
        }
        match *node {
            Node::Leaf { prices } if prices >= branches.prices.len() => return fault("no such prices"),
            Node::Leaf { .. } => {}
            Node::Fork { request, test, yes, no } => {
                if let Some(what) = wrong(instance, request, test) {
                    return fault(what);
                }
                for (child, is_passed) in [(yes, true), (no, false)] {
                    if child <= number || child >= branches.nodes.len() {
                        return fault("a case of it is not after it");
                    }
                    if above[child].is_some() {
                        return fault("a case of it hangs elsewhere too");
                    }
                    above[child] = Some((number, request, test, is_passed));
                }
            }
        }
    }
    Ok(above)
}

/// What is wrong with a test of this request.
fn wrong(instance: &Instance, request: usize, test: Test) -> Option<&'static str> {
    let Some(request) = instance.requests.get(request) else { return Some("no such request") };
    match test {
        Test::Awarded => None,
        Test::Pool(pool) if pool >= instance.pools.len() => Some("no such pool"),
        Test::Pot(pot) if pot >= instance.pots.len() => Some("no such pot"),
        Test::Pool(_) | Test::Hours(_) if request.split => Some("not of a request that may change pools"),
        Test::Before(_) if request.mode != Mode::Block => Some("only a block starts once"),
        Test::Pool(_) | Test::Pot(_) | Test::Before(_) | Test::Hours(_) => None,
    }
}

/// What the prices prove of one case; `None` if nothing can be as it says.
fn of_case(instance: &Instance, prices: &Prices, said: &BTreeMap<usize, Said>) -> Option<i128> {
    let mut total = offered(instance, prices);
    let mut by_country: BTreeMap<&str, BTreeMap<usize, Vec<Item>>> = BTreeMap::new();
    let nothing = Said::new();
    for (number, request) in instance.requests.iter().enumerate() {
        let country = instance.orgs[request.org].country.as_str();
        let case = Case { instance, prices, request };
        let found = ways(&case, said.get(&number).unwrap_or(&nothing), own_pot(instance, country));
        let mut all = found.ways;
        if !found.is_awarded {
            all.push(Way { own: 0, headroom: 0, hours: 0, value: 0 });
        }
        by_country.entry(country).or_default().entry(request.org).or_default().push(worth_a_look(all));
    }
    for (country, by_org) in by_country {
        let pot = own_pot(instance, country).map_or(0, |pot| SCALE * i128::from(instance.pots[pot].eur));
        let orgs = by_org.into_iter().map(|(number, items)| {
            let org = &instance.orgs[number];
            let hours = org.cap_hours.map_or(i128::MAX, |hours| 100 * i128::from(hours));
            (items, hours, SCALE * i128::from(org.de_minimis_eur))
        });
        total += most(orgs.collect(), pot)?;
    }
    Some((total + SCALE - 1).div_euclid(SCALE))
}

/// The first pot that is for this country alone.
fn own_pot(instance: &Instance, country: &str) -> Option<usize> {
    instance.pots.iter().position(|pot| pot.country.as_deref() == Some(country))
}
