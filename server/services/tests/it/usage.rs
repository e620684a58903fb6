//! Use: readings taken once whatever is sent twice, posted in balance, told of at thresholds, given back at the end.

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    actor::Actor,
    allocation::State,
    gpu::GpuTime,
    id::{AllocationId, SiteId},
    period::{Month, start_of_day},
    usage::{Correction, Reading, Refused, Taken},
};
use services::{Desk, Error, SentCorrection, SentReading};
use testkit::{World, both};
use uuid::Uuid;

use crate::capacity::{approved, company, monday, offer, operator, site, slot};

/// An active allocation of 8 GPUs for the two weeks from next Monday, 2,016 GPU-hours; and a day after it began.
async fn running(world: &World) -> (SiteId, AllocationId, Desk, String) {
    let here = site(world, "here", 100).await;
    let (organisation, owner, email) = company(world, 1).await;
    let id = offer(world, &approved(world, organisation, 8).await, slot(here, 1, 8)).await;
    owner.accept_offer(id, 1).await.unwrap();
    operator(world, here).confirm_allocation(id, 2).await.unwrap();
    world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(1));
    (here, id, world.desk(owner.actor), email)
}

fn at(hours: i64) -> DateTime<Utc> {
    start_of_day(monday(1)) + TimeDelta::hours(hours)
}

/// Eight GPUs from that hour on.
fn reading(allocation: AllocationId, sequence: i64, from: i64, hours: i64) -> SentReading {
    let job = "train-1".to_owned();
    SentReading { allocation, reading: Reading { job, sequence, gpus: 8, start: at(from), end: at(from + hours) } }
}

fn hours(hours: i64) -> GpuTime {
    GpuTime::hours(hours).unwrap()
}

/// How many rows are taken of these batches, each over a connection of its own.
async fn taken_at_once(world: &World, site: SiteId, batches: Vec<Vec<SentReading>>) -> usize {
    let send = |batch: Vec<SentReading>| {
        let meter = world.desk(Actor::meter(site));
        tokio::spawn(async move {
            loop {
                match meter.record_readings(batch.clone()).await {
                    Err(Error::Busy) => tokio::task::yield_now().await,
                    done => return done.unwrap().iter().filter(|v| matches!(v, Ok(Taken::New(_)))).count(),
                }
            }
        })
    };
    let tasks: Vec<_> = batches.into_iter().map(send).collect();
    let mut taken = 0;
    for task in tasks {
        taken += task.await.unwrap();
    }
    taken
}

