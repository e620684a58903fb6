//! State aid: reserved, granted and corrected with its cause; never a cent above a ceiling, whoever grants at once.

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};
use domain::{
    action,
    actor::{Actor, Stand},
    aid::{Kind, Standing, ceiling::Alternative, test::Rule, transfer},
    allocation::State,
    gpu::GpuTime,
    id::ApplicationId,
    money::Money,
    period::start_of_day,
    problem::Problem,
    usage::{Correction, Reading},
};
use services::{AidRead, Desk, Error, RegisterLine, SentCorrection, SentReading, TypedCredit, rows::AllocationRow};
use testkit::{World, both, fault};
use text::Locale;

use crate::{
    actions::wanted,
    applications::{small_company, submitted},
    capacity::{operator, site},
    invoices::{all, finance},
    reviews::{decide, review, staff, typed},
};

/// Declares, today, other aid of this State: how many days ago and how many euro each.
pub async fn declare(desk: &Desk, state: &str, lines: &[(u64, i64)]) {
    desk.declare_aid(&declaration(desk, state, lines), Locale::En).await.unwrap();
}

fn declaration(desk: &Desk, state: &str, lines: &[(u64, i64)]) -> BTreeMap<String, String> {
    let mut typed: BTreeMap<String, String> =
        [("state", state), ("in_difficulty", "no"), ("owes_recovery", "no"), ("declared", "on")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    if lines.is_empty() {
        typed.insert("nothing".to_owned(), "on".to_owned());
    }
    for (number, (days, euros)) in (1..).zip(lines) {
        let on = desk.now.date_naive() - Days::new(*days);
        typed.insert(format!("aid{number}_on"), on.to_string());
        typed.insert(format!("aid{number}_amount"), euros.to_string());
        typed.insert(format!("aid{number}_authority"), format!("Agency {number}"));
    }
    typed
}

fn now(world: &World, desk: &Desk) -> Desk {
    world.desk(desk.actor)
}

fn cents(cents: i64) -> Money {
    Money::cents(cents)
}

/// A reviewed Playground application of 5,000 hours: 9,800.00 of aid.
async fn reviewed(world: &World, company: &Desk, reviewer: &Desk) -> ApplicationId {
    let id = submitted(&now(world, company)).await;
    review(&now(world, reviewer), id, "approve").await;
    id
}

/// 4,000 of them awarded, booked and confirmed: the company, the officer who decided and the allocation as offered.
async fn active(world: &World) -> (Desk, Desk, AllocationRow) {
    let here = site(world, "alpha", 1_000).await;
    let (company, _) = small_company(world, 1).await;
    let reviewer = staff(world, "reviewer@x.example", Stand::Reviewer).await;
    let officer = staff(world, "officer@x.example", Stand::Officer).await;
    let id = reviewed(world, &company, &reviewer).await;
    decide(&officer, id, &typed("approved", "4000")).await.unwrap();
    world.desk(Actor::SYSTEM).run_matching().await.unwrap();
    let offer = company.read_allocations(&[State::Offered]).await.unwrap().pop().expect("an offer").row;
    company.accept_offer(offer.id, offer.version).await.unwrap();
    operator(world, here).confirm_allocation(offer.id, offer.version + 1).await.unwrap();
    (company, officer, offer)
}

async fn used(company: &Desk) -> Money {
    let read = company.own_aid().await.unwrap();
    read.states.first().and_then(|state| state.room.as_ref()).map(|room| room.used).unwrap_or_default()
}

fn kinds(read: &AidRead) -> Vec<Vec<Kind>> {
    read.grants.iter().map(|(_, entries)| entries.iter().map(|entry| entry.kind).collect()).collect()
}

/// Every frozen price is from another pot.
async fn from_pot(world: &World, pot: &str, other: &str, regime: &str, than: &str) {
    let quoted = |text: &str| format!("'\"{text}\"'");
    let pots = format!("REPLACE(quote, {}, {})", quoted(pot), quoted(other));
    let both = format!("REPLACE({pots}, {}, {})", quoted(regime), quoted(than));
    world.lines(&format!("UPDATE application SET quote = {both} RETURNING mode")).await;
}

/// A second company that the first holds.
async fn subsidiary(world: &World, parent: &Desk) -> Desk {
    let (child, _) = small_company(world, 77).await;
    let name = parent.own_organisation().await.unwrap().organisation.legal_name;
    let seen = child.own_organisation().await.unwrap().organisation.version;
    let owner = [("name", name.as_str()), ("direction", "upstream"), ("kind", "enterprise"), ("share", "51")];
    let owner = owner.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    child.add_owner(&owner, None, seen).await.unwrap();
    child
}

both! {
    async fn an_award_is_granted_as_it_comes_into_force_and_the_company_is_told(world) {
        let (company, email) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        let before = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap();
        let tested = before.tested.unwrap();
        assert!(tested.holds() && before.grants.is_empty());
        assert_eq!((tested.facts.amount, tested.room.unwrap().left), (cents(980_000), cents(30_000_000)));
        assert_eq!(used(&company).await, Money::ZERO, "to look grants nothing");
        decide(&officer, id, &typed("approved", "4000")).await.unwrap();
        let read = company.own_aid().await.unwrap();
        let (grant, _) = read.grants.first().expect("a grant");
        assert_eq!((grant.standing, grant.granted_cents, grant.number), (Standing::Granted, cents(784_000), 1));
        assert_eq!(grant.granted_on, Some(company.now.date_naive()));
        assert_eq!((grant.state.code(), grant.nace.as_str(), grant.list_rate.as_micro_euro()), ("FR", "62.10", 2_800_000));
        assert_eq!(kinds(&read), [vec![Kind::Reserve, Kind::Confirm]]);
        assert_eq!(used(&company).await, cents(784_000));
        let mails = world.lines(&format!("SELECT text FROM mail WHERE address = '{email}' AND kind = 'aid_granted'")).await;
        assert_eq!(mails.len(), 1);
        for said in ["€7,840.00", "FR-", "(EU) 2023/2831 of 13 December 2023", "OJ L, 2023/2831, 15.12.2023", "€300,000.00"] {
            assert!(mails[0].contains(said), "{said} in {}", mails[0]);
        }
        let after = officer.aid_case(id, GpuTime::hours(4_000).unwrap()).await.unwrap();
        assert_eq!((after.tests.len(), after.grants.len()), (1, 1));
        assert!(after.tests[0].0.holds);
    }

    async fn nothing_is_granted_without_a_declaration_that_is_as_told(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        world.lines("DELETE FROM aid_declaration RETURNING state").await;
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), (String::new(), Problem::AidDeclaration));
        let case = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap();
        assert_eq!((case.tests.len(), case.tests[0].0.holds), (1, false), "the test that refused is kept");
        assert!(company.own_aid().await.unwrap().states[0].needs_declaration);
        let empty = company.declare_aid(&BTreeMap::new(), Locale::En).await;
        assert_eq!(fault(empty), ("state".to_owned(), Problem::NotAChoice));
        declare(&company, "FR", &[]).await;
        let kept = company.own_aid().await.unwrap();
        assert!(!kept.states[0].needs_declaration);
        assert!(kept.declarations[0].row.text.contains("Article 2(2)"), "with its whole text");
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
    }

    async fn one_cent_too_much_refuses_the_whole_grant_with_what_could_be_had(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        // 9,800.00 of aid are asked for; 9,799 are left.
        declare(&company, "FR", &[(100, 200_201), (900, 90_000)]).await;
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), ("hours".to_owned(), Problem::AidCeiling { max: 9_799 }));
        assert!(company.own_aid().await.unwrap().grants.is_empty(), "not a part of it is granted");
        let case = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap();
        let tested = case.tested.unwrap();
        let fewer = Alternative::FewerHours { gpu_time: GpuTime::hours(4_999).unwrap(), amount: cents(979_804) };
        assert_eq!(tested.alternatives.first(), Some(&fewer));
        assert!(tested.alternatives.iter().any(|one| matches!(one, Alternative::OtherPot { pot, .. } if pot == "union")));
        assert!(tested.alternatives.contains(&Alternative::PayDifference { amount: cents(100) }));
        assert!(tested.alternatives.iter().any(|one| matches!(one, Alternative::Later { .. })));
        // What fits is granted, and then nothing is left but its rest.
        decide(&officer, id, &typed("approved", "4999")).await.unwrap();
        assert_eq!(used(&company).await, cents(29_999_904));
    }

    async fn two_companies_of_one_undertaking_share_a_ceiling_and_two_states_do_not(world) {
        let (parent, _) = small_company(&world, 1).await;
        let child = subsidiary(&world, &parent).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        declare(&parent, "FR", &[(10, 295_000)]).await;
        // What Germany granted is not France's.
        declare(&child, "DE", &[(10, 299_000)]).await;
        let id = reviewed(&world, &child, &reviewer).await;
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), ("hours".to_owned(), Problem::AidCeiling { max: 5_000 }));
        let read = child.own_aid().await.unwrap();
        assert_eq!(read.members.len(), 2);
        let left: Vec<(String, i64)> = read
            .states
            .iter()
            .map(|state| (state.state.to_string(), state.room.as_ref().unwrap().left.as_cents()))
            .collect();
        assert_eq!(left, [("FR".to_owned(), 500_000), ("DE".to_owned(), 100_000)]);
        // Half is not control: then each has its own.
        let facts = child.own_organisation().await.unwrap();
        child.remove_owner(facts.owners[0].id, facts.organisation.version).await.unwrap();
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
    }

    async fn the_window_rolls_from_day_to_day(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        // 24 November 2023, the day after the edge on 23 November 2026.
        declare(&company, "FR", &[(1_095, 300_000)]).await;
        let id = reviewed(&world, &company, &reviewer).await;
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), ("hours".to_owned(), Problem::AidCeiling { max: 0 }));
        world.advance(TimeDelta::days(1));
        decide(&now(&world, &officer), id, &typed("approved", "5000")).await.unwrap();
        assert_eq!(used(&now(&world, &company)).await, cents(980_000));
    }

    async fn what_two_sign_is_reserved_first_and_released_when_it_is_sent_back(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let first = staff(&world, "first@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let id = submitted(&company).await;
        world.ask_for(id, 60_000).await;
        review(&reviewer, id, "approve").await;
        decide(&first, id, &typed("approved", "60 000")).await.unwrap();
        let case = first.aid_case(id, GpuTime::hours(60_000).unwrap()).await.unwrap();
        assert_eq!((case.grants[0].0.standing, case.grants[0].0.reserved_cents), (Standing::Reserved, cents(11_760_000)));
        let company_of = company.actor.organisation().unwrap();
        let seen = |desk: &Desk| { let desk = desk.clone(); async move { desk.decision_case(id).await.unwrap().application.version } };
        assert_eq!(first.aid_of(company_of).await.unwrap().states[0].room.as_ref().unwrap().used, cents(11_760_000));
        assert!(company.own_aid().await.unwrap().grants.is_empty(), "what is proposed is not told");
        assert_eq!(used(&company).await, Money::ZERO);
        second.send_back(id, "The hours seem high.", seen(&second).await).await.unwrap();
        assert_eq!(first.aid_of(company_of).await.unwrap().states[0].room.as_ref().unwrap().used, Money::ZERO);
        decide(&first, id, &typed("approved", "51 000")).await.unwrap();
        world.advance(TimeDelta::days(1));
        let second = now(&world, &second);
        second.countersign(id, seen(&second).await).await.unwrap();
        let read = now(&world, &company).own_aid().await.unwrap();
        assert_eq!(read.grants[0].0.granted_cents, cents(9_996_000));
        assert_eq!(read.grants[0].0.granted_on, Some(second.now.date_naive()), "granted with the right, not with the proposal");
        // Its letter is its company's and the office's to read; nothing is told of what was released.
        let grant = read.grants[0].0.id;
        for desk in [&now(&world, &company), &second] {
            let (name, pdf) = desk.aid_letter_pdf(grant, Locale::En).await.unwrap();
            assert_eq!((name.as_str(), &pdf[..5]), ("FR-2.pdf", b"%PDF-".as_slice()));
        }
        let (stranger, _) = small_company(&world, 2).await;
        assert!(matches!(stranger.aid_letter_pdf(grant, Locale::En).await, Err(Error::NotFound)));
        let released = first.aid_case(id, GpuTime::hours(51_000).unwrap()).await.unwrap().grants[0].0.id;
        assert!(matches!(second.aid_letter_pdf(released, Locale::En).await, Err(Error::NotFound)));
        let all = first.aid_case(id, GpuTime::hours(51_000).unwrap()).await.unwrap();
        let movements: Vec<Vec<Kind>> =
            all.grants.iter().map(|(_, entries)| entries.iter().map(|entry| entry.kind).collect()).collect();
        assert_eq!(movements, [vec![Kind::Reserve, Kind::Release], vec![Kind::Reserve, Kind::Confirm]]);
        assert_eq!(all.tests.len(), 3, "two decisions and a signature");
    }

    async fn what_is_withdrawn_counts_no_more(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        assert_eq!(used(&company).await, cents(980_000));
        let version = company.read_application(id).await.unwrap().application.version;
        company.withdraw_application(id, "We bought our own.", version).await.unwrap();
        assert_eq!(used(&company).await, Money::ZERO);
        let read = company.own_aid().await.unwrap();
        assert_eq!(kinds(&read), [vec![Kind::Reserve, Kind::Confirm, Kind::Release]]);
        assert_eq!(read.grants[0].0.standing, Standing::Released);
    }

    async fn of_64_grants_at_once_exactly_as_many_pass_as_fit(world) {
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let mut companies = Vec::new();
        for number in 1..=64 {
            let (company, _) = small_company(&world, number).await;
            let owner = [("name", "Top Holding SA"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "100")];
            let owner = owner.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let seen = company.own_organisation().await.unwrap().organisation.version;
            company.add_owner(&owner, None, seen).await.unwrap();
            companies.push(company);
        }
        let mut ids = Vec::new();
        for company in &companies {
            ids.push((reviewed(&world, company, &reviewer).await, officer.clone()));
        }
        // Ten of 9,800.00 fill what is left to the cent.
        declare(&companies[0], "FR", &[(10, 202_000)]).await;
        let mut seen = Vec::new();
        for (id, officer) in ids {
            let version = officer.decision_case(id).await.unwrap().application.version;
            seen.push((id, officer, version));
        }
        let deciding = seen.into_iter().map(|(id, officer, version)| {
            tokio::spawn(async move {
                loop {
                    match officer.decide(id, &typed("approved", "5000"), version).await {
                        Err(Error::Busy) => tokio::task::yield_now().await,
                        decided => return decided,
                    }
                }
            })
        });
        let deciding: Vec<_> = deciding.collect();
        let (mut passed, mut refused) = (0, 0);
        for decided in deciding {
            match decided.await.unwrap() {
                Ok(()) => passed += 1,
                Err(Error::Invalid(invalid)) => {
                    assert_eq!(invalid.0, [("hours".to_owned(), Problem::AidCeiling { max: 0 })]);
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((passed, refused), (10, 54));
        let read = officer.aid_of(companies[5].actor.organisation().unwrap()).await.unwrap();
        assert_eq!(read.members.len(), 64);
        let room = read.states[0].room.as_ref().unwrap();
        assert_eq!((room.used, room.left), (cents(30_000_000), Money::ZERO));
        let listed = officer.aid_list().await.unwrap();
        assert_eq!((listed.len(), listed[0].members.len(), listed[0].left), (1, 64, Money::ZERO));
    }

    async fn hours_handed_back_or_added_move_the_aid_and_the_register(world) {
        let (company, officer, offer) = active(&world).await;
        let read = company.own_aid().await.unwrap();
        assert_eq!(read.grants[0].0.allocation_id, Some(offer.id));
        assert_eq!(used(&company).await, cents(784_000), "what was booked is what was granted");
        let seen = offer.version + 2;
        company.ask_action(offer.id, action::Kind::HandBack, &wanted("1000"), seen).await.unwrap();
        assert_eq!(used(&company).await, cents(588_000));
        company.ask_action(offer.id, action::Kind::Supplement, &wanted("500"), seen + 1).await.unwrap();
        let (waiting, _) = officer.list_actions().await.unwrap();
        let more = action::TypedDecision {
            outcome: "approved".to_owned(),
            amount: "500".to_owned(),
            reason: "The growth of the data is shown.".to_owned(),
        };
        // A supplement is a grant of its own: nothing fits, nothing is changed.
        declare(&company, "FR", &[(5, 293_200)]).await;
        let refused = officer.decide_action(waiting[0].row.id, &more, waiting[0].row.version).await;
        assert_eq!(fault(refused).1, Problem::TookPart, "the award was less than asked for: somebody else decides");
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        let refused = other.decide_action(waiting[0].row.id, &more, waiting[0].row.version).await;
        assert!(matches!(fault(refused).1, Problem::AidCeiling { max: 920 }));
        declare(&company, "FR", &[]).await;
        other.decide_action(waiting[0].row.id, &more, waiting[0].row.version).await.unwrap();
        let read = company.own_aid().await.unwrap();
        let amounts: Vec<i64> = read.grants.iter().map(|(grant, _)| grant.granted_cents.as_cents()).collect();
        assert_eq!((amounts.len(), amounts.iter().sum::<i64>()), (2, 686_000));
        let movements: usize = kinds(&read).iter().map(Vec::len).sum();
        assert_eq!(movements, 5, "reserved, granted, corrected; reserved, granted");

        // The register takes each once.
        let book = officer.aid_register(None).await.unwrap();
        let what = |lines: &[RegisterLine]| lines.iter().map(|line| (line.what, line.cents.as_cents())).collect::<Vec<_>>();
        let mut all = what(&book.due);
        all.sort_unstable();
        assert_eq!(all, [("correction", -196_000), ("grant", 98_000), ("grant", 784_000)]);
        assert!(book.due.iter().all(|line| line.due_on.to_string() == "2026-12-21" && !line.is_late), "{:?}", book.due);
        let entries: Vec<_> = book.due.iter().map(|line| line.entry).collect();
        let finance = staff(&world, "finance@x.example", Stand::Finance).await;
        assert_eq!(finance.publish_aid(&entries).await.unwrap(), 3);
        assert_eq!(finance.publish_aid(&entries).await.unwrap(), 0, "twice is once");
        let book = officer.aid_register(None).await.unwrap();
        assert_eq!((book.due.len(), book.published.len()), (0, 3));
        let sectors: Vec<_> = book.sectors.iter().map(|one| (one.nace.as_str(), one.beneficiaries, one.grants, one.amount)).collect();
        assert_eq!(sectors, [("62", 1, 2, cents(686_000))]);

        // What is never used is corrected when it ends.
        world.advance(TimeDelta::days(90));
        world.desk(Actor::SYSTEM).end_allocations().await.unwrap();
        assert_eq!(used(&now(&world, &company)).await, Money::ZERO);
        let due = now(&world, &officer).aid_register(None).await.unwrap().due;
        assert!(due.iter().all(|line| line.what == "withdrawal"), "{due:?}");
        assert_eq!(due.len(), 2);
    }

    async fn what_is_handed_back_whole_counts_no_more(world) {
        let (company, _, offer) = active(&world).await;
        company.ask_action(offer.id, action::Kind::HandBack, &wanted("4000"), offer.version + 2).await.unwrap();
        assert_eq!(used(&now(&world, &company)).await, Money::ZERO);
    }

    async fn use_that_is_taken_back_after_the_end_counts_no_more_and_once(world) {
        let (company, _, offer) = active(&world).await;
        let start = start_of_day(offer.first_week);
        let ran = |sequence, hours| Reading {
            job: "train".to_owned(), sequence, gpus: 8, start, end: start + TimeDelta::hours(hours),
        };
        world.advance(start - world.services.now() + TimeDelta::days(2));
        let meter = || world.desk(Actor::meter(offer.site_id));
        let sent = SentReading { allocation: offer.id, reading: ran(0, 10) };
        meter().record_readings(vec![sent]).await.unwrap().remove(0).unwrap();
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        world.advance(start_of_day(offer.slots().end()) - world.services.now() + TimeDelta::days(2));
        world.work().await;
        assert_eq!(used(&now(&world, &company)).await, cents(15_680), "eighty hours at 1.96");
        let correction = Correction { replaces: 0, reading: ran(1, 5) };
        let sent = SentCorrection { allocation: offer.id, correction };
        meter().record_corrections(vec![sent]).await.unwrap().remove(0).unwrap();
        assert_eq!(used(&now(&world, &company)).await, cents(7_840));
        // Half of the invoice is credited, and what is left is invoiced anew by hand: no other use, no other aid.
        world.work().await;
        let invoice = now(&world, &company).invoices(&all()).await.unwrap().remove(0).row;
        assert_eq!(invoice.credited_cents, cents(4_032), "{invoice:?}");
        let typed = TypedCredit { cause: "correction".to_owned(), reason: "Another name.".to_owned(), hours: vec![] };
        finance(&world).ask_credit(invoice.id, &typed).await.unwrap();
        world.work().await;
        assert_eq!(used(&now(&world, &company)).await, cents(7_840));
    }

    async fn a_merger_brings_the_aid_along(world) {
        let (first, _) = small_company(&world, 1).await;
        let (second, _) = small_company(&world, 2).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        declare(&first, "FR", &[(50, 120_000)]).await;
        let event = transfer::Typed {
            event: "merger".to_owned(),
            from: "000000001".to_owned(),
            to: "000 000 002".to_owned(),
            on: "2026-11-20".to_owned(),
            reason: "Deed of merger of 20 November 2026.".to_owned(),
            ..transfer::Typed::default()
        };
        officer.record_aid_transfer(&event).await.unwrap();
        assert_eq!((used(&first).await, used(&second).await), (Money::ZERO, cents(12_000_000)));
        assert_eq!(second.own_aid().await.unwrap().transfers.len(), 1);
        let nobody = transfer::Typed { to: "1".to_owned(), ..event };
        assert_eq!(fault(officer.record_aid_transfer(&nobody).await), ("to".to_owned(), Problem::NotAChoice));
    }

    async fn the_grants_of_a_company_are_there_to_choose_from_and_one_goes_with_its_activity(world) {
        let (company, officer, _) = active(&world).await;
        let (other, _) = small_company(&world, 2).await;
        let officer = now(&world, &officer);
        let grants = officer.transferable_grants("000 000 001").await.unwrap();
        let [grant] = &grants[..] else { panic!("one grant: {grants:?}") };
        assert_eq!((grant.standing, grant.state.code(), grant.granted_cents), (Standing::Granted, "FR", cents(784_000)));
        assert!(officer.transferable_grants("1").await.unwrap().is_empty());
        assert!(officer.transferable_grants("000000002").await.unwrap().is_empty());
        assert!(matches!(company.transferable_grants("000000001").await, Err(Error::Denied(_))));
        let event = transfer::Typed {
            event: "activity".to_owned(),
            from: "000000001".to_owned(),
            to: "000000002".to_owned(),
            on: grant.granted_on.unwrap().to_string(),
            reason: "Deed of division.".to_owned(),
            ..transfer::Typed::default()
        };
        let unchosen = officer.record_aid_transfer(&event).await;
        assert_eq!(fault(unchosen), ("grant".to_owned(), Problem::NotAChoice));
        let chosen = transfer::Typed { grant: grant.id.to_string(), ..event };
        officer.record_aid_transfer(&chosen).await.unwrap();
        assert_eq!(other.own_aid().await.unwrap().transfers.len(), 1);
    }

    async fn whose_money_it_is_decides_the_state_and_the_rule(world) {
        let (company, email) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        // Germany's own money for a company in France.
        from_pot(&world, "participating_state", "national_de", "de_minimis", "de_minimis").await;
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), (String::new(), Problem::AidDeclaration), "nothing is declared about Germany");
        declare(&company, "DE", &[]).await;
        let case = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap();
        assert_eq!(case.state.map(|state| state.to_string()).as_deref(), Some("DE"));

        // The same under the exemption: no ceiling of de minimis, but the rules of its article.
        from_pot(&world, "national_de", "participating_state_gber", "de_minimis", "gber").await;
        declare(&company, "FR", &[(10, 299_000)]).await;
        let mut in_difficulty = declaration(&company, "FR", &[]);
        in_difficulty.insert("in_difficulty".to_owned(), "yes".to_owned());
        company.declare_aid(&in_difficulty, Locale::En).await.unwrap();
        let refused = decide(&officer, id, &typed("approved", "5000")).await;
        assert_eq!(fault(refused), (String::new(), Problem::AidDifficulty));
        declare(&company, "FR", &[(10, 299_000)]).await;
        let tested = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap().tested.unwrap();
        assert!(tested.holds() && tested.checks.iter().all(|check| check.rule != Rule::Ceiling), "{:?}", tested.checks);
        assert_eq!(tested.room.unwrap().left, cents(22_000_000), "support services have an amount of their own");
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        let read = company.own_aid().await.unwrap();
        assert_eq!(read.grants[0].0.article.code(), "gber_28_support");
        let of_france = read.states.iter().find(|one| one.state.code() == "FR").unwrap();
        assert_eq!(of_france.room.as_ref().unwrap().used, cents(29_900_000), "exempted aid is not de minimis aid");
        let mails = world.lines(&format!("SELECT text FROM mail WHERE address = '{email}' AND kind = 'aid_exempted'")).await;
        assert!(mails.len() == 1 && mails[0].contains("No 651/2014") && mails[0].contains("Article 28"), "{mails:?}");
        assert!(officer.aid_register(None).await.unwrap().due.is_empty(), "at most 100,000 euro are not published");
    }

    async fn money_of_the_union_is_no_aid(world) {
        let (company, _) = small_company(&world, 1).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = reviewed(&world, &company, &reviewer).await;
        world.lines("DELETE FROM aid_declaration RETURNING state").await;
        from_pot(&world, "participating_state", "union", "de_minimis", "union_resources").await;
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        assert!(company.own_aid().await.unwrap().grants.is_empty());
        let case = officer.aid_case(id, GpuTime::hours(5_000).unwrap()).await.unwrap();
        assert!(case.tested.is_none() && case.tests.is_empty());
    }
}
