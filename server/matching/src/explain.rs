//! Why a request got nothing, or not all, and what would have been enough: facts of the published solution, and
//! changes that were tried beside every award in it, with nobody moved.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use crate::{
    best::{Rents, Tables},
    instance::{Instance, Request},
    model::{Ask, Model, NO_CAP},
    numbers::{int, up},
    place::{Guide, placed},
    plan::{Broken, Plan},
    solution::Solution,
    standing::Standing,
};

/// What is said of one request that did not get everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub request: usize,
    /// Whole hours awarded; 0 if none.
    pub hours: i64,
    pub cause: Cause,
    /// The lowest merit that holds GPUs where and when this request could have run.
    pub lowest_score: Option<i64>,
    /// Each of them alone would have fitted beside all awards.
    pub would_fit: Vec<Change>,
    /// Each of them alone would have been served in a re-run in which others may move, and what fits beside all is not
    /// said again.
    #[serde(default)]
    pub would_move: Vec<Change>,
    /// Where capacity is what was missing: what is left in the pools that have most of it.
    #[serde(default)]
    pub left: Vec<Left>,
}

/// In the request's own time, its smallest gang is free in this pool for so many weeks in a row and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub pool: usize,
    pub gpus: i64,
    pub weeks: usize,
    /// The first of them.
    pub from: usize,
}

/// Pools named at most.
const NAMED: usize = 3;

/// What stood in the way, the organisation's own limits before everybody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Cause {
    /// No site offers such GPUs where the data may lie.
    NoPool,
    /// It would not fit into the empty calendar either.
    NeverFits,
    /// Hours that the organisation's fair share leaves, and the least this request takes.
    FairShare { left: i64, least: i64 },
    /// Euros of de minimis headroom left.
    Headroom { left: i64 },
    /// Euros in the fullest pot that may pay.
    Pots { left: i64 },
    /// Others hold the GPUs.
    Capacity,
    /// Its country would have more than any may have.
    Country,
    /// Start-ups and small companies would have less than their share.
    Share,
    /// It was given a part of the hours it asked for, although all of them would fit beside the others.
    Partly,
    /// The only place left is one that it turned down.
    TurnedDown,
    /// The office left it out of the run.
    LeftOut,
}

/// A change of the request that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    FewerAtOnce { gpus: i64 },
    Earlier { week: usize },
    Later { week: usize },
    AlsoOn { gpu: String },
    FewerHours { hours: i64 },
    Anywhere,
}

/// One explanation for each request that did not get all its hours, in their order. The solution must have been
/// verified.
pub fn explain(instance: &Instance, solution: &Solution) -> Vec<Explanation> {
    explain_without(instance, solution, &Standing::default())
}

/// As [`explain`]; those who were left out of it are told that and nothing else.
pub fn explain_without(instance: &Instance, solution: &Solution, standing: &Standing) -> Vec<Explanation> {
    let asked = Differently::ask(instance, solution, &standing.excluded);
    let turned_down: BTreeSet<usize> = standing.refused.iter().map(|(number, _, _)| *number).collect();
    let model = Model::new(&asked.extended);
    let mut plan = Plan::empty(&model);
    for award in &solution.awards {
        if let Some(placed) = placed(&model, award) {
            plan.insert(award.request, placed);
        }
    }
    // Asked differently, they are not told of a place that they turned down.
    let differently = standing.refused.iter().flat_map(|(number, pool, start)| {
        asked.variants[*number].iter().map(move |(variant, _)| (*variant, *pool, *start))
    });
    plan.turn_down(differently.collect());
    let rents = Rents::zero(&model);
    let tables = Tables::of(&model, &rents);
    let guide = Guide::new(&model, &rents, &tables);
    let scenes = Scenes::new(&plan);
    let mut explanations = Vec::new();
    for (request, wanted) in instance.requests.iter().enumerate() {
        let hours = plan.awards[request].as_ref().map_or(0, |placed| placed.hours / 100);
        if hours >= wanted.hours {
            continue;
        }
        if standing.excluded.contains(&request) {
            explanations.push(Explanation::of(request, hours, Cause::LeftOut));
            continue;
        }
        let is_refused = plan.awards[request].is_none();
        let cause = match asked.wholes.get(&request) {
            None if is_refused => match scenes.cause(&guide, &mut plan, request) {
                Cause::Partly if turned_down.contains(&request) => Cause::TurnedDown,
                Cause::Partly => Cause::Capacity,
                cause => cause,
            },
            None => Cause::Partly,
            Some(whole) => cause_of_part(&guide, &mut plan, request, *whole),
        };
        let mut fits = |variant: usize| {
            let found = guide.place(&plan, variant);
            found.is_some_and(|(_, placed)| plan.would_break(variant, placed).is_none())
        };
        let would_fit = asked.variants[request].iter().filter(|(variant, _)| fits(*variant));
        let would_fit = would_fit.map(|(_, change)| change.clone()).collect();
        let left = if cause == Cause::Capacity { left(&plan, request) } else { Vec::new() };
        let lowest_score = is_refused.then(|| lowest_score(instance, &plan, request)).flatten();
        explanations.push(Explanation { lowest_score, would_fit, left, ..Explanation::of(request, hours, cause) });
    }
    explanations
}

