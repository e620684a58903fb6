//! Prices, and the tables that make asking for them cheap.

use crate::{
    model::{Ask, Model},
    numbers::{index, small},
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
    order: Vec<u32>,
    /// Value of a centi-hour besides merit, by country and by group bits.
    country: Vec<i64>,
    group: Vec<i64>,
    all_countries: i64,
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
            self.order.extend(0..small(weeks));
            self.order[first..].sort_by_key(|week| row[index(*week)]);
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
            for long in (1..=model.windows.len()).filter(|long| *long == 1 || model.is_duration[*long - 1]) {
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
    pub fn cheapest(&self, model: &Model, pool: usize) -> impl Iterator<Item = usize> {
        self.order[pool * model.weeks..(pool + 1) * model.weeks].iter().map(|week| index(*week))
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
