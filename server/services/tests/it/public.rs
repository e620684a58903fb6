//! What anybody may read: figures, prices before an account, awards, health.

use domain::{
    actor::Actor,
    country::Country,
    gpu::{GpuModel, GpuTime},
    mode::Code,
    money::Money,
    organisation::SizeClass,
    problem::Problem,
};
use services::{AwardFilter, Error, Wish};
use testkit::both;

fn wish(hours: i64) -> Wish {
    Wish {
        model: GpuModel::H100,
        gpu_time: GpuTime::hours(hours).unwrap(),
        size_class: SizeClass::Small,
        country: Country::from_code("DE").unwrap(),
    }
}

both! {
    async fn an_empty_world_shows_noughts_and_works(world) {
        let desk = world.desk(Actor::VISITOR);
        let figures = desk.read_figures().await.unwrap();
        assert_eq!((figures.free, figures.awards, figures.decision_days), (GpuTime::ZERO, 0, None));
        let health = desk.read_health().await.unwrap();
        assert_eq!((health.overdue_since, health.given_up, health.mails_failed), (None, 0, 0));
        assert!(desk.read_awards(&AwardFilter::default(), None, 10).await.unwrap().is_empty());
    }

    async fn a_price_is_told_before_there_is_an_account(world) {
        let desk = world.desk(Actor::VISITOR);
        let estimate = desk.read_estimate(wish(5_000)).await.unwrap();
        assert_eq!(estimate.mode.code, Code::PG);
        let quote = estimate.quote;
        assert_eq!(quote.own.checked_add(quote.subsidy).unwrap(), quote.list);
        assert!(quote.own < quote.list && quote.list > Money::ZERO);
        assert_eq!(desk.read_estimate(wish(60_000)).await.unwrap().mode.code, Code::LS);
    }

    async fn what_no_mode_gives_is_refused_with_what_one_does(world) {
        let desk = world.desk(Actor::VISITOR);
        for (hours, problem) in [
            (999_999_999, Problem::TooLarge { max: 2_400_000 }),
            (0, Problem::TooSmall { min: 1 }),
            (7_000, Problem::InGap { most: 5_000, least: 10_001 }),
        ] {
            match desk.read_estimate(wish(hours)).await {
                Err(Error::Invalid(invalid)) => assert_eq!(invalid.of("hours").next(), Some(problem), "{hours}"),
                other => panic!("{hours}: {other:?}"),
            }
        }
        assert!(desk.read_estimate(wish(1)).await.is_ok());
    }
}
