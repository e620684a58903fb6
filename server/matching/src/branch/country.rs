//! The requests of one country against what is theirs alone: its own pot, and the caps of its organisations. A knapsack
//! with several ways to take each item, solved exactly.

use crate::{
    model::NO_CAP,
    numbers::{index, small},
};

/// More partial answers than this are not followed: a bound takes their place.
const PARTIAL_MAX: usize = 1_000;
/// For a first answer only the most promising are followed.
const BEAM: usize = 12;
/// What is better by less than this part of the whole is not looked for, but counted as if it had been found.
const FINE: i128 = 20_000;

/// One way to serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Less rent, in ten-thousandths of the objective.
    pub value: i128,
    /// Out of the country's own pot, 1e-4 EUR.
    pub pot: i64,
    /// Of the organisation's caps: centi-hours, and 1e-4 EUR of headroom.
    pub hours: i64,
    pub money: i64,
    /// Place in a list that the caller keeps.
    pub option: u32,
}

/// A request with its ways; at most one is taken.
#[derive(Debug, Default)]
pub struct Group {
    pub items: Vec<Item>,
    /// Exactly one is taken.
    pub is_awarded: bool,
    /// Requests of one organisation follow each other.
    pub org: usize,
    /// What its organisation may have: centi-hours, and 1e-4 EUR.
    pub caps: (i64, i64),
}

/// What was found: never less than the best, and what was taken of each group.
#[derive(Debug)]
pub struct Found {
    pub value: i128,
    pub taken: Vec<Option<u32>>,
}

#[derive(Clone, Copy)]
struct Partial {
    value: i128,
    pot: i64,
    hours: i64,
    money: i64,
    /// In the trail of what was taken.
    trail: u32,
}

impl Partial {
    /// What costs nothing at the prices is not short, or hardly: without it there is less to compare.
    fn without_what_is_free(self, rent: Rent) -> Self {
        Self {
            pot: if rent.pot > 0 { self.pot } else { NO_CAP },
            hours: if rent.hours > 0 { self.hours } else { NO_CAP },
            money: if rent.money > 0 { self.money } else { NO_CAP },
            ..self
        }
    }
}

/// The ways that no other way beats in everything, the cheapest for the pot first.
pub fn keep_best(items: &mut Vec<Item>) {
    items.sort_unstable_by_key(|item| (item.pot, item.hours, item.money, -item.value, item.option));
    let mut kept: Vec<Item> = Vec::new();
    for item in items.iter() {
        let beats = |other: &Item| other.value >= item.value && other.hours <= item.hours && other.money <= item.money;
        // The last ones are the best by value, so most are beaten soon.
        if !kept.iter().rev().any(beats) {
            kept.push(*item);
        }
    }
    *items = kept;
}

/// Of the country's pot, and of the caps of the organisation: centi-hours and headroom.
#[derive(Debug, Clone, Copy, Default)]
struct Rent {
    pot: i64,
    hours: i64,
    money: i64,
}

impl Rent {
    fn of(self, pot: i64, hours: i64, money: i64) -> i128 {
        let product = |price: i64, amount: i64| i128::from(price) * i128::from(amount);
        product(self.pot, pot) + product(self.hours, hours) + product(self.money, money)
    }

    fn of_item(self, item: &Item) -> i128 {
        self.of(item.pot, item.hours, item.money)
    }
}

impl Group {
    /// The best item less rent; `None` for nothing.
    fn best(&self, rent: Rent) -> (i128, Option<&Item>) {
        let mut best: (i128, Option<&Item>) = (if self.is_awarded { i128::MIN } else { 0 }, None);
        for item in &self.items {
            let value = item.value - rent.of_item(item);
            if value > best.0 {
                best = (value, Some(item));
            }
        }
        best
    }
}

/// The lowest price, to a hundredth, at which no more is wanted than there is, searched from the one before.
fn priced(before: i64, is_enough: impl Fn(i64) -> bool) -> i64 {
    if is_enough(0) {
        return 0;
    }
    let (mut low, mut high) = (0, before.max(1));
    while high < 1 << 44 && !is_enough(high) {
        (low, high) = (high, high.saturating_mul(4));
    }
    while high - low > high / 128 + 1 {
        let middle = low + (high - low) / 2;
        if is_enough(middle) { high = middle } else { low = middle }
    }
    high
}

