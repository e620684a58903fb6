//! Verbs of use: taking readings, posting them to the ledger, telling people how much is left.

mod corrections;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::{
    allocation::State,
    gpu::GpuTime,
    id::AllocationId,
    ledger::{Account, Entry},
    period::{Month, Period, brussels_day},
    policy::Action,
    problem::Problem,
    quota,
    usage::{self, Granted, Reading, Refused, Taken},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use text::mail::Mail;

use crate::{
    desk::Desk,
    error::{Each, Error, OnUnique, Result},
    quotas,
    rows::RefusedReadingRow,
    store::{
        self, Letter, Tx,
        entity::{allocation, grace, reading, refused_reading, site, warning},
    },
};

pub use corrections::{SentCorrection, TypedDowntime};

/// How long the feed's health looks back.
const FEED_DAYS: TimeDelta = TimeDelta::days(7);
/// Characters kept of a refused row.
const REFUSED_ROW_MAX: usize = 500;

/// One row as sent: which allocation, and the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReading {
    pub allocation: AllocationId,
    pub reading: Reading,
}

/// How a site's meter is doing.
#[derive(Debug, Clone)]
pub struct Feed {
    pub last: Option<DateTime<Utc>>,
    /// Rows of the last seven days.
    pub taken: u64,
    pub refused: u64,
    /// Numbers missing in the jobs of the last seven days: job and how many.
    pub gaps: Vec<(String, i64)>,
    pub newest_refused: Vec<RefusedReadingRow>,
}

