//! One pass: everybody answers the prices, and each country makes the best of its answers that its own pot and its
//! organisations' caps allow.

use std::cmp::Reverse;

use crate::{
    best::{Choice, Market},
    branch::{
        country::{self, Group, Item},
        limits::Limit,
        offers::Offer,
    },
    dual::Dual,
    instance::Instance,
    model::{Ask, Kind, Model, NO_CAP, SCALE},
    numbers::{index, int, small},
};

/// What does not change from pass to pass.
pub struct Relaxation<'a> {
    pub model: &'a Model,
    countries: Vec<Country>,
    /// Whether the caps of its organisation can bind: hours and headroom, by organisation.
    binding: Vec<(bool, bool)>,
}

struct Country {
    /// The requests, those of one organisation together.
    asks: Vec<usize>,
    /// The pot that is for this country alone.
    pot: Option<usize>,
}

/// What a request takes at the prices.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub choice: Choice,
    pub pot: usize,
    /// Centi-hours, at least.
    pub hours: i64,
}

/// Answers of the last pass and what is kept for the next.
#[derive(Debug, Clone)]
pub struct State {
    pub taken: Vec<Option<Taken>>,
    /// Price of each country's own pot within the country.
    prices: Vec<i64>,
}

impl<'a> Relaxation<'a> {
    pub fn new(instance: &Instance, model: &'a Model) -> Self {
        let mut countries: Vec<Country> = Vec::new();
        for code in &instance.countries {
            let pot = instance.pots.iter().position(|pot| pot.country.as_ref() == Some(code));
            countries.push(Country { asks: Vec::new(), pot });
        }
        let binding: Vec<(bool, bool)> = (0..model.owners.orgs()).map(|org| binding(model, org)).collect();
        // Whose caps bind comes first: what follows is bounded well by the pot alone.
        let mut orgs: Vec<usize> = (0..model.owners.orgs()).collect();
        orgs.sort_by_key(|org| Reverse(binding[*org]));
        for asks in orgs.iter().map(|org| model.asks_of(*org)) {
            if let Some(first) = asks.clone().next() {
                countries[model.asks[first].country].asks.extend(asks);
            }
        }
        Self { model, countries, binding }
    }

    pub fn state(&self) -> State {
        State { taken: vec![None; self.model.asks.len()], prices: vec![0; self.countries.len()] }
    }

    /// The bound that the present prices prove of the case, rounded up, in units of the objective; `None` if the case
    /// cannot be. The demand is left in `dual`.
    pub fn pass(&self, dual: &mut Dual<'_>, limits: &[Limit], state: &mut State) -> Option<i128> {
        dual.tables.fill(self.model, &dual.rents);
        dual.demand.clear(self.model);
        let mut total = dual.offered();
        for (number, country) in self.countries.iter().enumerate() {
            total += self.country(dual, limits, (number, country), state)?;
        }
        let scale = i128::from(SCALE);
        Some((total + scale - 1).div_euclid(scale))
    }

    fn country(
        &self,
        dual: &mut Dual<'_>,
        limits: &[Limit],
        (number, country): (usize, &Country),
        state: &mut State,
    ) -> Option<i128> {
        let model = self.model;
        let market = Market { model, rents: &dual.rents, tables: &dual.tables };
        let mut options: Vec<Taken> = Vec::new();
        let mut groups: Vec<Group> = Vec::with_capacity(country.asks.len());
        for ask in &country.asks {
            groups.push(self.group(market, (&model.asks[*ask], &limits[*ask]), country, &mut options));
        }
        let pot = country.pot.map_or(0, |pot| model.pots[pot]);
        let found = country::choose(&groups, pot, &mut state.prices[number])?;
        for (ask, option) in country.asks.iter().zip(found.taken) {
            let taken = option.map(|option| options[index(option)]);
            state.taken[*ask] = taken;
            if let Some(bid) =
                taken.and_then(|taken| market.bid_paid_by(&model.asks[*ask], market.own(&model.asks[*ask]), taken.pot))
            {
                dual.demand.add(model, &bid, taken.map(|taken| taken.choice).unwrap_or_default());
            }
        }
        Some(found.value)
    }

