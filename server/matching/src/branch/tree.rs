//! Best first: the case that allows most is divided in two, until steps or cases run out. Each case has prices of its
//! own, which begin with those of the case it came from.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use crate::{
    best::{Choice, Rents},
    branch::{
        limits::Limit,
        relax::{Relaxation, State},
    },
    dual::Dual,
    model::{Kind, Model},
    numbers::{int, shrunk},
    solution::{Branches, Node, Test},
};

/// Passes for the prices of a case, and to try out a division.
const PASSES: u32 = 30;
const TRIAL: u32 = 6;
/// Divisions that are tried out at each case.
const TRIED: usize = 5;
/// Lengths of a full step in a case, in millionths of the usual price.
const STEPS: (i64, i64) = (3_000, 100);
const PULLS: (i64, i64) = (6_000, 300);

struct Case {
    above: usize,
    /// What was decided of the case above to come here; nothing for the whole.
    decided: Option<(usize, Test, bool)>,
    /// In units of the objective; `None` if the case cannot be.
    bound: Option<i128>,
    rents: Rents,
    /// What the answers hesitate about.
    doubts: Vec<(usize, Test)>,
    /// The cases it was divided into: test passed, and failed.
    below: Option<(usize, Test, usize, usize)>,
}

pub struct Tree<'a, 'm> {
    relaxation: &'a Relaxation<'m>,
    dual: &'a mut Dual<'m>,
    state: State,
    cases: Vec<Case>,
    /// No case needs to be looked at that allows no more than this.
    floor: i128,
}

/// How often a request's answers passed each test, of how many.
#[derive(Default)]
struct Tally {
    awarded: i64,
    tests: BTreeMap<Test, i64>,
    hours: Vec<i64>,
    starts: Vec<usize>,
}

impl<'a, 'm> Tree<'a, 'm> {
    /// The whole is asked so many passes, from the prices that `dual` found best.
    pub fn new(relaxation: &'a Relaxation<'m>, dual: &'a mut Dual<'m>, passes: u32, floor: i64) -> Self {
        let state = relaxation.state();
        let rents = dual.best().clone();
        let mut tree = Self { relaxation, dual, state, cases: Vec::new(), floor: floor.into() };
        let limits = tree.open();
        let case = tree.bounded(&limits, &rents, (passes, (10_000, 50), (50_000, 500)));
        tree.cases.push(Case { above: 0, decided: None, ..case });
        tree
    }

