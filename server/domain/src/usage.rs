//! A site's meter readings and what they add up to: which rows are taken, which are refused and why, how fast an
//! allocation burns and when it runs out.
//!
//! A reading is one stretch of one job: so many GPUs from start to end. Its number in the job makes sending it twice
//! harmless. Refuses floats: shares are basis points, days are days.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    allocation::State,
    capacity::{Slot, Slots},
    gpu::GpuTime,
    money::BasisPoints,
    period::{Month, brussels_day, start_of_day},
};

/// Rows in one batch.
pub const BATCH_MAX: usize = 1_000;
/// Characters of a job's name.
pub const JOB_MAX: usize = 100;
/// The longest stretch one reading may cover.
pub const STRETCH_MAX: TimeDelta = TimeDelta::days(7);
/// How far a site's clock may run ahead of ours.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);
/// Readings older than this come too late to be believed or billed.
pub const LATE_MAX: TimeDelta = TimeDelta::days(60);
/// A month takes readings of its last hours for this long; later ones count in the month they arrive in.
pub const CLOSING_GRACE: TimeDelta = TimeDelta::hours(6);

/// One row of a batch, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub job: String,
    /// Counts up within the job from 0.
    pub sequence: i64,
    pub gpus: i64,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

/// What is known about the allocation a reading names, if the site has such an allocation at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    pub state: State,
    pub gpus: i64,
    /// The first day of the allocation's first week, and the day after its last.
    pub first_day: NaiveDate,
    pub end_day: NaiveDate,
    pub ended_at: Option<DateTime<Utc>>,
    /// The award is used up: no job may run on after this.
    pub grace_ends: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// No allocation of this site has that id.
    UnknownAllocation,
    /// The allocation was never opened.
    NotActive,
    JobMissing,
    JobTooLong,
    SequenceNegative,
    GpusNotPositive,
    /// More GPUs than the allocation has at once.
    GpusOverAllocation,
    EndNotAfterStart,
    StretchTooLong,
    InTheFuture,
    TooLate,
    /// Before the allocation's first day, after its last, or after it ended.
    OutsideAllocation,
    /// The award was used up and its grace is over.
    GraceOver,
    /// The same job and number were sent before with other figures.
    Conflict,
    /// Another number of the same job covers some of the same time: it would be billed twice.
    Overlap,
    /// A correction names a number of the job that was never taken for this allocation.
    UnknownReading,
    /// A correction's own number is not above the one it corrects.
    SequenceNotHigher,
    /// A correction that does not say less than what counts now: only less can be said.
    NotLower,
}

impl Refused {
    pub const ALL: [Self; 18] = [
        Self::UnknownAllocation,
        Self::NotActive,
        Self::JobMissing,
        Self::JobTooLong,
        Self::SequenceNegative,
        Self::GpusNotPositive,
        Self::GpusOverAllocation,
        Self::EndNotAfterStart,
        Self::StretchTooLong,
        Self::InTheFuture,
        Self::TooLate,
        Self::OutsideAllocation,
        Self::GraceOver,
        Self::Conflict,
        Self::Overlap,
        Self::UnknownReading,
        Self::SequenceNotHigher,
        Self::NotLower,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownAllocation => "unknown-allocation",
            Self::NotActive => "not-active",
            Self::JobMissing => "job-missing",
            Self::JobTooLong => "job-too-long",
            Self::SequenceNegative => "sequence-negative",
            Self::GpusNotPositive => "gpus-not-positive",
            Self::GpusOverAllocation => "gpus-over-allocation",
            Self::EndNotAfterStart => "end-not-after-start",
            Self::StretchTooLong => "stretch-too-long",
            Self::InTheFuture => "in-the-future",
            Self::TooLate => "too-late",
            Self::OutsideAllocation => "outside-allocation",
            Self::GraceOver => "grace-over",
            Self::Conflict => "conflict",
            Self::Overlap => "overlap",
            Self::UnknownReading => "unknown-reading",
            Self::SequenceNotHigher => "sequence-not-higher",
            Self::NotLower => "not-lower",
        }
    }
}

/// A row that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New(GpuTime),
    /// Sent before with the same figures: nothing to do.
    Duplicate,
}

/// Whether a job can be called so: until then nothing is looked for by its name.
pub fn job_name(job: &str) -> Result<(), Refused> {
    let job = job.trim();
    if job.is_empty() {
        return Err(Refused::JobMissing);
    }
    if job.chars().count() > JOB_MAX || job.chars().any(char::is_control) {
        return Err(Refused::JobTooLong);
    }
    Ok(())
}