impl Explanation {
    fn of(request: usize, hours: i64, cause: Cause) -> Self {
        let (would_fit, would_move, left) = (Vec::new(), Vec::new(), Vec::new());
        Self { request, hours, cause, lowest_score: None, would_fit, would_move, left }
    }
}

/// The requests of an instance, and after them the same ones asking for something else.
struct Differently {
    extended: Instance,
    /// Of each that got nothing, and was not left out: the changes, and the requests that ask for them.
    variants: Vec<Vec<(usize, Change)>>,
    /// For each that got a part at most, one that takes all or nothing: what keeps it out kept the part small.
    wholes: BTreeMap<usize, usize>,
}

impl Differently {
    fn ask(instance: &Instance, solution: &Solution, left_out: &BTreeSet<usize>) -> Self {
        let awarded: BTreeSet<usize> = solution.awards.iter().map(|award| award.request).collect();
        let variants = vec![Vec::new(); instance.requests.len()];
        let mut asked = Self { extended: instance.clone(), variants, wholes: BTreeMap::new() };
        for (number, request) in instance.requests.iter().enumerate() {
            if awarded.contains(&number) {
                if request.min_hours < request.hours {
                    asked.wholes.insert(number, asked.extended.requests.len());
                    asked.extended.requests.push(Request { min_hours: request.hours, ..request.clone() });
                }
            } else if !left_out.contains(&number) {
                for (change, changed) in changes(instance, request) {
                    asked.variants[number].push((asked.extended.requests.len(), change));
                    asked.extended.requests.push(changed);
                }
            }
        }
        asked
    }
}

/// The plan, and the same with single limits lifted.
struct Scenes<'a> {
    /// Nobody there and no limit but the request's own.
    empty: Plan<'a>,
    /// Nobody there, all money there; the organisations' caps as they are left.
    own: Plan<'a>,
    /// Nobody there; money and caps as they are left.
    money: Plan<'a>,
}

impl<'a> Scenes<'a> {
    fn new(plan: &Plan<'a>) -> Self {
        let scene = |own: bool, money: bool| {
            let mut scene = Plan::empty(plan.model);
            scene.hours = if own { plan.hours.clone() } else { vec![NO_CAP; plan.hours.len()] };
            scene.money = if own { plan.money.clone() } else { vec![NO_CAP; plan.money.len()] };
            scene.pots = if money { plan.pots.clone() } else { vec![NO_CAP; plan.pots.len()] };
            scene
        };
        Self { empty: scene(false, false), own: scene(true, false), money: scene(true, true) }
    }

    /// `Partly` if nothing stands in the way.
    fn cause(&self, guide: &Guide<'_>, plan: &mut Plan<'_>, number: usize) -> Cause {
        let ask = &guide.model.asks[number];
        let (hours_left, money_left) = plan.own_left(ask);
        if ask.fits.is_empty() {
            return Cause::NoPool;
        }
        if hours_left < ask.least {
            return Cause::FairShare { left: hours_left / 100, least: ask.least / 100 };
        }
        if guide.place(&self.empty, number).is_none() {
            return Cause::NeverFits;
        }
        if guide.place(&self.own, number).is_none() {
            return Cause::Headroom { left: money_left / 10_000 };
        }
        if guide.place(&self.money, number).is_none() {
            let left = guide.model.pots_for(ask).iter().map(|pot| plan.pots[*pot]).max();
            return Cause::Pots { left: left.unwrap_or(0) / 10_000 };
        }
        match guide.place(plan, number) {
            None => Cause::Capacity,
            Some((_, placed)) => match plan.would_break(number, placed) {
                Some(Broken::Country(_)) => Cause::Country,
                Some(Broken::Share(_)) => Cause::Share,
                None => Cause::Partly,
            },
        }
    }
}

