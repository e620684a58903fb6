//! The programme in figures: counted once a month is over, small numbers hidden.

use chrono::TimeDelta;
use domain::{
    actor::Actor,
    statistics::{By, Fate},
    suppression::Shown,
};
use testkit::both;

use crate::applications::{small_company, submitted};

both! {
    async fn a_month_is_counted_when_it_is_over(world) {
        for number in 1..=6 {
            let (company, _) = small_company(&world, number).await;
            submitted(&company).await;
        }
        let now = world.desk(Actor::VISITOR).read_statistics().await.unwrap();
        assert!(now.tables.iter().all(|table| table.rows.is_empty()), "{now:?}");
        world.advance(TimeDelta::days(10));
        let read = world.desk(Actor::VISITOR).read_statistics().await.unwrap();
        assert_eq!(read.until.to_string(), "2026-12-01");
        for table in &read.tables {
            assert_eq!((table.rows.len(), table.sum.all()), (1, Shown::Count(6)), "{table:?}");
            assert_eq!(table.sum.count(Fate::Approved), Shown::Few);
            assert!(table.sum.count(Fate::Other).count().is_none(), "six less few would tell");
        }
        let by = |by: By| read.tables.iter().find(|table| table.by == by).unwrap().rows[0].code.clone();
        assert_eq!([by(By::Quarter), by(By::Country), by(By::SizeClass), by(By::Mode)], ["2026-Q4", "FR", "small", "PG"]);
        assert_eq!(read.kept, None);
        assert!(world.desk(Actor::VISITOR).read_figures().await.unwrap().decisions_kept.is_none());
    }
}
