//! Large-neighbourhood search by ejection: a request that loses much at the prices gets its place, those in its way
//! make room and look for other places, and the whole is kept if the plan got better, or hardly worse early on.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    dice::Dice,
    dual::Dual,
    model::{Fit, Kind, Rectangle, SCALE},
    numbers::{ceiling, down, index, int, small, up},
    place::Guide,
    plan::{Placed, Plan, worth},
    runs::Runs,
    solution::Segment,
};

/// Requests compared before one is tried.
const TOURNAMENT: usize = 12;
/// Others that look for a place after each ejection.
const GUESTS: usize = 4;
/// Awards of a pot asked at most whether another pot can pay them.
const PROBES: usize = 64;
/// Requests looked at for each of them at most: of a large call everybody would be far too many.
const BLAMED: usize = 256;
/// Ejected at most to keep the rules about shares.
const MENDED: usize = 3;

pub struct Improver<'a, 'p> {
    guide: &'a Guide<'a>,
    plan: &'a mut Plan<'p>,
    dice: Dice,
    /// What each request is worth at the prices at its best, less what it pays.
    potential: &'a [i64],
    journal: Vec<(usize, Option<Placed>)>,
    /// Of everybody with an award, what it is worth beyond its rent, whole and for each hour: asked for far more often
    /// than awards change.
    nets: Vec<(i64, i64)>,
}

/// How brave the search is.
#[derive(Debug, Clone, Copy)]
pub struct Mood {
    /// How much worse a move may make the plan: seldom once, more seldom twice.
    pub heat: i64,
    /// Rules about shares may be broken on the way, at so much for each centi-hour and per cent.
    pub fine: i64,
}

/// A good move: what everybody concerned had and has, and how much worse it may make the plan.
pub struct Move {
    changes: Vec<(usize, Option<Placed>, Option<Placed>)>,
    slack: i64,
}

/// What each request is worth at the prices at its best, less what it pays.
pub fn potential(dual: &Dual<'_>, count: usize) -> Vec<i64> {
    (0..count).map(|number| dual.answer(number).value / SCALE).collect()
}

impl<'a, 'p> Improver<'a, 'p> {
    pub fn new(guide: &'a Guide<'a>, potential: &'a [i64], plan: &'a mut Plan<'p>) -> Self {
        let nets = vec![(0, 0); plan.awards.len()];
        let mut improver = Self { guide, plan, dice: Dice::new(0), potential, journal: Vec::new(), nets };
        (0..improver.nets.len()).for_each(|number| improver.reckon(number));
        improver
    }

    /// One move, made if it is good.
    pub fn step(&mut self, seed: u64, mood: Mood) {
        self.attempt(seed, mood, None);
    }

    /// One move in favour of this request, made if it is good.
    pub fn urge(&mut self, wanted: usize, seed: u64, mood: Mood) {
        self.attempt(seed, mood, Some(wanted));
    }

    /// One move if it is good; the plan is afterwards as it was.
    pub fn suggest(&mut self, seed: u64, mood: Mood) -> Option<Move> {
        let slack = self.attempt(seed, mood, None)?;
        let mut had: BTreeMap<usize, Option<Placed>> = BTreeMap::new();
        for (number, placed) in &self.journal {
            had.entry(*number).or_insert_with(|| placed.clone());
        }
        let changes = had.into_iter().map(|(number, had)| (number, had, self.plan.awards[number].clone()));
        let changes: Vec<_> = changes.filter(|(_, had, now)| had != now).collect();
        self.take_back(0);
        (!changes.is_empty()).then_some(Move { changes, slack })
    }

    /// Makes a move that was suggested for an earlier plan, if it is still possible and good.
    pub fn adopt(&mut self, suggested: &Move, mood: Mood) {
        if suggested.changes.iter().any(|(number, had, _)| self.plan.awards[*number] != *had) {
            return;
        }
        let before = self.worth(mood.fine);
        self.journal.clear();
        for (number, _, _) in &suggested.changes {
            self.remove(*number);
        }
        for (number, _, now) in &suggested.changes {
            let Some(now) = now else { continue };
            if !self.plan.fits(*number, now) {
                self.take_back(0);
                return;
            }
            self.insert(*number, now.clone());
        }
        if self.worth(mood.fine) + suggested.slack < before {
            self.take_back(0);
        }
    }

