//! One request of the programme: what it may have, and what that takes.

use highs::Col;

use super::{Programme, Terms, real};
use crate::instance::{Instance, Mode, Request};

/// A request's columns.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub request: usize,
    pub pieces: Vec<Piece>,
    /// Awarded hours, and euros.
    pub hours: Terms,
    pub euros: Terms,
    /// 1 if it has an award.
    served: Terms,
    /// Pots that may pay, each with the column that says so where there are several.
    pub pays: Vec<(usize, Option<Col>)>,
    /// Euros out of each pot.
    pub spent: Vec<(usize, Col, f64)>,
}

/// As many GPUs of a pool in these weeks as the column says, times `each`.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub pool: usize,
    pub start: usize,
    pub weeks: usize,
    pub count: Col,
    pub each: i64,
}

/// A pool in which a request may run, for one step of its GPUs and one week.
#[derive(Debug, Clone, Copy)]
struct Place {
    pool: usize,
    hours: f64,
    euros: f64,
    /// Centi-hours, exactly.
    exactly: i64,
    is_preferred: bool,
}

/// Pools of a type it takes, where the data may lie, and near enough.
fn places(instance: &Instance, request: &Request) -> Vec<Place> {
    let own = instance.countries.iter().position(|code| *code == instance.orgs[request.org].country);
    let pools = instance.pools.iter().enumerate().filter_map(|(number, pool)| {
        let equiv = *request.equiv.get(&pool.gpu)?;
        let may_lie = request.residency.as_ref().is_none_or(|list| list.contains(&instance.sites[pool.site].country));
        let is_near =
            request.max_latency_ms.is_none_or(|most| instance.latency_ms[own.unwrap_or(0)][pool.site] <= most);
        let gpu_hours = instance.hours_per_week * request.gran;
        let is_offered = request.only_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site));
        (may_lie && is_near && is_offered).then(|| Place {
            pool: number,
            hours: real(gpu_hours * equiv) / 100.0,
            euros: real(gpu_hours * pool.price_c * request.subsidy_pct) / 10_000.0,
            exactly: gpu_hours * equiv,
            is_preferred: request.pref_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site)),
        })
    });
    pools.collect()
}

