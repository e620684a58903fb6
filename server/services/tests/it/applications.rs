//! Applications: drafts that take anything, submissions that lack nothing, numbers without gaps, frozen prices.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Seat, Stand},
    application::{State, Step},
    id::ApplicationId,
    mode::{Code, Outcome, Rule},
    money::Money,
    organisation::SizeClass,
    problem::Problem,
    vat::Treatment,
};
use services::{Desk, Error};
use testkit::{World, both};

use crate::capacity::company;

fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A small company in France and its owner's desk.
pub async fn small_company(world: &World, number: usize) -> (Desk, String) {
    let (_, desk, email) = company(world, number).await;
    let seen = desk.own_organisation().await.unwrap().organisation.version;
    let figures = [
        ("year1_ends", "2025-12-31"),
        ("year1_staff", "20"),
        ("year1_turnover", "3000000"),
        ("year1_balance", "1000000"),
    ];
    desk.change_figures(&typed(&figures), seen).await.unwrap();
    (desk, email)
}

/// Everything a Playground application needs, page by page.
pub async fn fill(desk: &Desk, id: ApplicationId) {
    let pages: &[(Step, &[(&str, &str)])] = &[
        (Step::Project, &[("title", "Speech"), ("abstract", "We train."), ("innovation", "Nobody has it.")]),
        (
            Step::Compute,
            &[
                ("model", "H100"),
                ("method", "typed"),
                ("hours", "5 000"),
                ("gpus", "16"),
                ("earliest", "2026-12-07"),
                ("months", "1"),
                ("flexible", "on"),
            ],
        ),
        (Step::Data, &[("data_source", "Own recordings."), ("personal_data", "none"), ("residency", "eea")]),
        (
            Step::Declarations,
            &[
                ("role", "provider"),
                ("risk", "minimal"),
                ("practice", "none"),
                ("general_purpose", "no"),
                ("not_started", "on"),
                ("civil", "on"),
                ("truthful", "on"),
            ],
        ),
        (Step::Team, &[("lead_name", "Ada"), ("lead_email", "ada@firm.example"), ("lead_contract_end", "2028-01-01")]),
    ];
    for (step, fields) in pages {
        desk.save_draft(id, *step, &typed(fields)).await.unwrap();
    }
}

/// A Playground draft that lacks nothing, with these answers about its compute besides.
pub async fn filled(desk: &Desk, answers: &[(&str, &str)]) -> ApplicationId {
    let id = desk.start_application(Code::PG).await.unwrap();
    fill(desk, id).await;
    desk.save_draft(id, Step::Compute, &typed(answers)).await.unwrap();
    id
}

/// A submitted Playground application.
pub async fn submitted(desk: &Desk) -> ApplicationId {
    let id = desk.start_application(Code::PG).await.unwrap();
    fill(desk, id).await;
    let seen = desk.read_application(id).await.unwrap().application.version;
    desk.submit_application(id, seen).await.unwrap();
    id
}

fn problems<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, Problem)> {
    match result {
        Err(Error::Invalid(invalid)) => invalid.0,
        other => panic!("expected something invalid, got {other:?}"),
    }
}