/// Prices for each group: of the pot, then of the caps of each organisation, then of the pot again.
fn rents(groups: &[Group], pot: i64, before: i64) -> Vec<Rent> {
    let mut rents = vec![Rent::default(); groups.len()];
    let mut start = before;
    for _ in 0..2 {
        let price = priced(start, |price| {
            let wanted =
                groups.iter().zip(&rents).filter_map(|(group, rent)| group.best(Rent { pot: price, ..*rent }).1);
            wanted.map(|item| item.pot).fold(0, i64::saturating_add) <= pot
        });
        rents.iter_mut().for_each(|rent| rent.pot = price);
        start = price;
        let mut first = 0;
        for org in groups.chunk_by(|one, other| one.org == other.org) {
            let own = &mut rents[first..first + org.len()];
            first += org.len();
            let (hours, money) = (org[0].caps.0, org[0].caps.1);
            let rent = own[0];
            let wanted = |rent: Rent, figure: fn(&Item) -> i64| {
                org.iter().filter_map(|group| group.best(rent).1).map(figure).fold(0, i64::saturating_add)
            };
            let by_hours =
                priced(rent.hours, |price| wanted(Rent { hours: price, ..rent }, |item| item.hours) <= hours);
            let rent = Rent { hours: by_hours, ..rent };
            let by_money =
                priced(rent.money, |price| wanted(Rent { money: price, ..rent }, |item| item.money) <= money);
            own.fill(Rent { money: by_money, ..rent });
        }
    }
    rents
}

struct Search<'a> {
    groups: &'a [Group],
    rents: Vec<Rent>,
    /// The most that the groups from here on can be worth at the prices, with the caps of organisations that begin
    /// here or later.
    rest: Vec<i128>,
    /// What was taken: item and the place before.
    trail: Vec<(Option<u32>, u32)>,
    best: (i128, u32),
}

/// The most valuable choice; `None` if nothing can satisfy those that must be served. `price` is of the pot, kept from
/// one time to the next.
pub fn choose(groups: &[Group], pot: i64, price: &mut i64) -> Option<Found> {
    let mut sure = 0_i64;
    for group in groups.iter().filter(|group| group.is_awarded) {
        sure = sure.saturating_add(group.items.iter().map(|item| item.pot).min()?);
    }
    if sure > pot {
        return None;
    }
    let rents = rents(groups, pot, *price);
    *price = rents.first().map_or(0, |rent| rent.pot);
    let mut rest = vec![0; groups.len() + 1];
    for (number, group) in groups.iter().enumerate().rev() {
        let is_first = number == 0 || groups[number - 1].org != group.org;
        let caps = if is_first { rents[number].of(0, group.caps.0, group.caps.1) } else { 0 };
        rest[number] = group.best(rents[number]).0 + rest[number + 1] + caps;
    }
    let most = i128::from(*price) * i128::from(pot) + rest[0];
    let mut search = Search { groups, rents, rest, trail: vec![(None, 0)], best: (i128::MIN, 0) };
    search.greedy(pot);
    search.run(pot, BEAM, 0);
    let found = search.run(pot, PARTIAL_MAX, most.max(0) / FINE);
    (found > i128::MIN).then(|| search.found(found))
}

