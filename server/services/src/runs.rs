//! Verbs of runs: the engine over everybody who waits in a mode with cut-offs, looked at, compared, and published by a
//! second officer. Solving and publishing are jobs; what a run went by is kept with it.

mod again;
mod instance;
mod publish;
mod scarcity;
mod ties;

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::NaiveDate;
use domain::{
    capacity::{Slot, Slots},
    gpu::{GpuModel, GpuTime},
    id::{ApplicationId, PersonId, RunId, SiteId},
    policy::Action,
    problem::{Invalid, Problem},
    run::{Left, Point, Published, Rules, State, Ties, TypedRules, may_publish},
};
use matching::{Award, Budget, Explanation, Instance, SMALL, Segment, Solution, Standing, explain_after, solve_after};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    jobs::{Job, Verdict},
    rules,
    sites::Site,
    store::{self, Tx, entity::run, rows::RunRow, run::RunListed},
};

pub use instance::Frame;
pub use scarcity::{Demand, Scarcity};
pub use ties::Tied;

/// Runs shown in the list, and published ones searched for a reason.
const LISTED: u64 = 50;
const PUBLISHED_READ: u64 = 10;
/// Work of a run, in steps: enough for a few thousand requests within seconds.
const PASSES: u32 = 600;
const MOVES_EACH: u64 = 150;
const MOVES: (u64, u64) = (20_000, 600_000);
/// Re-runs for the best of those who got nothing: some milliseconds each in a call of thousands.
const RERUNS: usize = 500;
/// Progress is written after so many points.
const WRITTEN: usize = 5;

/// What a run says of one request.
#[derive(Debug, Clone)]
pub struct RunLine {
    pub application: ApplicationId,
    pub reference: String,
    pub organisation: String,
    /// Hours and GPUs at once asked for, and the merit it was weighed by.
    pub hours: i64,
    pub gpus: i64,
    pub score: i64,
    /// As the file calls its organisation's size and country.
    pub size: String,
    pub country: String,
    pub outcome: RunOutcome,
    /// Why its offer is not for all that was asked for.
    pub partly: Option<Explanation>,
}

impl RunLine {
    /// Hours that its offer gives: fewer than asked for where only a part had room.
    pub fn awarded_hours(&self) -> i64 {
        match &self.outcome {
            RunOutcome::Offer(slots) => slots.gpu_time().map_or(0, GpuTime::whole_hours).min(self.hours),
            RunOutcome::Nothing(_) | RunOutcome::Open => 0,
        }
    }
}

#[derive(Debug, Clone)]
pub enum RunOutcome {
    Offer(Slots),
    Nothing(Explanation),
    /// Not solved yet.
    Open,
}

/// How full a pool is, week by week.
#[derive(Debug, Clone)]
pub struct RunPool {
    pub site: SiteId,
    pub model: GpuModel,
    pub weeks: Vec<RunWeek>,
}

/// GPUs of a pool in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunWeek {
    /// Held or booked before the run.
    pub taken: i64,
    /// Free for the run.
    pub free: i64,
    /// What its plan takes of them.
    pub used: i64,
}

/// A run with everything that its page shows. What a conflict hides is in no line.
#[derive(Debug, Clone)]
pub struct RunRead {
    pub row: RunRow,
    pub rules: Rules,
    /// The rules in force now.
    pub in_force: Rules,
    /// What publishing it came to, once its offers are made.
    pub published: Option<Published>,
    pub ties: Ties,
    pub points: Vec<Point>,
    pub lines: Vec<RunLine>,
    pub pools: Vec<RunPool>,
    /// What its prices say.
    pub scarcity: Vec<Scarcity>,
    pub mondays: Vec<NaiveDate>,
    pub sites: Vec<Site>,
    /// A conflict hides something of it: this officer neither signs it nor gets its files.
    pub is_partial: bool,
}