    fn group(
        &self,
        market: Market<'_>,
        (ask, limit): (&Ask, &Limit),
        country: &Country,
        options: &mut Vec<Taken>,
    ) -> Group {
        let model = self.model;
        let (bind_hours, bind_money) = self.binding[ask.org];
        let mut group = Group {
            items: Vec::new(),
            is_awarded: limit.is_awarded,
            org: ask.org,
            caps: (
                if bind_hours { model.hours_cap[ask.org] } else { NO_CAP },
                if bind_money { model.money_cap[ask.org] } else { NO_CAP },
            ),
        };
        if limit.is_refused || model.hours_cap[ask.org] < ask.least || ask.low > ask.high {
            return group;
        }
        let own = if ask.de_minimis { market.rents.own_money[ask.org] } else { 0 };
        let mut add = |offer: &Offer, pot: usize, value: i128| {
            if value > 0 || limit.is_awarded {
                group.items.push(Item {
                    value,
                    pot: if country.pot == Some(pot) { offer.money } else { 0 },
                    hours: if bind_hours { offer.hours } else { 0 },
                    money: if bind_money && ask.de_minimis { offer.money } else { 0 },
                    option: small(options.len()),
                });
                options.push(Taken { choice: offer.choice, pot, hours: offer.hours });
            }
        };
        let pots = model.pots_for(ask).iter().zip(&limit.pots).filter(|(_, is_open)| **is_open).map(|(pot, _)| *pot);
        let pots: Vec<usize> = pots.collect();
        let paying = |money: i64, add: &mut dyn FnMut(usize)| {
            let can = |pot: &&usize| model.pots[**pot] >= money;
            let shared = pots.iter().filter(|pot| country.pot != Some(**pot)).filter(can);
            if let Some(pot) = shared.min_by_key(|pot| market.rents.pots[**pot]) {
                add(*pot);
            }
            if let Some(pot) = country.pot.filter(|own| pots.contains(own) && model.pots[*own] >= money) {
                add(pot);
            }
        };
        if ask.kind == Kind::Split {
            let money = model.least_money(ask, |_| true);
            paying(money, &mut |pot| {
                if let Some((value, choice)) =
                    market.bid_paid_by(ask, market.own(ask), pot).and_then(|bid| bid.split_value())
                {
                    add(&Offer { choice, value, hours: ask.least, money }, pot, value);
                }
            });
        } else {
            market.offers(ask, limit, |offer| {
                paying(offer.money, &mut |pot| {
                    let euro = i128::from(market.rents.pots[pot] + own);
                    add(&offer, pot, offer.value - euro * i128::from(offer.money));
                });
            });
        }
        country::keep_best(&mut group.items);
        group
    }
}

/// Whether what the requests of an organisation may take together is more than its caps: hours, and headroom.
fn binding(model: &Model, org: usize) -> (bool, bool) {
    let asks = || model.asks_of(org).map(|ask| &model.asks[ask]);
    let most_money = |ask: &Ask| -> i64 {
        let blocks = model.rectangles_of(ask).iter().map(|one| {
            let each = model.fit(ask, one.fit()).money;
            each.saturating_mul(int(one.weeks()) * one.high())
        });
        let goals = (0..ask.goals.len()).filter_map(|fit| Some((fit, model.goal(ask, fit)?)));
        let flexible = goals.map(|(fit, goal)| model.fit(ask, fit).money.saturating_mul(goal.over.unwrap_or(goal.top)));
        let split = (ask.kind == Kind::Split).then(|| model.least_money(ask, |_| true));
        blocks.chain(flexible).chain(split).max().unwrap_or(0)
    };
    let hours = asks().map(|ask| ask.full).fold(0, i64::saturating_add);
    let money = asks().filter(|ask| ask.de_minimis).map(most_money).fold(0, i64::saturating_add);
    (asks().count() > 1 && hours > model.hours_cap[org], money > model.money_cap[org])
}
