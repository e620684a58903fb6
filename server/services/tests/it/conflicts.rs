//! Conflicts of interest: how each kind comes about, that it hides everything from every query, and who waives it.

use std::collections::BTreeMap;

use domain::{
    actor::{Actor, Seat, Stand},
    application::Step,
    conflict::{Kind, Origin, State, WaiverOutcome},
    id::{ApplicationId, Id, PersonId},
    mode::Code,
    organisation::DetailsForm,
    problem::Problem,
    review::Draft,
    reviewer::{TypedInterest, TypedProfile, TypedRules},
    scope::Scope,
};
use services::{BoardKind, ConflictRead, Desk, Error};
use testkit::{World, both, problem};
use uuid::Uuid;

use crate::{
    applications::fill,
    capacity::site,
    conflict_queries::{Target, board, of_officers, of_reviewers},
    reviews::{staff, typed},
};

fn sent(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A company of this name and country, and its owner's desk.
async fn firm(world: &World, name: &str, country: &str) -> Desk {
    let person = world.person(&format!("{}@x.example", name.to_lowercase().replace(' ', "-"))).await;
    let form = DetailsForm {
        legal_name: name.to_owned(),
        street: "Rue du Calcul 3".to_owned(),
        city: "Lyon".to_owned(),
        postcode: "69001".to_owned(),
        country: country.to_owned(),
        registration_number: format!("REG {name}"),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let organisation = world.desk(Actor::person(person, Stand::SignedIn)).create_organisation(&form).await.unwrap();
    let desk = world.desk(Actor::person(person, Stand::Member { organisation, seat: Seat::Owner }));
    let figures = [
        ("year1_ends", "2025-12-31"),
        ("year1_staff", "20"),
        ("year1_turnover", "3000000"),
        ("year1_balance", "1000000"),
    ];
    desk.change_figures(&sent(&figures), 1).await.unwrap();
    crate::aid::declare(&desk, country, &[]).await;
    desk
}

async fn submit(company: &Desk, lead: &str) -> ApplicationId {
    let id = company.start_application(Code::PG).await.unwrap();
    fill(company, id).await;
    company
        .save_draft(
            id,
            Step::Team,
            &sent(&[("lead_name", "Ada"), ("lead_email", lead), ("lead_contract_end", "2028-01-01")]),
        )
        .await
        .unwrap();
    let seen = company.read_application(id).await.unwrap().application.version;
    company.submit_application(id, seen).await.unwrap();
    id
}

fn interest(kind: &str, name: &str) -> TypedInterest {
    let ended = if kind == "former_employer" { "2025-06-30" } else { "" };
    TypedInterest {
        kind: kind.to_owned(),
        name: name.to_owned(),
        ended_on: ended.to_owned(),
        ..TypedInterest::default()
    }
}

fn profile(country: &str) -> TypedProfile {
    TypedProfile {
        expertise: vec!["robotics".to_owned()],
        keywords: String::new(),
        languages: vec!["en".to_owned()],
        country: country.to_owned(),
        load_limit: "50".to_owned(),
    }
}

/// What a person's conflicts with an application are, as an officer reads them.
async fn conflicts(officer: &Desk, id: ApplicationId, person: PersonId) -> Vec<ConflictRead> {
    let board = officer.conflict_board(id).await.unwrap();
    board.bench.into_iter().find(|one| one.person == person).map(|one| one.conflicts).unwrap_or_default()
}

async fn kinds(officer: &Desk, id: ApplicationId, person: &Desk) -> Vec<(Kind, Origin, State)> {
    let found = conflicts(officer, id, person.actor.person.unwrap()).await;
    found.into_iter().map(|one| (one.row.kind, one.row.origin, one.row.state)).collect()
}

/// How a conflict comes about: by a kind, or by a seat in the company itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Seat,
    Of(Kind),
}

impl Way {
    fn all() -> Vec<Self> {
        std::iter::once(Self::Seat).chain(Kind::ALL.iter().map(|kind| Self::Of(*kind))).collect()
    }
}

/// Brings the conflict about between this person and this company, by what people do.
async fn tie(world: &World, way: Way, judge: &Desk, company: &Desk, id: ApplicationId, other: &Desk) {
    let name = company.own_organisation().await.unwrap().organisation.legal_name;
    let person = judge.actor.person.unwrap();
    match way {
        Way::Seat => {
            let organisation = company.actor.organisation().unwrap();
            world.place(person, Stand::Member { organisation, seat: Seat::Reader }).await;
        }
        Way::Of(Kind::SameEmployer) => judge.add_interest(&interest("employer", &name)).await.unwrap(),
        Way::Of(Kind::SameGroup) => {
            judge.add_interest(&interest("employer", &format!("{name} Holding"))).await.unwrap();
            let seen = company.own_organisation().await.unwrap().organisation.version;
            let owner = [
                ("name", format!("{name} Holding AG")),
                ("direction", "upstream".to_owned()),
                ("kind", "enterprise".to_owned()),
                ("share", "60".to_owned()),
            ];
            let owner = owner.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
            // Both judges work there; the owner is entered once.
            if company.own_organisation().await.unwrap().owners.is_empty() {
                company.add_owner(&owner, None, seen).await.unwrap();
            }
        }
        Way::Of(Kind::FormerEmployer) => judge.add_interest(&interest("former_employer", &name)).await.unwrap(),
        // The application names them as its lead.
        Way::Of(Kind::CoApplicant) => {}
        Way::Of(Kind::Competitor) => {
            // Said once by each side, for each of the two.
            if judge.reviewer().await.unwrap().interests.is_empty() {
                judge.add_interest(&interest("employer", &format!("{name} Rival"))).await.unwrap();
            }
            if company.named_parties(Some(id)).await.unwrap().is_empty() {
                company.name_party(Some(id), &interest("competitor", &format!("{name} RIVAL Ltd"))).await.unwrap();
            }
        }
        Way::Of(Kind::Investor) => judge.add_interest(&interest("investor", &name)).await.unwrap(),
        Way::Of(Kind::Customer) => judge.add_interest(&interest("customer", &name)).await.unwrap(),
        Way::Of(Kind::Family) => judge.declare(id, Some(Kind::Family), "My sister works there.").await.unwrap(),
        Way::Of(Kind::Personal) => {
            other.record_conflict(id, person, Some(Kind::Personal), "They are close friends.").await.unwrap()
        }
        Way::Of(Kind::SameCountry) => {
            if judge.actor.stand != Stand::Reviewer {
                world.place(person, Stand::Reviewer).await;
            }
            world.desk(Actor::person(person, Stand::Reviewer)).save_profile(&profile("LU"), 0).await.unwrap();
        }
    }
}

async fn hand_in(reviewer: &Desk, id: ApplicationId) {
    let case = reviewer.review_case(id).await.unwrap();
    let draft = Draft {
        grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), "4".to_owned())).collect(),
        to_applicant: "The plan is clear and the estimate is measured.".to_owned(),
        to_officer: String::new(),
        advice: "approve".to_owned(),
    };
    reviewer.hand_in_review(id, &draft).await.unwrap();
}

