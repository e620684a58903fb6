//! From flow to answer. The flow is the optimum of everything but who must not sit together; where its answer puts two
//! of a group on one application, the group gets a gate there and the flow is solved again. Groups that overlap, or mix
//! experts with others where experts are asked for, cannot all be gates: what is left of them is settled by cases.

use crate::{
    Fault, Instance,
    model::{Apart, Model},
    solution::{Score, Solution, reckoned},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Decides between answers that are equally good.
    pub seed: u64,
    /// How many cases may be looked at once there is an answer; the first answer is always sought.
    pub cases: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { seed: 1, cases: 400 }
    }
}

const ROUNDS: usize = 16;

/// Two or more of one group on one application.
struct Clash {
    application: usize,
    group: usize,
    /// The one whom a case keeps: worth most here.
    keeps: usize,
}

/// Part of all assignments: those without these pairs.
struct Case {
    closed: Vec<(usize, usize)>,
    bound: Score,
}

/// # Errors
/// An instance that is not one.
pub fn solve(instance: &Instance, budget: Budget) -> Result<Solution, Fault> {
    instance.check()?;
    let groups = instance.groups();
    let mut apart: Vec<Apart> = Vec::new();
    let mut pivots = 0;
    let mut rounds = 0;
    loop {
        let mut model = Model::new(instance, budget.seed, &apart);
        model.solve(instance);
        rounds += 1;
        let assigned = model.assigned();
        let clashes = clashes(instance, &groups, &assigned);
        if clashes.is_empty() {
            let score = reckoned(instance, &assigned);
            pivots += model.network.pivots;
            return Ok(Solution { assigned, score, bound: score, cases: 1, pivots });
        }
        if rounds < ROUNDS && add_gates(instance, &clashes, &mut apart) {
            pivots += model.network.pivots;
            continue;
        }
        let mut solution = by_cases(instance, &groups, &mut model, budget);
        solution.pivots += pivots;
        return Ok(solution);
    }
}

fn clashes(instance: &Instance, groups: &[Vec<usize>], assigned: &[Vec<usize>]) -> Vec<Clash> {
    let mut found = Vec::new();
    for (application, here) in assigned.iter().enumerate() {
        let mut seen: Vec<(usize, usize)> =
            here.iter().flat_map(|one| groups[*one].iter().map(|group| (*group, *one))).collect();
        seen.sort_unstable();
        for both in seen.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
            let best = both.iter().max_by_key(|(_, one)| {
                let pair = instance.pairs.get(application, *one);
                (pair.is_fixed, pair.is_expert, instance.worth(application, *one), usize::MAX - one)
            });
            if let Some(&(group, keeps)) = best {
                found.push(Clash { application, group, keeps });
            }
        }
    }
    found
}

/// Whether any clash can be kept from happening by a gate that does not cross another.
fn add_gates(instance: &Instance, clashes: &[Clash], apart: &mut Vec<Apart>) -> bool {
    let before = apart.len();
    for clash in clashes {
        let members = &instance.apart[clash.group];
        let crosses = apart
            .iter()
            .any(|one| one.application == clash.application && one.members.iter().any(|one| members.contains(one)));
        if !crosses {
            apart.push(Apart { application: clash.application, members: members.clone() });
        }
    }
    apart.len() > before
}

/// Depth first, the likelier case first: either nobody of the group but the best one, or not that one.
fn by_cases(instance: &Instance, groups: &[Vec<usize>], model: &mut Model, budget: Budget) -> Solution {
    let root = Score { value: i64::MAX, ..Score::default() };
    let mut open = vec![Case { closed: Vec::new(), bound: root }];
    let mut best: Option<(Score, Vec<Vec<usize>>)> = None;
    let mut closed: Vec<(usize, usize)> = Vec::new();
    let mut cases = 0;
    while let Some(case) = open.last() {
        if best.is_some() && cases >= budget.cases {
            break;
        }
        if best.as_ref().is_some_and(|(score, _)| *score <= case.bound) {
            open.pop();
            continue;
        }
        let Some(case) = open.pop() else { break };
        turn_to(instance, model, &mut closed, &case.closed);
        model.solve(instance);
        cases += 1;
        let assigned = model.assigned();
        let score = reckoned(instance, &assigned);
        if best.as_ref().is_some_and(|(found, _)| *found <= score) {
            continue;
        }
        match clashes(instance, groups, &assigned).first() {
            None => best = Some((score, assigned)),
            Some(clash) => open.extend(halves(instance, clash, &case.closed, score)),
        }
    }
    let (score, assigned) = best.unwrap_or_default();
    let bound = open.iter().map(|case| case.bound).min().map_or(score, |bound| bound.min(score));
    Solution { assigned, score, bound, cases, pivots: model.network.pivots }
}

/// The case to look at first comes last.
fn halves(instance: &Instance, clash: &Clash, closed: &[(usize, usize)], bound: Score) -> Vec<Case> {
    let with = |more: Vec<(usize, usize)>| Case { closed: [closed, &more].concat(), bound };
    let others = instance.apart[clash.group].iter().filter(|one| **one != clash.keeps);
    let alone = with(others.map(|one| (clash.application, *one)).collect());
    let without = with(vec![(clash.application, clash.keeps)]);
    vec![without, alone]
}

fn turn_to(instance: &Instance, model: &mut Model, closed: &mut Vec<(usize, usize)>, wanted: &[(usize, usize)]) {
    for &(application, reviewer) in closed.iter().filter(|pair| !wanted.contains(pair)) {
        model.close(instance, application, reviewer, false);
    }
    for &(application, reviewer) in wanted.iter().filter(|pair| !closed.contains(pair)) {
        model.close(instance, application, reviewer, true);
    }
    closed.clear();
    closed.extend_from_slice(wanted);
}

/// What a place of each reviewer is worth by the flow without groups: a certificate for [`crate::least_cost`].
pub fn prices(instance: &Instance, seed: u64) -> Vec<i64> {
    let mut model = Model::new(instance, seed, &[]);
    model.solve(instance);
    model.prices()
}
