//! The search with several threads. Of a large call many moves are thought out at once, each as if it were alone, and
//! then made one after the other where they are still possible: how many at once depends on the call alone, so that
//! the answer is the same with any number of threads.

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
        let plans = self.plans.iter_mut();
        let mut improvers: Vec<Improver<'_, 'a>> = plans.map(|plan| Improver::new(guide, potential, plan)).collect();
        for batch in seeds.chunks(at_once) {
            let suggested = together(&mut improvers, |own, improver| {
                let mine = batch.iter().enumerate().skip(own).step_by(threads);
                mine.filter_map(|(at, seed)| Some((at, improver.suggest(*seed, mood)?))).collect::<Vec<(usize, Move)>>()
            });
            let mut all: Vec<(usize, Move)> = suggested.into_iter().flatten().collect();
            all.sort_by_key(|(at, _)| *at);
            together(&mut improvers, |_, improver| all.iter().for_each(|(_, one)| improver.adopt(one, mood)));
        }
    }
}

/// What everybody makes of their own plan, in their order, each in a thread of its own but the first. Threads that last
/// for one batch cost little, and one that panics keeps nobody waiting.
fn together<'a, 'p, T: Send>(
    improvers: &mut [Improver<'a, 'p>],
    work: impl Fn(usize, &mut Improver<'a, 'p>) -> T + Sync,
) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let mut improvers = improvers.iter_mut().enumerate();
        let first = improvers.next();
        let others: Vec<_> = improvers.map(|(own, improver)| scope.spawn(move || work(own, improver))).collect();
        let mut made: Vec<T> = first.map(|(own, improver)| work(own, improver)).into_iter().collect();
        for other in others {
            made.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}
