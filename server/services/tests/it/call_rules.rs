//! The rules of calls: whom each lets in beside the others, what it offers and nothing else, and every test kept from
//! the first word to the invoice.

use chrono::{Months, TimeDelta};
use domain::{
    actor::{Actor, Stand},
    allocation::State,
    call::{Section, check::Occasion},
    id::{ApplicationId, CallId},
    mode::Code,
    period::start_of_day,
    problem::{Invalid, Problem},
    usage::Reading,
};
use services::{Desk, Error, Matched, SentReading};
use testkit::{World, both};

use crate::{
    applications::{small_company, submitted},
    calls::{draft, officer, open_call, publish, refused, save, submit, typed, written},
    capacity::{monday, operator, site},
    reports::{granted, used_and_ended},
    reviews::{decide, review, staff},
};

const ALL_CLASSES: [(&str, &str); 4] =
    [("programme-union", "on"), ("class-micro", "on"), ("class-small", "on"), ("class-medium", "on")];

/// A published call with these rules of admission.
async fn admitting(officer: &Desk, code: &str, rules: &[(&str, &str)]) -> CallId {
    let id = draft(officer, code).await;
    let caps = [("per_organisation", "1"), ("per_group", "1")];
    let sent = [&ALL_CLASSES[..], &caps, rules].concat();
    save(officer, id, Section::Eligibility, &sent).await;
    publish(officer, id, "").await;
    id
}

async fn owned(desk: &Desk, name: &str, share: &str) {
    let seen = desk.own_organisation().await.unwrap().organisation.version;
    let owner = [
        ("name", name),
        ("direction", "upstream"),
        ("kind", "enterprise"),
        ("share", share),
        ("staff", "3"),
        ("turnover", "100000"),
        ("balance", "100000"),
    ];
    desk.add_owner(&typed(&owner), None, seen).await.unwrap();
}

