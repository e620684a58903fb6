//! The loop that claims and runs jobs. Runs inside `serve` and alone as `work`; several may run at once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{actor::Actor, policy::Action};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use tokio::sync::watch;
use tracing::{Instrument, info_span, warn};

use super::{Job, Verdict};
use crate::{
    Services,
    error::Result,
    store::{entity::job, job as queue},
};

/// How long a claimed job is ours; longer than any job takes.
const LEASE: TimeDelta = TimeDelta::minutes(5);
const ROUNDS_BETWEEN_SCHEDULES: u32 = 120;
const IDLE: Duration = Duration::from_millis(500);

pub struct Worker {
    services: Services,
    name: String,
}

impl Worker {
    /// `name` tells workers apart: whose lease it is.
    pub const fn new(services: Services, name: String) -> Self {
        Self { services, name }
    }

    /// Works until told to stop; then returns its leases.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut rounds = 0_u32;
        while !*stop.borrow() {
            if rounds.is_multiple_of(ROUNDS_BETWEEN_SCHEDULES)
                && let Err(error) = self.schedule().await
            {
                warn!(%error, "periodic jobs could not be queued");
            }
            rounds = rounds.wrapping_add(1);
            let worked = match self.step().await {
                Ok(worked) => worked,
                Err(error) => {
                    warn!(%error, "the job queue could not be read");
                    false
                }
            };
            if !worked {
                tokio::select! {
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(IDLE) => {}
                }
            }
        }
        if let Err(error) = self.release().await {
            warn!(%error, "leases could not be returned; they run out by themselves");
        }
    }

    /// Runs everything that is due now, periodic jobs included: for tests and the command line.
    pub async fn drain(&self) -> Result<usize> {
        self.schedule().await?;
        let mut ran = 0;
        while self.step().await? {
            ran += 1;
        }
        Ok(ran)
    }

    async fn step(&self) -> Result<bool> {
        if !self.is_due().await? {
            return Ok(false);
        }
        let began_at = self.services.now();
        let Some(row) = self.claim().await? else { return Ok(false) };
        let span = info_span!("job", id = %row.id, kind = %row.kind, attempt = row.attempts);
        let verdict = async {
            match serde_json::from_str::<Job>(&row.payload) {
                Ok(job) => match job.run(&self.services, row.attempts).await {
                    Ok(verdict) => verdict,
                    Err(error) => Job::after_error(row.attempts, &error),
                },
                Err(error) => Verdict::Park(format!("unreadable payload: {error}")),
            }
        }
        .instrument(span.clone())
        .await;
        self.settle(row, began_at, verdict).instrument(span).await?;
        Ok(true)
    }

    /// Sees to it that each periodic job is queued once.
    async fn schedule(&self) -> Result<()> {
        let mut tx = self.services.desk(Actor::SYSTEM).begin(Action::RunJobs).await?;
        let mut added = false;
        for (job, _) in &Job::PERIODIC {
            let key = format!("periodic:{}", job.kind());
            // A parked one is an administrator's to take up.
            if queue::is_parked(&tx, &key).await?.is_none() {
                let now = tx.now();
                tx.enqueue(job, now, Some(&key)).await?;
                added = true;
            }
        }
        if added { tx.commit().await } else { Ok(()) }
    }

    async fn is_due(&self) -> Result<bool> {
        let tx = self.services.desk(Actor::SYSTEM).begin(Action::ReadJobs).await?;
        queue::is_due(&tx).await
    }

    async fn claim(&self) -> Result<Option<job::Model>> {
        let mut tx = self.services.desk(Actor::SYSTEM).begin(Action::RunJobs).await?;
        let row = queue::claim(&mut tx, &self.name, LEASE).await?;
        if row.is_some() {
            tx.commit_unaudited().await?;
        }
        Ok(row)
    }

    async fn release(&self) -> Result<()> {
        let mut tx = self.services.desk(Actor::SYSTEM).begin(Action::RunJobs).await?;
        queue::release(&mut tx, &self.name).await?;
        tx.commit_unaudited().await
    }

    async fn settle(&self, row: job::Model, began_at: DateTime<Utc>, verdict: Verdict) -> Result<()> {
        let mut tx = self.services.desk(Actor::SYSTEM).begin(Action::RunJobs).await?;
        let now = tx.now();
        let periodic = Job::PERIODIC.iter().find(|(job, _)| job.kind() == row.kind).map(|(_, every)| *every);
        let again = again(&verdict, row.attempts, periodic, (began_at, now));
        let mut next = row.into_active_model();
        next.leased_until = Set(None);
        next.leased_by = Set(None);
        match (verdict, again) {
            (Verdict::Done, None) => {
                tx.delete(next).await?;
                return tx.commit_unaudited().await;
            }
            (Verdict::Done, Some(at)) => {
                next.attempts = Set(0);
                next.last_error = Set(None);
                next.run_at = Set(at);
            }
            (Verdict::Retry(reason) | Verdict::Park(reason), Some(at)) => {
                warn!(reason, "job will be tried again");
                next.last_error = Set(Some(reason));
                next.run_at = Set(at);
            }
            (Verdict::Retry(reason) | Verdict::Park(reason), None) => {
                warn!(reason, "job is parked");
                next.last_error = Set(Some(reason));
                next.parked_at = Set(Some(now));
            }
        }
        tx.update(next).await?;
        tx.commit_unaudited().await
    }
}

/// When a job is to run again after this; `None` for never by itself. `every` is the period of one that runs on a timer.
fn again(
    verdict: &Verdict,
    attempts: i32,
    every: Option<Duration>,
    (began_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Option<DateTime<Utc>> {
    let every = every.map(|every| TimeDelta::from_std(every).unwrap_or(LEASE));
    let pause = Job::back_off(attempts);
    match (verdict, every) {
        // What became due while it ran waits no longer than a period.
        (Verdict::Done, every) => every.map(|every| began_at + every),
        // What is done for everybody again and again is not given up for the trouble of one, nor do others wait longer.
        (Verdict::Retry(_) | Verdict::Park(_), Some(every)) => Some(now + pause.min(every)),
        (Verdict::Retry(_), None) => Some(now + pause),
        (Verdict::Park(_), None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_secs(600);

    fn after(verdict: &Verdict, attempts: i32, every: Option<Duration>) -> Option<i64> {
        let began_at = DateTime::UNIX_EPOCH;
        // The demo world's clock jumped while the job ran.
        let now = began_at + TimeDelta::days(30);
        again(verdict, attempts, every, (began_at, now)).map(|at| (at - now).num_seconds())
    }

    #[test]
    fn a_periodic_job_is_due_a_period_after_it_began_however_long_it_ran() {
        let late = TimeDelta::days(30).num_seconds();
        assert_eq!(after(&Verdict::Done, 1, Some(EVERY)), Some(600 - late));
        assert_eq!(after(&Verdict::Done, 1, None), None, "what runs once is done");
    }

    #[test]
    fn a_periodic_job_that_fails_waits_no_longer_than_its_period_and_is_never_parked() {
        let retry = Verdict::Retry("busy".to_owned());
        assert_eq!([1, 2, 8].map(|tries| after(&retry, tries, Some(EVERY))), [Some(30), Some(60), Some(600)]);
        assert_eq!([1, 2, 8].map(|tries| after(&retry, tries, None)), [Some(30), Some(60), Some(3_840)]);
        let park = Verdict::Park("broken".to_owned());
        assert_eq!((after(&park, 8, Some(EVERY)), after(&park, 8, None)), (Some(600), None));
    }
}