    /// How much worse the plan might have become, if the move was kept: in favour of the wanted one, or of one that loses
    /// much.
    fn attempt(&mut self, seed: u64, Mood { heat, fine }: Mood, wanted: Option<usize>) -> Option<i64> {
        self.dice = Dice::new(seed);
        let before = self.worth(fine);
        self.journal.clear();
        let seed = wanted.unwrap_or_else(|| self.loser());
        let ejected = self.force(seed);
        let mut waiting = ejected;
        waiting.push(seed);
        for _ in 0..GUESTS {
            waiting.push(self.loser());
        }
        waiting.sort_by_key(|number| (Reverse(self.potential[*number]), *number));
        waiting.dedup();
        for number in waiting {
            self.settle(number);
        }
        if self.dice.below(2) == 0 {
            self.mend(seed);
        }
        let slack = heat * self.dice.halvings();
        let is_kept = self.worth(fine) + slack >= before;
        if !is_kept {
            self.take_back(0);
        }
        is_kept.then_some(slack)
    }

    fn worth(&self, fine: i64) -> i64 {
        let lost = fine.saturating_mul(self.plan.excess());
        let room = self.plan.worth_of_room(&self.guide.rents.shares, &self.guide.rents.countries);
        (self.plan.objective - self.plan.moved).saturating_sub(lost).saturating_add(room)
    }

    /// Ejects a few of those who have too much of the whole, if a rule about shares is broken.
    fn mend(&mut self, seed: usize) {
        for _ in 0..MENDED {
            let Some(broken) = self.plan.broken() else { return };
            let blamed = self.guide.blamed(broken);
            let mut among = some_of(blamed, BLAMED, &mut self.dice);
            among.retain(|number| index(*number) != seed);
            if !self.eject_cheapest(among, Self::by_hour, &mut Vec::new()) {
                return;
            }
        }
    }

    /// The one of a few that loses most against what the prices promise.
    fn loser(&mut self) -> usize {
        let count = self.plan.awards.len();
        let mut worst = (i64::MIN, 0);
        for _ in 0..=self.dice.below(TOURNAMENT) {
            let number = self.dice.below(count);
            let loss = self.potential[number] - self.net(number);
            if loss > worst.0 {
                worst = (loss, number);
            }
        }
        worst.1
    }

    fn net(&self, number: usize) -> i64 {
        self.nets[number].0
    }

    fn reckon(&mut self, number: usize) {
        self.nets[number] = self.plan.awards[number].as_ref().map_or((0, 0), |placed| {
            let floors = self.guide.tables.coefficient(self.guide.model, &self.guide.model.asks[number]);
            let merit = 100 * self.guide.model.asks[number].weight;
            let net = placed.value + (floors - merit) * placed.hours - self.guide.rent_of(placed);
            (net, net / (placed.hours / 100).max(1))
        });
    }

    fn remove(&mut self, number: usize) {
        if let Some(placed) = self.plan.remove(number) {
            self.nets[number] = (0, 0);
            self.journal.push((number, Some(placed)));
        }
    }

    fn insert(&mut self, number: usize, placed: Placed) {
        self.put(number, placed);
        self.journal.push((number, None));
    }

    fn put(&mut self, number: usize, placed: Placed) {
        self.plan.insert(number, placed);
        self.reckon(number);
    }

    /// Undoes what was done since the journal had so many entries.
    fn take_back(&mut self, mark: usize) {
        while self.journal.len() > mark
            && let Some((number, placed)) = self.journal.pop()
        {
            match placed {
                None => {
                    self.plan.remove(number);
                    self.nets[number] = (0, 0);
                }
                Some(placed) => self.put(number, placed),
            }
        }
    }

    /// Finds the request the best place in what is free, in exchange for the one it has.
    fn settle(&mut self, number: usize) {
        if self.plan.is_fixed(number) {
            return;
        }
        let has_any = self.plan.awards[number].is_some();
        let had_net = self.net(number);
        let most = self.guide.most(self.plan, number);
        if has_any && self.plan.had(number).is_none() && most.is_some_and(|most| most <= had_net) {
            return;
        }
        let mark = self.journal.len();
        self.remove(number);
        self.make_money(number);
        // Where it is not asked what was before, only what is better is looked for.
        let beyond = (has_any && self.plan.had(number).is_none()).then_some(had_net);
        let found = self.guide.place_beyond(self.plan, number, beyond);
        let found = found.map(|(net, placed)| (net - self.plan.penalty_of(number, &placed), placed));
        // Back to where it was is no move.
        if let Some(had) = self.plan.had(number).cloned()
            && self.plan.fits(number, &had)
            && found.as_ref().is_none_or(|(net, _)| had.value - self.guide.rent_of(&had) > *net)
        {
            self.insert(number, had);
            return;
        }
        match found {
            Some((net, placed)) if !has_any || net > had_net => self.insert(number, placed),
            _ => self.take_back(mark),
        }
    }

