//! What one request would take if it had to pay rent for everything: the sub-problem of the dual, to the unit.

pub use crate::tables::{Rents, Tables};
use crate::{
    model::{Ask, Fit, Kind, Model, Rectangle, SCALE},
    numbers::{down, int},
};

/// A request's best answer to the rents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answer {
    /// In ten-thousandths of the objective; 0 if it would rather have nothing.
    pub value: i64,
    pub choice: Choice,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    Nothing,
    Block {
        fit: usize,
        start: usize,
        weeks: usize,
        gpus: i64,
    },
    /// So many GPU-weeks, the cheapest first.
    Flex {
        fit: usize,
        total: i64,
    },
    /// The price of a centi-hour that links the weeks.
    Split {
        price: i64,
    },
}

/// The rents with what follows from them.
#[derive(Clone, Copy)]
pub struct Market<'a> {
    pub model: &'a Model,
    pub rents: &'a Rents,
    pub tables: &'a Tables,
}

impl<'a> Market<'a> {
    /// Rents of the own caps of the request's organisation: per centi-hour and per euro of headroom.
    pub fn own(self, ask: &Ask) -> (i64, i64) {
        (self.rents.own_hours[ask.org], self.rents.own_money[ask.org])
    }

    /// Out of the cheapest pot. `None` if no pot may pay, or its organisation's cap is below the least award.
    pub fn bid(self, ask: &'a Ask, own: (i64, i64)) -> Option<Bid<'a>> {
        let pot = self.model.pots_for(ask).iter().copied().min_by_key(|pot| self.rents.pots[*pot])?;
        self.bid_paid_by(ask, own, pot)
    }

    /// Out of this pot. `None` if its organisation's cap is below the least award.
    pub fn bid_paid_by(self, ask: &'a Ask, own: (i64, i64), pot: usize) -> Option<Bid<'a>> {
        let Self { model, rents, tables } = self;
        if model.hours_cap[ask.org] < ask.least || ask.low > ask.high {
            return None;
        }
        let euro = rents.pots[pot] + if ask.de_minimis { own.1 } else { 0 };
        let coefficient = tables.coefficient(model, ask) - own.0;
        Some(Bid { model, rents, tables, ask, coefficient, euro, pot })
    }
}

/// One request before the rents of this pass.
pub struct Bid<'a> {
    model: &'a Model,
    rents: &'a Rents,
    tables: &'a Tables,
    pub ask: &'a Ask,
    /// Value of a centi-hour, the rent of its organisation's own cap included.
    coefficient: i64,
    /// Rent of a euro of the pot that pays.
    euro: i64,
    pot: usize,
}

impl Bid<'_> {
    /// `before` is what it took at the last prices: probably nearly the best again, so that most others can be left out
    /// at a glance.
    pub fn answer(&self, before: Choice) -> Answer {
        let answer = match self.ask.kind {
            Kind::Block => self.block(before),
            Kind::Flex => self.flexible(before),
            Kind::Split if self.model.fits_of(self.ask).any(|place| self.may_beat(&place, 0)) => {
                self.split(if let Choice::Split { price } = before { price } else { 0 })
            }
            Kind::Split => Answer::default(),
        };
        if answer.value <= 0 { Answer::default() } else { answer }
    }

    /// Whether anything in this pool may be worth more than that: never no where it is. Nobody is better off than with
    /// as much as is credited, or as little as is allowed, at the rent of the cheapest week.
    fn may_beat(&self, place: &Fit, value: i64) -> bool {
        let ask = self.ask;
        let rent = self.tables.cheapest_window(self.model, place.pool, 1, (ask.from, ask.to - ask.from));
        let gain = self.before_rent(place).saturating_sub(SCALE.saturating_mul(rent));
        let hours = if gain > 0 { ask.full } else { ask.least };
        let missing = i128::from(value) - i128::from(SCALE * ask.base);
        i128::from(gain) * i128::from(hours) > missing * i128::from(place.hours)
    }

    fn block(&self, before: Choice) -> Answer {
        let mut best = Answer::default();
        if let Choice::Block { fit, start, weeks, gpus } = before {
            let place = self.model.fit(self.ask, fit);
            let rent = self.tables.window(self.model, place.pool, start, weeks);
            let value = self.worth(&place, weeks, rent, gpus);
            if value > 1 {
                // Of several that are worth the same the first is taken, and not the one before.
                best = Answer { value: value - 1, choice: before };
            }
        }
        let (mut fit, mut place) = (usize::MAX, None);
        for rectangle in self.model.rectangles_of(self.ask) {
            if rectangle.fit() != fit {
                fit = rectangle.fit();
                place = Some(self.model.fit(self.ask, fit)).filter(|place| self.may_beat(place, best.value));
            }
            if let Some(place) = &place {
                self.rectangle(place, *rectangle, &mut best);
            }
        }
        best
    }

