//! The bound that prices prove, by weak duality: no solution is worth more, whatever the prices are.
//!
//! For each organisation the best set of its requests whose least awards fit its own caps, each request at its best
//! value less rent; plus what the prices make of all capacity, pots and floors.

use super::rules::{is_acceptable, is_eligible, weight};
use crate::{
    instance::{Instance, Mode, Request},
    numbers::{ceiling, down, int, up},
    solution::Prices,
};

/// Values are reckoned in ten-thousandths of the objective, so that prices per euro stay whole.
pub(super) const SCALE: i128 = 10_000;
/// Organisations with more requests than this are bounded without their caps.
const SUBSET_MAX: usize = 20;

/// In units of the objective, rounded up; what is wrong with the prices otherwise.
pub fn bound(instance: &Instance, prices: &Prices) -> Result<i128, String> {
    fits(instance, prices)?;
    let mut total = offered(instance, prices);
    let mut by_org: Vec<Vec<Item>> = vec![Vec::new(); instance.orgs.len()];
    for request in &instance.requests {
        if let Some(item) = (Case { instance, prices, request }).best() {
            by_org[request.org].push(item);
        }
    }
    for (org, items) in instance.orgs.iter().zip(by_org) {
        let hours = org.cap_hours.map_or(i128::MAX, |hours| 100 * i128::from(hours));
        total += best_subset(items, hours, SCALE * i128::from(org.de_minimis_eur));
    }
    Ok((total + SCALE - 1).div_euclid(SCALE))
}

/// What the prices make of all that there is, in ten-thousandths of the objective.
pub(super) fn offered(instance: &Instance, prices: &Prices) -> i128 {
    let floor_full = 100 * i128::from(instance.params.floor_bonus_weight);
    let mut total: i128 = 0;
    for (pool, row) in instance.pools.iter().zip(&prices.capacity) {
        total += pool.cap.iter().zip(row).map(|(cap, price)| i128::from(*cap) * i128::from(*price)).sum::<i128>();
    }
    for (pot, price) in instance.pots.iter().zip(&prices.pot) {
        total += i128::from(pot.eur) * i128::from(*price);
    }
    for (org, price) in &prices.org_eur {
        total += i128::from(instance.orgs[*org].de_minimis_eur) * i128::from(*price);
    }
    for (org, price) in &prices.org_hours {
        total += 100 * i128::from(instance.orgs[*org].cap_hours.unwrap_or_default()) * i128::from(*price);
    }
    for (floor, price) in instance.floors.iter().zip(&prices.floor) {
        total += (floor_full - i128::from(*price)) * 100 * i128::from(floor.hours);
    }
    total * SCALE
}

pub(super) fn fits(instance: &Instance, prices: &Prices) -> Result<(), String> {
    let shape = prices.capacity.len() == instance.pools.len()
        && prices.capacity.iter().all(|row| row.len() == instance.weeks)
        && prices.pot.len() == instance.pots.len()
        && prices.min_share.len() == instance.params.min_share.len()
        && prices.country_max.len() == instance.countries.len()
        && prices.floor.len() == instance.floors.len();
    if !shape {
        return Err("the prices do not fit the instance".to_owned());
    }
    let rest = [&prices.pot, &prices.min_share, &prices.country_max, &prices.floor];
    let mut all = prices.capacity.iter().chain(rest).flatten().chain(prices.org_eur.values());
    if all.any(|price| *price < 0) || prices.org_hours.values().any(|price| *price < 0) {
        return Err("a price is negative".to_owned());
    }
    let most = 100 * instance.params.floor_bonus_weight;
    if prices.floor.iter().any(|price| *price > most) {
        return Err("the price of a floor is above its bonus".to_owned());
    }
    if prices.org_eur.keys().any(|org| *org >= instance.orgs.len())
        || prices.org_hours.keys().any(|org| instance.orgs.get(*org).is_none_or(|org| org.cap_hours.is_none()))
    {
        return Err("a price for a cap that no organisation has".to_owned());
    }
    Ok(())
}

/// A request at its best: value less rent, and the least centi-hours and headroom it would take.
#[derive(Clone, Copy)]
struct Item {
    value: i128,
    hours: i128,
    money: i128,
}

/// One request under the prices.
pub(super) struct Case<'a> {
    pub instance: &'a Instance,
    pub prices: &'a Prices,
    pub request: &'a Request,
}

/// What the request's own limits allow, whatever the pool.
pub(super) struct Terms {
    pub least: i64,
    pub full: i64,
    pub gang: (i64, i64),
    /// Centi-hours and 1e-4 EUR that its organisation's caps leave, or more than it could take.
    pub hours_left: i64,
    pub money_left: i64,
    /// Value of a centi-hour, and price of a euro.
    pub coefficient: i128,
    pub euro: i128,
    pub base: i128,
}

