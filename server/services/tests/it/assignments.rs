//! Reviews given out: the proposal, changes by hand, a commit that trusts nothing, answers and substitutes.

use std::collections::BTreeSet;

use domain::{
    actor::{Actor, Seat, Stand},
    application::State,
    assignment::{self, Hand, ProposalState},
    id::{ApplicationId, PersonId, ProposalId},
    mode::Code,
    problem::Problem,
    review::Draft,
};
use services::{AssignmentRead, Desk, Error};
use testkit::{World, both, fault};

use crate::{
    applications::{small_company, submitted},
    reviews::staff,
};

/// Submitted in a mode whose reviews are given out.
async fn large(world: &World, count: usize) -> (Vec<Desk>, Vec<ApplicationId>) {
    let (mut companies, mut ids) = (Vec::new(), Vec::new());
    for number in 1..=count {
        let (company, _) = small_company(world, number).await;
        ids.push(submitted(&company).await);
        companies.push(company);
        world.advance(chrono::TimeDelta::minutes(1));
    }
    world.lines("UPDATE application SET mode = 'LS' WHERE state = 'submitted' RETURNING mode").await;
    (companies, ids)
}

async fn reviewers(world: &World, count: usize) -> Vec<Desk> {
    let mut desks = Vec::new();
    for number in 1..=count {
        desks.push(staff(world, &format!("reviewer{number}@x.example"), Stand::Reviewer).await);
    }
    desks
}

fn me(desk: &Desk) -> PersonId {
    desk.actor.person.unwrap()
}

async fn read(officer: &Desk) -> AssignmentRead {
    officer.read_assignment(Code::LS).await.unwrap()
}

async fn proposed(officer: &Desk) -> (ProposalId, i32) {
    officer.propose_assignment(Code::LS, 1).await.unwrap();
    seen(officer).await
}

async fn seen(officer: &Desk) -> (ProposalId, i32) {
    let (row, _) = read(officer).await.proposal.unwrap();
    (row.id, row.version)
}

async fn pairs(officer: &Desk) -> BTreeSet<(ApplicationId, PersonId)> {
    let (_, outcome) = read(officer).await.proposal.unwrap();
    outcome.items.iter().map(|one| (one.application, one.reviewer)).collect()
}

/// Whoever is asked now.
async fn asked(officer: &Desk, id: ApplicationId) -> Vec<PersonId> {
    let asked = read(officer).await.asked;
    asked.iter().filter(|row| row.application_id == id && row.state.is_live()).map(|row| row.person_id).collect()
}

