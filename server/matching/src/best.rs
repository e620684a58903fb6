//! What one request would take if it had to pay rent for everything: the sub-problem of the dual, to the unit.

use crate::{
    model::{Ask, Fit, Kind, Model, Rectangle, SCALE},
    numbers::{ceiling, down, index, int, up},
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
    /// The least headroom an award takes, 1e-4 EUR.
    pub money: i64,
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

    fn rows(&mut self) -> [&mut Vec<i64>; 7] {
        let Self { capacity, pots, shares, countries, floors, own_hours, own_money } = self;
        [capacity, pots, shares, countries, floors, own_hours, own_money]
    }

    pub fn add(&mut self, other: &mut Self) {
        for (row, more) in self.rows().into_iter().zip(other.rows()) {
            for (price, more) in row.iter_mut().zip(more) {
                *price += *more;
            }
        }
    }

    pub fn divide(&mut self, by: i64) {
        for price in self.rows().into_iter().flatten() {
            *price /= by.max(1);
        }
    }
}

impl Tables {
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
        self.all_countries = rents.countries.iter().sum::<i64>() * model.country_max;
        self.country.clear();
        self.country.extend(rents.countries.iter().map(|price| -100 * price));
        for ((country, _), price) in model.floors.iter().zip(&rents.floors) {
            self.country[*country] += price;
        }
        self.group.clear();
        self.group.extend_from_slice(&rents.shares);
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
    coefficient: i64,
    /// Rent of a euro of the cheapest pot.
    euro: i64,
}

impl<'a> Bid<'a> {
    /// `None` if no pot may pay, or its organisation's cap is below the least award.
    pub fn new(model: &'a Model, rents: &'a Rents, tables: &'a Tables, ask: &'a Ask) -> Option<Self> {
        let own = if ask.de_minimis { rents.own_money[ask.org] } else { 0 };
        let euro = model.pots_for(ask).iter().map(|pot| rents.pots[*pot]).min()? + own;
        if model.hours_cap[ask.org] < ask.least || ask.low > ask.high {
            return None;
        }
        let coefficient = tables.coefficient(model, ask) - rents.own_hours[ask.org];
        Some(Self { model, rents, tables, ask, coefficient, euro })
    }

    pub fn answer(&self) -> Answer {
        let mut answer = match self.ask.kind {
            Kind::Block => self.block(),
            Kind::Flex => self.flexible(),
            Kind::Split => self.split(),
        };
        if !self.ask.de_minimis || answer.money == i64::MAX {
            answer.money = 0;
        }
        if answer.value <= 0 { Answer::default() } else { answer }
    }

    fn block(&self) -> Answer {
        let mut best = Answer { money: i64::MAX, ..Answer::default() };
        let fits = self.model.fits_of(self.ask);
        for rectangle in self.model.rectangles_of(self.ask) {
            self.rectangle(&fits[index(rectangle.fit)], rectangle, &mut best);
        }
        best
    }