/// One acceptable pool.
pub(super) struct Place {
    pub pool: usize,
    /// Centi-hours and 1e-4 EUR of a GPU-week.
    pub hours: i64,
    pub money: i64,
    /// Lost for each centi-hour.
    pub elsewhere: i128,
}

impl Case<'_> {
    fn best(&self) -> Option<Item> {
        let terms = self.terms()?;
        let places = self.places();
        let (value, money) = match (self.request.mode, self.request.split) {
            (Mode::Block, _) => self.block(&terms, &places),
            (Mode::Flex, false) => self.flexible(&terms, &places),
            (Mode::Flex, true) => {
                let (value, money) = self.split(&terms, &places);
                (value.unwrap_or_default(), money)
            }
        };
        let money = if self.request.de_minimis { money.unwrap_or_default() } else { 0 };
        (value > 0).then_some(Item { value, hours: i128::from(terms.least), money })
    }

    /// `None` if no pot may pay or the organisation's cap is below the least award.
    pub fn terms(&self) -> Option<Terms> {
        let Self { instance, prices, request } = self;
        let (params, org) = (&instance.params, &instance.orgs[request.org]);
        let pots = (0..instance.pots.len()).filter(|pot| is_eligible(instance, request, *pot));
        let mut euro = pots.map(|pot| i128::from(prices.pot[pot])).min()?;
        if request.de_minimis {
            euro += prices.org_eur.get(&request.org).copied().map_or(0, i128::from);
        }
        let weight = i128::from(weight(instance, request));
        let mut coefficient = 100 * weight - prices.org_hours.get(&request.org).copied().map_or(0, i128::from);
        for (share, price) in params.min_share.iter().zip(&prices.min_share) {
            let is_in = i128::from(share.sizes.contains(&org.size));
            coefficient += i128::from(*price) * (100 * is_in - i128::from(share.pct));
        }
        let own = instance.countries.iter().position(|code| *code == org.country)?;
        let all: i128 = prices.country_max.iter().map(|price| i128::from(*price)).sum();
        coefficient += all * i128::from(params.country_max_pct) - 100 * i128::from(prices.country_max[own]);
        for (floor, price) in instance.floors.iter().zip(&prices.floor) {
            if floor.country == org.country {
                coefficient += i128::from(*price);
            }
        }
        let (least, full) = (100 * request.min_hours, 100 * request.hours);
        let hours_left = org.cap_hours.map_or(i64::MAX, |hours| hours.saturating_mul(100));
        let money_left = if request.de_minimis { org.de_minimis_eur * 10_000 } else { i64::MAX };
        let gang = (up(request.gmin, request.gran), down(request.gmax, request.gran));
        let base = SCALE * weight * 10_000 * i128::from(params.serve_bonus_h);
        let terms = Terms { least, full, gang, hours_left, money_left, coefficient, euro, base };
        (hours_left >= least).then_some(terms)
    }

    pub fn places(&self) -> Vec<Place> {
        let Self { instance, request, .. } = self;
        let acceptable = (0..instance.pools.len()).filter(|pool| is_acceptable(instance, request, *pool));
        let place = |number: usize| {
            let pool = &instance.pools[number];
            let is_elsewhere = request.pref_sites.as_ref().is_some_and(|sites| !sites.contains(&pool.site));
            let lost = instance.params.nonpref_pct * weight(instance, request);
            Place {
                pool: number,
                hours: instance.hours_per_week * request.equiv[&pool.gpu],
                money: instance.hours_per_week * pool.price_c * request.subsidy_pct,
                elsewhere: if is_elsewhere { i128::from(lost) } else { 0 },
            }
        };
        acceptable.map(place).collect()
    }

    /// The best rectangle, and the least money one takes.
    fn block(&self, terms: &Terms, places: &[Place]) -> (i128, Option<i128>) {
        let (mut best, mut least_money) = (0, None);
        for place in places {
            // A longer one has no window.
            let longest = self.request.weeks_max.min(self.request.deadline - self.request.earliest);
            for weeks in self.request.weeks_min..=longest {
                let Some((low, high)) = rectangle(terms, place, weeks, self.request.gran) else { continue };
                let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
                for start in self.request.earliest..(self.request.deadline + 1).saturating_sub(weeks) {
                    let here = start..start + weeks;
                    let free = self.instance.pools[place.pool].cap[here.clone()].iter().min().copied().unwrap_or(0);
                    let high = high.min(down(free, self.request.gran));
                    if free < low || high < low {
                        continue;
                    }
                    if self.request.de_minimis {
                        let cost = i128::from(money) * i128::from(low);
                        least_money = Some(least_money.map_or(cost, |least: i128| least.min(cost)));
                    }
                    let rent: i128 = self.prices.capacity[place.pool][here].iter().map(|rent| i128::from(*rent)).sum();
                    let each = SCALE * (place.elsewhere * i128::from(hours) + rent) + terms.euro * i128::from(money);
                    for gpus in [low, high, low.max(high - self.request.gran)] {
                        let award = i128::from(terms.full.min(hours * gpus));
                        let value = SCALE * terms.coefficient * award - each * i128::from(gpus) + terms.base;
                        best = best.max(value);
                    }
                }
            }
        }
        (best, least_money)
    }

    /// GPU-weeks of a place: value less rent of each, and how many there are.
    pub fn weeks_of(&self, terms: &Terms, place: &Place) -> Vec<(i128, i64)> {
        let fixed = SCALE * i128::from(place.hours) * (terms.coefficient - place.elsewhere)
            - terms.euro * i128::from(place.money);
        let cap = &self.instance.pools[place.pool].cap;
        let rents = &self.prices.capacity[place.pool];
        let (low, high) = terms.gang;
        (self.request.earliest..self.request.deadline)
            .map(|week| (fixed - SCALE * i128::from(rents[week]), high.min(down(cap[week], self.request.gran))))
            .filter(|(_, gpus)| *gpus >= low)
            .collect()
    }

    fn flexible(&self, terms: &Terms, places: &[Place]) -> (i128, Option<i128>) {
        let (mut best, mut least_money) = (0, None);
        for place in places {
            let mut weeks = self.weeks_of(terms, place);
            let mut most = (terms.money_left / place.money.max(1)).min(1 << 30);
            if terms.hours_left < terms.full {
                most = most.min(terms.hours_left / place.hours);
            }
            let offered: i64 = weeks.iter().map(|(_, gpus)| gpus).sum();
            if offered.min(most).saturating_mul(place.hours) < terms.least {
                continue;
            }
            if self.request.de_minimis {
                let cost = i128::from(ceiling(terms.least, place.hours)) * i128::from(place.money);
                least_money = Some(least_money.map_or(cost, |least: i128| least.min(cost)));
            }
            weeks.sort_unstable_by_key(|(value, _)| std::cmp::Reverse(*value));
            if let Some(value) = filled(terms, place, &weeks, most, self.request.gran) {
                best = best.max(value + terms.base);
            }
        }
        (best, least_money)
    }

    /// One pool a week: the least of the dual function of the one linking row, by halving.
    pub fn split(&self, terms: &Terms, places: &[Place]) -> (Option<i128>, Option<i128>) {
        let mut by_week: Vec<Vec<(i128, i128, i128)>> = vec![Vec::new(); self.instance.weeks];
        let (mut least_money, (low, high)) = (None::<i128>, terms.gang);
        for place in places {
            let mut has_some = false;
            let fixed = SCALE * i128::from(place.hours) * (terms.coefficient - place.elsewhere)
                - terms.euro * i128::from(place.money);
            let window = self.request.earliest..self.request.deadline;
            let caps = &self.instance.pools[place.pool].cap[window.clone()];
            let rents = &self.prices.capacity[place.pool][window.clone()];
            for ((places, cap), rent) in by_week[window].iter_mut().zip(caps).zip(rents) {
                let gpus = high.min(down(*cap, self.request.gran));
                if gpus >= low {
                    has_some = true;
                    places.push((fixed - SCALE * i128::from(*rent), i128::from(place.hours), i128::from(gpus)));
                }
            }
            if has_some {
                let cost = i128::from(terms.least / place.hours) * i128::from(place.money);
                least_money = Some(least_money.map_or(cost, |least| least.min(cost)));
            }
        }
        let (least, full) = (i128::from(terms.least), i128::from(terms.full));
        let most: i128 = by_week.iter().map(|week| week.iter().map(|(_, h, n)| h * n).max().unwrap_or(0)).sum();
        if most < least {
            return (None, least_money);
        }
        let at = |price: i128| {
            let target = if price >= 0 { full } else { least };
            let (mut value, mut missing) = (price * target, target);
            for week in &by_week {
                let best = week.iter().map(|(value, hours, gpus)| (gpus * (value - price * hours), hours * gpus));
                let (gain, hours) = best.fold((0, 0), |best, one| if one.0 > best.0 { one } else { best });
                value += gain;
                missing -= hours;
            }
            (value, missing)
        };
        let (mut low, mut high) = (-SCALE * 1_000_000, SCALE * 1_000_000);
        let mut value = at(low).0.min(at(high).0).min(at(0).0);
        while high - low > 1 {
            let middle = (low + high).div_euclid(2);
            let (here, missing) = at(middle);
            value = value.min(here);
            if missing > 0 { high = middle } else { low = middle }
        }
        (Some(value + terms.base), least_money)
    }
}