    /// Has the pot that most may use pay for less, if none of the request's pots could pay for all its hours.
    fn make_money(&mut self, number: usize) {
        let model = self.guide.model;
        let ask = &model.asks[number];
        let cost = |fit: Fit| ceiling(ask.full, fit.hours).saturating_mul(fit.money);
        let Some(cost) = model.fits_of(ask).map(cost).min() else { return };
        let pots = model.pots_for(ask);
        if pots.iter().any(|pot| self.plan.pots[*pot] >= cost) {
            return;
        }
        if let Some(pot) = pots.iter().copied().max_by_key(|pot| self.plan.in_pot(*pot).len()) {
            self.rebalance(pot, cost);
        }
    }

    /// Moves awards out of a pot into others that may pay them as well, until it can pay so much.
    fn rebalance(&mut self, pot: usize, money: i64) {
        let model = self.guide.model;
        for _ in 0..PROBES {
            let count = self.plan.in_pot(pot).len();
            if self.plan.pots[pot] >= money || count == 0 {
                return;
            }
            let number = index(self.plan.in_pot(pot)[self.dice.below(count)]);
            let Some(paid) = self.plan.awards[number].as_ref().map(|placed| placed.money) else { continue };
            let others = model.pots_for(&model.asks[number]).iter().copied();
            let richest = others.filter(|other| *other != pot).max_by_key(|other| self.plan.pots[*other]);
            if let Some(other) = richest
                && paid > 0
                && !self.plan.is_fixed(number)
                && self.plan.had(number).is_none()
                && self.plan.pots[other] >= paid
                && let Some(placed) = self.plan.awards[number].clone()
            {
                self.remove(number);
                self.insert(number, Placed { pot: other, ..placed });
            }
        }
    }

    /// Gives the request the place that the prices think best, and whoever stands in the way has to leave.
    fn force(&mut self, number: usize) -> Vec<usize> {
        if self.plan.is_fixed(number) {
            return Vec::new();
        }
        let Some(placed) = self.wish(number) else { return Vec::new() };
        let mut ejected = Vec::new();
        self.remove(number);
        for segment in placed.segments.iter() {
            if !self.clear(&segment, &mut ejected) {
                return ejected;
            }
        }
        let ask = &self.guide.model.asks[number];
        self.rebalance(placed.pot, placed.money);
        while self.plan.pots[placed.pot] < placed.money {
            let among = self.some_of_pot(placed.pot);
            if !self.eject_cheapest(among, Self::by_money, &mut ejected) {
                return ejected;
            }
        }
        loop {
            let (hours, money) = self.plan.own_left(ask);
            if hours >= placed.hours && money >= placed.money {
                break;
            }
            let siblings = self.guide.model.owners.requests(ask.org).to_vec();
            if !self.eject_cheapest(siblings, Self::by_hour, &mut ejected) {
                return ejected;
            }
        }
        self.insert(number, placed);
        ejected
    }

    /// All of a pot's holders, or as many as are asked: the lists of the Union's pots are long.
    fn some_of_pot(&mut self, pot: usize) -> Vec<u32> {
        some_of(self.plan.in_pot(pot), PROBES, &mut self.dice)
    }

    /// Empties enough of a pool's weeks: the least efficient awards leave first. False if promises hold too much.
    fn clear(&mut self, segment: &Segment, ejected: &mut Vec<usize>) -> bool {
        loop {
            let free = &self.plan.free_in(segment.pool)[segment.start..segment.start + segment.weeks];
            let Some(at) = free.iter().position(|free| *free < segment.gpus) else { return true };
            let there = self.plan.in_week(segment.pool, segment.start + at).map(small).collect();
            if !self.eject_cheapest(there, Self::by_hour, ejected) {
                return false;
            }
        }
    }

    /// The one with the least net value for what it takes leaves; false if nobody is there.
    fn eject_cheapest(
        &mut self,
        among: Vec<u32>,
        each: impl Fn(&Self, usize, &Placed) -> i64,
        ejected: &mut Vec<usize>,
    ) -> bool {
        let mut worst = None;
        for number in among.into_iter().map(index) {
            let Some(placed) = &self.plan.awards[number] else { continue };
            if self.plan.is_fixed(number) {
                continue;
            }
            let each = each(self, number, placed);
            let each = each + each.abs() * self.dice.between(-32, 31) / 128;
            if worst.is_none_or(|(least, _)| each < least) {
                worst = Some((each, number));
            }
        }
        let Some((_, number)) = worst else { return false };
        self.remove(number);
        ejected.push(number);
        true
    }

    fn by_hour(&self, number: usize, _: &Placed) -> i64 {
        self.nets[number].1
    }

