//! The workflow: one step at a time, who may take which way, clocks that stop and escalate, and what follows a refusal.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    application::{State, Step},
    id::{ApplicationId, SiteId},
    mode::Code,
    problem::Problem,
    workflow::{Kind, StepOutcome, StepState, assessment, edge::Node, question},
};
use services::{BoardKind, BoardQuery, Desk, Error};
use testkit::{World, both, problem};

use crate::{
    applications::{fill, small_company, submitted},
    capacity::site,
    reviews::{decide, draft, review, staff, typed},
};

/// A Large Scale application that would rather run at the site `alpha`.
pub async fn large(desk: &Desk, prefers: &str) -> ApplicationId {
    let id = desk.start_application(Code::LS).await.unwrap();
    fill(desk, id).await;
    let answers = [
        ("hours", "60 000"),
        ("gpus", "128"),
        ("months", "6"),
        ("flexible", "on"),
        ("earliest", "2027-01-11"),
        ("deadline", "2027-08-31"),
        ("prefer_1", prefers),
    ];
    let typed = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    desk.save_draft(id, Step::Compute, &typed(&answers)).await.unwrap();
    let rest = typed(&[("impact", "New products."), ("work_plan", "Three months."), ("readiness", "It runs.")]);
    for step in [Step::Project, Step::Data] {
        desk.save_draft(id, step, &rest).await.unwrap();
    }
    desk.save_draft(id, Step::Compute, &typed(&[("readiness", "It runs."), ("flexible", "on")])).await.unwrap();
    let read = desk.read_application(id).await.unwrap();
    assert_eq!(read.issues, []);
    desk.submit_application(id, read.application.version).await.unwrap();
    id
}

/// As it stands now, for who stands at this desk.
pub fn again(world: &World, desk: &Desk) -> Desk {
    world.desk(desk.actor)
}

pub async fn node(world: &World, company: &Desk, id: ApplicationId) -> Node {
    again(world, company).read_application(id).await.unwrap().course.node
}

pub async fn version(world: &World, officer: &Desk, id: ApplicationId) -> i32 {
    again(world, officer).course_case(id).await.unwrap().application.version
}

pub async fn operator(world: &World, at: SiteId, email: &str) -> Desk {
    staff(world, email, Stand::Operator { site: at }).await
}

pub fn verdict(said: &str) -> assessment::Typed {
    assessment::Typed {
        verdict: said.to_owned(),
        hours: "60 000".to_owned(),
        model: "H100".to_owned(),
        conditions: String::new(),
        comments: "Scales to the size they ask for.".to_owned(),
    }
}

pub fn asked(text: &str, days: &str) -> question::Typed {
    question::Typed { text: text.to_owned(), days: days.to_owned() }
}

const QUESTION: &str = "Under which licence is the data used?";
const GROUNDS: &str = "The second table of the estimate was overlooked.";

/// Given to this reviewer, as reviews of large applications are, and handed in.
pub async fn given(world: &World, officer: &Desk, reviewer: &Desk, id: ApplicationId) {
    again(world, officer).assign_review(id, reviewer.actor.person.unwrap()).await.unwrap();
    let reviewer = again(world, reviewer);
    reviewer.accept_assignment(id).await.unwrap();
    reviewer.hand_in_review(id, &draft(&reviewer, id, "approve").await).await.unwrap();
}

async fn deeds(world: &World, officer: &Desk, id: ApplicationId) -> Vec<String> {
    let case = again(world, officer).course_case(id).await.unwrap();
    case.course.transitions.into_iter().map(|row| row.deed).collect()
}

/// A refusal by this officer.
async fn refused(world: &World, company: &Desk, officer: &Desk) -> ApplicationId {
    let id = submitted(company).await;
    let reviewer = staff(world, &format!("reviewer-{id}@x.example"), Stand::Reviewer).await;
    review(&reviewer, id, "refuse").await;
    decide(&again(world, officer), id, &typed("refused", "")).await.unwrap();
    id
}