fn kept_out<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Invalid {
    match outcome {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

/// An application under the call, approved for 3,000 hours.
async fn approved(world: &World, company: &Desk, officer: &Desk, code: &str) -> ApplicationId {
    let id = written(company, code).await;
    submit(company, id).await.unwrap();
    review(&staff(world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
    decide(officer, id, &crate::reviews::typed("approved", "3000")).await.unwrap();
    id
}

both! {
    async fn calls_run_beside_each_other_and_beside_their_mode(world) {
        let officer = officer(&world).await;
        for code in ["PG-ONE", "PG-TWO"] {
            admitting(&officer, code, &[]).await;
        }
        let (company, _) = small_company(&world, 1).await;
        submitted(&company).await;
        for code in ["PG-ONE", "PG-TWO"] {
            let id = written(&company, code).await;
            submit(&company, id).await.unwrap();
            let again = kept_out(company.start_application_under(code).await);
            assert_eq!(again, Invalid::one("", Problem::CallTaken), "each counts its own");
        }
        let open = company.list_calls().await.unwrap();
        assert!(open.len() == 2 && open.iter().all(|call| call.standing.is_open() && call.taken.places == 1));
        // And the mode counts what is under no call.
        let modes = company.read_mode(Code::PG).await.unwrap();
        assert!(modes.checks.iter().any(|check| check.seen == domain::mode::Seen::Count(1)), "{:?}", modes.checks);
    }

    async fn a_call_that_excludes_another_does_so_both_ways(world) {
        let officer = officer(&world).await;
        admitting(&officer, "PG-ONE", &[]).await;
        admitting(&officer, "PG-TWO", &[("exclusive", "pg-one")]).await;
        for (number, first, second) in [(1, "PG-ONE", "PG-TWO"), (2, "PG-TWO", "PG-ONE")] {
            let (company, _) = small_company(&world, number).await;
            let begun = written(&company, second).await;
            let id = written(&company, first).await;
            submit(&company, id).await.unwrap();
            let late = kept_out(company.start_application_under(second).await);
            assert_eq!(late, Invalid::one("", Problem::ExclusiveCall), "{first}, then {second}");
            assert_eq!(refused(submit(&company, begun).await), [(String::new(), Problem::ExclusiveCall)]);
            let version = company.read_application(id).await.unwrap().application.version;
            company.withdraw_application(id, "Our own cluster is free.", version).await.unwrap();
            submit(&company, begun).await.unwrap();
        }
    }

    async fn a_group_is_counted_through_any_number_of_companies_and_partners_are_none(world) {
        let officer = officer(&world).await;
        admitting(&officer, "PG-ONE", &[]).await;
        let (top, _) = small_company(&world, 1).await;
        let (middle, _) = small_company(&world, 2).await;
        let (bottom, _) = small_company(&world, 3).await;
        let (partner, _) = small_company(&world, 4).await;
        owned(&middle, "COMPANY 1", "80").await;
        owned(&bottom, "Company 2", "51").await;
        owned(&partner, "Company 1", "30").await;
        let id = written(&top, "PG-ONE").await;
        submit(&top, id).await.unwrap();
        let out = kept_out(bottom.start_application_under("PG-ONE").await);
        assert_eq!(out, Invalid::one("", Problem::GroupTaken));
        let id = written(&partner, "PG-ONE").await;
        submit(&partner, id).await.unwrap();
    }

    async fn two_of_a_group_that_hand_in_at_once_are_one(world) {
        let officer = officer(&world).await;
        admitting(&officer, "PG-ONE", &[]).await;
        let (mother, _) = small_company(&world, 1).await;
        let (daughter, _) = small_company(&world, 2).await;
        owned(&daughter, "Company 1", "100").await;
        let (one, other) = (written(&mother, "PG-ONE").await, written(&daughter, "PG-ONE").await);
        let (a, b) = tokio::join!(
            tokio::spawn(async move { submit(&mother, one).await }),
            tokio::spawn(async move { submit(&daughter, other).await }),
        );
        let mut outcomes = [a.unwrap(), b.unwrap()].map(|outcome| outcome.err().map(|error| refused(Err(error)).remove(0).1));
        outcomes.sort_by_key(Option::is_some);
        assert_eq!(outcomes, [None, Some(Problem::GroupTaken)]);
    }

    async fn an_overdue_report_keeps_out_where_the_call_says_so(world) {
        let (id, owner, _) = granted(&world, 8, 2_016).await;
        used_and_ended(&world, id).await;
        let due = monday(3).checked_add_months(Months::new(3)).unwrap();
        world.advance(start_of_day(due) - world.services.now() + TimeDelta::days(1));
        let officer = world.desk(officer(&world).await.actor);
        admitting(&officer, "STRICT", &[("needs_reports", "on")]).await;
        admitting(&officer, "LENIENT", &[]).await;
        let owner = world.desk(owner.actor);
        let out = kept_out(owner.start_application_under("STRICT").await);
        assert_eq!(out, Invalid::one("report", Problem::ReportOverdue));
        let read = owner.read_call("STRICT").await.unwrap();
        assert!(read.checks.iter().any(|check| check.rule.fault().1 == Problem::ReportOverdue
            && check.outcome == domain::mode::Outcome::Fail));
        owner.start_application_under("LENIENT").await.unwrap();
    }

    async fn what_a_call_does_not_offer_is_neither_asked_for_nor_booked(world) {
        let officer = officer(&world).await;
        let (alpha, beta) = (site(&world, "alpha", 100).await, site(&world, "beta", 100).await);
        let id = draft(&officer, "PG-BETA").await;
        save(&officer, id, Section::Size, &[("site-beta", "on"), ("model-H100", "on"), ("model-H200", "on")]).await;
        publish(&officer, id, "").await;
        let (company, _) = small_company(&world, 1).await;
        let id = written(&company, "PG-BETA").await;
        let compute = |pairs: &[(&str, &str)]| typed(&[pairs, &[("flexible", "on")]].concat());
        let wish = compute(&[("prefer_1", "alpha"), ("fallback_1", "B200"), ("model", "A100")]);
        company.save_draft(id, domain::application::Step::Compute, &wish).await.unwrap();
        let mut faults = refused(submit(&company, id).await);
        faults.retain(|(_, problem)| *problem == Problem::NotOffered);
        faults.sort_by(|one, other| one.0.cmp(&other.0));
        let fields: Vec<&str> = faults.iter().map(|fault| fault.0.as_str()).collect();
        assert_eq!(fields, ["fallback_1", "model", "prefer_1"]);
        let right = compute(&[("prefer_1", ""), ("fallback_1", ""), ("model", "H100")]);
        company.save_draft(id, domain::application::Step::Compute, &right).await.unwrap();
        submit(&company, id).await.unwrap();
        review(&staff(&world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
        decide(&officer, id, &crate::reviews::typed("approved", "3000")).await.unwrap();
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.run_matching().await.unwrap(), Matched { offered: 1, waiting: 0 });
        let offer = company.read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        assert_eq!(offer.site_id, beta);
        let others = company.read_offer(offer.id).await.unwrap().others;
        assert!(!others.is_empty() && others.iter().all(|other| other.site.id == beta));
        let elsewhere = domain::capacity::Slot { site: alpha, ..others[0].slot };
        let refused = company.pick_slot(offer.id, elsewhere, offer.version).await;
        assert_eq!(kept_out(refused), Invalid::one("slot", Problem::NotAChoice));
    }

    async fn every_test_is_kept_from_the_first_word_to_the_invoice(world) {
        let officer = officer(&world).await;
        open_call(&officer, "PG-ONE", &[]).await;
        let here = site(&world, "here", 100).await;
        let (company, _) = small_company(&world, 1).await;
        let id = approved(&world, &company, &officer, "PG-ONE").await;
        world.desk(Actor::SYSTEM).run_matching().await.unwrap();
        let offer = company.read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        company.accept_offer(offer.id, 1).await.unwrap();
        operator(&world, here).confirm_allocation(offer.id, 2).await.unwrap();
        let begun = start_of_day(offer.first_week);
        world.advance(begun - world.services.now() + TimeDelta::days(1));
        let reading = Reading {
            job: "train".to_owned(),
            sequence: 0,
            gpus: 8,
            start: begun + TimeDelta::hours(1),
            end: begun + TimeDelta::hours(11),
        };
        let sent = SentReading { allocation: offer.id, reading };
        world.desk(Actor::meter(here)).record_readings(vec![sent]).await.unwrap();
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        world.advance(TimeDelta::days(40));
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        let tests = officer.eligibility_of(id).await.unwrap();
        let said: Vec<_> = tests.iter().map(|test| (test.row.occasion, test.row.holds)).collect();
        let all = [Occasion::Start, Occasion::Submit, Occasion::Award, Occasion::Booking, Occasion::Invoice];
        assert_eq!(said, all.map(|occasion| (occasion, true)));
        assert!(tests.iter().all(|test| test.facts.of_mode.country.is_some() && !test.checks.is_empty()));
    }
}
