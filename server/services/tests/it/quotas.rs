//! Quotas: checked together where hours are bound, never passed by bookings at once, free again with what is given
//! back; and the grace of an award that is used up.

use chrono::TimeDelta;
use domain::{
    action,
    actor::{Actor, Stand},
    gpu::GpuTime,
    id::AllocationId,
    period::start_of_day,
    problem::Problem,
    quota::{Kind, TypedQuota},
    usage::{Reading, Refused, Taken},
};
use services::{Approved, Desk, Error, SentReading};
use testkit::both;

use crate::{
    actions::{h, running, wanted},
    calls::open_call,
    capacity::{approved, company, monday, offer, operator, site, slot},
    reviews::staff,
};

fn problems<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<Problem> {
    match result {
        Err(Error::Invalid(invalid)) => invalid.0.into_iter().map(|(_, problem)| problem).collect(),
        other => panic!("expected a problem, got {other:?}"),
    }
}

fn typed(kind: &str, of: &str, hours: &str, desk: &Desk) -> TypedQuota {
    TypedQuota {
        kind: kind.to_owned(),
        company: of.to_owned(),
        country: of.to_owned(),
        pot: of.to_owned(),
        hours: hours.to_owned(),
        valid_from: domain::period::brussels_day(desk.now).to_string(),
        reason: "As the board decided.".to_owned(),
        ..TypedQuota::default()
    }
}

async fn set(officer: &Desk, kind: &str, of: &str, hours: &str) {
    officer.set_quota(&typed(kind, of, hours, officer)).await.unwrap();
}

/// What is bound and free of each quota that this booking is held against.
async fn standings(desk: &Desk, id: AllocationId) -> Vec<(GpuTime, GpuTime)> {
    let read = desk.quotas_of(id).await.unwrap();
    read.iter().filter_map(|one| one.standing.as_ref()).map(|one| (one.bound, one.free())).collect()
}