impl Search<'_> {
    /// A first answer: each its best that still fits.
    fn greedy(&mut self, pot: i64) {
        let mut now = Partial { value: 0, pot, hours: 0, money: 0, trail: 0 };
        for number in 0..self.groups.len() {
            let group = &self.groups[number];
            self.enter(number, &mut now);
            let fitting = group.items.iter().filter(|item| fits(&now, item));
            let worth = |item: &&Item| item.value - self.rents[number].of_item(item);
            let best = fitting.max_by_key(worth).filter(|item| group.is_awarded || worth(item) > 0).copied();
            match best {
                Some(item) => now = self.taken(&now, &item),
                None if group.is_awarded => return,
                None => now.trail = self.leave(now.trail),
            }
        }
        self.best = (now.value, now.trail);
    }

    /// The caps of an organisation begin with its first request.
    fn enter(&self, number: usize, now: &mut Partial) {
        if number == 0 || self.groups[number - 1].org != self.groups[number].org {
            (now.hours, now.money) = self.groups[number].caps;
        }
    }

    fn taken(&mut self, now: &Partial, item: &Item) -> Partial {
        self.trail.push((Some(item.option), now.trail));
        Partial {
            value: now.value + item.value,
            pot: now.pot - item.pot,
            hours: now.hours - item.hours,
            money: now.money - item.money,
            trail: small(self.trail.len() - 1),
        }
    }

    fn leave(&mut self, before: u32) -> u32 {
        self.trail.push((None, before));
        small(self.trail.len() - 1)
    }

    /// Follows every partial answer that may end more than `slack` above the best, as long as there are not more than
    /// `width` of them. Gives what no answer exceeds, unless the width is that of a first answer.
    fn run(&mut self, pot: i64, width: usize, slack: i128) -> i128 {
        let mut partial = vec![Partial { value: 0, pot, hours: 0, money: 0, trail: 0 }];
        for number in 0..self.groups.len() {
            let group = &self.groups[number];
            let ends = self.groups.get(number + 1).is_none_or(|after| after.org != group.org);
            let (rest, rent) = (self.rest[number + 1], self.rents[number]);
            let left = |pot: i64, hours: i64, money: i64| {
                // What is left of an organisation's caps is of no use to others.
                if ends { rent.of(pot, 0, 0) } else { rent.of(pot, hours, money) }
            };
            let at_most = |one: &Partial| one.value + left(one.pot, one.hours, one.money) + rest;
            let enough = self.best.0.saturating_add(slack);
            let mut next: Vec<Partial> = Vec::with_capacity(partial.len() * 2);
            for mut now in partial {
                self.enter(number, &mut now);
                if !group.is_awarded && at_most(&now) > enough {
                    next.push(Partial { trail: self.leave(now.trail), ..now });
                }
                for item in group.items.iter().filter(|item| fits(&now, item)) {
                    let left = left(now.pot - item.pot, now.hours - item.hours, now.money - item.money);
                    if now.value + item.value + left + rest > enough {
                        next.push(self.taken(&now, item));
                    }
                }
            }
            if ends {
                next.iter_mut().for_each(|one| (one.hours, one.money) = (0, 0));
            }
            partial = undominated(next);
            if partial.len() > width && width == PARTIAL_MAX {
                partial = undominated(partial.iter().map(|one| one.without_what_is_free(rent)).collect());
            }
            if partial.len() > width {
                if width == PARTIAL_MAX {
                    return partial.iter().map(at_most).max().unwrap_or(enough).max(enough);
                }
                partial.sort_unstable_by_key(|one| std::cmp::Reverse((at_most(one), one.trail)));
                partial.truncate(width);
            }
        }
        let before = self.best.0;
        for one in partial {
            if one.value > self.best.0 {
                self.best = (one.value, one.trail);
            }
        }
        if before == i128::MIN { self.best.0 } else { self.best.0.max(before.saturating_add(slack)) }
    }

    fn found(&self, value: i128) -> Found {
        let mut taken = vec![None; self.groups.len()];
        let mut at = self.best.1;
        for slot in taken.iter_mut().rev() {
            let (item, before) = self.trail[index(at)];
            (*slot, at) = (item, before);
        }
        Found { value, taken }
    }
}

const fn fits(now: &Partial, item: &Item) -> bool {
    item.pot <= now.pot && item.hours <= now.hours && item.money <= now.money
}

/// Those that no other beats in everything.
fn undominated(mut all: Vec<Partial>) -> Vec<Partial> {
    all.sort_unstable_by_key(|one| std::cmp::Reverse((one.pot, one.value, one.hours, one.money, one.trail)));
    let mut kept: Vec<Partial> = Vec::with_capacity(all.len());
    for one in all {
        let beats = |other: &Partial| other.value >= one.value && other.hours >= one.hours && other.money >= one.money;
        if !kept.iter().rev().any(beats) {
            kept.push(one);
        }
    }
    kept
}