    fn rectangle(&self, place: &Fit, rectangle: &Rectangle, best: &mut Answer) {
        let (ask, weeks) = (self.ask, index(rectangle.weeks));
        let (low, high) = (i64::from(rectangle.low), i64::from(rectangle.high));
        let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
        let fixed = (SCALE * place.lost * hours).saturating_add(self.euro.saturating_mul(money));
        best.money = best.money.min(money.saturating_mul(low));
        let mut consider = |start: usize, high: i64| {
            let rent = SCALE.saturating_mul(self.tables.window(self.model, place.pool, start, weeks));
            let each = fixed.saturating_add(rent);
            for gpus in [high, low.max(high - ask.gran), low] {
                let award = ask.full.min(hours * gpus);
                let value = SCALE * self.coefficient * award - each.saturating_mul(gpus) + SCALE * ask.base;
                if value > best.value {
                    best.value = value;
                    best.choice = Choice::Block { fit: index(rectangle.fit), start, weeks, gpus };
                }
            }
        };
        if rectangle.is_roomy {
            let rent = |start: &usize| self.tables.window(self.model, place.pool, *start, weeks);
            if let Some(start) = (ask.from..=ask.to - weeks).min_by_key(rent) {
                consider(start, high);
            }
            return;
        }
        let free = &self.model.windows[weeks - 1][place.pool * self.model.weeks..];
        for (start, free) in (ask.from..=ask.to - weeks).zip(&free[ask.from..]) {
            if *free >= high {
                consider(start, high);
            } else if *free >= low {
                consider(start, down(*free, ask.gran));
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
        let ask = self.ask;
        let mut best = Answer { money: i64::MAX, ..Answer::default() };
        for (fit, place) in self.model.fits_of(ask).iter().enumerate() {
            let mut most = self.model.money_left(ask) / place.money.max(1);
            if self.model.hours_cap[ask.org] < ask.full {
                most = most.min(self.model.hours_cap[ask.org] / place.hours);
            }
            let most = most.min(1 << 30);
            let offered: i64 = self.model.offered_to(ask, fit).iter().copied().map(i64::from).sum();
            if offered.min(most).saturating_mul(place.hours) < ask.least {
                continue;
            }
            best.money = best.money.min(ceiling(ask.least, place.hours).saturating_mul(place.money));
            for total in self.totals(fit, offered, most).into_iter().flatten() {
                let surplus = (place.hours * total - ask.full).max(0);
                let value = self.take(fit, total) - SCALE * self.coefficient * surplus + SCALE * ask.base;
                if value > best.value {
                    best.value = value;
                    best.choice = Choice::Flex { fit, total };
                }
            }
        }
        best
    }

    /// The totals that can be best: the one that pays most below all hours, and the first that reaches them.
    fn totals(&self, fit: usize, offered: i64, most: i64) -> [Option<i64>; 2] {
        let (ask, place) = (self.ask, &self.model.fits_of(self.ask)[fit]);
        let below = |total: i64| {
            let total = down(total, ask.gran);
            total.min((total / ask.low).saturating_mul(ask.high))
        };
        let above = |hours: i64| {
            let total = up(ceiling(hours, place.hours), ask.gran);
            total.max(ceiling(total, ask.high) * ask.low)
        };
        let (full, over, least) = (below(ask.full / place.hours), above(ask.full), above(ask.least));
        let cap = below(most);
        let top = full.min(cap).min(offered);
        let (fixed, rents) = (self.before_rent(place), &self.rents.capacity[place.pool * self.model.weeks..]);
        let paying = self.weeks_of(fit).take_while(|(week, _)| fixed > SCALE * rents[*week]);
        let paying: i64 = paying.map(|(_, gpus)| gpus).sum();
        [(least <= top).then(|| least.max(paying.min(top))), (over <= cap.min(offered)).then_some(over)]
    }

    fn take(&self, fit: usize, mut total: i64) -> i64 {
        let place = &self.model.fits_of(self.ask)[fit];
        let (fixed, rents) = (self.before_rent(place), &self.rents.capacity[place.pool * self.model.weeks..]);
        let mut value = 0_i64;
        for (week, gpus) in self.weeks_of(fit) {
            if total <= 0 {
                break;
            }
            let taken = gpus.min(total);
            value = value.saturating_add((fixed - SCALE * rents[week]).saturating_mul(taken));
            total -= taken;
        }
        value
    }

    /// Every place of every week that a split request may take: value less rent, centi-hours and number of GPU-weeks.
    fn places_by_week(&self) -> Vec<Vec<Place>> {
        let (ask, model) = (self.ask, self.model);
        let mut weeks: Vec<Vec<Place>> = vec![Vec::new(); ask.to - ask.from];
        for (fit, place) in model.fits_of(ask).iter().enumerate() {
            let fixed = self.before_rent(place);
            let rents = &self.rents.capacity[place.pool * model.weeks + ask.from..];
            for ((week, gpus), rent) in weeks.iter_mut().zip(model.offered_to(ask, fit)).zip(rents) {
                if *gpus > 0 {
                    week.push(Place { fit, value: fixed - SCALE * rent, hours: place.hours, gpus: i64::from(*gpus) });
                }
            }
        }
        weeks
    }

    fn split(&self) -> Answer {
        let (ask, fits) = (self.ask, self.model.fits_of(self.ask));
        let weeks = self.places_by_week();
        let most_of = |week: &Vec<Place>| week.iter().map(|place| place.hours * place.gpus).max().unwrap_or(0);
        if weeks.iter().map(most_of).sum::<i64>() < ask.least {
            return Answer::default();
        }
        let offered =
            fits.iter().enumerate().filter(|(fit, _)| self.model.offered_to(ask, *fit).iter().any(|n| *n > 0));
        let money = offered.map(|(_, place)| (ask.least / place.hours).saturating_mul(place.money)).min();
        let at = |price: i64| {
            let target = if price >= 0 { ask.full } else { ask.least };
            let (mut value, mut missing) = (i128::from(price) * i128::from(target), target);
            for week in &weeks {
                let (gain, place) = best_of_week(week, price);
                value += gain;
                missing -= place.map_or(0, |place| place.hours * place.gpus);
            }
            (value, missing)
        };
        let (mut low, mut high) = (-SCALE * 1_000_000, SCALE * 1_000_000);
        let mut best = (at(0).0, 0);
        while high - low > 1 {
            let middle = (low + high).div_euclid(2);
            let (value, missing) = at(middle);
            if value < best.0 {
                best = (value, middle);
            }
            if missing > 0 { high = middle } else { low = middle }
        }
        let value = i64::try_from(best.0).unwrap_or(i64::MAX).saturating_add(SCALE * ask.base);
        Answer { value, money: money.unwrap_or(0), choice: Choice::Split { price: best.1 } }
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
                for (week, places) in (self.ask.from..).zip(self.places_by_week()) {
                    if let (_, Some(place)) = best_of_week(&places, price) {
                        take(&fits[place.fit], week, place.gpus);
                        delivered += place.hours * place.gpus;
                    }
                }
            }
        }
        delivered.min(self.ask.full)
    }

    /// The cheapest pot.
    pub fn pot(&self) -> Option<usize> {
        self.model.pots_for(self.ask).iter().copied().min_by_key(|pot| self.rents.pots[*pot])
    }
}

/// What a split request may take of a pool in a week.
#[derive(Clone, Copy)]
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
        let each = place.value - price * place.hours;
        if each > 0 {
            let gain = i128::from(each) * i128::from(place.gpus);
            if gain > best.0 {
                best = (gain, Some(place));
            }
        }
    }
    best
}
