//! The best place for one request in what a plan has left: value less rent, at the prices of the dual.

use std::cmp::Reverse;

use crate::{
    best::{Rents, Tables},
    model::{Ask, Fit, Kind, Model, Rectangle, SCALE},
    numbers::{ceiling, down, int, small, up},
    packed::Rank,
    plan::{Broken, Placed, Plan, worth},
    runs::Runs,
    solution::{Award, Segment},
};

/// What the search goes by: the prices, and the tables made of them.
pub struct Guide<'a> {
    pub model: &'a Model,
    pub rents: &'a Rents,
    pub tables: &'a Tables,
    /// By request: more than any award can be worth beyond its rent.
    tops: Vec<i64>,
    /// Which of a request's rectangles comes next when those that can be worth most come first, in the places of
    /// [`Model::rectangles`]; and which of a flexible request's fits, in those of [`Model::goals`].
    rectangles: Vec<Rank>,
    places: Vec<Rank>,
    /// Whose leaving helps where a rule about shares is broken: by country, and by minimum share.
    of_country: Vec<Vec<u32>>,
    outside: Vec<Vec<u32>>,
}

/// The best found so far.
struct Found {
    net: Option<i64>,
    placed: Option<Placed>,
}

impl Found {
    fn beats(&self, net: i64) -> bool {
        self.net.is_none_or(|best| net > best)
    }
}

/// One request in front of one plan.
struct Search<'a, 'b> {
    guide: &'a Guide<'a>,
    plan: &'a Plan<'b>,
    ask: &'a Ask,
    number: usize,
    hours_left: i64,
    money_left: i64,
    /// The fullest pot that may pay.
    richest: i64,
}

impl<'a> Guide<'a> {
    pub fn new(model: &'a Model, rents: &'a Rents, tables: &'a Tables) -> Self {
        let tops = Vec::with_capacity(model.asks.len());
        let blamed = |broken: Broken| {
            let to_blame = model.asks.iter().enumerate().filter(|(_, ask)| broken.is_blamed_on(ask));
            to_blame.map(|(number, _)| small(number)).collect()
        };
        let of_country = (0..model.countries).map(|country| blamed(Broken::Country(country))).collect();
        let outside = (0..model.shares.len()).map(|share| blamed(Broken::Share(share))).collect();
        let (rectangles, places) = (Vec::new(), Vec::new());
        let mut guide = Self { model, rents, tables, tops, rectangles, places, of_country, outside };
        guide.rectangles.reserve_exact(model.rectangles.len());
        guide.places.reserve_exact(model.goals.len());
        let mut nets: Vec<i64> = Vec::new();
        for ask in &model.asks {
            // Without a pot nothing is ever placed.
            let euro = model.pots_for(ask).iter().map(|pot| rents.pots[*pot]).min().unwrap_or(0);
            nets.clear();
            if ask.kind == Kind::Block {
                nets.extend(model.rectangles_of(ask).iter().map(|one| guide.most_of(ask, *one, euro)));
            } else {
                nets.extend(model.fits_of(ask).map(|place| guide.most_in(ask, &place, euro)));
            }
            let top = nets.iter().copied().max().unwrap_or(0);
            let ranks = if ask.kind == Kind::Block { &mut guide.rectangles } else { &mut guide.places };
            let first = ranks.len();
            ranks.extend(nets.iter().enumerate().map(|(number, net)| Rank::new(top.abs_diff(*net), number)));
            ranks[first..].sort_unstable();
            guide.tops.push(top);
        }
        guide
    }

    /// What the best gang of this rectangle is worth beyond the rent of its cheapest window.
    fn most_of(&self, ask: &Ask, rectangle: Rectangle, euro: i64) -> i64 {
        let (place, weeks) = (self.model.fit(ask, rectangle.fit()), rectangle.weeks());
        let starts = (ask.from, ask.to - weeks + 1 - ask.from);
        let rent = self.tables.cheapest_window(self.model, place.pool, weeks, starts);
        let (low, high) = (rectangle.low(), rectangle.high());
        let net = |gpus: i64| {
            let delivered = place.hours * int(weeks) * gpus;
            let money = self.money_rent(euro, place.money * int(weeks) * gpus);
            let value = worth(self.model, ask, delivered.min(ask.full), place.lost * delivered, 1);
            value - rent.saturating_mul(gpus).saturating_add(money)
        };
        [high, low.max(high - ask.gran), low].into_iter().map(net).max().unwrap_or(i64::MIN)
    }