/// Whether to take the row. `earlier` is what this job's number said before, with whether it was for the same
/// allocation.
pub fn check(
    reading: &Reading,
    granted: Option<&Granted>,
    earlier: Option<(&Reading, bool)>,
    now: DateTime<Utc>,
) -> Result<Taken, Refused> {
    job_name(&reading.job)?;
    if let Some((earlier, is_same_allocation)) = earlier {
        let is_same = is_same_allocation && earlier == reading;
        return if is_same { Ok(Taken::Duplicate) } else { Err(Refused::Conflict) };
    }
    let granted = granted.ok_or(Refused::UnknownAllocation)?;
    if !matches!(granted.state, State::Active | State::Ended) {
        return Err(Refused::NotActive);
    }
    if reading.sequence < 0 {
        return Err(Refused::SequenceNegative);
    }
    if reading.gpus < 1 {
        return Err(Refused::GpusNotPositive);
    }
    if reading.gpus > granted.gpus {
        return Err(Refused::GpusOverAllocation);
    }
    when(reading, granted, now)?;
    let stretch = (reading.end - reading.start).num_seconds();
    let used = reading.gpus.checked_mul(stretch).ok_or(Refused::GpusOverAllocation)?;
    Ok(Taken::New(GpuTime::seconds(used)))
}

fn when(reading: &Reading, granted: &Granted, now: DateTime<Utc>) -> Result<(), Refused> {
    if reading.end <= reading.start {
        return Err(Refused::EndNotAfterStart);
    }
    if reading.end - reading.start > STRETCH_MAX {
        return Err(Refused::StretchTooLong);
    }
    if reading.end > now + CLOCK_SKEW {
        return Err(Refused::InTheFuture);
    }
    if reading.end < now - LATE_MAX {
        return Err(Refused::TooLate);
    }
    let end = start_of_day(granted.end_day);
    let end = granted.ended_at.map_or(end, |ended| ended.min(end));
    if reading.start < start_of_day(granted.first_day) || reading.end > end {
        return Err(Refused::OutsideAllocation);
    }
    if granted.grace_ends.is_some_and(|over| reading.end > over) {
        return Err(Refused::GraceOver);
    }
    Ok(())
}

/// One row that says less than an earlier one did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The number in the job of the reading in whose place this stands.
    pub replaces: i64,
    /// With a number above it; no GPUs if the job did not run.
    pub reading: Reading,
}

/// What is known of the reading that a correction names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    pub reading: Reading,
    pub is_same_allocation: bool,
    /// What counts of it now.
    pub counted: GpuTime,
    /// Corrections of it so far.
    pub corrections: Vec<Reading>,
}

/// How much less a correction says, or that it was sent before. `is_taken` when a reading has the correction's own
/// number.
pub fn correct(
    correction: &Correction,
    corrected: Option<&Corrected>,
    is_taken: bool,
    now: DateTime<Utc>,
) -> Result<Taken, Refused> {
    let reading = &correction.reading;
    let corrected = corrected.filter(|one| one.is_same_allocation).ok_or(Refused::UnknownReading)?;
    if reading.sequence <= correction.replaces {
        return Err(Refused::SequenceNotHigher);
    }
    if let Some(earlier) = corrected.corrections.iter().find(|earlier| earlier.sequence == reading.sequence) {
        return if earlier == reading { Ok(Taken::Duplicate) } else { Err(Refused::Conflict) };
    }
    if is_taken || corrected.corrections.iter().any(|earlier| earlier.sequence > reading.sequence) {
        // One that was sent earlier and comes later says what is no longer so.
        return Err(Refused::Conflict);
    }
    if reading.gpus < 0 {
        return Err(Refused::GpusNotPositive);
    }
    if reading.end <= reading.start {
        return Err(Refused::EndNotAfterStart);
    }
    if corrected.reading.end < now - LATE_MAX {
        return Err(Refused::TooLate);
    }
    let is_within = corrected.reading.start <= reading.start && reading.end <= corrected.reading.end;
    let stretch = (reading.end - reading.start).num_seconds();
    let said = reading.gpus.checked_mul(stretch).ok_or(Refused::GpusOverAllocation)?;
    let less = corrected.counted.checked_sub(GpuTime::seconds(said)).map_err(|_| Refused::NotLower)?;
    if !is_within || reading.gpus > corrected.reading.gpus || less <= GpuTime::ZERO {
        return Err(Refused::NotLower);
    }
    Ok(Taken::New(less))
}

/// A stretch of readings: from, until, GPUs, and what counts of it.
pub type Stretch = (DateTime<Utc>, DateTime<Utc>, i64, GpuTime);

