//! The search with several threads. Of a large call many moves are thought out at once, each as if it were alone, and
//! then made one after the other where they are still possible: how many at once depends on the call alone, so that
//! the answer is the same with any number of threads.

use std::sync::{Barrier, PoisonError, RwLock};

use crate::{
    dice::Dice,
    improve::{Improver, Mood, Move},
    place::Guide,
    plan::Plan,
};

/// Moves thought out at once, and requests for each of them at least: those of a small call would get in each other's
/// way.
const AT_ONCE: usize = 64;
const REQUESTS: usize = 60;

/// Plans that are alike: one for each thread.
pub struct Team<'a> {
    plans: Vec<Plan<'a>>,
    at_once: usize,
}

/// The moves that a thread suggests of those thought out at once, with their numbers.
type Suggestions = RwLock<Vec<(usize, Move)>>;

impl<'a> Team<'a> {
    pub fn new(plan: Plan<'a>, threads: usize) -> Self {
        let at_once = (plan.awards.len() / REQUESTS).min(AT_ONCE);
        Self { plans: vec![plan; threads.clamp(1, at_once.max(1))], at_once }
    }

    pub fn plan(&self) -> &Plan<'a> {
        &self.plans[0]
    }

    pub fn work(&mut self, guide: &Guide<'_>, potential: &[i64], dice: &mut Dice, (moves, mood): (u64, Mood)) {
        let seeds: Vec<u64> = (0..moves).map(|_| dice.next()).collect();
        if self.at_once < 2 {
            let mut improver = Improver::new(guide, potential, &mut self.plans[0]);
            seeds.iter().for_each(|seed| improver.step(*seed, mood));
            return;
        }
        let (threads, at_once) = (self.plans.len(), self.at_once);
        let barrier = Barrier::new(threads);
        let suggested: Vec<Suggestions> = (0..threads).map(|_| RwLock::default()).collect();
        let (barrier, suggested, seeds) = (&barrier, &suggested, &seeds);
        let work = |own: usize, plan: &mut Plan<'a>| {
            let mut improver = Improver::new(guide, potential, plan);
            for batch in seeds.chunks(at_once) {
                let mine = batch.iter().enumerate().skip(own).step_by(threads);
                let good = mine.filter_map(|(at, seed)| Some((at, improver.suggest(*seed, mood)?))).collect();
                *suggested[own].write().unwrap_or_else(PoisonError::into_inner) = good;
                barrier.wait();
                let read = suggested.iter().map(|one| one.read().unwrap_or_else(PoisonError::into_inner));
                let read: Vec<_> = read.collect();
                let mut all: Vec<&(usize, Move)> = read.iter().flat_map(|one| one.iter()).collect();
                all.sort_by_key(|(at, _)| *at);
                all.iter().for_each(|(_, suggestion)| improver.adopt(suggestion, mood));
                drop(read);
                barrier.wait();
            }
        };
        std::thread::scope(|scope| {
            let mut plans = self.plans.iter_mut().enumerate();
            let first = plans.next();
            for (own, plan) in plans {
                scope.spawn(move || work(own, plan));
            }
            if let Some((own, plan)) = first {
                work(own, plan);
            }
        });
    }
}
