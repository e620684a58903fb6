//! What one request would take if it had to pay rent for everything: the sub-problem of the dual, to the unit.

use crate::{
    model::{Ask, Fit, Goal, Kind, Model, Rectangle, SCALE},
    numbers::{down, index, int},
};

/// Prices in the objective's units, and what is derived from them once a pass.
#[derive(Debug, Clone, Default)]
pub struct Rents {
    /// Per GPU-week, by pool and week, flat.
    pub capacity: Vec<i64>,
    /// Per euro.
    pub pots: Vec<i64>,
    /// Per centi-hour and per cent.
    pub shares: Vec<i64>,
    pub countries: Vec<i64>,
    /// Per centi-hour.
    pub floors: Vec<i64>,
    /// Of an organisation's own caps: per centi-hour and per euro of headroom.
    pub own_hours: Vec<i64>,
    pub own_money: Vec<i64>,
}

/// Tables that make windows cheap: prefix sums of rents and the weeks of each pool, the cheapest first.
#[derive(Debug, Default)]
pub struct Tables {
    sums: Vec<i64>,
    /// The cheapest of 2^level windows from a start on, by pool, duration, level and start.
    minima: Vec<i64>,
    order: Vec<usize>,
    /// Value of a centi-hour besides merit, by country and by group bits.
    country: Vec<i64>,
    group: Vec<i64>,
    all_countries: i64,
}

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

impl Rents {
    pub fn zero(model: &Model) -> Self {
        Self {
            capacity: vec![0; model.cap.len()],
            pots: vec![0; model.pots.len()],
            shares: vec![0; model.shares.len()],
            countries: vec![0; model.countries],
            floors: vec![0; model.floors.len()],
            own_hours: vec![0; model.hours_cap.len()],
            own_money: vec![0; model.hours_cap.len()],
        }
    }

    fn rows(&self) -> [&[i64]; 7] {
        let Self { capacity, pots, shares, countries, floors, own_hours, own_money } = self;
        [capacity, pots, shares, countries, floors, own_hours, own_money]
    }

    fn rows_mut(&mut self) -> [&mut [i64]; 7] {
        let Self { capacity, pots, shares, countries, floors, own_hours, own_money } = self;
        [capacity, pots, shares, countries, floors, own_hours, own_money]
    }

    pub fn add(&mut self, other: &Self) {
        for (row, more) in self.rows_mut().into_iter().zip(other.rows()) {
            for (price, more) in row.iter_mut().zip(more) {
                *price = price.saturating_add(*more);
            }
        }
    }

    pub fn divide(&mut self, by: i64) {
        for price in self.rows_mut().into_iter().flatten() {
            *price /= by.max(1);
        }
    }
}

impl Tables {
    pub fn of(model: &Model, rents: &Rents) -> Self {
        let mut tables = Self::default();
        tables.fill(model, rents);
        tables
    }

    pub fn fill(&mut self, model: &Model, rents: &Rents) {
        let weeks = model.weeks;
        self.sums.clear();
        self.order.clear();
        for pool in 0..model.pools {
            let row = &rents.capacity[pool * weeks..(pool + 1) * weeks];
            let mut sum = 0;
            self.sums.push(0);
            for rent in row {
                sum += rent;
                self.sums.push(sum);
            }
            let first = self.order.len();
            self.order.extend(0..weeks);
            self.order[first..].sort_by_key(|week| row[*week]);
        }
        self.fill_minima(model);
        self.all_countries = rents.countries.iter().sum::<i64>() * model.country_max;
        self.country.clear();
        self.country.extend(rents.countries.iter().map(|price| -100 * price));
        for ((country, _), price) in model.floors.iter().zip(&rents.floors) {
            self.country[*country] += price;
        }
        self.group.clear();
        self.group.extend_from_slice(&rents.shares);
    }

    fn fill_minima(&mut self, model: &Model) {
        let (weeks, levels) = (model.weeks, model.levels());
        self.minima.resize(model.pools * model.windows.len() * levels * weeks, i64::MAX);
        for (pool, sums) in self.sums.chunks(weeks + 1).enumerate() {
            for long in (1..=model.windows.len()).filter(|long| model.is_duration[*long - 1]) {
                let first = (pool * model.windows.len() + long - 1) * levels * weeks;
                let table = &mut self.minima[first..first + levels * weeks];
                for (least, (first, last)) in table.iter_mut().zip(sums.iter().zip(&sums[long..])) {
                    *least = last - first;
                }
                for level in 1..levels {
                    let (shorter, longer) = table.split_at_mut(level * weeks);
                    let (shorter, step) = (&shorter[(level - 1) * weeks..], 1 << (level - 1));
                    for ((least, first), second) in longer.iter_mut().zip(shorter).zip(&shorter[step..]) {
                        *least = (*first).min(*second);
                    }
                }
            }
        }
    }

    /// Rent of one GPU for the cheapest window of `long` weeks among `count` starts from `start` on.
    pub fn cheapest_window(&self, model: &Model, pool: usize, long: usize, (start, count): (usize, usize)) -> i64 {
        let level = index(count.max(1).ilog2());
        let table = (pool * model.windows.len() + long - 1) * model.levels() + level;
        let row = table * model.weeks + start;
        self.minima[row].min(self.minima[row + count - (1 << level)])
    }

