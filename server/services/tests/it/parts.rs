//! Parts and wishes: a company that can use less than all is offered what has room, and one that would rather run
//! somewhere is asked there first.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    allocation,
    capacity::Slot,
    gpu::GpuTime,
    id::ApplicationId,
    money::BasisPoints,
    pricing::Quote,
    problem::Problem,
};
use matching::Cause;
use services::{Desk, Matched, RunOutcome, RunRead};
use testkit::{World, both};

use crate::{
    applications::{small_company, submitted},
    capacity::site,
    reviews::{decide, review, staff, typed},
    runs::{competing, reason_of, rules},
};

/// As if the companies had chosen this when they applied.
async fn choose(world: &World, answers: &str) {
    let query = format!(
        "UPDATE application SET draft = replace(draft, '\"gpus\":', '{answers},\"gpus\":') \
         WHERE state = 'approved' RETURNING draft"
    );
    for draft in world.lines(&query).await {
        assert!(draft.contains(answers), "{draft}");
    }
}

async fn solved(world: &World, officer: &Desk) -> RunRead {
    let id = officer.start_run(&rules()).await.unwrap();
    world.work().await;
    officer.read_run(id).await.unwrap()
}

async fn publish(world: &World, read: &RunRead) {
    let second = staff(world, "second@x.example", Stand::Officer).await;
    second.publish_run(read.row.id, read.row.version).await.unwrap();
    world.work().await;
    world.work().await;
}

fn slot_of(read: &RunRead, application: ApplicationId) -> Option<Slot> {
    match &read.lines.iter().find(|line| line.application == application)?.outcome {
        RunOutcome::Offer(slots) => Some(slots.first()),
        _ => None,
    }
}

