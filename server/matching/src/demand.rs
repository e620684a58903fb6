//! What everybody would take at the prices. Organisations are shared out among threads: nobody's answer depends on
//! another organisation's, and sums are whole numbers, so that threads change nothing but the time.

use std::ops::Range;

use crate::{
    best::{Answer, Bid, Choice, Market},
    model::{Ask, Model},
    numbers::{index, int},
};

/// Organisations with more requests than this are bounded without their caps.
const SUBSET_MAX: usize = 20;

/// What is wanted together.
#[derive(Debug, Default)]
pub struct Sums {
    pub capacity: Vec<i64>,
    /// 1e-4 EUR.
    pub pots: Vec<i64>,
    /// Centi-hours.
    pub countries: Vec<i64>,
    pub groups: Vec<i64>,
    pub all: i64,
}

#[derive(Debug, Default)]
pub struct Demand {
    pub sums: Sums,
    /// By organisation: centi-hours, and 1e-4 EUR of headroom.
    pub own: Vec<(i64, i64)>,
}

impl Sums {
    pub fn new(model: &Model) -> Self {
        Self {
            capacity: vec![0; model.cap.len()],
            pots: vec![0; model.pots.len()],
            countries: vec![0; model.countries],
            groups: vec![0; model.shares.len()],
            all: 0,
        }
    }

    fn rows(&mut self) -> impl Iterator<Item = &mut i64> {
        let Self { capacity, pots, countries, groups, all } = self;
        capacity.iter_mut().chain(pots).chain(countries).chain(groups).chain([all])
    }

    pub fn add(&mut self, other: &Self) {
        let Self { capacity, pots, countries, groups, all } = other;
        let others = capacity.iter().chain(pots).chain(countries).chain(groups).chain([all]);
        self.rows().zip(others).for_each(|(wanted, more)| *wanted += more);
    }

    /// What everybody would want if they were like those who were asked: one part of so many.
    pub fn multiply(&mut self, of: usize) {
        self.rows().for_each(|wanted| *wanted = wanted.saturating_mul(int(of)));
    }

    /// Counts a choice; gives the centi-hours and the money it takes.
    fn count(&mut self, model: &Model, bid: &Bid<'_>, choice: Choice) -> (i64, i64) {
        let mut money = 0;
        let awarded = bid.uses(choice, |fit, week, gpus| {
            self.capacity[fit.pool * model.weeks + week] += gpus;
            money += fit.money * gpus;
        });
        self.pots[bid.pot()] += money;
        self.countries[bid.ask.country] += awarded;
        for (bit, group) in self.groups.iter_mut().enumerate() {
            *group += awarded * i64::from(bid.ask.groups >> bit & 1);
        }
        self.all += awarded;
        (awarded, money)
    }
}

impl Demand {
    pub fn clear(&mut self, model: &Model) {
        self.sums = Sums::new(model);
        self.own.clear();
        self.own.resize(model.hours_cap.len(), (0, 0));
    }

    pub const fn parts(&mut self) -> (&mut Sums, &mut Vec<(i64, i64)>) {
        (&mut self.sums, &mut self.own)
    }

    pub fn add(&mut self, model: &Model, bid: &Bid<'_>, choice: Choice) {
        let taken = self.sums.count(model, bid, choice);
        charge(&mut self.own[bid.ask.org], bid.ask, taken);
    }
}

const fn charge(own: &mut (i64, i64), ask: &Ask, (hours, money): (i64, i64)) {
    own.0 += hours;
    own.1 += if ask.de_minimis { money } else { 0 };
}

/// Some organisations that follow each other, and what is kept of them and of their requests.
pub struct Desk<'a> {
    pub model: &'a Model,
    pub orgs: Range<usize>,
    pub answers: &'a mut [Answer],
    liking: &'a mut [u16],
    /// By organisation: what they want of their own caps, or the rents of those.
    pub own: &'a mut [(i64, i64)],
}

impl<'a> Desk<'a> {
    /// All organisations in so many parts, with about as many requests in each.
    pub fn share(
        model: &'a Model,
        parts: usize,
        (mut answers, mut liking): (&'a mut [Answer], &'a mut [u16]),
        mut own: &'a mut [(i64, i64)],
    ) -> Vec<Self> {
        let (owners, all, parts) = (&model.owners, answers.len(), parts.max(1));
        let (mut desks, mut begin) = (Vec::with_capacity(parts), 0);
        for part in 1..=parts {
            let mut end = begin;
            while end < owners.orgs() && (part == parts || owners.begin(end) < all * part / parts) {
                end += 1;
            }
            let count = owners.begin(end) - owners.begin(begin);
            let (some_answers, some_liking, some_own);
            (some_answers, answers) = answers.split_at_mut(count);
            (some_liking, liking) = liking.split_at_mut(count);
            (some_own, own) = own.split_at_mut(end - begin);
            desks.push(Self { model, orgs: begin..end, answers: some_answers, liking: some_liking, own: some_own });
            begin = end;
        }
        desks
    }