    /// More than any award of a flexible request in this pool is worth beyond its rent.
    fn most_in(&self, ask: &Ask, place: &Fit, euro: i64) -> i64 {
        let caps = self.model.caps(place.pool);
        let rents = &self.rents.capacity[place.pool * self.model.weeks..];
        let each = (100 * ask.weight - place.lost) * place.hours - self.money_rent(euro, place.money);
        let (mut left, mut net) = (up(ceiling(ask.full, place.hours), ask.gran) + ask.high, ask.base);
        for week in self.tables.cheapest(self.model, place.pool) {
            let gain = each.saturating_sub(rents[week]);
            if left <= 0 || gain <= 0 {
                break;
            }
            let gpus = if (ask.from..ask.to).contains(&week) { ask.share_of(caps[week]) } else { 0 };
            net = net.saturating_add(gain.saturating_mul(gpus.min(left)));
            left -= gpus;
        }
        net
    }

    /// Those whose leaving helps where this rule is broken, in their order.
    pub fn blamed(&self, broken: Broken) -> &[u32] {
        match broken {
            Broken::Country(country) => &self.of_country[country],
            Broken::Share(share) => &self.outside[share],
        }
    }

    /// The award with the most value less rent that fits beside everything in the plan; `None` if nothing fits at all.
    pub fn place(&self, plan: &Plan<'_>, number: usize) -> Option<(i64, Placed)> {
        self.place_beyond(plan, number, None)
    }

    /// No award of this request is worth more beyond its rent; `None` of one that may change pools, of which it is not
    /// known.
    pub fn most(&self, plan: &Plan<'_>, number: usize) -> Option<i64> {
        let ask = &self.model.asks[number];
        (ask.kind != Kind::Split).then(|| self.tops[number].saturating_add(plan.floor_gain(ask.country, ask.full)))
    }

    /// As [`Self::place`], but only what is worth more than that.
    pub fn place_beyond(&self, plan: &Plan<'_>, number: usize, beyond: Option<i64>) -> Option<(i64, Placed)> {
        let ask = &self.model.asks[number];
        let (hours_left, money_left) = plan.own_left(ask);
        let richest = self.model.pots_for(ask).iter().map(|pot| plan.pots[*pot]).max()?;
        if hours_left < ask.least || ask.low > ask.high {
            return None;
        }
        let search =
            Search { guide: self, plan, ask, number, hours_left, money_left: money_left.min(richest), richest };
        let mut found = Found { net: beyond, placed: None };
        match ask.kind {
            Kind::Block => search.block(&mut found),
            Kind::Flex => search.flexible(&mut found),
            Kind::Split => {
                search.flexible(&mut found);
                search.split(&mut found);
            }
        }
        found.net.zip(found.placed)
    }

    /// What an award pays at these prices.
    pub fn rent_of(&self, placed: &Placed) -> i64 {
        let capacity: i64 = placed
            .segments
            .iter()
            .map(|one| self.tables.window(self.model, one.pool, one.start, one.weeks).saturating_mul(one.gpus))
            .sum();
        capacity + self.money_rent(self.rents.pots[placed.pot], placed.money)
    }

    /// Of 1e-4 EUR, at so much a euro.
    fn money_rent(&self, euro: i64, money: i64) -> i64 {
        // Nearly always small enough, and a good deal faster.
        if let Some(product) = euro.checked_mul(money) {
            return product / SCALE;
        }
        let rent = i128::from(euro) * i128::from(money) / i128::from(SCALE);
        i64::try_from(rent).unwrap_or(i64::MAX)
    }
}

impl Search<'_, '_> {
    /// The cheapest pot that can pay so much.
    fn pot(&self, money: i64) -> Option<(usize, i64)> {
        let pots = self.guide.model.pots_for(self.ask).iter().copied().filter(|pot| self.plan.pots[*pot] >= money);
        pots.map(|pot| (pot, self.guide.money_rent(self.guide.rents.pots[pot], money))).min_by_key(|(_, rent)| *rent)
    }

