//! Reviews and decisions: order of arrival, what a conflict hides, who may sign, and what was read is what is signed.

use domain::{
    actor::{Actor, Seat, Stand},
    application::State,
    id::ApplicationId,
    mode::Code,
    problem::Problem,
    review::{Draft, TypedDecision},
    scope::Scope,
};
use services::{BoardKind, BoardQuery, Case, Desk, Error, Result};
use testkit::{World, both, problem};

use crate::applications::{small_company, submitted};

/// A person with this role and nothing else.
pub async fn staff(world: &World, email: &str, stand: Stand) -> Desk {
    let person = world.person(email).await;
    world.place(person, stand).await;
    world.desk(Actor::person(person, stand))
}

/// Accepts every term that is open: of calls that were published since this reviewer came.
pub async fn accept_terms(reviewer: &Desk) {
    let open = reviewer.reviewer().await.unwrap().terms.into_iter().filter(|terms| terms.accepted_at.is_none());
    for terms in open {
        let scope = terms.name.scope.to_string();
        reviewer.accept_terms(&scope, terms.version, true, text::Locale::En).await.unwrap();
    }
}

/// Takes the next, which must be this one, and hands in a review of it.
pub async fn review(reviewer: &Desk, id: ApplicationId, advice: &str) {
    accept_terms(reviewer).await;
    assert_eq!(reviewer.take_next().await.unwrap(), id);
    reviewer.hand_in_review(id, &draft(reviewer, id, advice).await).await.unwrap();
}

pub async fn draft(reviewer: &Desk, id: ApplicationId, advice: &str) -> Draft {
    let case = reviewer.review_case(id).await.unwrap();
    Draft {
        grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), "4".to_owned())).collect(),
        to_applicant: "The plan is clear and the estimate is generous by a third.".to_owned(),
        to_officer: String::new(),
        advice: advice.to_owned(),
    }
}

pub fn typed(outcome: &str, hours: &str) -> TypedDecision {
    TypedDecision {
        outcome: outcome.to_owned(),
        hours: hours.to_owned(),
        reasons: "The estimate was compared with measured throughput.".to_owned(),
    }
}

/// Decides what the page shows now.
pub async fn decide(officer: &Desk, id: ApplicationId, decision: &TypedDecision) -> Result<()> {
    let seen = seen(officer, id).await;
    officer.decide(id, decision, seen).await
}

async fn seen(officer: &Desk, id: ApplicationId) -> i32 {
    officer.decision_case(id).await.unwrap().application.version
}

async fn state(company: &Desk, id: ApplicationId) -> State {
    company.read_application(id).await.unwrap().application.state
}

fn ids(cases: &[Case]) -> Vec<ApplicationId> {
    cases.iter().map(|case| case.id).collect()
}

