//! Every way in which one request could be served in a case, one by one.

use std::ops::Range;

use super::{
    bound::{Case, Place, SCALE, Terms, rectangle, take, totals, unpaid},
    rules::is_eligible,
};
use crate::{
    instance::Mode,
    numbers::{down, int},
    solution::Test,
};

/// A way to serve a request: its value less rent, and what it takes of what its country and organisation have alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Out of the country's own pot, and of the organisation's headroom, 1e-4 EUR.
    pub own: i128,
    pub headroom: i128,
    /// Centi-hours.
    pub hours: i128,
    pub value: i128,
}

/// What a case says of one request, as tests that it passes or fails.
pub type Said = Vec<(Test, bool)>;

/// The ways, and whether one of them has to be taken.
pub struct Ways {
    pub ways: Vec<Way>,
    pub is_awarded: bool,
}

/// A way without its pot.
struct Bare {
    value: i128,
    hours: i64,
    money: i64,
}

/// `own` is the pot that is for the country of the request alone.
pub fn ways(case: &Case<'_>, said: &Said, own: Option<usize>) -> Ways {
    let is_awarded = said.iter().any(|(_, is_passed)| *is_passed);
    let mut all = Ways { ways: Vec::new(), is_awarded };
    if said.contains(&(Test::Awarded, false)) {
        return all;
    }
    let Some(mut terms) = case.terms() else { return all };
    let request = case.request;
    let headroom_price = case.prices.org_eur.get(&request.org).copied().filter(|_| request.de_minimis).unwrap_or(0);
    let mut add = |bare: &Bare, pot: usize, value: i128| {
        let money = i128::from(bare.money);
        all.ways.push(Way {
            own: if own == Some(pot) { money } else { 0 },
            headroom: if request.de_minimis { money } else { 0 },
            hours: i128::from(bare.hours),
            value,
        });
    };
    let may_pay = |pot: usize, money: i64| {
        let pot_said = said.iter().all(|(test, is_passed)| match test {
            Test::Pot(named) => (*named == pot) == *is_passed,
            _ => true,
        });
        pot_said && i128::from(money) <= SCALE * i128::from(case.instance.pots[pot].eur)
    };
    let pots = (0..case.instance.pots.len()).filter(|pot| is_eligible(case.instance, request, *pot));
    let pots: Vec<usize> = pots.collect();
    let euro = |pot: usize| i128::from(case.prices.pot[pot] + headroom_price);
    if request.split {
        let places = case.places();
        for pot in pots {
            terms.euro = euro(pot);
            let (value, least_money) = case.split(&terms, &places);
            let money = i64::try_from(least_money.unwrap_or_default()).unwrap_or(i64::MAX);
            if let Some(value) = value.filter(|_| may_pay(pot, money)) {
                add(&Bare { value, hours: terms.least, money }, pot, value);
            }
        }
        return all;
    }
    terms.euro = 0;
    for bare in bare(case, &terms, said) {
        for pot in pots.iter().filter(|pot| may_pay(**pot, bare.money)) {
            add(&bare, *pot, bare.value - euro(*pot) * i128::from(bare.money));
        }
    }
    all
}

fn bare(case: &Case<'_>, terms: &Terms, said: &Said) -> Vec<Bare> {
    let may = |pool: usize, start: usize, hours: i64| {
        said.iter().all(|(test, is_passed)| {
            let passes = match test {
                Test::Awarded => true,
                Test::Pool(named) => *named == pool,
                Test::Before(week) => start < *week,
                Test::Hours(least) => hours >= *least,
                Test::Pot(_) => return true,
            };
            passes == *is_passed
        })
    };
    let mut found = Vec::new();
    for place in case.places() {
        if case.request.mode == Mode::Block {
            blocks(case, terms, &place, |start, one| {
                if may(place.pool, start, one.hours) {
                    found.push(one);
                }
            });
        } else {
            flexible(case, terms, &place, |one| {
                if may(place.pool, case.request.earliest, one.hours) {
                    found.push(one);
                }
            });
        }
    }
    found
}

fn blocks(case: &Case<'_>, terms: &Terms, place: &Place, mut found: impl FnMut(usize, Bare)) {
    let request = case.request;
    let window: Range<usize> = request.earliest..request.deadline;
    for weeks in request.weeks_min..=request.weeks_max.min(window.len()) {
        let Some((low, high)) = rectangle(terms, place, weeks, request.gran) else { continue };
        for start in window.start..=window.end - weeks {
            let free = case.instance.pools[place.pool].cap[start..start + weeks].iter().min().copied().unwrap_or(0);
            let rent: i128 =
                case.prices.capacity[place.pool][start..start + weeks].iter().map(|one| i128::from(*one)).sum();
            let mut gpus = low;
            while gpus <= high.min(down(free, request.gran)) {
                let delivered = place.hours * int(weeks) * gpus;
                let hours = terms.full.min(delivered);
                let lost = place.elsewhere * i128::from(delivered) + rent * i128::from(gpus);
                let value = SCALE * (terms.coefficient * i128::from(hours) - lost) + terms.base;
                found(start, Bare { value, hours, money: place.money * int(weeks) * gpus });
                gpus += request.gran;
            }
        }
    }
}

fn flexible(case: &Case<'_>, terms: &Terms, place: &Place, mut found: impl FnMut(Bare)) {
    let gran = case.request.gran;
    let mut weeks = case.weeks_of(terms, place);
    weeks.sort_unstable_by_key(|(value, _)| std::cmp::Reverse(*value));
    let mut most = (terms.money_left / place.money.max(1)).min(1 << 30);
    if terms.hours_left < terms.full {
        most = most.min(terms.hours_left / place.hours);
    }
    let offered = weeks.iter().map(|(_, gpus)| gpus).sum();
    let Some(all) = totals(terms, place, (offered, most), gran) else { return };
    let mut one = |total: i64| {
        let value = take(&weeks, total) - unpaid(terms, place, total) + terms.base;
        found(Bare { value, hours: terms.full.min(place.hours * total), money: place.money * total });
    };
    let mut total = all.part.0;
    while total <= all.part.1 {
        one(total);
        total += gran;
    }
    if let Some(over) = all.over {
        one(over);
    }
}

/// Without those that another one beats in everything.
pub fn worth_a_look(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_unstable_by_key(|way| (std::cmp::Reverse(way.value), way.own, way.hours, way.headroom));
    let mut kept: Vec<Way> = Vec::new();
    for way in ways {
        let beats = |other: &Way| other.own <= way.own && other.hours <= way.hours && other.headroom <= way.headroom;
        if !kept.iter().any(beats) {
            kept.push(way);
        }
    }
    kept
}