    /// Value less rent of so many GPUs, `rent` for each.
    fn worth(&self, place: &Fit, weeks: usize, rent: i64, gpus: i64) -> i64 {
        let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
        let fixed = (SCALE * place.lost * hours).saturating_add(self.euro.saturating_mul(money));
        let each = fixed.saturating_add(SCALE.saturating_mul(rent));
        let award = self.ask.full.min(hours * gpus);
        SCALE * self.coefficient * award - each.saturating_mul(gpus) + SCALE * self.ask.base
    }

    /// How many GPUs are worth most, and what: as many as pay; the last of them may be in part beyond all hours.
    fn gang(&self, place: &Fit, weeks: usize, rent: i64, (low, high): (i64, i64)) -> (i64, i64) {
        let worth = |gpus: i64| (self.worth(place, weeks, rent, gpus), gpus);
        let (least, most) = (worth(low), worth(high));
        let best = if most.0 > least.0 { most } else { least };
        if place.hours * int(weeks) * high > self.ask.full && high - self.ask.gran > low {
            return best.max(worth(high - self.ask.gran));
        }
        best
    }

    fn rectangle(&self, place: &Fit, rectangle: Rectangle, best: &mut Answer) {
        let (ask, weeks) = (self.ask, rectangle.weeks());
        let (low, high) = (rectangle.low(), rectangle.high());
        let starts = ask.from..=ask.to - weeks;
        let count = ask.to - weeks + 1 - ask.from;
        let least = self.tables.cheapest_window(self.model, place.pool, weeks, (ask.from, count));
        let (value, gpus) = self.gang(place, weeks, least, (low, high));
        if value <= best.value {
            return;
        }
        let rent = |start: usize| self.tables.window(self.model, place.pool, start, weeks);
        let fit = rectangle.fit();
        if rectangle.is_roomy() {
            let start = starts.clone().find(|start| rent(*start) == least).unwrap_or(ask.from);
            *best = Answer { value, choice: Choice::Block { fit, start, weeks, gpus } };
            return;
        }
        let free = &self.model.windows[weeks - 1][place.pool * self.model.weeks..];
        for (start, free) in starts.zip(&free[ask.from..]) {
            let high = if *free >= high { high } else { down(*free, ask.gran) };
            if high >= low {
                let (value, gpus) = self.gang(place, weeks, rent(start), (low, high));
                if value > best.value {
                    *best = Answer { value, choice: Choice::Block { fit, start, weeks, gpus } };
                }
            }
        }
    }

    /// Value less rent of a GPU-week of this place, before the rent of the week.
    fn before_rent(&self, place: &Fit) -> i64 {
        let rent = self.euro.saturating_mul(place.money);
        (SCALE * place.hours * (self.coefficient - place.lost)).saturating_sub(rent)
    }

    /// Weeks of the window with the GPUs one may take, the cheapest first.
    fn weeks_of(&self, pool: usize) -> impl Iterator<Item = (usize, i64)> {
        let (ask, free) = (self.ask, self.model.caps(pool));
        let weeks = self.tables.cheapest(self.model, pool);
        weeks
            .filter(|week| (ask.from..ask.to).contains(week))
            .map(|week| (week, ask.share_of(free[week])))
            .filter(|(_, gpus)| *gpus > 0)
    }

    fn flexible(&self, before: Choice) -> Answer {
        let mut best = Answer::default();
        let near = if let Choice::Flex { fit, .. } = before { Some(fit) } else { None };
        if let Some(fit) = near {
            self.gather(fit, &self.model.fit(self.ask, fit), &mut best);
            // Of several that are worth the same the first is taken, and not the one before.
            best.value = (best.value - 1).max(0);
        }
        for (fit, place) in self.model.fits_of(self.ask).enumerate() {
            if self.may_beat(&place, best.value) {
                self.gather(fit, &place, &mut best);
            }
        }
        best
    }

