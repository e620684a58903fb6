//! Use that is taken back: readings that say less than earlier ones, and downtimes that spoilt what ran.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};
use domain::{
    allocation::State,
    credit_note::Cause,
    gpu::GpuTime,
    id::AllocationId,
    ledger::{Account, Back, Entry},
    period::{brussels_day, brussels_instant},
    policy::Action,
    problem::{Invalid, Problem},
    typed,
    usage::{self, Corrected, Correction, Reading, Refused, Taken},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{SentReading, normal, refused_row};
use crate::{
    desk::Desk,
    error::{Error, Result},
    invoices::new_uuid,
    jobs::Job,
    rows::DowntimeRow,
    store::{
        self, Tx,
        entity::{allocation, correction, downtime, reading, site},
    },
};

/// The longest reason of a downtime.
const REASON_MAX: i64 = 500;

/// One row as sent: which allocation, and the correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCorrection {
    pub allocation: AllocationId,
    pub correction: Correction,
}

/// A downtime as typed: days and times of Brussels.
#[derive(Debug, Clone, Default)]
pub struct TypedDowntime {
    pub first_day: String,
    pub first_time: String,
    pub last_day: String,
    pub last_time: String,
    pub gpus: String,
    pub reason: String,
}

/// Why less counts.
struct Why<'a> {
    cause: Cause,
    reason: &'a str,
    /// The reading that is corrected, and the correcting one.
    reading: Option<(&'a reading::Model, &'a Reading)>,
    downtime: Option<&'a DowntimeRow>,
}

impl Desk {
    /// Takes corrections row by row, in their order. Sending one again changes nothing.
    pub async fn record_corrections(&self, batch: Vec<SentCorrection>) -> Result<Vec<Result<Taken, Refused>>> {
        let mut tx = self.begin(Action::CorrectReadings).await?;
        let site = self.actor.site().ok_or(Error::NotFound)?;
        // As with readings: one batch of a site at a time.
        tx.lock::<site::Entity>(site).await?;
        let mut verdicts = Vec::new();
        let mut is_lower = false;
        for SentCorrection { allocation, correction } in batch {
            let sent = normal(SentReading { allocation, reading: correction.reading });
            let correction = Correction { replaces: correction.replaces, reading: sent.reading.clone() };
            let verdict = self.correct(&mut tx, allocation, &correction).await?;
            match &verdict {
                Ok(Taken::New(_)) => is_lower = true,
                Ok(Taken::Duplicate) => {}
                Err(reason) => {
                    let row = refused_row(&tx, site, &sent, *reason);
                    tx.insert(row).await?;
                }
            }
            verdicts.push(verdict);
        }
        if is_lower {
            tx.enqueue(&Job::Bill, self.now, Some("bill:correction")).await?;
        }
        tx.commit().await?;
        Ok(verdicts)
    }

    async fn correct(&self, tx: &mut Tx, of: AllocationId, correction: &Correction) -> Result<Result<Taken, Refused>> {
        if let Err(reason) = usage::job_name(&correction.reading.job) {
            return Ok(Err(reason));
        }
        let (job, replaces) = (&correction.reading.job, correction.replaces);
        let mut found = store::usage::by_number(tx, job, replaces).await?;
        let mut allocation = None;
        if found.as_ref().is_some_and(|row| row.allocation_id == of) {
            allocation = Some(tx.lock::<allocation::Entity>(of).await?);
            // A downtime or the ledger may have changed it before its allocation was ours.
            found = store::usage::by_number(tx, job, replaces).await?;
        }
        let is_taken = store::usage::by_number(tx, job, correction.reading.sequence).await?.is_some();
        let corrected = match &found {
            Some(row) => Some(corrected(tx, row, of).await?),
            None => None,
        };
        let verdict = usage::correct(correction, corrected.as_ref(), is_taken, self.now);
        let (Ok(Taken::New(less)), Some(row), Some(allocation)) = (verdict, found, allocation) else {
            return Ok(verdict);
        };
        let why =
            Why { cause: Cause::LoweredUsage, reason: "", reading: Some((&row, &correction.reading)), downtime: None };
        // What the ledger does not have yet is posted for less; what it has is corrected where it counts.
        let counts_at = match row.entry_id {
            Some(entry) => Some(store::ledger::counts_at(tx, entry).await?),
            None => None,
        };
        take_back(tx, &allocation, less, counts_at, &why).await?;
        let lowered = row.lowered_by.checked_add(less)?;
        let mut next = row.into_active_model();
        next.lowered_by = Set(lowered);
        tx.update(next).await?;
        Ok(verdict)
    }