    /// What so many centi-hours are worth, floors included.
    fn value(&self, delivered: i64, lost: i64, segments: usize) -> (i64, i64) {
        let hours = delivered.min(self.ask.full).min(self.hours_left);
        let value = worth(self.guide.model, self.ask, hours, lost, segments);
        (value, value + self.plan.floor_gain(self.ask.country, hours))
    }

    fn block(&self, found: &mut Found) {
        let (model, ask) = (self.guide.model, self.ask);
        let extra = self.plan.floor_gain(ask.country, ask.full);
        let rectangles = model.rectangles_of(ask);
        let top = self.guide.tops[self.number].saturating_add(extra);
        for rank in &self.guide.rectangles[ask.rectangles.range()] {
            if !found.beats(top.saturating_sub(rank.below())) {
                return;
            }
            let rectangle = rectangles[rank.place()];
            let (place, weeks) = (&model.fit(ask, rectangle.fit()), rectangle.weeks());
            let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
            let (low, high) = (rectangle.low(), rectangle.high());
            // Divisions are dear, and seldom needed.
            let most = if money.saturating_mul(high) <= self.money_left && self.hours_left >= ask.full {
                high
            } else {
                down(high.min(self.money_left / money.max(1)).min(self.reach(hours)), ask.gran)
            };
            let free = self.plan.free_in(place.pool);
            if most < low {
                continue;
            }
            let top = self.value(hours * most, place.lost * hours * low, 1).1;
            let mut run = 0;
            for (week, left) in (ask.from..ask.to).zip(&free[ask.from..]) {
                run = if *left >= low { run + 1 } else { 0 };
                if run < weeks {
                    continue;
                }
                let start = week + 1 - weeks;
                let rent = self.guide.tables.window(model, place.pool, start, weeks);
                let beats = found.beats(top - rent.saturating_mul(low));
                if beats && !self.plan.is_refused(self.number, place.pool, start) {
                    let left = free[start..start + weeks].iter().copied().min().unwrap_or(0);
                    self.rectangle(place, (start, weeks), (low, down(left, ask.gran).min(most)), rent, found);
                }
            }
        }
    }

    /// GPUs or GPU-weeks that the organisation's cap on hours leaves, when each gives so many centi-hours.
    fn reach(&self, hours: i64) -> i64 {
        if self.hours_left < self.ask.full { self.hours_left / hours } else { i64::MAX }
    }

    fn rectangle(
        &self,
        place: &Fit,
        (start, weeks): (usize, usize),
        (low, gpus): (i64, i64),
        rent: i64,
        found: &mut Found,
    ) {
        for gpus in [gpus, low.max(gpus - self.ask.gran)] {
            let delivered = place.hours * int(weeks) * gpus;
            let money = place.money * int(weeks) * gpus;
            let Some((pot, money_rent)) = self.pot(money) else { continue };
            let (value, gain) = self.value(delivered, place.lost * delivered, 1);
            let net = gain - rent.saturating_mul(gpus) - money_rent;
            if found.beats(net) {
                let segments = Runs::one(&Segment { pool: place.pool, start, weeks, gpus });
                let hours = delivered.min(self.ask.full);
                *found = Found { net: Some(net), placed: Some(Placed { pot, segments, hours, money, value }) };
            }
        }
    }

    /// GPUs one may take in each week of the window beside the plan; 0 where too few, and in weeks that were turned down
    /// as the first: what may pause goes around them.
    fn room(&self, place: &Fit) -> Vec<i64> {
        let free = self.plan.free_in(place.pool)[self.ask.from..self.ask.to].iter();
        let of = |(week, free): (usize, &i64)| {
            if self.plan.is_refused(self.number, place.pool, week) { 0 } else { self.ask.share_of(*free) }
        };
        (self.ask.from..self.ask.to).zip(free).map(of).collect()
    }

