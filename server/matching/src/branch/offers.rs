//! Every way in which a request could be served within its limits, with value less rent.

use crate::{
    best::{Choice, Market},
    branch::limits::Limit,
    model::{Ask, Kind, Model, SCALE},
    numbers::{down, int},
};

/// More ways than this are too many to look at one by one.
const OFFERS_MAX: i64 = 200_000;

/// One way, before the pot that pays.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    pub choice: Choice,
    /// In ten-thousandths of the objective, before any money.
    pub value: i128,
    /// Centi-hours awarded and 1e-4 EUR.
    pub hours: i64,
    pub money: i64,
}

/// How many ways there are at most.
pub fn is_small(model: &Model) -> bool {
    let mut count = 0_i64;
    for ask in &model.asks {
        for one in model.rectangles_of(ask) {
            let gangs = (one.high() - one.low()) / ask.gran + 1;
            count = count.saturating_add(gangs);
        }
        let goals = (0..ask.goals.len()).filter_map(|fit| model.goal(ask, fit));
        for goal in goals.filter(|_| ask.kind == Kind::Flex) {
            count = count.saturating_add((goal.top - goal.least) / ask.gran + 2);
        }
    }
    count <= OFFERS_MAX
}

impl Market<'_> {
    /// Calls `take` with every way of a request that may not change pools.
    pub fn offers(self, ask: &Ask, limit: &Limit, take: impl FnMut(Offer)) {
        let coefficient = self.tables.coefficient(self.model, ask) - self.rents.own_hours[ask.org];
        match ask.kind {
            Kind::Block => self.blocks(ask, limit, coefficient, take),
            Kind::Flex => self.totals(ask, limit, coefficient, take),
            Kind::Split => {}
        }
    }

    fn blocks(self, ask: &Ask, limit: &Limit, coefficient: i64, mut take: impl FnMut(Offer)) {
        let model = self.model;
        let mut least: Vec<(i64, usize)> = Vec::new();
        for one in model.rectangles_of(ask).iter().filter(|one| limit.fits[one.fit()]) {
            let (fit, weeks, low, high) = (one.fit(), one.weeks(), one.low(), one.high());
            let place = model.fit(ask, fit);
            let steps = usize::try_from((high - low) / ask.gran).unwrap_or(0);
            least.clear();
            least.resize(steps + 1, (i64::MAX, 0));
            let free = &model.windows[weeks - 1][place.pool * model.weeks..];
            let starts = limit.starts.start..limit.starts.end.min(ask.to - weeks + 1);
            for (start, free) in starts.zip(&free[limit.starts.start..]) {
                let gpus = down((*free).min(high), ask.gran);
                if gpus >= low {
                    let rent = self.tables.window(model, place.pool, start, weeks);
                    let step = usize::try_from((gpus - low) / ask.gran).unwrap_or(0);
                    least[step] = least[step].min((rent, start));
                }
            }
            let mut cheapest = (i64::MAX, 0);
            for (step, here) in least.iter().enumerate().rev() {
                cheapest = cheapest.min(*here);
                let gpus = low + ask.gran * int(step);
                let delivered = place.hours * int(weeks) * gpus;
                let hours = delivered.min(ask.full);
                if cheapest.0 == i64::MAX || !(limit.hours.0..=limit.hours.1).contains(&hours) {
                    continue;
                }
                let rent = i128::from(place.lost) * i128::from(delivered) + i128::from(cheapest.0) * i128::from(gpus);
                let worth = i128::from(coefficient) * i128::from(hours) + i128::from(ask.base);
                take(Offer {
                    choice: Choice::Block { fit, start: cheapest.1, weeks, gpus },
                    value: i128::from(SCALE) * (worth - rent),
                    hours,
                    money: place.money * int(weeks) * gpus,
                });
            }
        }
    }

    /// By total of GPU-weeks, the cheapest weeks first.
    fn totals(self, ask: &Ask, limit: &Limit, coefficient: i64, mut take: impl FnMut(Offer)) {
        let model = self.model;
        for (fit, place) in model.fits_of(ask).enumerate().filter(|(fit, _)| limit.fits[*fit]) {
            let Some(goal) = model.goal(ask, fit) else { continue };
            let free = model.caps(place.pool);
            let rents = &self.rents.capacity[place.pool * model.weeks..];
            let each = i128::from(place.hours) * i128::from(coefficient - place.lost);
            let (mut total, mut value) = (0_i64, i128::from(ask.base));
            let mut say = |total: i64, value: i128| {
                let hours = (place.hours * total).min(ask.full);
                if (limit.hours.0..=limit.hours.1).contains(&hours) {
                    let unpaid = i128::from(coefficient) * i128::from(place.hours * total - hours);
                    take(Offer {
                        choice: Choice::Flex { fit, total },
                        value: i128::from(SCALE) * (value - unpaid),
                        hours,
                        money: place.money * total,
                    });
                }
            };
            let last = goal.over.unwrap_or(goal.top);
            for week in self.tables.cheapest(model, place.pool) {
                if !(ask.from..ask.to).contains(&week) || total >= last {
                    continue;
                }
                let gpus = ask.share_of(free[week]).min(last - total);
                let gain = each - i128::from(rents[week]);
                let mut next = goal.least.max(total + ask.gran);
                while next <= total + gpus {
                    if next <= goal.top || next == last {
                        say(next, value + gain * i128::from(next - total));
                    }
                    next = if next < goal.top { next + ask.gran } else { last.max(next + 1) };
                }
                value += gain * i128::from(gpus);
                total += gpus;
            }
        }
    }
}