    /// The site's operator owns up to a downtime; what ran meanwhile is given back at once.
    pub async fn record_downtime(&self, id: AllocationId, typed: &TypedDowntime) -> Result<()> {
        let mut tx = self.begin(Action::RecordDowntime).await?;
        let row = tx.lock::<allocation::Entity>(id).await?;
        if !matches!(row.state, State::Active | State::Ended) {
            return Err(Error::NotFound);
        }
        let (starts_at, ends_at, gpus, reason) = read(typed, &row, self.now)?;
        let before = store::credit_note::downtimes(&tx, id).await?;
        if before.iter().any(|other| other.starts_at < ends_at && starts_at < other.ends_at) {
            return Err(Error::invalid("first_day", Problem::AlreadyDone));
        }
        tx.insert(downtime::ActiveModel {
            id: Set(new_uuid(&tx)),
            allocation_id: Set(id),
            site_id: Set(row.site_id),
            starts_at: Set(starts_at),
            ends_at: Set(ends_at),
            gpus: Set(gpus),
            reason: Set(reason.clone()),
            recorded_by: Set(self.actor.person),
            recorded_at: Set(self.now),
        })
        .await?;
        tx.event(id, "downtime", json!({ "gpus": gpus, "reason": reason })).await?;
        settle_downtimes(&mut tx, &row).await?;
        tx.enqueue(&Job::Bill, self.now, Some("bill:correction")).await?;
        tx.commit().await
    }

    /// The downtimes of an allocation this actor may see.
    pub async fn downtimes(&self, id: AllocationId) -> Result<Vec<DowntimeRow>> {
        let tx = self.begin(Action::ReadAllocation).await?;
        store::credit_note::downtimes(&tx, id).await
    }
}

/// Gives back what downtimes spoilt and was not given back yet: also of readings that came after the downtime did.
pub(super) async fn settle_downtimes(tx: &mut Tx, row: &allocation::Model) -> Result<()> {
    for downtime in store::credit_note::downtimes(tx, row.id).await? {
        let ran = store::usage::ran(tx, row.id, downtime.starts_at, downtime.ends_at).await?;
        let lost = usage::lost(downtime.starts_at, downtime.ends_at, downtime.gpus, &ran);
        let less = lost.checked_sub(store::credit_note::taken_back(tx, downtime.id).await?)?;
        if less > GpuTime::ZERO {
            let why =
                Why { cause: Cause::Downtime, reason: &downtime.reason, reading: None, downtime: Some(&downtime) };
            take_back(tx, row, less, Some(downtime.ends_at), &why).await?;
        }
    }
    Ok(())
}

/// The ledger counts less, and why is on record.
async fn take_back(
    tx: &mut Tx,
    row: &allocation::Model,
    less: GpuTime,
    counts_at: Option<DateTime<Utc>>,
    why: &Why<'_>,
) -> Result<()> {
    let mut less = less;
    let mut entry_id = None;
    if let Some(counts_at) = counts_at {
        let balances: BTreeMap<Account, GpuTime> = store::ledger::balances(tx, row.id).await?;
        let balance = |account| balances.get(&account).copied().unwrap_or_default();
        // What was taken back before for another reason is not there any more.
        less = less.min(balance(Account::Used).checked_add(balance(Account::Overrun))?);
        if less <= GpuTime::ZERO {
            return Ok(());
        }
        let back = if row.state == State::Active { Back::Hold } else { Back::Supply };
        let entry = Entry::correct(less, balance(Account::Overrun), back)?;
        entry_id = Some(store::ledger::write(tx, row, &entry, counts_at).await?);
        // What was beyond the grant was no aid.
        let within = less.checked_sub(less.min(balance(Account::Overrun)))?;
        crate::aid::taken_back(tx, row, within).await?;
    }
    let said = why.reading.map(|(_, said)| said);
    tx.insert(correction::ActiveModel {
        id: Set(new_uuid(tx)),
        allocation_id: Set(row.id),
        entry_id: Set(entry_id),
        cause: Set(why.cause),
        gpu_seconds: Set(less),
        reason: Set(why.reason.to_owned()),
        reading_id: Set(why.reading.map(|(row, _)| row.id)),
        sequence: Set(said.map(|said| said.sequence)),
        gpus: Set(said.map(|said| said.gpus)),
        started_at: Set(said.map(|said| said.start)),
        ended_at: Set(said.map(|said| said.end)),
        downtime_id: Set(why.downtime.map(|downtime| downtime.id)),
        at: Set(tx.now()),
    })
    .await?;
    tx.event(row.id, "use_corrected", json!({ "released": less, "cause": why.cause.code(), "reason": why.reason }))
        .await
}