    fn model(&self) -> &'m Model {
        self.relaxation.model
    }

    fn open(&self) -> Vec<Limit> {
        self.model().asks.iter().map(Limit::open).collect()
    }

    pub fn bound(&self) -> i128 {
        let leaves = self.cases.iter().filter(|case| case.below.is_none());
        leaves.filter_map(|case| case.bound).max().unwrap_or(0).max(self.floor)
    }

    /// Divides until there are so many cases; what is left is never above the bound so far.
    pub fn grow(&mut self, cases: usize) {
        let mut waiting: BinaryHeap<(i128, Reverse<usize>)> = BinaryHeap::new();
        for (number, case) in self.cases.iter().enumerate().filter(|(_, case)| case.below.is_none()) {
            waiting.extend(case.bound.map(|bound| (bound, Reverse(number))));
        }
        while let Some((bound, Reverse(number))) = waiting.pop() {
            if bound <= self.floor || self.cases.len() >= cases {
                break;
            }
            let Some(children) = self.divide(number) else { break };
            for child in children {
                waiting.extend(self.cases[child].bound.map(|bound| (bound, Reverse(child))));
            }
        }
    }

    fn limits(&self, mut number: usize) -> Vec<Limit> {
        let mut limits = self.open();
        while let Some((ask, test, is_passed)) = self.cases[number].decided {
            limits[ask].decide(self.model(), &self.model().asks[ask], test, is_passed);
            number = self.cases[number].above;
        }
        limits
    }

    fn divide(&mut self, number: usize) -> Option<[usize; 2]> {
        let limits = self.limits(number);
        let (ask, test) = self.tried(number, &limits)?;
        let rents = self.cases[number].rents.clone();
        let above_bound = self.cases[number].bound;
        let children = [true, false].map(|is_passed| {
            let mut limits = limits.clone();
            limits[ask].decide(self.model(), &self.model().asks[ask], test, is_passed);
            let mut case = self.bounded(&limits, &rents, (PASSES, STEPS, PULLS));
            // At the same prices a part never allows more than the whole.
            case.bound = case.bound.min(case.bound.and(above_bound));
            self.cases.push(Case { above: number, decided: Some((ask, test, is_passed)), ..case });
            self.cases.len() - 1
        });
        self.cases[number].below = Some((ask, test, children[0], children[1]));
        Some(children)
    }

    /// The division of those in doubt that promises most.
    fn tried(&mut self, number: usize, limits: &[Limit]) -> Option<(usize, Test)> {
        let mut doubts = self.cases[number].doubts.clone();
        if doubts.is_empty() {
            doubts = self.undecided(limits);
        }
        let rents = self.cases[number].rents.clone();
        let bound = self.cases[number].bound?;
        let mut best: Option<(i128, (usize, Test))> = None;
        for (ask, test) in doubts.into_iter().take(TRIED) {
            let gains = [true, false].map(|is_passed| {
                let mut limits = limits.to_vec();
                limits[ask].decide(self.model(), &self.model().asks[ask], test, is_passed);
                let case = self.bounded(&limits, &rents, (TRIAL, STEPS, PULLS));
                // Below the floor nothing is gained any more.
                bound - case.bound.unwrap_or(self.floor).clamp(self.floor.min(bound), bound)
            });
            let [less, more] = if gains[0] < gains[1] { gains } else { [gains[1], gains[0]] };
            let score = 5 * less + more;
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, (ask, test)));
            }
        }
        best.map(|(_, division)| division)
    }

    /// The largest of those that may have something or nothing: where the answers agree, and are wrong together.
    fn undecided(&self, limits: &[Limit]) -> Vec<(usize, Test)> {
        let asks = self.model().asks.iter().zip(limits).enumerate();
        let open = asks.filter(|(_, (_, limit))| !limit.is_awarded && !limit.is_refused);
        let mut open: Vec<_> =
            open.map(|(number, (ask, _))| (Reverse(ask.weight * (ask.full / 100)), number)).collect();
        open.sort_unstable();
        open.into_iter().take(TRIED).map(|(_, number)| (number, Test::Awarded)).collect()
    }

    /// Prices for a case, from those it begins with.
    fn bounded(
        &mut self,
        limits: &[Limit],
        rents: &Rents,
        (passes, steps, pulls): (u32, (i64, i64), (i64, i64)),
    ) -> Case {
        let mut case =
            Case { above: 0, decided: None, bound: None, rents: rents.clone(), doubts: Vec::new(), below: None };
        self.dual.rents.clone_from(rents);
        self.dual.forget();
        let mut tallies: Vec<Tally> = Vec::new();
        tallies.resize_with(limits.len(), Tally::default);
        for pass in 0..passes {
            let Some(bound) = self.relaxation.pass(self.dual, limits, &mut self.state) else {
                return Case { bound: None, ..case };
            };
            if case.bound.is_none_or(|best| bound < best) {
                case.bound = Some(bound);
                case.rents.clone_from(&self.dual.rents);
            }
            if bound <= self.floor {
                return case;
            }
            if pass >= passes / 2 {
                self.count(&mut tallies);
            }
            self.dual.advance(shrunk(steps, pass, passes), shrunk(pulls, pass, passes));
        }
        case.doubts = self.doubts(&tallies, i64::from(passes - passes / 2));
        case
    }

    fn count(&self, tallies: &mut [Tally]) {
        for ((tally, taken), ask) in tallies.iter_mut().zip(&self.state.taken).zip(&self.model().asks) {
            let Some(taken) = taken else { continue };
            tally.awarded += 1;
            *tally.tests.entry(Test::Pot(taken.pot)).or_default() += 1;
            if let Choice::Block { fit, .. } | Choice::Flex { fit, .. } = taken.choice {
                let pool = self.model().fit(ask, fit).pool;
                *tally.tests.entry(Test::Pool(pool)).or_default() += 1;
                tally.hours.push(taken.hours);
            }
            if let Choice::Block { start, .. } = taken.choice {
                tally.starts.push(start);
            }
        }
    }

    /// What the answers of so many passes differ in, that which matters most first.
    fn doubts(&self, tallies: &[Tally], of: i64) -> Vec<(usize, Test)> {
        let mut doubts: Vec<(i128, usize, Test)> = Vec::new();
        for (number, (tally, ask)) in tallies.iter().zip(&self.model().asks).enumerate() {
            let worth = i128::from(ask.weight) * i128::from(ask.full);
            let mut add = |passed: i64, of: i64, per_cent: i128, test: Test| {
                let split = passed.min(of - passed);
                if split > 0 {
                    doubts.push((worth * i128::from(split) * per_cent, number, test));
                }
            };
            add(tally.awarded, of, 100, Test::Awarded);
            for (test, count) in &tally.tests {
                let is_pool = matches!(test, Test::Pool(_));
                if !is_pool || ask.kind != Kind::Split {
                    add(*count, of, if is_pool { 50 } else { 70 }, *test);
                }
            }
            if let (Some(least), Some(most)) = (tally.hours.iter().min(), tally.hours.iter().max())
                && least < most
            {
                let middle = least + (most - least + 1) / 2;
                let above = tally.hours.iter().filter(|hours| **hours >= middle).count();
                let share = i128::from((most - least) * 100 / most);
                add(int(above), of, share / 2, Test::Hours(middle));
            }
            if let (Some(first), Some(last)) = (tally.starts.iter().min(), tally.starts.iter().max())
                && first < last
            {
                let middle = first + (last - first).div_ceil(2);
                let before = tally.starts.iter().filter(|start| **start < middle).count();
                add(int(before), of, 20, Test::Before(middle));
            }
        }
        doubts.sort_unstable_by_key(|(score, ask, test)| (Reverse(*score), *ask, *test));
        doubts.into_iter().map(|(_, ask, test)| (ask, test)).take(2 * TRIED).collect()
    }

    /// The tree without what its bound does not need.
    pub fn published(&self) -> Branches {
        let bound = self.bound();
        let mut branches =
            Branches { upper_bound: i64::try_from(bound).unwrap_or(i64::MAX), prices: vec![], nodes: vec![] };
        let mut todo = vec![(0, 0)];
        branches.nodes.push(Node::Leaf { prices: 0 });
        while let Some((number, place)) = todo.pop() {
            let case = &self.cases[number];
            let is_enough = case.bound.is_none_or(|own| own <= bound);
            branches.nodes[place] = match case.below {
                Some((request, test, yes, no)) if !is_enough => {
                    let next = branches.nodes.len();
                    branches.nodes.extend([Node::Leaf { prices: 0 }; 2]);
                    todo.extend([(no, next + 1), (yes, next)]);
                    Node::Fork { request, test, yes: next, no: next + 1 }
                }
                _ => {
                    let prices = case.rents.published(self.model().weeks);
                    let known = branches.prices.iter().position(|other| *other == prices);
                    let prices = known.unwrap_or_else(|| {
                        branches.prices.push(prices);
                        branches.prices.len() - 1
                    });
                    Node::Leaf { prices }
                }
            };
        }
        branches
    }
}