/// What the command `server match` reads.
#[derive(Debug, Clone)]
pub struct RunFiles {
    pub instance: String,
    /// What it respects of an earlier run, if anything.
    pub standing: Option<String>,
    pub solution: Option<String>,
}

/// What a published run says to whoever it made no offer.
#[derive(Debug, Clone)]
pub enum RunSaid {
    Nothing(RunReason),
    /// It was awarded something that was not there any more when the offers were made.
    Left(Left),
}

/// Why a run gives an application nothing.
#[derive(Debug, Clone)]
pub struct RunReason {
    pub explanation: Explanation,
    /// What its weeks mean, and the names of its pools.
    pub mondays: Vec<NaiveDate>,
    pub pools: Vec<String>,
    /// Why some were left out of the run.
    pub why: String,
}

impl Desk {
    /// Starts a run over everybody who waits now, by these rules. Several may be made and compared.
    pub async fn start_run(&self, typed: &TypedRules) -> Result<RunId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::StartRun).await?;
        let (rules, ties) = typed.check()?;
        let waiting = self.competing(&tx).await?;
        if waiting.is_empty() {
            return Err(Invalid::one("", Problem::AlreadyDone).into());
        }
        let ids: Vec<ApplicationId> = waiting.iter().map(|one| one.application).collect();
        nothing_hidden(&tx, &ids).await?;
        let (instance, frame) = instance::of(&tx, &waiting, &rules).await?;
        let tied = ties::of(&tx, ties, &waiting, (&instance, &frame)).await?;
        let is_free = tied.ties.is_none() && tied.standing.refused.is_empty();
        let tied = (!is_free).then_some(tied);
        let id = put(&mut tx, me, &rules, (&instance, &frame), tied).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Asks a run that is at work for the best plan so far. Afterwards it changes nothing.
    pub async fn stop_run(&self, id: RunId) -> Result<()> {
        self.signed_in()?;
        let mut tx = self.begin(Action::StartRun).await?;
        let row = tx.lock::<run::Entity>(id).await?;
        let frame: Frame = serde_json::from_str(&row.frame)?;
        nothing_hidden(&tx, &frame.applications).await?;
        if row.state == State::Solving {
            let mut next = row.into_active_model();
            next.stop_asked = Set(true);
            tx.update(next).await?;
        }
        tx.commit().await
    }

    /// Where a run stands, and how far it was last. `Invalid` for an officer from whom a conflict hides anything in it.
    pub async fn run_progress(&self, id: RunId) -> Result<(State, Option<Point>)> {
        let tx = self.begin(Action::ReadRuns).await?;
        let (state, frame, progress) = store::run::progress(&tx, id).await?;
        let frame: Frame = serde_json::from_str(&frame)?;
        nothing_hidden(&tx, &frame.applications).await?;
        let points: Vec<Point> = serde_json::from_str(&progress)?;
        Ok((state, points.last().copied()))
    }

    /// How many wait for a run.
    pub async fn count_competing(&self) -> Result<usize> {
        let tx = self.begin(Action::ReadRuns).await?;
        let ids: Vec<ApplicationId> = self.competing(&tx).await?.iter().map(|one| one.application).collect();
        if self.actor.person.is_none() {
            return Ok(ids.len());
        }
        // What a conflict hides is not counted.
        Ok(store::conflict::in_sight(&tx, &ids).await?.len())
    }

    pub async fn runs(&self) -> Result<Vec<RunListed>> {
        let tx = self.begin(Action::ReadRuns).await?;
        store::run::list(&tx, LISTED).await
    }

    pub async fn read_run(&self, id: RunId) -> Result<RunRead> {
        let tx = self.begin(Action::ReadRuns).await?;
        let row = tx.find::<run::Entity>(id).await?;
        let frame: Frame = serde_json::from_str(&row.frame)?;
        let instance: Instance = serde_json::from_str(&row.instance)?;
        let solution: Option<Solution> = row.solution.as_deref().map(serde_json::from_str).transpose()?;
        let explanations: Vec<Explanation> =
            row.explanations.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        let names = store::run::names(&tx, &frame.applications).await?;
        let is_partial = names.len() < frame.applications.len();
        let sites = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        Ok(RunRead {
            rules: serde_json::from_str(&row.rules)?,
            in_force: rules::in_force(&tx).await?.rules,
            published: row.published.as_deref().map(serde_json::from_str).transpose()?,
            ties: Tied::read(row.ties.as_deref())?.ties,
            points: serde_json::from_str(&row.progress)?,
            lines: lines(&frame, &instance, solution.as_ref(), explanations, names),
            pools: pools(&frame, &instance, solution.as_ref()),
            scarcity: scarcity::of(&frame, solution.as_ref()),
            mondays: (0..instance.weeks).map(|week| frame.monday(week)).collect(),
            sites,
            is_partial,
            row,
        })
    }

    /// A run's files as they would be given to an auditor. `Invalid` for an officer from whom a conflict hides anything
    /// in them.
    pub async fn run_files(&self, id: RunId) -> Result<RunFiles> {
        let tx = self.begin(Action::ReadRuns).await?;
        let row = tx.find::<run::Entity>(id).await?;
        let frame: Frame = serde_json::from_str(&row.frame)?;
        nothing_hidden(&tx, &frame.applications).await?;
        let standing = row.ties.as_deref().map(|stored| Tied::read(Some(stored))).transpose()?;
        let standing = standing.map(|tied| serde_json::to_string(&tied.standing)).transpose()?;
        Ok(RunFiles { instance: row.instance, standing, solution: row.solution })
    }

    /// What the last published run that this application was in said of it, if it went without or had to be left. For
    /// whoever may see the application.
    pub async fn run_reason(&self, application: ApplicationId) -> Result<Option<RunSaid>> {
        let tx = self.begin(Action::ReadApplication).await?;
        tx.find::<store::entity::application::Entity>(application).await?;
        drop(tx);
        let tx = self.as_system().begin(Action::ReadRuns).await?;
        for store::run::Said { frame, explanations, ties, published } in
            store::run::published(&tx, PUBLISHED_READ).await?
        {
            let frame: Frame = serde_json::from_str(&frame)?;
            let Some(number) = frame.applications.iter().position(|one| *one == application) else { continue };
            let published: Published = published.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
            if let Some((_, why)) = published.left.iter().find(|(one, _)| *one == application) {
                return Ok(Some(RunSaid::Left(*why)));
            }
            let explanations: Vec<Explanation> = serde_json::from_str(explanations.as_deref().unwrap_or("[]"))?;
            let mondays = (0..=instance::HORIZON).map(|week| frame.monday(week)).collect();
            let Some(explanation) = explanations.into_iter().find(|one| one.request == number) else { return Ok(None) };
            let sites = store::capacity::sites(&tx).await?;
            let name = |id: SiteId| sites.iter().find(|site| site.id == id).map_or("", |site| site.name.as_str());
            let pools = frame.pools.iter().map(|(site, model)| format!("{} {}", name(*site), model.code())).collect();
            let why = Tied::read(ties.as_deref())?.ties.why;
            return Ok(Some(RunSaid::Nothing(RunReason { explanation, mondays, pools, why })));
        }
        Ok(None)
    }

    /// Signs a run as a second officer: everybody in it gets an offer as soon as the queue is worked.
    pub async fn publish_run(&self, id: RunId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::PublishRun).await?;
        let row = tx.lock::<run::Entity>(id).await?;
        let rules: Rules = serde_json::from_str(&row.rules)?;
        let in_force = rules::in_force(&tx).await?.rules;
        may_publish(row.made_by, me, row.state, (&rules, &in_force)).map_err(|problem| Error::invalid("", problem))?;
        let frame: Frame = serde_json::from_str(&row.frame)?;
        nothing_hidden(&tx, &frame.applications).await?;
        if row.version != seen {
            return Err(Error::Stale);
        }
        let solution: Option<Solution> = row.solution.as_deref().map(serde_json::from_str).transpose()?;
        let scarcity = serde_json::to_string(&scarcity::of(&frame, solution.as_ref()))?;
        let mut next = row.into_active_model();
        next.scarcity = Set(Some(scarcity));
        next.state = Set(State::Published);
        next.published_by = Set(Some(me));
        next.published_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.enqueue(&Job::PublishRun(id), self.now, None).await?;
        tx.commit().await
    }

    /// Solves a run, telling how far it is.
    pub(crate) async fn solve_run(&self, id: RunId) -> Result<Verdict> {
        let tx = self.begin(Action::SolveRun).await?;
        let row = tx.find::<run::Entity>(id).await?;
        drop(tx);
        if row.state != State::Solving {
            return Ok(Verdict::Done);
        }
        let instance: Instance = serde_json::from_str(&row.instance)?;
        let standing = Tied::read(row.ties.as_deref())?.standing;
        let requests = u64::try_from(instance.requests.len()).unwrap_or(u64::MAX);
        let moves = requests.saturating_mul(MOVES_EACH).clamp(MOVES.0, MOVES.1);
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(row.stop_asked));
        let is_stopped = Arc::clone(&stop);
        let solving = tokio::task::spawn_blocking(move || {
            // Of a small call each country is set against its own pot, for a tighter bound.
            let cases = u32::from(instance.requests.len() <= SMALL);
            let budget = Budget { passes: PASSES, moves, cases, seed: 1, threads: 1 };
            let solution = solve_after(&instance, budget, &standing, |progress| {
                // Nobody listens any more when the job was cut off.
                if tell.send(progress).is_err() || is_stopped.load(Ordering::Relaxed) {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            })?;
            Ok(Judged::of(&instance, &standing, solution))
        });
        let mut points = Vec::new();
        while let Some(progress) = told.recv().await {
            points.push(Point {
                moves: i64::try_from(progress.moves).unwrap_or(i64::MAX),
                value: progress.objective,
                bound: progress.upper_bound,
            });
            if points.len().is_multiple_of(WRITTEN) {
                stop.store(self.write_progress(id, &points).await?, Ordering::Relaxed);
            }
        }
        let solved: Result<_, Vec<matching::Fault>> = solving.await.map_err(|error| anyhow(error.to_string()))?;
        match solved {
            Ok(judged) => {
                self.keep_solution(id, State::Solving, &points, judged?).await?;
                Ok(Verdict::Done)
            }
            Err(faults) => {
                let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
                Ok(Verdict::Park(all.join("; ")))
            }
        }
    }

    /// Whether somebody wants it to stop.
    async fn write_progress(&self, id: RunId, points: &[Point]) -> Result<bool> {
        let mut tx = self.begin(Action::SolveRun).await?;
        let row = tx.lock::<run::Entity>(id).await?;
        let is_stopped = row.stop_asked;
        let mut next = row.into_active_model();
        next.progress = Set(serde_json::to_string(points)?);
        tx.update(next).await?;
        tx.commit().await?;
        Ok(is_stopped)
    }

    /// Takes over a plan that was made elsewhere for this run's instance, if it keeps every rule. What it claims of its
    /// value and bound is reckoned anew. `Invalid` unless the run is solved and not published.
    pub async fn import_solution(&self, id: RunId, solution: Solution) -> Result<()> {
        let tx = self.begin(Action::SolveRun).await?;
        let row = tx.find::<run::Entity>(id).await?;
        drop(tx);
        match row.state {
            State::Solving => return Err(Error::invalid("", Problem::TooSoon)),
            State::Published => return Err(Error::invalid("", Problem::AlreadyDone)),
            State::Solved => {}
        }
        let instance: Instance = serde_json::from_str(&row.instance)?;
        if solution.instance != instance.name {
            return Err(Error::invalid("instance", Problem::Mismatch));
        }
        // How the search went is nothing we saw.
        let standing = Tied::read(row.ties.as_deref())?.standing;
        self.keep_solution(id, State::Solved, &[], Judged::of(&instance, &standing, solution)?).await
    }

    /// `Stale` if the run no longer stands where it stood when the work began.
    async fn keep_solution(&self, id: RunId, from: State, points: &[Point], judged: Judged) -> Result<()> {
        let Judged { solution, bound, explanations, awarded, hours } = judged;
        let mut tx = self.begin(Action::SolveRun).await?;
        let row = tx.lock::<run::Entity>(id).await?;
        if row.state != from {
            return Err(Error::Stale);
        }
        let version = row.version;
        let mut next = row.into_active_model();
        next.progress = Set(serde_json::to_string(points)?);
        next.solution = Set(Some(serde_json::to_string(&solution)?));
        next.explanations = Set(Some(serde_json::to_string(&explanations)?));
        next.value = Set(solution.objective);
        next.bound = Set(bound);
        next.awarded = Set(i32::try_from(awarded).unwrap_or(i32::MAX));
        next.hours = Set(hours);
        next.state = Set(State::Solved);
        next.version = Set(version + 1);
        tx.update(next).await?;
        let told = json!({ "awarded": awarded, "hours": hours, "solver": solution.solver });
        tx.event(id, "run_solved", told).await?;
        tx.commit().await
    }
}