both! {
    async fn a_booking_is_held_against_every_quota_at_once_and_what_is_given_back_is_free(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = site(&world, "here", 100).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let first = offer(&world, &approved(&world, organisation, 8).await, slot(here, 1, 8)).await;
        let second = offer(&world, &approved(&world, organisation, 4).await, slot(here, 1, 4)).await;
        set(&officer, "organisation", "company 1", "3 000").await;
        set(&officer, "country", "FR", "2 500").await;
        set(&officer, "country", "DE", "1").await;
        owner.accept_offer(first, 1).await.unwrap();
        assert_eq!(standings(&owner, second).await, [(h(2_016), h(984)), (h(2_016), h(484))]);
        let refused = problems(owner.accept_offer(second, 1).await);
        assert_eq!(refused, [Problem::QuotaOrganisation { free: 984 }, Problem::QuotaCountry { free: 484 }]);
        assert_eq!(owner.read_offer(second).await.unwrap().allocation.row.version, 1, "nothing moved");
        // One of them alone refuses, too.
        set(&officer, "country", "FR", "100 000").await;
        assert_eq!(problems(owner.accept_offer(second, 1).await), [Problem::QuotaOrganisation { free: 984 }]);
        operator(&world, here).refuse_allocation(first, "A fan broke.", 2).await.unwrap();
        owner.accept_offer(second, 1).await.unwrap();
        assert_eq!(standings(&owner, second).await, [(h(1_008), h(1_992)), (h(1_008), h(98_992))]);
        let (_, stranger, _) = company(&world, 2).await;
        assert!(matches!(stranger.quotas_of(second).await, Err(Error::NotFound)));
        assert!(matches!(owner.quotas().await, Err(Error::Denied(_))));
        assert!(matches!(owner.set_quota(&typed("country", "FR", "", &owner)).await, Err(Error::Denied(_))));
    }

    async fn of_64_bookings_at_once_exactly_as_many_pass_as_fit(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = site(&world, "here", 100).await;
        let mut booking = Vec::new();
        for number in 1..=8 {
            let (organisation, owner, _) = company(&world, number).await;
            for _ in 0..8 {
                let id = offer(&world, &approved(&world, organisation, 1).await, slot(here, 1, 1)).await;
                booking.push((id, owner.clone()));
            }
        }
        // Ten of 252 hours fill it to the hour; no company fills its own.
        set(&officer, "country", "FR", "2 520").await;
        let tasks: Vec<_> = booking
            .into_iter()
            .map(|(id, owner)| {
                tokio::spawn(async move {
                    loop {
                        match owner.accept_offer(id, 1).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done,
                        }
                    }
                })
            })
            .collect();
        let (mut passed, mut refused) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => passed += 1,
                Err(Error::Invalid(invalid)) => {
                    assert_eq!(invalid.0, [(String::new(), Problem::QuotaCountry { free: 0 })]);
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((passed, refused), (10, 54));
        let read = officer.quotas().await.unwrap();
        let standing = read.in_force[0].standing.clone().unwrap();
        assert_eq!((standing.bound, standing.free()), (h(2_520), GpuTime::ZERO));
    }

    async fn a_group_shares_its_quota_and_a_later_row_replaces_or_lifts_it(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = site(&world, "here", 100).await;
        let mut offers = Vec::new();
        for number in 1..=3 {
            let (organisation, owner, _) = company(&world, number).await;
            if number < 3 {
                let holder = [("name", "Top Holding SA"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "100")];
                let holder = holder.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
                let seen = owner.own_organisation().await.unwrap().organisation.version;
                owner.add_owner(&holder, None, seen).await.unwrap();
            }
            let id = offer(&world, &approved(&world, organisation, 1).await, slot(here, 1, 1)).await;
            offers.push((id, owner));
        }
        // By the registration number of one of them.
        set(&officer, "group", "000000001", "400").await;
        offers[0].1.accept_offer(offers[0].0, 1).await.unwrap();
        let refused = problems(offers[1].1.accept_offer(offers[1].0, 1).await);
        assert_eq!(refused, [Problem::QuotaGroup { free: 148 }]);
        assert!(standings(&offers[2].1, offers[2].0).await.is_empty(), "another undertaking");
        offers[2].1.accept_offer(offers[2].0, 1).await.unwrap();
        set(&officer, "group", "000000001", "").await;
        offers[1].1.accept_offer(offers[1].0, 1).await.unwrap();
        let read = officer.quotas().await.unwrap();
        assert!(read.in_force.is_empty(), "lifted");
        let history: Vec<_> = read.others.iter().map(|one| (one.row.gpu_seconds, one.name.of.as_str())).collect();
        assert_eq!(history, [(None, "Company 1"), (Some(h(400)), "Company 1")]);
        let past = TypedQuota { valid_from: "2020-01-01".to_owned(), ..typed("country", "FR", "5", &officer) };
        assert_eq!(problems(officer.set_quota(&past).await), [Problem::BeforeToday]);
        let nobody = officer.set_quota(&typed("organisation", "Company 99", "5", &officer)).await;
        assert_eq!(problems(nobody), [Problem::NoSuchCompany]);
    }

    async fn each_step_is_told_once_to_the_company_and_of_the_programmes_quotas_to_officers(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = site(&world, "here", 100).await;
        let (organisation, owner, email) = company(&world, 1).await;
        let mut offers = Vec::new();
        for gpus in [7, 1, 2] {
            offers.push(offer(&world, &approved(&world, organisation, gpus).await, slot(here, 1, gpus)).await);
        }
        set(&officer, "country", "FR", "2 520").await;
        let told = async |address: &str| {
            let sql = format!("SELECT subject FROM mail WHERE kind = 'quota_warning' AND address = '{address}' ORDER BY id");
            world.lines(&sql).await
        };
        owner.accept_offer(offers[0], 1).await.unwrap();
        assert_eq!(told(&email).await.len(), 0, "seventy per cent");
        owner.accept_offer(offers[1], 1).await.unwrap();
        assert_eq!(told(&email).await, ["Country: France: 80% of the quota are bound"]);
        assert_eq!(told("officer@x.example").await.len(), 1);
        owner.accept_offer(offers[2], 1).await.unwrap();
        assert_eq!(told(&email).await[1], "Country: France: 95% of the quota are bound");
        // Down and up again: they know.
        operator(&world, here).refuse_allocation(offers[2], "A fan broke.", 2).await.unwrap();
        let again = offer(&world, &approved(&world, organisation, 2).await, slot(here, 1, 2)).await;
        owner.accept_offer(again, 1).await.unwrap();
        assert_eq!((told(&email).await.len(), told("officer@x.example").await.len()), (2, 2));
    }

    async fn hours_added_to_a_booking_are_held_against_quotas_and_those_handed_back_are_free(world) {
        let (_, id, owner, _) = running(&world, 100).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        set(&officer, "organisation", "Company 1", "3 000").await;
        let seen = owner.read_allocation(id).await.unwrap().allocation.row.version;
        owner.ask_action(id, action::Kind::Supplement, &wanted("1008"), seen).await.unwrap();
        let (waiting, _) = officer.list_actions().await.unwrap();
        let decision = action::TypedDecision {
            outcome: "approved".to_owned(),
            amount: "1008".to_owned(),
            reason: "The growth of the data is shown.".to_owned(),
        };
        let row = &waiting[0].row;
        let refused = officer.decide_action(row.id, &decision, row.version).await;
        assert_eq!(problems(refused), [Problem::QuotaOrganisation { free: 984 }]);
        let smaller = action::TypedDecision { amount: "984".to_owned(), ..decision };
        officer.decide_action(row.id, &smaller, row.version).await.unwrap();
        assert_eq!(standings(&owner, id).await, [(h(3_000), GpuTime::ZERO)]);
        let seen = owner.read_allocation(id).await.unwrap().allocation.row.version;
        owner.ask_action(id, action::Kind::HandBack, &wanted("500"), seen).await.unwrap();
        assert_eq!(standings(&owner, id).await, [(h(2_500), h(500))]);
    }

    async fn a_pot_counts_what_it_pays_for_and_after_the_end_only_what_was_used(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = site(&world, "here", 100).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let mut award = approved(&world, organisation, 8).await;
        let unpaid = offer(&world, &award, slot(here, 1, 8)).await;
        award = approved(&world, organisation, 8).await;
        award.terms = r#"{"model":"H100","list_rate":2500000,"subsidy_share":6000,"pot":"union","regime":"union_resources"}"#.to_owned();
        let paid = offer(&world, &award, slot(here, 1, 8)).await;
        set(&officer, "pot", "union", "2 500").await;
        for id in [unpaid, paid] {
            owner.accept_offer(id, 1).await.unwrap();
            operator(&world, here).confirm_allocation(id, 2).await.unwrap();
        }
        assert!(standings(&owner, unpaid).await.is_empty());
        assert_eq!(standings(&owner, paid).await, [(h(2_016), h(484))]);
        let start = start_of_day(monday(1));
        world.advance(start - world.services.now() + TimeDelta::days(2));
        let reading = Reading { job: "train".to_owned(), sequence: 0, gpus: 8, start, end: start + TimeDelta::hours(10) };
        let sent = vec![SentReading { allocation: paid, reading }];
        assert!(world.desk(Actor::meter(here)).record_readings(sent).await.unwrap()[0].is_ok());
        world.advance(TimeDelta::days(14));
        assert_eq!(world.desk(Actor::SYSTEM).end_allocations().await.unwrap(), 2);
        assert_eq!(standings(&world.desk(owner.actor), paid).await, [(h(80), h(2_420))]);
    }

    async fn a_pot_has_a_quota_at_a_site_and_keeps_a_part_of_it_for_one_call(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (here, there) = (site(&world, "here", 100).await, site(&world, "there", 100).await);
        let call = open_call(&officer, "AIF-LS-2026-09", &[]).await;
        let terms = r#"{"model":"H100","list_rate":2500000,"subsidy_share":6000,"pot":"union","regime":"union_resources"}"#;
        let (organisation, owner, _) = company(&world, 1).await;
        let booked = async |site, gpus: i64| {
            let award = Approved { terms: terms.to_owned(), ..approved(&world, organisation, gpus).await };
            offer(&world, &award, slot(site, 1, gpus)).await
        };
        let of_pot = |kind: &str, hours: &str, site: &str, call: &str| TypedQuota {
            site: site.to_owned(),
            call: call.to_owned(),
            ..typed(kind, "union", hours, &officer)
        };
        let (at, under) = (here.to_string(), call.to_string());
        let early = officer.set_quota(&of_pot("reserve", "500", &at, &under)).await;
        assert_eq!(problems(early), [Problem::NoQuotaThere]);
        officer.set_quota(&of_pot("pot", "1 000", &at, "")).await.unwrap();
        let over = officer.set_quota(&of_pot("reserve", "1 001", &at, &under)).await;
        assert_eq!(problems(over), [Problem::QuotaShared { free: 1_000 }]);
        let nowhere = officer.set_quota(&of_pot("pot", "5", &organisation.to_string(), "")).await;
        assert_eq!(problems(nowhere), [Problem::NotAChoice]);
        officer.set_quota(&of_pot("reserve", "500", &at, &under)).await.unwrap();
        let below = officer.set_quota(&of_pot("pot", "499", &at, "")).await;
        assert_eq!(problems(below), [Problem::QuotaKept { least: 500 }]);
        let first = booked(here, 2).await;
        assert_eq!(standings(&owner, first).await, [(GpuTime::ZERO, h(500))], "half is kept");
        let second = booked(here, 1).await;
        let elsewhere = booked(there, 4).await;
        assert!(standings(&owner, elsewhere).await.is_empty(), "a quota of one site");
        owner.accept_offer(elsewhere, 1).await.unwrap();
        assert_eq!(problems(owner.accept_offer(first, 1).await), [Problem::QuotaPot { free: 500 }]);
        // A booking under the call takes what is kept for it.
        let application = owner.start_application_under("AIF-LS-2026-09").await.unwrap();
        let award = Approved { terms: terms.to_owned(), application, ..approved(&world, organisation, 2).await };
        let under_it = offer(&world, &award, slot(here, 1, 2)).await;
        assert_eq!(standings(&owner, under_it).await, [(GpuTime::ZERO, h(1_000))]);
        owner.accept_offer(under_it, 1).await.unwrap();
        assert_eq!(standings(&owner, second).await, [(h(504), h(496))], "its call took what was kept");
        owner.accept_offer(second, 1).await.unwrap();
        let read = officer.quotas().await.unwrap();
        let names: Vec<_> = read.in_force.iter().map(|one| (one.name.kind, one.name.site.as_deref(), one.standing.as_ref().unwrap().bound)).collect();
        assert_eq!(names, [(Kind::Pot, Some("Gigafactory here"), h(756)), (Kind::Reserve, Some("Gigafactory here"), h(504))]);
        assert_eq!(read.in_force[1].name.call.as_deref(), Some("AIF-LS-2026-09"));
        for kind in ["pot", "reserve"] {
            officer.set_quota(&of_pot(kind, "", &at, if kind == "pot" { "" } else { &under })).await.unwrap();
        }
        assert!(officer.quotas().await.unwrap().in_force.is_empty(), "both are lifted");
    }

    async fn an_award_that_is_used_up_has_a_grace_before_use_is_refused(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, owner, email) = company(&world, 1).await;
        let mut award = approved(&world, organisation, 8).await;
        award.need.gpu_time = h(800);
        let id = offer(&world, &award, slot(here, 1, 8)).await;
        owner.accept_offer(id, 1).await.unwrap();
        operator(&world, here).confirm_allocation(id, 2).await.unwrap();
        let start = start_of_day(monday(1));
        let send = async |sequence: i64, from: i64, long: i64| {
            let (from, end) = (start + TimeDelta::hours(from), start + TimeDelta::hours(from + long));
            let reading = Reading { job: "train".to_owned(), sequence, gpus: 8, start: from, end };
            let sent = vec![SentReading { allocation: id, reading }];
            let verdict = world.desk(Actor::meter(here)).record_readings(sent).await.unwrap().remove(0);
            world.desk(Actor::SYSTEM).post_usage().await.unwrap();
            verdict
        };
        world.advance(start - world.services.now() + TimeDelta::hours(100));
        assert_eq!(send(0, 0, 80).await, Ok(Taken::New(h(640))));
        assert!(world.mail_to(&email).await.unwrap().contains("80%"));
        let view = world.desk(owner.actor).read_allocation(id).await.unwrap();
        assert_eq!(view.grace_ends, None, "something is left");
        assert_eq!(send(1, 80, 20).await, Ok(Taken::New(h(160))));
        let ends = world.services.now() + TimeDelta::hours(24);
        let view = world.desk(owner.actor).read_allocation(id).await.unwrap();
        assert_eq!((view.allocation.left, view.grace_ends), (GpuTime::ZERO, Some(ends)));
        assert!(world.mail_to(&email).await.unwrap().contains("Jobs may go on until"));
        world.advance(TimeDelta::hours(30));
        assert_eq!(send(2, 100, 24).await, Ok(Taken::New(h(192))), "nothing is killed at once");
        assert_eq!(send(3, 124, 1).await, Err(Refused::GraceOver));
        let view = world.desk(owner.actor).read_allocation(id).await.unwrap();
        assert_eq!((view.allocation.used, view.overrun, view.grace_ends), (h(800), h(192), Some(ends)));
        let told = world.lines("SELECT subject FROM mail WHERE kind = 'grace_begun'").await;
        assert_eq!(told.len(), 1, "once");
    }
}