/// An application whose decision is above the limit, made by the first of two officers.
async fn awaiting(world: &World) -> (Desk, ApplicationId, Desk, Desk) {
    let (company, _) = small_company(world, 1).await;
    let id = submitted(&company).await;
    world.ask_for(id, 60_000).await;
    review(&staff(world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
    let first = staff(world, "first@x.example", Stand::Officer).await;
    let second = staff(world, "second@x.example", Stand::Officer).await;
    decide(&first, id, &typed("approved", "60 000")).await.unwrap();
    assert_eq!(state(&company, id).await, State::AwaitingSignature);
    (company, id, first, second)
}

both! {
    async fn the_first_to_arrive_is_the_first_to_be_taken_whoever_asks(world) {
        let mut arrived = Vec::new();
        for number in 1..=3 {
            let (company, _) = small_company(&world, number).await;
            arrived.push(submitted(&company).await);
            world.advance(chrono::TimeDelta::minutes(1));
        }
        let one = staff(&world, "one@x.example", Stand::Reviewer).await;
        let two = staff(&world, "two@x.example", Stand::Reviewer).await;
        assert_eq!(ids(&one.review_queue().await.unwrap().waiting), arrived);
        let (first, second) = tokio::join!(one.take_next(), two.take_next());
        let mut taken = vec![first.unwrap(), second.unwrap()];
        taken.sort_by_key(|id| arrived.iter().position(|arrived| arrived == id));
        assert_eq!(taken, arrived[..2], "two at once take the first two, one each");
        assert_eq!(one.take_next().await.unwrap(), arrived[2]);
        assert!(matches!(two.take_next().await, Err(Error::NotFound)), "nothing is left");
    }

    async fn a_conflict_hides_the_application_from_every_list_page_and_count(world) {
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        let conflicted = staff(&world, "conflicted@x.example", Stand::Reviewer).await;
        assert_eq!(conflicted.take_next().await.unwrap(), id);
        assert_eq!(problem(conflicted.declare_conflict(id, " ").await), Problem::Required);
        conflicted.declare_conflict(id, "My sister works there.").await.unwrap();
        let queue = conflicted.review_queue().await.unwrap();
        assert_eq!((ids(&queue.mine), ids(&queue.waiting)), (vec![], vec![]));
        assert!(matches!(conflicted.take_next().await, Err(Error::NotFound)));
        assert!(matches!(conflicted.review_case(id).await, Err(Error::NotFound)));
        assert!(matches!(conflicted.save_review(id, &Draft::default()).await, Err(Error::NotFound)));
        assert!(matches!(conflicted.declare_conflict(id, "Again.").await, Err(Error::NotFound)));
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(ids(&officer.board(&BoardQuery::default()).await.unwrap().cases), [id], "it is back in its place for everybody else");
        officer.declare_conflict(id, "I invested in it.").await.unwrap();
        assert_eq!(ids(&officer.board(&BoardQuery::default()).await.unwrap().cases), []);
        assert!(matches!(officer.decision_case(id).await, Err(Error::NotFound)));
        let free = staff(&world, "free@x.example", Stand::Reviewer).await;
        assert_eq!(free.take_next().await.unwrap(), id);
    }

    async fn nobody_sees_or_decides_their_own_company(world) {
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        let seat = Stand::Member { organisation: company.actor.organisation().unwrap(), seat: Seat::Reader };
        for stand in [Stand::Reviewer, Stand::Officer] {
            let insider = world.person(&format!("{:?}@x.example", Actor::person(company.actor.person.unwrap(), stand).group())).await;
            world.place(insider, stand).await;
            world.place(insider, seat).await;
            let desk = world.desk(Actor::person(insider, stand));
            if stand == Stand::Reviewer {
                assert_eq!(ids(&desk.review_queue().await.unwrap().waiting), []);
                assert!(matches!(desk.take_next().await, Err(Error::NotFound)));
            } else {
                assert_eq!(ids(&desk.board(&BoardQuery::default()).await.unwrap().cases), []);
                assert!(matches!(desk.decide(id, &typed("approved", "5000"), 2).await, Err(Error::NotFound)));
            }
        }
    }

    async fn a_decision_follows_a_review_by_somebody_else(world) {
        let (company, email) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        let both_roles = staff(&world, "both@x.example", Stand::Reviewer).await;
        let person = both_roles.actor.person.unwrap();
        world.place(person, Stand::Officer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(both_roles.take_next().await.unwrap(), id);
        assert_eq!(problem(decide(&officer, id, &typed("approved", "5000")).await), Problem::ReviewMissing);
        let draft = draft(&both_roles, id, "refuse").await;
        both_roles.hand_in_review(id, &draft).await.unwrap();
        assert_eq!(problem(both_roles.hand_in_review(id, &draft).await), Problem::AlreadyDone);
        let as_officer = world.desk(Actor::person(person, Stand::Officer));
        assert_eq!(problem(decide(&as_officer, id, &typed("refused", "")).await), Problem::OwnReview);
        assert_eq!(problem(decide(&officer, id, &typed("approved", "1.5")).await), Problem::NotANumber);
        decide(&officer, id, &typed("refused", "")).await.unwrap();
        assert_eq!(state(&company, id).await, State::Refused);
        assert!(world.mail_to(&email).await.unwrap().contains("measured throughput"), "with the reasons");
        assert_eq!(problem(decide(&officer, id, &typed("approved", "5000")).await), Problem::AlreadyDone);
    }

    async fn a_withdrawn_application_takes_no_review(world) {
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        assert_eq!(reviewer.take_next().await.unwrap(), id);
        let draft = draft(&reviewer, id, "approve").await;
        let seen = company.read_application(id).await.unwrap().application.version;
        company.withdraw_application(id, "No longer needed.", seen).await.unwrap();
        assert_eq!(problem(reviewer.hand_in_review(id, &draft).await), Problem::AlreadyDone);
        assert_eq!(problem(reviewer.save_review(id, &draft).await), Problem::AlreadyDone);
    }

    async fn above_the_limit_another_officer_signs(world) {
        let (company, id, first, second) = awaiting(&world).await;
        let seen = seen(&second, id).await;
        assert_eq!(problem(first.countersign(id, seen).await), Problem::SecondSignatureSame);
        assert_eq!(problem(first.send_back(id, "I changed my mind.", seen).await), Problem::SecondSignatureSame);
        assert_eq!(state(&company, id).await, State::AwaitingSignature);
        second.countersign(id, seen).await.unwrap();
        assert_eq!(state(&company, id).await, State::Approved);
        assert!(matches!(second.countersign(id, seen).await, Err(Error::Stale)), "once");
    }

    async fn what_was_read_is_what_is_signed(world) {
        let (company, id, first, second) = awaiting(&world).await;
        let third = staff(&world, "third@x.example", Stand::Officer).await;
        let read = seen(&second, id).await;
        assert_eq!(problem(third.send_back(id, " ", read).await), Problem::ReasonRequired);
        third.send_back(id, "The hours do not follow from the plan.", read).await.unwrap();
        assert_eq!(state(&company, id).await, State::InReview);
        decide(&first, id, &typed("approved", "55 000")).await.unwrap();
        assert!(matches!(second.countersign(id, read).await, Err(Error::Stale)), "it is another decision now");
        assert!(matches!(second.send_back(id, "I do not agree with it.", read).await, Err(Error::Stale)));
        second.countersign(id, seen(&second, id).await).await.unwrap();
    }

    async fn the_board_is_read_page_by_page_and_counts_what_is_seen(world) {
        let mut arrived = Vec::new();
        for number in 1..=27 {
            let (company, _) = small_company(&world, number).await;
            arrived.push(submitted(&company).await);
        }
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let first = officer.board(&BoardQuery::default()).await.unwrap();
        assert_eq!(ids(&first.cases), arrived[..25]);
        let second = officer.board(&BoardQuery { after: first.next, ..BoardQuery::default() }).await.unwrap();
        assert_eq!((ids(&second.cases), second.next), (arrived[25..].to_vec(), None));
        let reference = &second.cases[1].reference;
        for text in [reference.to_lowercase(), " company 27 ".to_owned()] {
            let found = officer.board(&BoardQuery { text, ..BoardQuery::default() }).await.unwrap();
            assert_eq!(ids(&found.cases), [arrived[26]]);
        }
        let any = officer.board(&BoardQuery { text: "%".to_owned(), ..BoardQuery::default() }).await.unwrap();
        assert_eq!(any.cases, [], "a wildcard is a character");
        let within = async |scope| officer.board(&BoardQuery { scope: Some(scope), ..BoardQuery::default() }).await.unwrap();
        let of_mode = within(Scope::Mode(Code::PG)).await;
        assert_eq!((ids(&of_mode.cases), of_mode.open()), (arrived[..25].to_vec(), 27));
        let of_other = within(Scope::Mode(Code::LS)).await;
        assert_eq!((ids(&of_other.cases), of_other.open(), of_other.late), (Vec::new(), 0, 0));

        review(&staff(&world, "reviewer@x.example", Stand::Reviewer).await, arrived[0], "approve").await;
        let of = async |which| world.desk(officer.actor).board(&BoardQuery { which, ..BoardQuery::default() }).await.unwrap();
        assert_eq!(ids(&of(BoardKind::ToDecide).await.cases), [arrived[0]]);
        assert_eq!(of(BoardKind::ToSign).await.cases, []);
        world.advance(chrono::TimeDelta::days(30));
        let board = of(BoardKind::All).await;
        assert_eq!((board.count(State::Submitted), board.count(State::InReview)), (26, 1));
        assert_eq!((board.open(), board.late), (27, 27));
        world.desk(officer.actor).declare_conflict(arrived[5], "A friend of mine.").await.unwrap();
        let board = of(BoardKind::All).await;
        assert!(!ids(&board.cases).contains(&arrived[5]));
        let hidden = BoardQuery { after: Some(arrived[5]), ..BoardQuery::default() };
        let anew = world.desk(officer.actor).board(&hidden).await.unwrap();
        assert_eq!(anew.cases[0].id, arrived[0], "after what is hidden now the list begins anew");
        assert_eq!((board.count(State::Submitted), board.late), (25, 26));
    }
}