/// Fewest and most GPUs of a rectangle that its own limits allow.
pub(super) fn rectangle(terms: &Terms, place: &Place, weeks: usize, gran: i64) -> Option<(i64, i64)> {
    let (hours, money) = (place.hours * int(weeks), place.money * int(weeks));
    let low = terms.gang.0.max(up(ceiling(terms.least, hours), gran));
    let mut high = terms.gang.1.min(terms.gang.0.max(up(ceiling(terms.full, hours), gran)));
    if terms.money_left < i64::MAX {
        high = high.min(down(terms.money_left / money.max(1), gran));
    }
    if terms.hours_left < terms.full {
        high = high.min(down(terms.hours_left / hours, gran));
    }
    (low <= high).then_some((low, high))
}

/// Totals of GPU-weeks that some number of weeks with an allowed gang can make.
pub(super) struct Totals {
    /// From the fewest that reach the least hours to the most below all hours; none if the first is above the second.
    pub part: (i64, i64),
    /// The first that reach all hours, if they can be had.
    pub over: Option<i64>,
}

pub(super) fn totals(terms: &Terms, place: &Place, (offered, most): (i64, i64), gran: i64) -> Option<Totals> {
    let (low, high) = terms.gang;
    if low > high {
        return None;
    }
    let below = |total: i64| {
        let total = down(total, gran);
        total.min((total / low).saturating_mul(high))
    };
    let above = |hours: i64| {
        let total = up(ceiling(hours, place.hours), gran);
        total.max(ceiling(total, high) * low)
    };
    let (over, cap) = (above(terms.full), below(most).min(offered));
    let part = (above(terms.least), below(terms.full / place.hours).min(cap));
    Some(Totals { part, over: (over <= cap).then_some(over) })
}

