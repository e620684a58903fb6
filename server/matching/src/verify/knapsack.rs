//! What the requests of a country can be worth at most when they share its pot and the caps of their organisations.

use super::ways::Way;

/// A request: exactly one of these is taken, and nothing may be one of them.
pub type Item = Vec<Way>;

/// Answers in the making that are followed; beyond, their bound counts.
const FOLLOWED: usize = 20_000;

/// So far: value, what is left of the pot, and of the caps of the organisation at hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    pot: i128,
    value: i128,
    hours: i128,
    headroom: i128,
}

/// Organisations with their requests, centi-hours and headroom. `None` if some request has no way.
pub fn most(mut orgs: Vec<(Vec<Item>, i128, i128)>, pot: i128) -> Option<i128> {
    for (items, hours, headroom) in &mut orgs {
        for way in items.iter_mut().flatten() {
            way.hours = if *hours == i128::MAX { 0 } else { way.hours };
        }
        loosen(items, *hours, *headroom);
    }
    // Whoever is held by caps of his own comes first: the others are bounded well by the price of the pot.
    orgs.sort_by_key(|(items, _, _)| {
        std::cmp::Reverse(items.iter().flatten().filter(|way| way.hours + way.headroom > 0).count())
    });
    let price = price_of(&orgs, pot);
    let best = |item: &Item| item.iter().map(|way| way.value - price * way.own).max();
    let mut rest: i128 = 0;
    for item in orgs.iter().flat_map(|(items, _, _)| items) {
        rest += best(item)?;
    }
    let enough = simple(&orgs, pot, price);
    let mut parts = vec![Part { pot, value: 0, hours: 0, headroom: 0 }];
    for (items, hours, headroom) in &orgs {
        parts.iter_mut().for_each(|part| (part.hours, part.headroom) = (*hours, *headroom));
        for item in items {
            rest -= best(item)?;
            let mut next = Vec::new();
            for (part, way) in parts.iter().flat_map(|part| item.iter().map(move |way| (part, way))) {
                let one = Part {
                    pot: part.pot - way.own,
                    value: part.value + way.value,
                    hours: part.hours - way.hours,
                    headroom: part.headroom - way.headroom,
                };
                let is_possible = one.pot >= 0 && one.hours >= 0 && one.headroom >= 0;
                if is_possible && enough.is_none_or(|enough| one.value + price * one.pot + rest >= enough) {
                    next.push(one);
                }
            }
            parts = unbeaten(next);
            if parts.len() > FOLLOWED {
                return parts.iter().map(|part| part.value + price * part.pot + rest).max();
            }
        }
        parts.iter_mut().for_each(|part| (part.hours, part.headroom) = (0, 0));
        parts = unbeaten(parts);
    }
    parts.iter().map(|part| part.value).max()
}

/// Caps that nothing can reach are no caps.
fn loosen(items: &mut [Item], hours: i128, headroom: i128) {
    let most =
        |figure: &dyn Fn(&Way) -> i128| items.iter().filter_map(|item| item.iter().map(figure).max()).sum::<i128>();
    let (is_free, is_paid) = (most(&|way| way.hours) <= hours, most(&|way| way.headroom) <= headroom);
    for item in items {
        for way in item.iter_mut() {
            way.hours = if is_free { 0 } else { way.hours };
            way.headroom = if is_paid { 0 } else { way.headroom };
        }
        *item = super::ways::worth_a_look(std::mem::take(item));
    }
}

/// The lowest price of the pot at which no more is wanted than it has, by halving.
fn price_of(orgs: &[(Vec<Item>, i128, i128)], pot: i128) -> i128 {
    let wanted = |price: i128| {
        let items = orgs.iter().flat_map(|(items, _, _)| items);
        let best =
            |item: &Item| item.iter().max_by_key(|way| (way.value - price * way.own, -way.own)).map(|way| way.own);
        items.filter_map(best).sum::<i128>()
    };
    if wanted(0) <= pot {
        return 0;
    }
    let (mut low, mut high) = (0, 1 << 44);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if wanted(middle) <= pot { high = middle } else { low = middle }
    }
    high
}

/// A value that can be reached: everybody takes the best that is still possible.
fn simple(orgs: &[(Vec<Item>, i128, i128)], mut pot: i128, price: i128) -> Option<i128> {
    let mut value = 0;
    for (items, hours, headroom) in orgs {
        let (mut hours, mut headroom) = (*hours, *headroom);
        for item in items {
            let fitting = item.iter().filter(|way| way.own <= pot && way.hours <= hours && way.headroom <= headroom);
            let way = fitting.max_by_key(|way| way.value - price * way.own)?;
            value += way.value;
            (pot, hours, headroom) = (pot - way.own, hours - way.hours, headroom - way.headroom);
        }
    }
    Some(value)
}

fn unbeaten(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_unstable_by(|one, other| other.cmp(one));
    let mut kept: Vec<Part> = Vec::new();
    for part in parts {
        // Those before it have as much of the pot left; the last ones are worth most.
        let beats =
            |other: &Part| other.value >= part.value && other.hours >= part.hours && other.headroom >= part.headroom;
        if !kept.iter().rev().any(beats) {
            kept.push(part);
        }
    }
    kept
}