/// What is known of a reading that a correction names.
async fn corrected(tx: &Tx, row: &reading::Model, of: AllocationId) -> Result<Corrected> {
    let mut counted = row.gpu_seconds.checked_sub(row.lowered_by)?;
    // What a downtime gave back of it cannot be given back again.
    for downtime in store::credit_note::downtimes(tx, row.allocation_id).await? {
        let ran = [(row.started_at, row.ended_at, row.gpus, counted)];
        counted = counted.checked_sub(usage::lost(downtime.starts_at, downtime.ends_at, downtime.gpus, &ran))?;
    }
    let reading = Reading {
        job: row.job.clone(),
        sequence: row.sequence,
        gpus: row.gpus,
        start: row.started_at,
        end: row.ended_at,
    };
    let corrections = store::usage::corrections(tx, row.id).await?.into_iter().filter_map(|one| {
        let (sequence, gpus) = (one.sequence?, one.gpus?);
        Some(Reading { job: row.job.clone(), sequence, gpus, start: one.started_at?, end: one.ended_at? })
    });
    let is_same_allocation = row.allocation_id == of;
    Ok(Corrected { reading, is_same_allocation, counted, corrections: corrections.collect() })
}

fn read(
    typed: &TypedDowntime,
    row: &allocation::Model,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>, i64, String), Invalid> {
    let mut invalid = Invalid::default();
    let mut instant = |day: &str, day_field: &str, time: &str, time_field: &str| {
        let day = typed::date(day);
        let time = NaiveTime::parse_from_str(time.trim(), "%H:%M");
        if let Err(problem) = day {
            invalid.add(day_field, problem);
        }
        if time.is_err() {
            invalid.add(time_field, Problem::NotATime);
        }
        Some(brussels_instant(day.ok()?, time.ok()?))
    };
    let start = instant(&typed.first_day, "first_day", &typed.first_time, "first_time");
    let end = instant(&typed.last_day, "last_day", &typed.last_time, "last_time");
    if let (Some(start), Some(end)) = (start, end) {
        let (first, last) = (brussels_day(start), brussels_day(end));
        if end <= start {
            invalid.add("last_day", Problem::TooSoon);
        } else if end > now {
            invalid.add("last_day", Problem::InTheFuture);
        } else if first < row.first_week || last > row.slots().end() {
            invalid.add("first_day", Problem::NotAChoice);
        }
    }
    let most = row.slots().most_gpus();
    let gpus = typed.gpus.trim().parse::<i64>();
    match gpus {
        Err(_) => invalid.add("gpus", Problem::NotANumber),
        Ok(gpus) if gpus < 1 => invalid.add("gpus", Problem::TooSmall { min: 1 }),
        Ok(gpus) if gpus > most => invalid.add("gpus", Problem::TooLarge { max: most }),
        Ok(_) => {}
    }
    let reason = typed::reason(&typed.reason, REASON_MAX).unwrap_or_else(|problem| {
        invalid.add("reason", problem);
        String::new()
    });
    invalid.or((start.unwrap_or(now), end.unwrap_or(now), gpus.unwrap_or_default(), reason))
}