/// What of the counted use a downtime of so many GPUs spoilt: what ran meanwhile, and no more than counts.
pub fn lost(start: DateTime<Utc>, end: DateTime<Utc>, gpus: i64, ran: &[Stretch]) -> GpuTime {
    let mut spoilt: i64 = 0;
    for (from, until, of, counted) in ran {
        let meanwhile = ((*until).min(end) - (*from).max(start)).num_seconds().max(0);
        spoilt = spoilt.saturating_add(of.saturating_mul(meanwhile).min(counted.as_seconds()).max(0));
    }
    let most = gpus.saturating_mul((end - start).num_seconds().max(0));
    GpuTime::seconds(spoilt.min(most))
}

/// Whether the row covers any of these stretches of its job, from start to end, even for a second.
pub fn overlaps(reading: &Reading, stretches: &[(DateTime<Utc>, DateTime<Utc>)]) -> bool {
    stretches.iter().any(|(start, end)| reading.start < *end && *start < reading.end)
}

/// The instant that decides which month bills a reading: its end, unless that month no longer takes any.
pub fn counts_at(end: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let month_closes = Month::of(end).period().end + CLOSING_GRACE;
    if now < month_closes { end.min(now) } else { now }
}

/// Numbers missing between the first and the last one seen of a job.
pub fn gaps(mut sequences: Vec<i64>) -> i64 {
    sequences.sort_unstable();
    sequences.dedup();
    match (sequences.first(), sequences.last(), i64::try_from(sequences.len())) {
        (Some(first), Some(last), Ok(seen)) => last - first + 1 - seen,
        _ => 0,
    }
}

/// The share of the grant that is used; a grant of nothing is used up.
pub fn share(used: GpuTime, granted: GpuTime) -> BasisPoints {
    if granted <= GpuTime::ZERO {
        return BasisPoints::WHOLE;
    }
    let share = i128::from(used.as_seconds()) * 10_000 / i128::from(granted.as_seconds());
    BasisPoints::new(i32::try_from(share).unwrap_or(i32::MAX))
}

/// The steps in per cent that are reached and were not told yet.
pub fn reached(used: GpuTime, granted: GpuTime, told: &[i32], steps: &[i32]) -> Vec<i32> {
    let share = share(used, granted).get();
    let is_due = |percent: &i32| share >= percent.saturating_mul(100) && !told.contains(percent);
    steps.iter().copied().filter(is_due).collect()
}

/// Until when jobs may go on once the whole grant is used: for the grace, and never past the allocation's own end.
/// `None` while anything is left, and where its weeks are over anyway.
pub fn grace_end(
    used: GpuTime,
    granted: GpuTime,
    grace: TimeDelta,
    end_day: NaiveDate,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let end = start_of_day(end_day);
    (used >= granted && now < end).then(|| (now + grace).min(end))
}

/// One day of the burn-down: used until the end of the day, and what even use of the GPUs there are would have used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub day: NaiveDate,
    pub used: GpuTime,
    pub line: GpuTime,
}

/// From the first day to today or the last day, whichever comes first. `by_day` is what each day used.
pub fn burn_down(granted: GpuTime, slots: &Slots, by_day: &[(NaiveDate, GpuTime)], now: DateTime<Utc>) -> Vec<Point> {
    let (first_day, end_day) = (slots.first().first_week, slots.end());
    let gpu_days = |before: NaiveDate| -> i128 {
        let of = |slot: &Slot| {
            let days = (before.min(slot.end()) - slot.first_week).num_days().max(0);
            i128::from(days) * i128::from(slot.gpus)
        };
        slots.iter().map(of).sum()
    };
    let all = gpu_days(end_day).max(1);
    let last = brussels_day(now).min(end_day.pred_opt().unwrap_or(end_day));
    let mut used: i64 = by_day.iter().filter(|(day, _)| *day < first_day).map(|(_, time)| time.as_seconds()).sum();
    let mut points = Vec::new();
    for day in first_day.iter_days().take_while(|day| *day <= last) {
        used += by_day.iter().filter(|(on, _)| *on == day).map(|(_, time)| time.as_seconds()).sum::<i64>();
        let line = i128::from(granted.as_seconds()) * gpu_days(day.succ_opt().unwrap_or(day)) / all;
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        points.push(Point { day, used: GpuTime::seconds(used), line: GpuTime::seconds(line) });
    }
    points
}

/// Whole days until nothing is left at the pace of the last `PACE_DAYS` days; `None` while nothing is used.
pub fn days_left(left: GpuTime, points: &[Point]) -> Option<i64> {
    const PACE_DAYS: usize = 7;
    let last = points.last()?;
    let before = points.len().checked_sub(PACE_DAYS + 1).and_then(|at| points.get(at));
    let days = i64::try_from(points.len().min(PACE_DAYS)).ok()?;
    let used = last.used.as_seconds() - before.map_or(0, |point| point.used.as_seconds());
    (used > 0).then(|| left.as_seconds().max(0).saturating_mul(days) / used)
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
