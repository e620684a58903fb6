//! The queue: periodic jobs run, are due again later, and leave no lease behind.

use chrono::TimeDelta;
use services::jobs::Worker;
use testkit::both;

both! {
    async fn a_periodic_job_runs_once_a_period(world) {
        let worker = Worker::new(world.services.clone(), "one".to_owned());
        let first = worker.drain().await.unwrap();
        assert!(first >= 1, "the periodic jobs ran");
        assert_eq!(worker.drain().await.unwrap(), 0, "none is due again at once");
        world.advance(TimeDelta::hours(25));
        assert_eq!(worker.drain().await.unwrap(), first, "each is due again a day later, once");
    }
}
