//! From an instance to a solution with its certificate.

use std::{cmp::Reverse, ops::ControlFlow};

use crate::{
    best::{Rents, Tables},
    branch,
    construct::{construct, mend},
    dice::Dice,
    dual::{Dual, Sample},
    envy,
    improve::{Mood, potential},
    instance::{Fault, Instance},
    model::Model,
    numbers::{int, shrunk},
    place::Guide,
    plan::Plan,
    solution::{Award, SOLUTION_FORMAT, Solution},
    standing::Standing,
    team::Team,
};

/// How much work to do, counted in steps and never in seconds, so that the same budget gives the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Passes over the requests for the prices: of a large call over parts of them, but for the last.
    pub passes: u32,
    /// Moves of the search.
    pub moves: u64,
    /// Cases that a small call is divided into for a tighter bound; none at 0.
    pub cases: u32,
    pub seed: u64,
    /// The answer is the same with any number.
    pub threads: usize,
}

/// How far the work is, told now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub moves: u64,
    pub objective: i64,
    pub upper_bound: i64,
}

/// Lengths of a full step at the beginning and at the end, in millionths of the usual price.
const STEPS: (i64, i64) = (20_000, 200);
const PULLS: (i64, i64) = (150_000, 1_500);
/// Requests of a part at least, parts at most, and passes over everybody at the end at least.
const PART: usize = 2_500;
const PARTS: usize = 10;
const WHOLE: u32 = 20;
/// Requests of a small call at most: one that is searched several times, and worth dividing into cases.
pub const SMALL: usize = 300;
/// Moves of one of its rounds at least, rounds at most, and between their seeds.
const ROUND: u64 = 200_000;
const ROUNDS: u64 = 8;
const ROUND_SEED: u64 = 0x9E37_79B9_7F4A_7C15;
/// Progress is told so often.
const TOLD: u64 = 50;