impl Programme<'_> {
    pub(super) fn ask(&mut self, number: usize) {
        let instance = self.instance;
        let request = &instance.requests[number];
        let country = &instance.orgs[request.org].country;
        let pots = instance.pots.iter().enumerate();
        let pots = pots.filter(|(_, pot)| pot.country.as_ref().is_none_or(|own| own == country));
        let pots: Vec<usize> = pots.filter(|(_, pot)| request.pots.contains(&pot.id)).map(|(pot, _)| pot).collect();
        let places = places(instance, request);
        let (low, high) = ((request.gmin + request.gran - 1) / request.gran, request.gmax / request.gran);
        if pots.is_empty() || places.is_empty() || low > high {
            return;
        }
        let mut ask = Ask { request: number, ..Ask::default() };
        match request.mode {
            Mode::Block => self.block(&mut ask, request, &places, (low, high)),
            Mode::Flex => self.flexible(&mut ask, request, &places, (low, high)),
        }
        self.pay(&mut ask, &pots);
        self.asks.push(ask);
    }

    /// Of each hour at a merit of 1.00: what this request's are worth.
    fn weight(&self, request: &Request) -> f64 {
        real(request.score * self.instance.params.class_pct[request.prio] / 100) / 100.0
    }

    /// Of an hour in this place: what is lost there.
    fn lost(&self, place: &Place) -> f64 {
        if place.is_preferred { 0.0 } else { real(self.instance.params.nonpref_pct) / 100.0 }
    }

    /// One rectangle. Up to the step before the hours are full its award grows with its GPUs; the step that fills them is
    /// a choice of its own, and more than that is never better. The smallest gang may be more than that already.
    fn block(&mut self, ask: &mut Ask, request: &Request, places: &[Place], (low, high): (i64, i64)) {
        let weight = self.weight(request);
        let bonus = weight * real(self.instance.params.serve_bonus_h);
        for place in places {
            for weeks in request.weeks_min..=request.weeks_max.min(request.deadline - request.earliest) {
                let long = i64::try_from(weeks).unwrap_or(i64::MAX);
                let each = place.exactly * long;
                let full = ((100 * request.hours + each - 1) / each).max(low);
                let least = ((100 * request.min_hours + each - 1) / each).max(low);
                let most = high.min(full - 1);
                for start in request.earliest..=request.deadline - weeks {
                    let mut put = |programme: &mut Self, steps: i64, count: Col, served: Col, hours: f64| {
                        let piece = Piece { pool: place.pool, start, weeks, count, each: request.gran * steps };
                        programme.take(ask, piece);
                        ask.hours.push((count, hours));
                        ask.euros.push((count, place.euros * real(long * steps)));
                        ask.served.push((served, 1.0));
                    };
                    let an_hour = weight * (1.0 - self.lost(place));
                    if full <= high {
                        let hours = real(request.hours);
                        let beyond = place.hours * real(long * full) * weight * self.lost(place);
                        let chosen = self.binary(weight * hours - beyond + bonus);
                        put(self, full, chosen, chosen, hours);
                    }
                    if least <= most {
                        let hours = place.hours * real(long);
                        let count = self.problem.add_integer_column(an_hour * hours, 0.0..=real(most));
                        let chosen = self.binary(bonus);
                        put(self, 1, count, chosen, hours);
                        self.problem.add_row(..=0.0, [(count, 1.0), (chosen, -real(most))]);
                        self.problem.add_row(0.0.., [(count, 1.0), (chosen, -real(least))]);
                    }
                }
            }
        }
        self.at_most(&ask.served.clone(), 1.0);
    }

    fn take(&mut self, ask: &mut Ask, piece: Piece) {
        for week in piece.start..piece.start + piece.weeks {
            self.taken[piece.pool * self.instance.weeks + week].push((piece.count, real(piece.each)));
        }
        ask.pieces.push(piece);
    }

    /// Any weeks of the window, in one pool or, if it may be split, in one pool a week.
    fn flexible(&mut self, ask: &mut Ask, request: &Request, places: &[Place], (low, high): (i64, i64)) {
        let weight = self.weight(request);
        let penalty = weight * real(self.instance.params.segment_penalty_h);
        let served = self.binary(weight * real(self.instance.params.serve_bonus_h) + penalty);
        ask.served.push((served, 1.0));
        let (mut delivered, mut chosen): (Terms, Terms) = (Vec::new(), vec![(served, -1.0)]);
        let mut by_week: Vec<Terms> = vec![Vec::new(); self.instance.weeks];
        let mut beyond = 0.0;
        for place in places {
            let here = if request.split { served } else { self.binary(0.0) };
            if !request.split {
                chosen.push((here, 1.0));
            }
            let mut before: Option<Col> = None;
            let window = by_week.iter_mut().enumerate().take(request.deadline).skip(request.earliest);
            for (week, all) in window {
                let worth = -weight * self.lost(place) * place.hours;
                let count = self.problem.add_integer_column(worth, 0.0..=real(high));
                let used = self.binary(0.0);
                self.problem.add_row(..=0.0, [(count, 1.0), (used, -real(high))]);
                self.problem.add_row(0.0.., [(count, 1.0), (used, -real(low))]);
                self.problem.add_row(..=0.0, [(used, 1.0), (here, -1.0)]);
                self.begin(penalty, (before, count, used), real(high));
                before = Some(count);
                all.push((used, 1.0));
                delivered.push((count, place.hours));
                ask.euros.push((count, place.euros));
                beyond += place.hours * real(high);
                self.take(ask, Piece { pool: place.pool, start: week, weeks: 1, count, each: request.gran });
            }
        }
        if request.split {
            for used in &by_week {
                self.at_most(used, 1.0);
            }
        } else {
            self.problem.add_row(0.0..=0.0, chosen);
        }
        self.cut_off(ask, request, (weight, served), (&delivered, beyond));
    }

    /// A new segment where the number of GPUs changes; the first is free by what being served is worth.
    fn begin(&mut self, penalty: f64, (before, count, used): (Option<Col>, Col, Col), high: f64) {
        if penalty <= 0.0 {
            return;
        }
        let begins = self.binary(-penalty);
        let Some(before) = before else {
            self.problem.add_row(..=0.0, [(count, 1.0), (begins, -high)]);
            return;
        };
        self.problem.add_row(..=0.0, [(count, 1.0), (before, -1.0), (begins, -high)]);
        self.problem.add_row(..=high, [(before, 1.0), (count, -1.0), (begins, -high), (used, high)]);
    }

    /// The award is what is delivered, or all its hours where more is: neither less nor more.
    fn cut_off(
        &mut self,
        ask: &mut Ask,
        request: &Request,
        (weight, served): (f64, Col),
        (delivered, beyond): (&Terms, f64),
    ) {
        let full = real(request.hours);
        let award = self.problem.add_column(weight, 0.0..=full);
        let is_full = self.binary(0.0);
        ask.hours.push((award, 1.0));
        let less = |terms: &Terms| terms.iter().map(|(col, hours)| (*col, -hours)).collect::<Terms>();
        let mut row = less(delivered);
        row.push((award, 1.0));
        self.problem.add_row(..=0.0, row.clone());
        row.push((is_full, beyond));
        self.problem.add_row(0.0.., row);
        self.problem.add_row(0.0.., [(award, 1.0), (is_full, -full)]);
        self.problem.add_row(..=0.0, [(award, 1.0), (served, -full)]);
        self.problem.add_row(0.0.., [(award, 1.0), (served, -real(request.min_hours))]);
    }

    /// One pot pays for all of it.
    fn pay(&mut self, ask: &mut Ask, pots: &[usize]) {
        if let [only] = pots {
            ask.pays.push((*only, None));
            ask.spent = ask.euros.iter().map(|(col, euros)| (*only, *col, *euros)).collect();
            return;
        }
        let (mut paid, mut one) = (ask.euros.clone(), ask.served.clone());
        for pot in pots {
            let most = real(self.instance.pots[*pot].eur);
            let pays = self.binary(0.0);
            let euros = self.problem.add_column(0.0, 0.0..=most);
            self.problem.add_row(..=0.0, [(euros, 1.0), (pays, -most)]);
            paid.push((euros, -1.0));
            one.push((pays, -1.0));
            ask.pays.push((*pot, Some(pays)));
            ask.spent.push((*pot, euros, 1.0));
        }
        self.problem.add_row(0.0..=0.0, paid);
        self.problem.add_row(0.0..=0.0, one);
    }
}