    fn flexible(&self, found: &mut Found) {
        let ask = self.ask;
        let extra = self.plan.floor_gain(ask.country, ask.full);
        let top = self.guide.tops[self.number].saturating_add(extra);
        for rank in &self.guide.places[ask.goals.range()] {
            if !found.beats(top.saturating_sub(rank.below())) {
                return;
            }
            let place = &self.guide.model.fit(ask, rank.place());
            let free = &self.plan.free_in(place.pool)[ask.from..ask.to];
            let all: i64 = free.iter().map(|free| ask.share_of(*free)).sum();
            if all.saturating_mul(place.hours) < ask.least {
                continue;
            }
            let most = (self.money_left / place.money.max(1)).min(self.reach(place.hours));
            let wanted = up(ceiling(ask.full, place.hours), ask.gran).min(down(most, ask.gran));
            if all.min(wanted).saturating_mul(place.hours) < ask.least {
                continue;
            }
            let room = self.room(place);
            self.level(place, &room, wanted, found);
            self.cheapest(place, &room, (wanted, most), found);
        }
    }

    /// The same gang in a run of weeks: one segment.
    fn level(&self, place: &Fit, room: &[i64], wanted: i64, found: &mut Found) {
        let ask = self.ask;
        let shortest = ceiling(wanted, ask.high).max(1);
        for weeks in shortest..=(shortest + 2).min(int(room.len())) {
            let gpus = up(ceiling(wanted, weeks), ask.gran).max(ask.low);
            let gpus =
                if gpus * weeks > wanted && self.reach(place.hours) < gpus * weeks { gpus - ask.gran } else { gpus };
            if gpus < ask.low || gpus > ask.high || gpus * weeks * place.hours < ask.least {
                continue;
            }
            if place.money.saturating_mul(gpus * weeks) > self.money_left {
                continue;
            }
            let Ok(long) = usize::try_from(weeks) else { continue };
            for start in 0..=room.len() - long {
                if room[start..start + long].iter().all(|free| *free >= gpus) {
                    let rent = self.guide.tables.window(self.guide.model, place.pool, ask.from + start, long);
                    self.rectangle(place, (ask.from + start, long), (gpus, gpus), rent, found);
                }
            }
        }
    }

    /// The cheapest weeks first, as many GPUs as there are.
    fn cheapest(&self, place: &Fit, room: &[i64], (wanted, most): (i64, i64), found: &mut Found) {
        let (model, ask) = (self.guide.model, self.ask);
        let rents = &self.guide.rents.capacity[place.pool * model.weeks..];
        let mut taken: Vec<(usize, i64)> = Vec::new();
        let mut total = 0;
        for week in self.guide.tables.cheapest(model, place.pool) {
            let Some(free) = week.checked_sub(ask.from).and_then(|at| room.get(at)).copied() else { continue };
            if free == 0 {
                continue;
            }
            let each = (100 * ask.weight - place.lost) * place.hours;
            if total * place.hours >= ask.least && rents[week] >= each {
                break;
            }
            let gpus = free.min((wanted - total).max(ask.low));
            if total + gpus > most {
                continue;
            }
            taken.push((week, gpus));
            total += gpus;
            if total >= wanted {
                break;
            }
        }
        if total * place.hours < ask.least {
            return;
        }
        taken.sort_unstable();
        let pieces = taken.into_iter().map(|(week, gpus)| (week, gpus, *place));
        self.offer(pieces, found);
    }

    /// One pool a week, the cheapest hours first.
    fn split(&self, found: &mut Found) {
        let (model, ask) = (self.guide.model, self.ask);
        let mut weeks: Vec<Option<(i64, i64, Fit)>> = vec![None; ask.to - ask.from];
        for place in model.fits_of(ask) {
            let rents = &self.guide.rents.capacity[place.pool * model.weeks + ask.from..];
            let each = (100 * ask.weight - place.lost) * place.hours
                - self.guide.money_rent(self.guide.rents.pots[ask_pot(self)], place.money);
            for ((best, free), rent) in weeks.iter_mut().zip(self.room(&place)).zip(rents) {
                let gain = each.saturating_sub(*rent).saturating_mul(free);
                if free > 0 && best.is_none_or(|(other, _, _)| gain > other) {
                    *best = Some((gain, free, place));
                }
            }
        }
        let mut order: Vec<(i64, usize, i64, Fit)> = weeks
            .iter()
            .enumerate()
            .filter_map(|(at, one)| one.map(|(gain, free, place)| (gain / (free * place.hours), at, free, place)))
            .collect();
        order.sort_by_key(|(each, at, _, _)| (Reverse(*each), *at));
        let (mut delivered, mut money, mut taken) = (0, 0, Vec::new());
        for (each, at, free, place) in order {
            if delivered >= ask.full || (delivered >= ask.least && each <= 0) {
                break;
            }
            let gpus = free.min(up(ceiling(ask.full - delivered, place.hours), ask.gran).max(ask.low));
            let (hours, cost) = (delivered + gpus * place.hours, money + gpus * place.money);
            if cost > self.money_left || hours.min(ask.full) > self.hours_left {
                continue;
            }
            (delivered, money) = (hours, cost);
            taken.push((ask.from + at, gpus, place));
        }
        if delivered >= ask.least {
            taken.sort_unstable_by_key(|(week, _, _)| *week);
            self.offer(taken.into_iter(), found);
        }
    }