    /// Rent of one GPU for these weeks.
    pub fn window(&self, model: &Model, pool: usize, start: usize, weeks: usize) -> i64 {
        let row = pool * (model.weeks + 1) + start;
        self.sums[row + weeks] - self.sums[row]
    }

    /// Weeks of a pool, the cheapest first.
    pub fn cheapest(&self, model: &Model, pool: usize) -> &[usize] {
        &self.order[pool * model.weeks..(pool + 1) * model.weeks]
    }

    /// Value of a centi-hour of this request, rules that speak of shares included.
    pub fn coefficient(&self, model: &Model, ask: &Ask) -> i64 {
        let shares: i64 = model
            .shares
            .iter()
            .zip(&self.group)
            .enumerate()
            .map(|(bit, (pct, price))| price * (100 * i64::from(ask.groups >> bit & 1) - pct))
            .sum();
        100 * ask.weight + shares + self.all_countries + self.country[ask.country]
    }
}

/// One request before the rents of this pass.
pub struct Bid<'a> {
    pub model: &'a Model,
    pub rents: &'a Rents,
    pub tables: &'a Tables,
    pub ask: &'a Ask,
    /// Value of a centi-hour, the rent of its organisation's own cap included.
    pub coefficient: i64,
    /// Rent of a euro of the pot that pays.
    euro: i64,
    pot: usize,
}

impl<'a> Bid<'a> {
    /// Out of the cheapest pot. `None` if no pot may pay, or its organisation's cap is below the least award.
    pub fn new(model: &'a Model, rents: &'a Rents, tables: &'a Tables, ask: &'a Ask) -> Option<Self> {
        let pot = model.pots_for(ask).iter().copied().min_by_key(|pot| rents.pots[*pot])?;
        Self::paid_by(model, (rents, tables), ask, pot)
    }

    /// Out of this pot. `None` if its organisation's cap is below the least award.
    pub fn paid_by(
        model: &'a Model,
        (rents, tables): (&'a Rents, &'a Tables),
        ask: &'a Ask,
        pot: usize,
    ) -> Option<Self> {
        if model.hours_cap[ask.org] < ask.least || ask.low > ask.high {
            return None;
        }
        let own = if ask.de_minimis { rents.own_money[ask.org] } else { 0 };
        let euro = rents.pots[pot] + own;
        let coefficient = tables.coefficient(model, ask) - rents.own_hours[ask.org];
        Some(Self { model, rents, tables, ask, coefficient, euro, pot })
    }

    /// `before` is what it took at the last prices: where the search begins.
    pub fn answer(&self, before: Choice) -> Answer {
        let near = if let Choice::Split { price } = before { price } else { 0 };
        let answer = match self.ask.kind {
            Kind::Block => self.block(),
            Kind::Flex => self.flexible(),
            Kind::Split => self.split(near),
        };
        if answer.value <= 0 { Answer::default() } else { answer }
    }

    fn block(&self) -> Answer {
        let mut best = Answer::default();
        let fits = self.model.fits_of(self.ask);
        for rectangle in self.model.rectangles_of(self.ask) {
            self.rectangle(&fits[usize::from(rectangle.fit)], rectangle, &mut best);
        }
        best
    }

    fn rectangle(&self, place: &Fit, rectangle: &Rectangle, best: &mut Answer) {
        let (ask, weeks) = (self.ask, usize::from(rectangle.weeks));
        let (low, high) = (i64::from(rectangle.low), i64::from(rectangle.high));
        let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
        let fixed = (SCALE * place.lost * hours).saturating_add(self.euro.saturating_mul(money));
        let mut consider = |rent: i64, high: i64, start: &dyn Fn() -> usize| {
            let each = fixed.saturating_add(SCALE.saturating_mul(rent));
            let mut offer = |gpus: i64| {
                let award = ask.full.min(hours * gpus);
                let value = SCALE * self.coefficient * award - each.saturating_mul(gpus) + SCALE * ask.base;
                if value > best.value {
                    best.value = value;
                    best.choice = Choice::Block { fit: usize::from(rectangle.fit), start: start(), weeks, gpus };
                }
            };
            // As many as pay; the last of them may be in part beyond all hours.
            if SCALE * self.coefficient * hours <= each {
                offer(low);
                return;
            }
            offer(high);
            if hours * high > ask.full && high > low {
                offer(low.max(high - ask.gran));
            }
        };
        let rent = |start: usize| self.tables.window(self.model, place.pool, start, weeks);
        if rectangle.is_roomy {
            let starts = ask.from..=ask.to - weeks;
            let count = ask.to - weeks + 1 - ask.from;
            let least = self.tables.cheapest_window(self.model, place.pool, weeks, (ask.from, count));
            let first = || starts.clone().find(|start| rent(*start) == least).unwrap_or(ask.from);
            consider(least, high, &first);
            return;
        }
        let free = &self.model.windows[weeks - 1][place.pool * self.model.weeks..];
        for (start, free) in (ask.from..=ask.to - weeks).zip(&free[ask.from..]) {
            if *free >= high {
                consider(rent(start), high, &|| start);
            } else if *free >= low {
                consider(rent(start), down(*free, ask.gran), &|| start);
            }
        }
    }

