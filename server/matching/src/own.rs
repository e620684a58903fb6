//! The rents of the organisations' own caps. Given all other prices, what an organisation adds to the bound is convex in
//! them, and nobody else's business: they are set to where it is lowest, one cap after the other.

use crate::{
    best::{Choice, Market},
    demand::{Desk, choose},
    dual::DEAREST,
    model::NO_CAP,
    numbers::index,
};

/// Times that either cap is set with regard to the other.
const ROUNDS: usize = 2;

/// An organisation's cap on hours, or its headroom of de minimis aid.
#[derive(Debug, Clone, Copy)]
enum Cap {
    Hours,
    Money,
}

impl Desk<'_> {
    /// Sets the rents of all own caps, which are kept here; one request alone is bounded by its own limits already.
    pub fn tune(&mut self, market: Market<'_>) {
        let model = self.model;
        for org in self.orgs.clone().filter(|org| model.asks_of(*org).len() > 1) {
            for _ in 0..ROUNDS {
                let before = *self.rents(org);
                if model.hours_cap[org] < NO_CAP {
                    self.tune_one(market, org, Cap::Hours);
                }
                self.tune_one(market, org, Cap::Money);
                if before == *self.rents(org) {
                    break;
                }
            }
        }
    }

    /// The lowest rent, to a part in 256, at which no more is wanted than there is.
    fn tune_one(&mut self, market: Market<'_>, org: usize, cap: Cap) {
        let start = *self.rent(org, cap);
        if self.is_enough(market, org, cap, 0) {
            return;
        }
        let (mut low, mut high) = (0, start.max(1));
        while high < DEAREST && !self.is_enough(market, org, cap, high) {
            (low, high) = (high, high.saturating_mul(4));
        }
        while high - low > high / 256 + 1 {
            let middle = low + (high - low) / 2;
            if self.is_enough(market, org, cap, middle) { high = middle } else { low = middle }
        }
        *self.rent(org, cap) = high.min(DEAREST);
    }

    /// Per centi-hour and per euro of headroom.
    fn rents(&mut self, org: usize) -> &mut (i64, i64) {
        &mut self.own[org - self.orgs.start]
    }

    fn rent(&mut self, org: usize, cap: Cap) -> &mut i64 {
        let (hours, money) = self.rents(org);
        match cap {
            Cap::Hours => hours,
            Cap::Money => money,
        }
    }

    /// Whether the organisation's requests want no more of the cap than there is, at this rent, which stays.
    fn is_enough(&mut self, market: Market<'_>, org: usize, cap: Cap, rent: i64) -> bool {
        *self.rent(org, cap) = rent;
        let (model, own, places) = (self.model, *self.rents(org), self.places(org));
        let (asks, answers) = (model.owners.requests(org), &mut self.answers[places]);
        for (answer, ask) in answers.iter_mut().zip(asks) {
            let bid = market.bid(&model.asks[index(*ask)], own);
            *answer = bid.map(|bid| bid.answer(answer.choice)).unwrap_or_default();
        }
        choose(model, org, answers);
        let (mut hours, mut money) = (0_i64, 0_i64);
        for (answer, ask) in answers.iter().zip(asks).filter(|(answer, _)| answer.choice != Choice::Nothing) {
            let ask = &model.asks[index(*ask)];
            let Some(bid) = market.bid(ask, own) else { continue };
            let mut paid = 0_i64;
            let awarded = bid.uses(answer.choice, |fit, _, gpus| paid = paid.saturating_add(fit.money * gpus));
            hours = hours.saturating_add(awarded);
            money = money.saturating_add(if ask.de_minimis { paid } else { 0 });
        }
        match cap {
            Cap::Hours => hours <= model.hours_cap[org],
            Cap::Money => money <= model.money_cap[org],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{dual::Dual, model::Model, sample};

    #[test]
    fn tuned_rents_never_prove_less_and_mostly_more() {
        let mut better = 0;
        for seed in 0..8 {
            let mut instance = sample::call(sample::Size { requests: 60, sites: 3, weeks: 12 }, seed);
            // Own caps are all that is short.
            for pool in &mut instance.pools {
                pool.cap.iter_mut().for_each(|gpus| *gpus *= 4);
            }
            instance.pots.iter_mut().for_each(|pot| pot.eur *= 10);
            let model = Model::new(&instance);
            let mut dual = Dual::new(&model, 1);
            let before = dual.evaluate();
            dual.tune();
            let after = dual.evaluate();
            // Each rent is found to a part in 256.
            assert!(after <= before + before / 256, "seed {seed}: {after} after {before}");
            better += i32::from(after < before);
        }
        assert!(better >= 6, "only {better} of 8 calls have a better bound");
    }
}
