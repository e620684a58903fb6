//! The instance as a network. Reviews flow from a root over each reviewer's places to applications; what an application
//! lacks comes from the root directly, at a price above everything else.
//!
//! An application that asks for `e` experts among `r` has a second node for everybody else and for what is missing:
//! `r - e` go on from it for nothing, more at the price of a missing expert. That says exactly "at least `e` experts".
//! Of colleagues at most one: a node of capacity one before the application, made where a solution needed it.

use crate::{
    Instance,
    network::{Arc, Network},
    numbers::{at, mixed, small, wide},
    solution::reckoned,
};

/// What is missing, in one number: each step is worth more than any round trip through the network can gain below it.
#[derive(Clone, Copy)]
pub struct Scale {
    pub missing: i64,
    pub uneven: i64,
    pub inexpert: i64,
    /// More than any marginal.
    pub idle: i64,
}

impl Scale {
    pub fn of(instance: &Instance) -> Self {
        let weights = instance.weights;
        let rising = instance.reviewers.iter().enumerate();
        let dearest = rising.map(|(at, one)| instance.marginal(at, one.limit.max(1))).max().unwrap_or(0);
        let idle = dearest.max(0) + i64::from(weights.least) + 1;
        let most = instance.pairs.widest() + i64::from(weights.keep) + idle;
        // A round trip passes each reviewer once, and as many applications.
        let reviewers = wide(instance.reviewers.len()) + 4;
        let trip = 2 * reviewers * most;
        let inexpert = trip + 1;
        let uneven = reviewers * inexpert + trip + 1;
        let deepest = instance.applications.iter().map(|one| i64::from(one.reviews)).max().unwrap_or(0);
        let missing = (deepest + 1) * uneven + reviewers * inexpert + trip + 1;
        Self { missing, uneven, inexpert, idle }
    }
}

/// At most one of these on this application.
pub struct Apart {
    pub application: usize,
    pub members: Vec<usize>,
}

/// What is left to ask of one application when what is fixed is done.
struct Ask {
    reviews: i64,
    experts: i64,
}

/// Where an application's reviews arrive.
struct Target {
    /// How many it may have besides what is fixed; none: it has no nodes.
    reviews: i64,
    expert: u32,
    other: u32,
    /// Those who come through a gate.
    through: Vec<(usize, u32)>,
}

/// Most pairs are never worth a thought: the network begins with the best of each application and gets others when
/// its prices say that they would pay. At the end none would, so that the answer is the optimum over all.
pub struct Model {
    pub network: Network,
    /// By position, which is the order in which the network has them.
    applications: Vec<usize>,
    reviewers: Vec<usize>,
    targets: Vec<Target>,
    /// Of each pair in the network the positions.
    pairs: Vec<(u32, u32)>,
    /// By position: in the network, or never to be.
    is_out: Vec<bool>,
    fixed: Vec<Vec<usize>>,
}

/// At first, of each application.
const FIRST: usize = 24;
/// At each look, of each application.
const MORE: usize = 8;