/// A plan that our checker has passed, with its own figures for value and bound.
struct Judged {
    solution: Solution,
    /// The tightest that it proves, in units of the objective.
    bound: Option<i64>,
    explanations: Vec<Explanation>,
    awarded: usize,
    hours: i64,
}

impl Judged {
    /// Takes long on a large call. Errors with every rule that is broken and every claim that is false.
    fn of(instance: &Instance, standing: &Standing, mut solution: Solution) -> Result<Self> {
        let verdict = matching::verify::verify(instance, &solution);
        if !verdict.violations.is_empty() {
            return Err(anyhow(verdict.violations.join("; ")).into());
        }
        if !standing.is_kept_by(&solution) {
            return Err(anyhow("it does not keep what was promised").into());
        }
        solution.objective = i64::try_from(verdict.objective).ok();
        solution.upper_bound = verdict.upper_bound.and_then(|bound| i64::try_from(bound).ok());
        let bound = verdict.tightest().and_then(|bound| i64::try_from(bound).ok());
        let explanations = explain_after(instance, &solution, standing, RERUNS);
        Ok(Self { solution, bound, explanations, awarded: verdict.awarded, hours: verdict.hours })
    }
}

/// Keeps a run to be solved.
async fn put(
    tx: &mut Tx,
    made_by: PersonId,
    rules: &Rules,
    (instance, frame): (&Instance, &Frame),
    tied: Option<Tied>,
) -> Result<RunId> {
    let id = tx.new_id();
    tx.insert(run::ActiveModel {
        id: Set(id),
        made_by: Set(made_by),
        made_at: Set(tx.now()),
        rules: Set(serde_json::to_string(rules)?),
        frame: Set(serde_json::to_string(frame)?),
        instance: Set(serde_json::to_string(instance)?),
        ties: Set(tied.map(|tied| serde_json::to_string(&tied)).transpose()?),
        progress: Set("[]".to_owned()),
        solution: Set(None),
        explanations: Set(None),
        value: Set(None),
        bound: Set(None),
        requests: Set(i32::try_from(frame.applications.len()).unwrap_or(i32::MAX)),
        awarded: Set(0),
        hours: Set(0),
        state: Set(State::Solving),
        stop_asked: Set(false),
        published_by: Set(None),
        published_at: Set(None),
        published: Set(None),
        scarcity: Set(None),
        version: Set(1),
    })
    .await?;
    let now = tx.now();
    tx.enqueue(&Job::SolveRun(id), now, None).await?;
    Ok(id)
}