    fn by_money(&self, number: usize, placed: &Placed) -> i64 {
        self.nets[number].0 / (placed.money / 100).max(1)
    }

    /// A place that the prices think good, as if the request were alone: each is judged with a little luck.
    fn wish(&mut self, number: usize) -> Option<Placed> {
        let model = self.guide.model;
        let ask = &model.asks[number];
        if ask.kind != Kind::Block {
            return self.run(number);
        }
        let trust = trust(&mut self.dice);
        let mut best: Option<(i64, &Rectangle, usize)> = None;
        for rectangle in model.rectangles_of(ask) {
            let (place, weeks, gpus) = (model.fit(ask, rectangle.fit()), rectangle.weeks(), rectangle.high());
            let delivered = (place.hours * int(weeks) * gpus).min(ask.full);
            let value = (100 * ask.weight - place.lost).saturating_mul(delivered);
            for start in ask.from..=ask.to - weeks {
                let rent = self.guide.tables.window(model, place.pool, start, weeks).saturating_mul(gpus);
                let net = value - misjudged(rent, trust, &mut self.dice);
                if best.is_none_or(|(other, _, _)| net > other) {
                    best = Some((net, rectangle, start));
                }
            }
        }
        let (_, rectangle, start) = best?;
        let (place, weeks) = (model.fit(ask, rectangle.fit()), rectangle.weeks());
        let free = model.windows[weeks - 1][place.pool * model.weeks + start];
        self.award(number, &place, start, weeks, rectangle.high().min(down(free, ask.gran)))
    }

    /// The award of a rectangle as if the request were alone; `None` if its own limits or every pot forbid it.
    fn award(&self, number: usize, place: &Fit, start: usize, weeks: usize, gpus: i64) -> Option<Placed> {
        let model = self.guide.model;
        let ask = &model.asks[number];
        let delivered = place.hours * int(weeks) * gpus;
        if delivered < ask.least || gpus < ask.low || self.plan.is_refused(number, place.pool, start) {
            return None;
        }
        let money = place.money * int(weeks) * gpus;
        let pots = model.pots_for(ask).iter().copied().filter(|pot| model.pots[*pot] >= money);
        let pot = pots.min_by_key(|pot| self.guide.rents.pots[*pot])?;
        let hours = delivered.min(ask.full);
        if hours > model.hours_cap[ask.org] || money > model.money_left(ask) {
            return None;
        }
        let value = worth(model, ask, hours, place.lost * delivered, 1);
        let segments = Runs::one(&Segment { pool: place.pool, start, weeks, gpus });
        Some(Placed { pot, segments, hours, money, value })
    }

    /// A run of weeks with the same gang for a flexible request, somewhere cheap.
    fn run(&mut self, number: usize) -> Option<Placed> {
        let model = self.guide.model;
        let ask = &model.asks[number];
        // No multiple of its step lies between its fewest and its most.
        if ask.low > ask.high {
            return None;
        }
        let trust = trust(&mut self.dice);
        let mut best: Option<(i64, Placed)> = None;
        for place in model.fits_of(ask) {
            let total = ceiling(ask.full, place.hours);
            let shortest = ceiling(total, ask.high).max(1);
            let spread = int(self.dice.below(3));
            let Ok(weeks) = usize::try_from((shortest + spread).min(int(ask.to - ask.from))) else { continue };
            let gpus = up(ceiling(total, int(weeks)), ask.gran).clamp(ask.low, ask.high);
            let start = ask.from + self.dice.below(ask.to - ask.from + 1 - weeks);
            let room = model.caps(place.pool)[start..start + weeks].iter().map(|free| ask.share_of(*free)).min();
            let gpus = gpus.min(room.unwrap_or(0));
            let Some(placed) = self.award(number, &place, start, weeks, gpus) else { continue };
            let net = placed.value - misjudged(self.guide.rent_of(&placed), trust, &mut self.dice);
            if best.as_ref().is_none_or(|(other, _)| net > *other) {
                best = Some((net, placed));
            }
        }
        best.map(|(_, placed)| placed)
    }
}

/// All, or so many of them by chance: some perhaps twice.
fn some_of(all: &[u32], most: usize, dice: &mut Dice) -> Vec<u32> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most).map(|_| all[dice.below(all.len())]).collect()
}

/// A rent, more or less: up to sixteen parts either way of how many two to this power is.
fn misjudged(rent: i64, trust: u32, dice: &mut Dice) -> i64 {
    (rent >> trust) * ((1 << trust) + dice.between(-16, 15))
}

/// The rents are trusted more in one move than in another.
fn trust(dice: &mut Dice) -> u32 {
    4 + small(dice.below(4))
}