both! {
    async fn a_batch_is_judged_row_by_row_and_sending_it_again_takes_nothing(world) {
        let (here, id, owner, _) = running(&world).await;
        let meter = world.desk(Actor::meter(here));
        let mut other = reading(id, 0, 2, 1);
        other.reading.gpus = 4;
        let batch = vec![
            reading(id, 0, 0, 1),
            reading(id, 0, 0, 1),
            other,
            reading(AllocationId::from_uuid(Uuid::new_v4()), 7, 0, 1),
            reading(id, 2, 5, 30),
            reading(id, 3, 2, 2),
        ];
        let verdicts = meter.record_readings(batch.clone()).await.unwrap();
        assert_eq!(verdicts, [
            Ok(Taken::New(hours(8))),
            Ok(Taken::Duplicate),
            Err(Refused::Conflict),
            Err(Refused::UnknownAllocation),
            Err(Refused::InTheFuture),
            Ok(Taken::New(hours(16))),
        ]);
        let again = meter.record_readings(batch).await.unwrap();
        assert_eq!(again.iter().filter(|verdict| matches!(verdict, Ok(Taken::Duplicate))).count(), 3);
        assert!(!again.iter().any(|verdict| matches!(verdict, Ok(Taken::New(_)))));
        let feed = operator(&world, here).read_feed().await.unwrap();
        assert_eq!((feed.taken, feed.refused), (2, 6));
        assert_eq!(feed.gaps, [("train-1".to_owned(), 2)]);
        assert_eq!(feed.last, Some(world.services.now()));
        let elsewhere = site(&world, "elsewhere", 1).await;
        let stranger = world.desk(Actor::meter(elsewhere));
        let verdicts = stranger.record_readings(vec![reading(id, 9, 0, 1)]).await.unwrap();
        assert_eq!(verdicts, [Err(Refused::UnknownAllocation)], "another site's allocation is unknown here");
        let view = owner.read_allocation(id).await.unwrap();
        assert_eq!(view.jobs.len(), 1);
        assert_eq!((view.jobs[0].readings, view.jobs[0].gpu_seconds), (2, hours(24).as_seconds()));
        assert_eq!(view.points[0].used, hours(24));
        assert!(matches!(owner.record_readings(vec![]).await, Err(Error::Denied(_))));
    }

    async fn a_name_that_no_text_can_be_is_refused_row_by_row(world) {
        let (site, id, _, _) = running(&world).await;
        let meter = world.desk(Actor::meter(site));
        let mut bad = reading(id, 2, 2, 1);
        bad.reading.job = "train\0".to_owned();
        let verdicts = meter.record_readings(vec![reading(id, 1, 0, 1), bad.clone()]).await.unwrap();
        assert!(matches!(verdicts[..], [Ok(Taken::New(_)), Err(Refused::JobTooLong)]), "{verdicts:?}");
        let correction = Correction { replaces: 1, reading: bad.reading };
        let sent = SentCorrection { allocation: id, correction };
        assert_eq!(meter.record_corrections(vec![sent]).await.unwrap(), [Err(Refused::JobTooLong)]);
    }

    async fn the_same_batch_over_many_connections_is_taken_once(world) {
        let (here, id, owner, _) = running(&world).await;
        let batch: Vec<_> = (0..10).map(|hour| reading(id, hour, hour, 1)).collect();
        let taken = taken_at_once(&world, here, vec![batch; 16]).await;
        assert_eq!(taken, 10);
        world.work().await;
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.used, hours(80));
    }

    async fn the_same_time_of_a_job_is_taken_once_under_whatever_numbers(world) {
        let (here, id, owner, _) = running(&world).await;
        let meter = world.desk(Actor::meter(here));
        let batch = vec![reading(id, 0, 0, 2), reading(id, 1, 1, 2), reading(id, 2, 2, 1)];
        let verdicts = meter.record_readings(batch).await.unwrap();
        assert_eq!(verdicts, [Ok(Taken::New(hours(16))), Err(Refused::Overlap), Ok(Taken::New(hours(8)))]);
        let mut other_job = reading(id, 0, 0, 1);
        other_job.reading.job = "train-2".to_owned();
        assert_eq!(meter.record_readings(vec![other_job]).await.unwrap(), [Ok(Taken::New(hours(8)))]);
        let batches = (10..26).map(|number| vec![reading(id, number, 5, 1)]).collect();
        let taken = taken_at_once(&world, here, batches).await;
        assert_eq!(taken, 1, "sixteen numbers for the same hour, over as many connections");
        world.work().await;
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.used, hours(40));
    }

    async fn use_is_posted_once_and_thresholds_are_told_once(world) {
        let (here, id, owner, email) = running(&world).await;
        let month = Month::of_day(monday(1));
        let record = async |sequence, from, long| {
            let verdicts = world.desk(Actor::meter(here)).record_readings(vec![reading(id, sequence, from, long)]).await;
            assert!(matches!(verdicts.unwrap()[0], Ok(Taken::New(_))));
        };
        record(0, 0, 20).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!((system.post_usage().await.unwrap(), system.post_usage().await.unwrap()), (1, 0));
        let view = owner.read_allocation(id).await.unwrap();
        assert_eq!((view.allocation.used, view.allocation.left), (hours(160), hours(2_016 - 160)));
        assert!(!world.mail_to(&email).await.unwrap().contains('%'));
        world.advance(TimeDelta::days(9));
        record(1, 20, 160).await;
        record(2, 180, 25).await;
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        assert!(world.mail_to(&email).await.unwrap().contains("80%"));
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        assert_eq!(world.lines("SELECT subject FROM mail WHERE kind = 'usage_warning'").await.len(), 1, "once");
        let used = async |month: Month| world.desk(Actor::SYSTEM).used(id, month.period()).await.unwrap();
        assert_eq!(used(month).await, hours(160), "posted in the first hours of December, used in November");
        assert_eq!(used(month.next()).await, hours(185 * 8));
    }

    async fn at_the_end_the_rest_goes_back_and_overuse_is_not_billed(world) {
        let (here, id, owner, email) = running(&world).await;
        world.advance(TimeDelta::days(12));
        let meter = world.desk(Actor::meter(here));
        // Two jobs at once claim all GPUs: more than was granted.
        let mut batch: Vec<_> = (0..3).map(|n| reading(id, n, n * 96, 96)).collect();
        meter.record_readings(std::mem::take(&mut batch)).await.unwrap();
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.end_allocations().await.unwrap(), 0, "its weeks are not over");
        world.advance(TimeDelta::days(2) + TimeDelta::hours(1));
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.end_allocations().await.unwrap(), 1);
        assert_eq!(system.end_allocations().await.unwrap(), 0);
        let view = world.desk(owner.actor).read_allocation(id).await.unwrap();
        assert_eq!(view.allocation.row.state, State::Ended);
        assert_eq!(view.allocation.row.ended_at, Some(start_of_day(monday(1) + Days::new(14))));
        assert_eq!(view.allocation.used, hours(2_016));
        assert_eq!(view.allocation.left, GpuTime::ZERO);
        assert_eq!(view.overrun, hours(3 * 96 * 8 - 2_016));
        assert!(world.mail_to(&email).await.is_some());
        // What comes late is recorded and costs nobody anything.
        let late = world.desk(Actor::meter(here)).record_readings(vec![reading(id, 9, 300, 10)]).await.unwrap();
        assert_eq!(late, [Ok(Taken::New(hours(80)))]);
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        let view = world.desk(owner.actor).read_allocation(id).await.unwrap();
        assert_eq!((view.allocation.used, view.overrun), (hours(2_016), hours(3 * 96 * 8 - 2_016 + 80)));
    }
}