/// Whoever has a conflict with one of the competitors takes no part in what is decided among them.
async fn nothing_hidden(tx: &Tx, applications: &[ApplicationId]) -> Result<()> {
    if store::run::names(tx, applications).await?.len() < applications.len() {
        return Err(Invalid::one("", Problem::ConflictOfInterest).into());
    }
    Ok(())
}

/// One award of a solution.
#[derive(Debug, Clone)]
struct Awarded {
    /// Its numbers in the instance.
    request: usize,
    pot: usize,
    application: ApplicationId,
    slots: Slots,
}

fn awards<'a>(frame: &'a Frame, solution: &'a Solution) -> impl Iterator<Item = Awarded> + 'a {
    solution.awards.iter().filter_map(|award| {
        let application = *frame.applications.get(award.request)?;
        Some(Awarded { request: award.request, pot: award.pot, application, slots: slots(frame, award)? })
    })
}

/// The segments of an award as slots in the order of time. Files may name them in any order.
fn slots(frame: &Frame, award: &Award) -> Option<Slots> {
    let slot = |segment: &Segment| {
        let (site, model) = *frame.pools.get(segment.pool)?;
        let weeks = i32::try_from(segment.weeks).ok()?;
        Some(Slot { site, model, first_week: frame.monday(segment.start), weeks, gpus: segment.gpus })
    };
    let mut slots = award.segments.iter().map(slot).collect::<Option<Vec<Slot>>>()?;
    slots.sort_unstable_by_key(|slot| slot.first_week);
    let mut slots = slots.into_iter();
    Slots::new(slots.next()?, slots.collect())
}