/// Solves as well as the budget allows; all faults of the instance at once if it has any.
///
/// `told` breaks to have the best plan so far and no more search.
pub fn solve(
    instance: &Instance,
    budget: Budget,
    told: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Vec<Fault>> {
    solve_after(instance, budget, &Standing::default(), told)
}

/// As [`solve`], beginning with an earlier plan and with respect for it. The bound is that of the instance: promises
/// may cost more than the gap.
pub fn solve_after(
    instance: &Instance,
    budget: Budget,
    standing: &Standing,
    told: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Solution, Vec<Fault>> {
    instance.check()?;
    let model = Model::new(instance);
    let earlier = standing.begin(instance, &model)?;
    let (plan, mut dual) = search(earlier.clone(), budget, told);
    let mut plan = settled(plan, budget.threads);
    // A little search of a strange call may come out below a mere ranking.
    let ranked = ranked(earlier);
    if ranked.broken().is_none() && ranked.objective - ranked.moved > plan.objective - plan.moved {
        plan = settled(ranked, budget.threads);
    }
    if plan.broken().is_some() {
        return Err(vec![Fault {
            at: "promised".to_owned(),
            what: "breaks a rule about shares that nothing else mends",
        }]);
    }
    let (upper_bound, prices) = (Some(bound_of(&dual)), Some(dual.prices()));
    let branches = branch::branches(instance, &mut dual, (budget.passes, budget.cases), plan.objective);
    Ok(Solution { upper_bound, prices, branches, ..published(instance, &plan) })
}

/// What the best prices prove, in units of the objective.
pub(crate) fn bound_of(dual: &Dual<'_>) -> i64 {
    i64::try_from(dual.bound).unwrap_or(i64::MAX)
}

/// A plan that goes by the prices, and the prices.
pub(crate) fn search<'a>(
    earlier: Plan<'a>,
    budget: Budget,
    mut told: impl FnMut(Progress) -> ControlFlow<()>,
) -> (Plan<'a>, Dual<'a>) {
    let model = earlier.model;
    let mut dual = Dual::new(model, budget.threads);
    descend(&mut dual, model.asks.len(), budget.passes);
    let guide = Guide::new(model, &dual.rents, &dual.tables);
    let plan = construct(earlier, &dual, &guide);
    let bound = bound_of(&dual);
    let rounds = rounds(model.asks.len(), budget.moves);
    let each = budget.moves / rounds;
    let mut best: Option<Plan<'a>> = None;
    for round in 0..rounds {
        let (mut is_over, before) = (false, best.as_ref().map_or(i64::MIN, |best| best.objective));
        let again = Budget { moves: each, seed: budget.seed.wrapping_add(round.wrapping_mul(ROUND_SEED)), ..budget };
        let found = improve(plan.clone(), &guide, &dual, again, |moves, objective| {
            let moves = round * each + moves;
            let answer = told(Progress { moves, objective: objective.max(before), upper_bound: bound });
            is_over = answer.is_break();
            answer
        });
        if best.as_ref().is_none_or(|best| found.objective - found.moved > best.objective - best.moved) {
            best = Some(found);
        }
        if is_over {
            break;
        }
    }
    let plan = best.unwrap_or(plan);
    drop(guide);
    (plan, dual)
}

/// A small call has room for many good plans that are far apart: it is searched several times, each from the beginning.
fn rounds(requests: usize, moves: u64) -> u64 {
    if requests <= SMALL { (moves / ROUND).clamp(1, ROUNDS) } else { 1 }
}

/// What stands idle goes to whoever can use it, and nobody envies anybody.
fn settled(mut plan: Plan<'_>, threads: usize) -> Plan<'_> {
    // What matters now is what an award is worth, not what it would pay.
    let model = plan.model;
    let free = Rents::zero(model);
    let tables = Tables::of(model, &free);
    let worth = Guide::new(model, &free, &tables);
    envy::settle(&mut plan, &worth, threads);
    plan
}

/// What a ranking alone would give: the best merit first, each the place that is worth most of what is free. For comparison.
pub fn in_order_of_merit(instance: &Instance) -> Result<Solution, Vec<Fault>> {
    instance.check()?;
    let model = Model::new(instance);
    Ok(published(instance, &ranked(Plan::empty(&model))))
}

/// Adds to what is fixed in the order of merit.
fn ranked(mut plan: Plan<'_>) -> Plan<'_> {
    let model = plan.model;
    let rents = Rents::zero(model);
    let tables = Tables::of(model, &rents);
    let guide = Guide::new(model, &rents, &tables);
    let mut order: Vec<usize> = (0..model.asks.len()).collect();
    order.sort_by_key(|number| (Reverse(model.asks[*number].weight), *number));
    for number in order {
        if plan.awards[number].is_none()
            && !plan.is_fixed(number)
            && let Some((_, placed)) = guide.place(&plan, number)
        {
            plan.insert(number, placed);
        }
    }
    mend(&mut plan, &guide);
    plan
}

/// Steps shrink from pass to pass by the same share. Of a large call only parts are asked at first, one after the other:
/// what they want tells nearly as well where prices have to go.
pub(crate) fn descend(dual: &mut Dual<'_>, requests: usize, passes: u32) {
    let passes = passes.max(1);
    let parts = (requests / PART).clamp(1, PARTS);
    let whole = if parts == 1 { passes } else { (passes / 20).max(WHOLE).min(passes) };
    for (turn, pass) in (0..passes).enumerate() {
        let left = passes - pass;
        if left <= passes / 3 {
            dual.remember();
        }
        // Steps alone find the rents of own caps too slowly; in a small call the last word is soon enough.
        if requests > SMALL && (left == passes / 2 || left == passes / 4) {
            dual.tune();
        }
        let sample = if left <= whole { Sample::ALL } else { Sample { part: turn % parts, of: parts } };
        dual.pass(sample, shrunk(STEPS, pass, passes), shrunk(PULLS, pass, passes));
    }
    dual.settle();
}

/// The best plan met that keeps every rule.
fn improve<'a>(
    plan: Plan<'a>,
    guide: &Guide<'_>,
    dual: &Dual<'_>,
    budget: Budget,
    mut told: impl FnMut(u64, i64) -> ControlFlow<()>,
) -> Plan<'a> {
    let mut best = legal(&plan, guide);
    // A small call needs more courage: each of its awards is a large part of the whole.
    let requests = int(plan.awards.len().max(1));
    let hot = plan.objective / requests / (5 + requests / 40);
    let fine = 2 * dual.merit();
    let round = (budget.moves / TOLD).max(1);
    let potential = potential(dual, plan.awards.len());
    let (mut moves, mut seeds) = (0, Dice::new(budget.seed));
    let mut team = Team::new(plan, budget.threads);
    while moves < budget.moves && !potential.is_empty() {
        let left = cooling(budget.moves - moves, budget.moves);
        // Dearer towards the end, when the rules have to hold.
        let fine = if left < 100_000 { 8 * fine } else { fine };
        let mood = Mood { heat: hot / 1_000 * left / 1_000, fine };
        team.work(guide, &potential, &mut seeds, (round.min(budget.moves - moves), mood));
        moves += round;
        let now = legal(team.plan(), guide);
        if now.objective - now.moved > best.objective - best.moved {
            best = now;
        }
        if told(moves.min(budget.moves), best.objective).is_break() {
            break;
        }
    }
    best
}

/// The plan, or what is left of it when the rules about shares are kept.
fn legal<'a>(plan: &Plan<'a>, guide: &Guide<'_>) -> Plan<'a> {
    let mut legal = plan.clone();
    mend(&mut legal, guide);
    legal
}

/// The square of what is left, in millionths.
fn cooling(left: u64, all: u64) -> i64 {
    let share = i64::try_from(u128::from(left) * 1_000 / u128::from(all.max(1))).unwrap_or(0);
    share * share
}

/// The awards of a plan, without a certificate.
fn published(instance: &Instance, plan: &Plan<'_>) -> Solution {
    let awards = plan.awards.iter().enumerate().filter_map(|(request, placed)| {
        let placed = placed.as_ref()?;
        Some(Award { request, pot: placed.pot, segments: placed.segments.to_vec() })
    });
    Solution {
        format: SOLUTION_FORMAT.to_owned(),
        instance: instance.name.clone(),
        solver: format!("gigahours {}", env!("CARGO_PKG_VERSION")),
        objective: Some(plan.objective),
        upper_bound: None,
        awards: awards.collect(),
        prices: None,
        branches: None,
    }
}