both! {
    async fn large_applications_are_given_out_and_not_taken(world) {
        let (_, ids) = large(&world, 2).await;
        let reviewers = reviewers(&world, 2).await;
        let queue = reviewers[0].review_queue().await.unwrap();
        assert_eq!((queue.waiting.len(), queue.waiting_in_all), (0, 0));
        assert!(matches!(reviewers[0].take_next().await, Err(Error::NotFound)));
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(read(&officer).await.waiting, [(ids[0], 1), (ids[1], 1)]);
        let (proposal, version) = proposed(&officer).await;
        let given = pairs(&officer).await;
        assert_eq!(given.iter().map(|one| one.1).collect::<BTreeSet<_>>().len(), 2, "loads are balanced");
        assert!(world.mail_to("reviewer1@x.example").await.is_none(), "nobody is told before it is given out");
        assert!(matches!(officer.commit_assignment(proposal, version + 1).await, Err(Error::Stale)));
        officer.commit_assignment(proposal, version).await.unwrap();
        assert_eq!(fault(officer.commit_assignment(proposal, version).await).1, Problem::AlreadyDone, "a double submit");
        for reviewer in &reviewers {
            let list = reviewer.list_asked().await.unwrap();
            assert_eq!(list.len(), 1);
            assert_eq!((list[0].summary.title.as_str(), list[0].case.state), ("Speech", State::Submitted));
            // Two working days after Monday.
            assert_eq!(list[0].summary.answer_due_at.to_rfc3339(), "2026-11-25T22:59:59+00:00");
        }
        let mail = world.mail_to("reviewer1@x.example").await.unwrap();
        assert!(mail.contains("Please say yes or no by Wednesday, 25 November 2026") || mail.contains("25 November"), "{mail}");
        assert!(read(&officer).await.waiting.is_empty());
    }

    async fn yes_makes_the_review_theirs(world) {
        let (companies, ids) = large(&world, 1).await;
        let reviewers = reviewers(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        officer.assign_review(ids[0], me(&reviewers[0])).await.unwrap();
        assert!(matches!(reviewers[0].review_case(ids[0]).await, Err(Error::NotFound)), "not before they say yes");
        reviewers[0].accept_assignment(ids[0]).await.unwrap();
        assert_eq!(fault(reviewers[0].accept_assignment(ids[0]).await).1, Problem::AlreadyDone);
        assert_eq!(fault(reviewers[0].decline_assignment(ids[0], "Changed my mind.").await).1, Problem::AlreadyDone);
        assert_eq!(companies[0].read_application(ids[0]).await.unwrap().application.state, State::InReview);
        let case = reviewers[0].review_case(ids[0]).await.unwrap();
        let draft = Draft {
            grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), "4".to_owned())).collect(),
            to_applicant: "The plan is clear and the estimate is generous by a third.".to_owned(),
            to_officer: String::new(),
            advice: "approve".to_owned(),
        };
        reviewers[0].hand_in_review(ids[0], &draft).await.unwrap();
        assert!(reviewers[0].list_asked().await.unwrap().is_empty());
    }

    async fn nothing_in_conflict_is_given_out_even_if_the_conflict_is_new(world) {
        let (companies, ids) = large(&world, 2).await;
        let reviewers = reviewers(&world, 2).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (proposal, version) = proposed(&officer).await;
        // One declares a conflict between proposal and commit, the other joins the company.
        let given = pairs(&officer).await;
        let (first, second) = (given.iter().find(|one| one.0 == ids[0]).unwrap().1, given.iter().find(|one| one.0 == ids[1]).unwrap().1);
        let desk_of = |person| reviewers.iter().find(|desk| me(desk) == person).unwrap();
        desk_of(first).declare_conflict(ids[0], "My sister works there.").await.unwrap();
        let seat = Stand::Member { organisation: companies[1].actor.organisation().unwrap(), seat: Seat::Reader };
        world.place(second, seat).await;
        let refused = officer.commit_assignment(proposal, version).await;
        let Err(Error::Invalid(invalid)) = refused else { panic!("{refused:?}") };
        let stopped: BTreeSet<_> = invalid.0.into_iter().collect::<Vec<_>>().into_iter().map(|one| format!("{} {}", one.0, one.1.code())).collect();
        let expected = [
            format!("{} {first} conflict-of-interest", ids[0]),
            format!("{} {second} own-company", ids[1]),
        ];
        assert_eq!(stopped, expected.into_iter().collect());
        assert!(asked(&officer, ids[0]).await.is_empty() && asked(&officer, ids[1]).await.is_empty(), "all or nothing");
        assert!(world.mail_to("reviewer1@x.example").await.is_none());
        // By hand it is as impossible, and a new proposal goes round it.
        assert_eq!(fault(officer.assign_review(ids[0], first).await), ("person".to_owned(), Problem::ConflictOfInterest));
        let pin = officer.change_assignment(proposal, version, (ids[0], first), Some(Hand::Pin)).await;
        assert_eq!(fault(pin).1, Problem::ConflictOfInterest);
        let (proposal, version) = proposed(&officer).await;
        assert_eq!(pairs(&officer).await, BTreeSet::from([(ids[0], second), (ids[1], first)]));
        officer.commit_assignment(proposal, version).await.unwrap();
        assert_eq!(asked(&officer, ids[0]).await, [second]);
    }

    async fn a_conflict_that_comes_to_light_later_takes_the_review_away(world) {
        let (_, ids) = large(&world, 1).await;
        let reviewers = reviewers(&world, 2).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        officer.assign_review(ids[0], me(&reviewers[0])).await.unwrap();
        reviewers[0].accept_assignment(ids[0]).await.unwrap();
        reviewers[0].declare_conflict(ids[0], "We wrote a paper together.").await.unwrap();
        world.work().await;
        assert!(reviewers[0].list_asked().await.unwrap().is_empty());
        assert!(matches!(reviewers[0].read_asked(ids[0]).await, Err(Error::NotFound)));
        assert!(matches!(reviewers[0].accept_assignment(ids[0]).await, Err(Error::NotFound)));
        assert_eq!(asked(&officer, ids[0]).await, [me(&reviewers[1])], "somebody else is asked at once");
    }

    async fn whoever_declines_is_replaced_three_times_and_then_an_officer_is_told(world) {
        let (_, ids) = large(&world, 1).await;
        let reviewers = reviewers(&world, 6).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let conflicted = staff(&world, "other-officer@x.example", Stand::Officer).await;
        conflicted.declare_conflict(ids[0], "I invested in it.").await.unwrap();
        officer.assign_review(ids[0], me(&reviewers[0])).await.unwrap();
        let mut asked_so_far = BTreeSet::new();
        for tries in 0..4 {
            let now = asked(&officer, ids[0]).await;
            assert_eq!(now.len(), 1, "after {tries} declined");
            assert!(asked_so_far.insert(now[0]), "nobody is asked twice");
            let desk = reviewers.iter().find(|desk| me(desk) == now[0]).unwrap();
            assert_eq!(fault(desk.decline_assignment(ids[0], "  ").await), ("reason".to_owned(), Problem::ReasonRequired));
            desk.decline_assignment(ids[0], "I am on leave until January.").await.unwrap();
            world.work().await;
        }
        assert_eq!(asked(&officer, ids[0]).await, [], "three substitutes, then nobody by itself");
        assert!(world.mail_to("officer@x.example").await.unwrap().contains("please choose somebody"));
        assert!(world.mail_to("other-officer@x.example").await.is_none(), "not whom a conflict hides it from");
        assert_eq!(read(&officer).await.waiting, [(ids[0], 1)]);
        let left = reviewers.iter().map(me).find(|one| !asked_so_far.contains(one)).unwrap();
        officer.assign_review(ids[0], left).await.unwrap();
        assert_eq!(fault(officer.assign_review(ids[0], *asked_so_far.first().unwrap()).await).1, Problem::AlreadyDone);
    }

    async fn changes_by_hand_hold_and_the_rest_is_reckoned_around_them(world) {
        let (_, ids) = large(&world, 3).await;
        let reviewers = reviewers(&world, 3).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (proposal, version) = proposed(&officer).await;
        let before = pairs(&officer).await;
        let (id, was) = *before.iter().next().unwrap();
        officer.change_assignment(proposal, version, (id, was), Some(Hand::Forbid)).await.unwrap();
        let stale = officer.change_assignment(proposal, version, (id, was), None).await;
        assert!(matches!(stale, Err(Error::Stale)), "a second tab");
        assert!(!pairs(&officer).await.contains(&(id, was)));
        let (_, version) = seen(&officer).await;
        let other = reviewers.iter().map(me).find(|one| *one != was).unwrap();
        officer.change_assignment(proposal, version, (id, other), Some(Hand::Pin)).await.unwrap();
        let read_now = read(&officer).await;
        assert_eq!(read_now.hands.len(), 2);
        let (_, outcome) = read_now.proposal.unwrap();
        assert!(outcome.items.iter().any(|one| (one.application, one.reviewer, one.is_pinned) == (id, other, true)));
        assert_eq!(outcome.items.len(), ids.len(), "everybody still has a review");
        let (_, version) = seen(&officer).await;
        officer.change_assignment(proposal, version, (id, was), None).await.unwrap();
        assert_eq!(read(&officer).await.hands, [(id, other, Hand::Pin)]);
        let (proposal, version) = seen(&officer).await;
        officer.commit_assignment(proposal, version).await.unwrap();
        assert_eq!(asked(&officer, id).await, [other]);
        let (row, _) = read(&officer).await.proposal.unwrap();
        assert_eq!((row.state, row.committed_by), (ProposalState::Committed, officer.actor.person));
    }

    async fn limits_hold_and_what_lacks_a_review_says_why(world) {
        let (_, ids) = large(&world, 12).await;
        let reviewers = reviewers(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (proposal, version) = proposed(&officer).await;
        let (_, outcome) = read(&officer).await.proposal.unwrap();
        let missing: Vec<_> = outcome.lacks.iter().filter(|one| one.missing > 0).collect();
        assert_eq!((outcome.items.len(), missing.len()), (10, 2));
        assert!(missing.iter().all(|one| one.full == 1 && format!("{:?}", one.why) == "Loads"), "{missing:?}");
        assert_eq!(outcome.score, outcome.bound);
        // Somebody is given one directly meanwhile: the proposal would be one too many.
        let free = missing[0].application;
        officer.assign_review(free, me(&reviewers[0])).await.unwrap();
        let refused = officer.commit_assignment(proposal, version).await;
        assert_eq!(fault(refused).1, Problem::ReviewerFull);
        assert_eq!(ids.len(), 12);
    }

    async fn officers_neither_see_nor_give_out_what_a_conflict_hides(world) {
        let (_, ids) = large(&world, 2).await;
        let reviewers = reviewers(&world, 2).await;
        let free = staff(&world, "free@x.example", Stand::Officer).await;
        let conflicted = staff(&world, "conflicted@x.example", Stand::Officer).await;
        conflicted.declare_conflict(ids[0], "I invested in it.").await.unwrap();
        let (proposal, version) = proposed(&free).await;
        let narrowed = read(&conflicted).await;
        let (_, outcome) = narrowed.proposal.unwrap();
        assert!(outcome.items.iter().all(|one| one.application != ids[0]) && !narrowed.cases.contains_key(&ids[0]));
        assert_eq!(outcome.loads.iter().map(|one| one.after).sum::<u32>(), 1, "not even as a number");
        let change = conflicted.change_assignment(proposal, version, (ids[0], me(&reviewers[0])), Some(Hand::Pin)).await;
        assert!(matches!(change, Err(Error::NotFound)));
        assert!(matches!(conflicted.assign_review(ids[0], me(&reviewers[0])).await, Err(Error::NotFound)));
        let refused = fault(conflicted.commit_assignment(proposal, version).await);
        assert_eq!(refused.1, Problem::AlreadyDone, "they cannot give out what they cannot see");
        conflicted.propose_assignment(Code::LS, 1).await.unwrap();
        assert_eq!(pairs(&conflicted).await.len(), 1);
    }

    async fn only_those_who_may_can(world) {
        let (companies, ids) = large(&world, 1).await;
        let reviewers = reviewers(&world, 2).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (proposal, version) = proposed(&officer).await;
        for desk in [&companies[0], &reviewers[0], &world.desk(Actor::VISITOR)] {
            assert!(matches!(desk.read_assignment(Code::LS).await, Err(Error::Denied(_) | Error::NotFound)));
            assert!(matches!(desk.propose_assignment(Code::LS, 1).await, Err(Error::Denied(_) | Error::NotFound)));
            assert!(matches!(desk.commit_assignment(proposal, version).await, Err(Error::Denied(_) | Error::NotFound)));
        }
        officer.commit_assignment(proposal, version).await.unwrap();
        let given = asked(&officer, ids[0]).await[0];
        let other = reviewers.iter().find(|desk| me(desk) != given).unwrap();
        assert!(matches!(other.read_asked(ids[0]).await, Err(Error::NotFound)), "not asked");
        assert!(matches!(other.accept_assignment(ids[0]).await, Err(Error::NotFound)));
        assert!(matches!(officer.propose_assignment(Code::PG, 1).await, Err(Error::NotFound)), "first come, first served");
        // What is withdrawn cannot be answered any more.
        let seen = companies[0].read_application(ids[0]).await.unwrap().application.version;
        companies[0].withdraw_application(ids[0], "Our own cluster is free.", seen).await.unwrap();
        let desk = reviewers.iter().find(|desk| me(desk) == given).unwrap();
        assert!(desk.list_asked().await.unwrap().is_empty());
        assert_eq!(fault(desk.accept_assignment(ids[0]).await).1, Problem::AlreadyDone);
        assert!(assignment::is_given_out(Code::LS));
    }
}