    /// Value less rent of a GPU-week of this place, before the rent of the week.
    fn before_rent(&self, place: &Fit) -> i64 {
        let rent = self.euro.saturating_mul(place.money);
        (SCALE * place.hours * (self.coefficient - place.lost)).saturating_sub(rent)
    }

    /// Weeks of the window with the GPUs one may take, the cheapest first.
    fn weeks_of(&self, fit: usize) -> impl Iterator<Item = (usize, i64)> {
        let (ask, offered) = (self.ask, self.model.offered_to(self.ask, fit));
        let pool = self.model.fits_of(ask)[fit].pool;
        let weeks = self.tables.cheapest(self.model, pool).iter().copied();
        weeks
            .filter(|week| (ask.from..ask.to).contains(week))
            .map(|week| (week, i64::from(offered[week - ask.from])))
            .filter(|(_, gpus)| *gpus > 0)
    }

    fn flexible(&self) -> Answer {
        let mut best = Answer::default();
        let goals = &self.model.goals[self.ask.goals.clone()];
        for (fit, (place, goal)) in self.model.fits_of(self.ask).iter().zip(goals).enumerate() {
            if let Some(goal) = goal {
                self.gather(fit, place, goal, &mut best);
            }
        }
        best
    }

    /// The cheapest weeks first, up to the totals that can be best: the one that pays most below all hours, and the
    /// first that reaches them.
    fn gather(&self, fit: usize, place: &Fit, goal: &Goal, best: &mut Answer) {
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
        for (week, gpus) in self.weeks_of(fit) {
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

    /// Every place of every week that a split request may take, one row of fits for each week: value less rent,
    /// centi-hours and GPUs.
    fn places(&self) -> Vec<Place> {
        let (ask, model) = (self.ask, self.model);
        let fits = model.fits_of(ask);
        let mut places = vec![Place::default(); fits.len() * (ask.to - ask.from)];
        for (fit, place) in fits.iter().enumerate() {
            let fixed = self.before_rent(place);
            let rents = &self.rents.capacity[place.pool * model.weeks + ask.from..];
            let column = places.iter_mut().skip(fit).step_by(fits.len());
            for ((one, gpus), rent) in column.zip(model.offered_to(ask, fit)).zip(rents) {
                *one = Place { fit, value: fixed - SCALE * rent, hours: place.hours, gpus: i64::from(*gpus) };
            }
        }
        places
    }

    /// Of a request that may change pools: its value less rent, whether positive or not; `None` if it cannot be.
    pub fn split_value(&self) -> Option<(i128, Choice)> {
        let answer = self.split(0);
        (answer.choice != Choice::Nothing).then(|| (i128::from(answer.value), answer.choice))
    }

    fn split(&self, near: i64) -> Answer {
        let (ask, fits) = (self.ask, self.model.fits_of(self.ask).len().max(1));
        let places = self.places();
        let most_of = |week: &[Place]| week.iter().map(|place| place.hours * place.gpus).max().unwrap_or(0);
        if places.chunks(fits).map(most_of).sum::<i64>() < ask.least {
            return Answer::default();
        }
        let (value, price) = lowest(near, |price| {
            let target = if price >= 0 { ask.full } else { ask.least };
            let (mut value, mut missing) = (i128::from(price) * i128::from(target), target);
            for week in places.chunks(fits) {
                let (gain, place) = best_of_week(week, price);
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
        let fits = self.model.fits_of(self.ask);
        let mut delivered = 0;
        match choice {
            Choice::Nothing => {}
            Choice::Block { fit, start, weeks, gpus } => {
                for week in start..start + weeks {
                    take(&fits[fit], week, gpus);
                }
                delivered = fits[fit].hours * int(weeks) * gpus;
            }
            Choice::Flex { fit, mut total } => {
                delivered = fits[fit].hours * total;
                for (week, gpus) in self.weeks_of(fit) {
                    if total <= 0 {
                        break;
                    }
                    take(&fits[fit], week, gpus.min(total));
                    total -= gpus.min(total);
                }
            }
            Choice::Split { price } => {
                let places = self.places();
                for (week, places) in (self.ask.from..).zip(places.chunks(fits.len().max(1))) {
                    if let (_, Some(place)) = best_of_week(places, price) {
                        take(&fits[place.fit], week, place.gpus);
                        delivered += place.hours * place.gpus;
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

/// The best of a week at a price of a centi-hour, and its gain; nothing if none gains.
fn best_of_week(week: &[Place], price: i64) -> (i128, Option<&Place>) {
    let mut best = (0, None);
    for place in week {
        let gain = i128::from(place.value - price * place.hours) * i128::from(place.gpus);
        if gain > best.0 {
            best = (gain, Some(place));
        }
    }
    best
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