    /// Where the answers of an organisation are.
    pub fn places(&self, org: usize) -> Range<usize> {
        let owners = &self.model.owners;
        let first = owners.begin(self.orgs.start);
        owners.begin(org) - first..owners.begin(org + 1) - first
    }

    /// Those in the sample answer the prices; gives their value.
    pub fn answer(&mut self, market: Market<'_>, sample: crate::dual::Sample, sums: &mut Sums) -> i128 {
        let (model, mut total) = (self.model, 0);
        for org in self.orgs.clone().filter(|org| sample.has(*org)) {
            let (places, asks) = (self.places(org), model.owners.requests(org));
            let answers = &mut self.answers[places.clone()];
            for (answer, ask) in answers.iter_mut().zip(asks) {
                let ask = &model.asks[index(*ask)];
                let bid = market.bid(ask, market.own(ask));
                *answer = bid.map_or_else(Answer::default, |bid| bid.answer(answer.choice));
            }
            total += choose(model, org, answers);
            let own = &mut self.own[org - self.orgs.start];
            for ((answer, ask), liking) in answers.iter().zip(asks).zip(&mut self.liking[places]) {
                let ask = &model.asks[index(*ask)];
                let is_in = answer.choice != Choice::Nothing;
                *liking = *liking - *liking / 8 + if is_in { 128 } else { 0 };
                if is_in && let Some(bid) = market.bid(ask, market.own(ask)) {
                    charge(own, ask, sums.count(model, &bid, answer.choice));
                }
            }
        }
        total
    }
}

/// What everybody makes of their own, each in a thread of its own but the first. Threads that last no longer than the
/// work cost little, and one that panics keeps nobody waiting.
pub fn together<O: Send, T: Send>(owners: &mut [O], work: impl Fn(&mut O) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let mut owners = owners.iter_mut();
        let first = owners.next();
        let others: Vec<_> = owners.map(|own| scope.spawn(move || work(own))).collect();
        let mut made: Vec<T> = first.map(work).into_iter().collect();
        for other in others {
            made.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}

/// The most valuable of an organisation's answers that its own caps allow; the others are taken back. Gives their
/// value.
pub fn choose(model: &Model, org: usize, answers: &mut [Answer]) -> i128 {
    let asks = model.owners.requests(org);
    let (hours, money) = (model.hours_cap[org], model.money_cap[org]);
    let (mut all, mut least_hours, mut least_money, mut count) = (0_i128, 0_i64, 0_i64, 0);
    for (answer, ask) in answers.iter().zip(asks).filter(|(answer, _)| answer.value > 0) {
        let ask = &model.asks[index(*ask)];
        all += i128::from(answer.value);
        (least_hours, least_money) = (least_hours + ask.least, least_money.saturating_add(ask.least_money));
        count += 1;
    }
    if (least_hours <= hours && least_money <= money) || count > SUBSET_MAX {
        return all;
    }
    let mut items: Vec<usize> = (0..answers.len()).filter(|one| answers[*one].value > 0).collect();
    items.sort_by_key(|one| std::cmp::Reverse(answers[*one].value));
    let figures = items.iter().map(|one| {
        let ask = &model.asks[index(asks[*one])];
        (i128::from(answers[*one].value), ask.least, ask.least_money)
    });
    let figures: Vec<(i128, i64, i64)> = figures.collect();
    let mut best = (-1, 0_u32);
    subset(&figures, 0, 0, (hours, money), all, 0, &mut best);
    for (bit, one) in items.iter().enumerate() {
        if best.1 >> bit & 1 == 0 {
            answers[*one].choice = Choice::Nothing;
        }
    }
    best.0
}

fn subset(
    items: &[(i128, i64, i64)],
    at: usize,
    value: i128,
    left: (i64, i64),
    rest: i128,
    chosen: u32,
    best: &mut (i128, u32),
) {
    if value > best.0 {
        *best = (value, chosen);
    }
    let Some((worth, hours, money)) = items.get(at).copied() else { return };
    if value + rest <= best.0 {
        return;
    }
    if hours <= left.0 && money <= left.1 {
        let left = (left.0 - hours, left.1 - money);
        subset(items, at + 1, value + worth, left, rest - worth, chosen | 1 << at, best);
    }
    subset(items, at + 1, value, left, rest - worth, chosen, best);
}