both! {
    async fn a_draft_is_told_what_is_missing_and_then_goes_in(world) {
        let (desk, email) = small_company(&world, 1).await;
        let id = desk.start_application(Code::PG).await.unwrap();
        let missing = problems(desk.submit_application(id, 1).await);
        assert!(missing.contains(&("title".to_owned(), Problem::Required)), "{missing:?}");
        fill(&desk, id).await;
        let read = desk.read_application(id).await.unwrap();
        assert_eq!(read.issues, []);
        desk.submit_application(id, read.application.version).await.unwrap();
        let read = desk.read_application(id).await.unwrap();
        assert_eq!(read.application.state, State::Submitted);
        assert_eq!(read.application.reference.as_deref(), Some("GH-PG-2026-00001"));
        // Two working days after Monday, to the last second in Brussels.
        assert_eq!(read.application.due_at.unwrap().to_rfc3339(), "2026-11-25T22:59:59+00:00");
        let kinds: Vec<&str> = read.events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["application_started"]);
        let deeds: Vec<&str> = read.course.transitions.iter().map(|row| row.deed.as_str()).collect();
        assert_eq!(deeds, ["submit"]);
        assert!(world.mail_to(&email).await.unwrap().contains("GH-PG-2026-00001"));
    }

    async fn the_price_is_frozen_at_submission(world) {
        let (desk, _) = small_company(&world, 1).await;
        let id = submitted(&desk).await;
        let quote = desk.read_application(id).await.unwrap().quote.unwrap();
        // 5,000 hours of H100 at EUR 2.80, 70 % carried; France's 20 % because no number is confirmed.
        assert_eq!((quote.list, quote.subsidy, quote.own), (Money::cents(1_400_000), Money::cents(980_000), Money::cents(420_000)));
        assert_eq!((quote.vat_treatment, quote.vat), (Treatment::CustomerRate, Money::cents(84_000)));
        assert_eq!(quote.due, Money::cents(504_000));
    }

    async fn numbers_have_no_gaps_and_one_application_is_open_at_once(world) {
        let (first, _) = small_company(&world, 1).await;
        let (second, _) = small_company(&world, 2).await;
        submitted(&first).await;
        let again = first.start_application(Code::PG).await.unwrap();
        fill(&first, again).await;
        let seen = first.read_application(again).await.unwrap().application.version;
        assert_eq!(problems(first.submit_application(again, seen).await), [(String::new(), Problem::AlreadyDone)]);
        let next = submitted(&second).await;
        let reference = second.read_application(next).await.unwrap().application.reference;
        assert_eq!(reference.as_deref(), Some("GH-PG-2026-00002"), "a refused submission takes no number");
    }

    async fn what_is_handed_in_is_not_changed_but_withdrawn_and_copied(world) {
        let (desk, _) = small_company(&world, 1).await;
        let id = submitted(&desk).await;
        let late = desk.save_draft(id, Step::Project, &typed(&[("title", "Other")])).await;
        assert_eq!(problems(late), [(String::new(), Problem::AlreadyDone)]);
        let version = desk.read_application(id).await.unwrap().application.version;
        assert!(matches!(desk.withdraw_application(id, "No longer needed.", version - 1).await, Err(Error::Stale)));
        desk.withdraw_application(id, "No longer needed.", version).await.unwrap();
        let copy = desk.copy_application(id).await.unwrap();
        let copy = desk.read_application(copy).await.unwrap();
        assert_eq!((copy.draft.get("title"), copy.draft.get("civil")), ("Speech", ""));
        assert_eq!(copy.application.state, State::Draft);
        let listed = desk.list_applications().await.unwrap();
        assert_eq!(listed.len(), 2);
    }

    async fn another_company_sees_nothing_and_a_reader_writes_nothing(world) {
        let (desk, _) = small_company(&world, 1).await;
        let (stranger, _) = small_company(&world, 2).await;
        let id = submitted(&desk).await;
        assert!(matches!(stranger.read_application(id).await, Err(Error::NotFound)));
        assert!(matches!(stranger.withdraw_application(id, "Mine.", 7).await, Err(Error::NotFound)));
        assert!(matches!(stranger.copy_application(id).await, Err(Error::NotFound)));
        let organisation = desk.actor.organisation().unwrap();
        let reader = world.person("reader@x.example").await;
        let reader = world.desk(Actor::person(reader, Stand::Member { organisation, seat: Seat::Reader }));
        assert!(reader.read_application(id).await.is_ok());
        assert!(matches!(reader.start_application(Code::PG).await, Err(Error::Denied(_))));
    }

    async fn modes_are_tested_against_the_readers_own_facts(world) {
        let visitor = world.desk(Actor::VISITOR).list_modes().await.unwrap();
        assert_eq!(visitor.iter().map(|read| read.mode.code).collect::<Vec<_>>(), [Code::PG, Code::FL, Code::LS]);
        assert!(visitor.iter().all(|read| read.checks.iter().all(|check| check.outcome != Outcome::Fail)));
        let (desk, _) = small_company(&world, 1).await;
        let read = desk.read_mode(Code::LS).await.unwrap();
        assert!(read.terms.is_own);
        assert_eq!(read.terms.size_class, SizeClass::Small);
        assert!(read.checks.iter().any(|check| check.rule == Rule::Country && check.outcome == Outcome::Pass));
        assert_eq!(read.next_cut_off.unwrap().to_rfc3339(), "2026-11-30T09:00:00+00:00");
        world.advance(TimeDelta::days(60));
        let closed = desk.services.desk(desk.actor).read_mode(Code::LS).await.unwrap();
        assert_eq!(closed.answer_due, None);
        assert!(closed.checks.iter().any(|check| check.rule == Rule::Open && check.outcome == Outcome::Fail));
    }
}