/// The cheapest weeks first.
pub(super) fn take(weeks: &[(i128, i64)], mut total: i64) -> i128 {
    let mut value = 0_i128;
    for (each, gpus) in weeks {
        let taken = total.min(*gpus);
        value += each * i128::from(taken);
        total -= taken;
    }
    value
}

/// What so many GPU-weeks count for less because nobody is credited with more than all hours.
pub(super) fn unpaid(terms: &Terms, place: &Place, total: i64) -> i128 {
    SCALE * terms.coefficient * i128::from((place.hours * total - terms.full).max(0))
}

/// The best total, the cheapest weeks first.
fn filled(terms: &Terms, place: &Place, weeks: &[(i128, i64)], most: i64, gran: i64) -> Option<i128> {
    let offered: i64 = weeks.iter().map(|(_, gpus)| gpus).sum();
    let Totals { part: (least, top), over } = totals(terms, place, (offered, most), gran)?;
    let paying: i64 = weeks.iter().filter(|(value, _)| *value > 0).map(|(_, gpus)| gpus).sum();
    let exact = (least <= top).then(|| take(weeks, least.max(paying.min(top))));
    let surplus = over.map(|over| take(weeks, over) - unpaid(terms, place, over));
    exact.max(surplus)
}

/// The most valuable items whose hours and money fit; exact up to [`SUBSET_MAX`] items.
fn best_subset(mut items: Vec<Item>, hours: i128, money: i128) -> i128 {
    items.sort_by_key(|item| std::cmp::Reverse((item.value, item.hours, item.money)));
    let mut rest = vec![0; items.len() + 1];
    for (number, item) in items.iter().enumerate().rev() {
        rest[number] = rest[number + 1] + item.value;
    }
    let all = items.iter().fold((0, 0), |(h, m), item| (h + item.hours, m + item.money));
    if items.len() > SUBSET_MAX || (all.0 <= hours && all.1 <= money) {
        return rest[0];
    }
    let mut best = 0;
    branch(&items, &rest, 0, (hours, money), &mut best);
    best
}

fn branch(items: &[Item], rest: &[i128], value: i128, left: (i128, i128), best: &mut i128) {
    *best = value.max(*best);
    let Some((item, others)) = items.split_first() else { return };
    if value + rest[0] <= *best {
        return;
    }
    if item.hours <= left.0 && item.money <= left.1 {
        branch(others, &rest[1..], value + item.value, (left.0 - item.hours, left.1 - item.money), best);
    }
    branch(others, &rest[1..], value, left, best);
}