fn lines(
    frame: &Frame,
    instance: &Instance,
    solution: Option<&Solution>,
    explanations: Vec<Explanation>,
    mut names: BTreeMap<ApplicationId, (String, String)>,
) -> Vec<RunLine> {
    let offers = solution.iter().flat_map(|solution| awards(frame, solution));
    let mut offers: BTreeMap<ApplicationId, Slots> = offers.map(|one| (one.application, one.slots)).collect();
    let mut reasons: BTreeMap<usize, Explanation> = explanations.into_iter().map(|one| (one.request, one)).collect();
    let all = frame.applications.iter().zip(&instance.requests).enumerate();
    all.filter_map(|(number, (application, request))| {
        let (reference, organisation) = names.remove(application)?;
        let (outcome, partly) = match (offers.remove(application), reasons.remove(&number)) {
            (Some(slots), partly) => (RunOutcome::Offer(slots), partly),
            (None, Some(reason)) => (RunOutcome::Nothing(reason), None),
            (None, None) => (RunOutcome::Open, None),
        };
        Some(RunLine {
            application: *application,
            reference,
            organisation,
            hours: request.hours,
            gpus: request.gmax,
            score: request.score,
            size: instance.orgs.get(request.org).map(|org| org.size.clone()).unwrap_or_default(),
            country: instance.orgs.get(request.org).map(|org| org.country.clone()).unwrap_or_default(),
            outcome,
            partly,
        })
    })
    .collect()
}

fn pools(frame: &Frame, instance: &Instance, solution: Option<&Solution>) -> Vec<RunPool> {
    let mut pools: Vec<RunPool> = frame
        .pools
        .iter()
        .zip(&instance.pools)
        .map(|((site, model), pool)| RunPool {
            site: *site,
            model: *model,
            weeks: pool.cap.iter().map(|free| RunWeek { taken: 0, free: *free, used: 0 }).collect(),
        })
        .collect();
    for (pool, taken) in pools.iter_mut().zip(&frame.taken) {
        for (week, taken) in pool.weeks.iter_mut().zip(taken) {
            week.taken = *taken;
        }
    }
    for segment in solution.iter().flat_map(|solution| &solution.awards).flat_map(|award| &award.segments) {
        let weeks =
            pools.get_mut(segment.pool).map(|pool| pool.weeks.iter_mut().skip(segment.start).take(segment.weeks));
        for week in weeks.into_iter().flatten() {
            week.used += segment.gpus;
        }
    }
    pools
}