/// A company with one application that waits and one that was approved and has an offer, in conflict with these two.
async fn targets(world: &World, way: Way, number: usize, judges: [&Desk; 2], other: &Desk) -> [Target; 2] {
    let country = if way == Way::Of(Kind::SameCountry) { "LU" } else { "FR" };
    let company = firm(world, &format!("Hidden {number:03} Robotics"), country).await;
    // The office's own chain, by people without a conflict.
    let lead = if way == Way::Of(Kind::CoApplicant) {
        format!("judge-{number}@x.example")
    } else {
        "ada@firm.example".to_owned()
    };
    let decided = submit(&company, &lead).await;
    let reviewer = staff(world, &format!("chain-reviewer-{number}@x.example"), Stand::Reviewer).await;
    let officer = staff(world, &format!("chain-officer-{number}@x.example"), Stand::Officer).await;
    officer.give_review(decided, reviewer.actor.person.unwrap()).await.unwrap();
    hand_in(&reviewer, decided).await;
    // It stays on the list that was fixed while nothing hid it.
    other.fix_award_list(Scope::Mode(Code::PG), None).await.unwrap();
    let seen = officer.decision_case(decided).await.unwrap().application.version;
    officer.decide(decided, &typed("approved", "5000"), seen).await.unwrap();
    world.desk(Actor::SYSTEM).run_matching().await.unwrap();
    let waiting = submit(&company, &lead).await;
    for judge in judges {
        for id in [decided, waiting] {
            tie(world, way, judge, &company, id, other).await;
            if !matches!(way, Way::Of(Kind::Competitor | Kind::Family | Kind::Personal)) {
                break;
            }
        }
    }
    let mut found = Vec::new();
    for id in [decided, waiting] {
        let read = company.read_application(id).await.unwrap();
        let of_judge = conflicts(other, id, judges[1].actor.person.unwrap()).await;
        let conflict = of_judge.first().map_or(Uuid::from_u128(0xbeef), |one| one.row.id);
        // A seat cannot be waived, and needs no row; everything else has one, and somebody asks.
        let asked = of_judge.first().filter(|_| way != Way::Seat);
        if let Some(one) = asked {
            officer.ask_waiver(one.row.id, "It is long ago.").await.unwrap();
        }
        let again = conflicts(other, id, judges[1].actor.person.unwrap()).await;
        let waiver = again.iter().flat_map(|one| &one.waivers).map(|waiver| waiver.row.id).next();
        found.push(Target {
            id,
            organisation: company.actor.organisation().unwrap(),
            reference: read.application.reference.unwrap(),
            company: format!("Hidden {number:03}"),
            offer: read.offers.first().map_or(Id::from_uuid(Uuid::from_u128(0xbeef)), |offer| offer.id),
            conflict,
            waiver: waiver.unwrap_or(Uuid::from_u128(0xbeef)),
            version: read.application.version,
        });
    }
    found.try_into().expect("two targets")
}