both! {
    async fn whoever_can_use_a_part_is_offered_what_is_left_and_pays_for_that_only(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (_, companies) = competing(&world, &officer).await;
        // Their month has 8,064 hours of twelve GPUs, and each wants 5,000.
        site(&world, "here", 12).await;
        let read = solved(&world, &officer).await;
        let without = read.lines.iter().filter(|line| !matches!(line.outcome, RunOutcome::Offer(_))).count();
        assert_eq!(without, 1, "all or nothing");
        choose(&world, "\"least\":\"25\"").await;
        let read = solved(&world, &officer).await;
        let parts: Vec<_> = read.lines.iter().filter(|line| line.partly.is_some()).collect();
        assert!(!parts.is_empty(), "{:?}", read.lines);
        for line in &parts {
            assert!((1_250..5_000).contains(&line.awarded_hours()), "{line:?}");
            assert_eq!(line.partly.as_ref().unwrap().cause, Cause::Capacity, "{line:?}");
        }
        publish(&world, &read).await;
        let mut seen = 0;
        for company in &companies {
            for offered in company.read_allocations(&[allocation::State::Offered]).await.unwrap() {
                let line = read.lines.iter().find(|line| line.application == offered.row.application_id).unwrap();
                assert_eq!(offered.row.gpu_seconds, GpuTime::hours(line.awarded_hours()).unwrap());
                let quote: Quote = serde_json::from_str(&offered.row.terms).unwrap();
                assert_eq!(quote.gpu_time, offered.row.gpu_seconds);
                assert_eq!(quote.list, quote.list_rate.times(offered.row.gpu_seconds).unwrap());
                let offer = company.read_offer(offered.row.id).await.unwrap();
                assert_eq!(offer.asked.gpu_time, GpuTime::hours(5_000).unwrap());
                assert_eq!(offer.is_part(), line.partly.is_some());
                if offer.is_part() {
                    let said = reason_of(company, offered.row.application_id).await.explanation;
                    assert_eq!((said.hours, said.cause), (line.awarded_hours(), Cause::Capacity));
                    company.accept_offer(offered.row.id, offered.row.version).await.unwrap();
                    let booked = company.read_allocation(offered.row.id).await.unwrap().allocation;
                    assert_eq!((booked.left, booked.used), (offered.row.gpu_seconds, GpuTime::ZERO));
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, parts.len());
    }

    async fn work_that_may_pause_is_offered_around_what_is_taken_and_gives_back_every_week(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (_, companies) = competing(&world, &officer).await;
        site(&world, "here", 16).await;
        // Every other week is taken: no two weeks together are free, and no week has 5,000 hours.
        let weeks = world.lines("SELECT CAST(week AS TEXT) FROM capacity GROUP BY week ORDER BY week").await;
        for week in weeks.iter().skip(1).step_by(2) {
            let query = format!("UPDATE capacity SET booked = gpus - maintenance WHERE week = '{week}' RETURNING model");
            assert!(!world.lines(&query).await.is_empty());
        }
        let taken = "SELECT CAST(SUM(booked) AS TEXT) FROM capacity UNION ALL SELECT CAST(SUM(held) AS TEXT) FROM capacity";
        let before = world.lines(taken).await;
        assert_eq!(solved(&world, &officer).await.row.awarded, 0, "in one piece");
        choose(&world, "\"pauses\":\"on\"").await;
        let read = solved(&world, &officer).await;
        assert_eq!(read.row.awarded, 1, "{:?}", read.lines);
        publish(&world, &read).await;
        let mut seen = 0;
        for company in &companies {
            for offered in company.read_allocations(&[allocation::State::Offered]).await.unwrap() {
                let slots = offered.row.slots();
                let apart = slots.iter().zip(slots.further()).all(|(one, next)| one.end() < next.first_week);
                assert!(!slots.is_one() && apart, "{slots:?}");
                assert_eq!(offered.row.gpu_seconds, GpuTime::hours(5_000).unwrap());
                assert!(slots.gpu_time().unwrap() >= offered.row.gpu_seconds);
                let gpu_weeks: i64 = slots.iter().map(|slot| slot.gpus * i64::from(slot.weeks)).sum();
                let sums = |booked: i64, held: i64| {
                    [before[0].parse::<i64>().unwrap() + booked, held].map(|sum| sum.to_string()).to_vec()
                };
                assert_eq!(world.lines(taken).await, sums(0, gpu_weeks));
                company.accept_offer(offered.row.id, offered.row.version).await.unwrap();
                assert_eq!(world.lines(taken).await, sums(gpu_weeks, 0));
                let site = Stand::Operator { site: offered.row.site_id };
                let operator = staff(&world, "operator@x.example", site).await;
                operator.refuse_allocation(offered.row.id, "The machine is late.", offered.row.version + 1).await.unwrap();
                assert_eq!(world.lines(taken).await, sums(0, 0), "every week is free again");
                seen += 1;
            }
        }
        assert_eq!(seen, 1);
    }

    async fn a_part_granted_keeps_the_least_that_was_asked_for(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        decide(&officer, id, &typed("approved", "4000")).await.unwrap();
        choose(&world, "\"least\":\"50\"").await;
        let board = officer.read_matching().await.unwrap();
        let need = &board.waiting[0].approved.need;
        assert_eq!((need.gpu_time, need.least), (GpuTime::hours(4_000).unwrap(), BasisPoints::new(6_250)));
        assert_eq!(need.least_hours(), 2_500);
    }

    async fn first_come_first_served_gives_a_part_too(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        site(&world, "small", 4).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.run_matching().await.unwrap(), Matched { offered: 0, waiting: 1 });
        choose(&world, "\"least\":\"25\"").await;
        assert_eq!(system.run_matching().await.unwrap(), Matched { offered: 1, waiting: 0 });
        let offers = company.read_allocations(&[allocation::State::Offered]).await.unwrap();
        assert_eq!(offers[0].row.gpu_seconds, GpuTime::hours(2_500).unwrap());
        let offer = company.read_offer(offers[0].row.id).await.unwrap();
        assert!(offer.is_part() && offer.others.iter().all(|other| other.slot != offers[0].row.slot()));
    }

    async fn a_preferred_site_is_taken_where_it_costs_nobody_anything(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (ids, _) = competing(&world, &officer).await;
        let (alpha, omega) = (site(&world, "alpha", 64).await, site(&world, "omega", 64).await);
        for (slug, wanted) in [("alpha", alpha), ("omega", omega)] {
            world.lines("UPDATE application SET draft = replace(draft, '\"prefer_1\":\"alpha\",', '') RETURNING draft").await;
            choose(&world, &format!("\"prefer_1\":\"{slug}\"")).await;
            let read = solved(&world, &officer).await;
            for id in &ids {
                assert_eq!(slot_of(&read, *id).map(|slot| slot.site), Some(wanted), "{slug}");
            }
        }
    }

    async fn what_was_declined_is_not_offered_again_by_a_run(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        site(&world, "there", 64).await;
        let read = solved(&world, &officer).await;
        publish(&world, &read).await;
        let slot = slot_of(&read, ids[0]).unwrap();
        let offers = companies[0].read_allocations(&[allocation::State::Offered]).await.unwrap();
        companies[0].decline_offer(offers[0].row.id, offers[0].row.version).await.unwrap();
        world.advance(TimeDelta::minutes(10));
        let again = solved(&world, &world.desk(officer.actor)).await;
        let place = |slot: Slot| (slot.site, slot.model, slot.first_week);
        assert_ne!(place(slot_of(&again, ids[0]).expect("another offer")), place(slot));
    }

    async fn a_site_that_there_is_not_is_refused_at_its_field(world) {
        let (company, _) = small_company(&world, 1).await;
        let id = crate::applications::filled(&company, &[("prefer_2", "nowhere")]).await;
        let read = company.read_application(id).await.unwrap();
        assert_eq!(read.issues, [("prefer_2".to_owned(), Problem::NotAChoice)]);
        let refused = company.submit_application(id, read.application.version).await;
        assert!(matches!(refused, Err(services::Error::Invalid(invalid)) if invalid.of("prefer_2").next().is_some()));
    }
}