both! {
    async fn a_large_application_goes_through_every_step_of_its_plan(world) {
        let alpha = site(&world, "alpha", 64).await;
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let assessor = operator(&world, alpha, "alpha@x.example").await;
        let id = large(&company, "alpha").await;
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::AdministrativeCheck));
        // The clock runs from the cut-off of 30 November: one working day.
        let course = company.read_application(id).await.unwrap().course;
        assert_eq!(course.active().unwrap().due_at.unwrap().to_rfc3339(), "2026-12-01T22:59:59+00:00");
        let states: Vec<StepState> = course.steps.iter().map(|step| step.state).collect();
        use StepState::{Active, Pending, Skipped};
        assert_eq!(states, [Active, Pending, Pending, Pending, Skipped, Pending]);
        assert!(matches!(reviewer.take_next().await, Err(Error::NotFound)), "not the reviewers' turn yet");
        assert!(assessor.assessments().await.unwrap().is_empty(), "nor the site's");
        assert_eq!(problem(decide(&officer, id, &typed("refused", "")).await), Problem::ReviewMissing);

        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.check_admission(id, "perhaps", "", seen).await), Problem::Required);
        officer.check_admission(id, "admissible", "", seen).await.unwrap();
        assert!(matches!(officer.check_admission(id, "admissible", "", seen).await, Err(Error::Stale)));
        let now = version(&world, &officer, id).await;
        assert_eq!(problem(officer.check_admission(id, "admissible", "", now).await), Problem::AlreadyDone);

        assert!(world.mail_to("alpha@x.example").await.unwrap().contains("would like to run at your site"));
        let assessor = again(&world, &assessor);
        assert_eq!(assessor.assessments().await.unwrap().len(), 1);
        let missing = assessor.assess(id, &assessment::Typed::default()).await;
        assert!(matches!(missing, Err(Error::Invalid(invalid)) if invalid.0.len() == 4));
        assessor.assess(id, &verdict("feasible")).await.unwrap();
        assert!(matches!(again(&world, &assessor).assess(id, &verdict("feasible")).await, Err(Error::NotFound)));
        assert!(matches!(again(&world, &assessor).assessment_case(id).await, Err(Error::NotFound)), "no longer theirs");

        given(&world, &officer, &reviewer, id).await;
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Rebuttal));
        assert_eq!(problem(decide(&officer, id, &typed("refused", "")).await), Problem::NotThisStep);
        assert!(world.mail_to(&email).await.unwrap().contains("at most 500 words"));
        let company = again(&world, &company);
        let case = company.reply_case(id).await.unwrap();
        assert_eq!(case.comments, ["The plan is clear and the estimate is generous by a third."]);
        let long = "word ".repeat(501);
        assert_eq!(problem(company.reply(id, &long).await), Problem::TooManyWords { max: 500 });
        assert_eq!(company.reply_case(id).await.unwrap().text.split_whitespace().count(), 501, "what was typed is kept");
        company.reply(id, "The third is for restarts.").await.unwrap();
        assert_eq!(problem(company.reply(id, "Once more.").await), Problem::AlreadyDone);

        let officer = again(&world, &officer);
        assert_eq!(officer.decision_case(id).await.unwrap().course.rebuttal.unwrap().text, "The third is for restarts.");
        decide(&officer, id, &typed("approved", "50 000")).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::Approved);
        assert_eq!(
            deeds(&world, &officer, id).await,
            ["submit", "admit", "assess", "take-review", "complete-reviews", "reply", "approve"]
        );
        let steps = company.read_application(id).await.unwrap().course.steps;
        assert!(steps.iter().all(|step| matches!(step.state, StepState::Done | Skipped)));
        assert_eq!(steps.last().unwrap().outcome, Some(StepOutcome::Approved));
    }

    async fn an_inadmissible_application_is_refused_with_reasons_and_can_be_appealed(world) {
        site(&world, "alpha", 64).await;
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = large(&company, "alpha").await;
        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.check_admission(id, "not_admissible", "No.", seen).await), Problem::TooFewWords { min: 5 });
        officer.check_admission(id, "not_admissible", "The annex with the work plan is empty.", seen).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::Refused);
        let mail = world.mail_to(&email).await.unwrap();
        assert!(mail.contains("work plan is empty") && mail.contains("within 15 working days"), "{mail}");
        let company = again(&world, &company);
        company.file_appeal(id, GROUNDS).await.unwrap();
        let judge = staff(&world, "judge@x.example", Stand::Officer).await;
        let appeal = judge.course_case(id).await.unwrap().course.appeals[0].id;
        judge.judge_appeal(appeal, "upheld", "The annex was there after all.").await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::AdministrativeCheck), "it is checked again");
    }

    async fn an_operator_sees_only_what_their_site_is_asked(world) {
        let (alpha, beta) = (site(&world, "alpha", 64).await, site(&world, "beta", 64).await);
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let here = operator(&world, alpha, "alpha@x.example").await;
        let there = operator(&world, beta, "beta@x.example").await;
        let id = large(&company, "").await;
        officer.check_admission(id, "admissible", "", version(&world, &officer, id).await).await.unwrap();
        for desk in [&here, &there] {
            assert!(desk.assessments().await.unwrap().is_empty(), "no site was named");
        }
        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.choose_site(id, "nowhere", seen).await), Problem::NotAChoice);
        officer.choose_site(id, "alpha", seen).await.unwrap();
        assert_eq!(here.assessments().await.unwrap().len(), 1);
        for refused in [there.assessment_case(id).await.map(|_| ()), there.assess(id, &verdict("feasible")).await] {
            assert!(matches!(refused, Err(Error::NotFound)));
        }
        assert!(matches!(there.ask_question(id, &asked(QUESTION, "5")).await, Err(Error::NotFound)));
        // An operator with a seat in the company does not assess it.
        let insider = operator(&world, alpha, "insider@x.example").await;
        let organisation = company.actor.organisation().unwrap();
        let seat = Stand::Member { organisation, seat: domain::actor::Seat::Reader };
        world.place(insider.actor.person.unwrap(), seat).await;
        assert!(insider.assessments().await.unwrap().is_empty());
        assert!(matches!(insider.assess(id, &verdict("feasible")).await, Err(Error::NotFound)));

        here.assess(id, &verdict("infeasible")).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::TechnicalAssessment), "nobody's verdict decides");
        assert!(here.assessments().await.unwrap().is_empty());
        let seen = version(&world, &officer, id).await;
        officer.choose_site(id, "beta", seen).await.unwrap();
        there.assess(id, &verdict("infeasible")).await.unwrap();
        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.go_on(id, "", seen).await), Problem::ReasonRequired);
        officer.go_on(id, "The experts shall see it all the same.", seen).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::ExpertReview));
        assert!(company.read_application(id).await.unwrap().course.assessments.is_empty(), "between those who judge");
    }

    async fn a_question_stops_the_clock_and_the_answer_extends_it(world) {
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let id = submitted(&company).await;
        let before = company.read_application(id).await.unwrap();
        assert_eq!(problem(officer.ask_question(id, &asked("Why?", "5")).await), Problem::TooFewWords { min: 5 });
        officer.ask_question(id, &asked(QUESTION, "5")).await.unwrap();
        assert_eq!(problem(officer.ask_question(id, &asked(QUESTION, "5")).await), Problem::AnswerAwaited);
        assert!(world.mail_to(&email).await.unwrap().contains(QUESTION));
        assert!(matches!(reviewer.take_next().await, Err(Error::NotFound)), "it waits for the applicant");
        assert_eq!(reviewer.review_queue().await.unwrap().waiting_in_all, 0);
        let board = BoardQuery { which: BoardKind::Asked, ..BoardQuery::default() };
        assert_eq!(officer.board(&board).await.unwrap().cases.len(), 1);

        world.advance(TimeDelta::days(2));
        let company = again(&world, &company);
        let open = company.question_case(id).await.unwrap().question.id;
        assert_eq!(problem(company.answer_question(id, open, " ").await), Problem::Required);
        company.save_answer(id, open, "CC BY").await.unwrap();
        assert_eq!(company.question_case(id).await.unwrap().question.draft, "CC BY");
        world.work().await;
        assert_eq!(deeds(&world, &officer, id).await, ["submit", "ask"], "a clock that stands still is not late");
        company.answer_question(id, open, "CC BY 4.0, all of it.").await.unwrap();
        assert_eq!(problem(company.answer_question(id, open, "Again.").await), Problem::AlreadyDone);
        let after = company.read_application(id).await.unwrap();
        // Asked on Monday, answered on Wednesday: step and promise are two working days later.
        let due = |read: &services::ApplicationRead| read.course.active().unwrap().due_at.unwrap();
        assert_eq!((due(&before).to_rfc3339(), due(&after).to_rfc3339()),
            ("2026-11-24T22:59:59+00:00".to_owned(), "2026-11-26T22:59:59+00:00".to_owned()));
        assert_eq!(after.application.due_at.unwrap().to_rfc3339(), "2026-11-27T22:59:59+00:00");
        assert!(world.mail_to("officer@x.example").await.unwrap().contains("answered your question"));
        assert_eq!(again(&world, &reviewer).take_next().await.unwrap(), id);
    }

    async fn an_unanswered_question_lapses_and_nothing_is_decided(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = submitted(&company).await;
        officer.ask_question(id, &asked(QUESTION, "1")).await.unwrap();
        world.advance(TimeDelta::days(2));
        world.work().await;
        assert!(world.mail_to("officer@x.example").await.unwrap().contains("Nothing was decided"));
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::ExpertReview));
        let company = again(&world, &company);
        let late = company.question_case(id).await.unwrap().question;
        assert_eq!(late.state, question::State::Lapsed);
        company.answer_question(id, late.id, "Sorry: CC BY 4.0.").await.unwrap();
        assert_eq!(deeds(&world, &officer, id).await, ["submit", "ask", "lapse-question", "answer"]);
        world.work().await;
        assert_eq!(deeds(&world, &officer, id).await.len(), 4, "once");
    }

    async fn a_reviewer_asks_through_an_officer_and_stays_unknown(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let stranger = staff(&world, "stranger@x.example", Stand::Reviewer).await;
        let id = submitted(&company).await;
        assert_eq!(reviewer.take_next().await.unwrap(), id);
        assert!(matches!(stranger.suggest_question(id, QUESTION).await, Err(Error::NotFound)));
        reviewer.suggest_question(id, QUESTION).await.unwrap();
        reviewer.suggest_question(id, "How many people work on it now?").await.unwrap();
        let read = company.read_application(id).await.unwrap();
        assert!(read.course.questions.is_empty(), "a suggestion is between staff");
        let suggested = officer.course_case(id).await.unwrap().course.questions;
        officer.drop_question(id, suggested[1].id).await.unwrap();
        assert_eq!(problem(officer.drop_question(id, suggested[1].id).await), Problem::AlreadyDone);
        officer.pass_on_question(id, suggested[0].id, &asked("Which licence do the data have, please?", "3")).await.unwrap();
        let read = company.read_application(id).await.unwrap();
        assert_eq!(read.course.asked().unwrap().text, "Which licence do the data have, please?");
        let timeline = read.course.transitions.iter().find(|row| row.deed == "ask").unwrap();
        assert_eq!(timeline.actor_group, "officer");
    }

    async fn a_missed_deadline_reminds_then_substitutes_then_tells_the_officers(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let first = staff(&world, "first@x.example", Stand::Reviewer).await;
        let second = staff(&world, "second@x.example", Stand::Reviewer).await;
        let id = submitted(&company).await;
        assert_eq!(first.take_next().await.unwrap(), id);
        world.work().await;
        assert_eq!(deeds(&world, &officer, id).await, ["submit", "take-review"]);
        // Due on Tuesday; on Wednesday a reminder, on Thursday another reviewer may take it.
        world.advance(TimeDelta::days(2));
        world.work().await;
        world.work().await;
        assert!(world.mail_to("first@x.example").await.unwrap().contains("waits for you"));
        assert!(matches!(again(&world, &second).take_next().await, Err(Error::NotFound)));
        world.advance(TimeDelta::days(1));
        world.work().await;
        world.work().await;
        assert_eq!(deeds(&world, &officer, id).await[2..], ["remind", "substitute"]);
        let second = again(&world, &second);
        assert_eq!(second.take_next().await.unwrap(), id);
        assert!(matches!(again(&world, &first).take_next().await, Err(Error::NotFound)), "not the same again");
        world.advance(TimeDelta::days(1));
        world.work().await;
        world.advance(TimeDelta::days(30));
        world.work().await;
        world.work().await;
        assert_eq!(deeds(&world, &officer, id).await[4..], ["take-review", "escalate"], "each stage once");
        assert!(world.mail_to("officer@x.example").await.unwrap().contains("all officers"));
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::ExpertReview), "nothing is skipped or decided");
        // Whoever had it may still hand in.
        let first = again(&world, &first);
        let case = first.review_case(id).await.unwrap();
        let draft = domain::review::Draft {
            grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), "4".to_owned())).collect(),
            to_applicant: "The plan is clear and the estimate is generous.".to_owned(),
            to_officer: String::new(),
            advice: "approve".to_owned(),
        };
        first.hand_in_review(id, &draft).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
        // So may whoever took their place, until it is decided.
        again(&world, &second).hand_in_review(id, &draft).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
    }

    async fn reviews_given_out_go_to_somebody_else_when_nobody_answers_or_writes(world) {
        let alpha = site(&world, "alpha", 64).await;
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let assessor = operator(&world, alpha, "alpha@x.example").await;
        let id = large(&company, "alpha").await;
        let seen = version(&world, &officer, id).await;
        officer.check_admission(id, "admissible", "", seen).await.unwrap();
        again(&world, &assessor).assess(id, &verdict("feasible")).await.unwrap();
        let mut reviewers = Vec::new();
        for number in 1..=3 {
            reviewers.push(staff(&world, &format!("reviewer{number}@x.example"), Stand::Reviewer).await);
        }
        let me = |desk: &Desk| desk.actor.person.unwrap();
        let asked = async || {
            let asked = again(&world, &officer).read_assignment(Code::LS).await.unwrap().asked;
            let live = asked.into_iter().filter(|row| row.state.is_live());
            live.map(|row| row.person_id).collect::<Vec<_>>()
        };
        again(&world, &officer).assign_review(id, me(&reviewers[0])).await.unwrap();
        world.work().await;
        assert_eq!(asked().await, [me(&reviewers[0])]);
        // Two working days to say yes or no.
        world.advance(TimeDelta::days(4));
        world.work().await;
        world.work().await;
        let second = asked().await;
        assert_eq!(second.len(), 1, "one in the place of one");
        assert_ne!(second[0], me(&reviewers[0]));
        assert_eq!(problem(again(&world, &reviewers[0]).accept_assignment(id).await), Problem::AlreadyDone, "too late");
        let reviewer = reviewers.iter().find(|desk| me(desk) == second[0]).unwrap();
        again(&world, reviewer).accept_assignment(id).await.unwrap();
        world.advance(TimeDelta::days(30));
        for _ in 0..4 {
            world.work().await;
            world.advance(TimeDelta::days(3));
        }
        let third = asked().await;
        assert!(!third.contains(&me(reviewer)) && !third.contains(&me(&reviewers[0])), "{third:?}");
        // Whoever was late may still hand in; then nobody is asked any more.
        let late = again(&world, reviewer);
        late.hand_in_review(id, &draft(&late, id, "approve").await).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Rebuttal));
        assert_eq!(asked().await, []);
    }

    async fn a_late_decision_gets_an_officer_in_charge(world) {
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        let officer = staff(&world, "a-officer@x.example", Stand::Officer).await;
        review(&staff(&world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
        let conflicted = staff(&world, "b-officer@x.example", Stand::Officer).await;
        conflicted.declare_conflict(id, "A friend.").await.unwrap();
        world.advance(TimeDelta::days(3));
        world.work().await;
        world.work().await;
        world.advance(TimeDelta::days(3));
        world.services.desk(Actor::SYSTEM).watch_deadlines().await.unwrap();
        let course = again(&world, &officer).course_case(id).await.unwrap().course;
        assert_eq!(course.active().unwrap().in_charge, officer.actor.person);
        assert!(world.mail_to("b-officer@x.example").await.is_none(), "a conflict hides it from mails too");
    }

    async fn a_window_to_answer_the_reviews_closes_by_itself(world) {
        let alpha = site(&world, "alpha", 64).await;
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = large(&company, "alpha").await;
        officer.check_admission(id, "admissible", "", version(&world, &officer, id).await).await.unwrap();
        operator(&world, alpha, "alpha@x.example").await.assess(id, &verdict("feasible")).await.unwrap();
        given(&world, &officer, &staff(&world, "reviewer@x.example", Stand::Reviewer).await, id).await;
        company.save_reply(id, "Not finished").await.unwrap();
        assert!(again(&world, &officer).course_case(id).await.unwrap().course.rebuttal.is_none(), "a draft is theirs");
        // Reminded once, on the working day before the window ends.
        let told = async || world.mail_to(&email).await.unwrap_or_default();
        world.work().await;
        assert!(!told().await.contains("have not handed it in"));
        let until = again(&world, &company).reply_case(id).await.unwrap().until.unwrap();
        world.advance(until - world.services.now() - TimeDelta::hours(20));
        world.work().await;
        assert!(told().await.contains("have not handed it in"), "{}", told().await);
        let again_due = world.services.desk(Actor::SYSTEM).watch_deadlines().await.unwrap();
        assert_eq!(again_due, 0, "once");
        world.advance(TimeDelta::days(12));
        assert_eq!(problem(again(&world, &company).reply(id, "Too late.").await), Problem::DeadlinePassed);
        world.work().await;
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
        let steps = again(&world, &company).read_application(id).await.unwrap().course.steps;
        assert_eq!(steps[3].outcome, Some(StepOutcome::Lapsed));
    }

    async fn an_appeal_is_judged_by_somebody_who_took_no_part(world) {
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = refused(&world, &company, &officer).await;
        let company = again(&world, &company);
        assert_eq!(problem(company.file_appeal(id, "Unfair.").await), Problem::TooFewWords { min: 5 });
        let judge = staff(&world, "judge@x.example", Stand::Officer).await;
        company.file_appeal(id, GROUNDS).await.unwrap();
        assert_eq!(problem(company.file_appeal(id, GROUNDS).await), Problem::AlreadyDone);
        assert!(world.mail_to("judge@x.example").await.unwrap().contains("You took no part"));
        assert!(!world.mail_to("officer@x.example").await.unwrap_or_default().contains("You took no part"));
        let appeal = judge.course_case(id).await.unwrap().course.appeals[0].id;
        assert_eq!(problem(officer.judge_appeal(appeal, "rejected", "I was right all along here.").await), Problem::TookPart);
        // A reviewer of it who is an officer too does not judge it either.
        let reviewer = world.lines("SELECT CAST(COUNT(*) AS text) FROM review WHERE handed_in_at IS NOT NULL").await;
        assert_eq!(reviewer, ["1"]);
        let conflicted = staff(&world, "conflicted@x.example", Stand::Officer).await;
        conflicted.declare_conflict(id, "My brother works there.").await.unwrap();
        assert!(matches!(conflicted.judge_appeal(appeal, "upheld", "They are nice people there.").await, Err(Error::NotFound)));
        assert_eq!(judge.open_appeals().await.unwrap().iter().filter(|one| one.is_mine).count(), 1);
        assert_eq!(again(&world, &officer).open_appeals().await.unwrap().iter().filter(|one| one.is_mine).count(), 0);
        judge.judge_appeal(appeal, "rejected", "The second table was read and weighed.").await.unwrap();
        assert_eq!(problem(judge.judge_appeal(appeal, "upheld", "On second thoughts it is fine.").await), Problem::AlreadyDone);
        let mail = world.mail_to(&email).await.unwrap();
        assert!(mail.contains("European Ombudsman (Article 26 of Regulation (EU) 2021/1173)"), "{mail}");
        assert_eq!(node(&world, &company, id).await, Node::Refused);
        assert_eq!(problem(company.file_appeal(id, GROUNDS).await), Problem::AlreadyDone, "final");
    }

    async fn an_appeal_upheld_opens_the_decision_again_and_keeps_the_old_on_record(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = refused(&world, &company, &officer).await;
        again(&world, &company).file_appeal(id, GROUNDS).await.unwrap();
        let judge = staff(&world, "judge@x.example", Stand::Officer).await;
        let appeal = judge.course_case(id).await.unwrap().course.appeals[0].id;
        judge.judge_appeal(appeal, "upheld", "The second table changes the estimate.").await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
        let case = again(&world, &judge).course_case(id).await.unwrap();
        assert!(case.decision.is_none());
        let kept = &case.course.transitions.last().unwrap().detail;
        assert!(kept.contains("\"refused\"") && kept.contains("measured throughput"), "{kept}");
        decide(&again(&world, &officer), id, &typed("approved", "5000")).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::Approved);
    }

    async fn the_window_of_an_appeal_closes(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = refused(&world, &company, &officer).await;
        let until = again(&world, &company).read_application(id).await.unwrap().course.appeal_until.unwrap();
        assert_eq!(until.to_rfc3339(), "2026-12-14T22:59:59+00:00");
        world.advance(until - world.services.now() + TimeDelta::seconds(1));
        assert_eq!(problem(again(&world, &company).file_appeal(id, GROUNDS).await), Problem::DeadlinePassed);
    }

    async fn two_officers_open_a_refused_case_again(world) {
        let (company, email) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let id = refused(&world, &company, &officer).await;
        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.propose_reopening(id, " ", seen).await), Problem::ReasonRequired);
        officer.propose_reopening(id, "A review of another case was handed in here.", seen).await.unwrap();
        let seen = version(&world, &officer, id).await;
        assert_eq!(problem(officer.propose_reopening(id, "The same reasons once more, please.", seen).await), Problem::AlreadyDone);
        assert_eq!(problem(officer.sign_reopening(id, seen).await), Problem::SecondSignatureSame);
        assert!(again(&world, &company).read_application(id).await.unwrap().course.reopening.is_none());
        assert_eq!(second.open_reopenings().await.unwrap().len(), 1);
        second.drop_reopening(id, seen).await.unwrap();
        let seen = version(&world, &officer, id).await;
        officer.propose_reopening(id, "A review of another case was handed in here.", seen).await.unwrap();
        let seen = version(&world, &second, id).await;
        second.sign_reopening(id, seen).await.unwrap();
        assert!(matches!(second.sign_reopening(id, seen).await, Err(Error::Stale)));
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
        assert!(world.mail_to(&email).await.unwrap().contains("another case"));
    }

    async fn an_application_is_withdrawn_at_any_point_before_award(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let (asked_one, _) = small_company(&world, 1).await;
        let id = submitted(&asked_one).await;
        officer.ask_question(id, &asked(QUESTION, "5")).await.unwrap();
        let seen = asked_one.read_application(id).await.unwrap().application.version;
        assert_eq!(problem(asked_one.withdraw_application(id, "", seen).await), Problem::Required);
        asked_one.withdraw_application(id, "We found capacity elsewhere.", seen).await.unwrap();
        let read = asked_one.read_application(id).await.unwrap();
        assert_eq!((read.course.node, read.course.active(), read.course.asked()), (Node::Withdrawn, None, None));
        assert_eq!(read.course.transitions.last().unwrap().reason, "We found capacity elsewhere.");

        let (company, _) = small_company(&world, 2).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        site(&world, "alpha", 64).await;
        world.services.desk(Actor::SYSTEM).run_matching().await.unwrap();
        let offered = [domain::allocation::State::Offered];
        assert_eq!(company.read_allocations(&offered).await.unwrap().len(), 1);
        let seen = company.read_application(id).await.unwrap().application.version;
        company.withdraw_application(id, "The funding fell through.", seen).await.unwrap();
        assert!(company.read_allocations(&offered).await.unwrap().is_empty(), "the offer is given back");
        assert_eq!(company.read_application(id).await.unwrap().application.state, State::Withdrawn);
        assert_eq!(world.lines("SELECT CAST(SUM(held) AS text) FROM capacity").await, ["0"]);

        let (awarded, _) = small_company(&world, 3).await;
        let id = submitted(&awarded).await;
        review(&again(&world, &reviewer), id, "approve").await;
        decide(&officer, id, &typed("approved", "5000")).await.unwrap();
        world.services.desk(Actor::SYSTEM).run_matching().await.unwrap();
        let offer = awarded.read_allocations(&offered).await.unwrap().remove(0).row;
        awarded.accept_offer(offer.id, offer.version).await.unwrap();
        let seen = awarded.read_application(id).await.unwrap().application.version;
        assert_eq!(problem(awarded.withdraw_application(id, "Too late for this.", seen).await), Problem::Awarded);
    }

    async fn exactly_one_step_goes_on(world) {
        let (company, _) = small_company(&world, 1).await;
        submitted(&company).await;
        let both = "UPDATE step SET state = 'active', begun_at = CURRENT_TIMESTAMP, due_at = CURRENT_TIMESTAMP \
                    WHERE state = 'pending' RETURNING kind";
        let refused = tokio::task::spawn(async move { world.lines(both).await }).await;
        assert!(refused.is_err(), "the database itself refuses a second");
    }

    async fn the_board_lists_the_late_first_and_by_step(world) {
        site(&world, "alpha", 64).await;
        let (large_one, _) = small_company(&world, 1).await;
        let first = large(&large_one, "alpha").await;
        world.advance(TimeDelta::hours(1));
        let (company, _) = small_company(&world, 2).await;
        let second = submitted(&company).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let ids = async |query: BoardQuery| -> Vec<ApplicationId> {
            again(&world, &officer).board(&query).await.unwrap().cases.iter().map(|case| case.id).collect()
        };
        assert_eq!(ids(BoardQuery::default()).await, [second, first], "due tomorrow, and due after the cut-off");
        let step = |kind| BoardQuery { step: Some(kind), ..BoardQuery::default() };
        assert_eq!(ids(step(Kind::AdministrativeCheck)).await, [first]);
        assert_eq!(ids(step(Kind::ExpertReview)).await, [second]);
        world.advance(TimeDelta::days(3));
        let board = again(&world, &officer).board(&BoardQuery::default()).await.unwrap();
        assert_eq!(board.late, 1);
        assert!(board.cases[0].clock.as_ref().unwrap().is_late(world.services.now()));
        again(&world, &officer).ask_question(second, &asked(QUESTION, "5")).await.unwrap();
        assert_eq!(again(&world, &officer).board(&BoardQuery::default()).await.unwrap().late, 0, "its clock stands still");
    }
}
