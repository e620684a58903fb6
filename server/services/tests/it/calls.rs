//! Calls: built from a template, published version by version, applied under with what they ask, closed as their rule
//! says, and never by two at once for one place.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::Stand,
    application::{State as Standing, Step},
    call::{Section, State, check::Occasion},
    id::{ApplicationId, CallId},
    mode::Code,
    problem::{Invalid, Problem},
};
use services::{CallSource, Desk, Error, QuestionDeed};
use testkit::{World, both};

use crate::{
    applications::{fill, small_company},
    reviews::{decide, staff},
};

type Typed = BTreeMap<String, String>;

pub fn typed(pairs: &[(&str, &str)]) -> Typed {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An officer's desk.
pub async fn officer(world: &World) -> Desk {
    staff(world, "officer@x.example", Stand::Officer).await
}

async fn version(officer: &Desk, id: CallId) -> i32 {
    officer.read_call_draft(id).await.unwrap().row.version
}

pub async fn save(officer: &Desk, id: CallId, section: Section, pairs: &[(&str, &str)]) {
    let seen = version(officer, id).await;
    officer.save_call(id, section, &typed(pairs), seen).await.unwrap();
}

/// A Playground call from the template, with three questions, the second of which hangs on the first.
pub async fn draft(officer: &Desk, code: &str) -> CallId {
    let id = officer.create_call(CallSource::Template(Code::PG)).await.unwrap();
    save(officer, id, Section::Basics, &[("code", code), ("mode", "PG"), ("language-en", "on")]).await;
    let questions: [&[(&str, &str)]; 3] = [
        &[("kind", "yes_no"), ("label-en", "Do you use personal data?"), ("required", "on")],
        &[
            ("kind", "long"),
            ("label-en", "How do you protect it?"),
            ("required", "on"),
            ("words_max", "5"),
            ("shown_if", "1=yes"),
        ],
        &[("kind", "short"), ("label-en", "Plan"), ("attachment", "optional")],
    ];
    for (index, question) in questions.iter().enumerate() {
        let seen = version(officer, id).await;
        officer.change_call_questions(id, QuestionDeed::Add, seen).await.unwrap();
        let place = index + 1;
        let sent = question.iter().map(|(name, value)| (format!("question-{place}-{name}"), (*value).to_owned()));
        let seen = version(officer, id).await;
        officer.save_call_question(id, place, &sent.collect(), seen).await.unwrap();
    }
    id
}

pub async fn publish(officer: &Desk, id: CallId, reason: &str) {
    let seen = version(officer, id).await;
    officer.publish_call(id, reason, seen).await.unwrap();
}

/// A published call with these answers about its intake.
pub async fn open_call(officer: &Desk, code: &str, intake: &[(&str, &str)]) -> CallId {
    let id = draft(officer, code).await;
    let mut sent = typed(&[("intake", "always")]);
    sent.extend(typed(intake));
    let seen = version(officer, id).await;
    officer.save_call(id, Section::Intake, &sent, seen).await.unwrap();
    publish(officer, id, "").await;
    id
}

/// A draft under this call that lacks nothing.
pub async fn written(company: &Desk, code: &str) -> ApplicationId {
    let id = company.start_application_under(code).await.unwrap();
    fill(company, id).await;
    company.save_answers(id, &typed(&[("q-1", "no")])).await.unwrap();
    id
}

async fn seen(company: &Desk, id: ApplicationId) -> i32 {
    company.read_application(id).await.unwrap().application.version
}

pub async fn submit(company: &Desk, id: ApplicationId) -> services::Result<()> {
    let seen = seen(company, id).await;
    company.submit_application(id, seen).await
}

#[track_caller]
pub fn refused(outcome: services::Result<()>) -> Vec<(String, Problem)> {
    match outcome {
        Err(Error::Invalid(invalid)) => invalid.0,
        other => panic!("{other:?}"),
    }
}

fn at(desk: &Desk, now: DateTime<Utc>) -> Desk {
    Desk { now, ..desk.clone() }
}

const CONTENTS: &[u8] = b"%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >> endobj
";

/// The smallest PDF with a page.
pub fn pdf() -> Vec<u8> {
    let mut bytes = CONTENTS.to_vec();
    let place = |needle: &str| CONTENTS.windows(needle.len()).position(|window| window == needle.as_bytes()).unwrap();
    let table = bytes.len();
    let mut tail = "xref\n0 4\n0000000000 65535 f \n".to_owned();
    for object in ["1 0 obj", "2 0 obj", "3 0 obj"] {
        tail.push_str(&format!("{:010} 00000 n \n", place(object)));
    }
    tail.push_str(&format!("trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    bytes.extend(tail.as_bytes());
    bytes
}

both! {
    async fn a_call_is_built_published_changed_and_closed(world) {
        let officer = officer(&world).await;
        let id = officer.create_call(CallSource::Template(Code::LS)).await.unwrap();
        // Nothing but the code is missing from a template.
        let read = officer.read_call_draft(id).await.unwrap();
        assert_eq!(read.issues, [("code".to_owned(), Problem::Required)]);
        assert!(officer.preview_call(id).await.is_err());
        let missing = refused(officer.publish_call(id, "", read.row.version).await);
        assert_eq!(missing, read.issues);
        assert!(officer.list_calls().await.unwrap().is_empty(), "a draft is not public");

        let basics = [("code", "ls-2027"), ("mode", "LS"), ("language-en", "on"), ("language-fr", "on")];
        save(&officer, id, Section::Basics, &basics).await;
        assert_eq!(officer.preview_call(id).await.unwrap().under.code, "LS-2027");
        let stale = officer.save_call(id, Section::Basics, &typed(&basics), read.row.version).await;
        assert!(matches!(stale, Err(Error::Stale)), "another tab saved in between");
        publish(&officer, id, "").await;
        let public = officer.read_call("ls-2027").await.unwrap();
        assert_eq!((public.under.version, public.under.standing.is_open()), (1, true));

        // Nothing changed, no reason, and then a second version; code and mode stay.
        let now = version(&officer, id).await;
        assert_eq!(refused(officer.publish_call(id, "x", now).await), [(String::new(), Problem::AlreadyDone)]);
        save(&officer, id, Section::Size, &[("max_gpus", "4096")]).await;
        save(&officer, id, Section::Basics, &[("code", "other"), ("mode", "PG"), ("language-en", "on"), ("language-fr", "on")]).await;
        let now = version(&officer, id).await;
        assert_eq!(refused(officer.publish_call(id, " ", now).await), [("reason".to_owned(), Problem::ReasonRequired)]);
        assert_eq!(officer.read_call("LS-2027").await.unwrap().under.terms.max_gpus, 8_192, "not before it is published");
        publish(&officer, id, "Half the machine is away.").await;
        let read = officer.read_call_draft(id).await.unwrap();
        assert_eq!(read.versions.len(), 2);
        assert_eq!(read.versions[0].changes, [("max_gpus".to_owned(), "8192".to_owned(), "4096".to_owned())]);
        assert_eq!(officer.read_call("LS-2027").await.unwrap().under.terms.max_gpus, 4_096);

        // The code is taken, a copy has neither code nor days.
        let copy = officer.create_call(CallSource::Copy(id)).await.unwrap();
        let read = officer.read_call_draft(copy).await.unwrap();
        assert_eq!((read.draft.get("code"), read.draft.get("max_gpus")), ("", "4096"));
        save(&officer, copy, Section::Basics, &basics).await;
        save(&officer, copy, Section::Intake, &[("intake", "always")]).await;
        let now = version(&officer, copy).await;
        assert_eq!(refused(officer.publish_call(copy, "", now).await), [("code".to_owned(), Problem::Taken)]);

        let now = version(&officer, id).await;
        assert_eq!(refused(officer.close_call(id, "", now).await), [("reason".to_owned(), Problem::Required)]);
        officer.close_call(id, "The money went elsewhere.", now).await.unwrap();
        assert!(matches!(officer.close_call(id, "Again.", now).await, Err(Error::Stale)));
        let now = version(&officer, id).await;
        assert_eq!(refused(officer.close_call(id, "Again.", now).await), [(String::new(), Problem::AlreadyDone)]);
        assert!(!officer.read_call("LS-2027").await.unwrap().under.standing.is_open());
        officer.archive_call(id, now).await.unwrap();
        assert!(officer.list_calls().await.unwrap().is_empty());
    }

    async fn what_was_applied_for_stays_under_its_version(world) {
        let officer = officer(&world).await;
        let id = open_call(&officer, "PG-ONE", &[]).await;
        let (company, _) = small_company(&world, 1).await;
        let application = written(&company, "PG-ONE").await;
        let (other, _) = small_company(&world, 2).await;
        let draft = written(&other, "PG-ONE").await;
        submit(&company, application).await.unwrap();
        // The second version asks more and takes less.
        save(&officer, id, Section::Size, &[("at_most", "4000"), ("max_gpus", "64")]).await;
        publish(&officer, id, "Less capacity.").await;
        let read = company.read_application(application).await.unwrap();
        assert_eq!((read.application.call_version, read.mode.at_most_hours), (1, 5_000));
        assert_eq!(company.plan_of_application(application).await.unwrap().steps.len(), 2);
        let read = other.read_application(draft).await.unwrap();
        assert_eq!(read.mode.at_most_hours, 4_000, "a draft has to meet today's");
        assert_eq!(refused(submit(&other, draft).await), [("hours".to_owned(), Problem::TooLarge { max: 4_000 })]);
    }

    async fn questions_are_asked_as_answers_show_them_and_their_faults_are_at_their_fields(world) {
        let officer = officer(&world).await;
        open_call(&officer, "PG-ONE", &[]).await;
        let (company, _) = small_company(&world, 1).await;
        let id = company.start_application_under("PG-ONE").await.unwrap();
        fill(&company, id).await;
        let field = |name: &str, problem| (name.to_owned(), problem);
        assert_eq!(refused(submit(&company, id).await), [field("q-1", Problem::Required)]);
        assert!(company.save_answers(id, &typed(&[("q-1", "yes"), ("q-2", "unseen")])).await.unwrap());
        assert_eq!(refused(submit(&company, id).await), [field("q-2", Problem::Required)]);
        let hostile = "<script>alert(1)</script> and\u{7} four words more";
        assert!(!company.save_answers(id, &typed(&[("q-1", "yes"), ("q-2", hostile)])).await.unwrap());
        assert_eq!(refused(submit(&company, id).await), [field("q-2", Problem::ControlCharacters)]);
        let many = "w ".repeat(5_000_000);
        company.save_answers(id, &typed(&[("q-2", many.as_str())])).await.unwrap();
        assert_eq!(refused(submit(&company, id).await), [field("q-2", Problem::TooManyWords { max: 5 })]);
        company.save_answers(id, &typed(&[("q-2", "<b>Locked</b> away"), ("q-3", "A plan")])).await.unwrap();
        submit(&company, id).await.unwrap();
        assert_eq!(refused(company.save_answers(id, &typed(&[("q-1", "no")])).await.map(|_| ())), [field("", Problem::AlreadyDone)]);
        // Who reviews and who decides read them in their order, and the reviewer grades by the call's own rubric.
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        assert_eq!(refused(reviewer.take_next().await.map(|_| ())), [field("", Problem::TermsNotAccepted)], "of this call");
        crate::reviews::accept_terms(&reviewer).await;
        reviewer.take_next().await.unwrap();
        let case = reviewer.review_case(id).await.unwrap();
        let answers: Vec<_> = case.answers.visible().map(|one| case.answers.answers.get(&one.code).to_owned()).collect();
        assert_eq!(answers, ["yes", "<b>Locked</b> away", "A plan"]);
        assert_eq!(case.rubric.scale.len(), 5, "of the call, with a description of each grade");
    }

    async fn a_file_is_a_pdf_by_its_content_and_is_seen_by_whoever_sees_the_application(world) {
        let officer = officer(&world).await;
        open_call(&officer, "PG-ONE", &[]).await;
        let (company, _) = small_company(&world, 1).await;
        let id = written(&company, "PG-ONE").await;
        let wrong = [
            (b"GIF89a".to_vec(), Problem::NotAPdf),
            (b"%PDF-1.7 <script>alert(1)</script>".to_vec(), Problem::NotAPdf),
            (Vec::new(), Problem::Required),
            ([pdf(), vec![b' '; 10 * 1024 * 1024]].concat(), Problem::FileTooLarge { max: 10 }),
        ];
        for (content, problem) in wrong {
            let outcome = company.attach(id, "3", "plan.pdf", content).await;
            assert_eq!(refused(outcome), [("file-3".to_owned(), problem)]);
        }
        assert!(matches!(company.attach(id, "1", "plan.pdf", pdf()).await, Err(Error::NotFound)), "takes no file");
        assert!(matches!(company.attach(id, "2", "plan.pdf", pdf()).await, Err(Error::NotFound)), "is not asked");
        company.attach(id, "3", "first.pdf", pdf()).await.unwrap();
        company.attach(id, "3", "../Plan \"B\".pdf", pdf()).await.unwrap();
        let read = company.read_application(id).await.unwrap();
        assert_eq!(read.answers.files.len(), 1, "the second replaces the first");
        let file = read.answers.files[0].clone();
        assert_eq!(company.read_attachment(file.id).await.unwrap(), ("Plan _B_.pdf".to_owned(), pdf()));
        let (stranger, _) = small_company(&world, 2).await;
        assert!(matches!(stranger.read_attachment(file.id).await, Err(Error::NotFound)));
        assert!(matches!(officer.read_attachment(file.id).await, Err(Error::NotFound)), "a draft is nobody's");
        submit(&company, id).await.unwrap();
        assert!(officer.read_attachment(file.id).await.is_ok());
        officer.declare_conflict(id, "I advised them.").await.unwrap();
        assert!(matches!(officer.read_attachment(file.id).await, Err(Error::NotFound)));
        assert!(matches!(officer.eligibility_of(id).await, Err(Error::NotFound)));
        assert_eq!(refused(company.detach(id, "3").await), [(String::new(), Problem::AlreadyDone)]);
    }

    async fn the_one_in_time_is_in_and_the_late_one_keeps_its_draft(world) {
        let officer = officer(&world).await;
        // Summer time begins on 28 March 2027: ten in Brussels is nine in London the day before, eight the day after.
        open_call(&officer, "PG-ONE", &[("intake", "deadline"), ("deadline", "2026-12-01")]).await;
        let deadline: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let (early, _) = small_company(&world, 1).await;
        let (late, _) = small_company(&world, 2).await;
        let (in_time, too_late) = (written(&early, "PG-ONE").await, written(&late, "PG-ONE").await);
        let last = at(&early, deadline - TimeDelta::milliseconds(1));
        submit(&last, in_time).await.unwrap();
        let after = at(&late, deadline);
        assert_eq!(refused(submit(&after, too_late).await), [(String::new(), Problem::CallClosed)]);
        let read = after.read_application(too_late).await.unwrap();
        assert_eq!((read.application.state, read.draft.get("title")), (Standing::Draft, "Speech"));
        assert_eq!(read.issues, [(String::new(), Problem::CallClosed)], "and is told");
        assert!(matches!(after.start_application_under("PG-ONE").await, Err(Error::Invalid(_))));
    }

    async fn whoever_was_told_of_a_cut_off_is_not_put_into_the_next_unasked(world) {
        let officer = officer(&world).await;
        let days = "2026-12-01\n2027-03-29";
        open_call(&officer, "PG-ONE", &[("intake", "cut_offs"), ("cut_offs", days)]).await;
        let (company, _) = small_company(&world, 1).await;
        let id = written(&company, "PG-ONE").await;
        company.save_draft(id, Step::Compute, &typed(&[("earliest", "2027-05-03"), ("flexible", "on")])).await.unwrap();
        let told = company.read_application(id).await.unwrap().round;
        assert_eq!(told, Some("2026-12-01T09:00:00Z".parse().unwrap()));
        let late = at(&company, "2026-12-01T09:00:00Z".parse().unwrap());
        let version = seen(&company, id).await;
        let outcome = late.submit_for_round(id, version, told).await;
        assert_eq!(refused(outcome), [(String::new(), Problem::CutOffPassed)]);
        // Told of the new one, in summer time by then, they hand in again.
        let told = late.read_application(id).await.unwrap().round;
        assert_eq!(told, Some("2027-03-29T08:00:00Z".parse().unwrap()));
        late.submit_for_round(id, version, told).await.unwrap();
    }

    async fn the_last_place_is_given_once(world) {
        let officer = officer(&world).await;
        let id = open_call(&officer, "PG-ONE", &[("places", "1")]).await;
        let outcomes = race(&world, "PG-ONE").await;
        assert_eq!(outcomes, [None, Some(Problem::NoPlaceLeft)]);
        let row = officer.read_call_draft(id).await.unwrap().row;
        assert_eq!((row.state, row.taken), (State::Closed, 1));
        assert_eq!(world.lines("SELECT closing FROM call").await, ["places"]);
    }

    async fn the_last_euro_is_given_once(world) {
        let officer = officer(&world).await;
        // A subsidy of 5,000 hours on H100 fits once.
        let (company, _) = small_company(&world, 9).await;
        open_call(&officer, "PRICE", &[]).await;
        let one = written(&company, "PRICE").await;
        let subsidy = company.read_application(one).await.unwrap().quote.unwrap().subsidy;
        assert!(subsidy.as_cents() > 0);
        let funds = format!("{}.{:02}", subsidy.as_cents() / 100, subsidy.as_cents() % 100);
        let id = open_call(&officer, "PG-ONE", &[("funds", funds.as_str())]).await;
        let outcomes = race(&world, "PG-ONE").await;
        assert_eq!(outcomes, [None, Some(Problem::PotTooSmall { max: 0 })]);
        let row = officer.read_call_draft(id).await.unwrap().row;
        assert_eq!((row.state, row.committed), (State::Closed, subsidy));
        assert_eq!(world.lines("SELECT closing FROM call WHERE code = 'PG-ONE'").await, ["funds"]);
    }

    async fn a_withdrawal_gives_its_place_back(world) {
        let officer = officer(&world).await;
        let id = open_call(&officer, "PG-ONE", &[("places", "2"), ("funds", "1000000")]).await;
        let (company, _) = small_company(&world, 1).await;
        let application = written(&company, "PG-ONE").await;
        submit(&company, application).await.unwrap();
        let version = seen(&company, application).await;
        company.withdraw_application(application, "Our own cluster is free.", version).await.unwrap();
        let row = officer.read_call_draft(id).await.unwrap().row;
        assert_eq!((row.taken, row.committed.as_cents(), row.state), (0, 0, State::Published));
        // And it does not count against the cap.
        let again = written(&company, "PG-ONE").await;
        submit(&company, again).await.unwrap();
    }

    async fn caps_hold_for_the_organisation_and_for_its_group(world) {
        let officer = officer(&world).await;
        let id = draft(&officer, "PG-ONE").await;
        save(&officer, id, Section::Eligibility, &[
            ("programme-union", "on"), ("class-small", "on"), ("class-micro", "on"), ("class-medium", "on"),
            ("per_organisation", "1"), ("per_group", "1"),
        ]).await;
        publish(&officer, id, "").await;
        let (mother, _) = small_company(&world, 1).await;
        let (daughter, _) = small_company(&world, 2).await;
        let seen = daughter.own_organisation().await.unwrap().organisation.version;
        // As the owner is written matters not.
        let owner = [
            ("name", "  COMPANY 1 "), ("direction", "upstream"), ("kind", "enterprise"), ("share", "80"),
            ("staff", "3"), ("turnover", "100000"), ("balance", "100000"),
        ];
        daughter.add_owner(&typed(&owner), None, seen).await.unwrap();
        let waiting = written(&daughter, "PG-ONE").await;
        let second = written(&mother, "PG-ONE").await;
        let first = written(&mother, "PG-ONE").await;
        submit(&mother, first).await.unwrap();
        assert_eq!(refused(submit(&mother, second).await), [
            (String::new(), Problem::CallTaken), (String::new(), Problem::GroupTaken),
        ]);
        assert_eq!(refused(submit(&daughter, waiting).await), [(String::new(), Problem::GroupTaken)]);
        let begun = daughter.start_application_under("PG-ONE").await;
        assert!(matches!(begun, Err(Error::Invalid(ref invalid)) if *invalid == Invalid::one("", Problem::GroupTaken)));
    }

    async fn every_test_of_eligibility_is_kept_with_what_it_saw(world) {
        let officer = officer(&world).await;
        open_call(&officer, "PG-ONE", &[]).await;
        let (company, _) = small_company(&world, 1).await;
        let id = written(&company, "PG-ONE").await;
        company.save_draft(id, Step::Compute, &typed(&[("hours", "9000")])).await.unwrap();
        refused(submit(&company, id).await);
        company.save_draft(id, Step::Compute, &typed(&[("hours", "4000"), ("flexible", "on")])).await.unwrap();
        submit(&company, id).await.unwrap();
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        crate::reviews::review(&reviewer, id, "approve").await;
        // The company has outgrown the call since.
        let version = company.own_organisation().await.unwrap().organisation.version;
        let grown = [("year1_ends", "2025-12-31"), ("year1_staff", "2000"), ("year1_turnover", "900000000"), ("year1_balance", "900000000")];
        company.change_figures(&typed(&grown), version).await.unwrap();
        let decision = crate::reviews::typed("approved", "4000");
        assert_eq!(refused(decide(&officer, id, &decision).await), [("outcome".to_owned(), Problem::NotEligible)]);
        let tests = officer.eligibility_of(id).await.unwrap();
        let said: Vec<_> = tests.iter().map(|test| (test.row.occasion, test.row.holds)).collect();
        assert_eq!(said, [
            (Occasion::Start, true), (Occasion::Submit, false), (Occasion::Submit, true), (Occasion::Award, false),
        ]);
        let (before, after) = (&tests[2].facts, &tests[3].facts);
        assert_ne!(before.of_mode.size_class, after.of_mode.size_class);
        assert_eq!(before.of_mode.gpu_time.unwrap().whole_hours(), 4_000);
    }

    async fn two_tabs_and_a_second_click_are_told_so(world) {
        let officer = officer(&world).await;
        open_call(&officer, "PG-ONE", &[("places", "5")]).await;
        let (company, _) = small_company(&world, 1).await;
        let id = written(&company, "PG-ONE").await;
        let version = seen(&company, id).await;
        company.save_answers(id, &typed(&[("q-1", "no"), ("q-3", "other tab")])).await.unwrap();
        assert!(matches!(company.submit_application(id, version).await, Err(Error::Stale)));
        submit(&company, id).await.unwrap();
        assert_eq!(refused(submit(&company, id).await), [(String::new(), Problem::AlreadyDone)]);
        assert_eq!(world.lines("SELECT CAST(taken AS text) FROM call").await, ["1"]);
    }
}

/// Two companies hand in at once; what became of them, the one that got in first.
async fn race(world: &World, code: &str) -> [Option<Problem>; 2] {
    let (one, _) = small_company(world, 1).await;
    let (other, _) = small_company(world, 2).await;
    let (first, second) = (written(&one, code).await, written(&other, code).await);
    let (a, b) = tokio::join!(
        tokio::spawn(async move { submit(&one, first).await }),
        tokio::spawn(async move { submit(&other, second).await }),
    );
    let problem = |outcome: services::Result<()>| outcome.err().map(|error| refused(Err(error)).remove(0).1);
    let mut outcomes = [problem(a.unwrap()), problem(b.unwrap())];
    outcomes.sort_by_key(Option::is_some);
    outcomes
}