/// Who is near whom in this order says nothing about anybody.
fn shuffled<'a>(seed: u64, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mark = |name: &str| {
        let hash = name
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        mixed(seed, hash)
    };
    let mut order: Vec<(u64, usize)> = names.enumerate().map(|(at, name)| (mark(name), at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

struct Building<'a> {
    instance: &'a Instance,
    scale: Scale,
    arcs: Vec<Arc>,
    nodes: u32,
}

impl Model {
    pub fn new(instance: &Instance, seed: u64, apart: &[Apart]) -> Self {
        let scale = Scale::of(instance);
        let applications = shuffled(seed, instance.applications.iter().map(|one| one.name.as_str()));
        let reviewers = shuffled(!seed, instance.reviewers.iter().map(|one| one.name.as_str()));
        let fixed: Vec<Vec<usize>> = (0..instance.applications.len()).map(|one| instance.fixed(one)).collect();
        let mut apart_of: Vec<Vec<&Apart>> = vec![Vec::new(); instance.applications.len()];
        apart.iter().for_each(|one| apart_of[one.application].push(one));
        let mut building = Building { instance, scale, arcs: Vec::new(), nodes: small(reviewers.len()) + 1 };
        let rooms = building.reviewers(&reviewers, &fixed);
        let targets = applications.iter().map(|&one| {
            let ask = Ask::of(instance, one, &fixed[one]);
            building.application(one, &ask, &apart_of[one])
        });
        let targets = targets.collect();
        let is_out = outside(instance, &applications, &reviewers, &rooms, &fixed);
        let network = Network::new(at(building.nodes), &building.arcs, 4 * scale.missing);
        Self { network, applications, reviewers, targets, pairs: Vec::new(), is_out, fixed }
    }

    /// To the optimum over all pairs.
    pub fn solve(&mut self, instance: &Instance) {
        if self.pairs.is_empty() {
            self.add(instance, FIRST, true);
        }
        loop {
            self.network.solve();
            if self.add(instance, MORE, false) == 0 {
                return;
            }
        }
    }

    /// Adds of each application so many pairs: at first those that are worth most, then those that would pay most.
    fn add(&mut self, instance: &Instance, most: usize, is_first: bool) -> usize {
        let (before, width) = (self.pairs.len(), self.reviewers.len());
        let mut found: Vec<(i64, u32, u32)> = Vec::new();
        for (position, &application) in self.applications.iter().enumerate() {
            found.clear();
            let target = &self.targets[position];
            if target.reviews == 0 {
                continue;
            }
            let is_out = &self.is_out[position * width..(position + 1) * width];
            let free = (1_u32..).zip(&self.reviewers).zip(is_out).filter(|(_, is_out)| !**is_out);
            for ((from, &reviewer), _) in free {
                let pair = instance.pairs.get(application, reviewer);
                let to = target.of(reviewer, pair.is_expert);
                let cost = -instance.worth(application, reviewer);
                let order = if is_first { cost } else { cost - self.network.pays_below(from, to) };
                if is_first || order < 0 {
                    found.push((order, from, to));
                }
            }
            if found.len() > most {
                found.select_nth_unstable(most);
                found.truncate(most);
            }
            found.sort_unstable();
            for &(_, from, to) in &found {
                let reviewer = self.reviewers[at(from) - 1];
                self.network.add_pair(from, to, cost(instance, application, reviewer));
                self.pairs.push((small(position), from - 1));
                self.is_out[position * width + at(from) - 1] = true;
            }
        }
        self.pairs.len() - before
    }

    /// Of each application its reviewers, as the network has it.
    pub fn assigned(&self) -> Vec<Vec<usize>> {
        let mut assigned = self.fixed.clone();
        for (position, reviewer) in self.network.taken().into_iter().map(|pair| self.pairs[pair]) {
            assigned[self.applications[at(position)]].push(self.reviewers[at(reviewer)]);
        }
        assigned.iter_mut().for_each(|here| here.sort_unstable());
        assigned
    }

    /// Forbids a pair, or allows it again. What is fixed or was never allowed stays as it is.
    pub fn close(&mut self, instance: &Instance, application: usize, reviewer: usize, is_closed: bool) {
        let position = |order: &[usize], one: usize| small(order.iter().position(|at| *at == one).unwrap_or(0));
        let (row, from) = (position(&self.applications, application), position(&self.reviewers, reviewer));
        let out = at(row) * self.reviewers.len() + at(from);
        let target = &self.targets[at(row)];
        if !self.is_out[out] && target.reviews > 0 {
            let to = target.of(reviewer, instance.pairs.get(application, reviewer).is_expert);
            self.network.add_pair(from + 1, to, cost(instance, application, reviewer));
            self.pairs.push((row, from));
            self.is_out[out] = true;
        }
        if let Some(pair) = self.pairs.iter().position(|one| *one == (row, from)) {
            self.network.set_pair(pair, (!is_closed).then(|| cost(instance, application, reviewer)));
        }
    }

    /// What a place of each reviewer is worth where the flow is optimal.
    pub fn prices(&self) -> Vec<i64> {
        let mut prices = vec![0; self.reviewers.len()];
        let root = self.network.price(0);
        for (position, one) in (1_u32..).zip(&self.reviewers) {
            prices[*one] = self.network.price(position) - root;
        }
        prices
    }
}

impl Target {
    fn of(&self, reviewer: usize, is_expert: bool) -> u32 {
        let gate = self.through.iter().find(|one| one.0 == reviewer);
        gate.map_or(if is_expert { self.expert } else { self.other }, |gate| gate.1)
    }
}

/// The pairs that cannot be: in conflict, fixed already, without a place left, or with a colleague fixed there.
fn outside(
    instance: &Instance,
    applications: &[usize],
    reviewers: &[usize],
    rooms: &[bool],
    fixed: &[Vec<usize>],
) -> Vec<bool> {
    let groups = instance.groups();
    let mut is_out = Vec::with_capacity(applications.len() * reviewers.len());
    for &application in applications {
        let mut barred: Vec<usize> = Vec::new();
        for group in fixed[application].iter().flat_map(|one| &groups[*one]) {
            barred.extend(&instance.apart[*group]);
        }
        is_out.extend(reviewers.iter().map(|&one| {
            let pair = instance.pairs.get(application, one);
            pair.is_forbidden || pair.is_fixed || !rooms[one] || barred.contains(&one)
        }));
    }
    is_out
}

fn cost(instance: &Instance, application: usize, reviewer: usize) -> i32 {
    i32::try_from(-instance.worth(application, reviewer)).unwrap_or(i32::MAX - 1)
}

impl Ask {
    fn of(instance: &Instance, application: usize, fixed: &[usize]) -> Self {
        let asked = &instance.applications[application];
        let reviews = (i64::from(asked.reviews) - wide(fixed.len())).max(0);
        let experts = fixed.iter().filter(|one| instance.pairs.get(application, **one).is_expert).count();
        let experts = (i64::from(asked.experts) - wide(experts)).clamp(0, reviews);
        Self { reviews, experts }
    }
}

impl Building<'_> {
    fn arc(&mut self, from: u32, to: u32, capacity: i64, cost: i64, flow: i64, hangs: Option<u32>) {
        self.arcs.push(Arc { from, to, capacity, cost, flow, hangs });
    }

    const fn node(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes - 1
    }

    /// A place after the other, each dearer; the way back is there for the first tree and never worth going.
    fn reviewers(&mut self, order: &[usize], fixed: &[Vec<usize>]) -> Vec<bool> {
        let mut load: Vec<u32> = self.instance.reviewers.iter().map(|one| one.busy).collect();
        fixed.iter().flatten().for_each(|one| load[*one] += 1);
        let mut rooms = vec![false; order.len()];
        for (node, &reviewer) in (1_u32..).zip(order) {
            self.arc(node, 0, i64::MAX, self.scale.idle, 0, Some(node));
            let limit = self.instance.reviewers[reviewer].limit;
            rooms[reviewer] = load[reviewer] < limit;
            let mut next = load[reviewer] + 1;
            while next <= limit {
                let cost = self.instance.marginal(reviewer, next);
                let alike = (next..=limit).take_while(|load| self.instance.marginal(reviewer, *load) == cost).count();
                self.arc(0, node, wide(alike), cost, 0, None);
                next = next.saturating_add(small(alike));
            }
        }
        rooms
    }

    fn application(&mut self, application: usize, ask: &Ask, apart: &[&Apart]) -> Target {
        if ask.reviews == 0 {
            return Target { reviews: 0, expert: 0, other: 0, through: Vec::new() };
        }
        let (expert, other) = self.asks(ask);
        let asks_experts = expert != other;
        let mut through = Vec::new();
        for one in apart {
            for (is_expert, node) in [(true, expert), (false, other)] {
                let is_here = |reviewer: usize| {
                    !asks_experts || self.instance.pairs.get(application, reviewer).is_expert == is_expert
                };
                let members: Vec<usize> = one.members.iter().copied().filter(|one| is_here(*one)).collect();
                if members.len() > 1 && (asks_experts || is_expert) {
                    let gate = self.node();
                    self.arc(gate, node, 1, 0, 0, Some(gate));
                    through.extend(members.into_iter().map(|one| (one, gate)));
                }
            }
        }
        Target { reviews: ask.reviews, expert, other, through }
    }

    /// The nodes for experts and for everybody else; one and the same where nobody asks for experts. At first
    /// everything is missing.
    fn asks(&mut self, ask: &Ask) -> (u32, u32) {
        let other = self.node();
        let expert = if ask.experts > 0 { self.node() } else { other };
        for missing in 1..=ask.reviews {
            let cost = self.scale.missing + (missing - 1) * self.scale.uneven;
            if missing < ask.reviews {
                self.arc(0, other, 1, cost, 1, None);
            } else {
                self.arc(0, other, ask.reviews, cost, 1, Some(other));
            }
        }
        if expert != other {
            let free = ask.reviews - ask.experts;
            if free > 0 {
                self.arc(other, expert, free, 0, free, None);
            }
            self.arc(other, expert, ask.reviews, self.scale.inexpert, ask.experts, Some(expert));
        }
        (expert, other)
    }
}

/// The whole cost of an assignment as the network reckons it, for whoever wants to compare it with a bound.
pub fn cost_of(instance: &Instance, assigned: &[Vec<usize>]) -> i128 {
    let (scale, score) = (Scale::of(instance), reckoned(instance, assigned));
    i128::from(score.missing) * i128::from(scale.missing)
        + i128::from(score.uneven) * i128::from(scale.uneven)
        + i128::from(score.inexpert) * i128::from(scale.inexpert)
        - i128::from(score.value)
}