both! {
    /// Every query that could tell of an application × every kind of conflict: nothing in the answer is the
    /// application's, it is the answer that an identifier of nothing gets, and no count has it.
    async fn what_a_conflict_hides_no_query_shows(world) {
        site(&world, "alpha", 100_000).await;
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        let rules = TypedRules { same_country: true, disclosure: "summary".to_owned(), spread: "1.5".to_owned(), reason: "Small market.".to_owned(), ..TypedRules::default() };
        other.change_review_scope("PG", &rules, None).await.unwrap();
        let (mut pairs, mut faults) = (0, Vec::new());
        for (number, way) in Way::all().into_iter().enumerate() {
            let reviewer = staff(&world, &format!("judge-{number}@x.example"), Stand::Reviewer).await;
            let as_lead = if way == Way::Of(Kind::CoApplicant) { reviewer.actor.person } else { None };
            // A lead is one person: as an officer it is the same.
            let officer = match as_lead {
                Some(person) => {
                    world.place(person, Stand::Officer).await;
                    world.desk(Actor::person(person, Stand::Officer))
                }
                None => staff(&world, &format!("judging-officer-{number}@x.example"), Stand::Officer).await,
            };
            let hidden = targets(&world, way, number, [&reviewer, &officer], &other).await;
            // Who sees everything finds them: the queries do tell.
            let all = format!("{:?}", other.board(&board(BoardKind::All, "", None)).await.unwrap());
            assert!(hidden.iter().all(|target| all.contains(&target.reference)), "{way:?} {all}");
            for (desk, queries) in [(&reviewer, of_reviewers()), (&officer, of_officers())] {
                for (name, ask) in queries {
                    pairs += 1;
                    for target in &hidden {
                        let answer = ask(desk, target).await;
                        let nothing = ask(desk, &Target::nowhere(target.version)).await;
                        if answer != nothing {
                            faults.push(format!("{way:?} {name} tells by its answer: {answer} / {nothing}"));
                        }
                        for mark in hidden.iter().flat_map(Target::marks).filter(|mark| !mark.ends_with("beef")) {
                            if answer.contains(&mark) {
                                faults.push(format!("{way:?} {name} says {mark}: {answer}"));
                            }
                        }
                    }
                }
            }
            // Counts: an officer sees all but what is hidden from them, and so does each sum.
            let count = async |desk: &Desk| desk.board(&board(BoardKind::All, "", None)).await.unwrap();
            let (all, seen) = (count(&other).await, count(&officer).await);
            let sum = |board: &services::Board| board.counts.values().sum::<i64>();
            assert_eq!(sum(&all) - sum(&seen), 2, "{way:?}");
            let queue = reviewer.review_queue().await.unwrap();
            let waiting = all.count(domain::application::State::Submitted);
            assert_eq!(waiting - queue.waiting_in_all, 1, "{way:?}");
        }
        assert!(faults.is_empty(), "{} of {pairs}: {faults:#?}", faults.len());
        assert_eq!(pairs, (of_reviewers().len() + of_officers().len()) * Way::all().len());
        assert_eq!(pairs, 935, "queries × kinds");
    }

    async fn every_kind_is_found_recorded_or_declared_as_what_it_is(world) {
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        let rules = TypedRules { same_country: true, disclosure: "title".to_owned(), spread: "1.5".to_owned(), reason: "Small market.".to_owned(), ..TypedRules::default() };
        other.change_review_scope("PG", &rules, None).await.unwrap();
        for (number, kind) in Kind::ALL.iter().enumerate() {
            let judge = staff(&world, &format!("judge-{number}@x.example"), Stand::Reviewer).await;
            let country = if *kind == Kind::SameCountry { "LU" } else { "FR" };
            let company = firm(&world, &format!("Firm {number:03} Works"), country).await;
            let lead = if *kind == Kind::CoApplicant { format!("JUDGE-{number}@x.example") } else { "ada@firm.example".to_owned() };
            let id = submit(&company, &lead).await;
            tie(&world, Way::Of(*kind), &judge, &company, id, &other).await;
            let origin = match kind {
                Kind::Family => Origin::Declared,
                Kind::Personal => Origin::Officer,
                Kind::Competitor => Origin::Applicant,
                _ => Origin::Detected,
            };
            assert_eq!(kinds(&other, id, &judge).await, [(*kind, origin, State::InForce)], "{kind:?}");
            let board = other.conflict_board(id).await.unwrap();
            assert!(board.by_kind.iter().any(|(of, count)| of == kind && *count >= 1), "{:?}", board.by_kind);
            assert_eq!(problem(other.give_review(id, judge.actor.person.unwrap()).await), Problem::ConflictOfInterest);
        }
    }

    /// Whichever side changes, the record follows before anybody looks; what was declared stays.
    async fn detection_follows_both_sides_and_removes_nothing_declared(world) {
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        let judge = staff(&world, "judge@x.example", Stand::Reviewer).await;
        let company = firm(&world, "Alpha Robotics GmbH", "FR").await;
        let id = submit(&company, "ada@firm.example").await;
        assert_eq!(kinds(&other, id, &judge).await, []);
        judge.add_interest(&interest("employer", "ALPHA ROBOTICS")).await.unwrap();
        let same = |state| (Kind::SameEmployer, Origin::Detected, state);
        assert_eq!(kinds(&other, id, &judge).await, [same(State::InForce)]);
        // The same again changes nothing.
        world.work().await;
        assert_eq!(kinds(&other, id, &judge).await, [same(State::InForce)]);
        let row = judge.reviewer().await.unwrap().interests.remove(0);
        judge.remove_interest(row.id).await.unwrap();
        assert_eq!(kinds(&other, id, &judge).await, [same(State::Ended)]);
        assert_eq!(judge.take_next().await.unwrap(), id, "nothing hides it any more");
        // The applicant's side: an owner that is the reviewer's employer. The open review goes back.
        judge.add_interest(&interest("employer", "Beta Holding")).await.unwrap();
        let seen = company.own_organisation().await.unwrap().organisation.version;
        let owner = sent(&[("name", "Beta Holding SE"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "30")]);
        company.add_owner(&owner, None, seen).await.unwrap();
        let group = |state| (Kind::SameGroup, Origin::Detected, state);
        assert_eq!(kinds(&other, id, &judge).await, [same(State::Ended), group(State::InForce)]);
        assert!(matches!(judge.review_case(id).await, Err(Error::NotFound)));
        let state = company.read_application(id).await.unwrap().application.state;
        assert_eq!(state, domain::application::State::Submitted, "back in the queue");
        let facts = company.own_organisation().await.unwrap();
        company.remove_owner(facts.owners[0].id, facts.organisation.version).await.unwrap();
        assert_eq!(kinds(&other, id, &judge).await, [same(State::Ended), group(State::Ended)]);
        // A seat taken and given up.
        let organisation = company.actor.organisation().unwrap();
        let person = judge.actor.person.unwrap();
        company.invite_member("judge@x.example", Some(Seat::Reader), text::Locale::En).await.unwrap();
        let mail = world.mail_to("judge@x.example").await.unwrap();
        let secret = mail.split("/invitation/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        judge.accept_invitation(&secret).await.unwrap();
        assert!(kinds(&other, id, &judge).await.contains(&same(State::InForce)));
        company.remove_member(person).await.unwrap();
        let former = (Kind::FormerEmployer, Origin::Detected, State::InForce);
        let now = kinds(&other, id, &judge).await;
        assert!(now.contains(&same(State::Ended)) && now.contains(&former), "{now:?} {organisation}");
        assert!(matches!(judge.case(id).await, Err(Error::NotFound)), "whoever has just left does not judge");
        // Three years later it does not count any more: the clock is a side too.
        world.advance(chrono::TimeDelta::days(3 * 366));
        world.work().await;
        let later = world.desk(other.actor);
        assert!(!kinds(&later, id, &judge).await.contains(&former));
        // Declared, and never ended by any of this.
        world.desk(judge.actor).declare(id, Some(Kind::Family), "My brother joined them.").await.unwrap();
        world.work().await;
        assert!(kinds(&later, id, &judge).await.contains(&(Kind::Family, Origin::Declared, State::InForce)));
    }

    async fn a_waiver_takes_a_second_officer_with_reasons_and_never_the_one_concerned(world) {
        let first = staff(&world, "first@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let judge = staff(&world, "judge@x.example", Stand::Reviewer).await;
        let company = firm(&world, "Alpha Robotics GmbH", "FR").await;
        let id = submit(&company, "ada@firm.example").await;
        judge.add_interest(&interest("customer", "Alpha Robotics")).await.unwrap();
        let of = async || conflicts(&world.desk(first.actor), id, judge.actor.person.unwrap()).await.remove(0);
        let conflict = of().await.row.id;
        assert_eq!(problem(first.ask_waiver(conflict, " ").await), Problem::Required);
        first.ask_waiver(conflict, "One order, two years ago.").await.unwrap();
        assert_eq!(problem(first.ask_waiver(conflict, "Again.").await), Problem::AlreadyDone);
        let waiver = of().await.waivers[0].row.id;
        assert_eq!(problem(first.decide_waiver(waiver, WaiverOutcome::Granted, "Yes.").await), Problem::SecondSignatureSame);
        assert_eq!(problem(second.decide_waiver(waiver, WaiverOutcome::Granted, "").await), Problem::Required);
        // The person concerned, standing as an officer, does not even find it.
        let person = judge.actor.person.unwrap();
        world.place(person, Stand::Officer).await;
        let themselves = world.desk(Actor::person(person, Stand::Officer));
        assert!(matches!(themselves.decide_waiver(waiver, WaiverOutcome::Granted, "Mine.").await, Err(Error::NotFound)));
        assert!(matches!(judge.case(id).await, Err(Error::NotFound)), "asked is not granted");
        second.decide_waiver(waiver, WaiverOutcome::Refused, "Too close still.").await.unwrap();
        assert!(matches!(judge.case(id).await, Err(Error::NotFound)));
        second.ask_waiver(conflict, "The order was cancelled.").await.unwrap();
        let waiver = of().await.waivers[1].row.id;
        first.decide_waiver(waiver, WaiverOutcome::Granted, "Nothing was paid.").await.unwrap();
        assert_eq!(judge.take_next().await.unwrap(), id, "waived");
        let read = of().await;
        assert_eq!((read.row.state, read.waivers.len()), (State::Waived, 2));
        assert_eq!(read.waivers[1].decided_by.as_deref(), Some("first@x.example"));
        assert_eq!(problem(first.decide_waiver(waiver, WaiverOutcome::Refused, "No.").await), Problem::AlreadyDone);
        let case = second.decision_case(id).await.unwrap();
        assert_eq!((case.conflicts.in_force, case.conflicts.waived), (0, 1));
        assert!(case.events.iter().any(|event| event.kind == "conflict_waived"), "on its timeline");
        // A waiver is for the facts it was given for: others need another.
        let organisation = company.own_organisation().await.unwrap();
        let mut form = DetailsForm { legal_name: "Alpha Robotics International".to_owned(), ..details(&organisation.organisation) };
        form.country = "FR".to_owned();
        judge.add_interest(&interest("customer", "Alpha Robotics International")).await.unwrap();
        company.change_organisation(&form, organisation.organisation.version).await.unwrap();
        assert_eq!(of().await.row.state, State::InForce);
        assert!(matches!(judge.review_case(id).await, Err(Error::NotFound)));
    }

    async fn nobody_asks_for_their_own_waiver_or_for_a_seat(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let judge = staff(&world, "judge@x.example", Stand::Reviewer).await;
        let company = firm(&world, "Alpha Robotics GmbH", "FR").await;
        let organisation = company.actor.organisation().unwrap();
        world.place(judge.actor.person.unwrap(), Stand::Member { organisation, seat: Seat::Billing }).await;
        let id = submit(&company, "ada@firm.example").await;
        let conflict = conflicts(&officer, id, judge.actor.person.unwrap()).await.remove(0).row.id;
        assert_eq!(problem(officer.ask_waiver(conflict, "A formality.").await), Problem::OwnCompany);
        // An officer with a conflict of their own finds nothing to ask about.
        officer.add_interest(&interest("investor", "Alpha Robotics")).await.unwrap();
        assert!(matches!(officer.ask_waiver(conflict, "A formality.").await, Err(Error::NotFound)));
        assert!(matches!(officer.conflict_board(id).await, Err(Error::NotFound)));
    }

    async fn a_company_names_who_must_not_judge_it_everywhere_or_once(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let judge = staff(&world, "judge@x.example", Stand::Reviewer).await;
        judge.add_interest(&interest("employer", "Rival Oy")).await.unwrap();
        let company = firm(&world, "Alpha Robotics GmbH", "FR").await;
        let one = submit(&company, "a@x.example").await;
        let seen = company.read_application(one).await.unwrap().application.version;
        company.withdraw_application(one, "Our own cluster is free.", seen).await.unwrap();
        let two = submit(&company, "a@x.example").await;
        assert_eq!(problem(company.name_party(Some(one), &interest("family", "Rival")).await), Problem::NotAChoice);
        company.name_party(Some(one), &interest("competitor", "RIVAL")).await.unwrap();
        assert_eq!(problem(company.name_party(Some(one), &interest("competitor", "RIVAL")).await), Problem::AlreadyDone);
        let named = |state| (Kind::Competitor, Origin::Applicant, state);
        assert_eq!(kinds(&officer, one, &judge).await, [named(State::InForce)]);
        assert_eq!(kinds(&officer, two, &judge).await, []);
        company.name_party(None, &interest("competitor", "RIVAL")).await.unwrap();
        assert_eq!(kinds(&officer, two, &judge).await, [named(State::InForce)]);
        let rows = company.named_parties(None).await.unwrap();
        company.unname_party(rows[0].id).await.unwrap();
        assert_eq!(kinds(&officer, two, &judge).await, [named(State::Ended)]);
        assert_eq!(kinds(&officer, one, &judge).await, [named(State::InForce)]);
        // Another company neither reads nor takes back what this one said.
        let stranger = firm(&world, "Delta Textiles", "FI").await;
        let rows = company.named_parties(Some(one)).await.unwrap();
        assert!(matches!(stranger.unname_party(rows[0].id).await, Err(Error::NotFound)));
        assert!(matches!(stranger.named_parties(Some(one)).await, Err(Error::NotFound)));
    }
}

fn details(row: &services::rows::OrganisationRow) -> DetailsForm {
    DetailsForm {
        legal_name: row.legal_name.clone(),
        street: row.street.clone(),
        city: row.city.clone(),
        postcode: row.postcode.clone(),
        country: row.country.code().to_owned(),
        registration_number: row.registration_number.clone(),
        founded_on: row.founded_on.to_string(),
        nace: row.nace.clone(),
        ..DetailsForm::default()
    }
}