/// What kept this request from getting all its hours: it is asked as `whole`, with its own award out of the way.
fn cause_of_part(guide: &Guide<'_>, plan: &mut Plan<'_>, number: usize, whole: usize) -> Cause {
    let mine = plan.remove(number);
    let cause = Scenes::new(plan).cause(guide, plan, whole);
    if let Some(mine) = mine {
        plan.insert(number, mine);
    }
    cause
}

/// The pools in which its smallest gang is free longest.
fn left(plan: &Plan<'_>, number: usize) -> Vec<Left> {
    let ask = &plan.model.asks[number];
    let mut all: Vec<Left> = plan.model.fits_of(ask).map(|fit| longest(plan, fit.pool, ask)).collect();
    all.sort_by_key(|left| Reverse(left.weeks));
    all.truncate(NAMED);
    all
}

fn longest(plan: &Plan<'_>, pool: usize, ask: &Ask) -> Left {
    let mut longest = Left { pool, gpus: ask.low, weeks: 0, from: ask.from };
    let mut run = 0;
    for (week, free) in (ask.from..ask.to).zip(&plan.free_in(pool)[ask.from..]) {
        run = if *free >= ask.low { run + 1 } else { 0 };
        if run > longest.weeks {
            (longest.weeks, longest.from) = (run, week + 1 - run);
        }
    }
    longest
}

fn lowest_score(instance: &Instance, plan: &Plan<'_>, number: usize) -> Option<i64> {
    let ask = &plan.model.asks[number];
    let fits = plan.model.fits_of(ask);
    let weeks = fits.flat_map(|fit| (ask.from..ask.to).map(move |week| (fit.pool, week)));
    let holders = weeks.flat_map(|(pool, week)| plan.in_week(pool, week));
    holders.map(|holder| instance.requests[holder].score).min()
}

/// The changes that are tried, the smallest of each kind first.
pub(crate) fn changes(instance: &Instance, request: &Request) -> Vec<(Change, Request)> {
    let mut changes = Vec::new();
    let mut add = |change: Change, edit: &dyn Fn(&mut Request)| {
        let mut changed = request.clone();
        edit(&mut changed);
        changes.push((change, changed));
    };
    let fewer = up((request.gmin / 2).max(1), request.gran);
    if fewer < request.gmin {
        add(Change::FewerAtOnce { gpus: fewer }, &|changed| {
            changed.gmin = fewer;
            changed.weeks_max = (changed.deadline - changed.earliest).max(changed.weeks_max);
        });
    }
    if request.deadline < instance.weeks {
        let week = (request.deadline + 4).min(instance.weeks);
        add(Change::Later { week }, &|changed| changed.deadline = week);
    }
    if request.earliest > 0 {
        let week = request.earliest.saturating_sub(4);
        add(Change::Earlier { week }, &|changed| changed.earliest = week);
    }
    let usual = request.equiv.values().sum::<i64>() / int(request.equiv.len().max(1));
    let mut others: Vec<&String> = instance.pools.iter().map(|pool| &pool.gpu).collect();
    others.sort_unstable();
    others.dedup();
    for gpu in others.into_iter().filter(|gpu| !request.equiv.contains_key(gpu)) {
        add(Change::AlsoOn { gpu: gpu.clone() }, &|changed| {
            changed.equiv.insert(gpu.clone(), usual.max(1));
        });
    }
    let hours = request.min_hours / 2;
    if hours > 0 {
        add(Change::FewerHours { hours }, &|changed| {
            changed.min_hours = hours;
            changed.gmin = changed.gran;
            changed.weeks_min = 1;
        });
    }
    if request.residency.is_some() || request.max_latency_ms.is_some() {
        add(Change::Anywhere, &|changed| {
            changed.residency = None;
            changed.max_latency_ms = None;
        });
    }
    changes
}