    /// The cheapest weeks first, up to the totals that can be best: the one that pays most below all hours, and the
    /// first that reaches them.
    fn gather(&self, fit: usize, place: &Fit, best: &mut Answer) {
        let Some(goal) = self.model.goal(self.ask, fit) else { return };
        let (fixed, rents) = (self.before_rent(place), &self.rents.capacity[place.pool * self.model.weeks..]);
        let base = i128::from(SCALE * self.ask.base);
        // One step may be worth far more than all hours: only what is credited is sure to be an i64.
        let product = |each: i64, count: i64| i128::from(each) * i128::from(count);
        let mut offer = |value: i128, total: i64| {
            // Nobody is credited with more than all hours.
            let beyond = (place.hours * total - self.ask.full).max(0);
            let value = value - product(SCALE * self.coefficient, beyond);
            if value > best.value.into() {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                *best = Answer { value, choice: Choice::Flex { fit, total } };
            }
        };
        let (mut total, mut value, mut is_offered) = (0_i64, base, false);
        for (week, gpus) in self.weeks_of(place.pool) {
            let gain = fixed - SCALE * rents[week];
            if gain <= 0 && (is_offered || total >= goal.least) {
                break;
            }
            let enough = if gain > 0 { goal.top } else { goal.least };
            if !is_offered && total + gpus >= enough {
                offer(value + product(gain, enough - total), enough);
                is_offered = true;
                if gain <= 0 {
                    return;
                }
            }
            let Some(over) = goal.over.filter(|over| total + gpus >= *over) else {
                value += product(gain, gpus);
                total += gpus;
                if is_offered && goal.over.is_none() {
                    return;
                }
                continue;
            };
            offer(value + product(gain, over - total), over);
            return;
        }
        if !is_offered && total >= goal.least {
            offer(value, total);
        }
    }

    /// What a split request may take in each week. Where two places give the same hours and as many GPUs, the better one
    /// says it all.
    fn places(&self) -> Places {
        let (ask, model) = (self.ask, self.model);
        let mut kinds: Vec<i64> = Vec::with_capacity(8);
        let mut places = Places { usual: Vec::new(), kinds: 0, unusual: Vec::new() };
        for place in model.fits_of(ask) {
            if !kinds.contains(&place.hours) {
                kinds.push(place.hours);
            }
        }
        places.kinds = kinds.len();
        places.usual.resize(kinds.len() * (ask.to - ask.from), Place::default());
        for (fit, place) in model.fits_of(ask).enumerate() {
            let (fixed, row) = (self.before_rent(&place), place.pool * model.weeks);
            let row = row + ask.from..row + ask.to;
            let (free, rents) = (&model.cap[row.clone()], &self.rents.capacity[row]);
            let kind = kinds.iter().position(|hours| *hours == place.hours).unwrap_or(0);
            let column = places.usual.iter_mut().skip(kind).step_by(kinds.len());
            for (week, ((best, free), rent)) in column.zip(free).zip(rents).enumerate() {
                let one = Place { fit, value: fixed - SCALE * rent, hours: place.hours, gpus: ask.share_of(*free) };
                if one.gpus == best.gpus || best.gpus == 0 {
                    if one.gpus > 0 && (best.gpus == 0 || one.value > best.value) {
                        *best = one;
                    }
                } else if one.gpus > best.gpus && one.value >= best.value {
                    *best = one;
                } else if one.gpus > best.gpus || (one.gpus > 0 && one.value > best.value) {
                    places.unusual.push((week, one));
                }
            }
        }
        places.unusual.sort_by_key(|(week, _)| *week);
        places
    }

    /// Of a request that may change pools: its value less rent, whether positive or not; `None` if it cannot be.
    pub fn split_value(&self) -> Option<(i128, Choice)> {
        let answer = self.split(0);
        (answer.choice != Choice::Nothing).then(|| (i128::from(answer.value), answer.choice))
    }

    fn split(&self, near: i64) -> Answer {
        let (ask, places) = (self.ask, self.places());
        let most_of = |week: usize| places.of(week).map(|place| place.hours * place.gpus).max().unwrap_or(0);
        if (0..ask.to - ask.from).map(most_of).sum::<i64>() < ask.least {
            return Answer::default();
        }
        let (value, price) = lowest(near, |price| {
            let target = if price >= 0 { ask.full } else { ask.least };
            let (mut value, mut missing) = (i128::from(price) * i128::from(target), target);
            for week in 0..ask.to - ask.from {
                let (gain, place) = places.best_of(week, price);
                value += gain;
                missing -= place.map_or(0, |place| place.hours * place.gpus);
            }
            (value, missing)
        });
        let value = i64::try_from(value).unwrap_or(i64::MAX).saturating_add(SCALE * ask.base);
        Answer { value, choice: Choice::Split { price } }
    }