impl Desk {
    /// Takes a batch row by row, in its order. Sending it again takes nothing twice.
    pub async fn record_readings(&self, batch: Vec<SentReading>) -> Result<Vec<Result<Taken, Refused>>> {
        let mut tx = self.begin(Action::RecordReadings).await?;
        let site = self.actor.site().ok_or(Error::NotFound)?;
        // One batch of a site at a time: two at once would not see each other's stretches.
        tx.lock::<site::Entity>(site).await?;
        let batch: Vec<SentReading> = batch.into_iter().map(normal).collect();
        let granted = granted(&tx, &batch).await?;
        let mut before = sent_before(&tx, &batch).await?;
        let mut stretches = stretches(&tx, &batch).await?;
        let (mut verdicts, mut taken, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for sent in batch {
            let key = (sent.reading.job.clone(), sent.reading.sequence);
            let earlier = before.get(&key).map(|(id, reading)| (reading, *id == sent.allocation));
            let of_job = stretches.entry(sent.reading.job.clone()).or_default();
            let verdict = match usage::check(&sent.reading, granted.get(&sent.allocation), earlier, self.now) {
                Ok(Taken::New(_)) if usage::overlaps(&sent.reading, of_job) => Err(Refused::Overlap),
                verdict => verdict,
            };
            match &verdict {
                Ok(Taken::New(used)) => {
                    of_job.push((sent.reading.start, sent.reading.end));
                    taken.push(reading_row(&tx, site, &sent, *used));
                    before.insert(key, (sent.allocation, sent.reading));
                }
                Ok(Taken::Duplicate) => {}
                Err(reason) => refused.push(refused_row(&tx, site, &sent, *reason)),
            }
            verdicts.push(verdict);
        }
        if !taken.is_empty() {
            // The same batch at the same moment over another connection: the sender tries again and finds duplicates.
            let inserted = tx.insert_many(taken).await.on_unique("", Problem::AlreadyDone);
            inserted.map_err(|error| if matches!(error, Error::Invalid(_)) { Error::Busy } else { error })?;
        }
        if !refused.is_empty() {
            tx.insert_many(refused).await?;
        }
        tx.commit().await?;
        Ok(verdicts)
    }

    /// Posts every reading the ledger does not have yet.
    pub async fn post_usage(&self) -> Result<usize> {
        let tx = self.begin(Action::PostUsage).await?;
        let waiting = store::usage::unposted_allocations(&tx).await?;
        drop(tx);
        let mut each = Each::default();
        for id in waiting {
            each.count(id, "readings could not be posted", self.post_allocation(id).await);
        }
        each.finish()
    }

    /// One entry for each month that the readings count in; then the warnings that fall due.
    pub(crate) async fn post_allocation(&self, id: AllocationId) -> Result<usize> {
        let mut tx = self.begin(Action::PostUsage).await?;
        let row = tx.lock::<allocation::Entity>(id).await?;
        let readings = store::usage::unposted(&tx, id).await?;
        if readings.is_empty() {
            return Ok(0);
        }
        let mut months: BTreeMap<Month, (DateTime<Utc>, Vec<reading::Model>)> = BTreeMap::new();
        for reading in &readings {
            let at = usage::counts_at(reading.ended_at, self.now);
            let month = months.entry(Month::of(at)).or_insert_with(|| (at, Vec::new()));
            month.0 = month.0.max(at);
            month.1.push(reading.clone());
        }
        for (at, readings) in months.into_values() {
            let held = store::ledger::balances(&tx, id).await?.get(&Account::Hold).copied().unwrap_or_default();
            let used = GpuTime::sum(readings.iter().map(reading::Model::counted).collect::<Result<Vec<_>, _>>()?)?;
            let entry = store::ledger::write(&mut tx, &row, &Entry::post(used, held)?, at).await?;
            let ids: Vec<_> = readings.iter().map(|reading| reading.id).collect();
            store::usage::mark_posted(&mut tx, &ids, entry).await?;
        }
        corrections::settle_downtimes(&mut tx, &row).await?;
        self.warn(&mut tx, &row).await?;
        self.begin_grace(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(readings.len())
    }

    /// Tells each threshold once; of several reached at once, people hear of the highest.
    async fn warn(&self, tx: &mut Tx, row: &allocation::Model) -> Result<()> {
        let balances = store::ledger::balances(tx, row.id).await?;
        let used = balances.get(&Account::Used).copied().unwrap_or_default();
        let told = store::usage::told(tx, row.id).await?;
        let steps = quotas::steps(tx).await?;
        let reached = usage::reached(used, row.gpu_seconds, &told, &steps);
        let Some(highest) = reached.last().copied() else { return Ok(()) };
        for threshold in reached {
            tx.insert(warning::ActiveModel {
                id: Set(uuid::Uuid::new_v4()),
                allocation_id: Set(row.id),
                threshold: Set(threshold),
                at: Set(self.now),
            })
            .await?;
        }
        let left = row.gpu_seconds.checked_sub(used)?;
        let link = format!("{}/allocations/{}", self.services.settings().public_url, row.id);
        for person in store::allocation::addressees(tx, row.organisation_id).await? {
            let mail = Mail::UsageWarning {
                reference: row.reference.clone(),
                percent: i64::from(highest),
                left,
                last_day: row.slots().end().pred_opt().unwrap_or(row.first_week),
                link: link.clone(),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        tx.event(row.id, "warned", json!({ "percent": highest })).await
    }

    /// A grant that is used up ends no job at once: its company and its site are told until when they may go on, once
    /// for each size that it ever had.
    async fn begin_grace(&self, tx: &mut Tx, row: &allocation::Model) -> Result<()> {
        if row.state != State::Active {
            return Ok(());
        }
        let used = store::ledger::balances(tx, row.id).await?.get(&Account::Used).copied().unwrap_or_default();
        let policy = quota::policy_on(&store::quota::policies(tx).await?, brussels_day(self.now));
        let grace = policy.map(|policy| policy.grace).unwrap_or_default();
        let ends = usage::grace_end(used, row.gpu_seconds, grace, row.slots().end(), self.now);
        let before = store::quota::graces(tx, &[row.id]).await?;
        let Some(ends) = ends.filter(|_| grace_of(&before, row, used).is_none()) else { return Ok(()) };
        tx.insert(grace::ActiveModel {
            id: Set(uuid::Uuid::new_v4()),
            allocation_id: Set(row.id),
            gpu_seconds: Set(row.gpu_seconds),
            began_at: Set(self.now),
            ends_at: Set(ends),
        })
        .await?;
        let link = self.link(&format!("/allocations/{}", row.id));
        for person in store::allocation::addressees(tx, row.organisation_id).await? {
            let mail = Mail::GraceBegun {
                reference: row.reference.clone(),
                granted: row.gpu_seconds,
                ends,
                link: link.clone(),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        for person in store::allocation::operators(tx, row.site_id).await? {
            let mail = Mail::GraceAtSite { reference: row.reference.clone(), ends, link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        tx.event(row.id, "used_up", json!({})).await
    }

    /// What an allocation used in a period, as its invoice bills it: readings count in their own month until it is
    /// closed, later ones in the month they arrive in.
    pub async fn used(&self, id: AllocationId, period: Period) -> Result<GpuTime> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let row = tx.find::<allocation::Entity>(id).await?;
        store::ledger::used(&tx, row.id, period).await
    }

    /// The health of the meter of the site this actor stands at.
    pub async fn read_feed(&self) -> Result<Feed> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let site = self.actor.site().ok_or(Error::NotFound)?;
        let since = self.now - FEED_DAYS;
        let (last, taken, refused) = store::usage::feed(&tx, site, since).await?;
        let gaps = store::usage::sequences(&tx, since).await?.into_iter();
        let gaps = gaps.map(|(job, numbers)| (job, usage::gaps(numbers))).filter(|(_, missing)| *missing > 0).collect();
        let newest_refused = store::usage::refused(&tx, site, 50).await?;
        Ok(Feed { last, taken, refused, gaps, newest_refused })
    }
}

/// Whole seconds and a bare name: so that the same row is the same whoever formats it.
fn normal(mut sent: SentReading) -> SentReading {
    sent.reading.start = sent.reading.start.trunc_subsecs(0);
    sent.reading.end = sent.reading.end.trunc_subsecs(0);
    sent.reading.job = sent.reading.job.trim().to_owned();
    sent
}

async fn granted(tx: &Tx, batch: &[SentReading]) -> Result<BTreeMap<AllocationId, Granted>> {
    let ids: BTreeSet<AllocationId> = batch.iter().map(|sent| sent.allocation).collect();
    let rows = store::allocation::by_ids(tx, ids).await?;
    let ids: Vec<AllocationId> = rows.iter().map(|row| row.id).collect();
    let graces = store::quota::graces(tx, &ids).await?;
    let balances = store::ledger::balances_of(tx, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let used = balances.get(&(row.id, Account::Used)).copied().unwrap_or_default();
            let granted = Granted {
                grace_ends: grace_of(&graces, &row, used),
                state: row.state,
                gpus: row.slots().most_gpus(),
                first_day: row.first_week,
                end_day: row.slots().end(),
                ended_at: row.ended_at,
            };
            (row.id, granted)
        })
        .collect())
}

/// Until when jobs may go on after what is granted now was used up; `None` while anything is left.
pub(crate) fn grace_of(graces: &[grace::Model], row: &allocation::Model, used: GpuTime) -> Option<DateTime<Utc>> {
    let is_its = |grace: &&grace::Model| grace.allocation_id == row.id && grace.gpu_seconds == row.gpu_seconds;
    let found = graces.iter().find(is_its).filter(|_| used >= row.gpu_seconds);
    found.map(|grace| grace.ends_at)
}

type Before = BTreeMap<(String, i64), (AllocationId, Reading)>;

type Stretches = BTreeMap<String, Vec<(DateTime<Utc>, DateTime<Utc>)>>;

/// What the batch's jobs have covered already, as far as the batch reaches.
async fn stretches(tx: &Tx, batch: &[SentReading]) -> Result<Stretches> {
    let jobs = named(batch).map(|sent| sent.reading.job.clone()).collect();
    let from = batch.iter().map(|sent| sent.reading.start).min().unwrap_or(tx.now());
    let until = batch.iter().map(|sent| sent.reading.end).max().unwrap_or(tx.now());
    let mut stretches = Stretches::new();
    for (job, start, end) in store::usage::stretches(tx, jobs, from, until).await? {
        stretches.entry(job).or_default().push((start, end));
    }
    Ok(stretches)
}

/// The rows whose job can be looked for.
fn named(batch: &[SentReading]) -> impl Iterator<Item = &SentReading> {
    batch.iter().filter(|sent| usage::job_name(&sent.reading.job).is_ok())
}

async fn sent_before(tx: &Tx, batch: &[SentReading]) -> Result<Before> {
    let jobs = named(batch).map(|sent| sent.reading.job.clone()).collect();
    let sequences = named(batch).map(|sent| sent.reading.sequence).collect();
    let rows = store::usage::sent_before(tx, jobs, sequences).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let reading = Reading {
                job: row.job.clone(),
                sequence: row.sequence,
                gpus: row.gpus,
                start: row.started_at,
                end: row.ended_at,
            };
            ((row.job, row.sequence), (row.allocation_id, reading))
        })
        .collect())
}

fn reading_row(tx: &Tx, site: domain::id::SiteId, sent: &SentReading, used: GpuTime) -> reading::ActiveModel {
    reading::ActiveModel {
        id: Set(tx.new_id()),
        site_id: Set(site),
        allocation_id: Set(sent.allocation),
        job: Set(sent.reading.job.clone()),
        sequence: Set(sent.reading.sequence),
        gpus: Set(sent.reading.gpus),
        started_at: Set(sent.reading.start),
        ended_at: Set(sent.reading.end),
        gpu_seconds: Set(used),
        received_at: Set(tx.now()),
        entry_id: Set(None),
        lowered_by: Set(GpuTime::ZERO),
    }
}

fn refused_row(tx: &Tx, site: domain::id::SiteId, sent: &SentReading, reason: Refused) -> refused_reading::ActiveModel {
    let row = json!({ "allocation": sent.allocation, "reading": sent.reading }).to_string();
    refused_reading::ActiveModel {
        id: Set(uuid::Uuid::new_v4()),
        site_id: Set(site),
        received_at: Set(tx.now()),
        reason: Set(reason.code().to_owned()),
        row: Set(row.chars().take(REFUSED_ROW_MAX).collect()),
    }
}