    /// Takes these weeks (in order of time) as an award if it beats what was found.
    fn offer(&self, pieces: impl Iterator<Item = (usize, i64, Fit)>, found: &mut Found) {
        let (mut segments, mut delivered, mut lost, mut money) = (Vec::<Segment>::new(), 0, 0, 0);
        for (week, gpus, place) in pieces {
            delivered += gpus * place.hours;
            lost += place.lost * gpus * place.hours;
            money += gpus * place.money;
            match segments.last_mut() {
                Some(last) if (last.pool, last.start + last.weeks, last.gpus) == (place.pool, week, gpus) => {
                    last.weeks += 1;
                }
                _ => segments.push(Segment { pool: place.pool, start: week, weeks: 1, gpus }),
            }
        }
        let hours = delivered.min(self.ask.full);
        if hours > self.hours_left || hours < self.ask.least {
            return;
        }
        let Some((pot, _)) = self.pot(money) else { return };
        let (value, gain) = self.value(delivered, lost, segments.len());
        let placed = Placed { pot, segments: Runs::many(&segments), hours, money, value };
        let net = gain - self.guide.rent_of(&placed);
        if found.beats(net) {
            *found = Found { net: Some(net), placed: Some(placed) };
        }
    }
}

/// The pot with the most left: what a split request probably pays from.
fn ask_pot(search: &Search<'_, '_>) -> usize {
    let pots = search.guide.model.pots_for(search.ask).iter().copied();
    pots.filter(|pot| search.plan.pots[*pot] == search.richest).min().unwrap_or_default()
}

/// An award as a plan keeps it; `None` if the request may not have it even alone: another pot, pool, week, gang or
/// number of segments than it asks for, or too few hours.
pub fn placed(model: &Model, award: &Award) -> Option<Placed> {
    let ask = &model.asks[award.request];
    let (mut delivered, mut lost, mut money) = (0_i64, 0_i64, 0_i64);
    let mut taken = vec![false; ask.to - ask.from];
    for segment in &award.segments {
        let fit = model.fits_of(ask).find(|fit| fit.pool == segment.pool)?;
        let is_gang = (ask.low..=ask.high).contains(&segment.gpus) && segment.gpus % ask.gran == 0;
        let start = segment.start.checked_sub(ask.from)?;
        let weeks = taken.get_mut(start..start.checked_add(segment.weeks)?)?;
        if !is_gang || segment.weeks == 0 || weeks.contains(&true) {
            return None;
        }
        weeks.fill(true);
        let gpu_weeks = segment.gpus * int(segment.weeks);
        delivered += fit.hours * gpu_weeks;
        lost += fit.lost * fit.hours * gpu_weeks;
        money += fit.money * gpu_weeks;
    }
    let is_shaped = match (ask.kind, award.segments.as_slice()) {
        (Kind::Block, [one]) => (ask.weeks.0..=ask.weeks.1).contains(&one.weeks),
        (Kind::Block, _) => false,
        (Kind::Flex, segments) => segments.windows(2).all(|pair| matches!(pair, [a, b] if a.pool == b.pool)),
        (Kind::Split, _) => true,
    };
    let hours = delivered.min(ask.full);
    if !is_shaped || hours < ask.least || !model.pots_for(ask).contains(&award.pot) {
        return None;
    }
    let value = worth(model, ask, hours, lost, award.segments.len());
    Some(Placed { pot: award.pot, segments: Runs::many(&award.segments), hours, money, value })
}