    /// Calls `take` with fit, week and GPUs for everything the choice uses; gives the centi-hours awarded.
    pub fn uses(&self, choice: Choice, mut take: impl FnMut(&Fit, usize, i64)) -> i64 {
        let place = |fit: usize| self.model.fit(self.ask, fit);
        let mut delivered = 0;
        match choice {
            Choice::Nothing => {}
            Choice::Block { fit, start, weeks, gpus } => {
                let place = place(fit);
                for week in start..start + weeks {
                    take(&place, week, gpus);
                }
                delivered = place.hours * int(weeks) * gpus;
            }
            Choice::Flex { fit, mut total } => {
                let place = place(fit);
                delivered = place.hours * total;
                for (week, gpus) in self.weeks_of(place.pool) {
                    if total <= 0 {
                        break;
                    }
                    take(&place, week, gpus.min(total));
                    total -= gpus.min(total);
                }
            }
            Choice::Split { price } => {
                let places = self.places();
                for week in self.ask.from..self.ask.to {
                    if let (_, Some(one)) = places.best_of(week - self.ask.from, price) {
                        take(&place(one.fit), week, one.gpus);
                        delivered += one.hours * one.gpus;
                    }
                }
            }
        }
        delivered.min(self.ask.full)
    }

    /// The pot that pays.
    pub const fn pot(&self) -> usize {
        self.pot
    }
}

/// What a split request may take of a pool in a week.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    fit: usize,
    value: i64,
    hours: i64,
    gpus: i64,
}

/// What a split request may take week by week.
struct Places {
    /// By week and by hours that a GPU gives; nothing where it has no GPUs.
    usual: Vec<Place>,
    kinds: usize,
    /// The week, and a place that has other numbers of GPUs than the usual one.
    unusual: Vec<(usize, Place)>,
}

impl Places {
    fn of(&self, week: usize) -> impl Iterator<Item = &Place> {
        let usual = &self.usual[week * self.kinds..(week + 1) * self.kinds];
        usual.iter().chain(self.unusual(week).iter().map(|(_, place)| place))
    }

    fn unusual(&self, week: usize) -> &[(usize, Place)] {
        if self.unusual.is_empty() {
            return &[];
        }
        let first = self.unusual.partition_point(|(of, _)| *of < week);
        let end = self.unusual.partition_point(|(of, _)| *of <= week);
        &self.unusual[first..end]
    }

    /// The best of a week at a price of a centi-hour, and its gain; nothing if none gains.
    fn best_of(&self, week: usize, price: i64) -> (i128, Option<&Place>) {
        let mut best = (0, None);
        self.of(week).for_each(|place| {
            let gain = i128::from(place.value - price * place.hours) * i128::from(place.gpus);
            if gain > best.0 {
                best = (gain, Some(place));
            }
        });
        best
    }
}

/// A convex function of a whole price at one of them.
#[derive(Clone, Copy)]
struct Tangent {
    price: i64,
    value: i128,
    slope: i64,
}

/// The lowest value of a convex function of a whole price, and where, by the cut of the tangents at either side of it.
/// `at` gives value and slope; `near` is where it was lowest before.
fn lowest(near: i64, at: impl Fn(i64) -> (i128, i64)) -> (i128, i64) {
    let most = SCALE * 1_000_000;
    let tangent = |price: i64| {
        let (value, slope) = at(price);
        Tangent { price, value, slope }
    };
    let first = tangent(near.clamp(-most, most));
    let mut best = (first.value, first.price);
    if first.slope == 0 {
        return best;
    }
    // Outwards in steps that grow, until the slope turns.
    let (mut inner, mut step) = (first, first.price.abs() / 64 + 1);
    let (mut low, mut high) = loop {
        let outer = tangent((inner.price - step * first.slope.signum()).clamp(-most, most));
        best = best.min((outer.value, outer.price));
        let has_turned = outer.slope.signum() != first.slope.signum();
        if has_turned || outer.price.abs() == most {
            break if first.slope > 0 { (outer, inner) } else { (inner, outer) };
        }
        (inner, step) = (outer, step.saturating_mul(8));
    };
    while high.price - low.price > 1 {
        let bend = i128::from(high.slope) - i128::from(low.slope);
        let wide = i128::from(high.price - low.price);
        let above = low.value - high.value + i128::from(high.slope) * wide;
        if bend <= 0 {
            break;
        }
        let cut = above.div_euclid(bend).clamp(0, wide);
        let least_left = low.value + i128::from(low.slope) * cut;
        let least_right = high.value - i128::from(high.slope) * (wide - cut - 1).max(0);
        if least_left.min(least_right) >= best.0 {
            break;
        }
        let middle = tangent(low.price + i64::try_from(cut).unwrap_or(1).clamp(1, high.price - low.price - 1));
        best = best.min((middle.value, middle.price));
        if middle.slope > 0 { high = middle } else { low = middle }
    }
    best
}
