//! Reviewers: profile and load, absence, invitation, terms, what others wrote, bids, and calibration beside the scores.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, StaffRole, Stand},
    id::ApplicationId,
    mode::Code,
    problem::Problem,
    review::Draft,
    reviewer::{Disclosure, TypedProfile, TypedRules, Wish},
    scope::Scope,
};
use services::{Desk, Error};
use testkit::{World, both, problem};
use text::Locale;

use crate::{
    applications::{small_company, submitted},
    reviews::staff,
};

fn profile(limit: &str) -> TypedProfile {
    TypedProfile {
        expertise: vec!["robotics".to_owned(), "energy".to_owned()],
        keywords: "MPI, sparse attention".to_owned(),
        languages: vec!["fr".to_owned()],
        country: "FR".to_owned(),
        load_limit: limit.to_owned(),
    }
}

/// Hands in a review with this grade for everything.
async fn grade(reviewer: &Desk, id: ApplicationId, grade: &str) {
    let case = reviewer.review_case(id).await.unwrap();
    let draft = Draft {
        grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), grade.to_owned())).collect(),
        to_applicant: format!("The plan is worth a {grade} and no more."),
        to_officer: format!("Between us, a {grade}."),
        advice: if grade < "3" { "refuse" } else { "approve" }.to_owned(),
    };
    reviewer.hand_in_review(id, &draft).await.unwrap();
}

/// The secret of the last invitation to review that this address got.
async fn secret(world: &World, email: &str) -> String {
    let mail = world.mail_to(email).await.expect("a mail");
    let rest = mail.split("/reviewer-invitation/").nth(1).expect("a link");
    rest.split_whitespace().next().expect("a secret").to_owned()
}

async fn waiting(world: &World, count: usize) -> Vec<ApplicationId> {
    let mut ids = Vec::new();
    for number in 1..=count {
        let (company, _) = small_company(world, number).await;
        ids.push(submitted(&company).await);
        world.advance(TimeDelta::minutes(1));
    }
    ids
}

both! {
    async fn a_profile_is_kept_and_two_tabs_do_not_overwrite_each_other(world) {
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let empty = reviewer.reviewer().await.unwrap();
        assert_eq!((empty.profile, empty.version, empty.load), (None, 0, (0, 10)));
        reviewer.save_profile(&profile("3"), 0).await.unwrap();
        assert!(matches!(reviewer.save_profile(&profile("4"), 0).await, Err(Error::Stale)));
        let read = reviewer.reviewer().await.unwrap();
        let kept = read.profile.unwrap();
        assert_eq!(kept.expertise, ["energy", "robotics"]);
        assert_eq!((kept.keywords.len(), read.version, read.load), (2, 1, (0, 3)));
        reviewer.save_profile(&profile("4"), 1).await.unwrap();
        assert_eq!(problem(reviewer.save_profile(&TypedProfile::default(), 2).await), Problem::Required);
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let lines = officer.reviewers("SPARSE").await.unwrap();
        assert_eq!((lines.len(), lines[0].load), (1, (0, 4)));
        assert!(officer.reviewers("astrology").await.unwrap().is_empty());
    }

    async fn nobody_is_given_anything_while_away_or_beyond_their_limit(world) {
        let ids = waiting(&world, 3).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let reviewer = world.desk(reviewer.actor);
        let person = reviewer.actor.person.unwrap();
        reviewer.save_profile(&profile("1"), 0).await.unwrap();
        assert_eq!(reviewer.take_next().await.unwrap(), ids[0]);
        assert_eq!(problem(reviewer.take_next().await), Problem::LoadFull);
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(problem(officer.give_review(ids[1], person).await), Problem::LoadFull);
        reviewer.save_profile(&profile("2"), 1).await.unwrap();
        reviewer.add_absence("2026-11-23", "2026-11-24").await.unwrap();
        assert_eq!(problem(reviewer.take_next().await), Problem::ReviewerAway);
        assert_eq!(problem(officer.give_review(ids[1], person).await), Problem::ReviewerAway);
        let line = officer.reviewers("").await.unwrap().remove(0);
        assert_eq!((line.load, line.away.is_some()), ((1, 2), true));
        world.advance(TimeDelta::days(2));
        let officer = world.desk(officer.actor);
        officer.give_review(ids[1], person).await.unwrap();
        assert_eq!(problem(officer.give_review(ids[1], person).await), Problem::LoadFull);
        let stranger = world.person("stranger@x.example").await;
        assert_eq!(problem(officer.give_review(ids[2], stranger).await), Problem::NotAChoice);
    }

    async fn an_invitation_is_answered_once_by_whom_it_was_sent_to(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(problem(officer.invite_reviewer("not an address", Locale::En).await), Problem::NotAnEmail);
        officer.invite_reviewer(" Expert@X.example ", Locale::Fr).await.unwrap();
        let first = secret(&world, "expert@x.example").await;
        officer.invite_reviewer("expert@x.example", Locale::En).await.unwrap();
        let second = secret(&world, "expert@x.example").await;
        let nobody = world.desk(Actor::VISITOR);
        assert!(matches!(nobody.read_reviewer_invitation(&first).await, Err(Error::NotFound)), "replaced");
        assert_eq!(nobody.read_reviewer_invitation(&second).await.unwrap().email, "expert@x.example");
        let other = world.desk(Actor::person(world.person("other@x.example").await, Stand::SignedIn));
        assert_eq!(problem(other.accept_reviewing(&second).await), Problem::Mismatch);
        assert!(matches!(nobody.accept_reviewing(&second).await, Err(Error::NotFound)));
        let person = world.person("expert@x.example").await;
        let expert = world.desk(Actor::person(person, Stand::SignedIn));
        expert.accept_reviewing(&second).await.unwrap();
        assert!(matches!(expert.accept_reviewing(&second).await, Err(Error::NotFound)), "once");
        let standing = expert.standing(person).await.unwrap();
        assert!(standing.stands.contains(&Stand::Reviewer));
        assert_eq!(problem(officer.invite_reviewer("expert@x.example", Locale::En).await), Problem::AlreadyDone);
        // Another declines, without an account, and says why.
        officer.invite_reviewer("busy@x.example", Locale::En).await.unwrap();
        let link = secret(&world, "busy@x.example").await;
        assert_eq!(problem(nobody.decline_reviewing(&link, " ").await), Problem::ReasonRequired);
        nobody.decline_reviewing(&link, "On leave until summer.").await.unwrap();
        assert!(matches!(nobody.decline_reviewing(&link, "Again.").await, Err(Error::NotFound)));
        let rows = officer.reviewer_invitations().await.unwrap();
        assert_eq!(rows.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(), ["On leave until summer."]);
        // And one runs out.
        officer.invite_reviewer("slow@x.example", Locale::En).await.unwrap();
        let late = secret(&world, "slow@x.example").await;
        world.advance(TimeDelta::days(15));
        let nobody = world.desk(Actor::VISITOR);
        assert!(matches!(nobody.read_reviewer_invitation(&late).await, Err(Error::NotFound)));
    }

    async fn nothing_is_opened_before_its_terms_are_accepted(world) {
        let ids = waiting(&world, 1).await;
        let person = world.person("newcomer@x.example").await;
        world.desk(Actor::SYSTEM).grant_role(person, StaffRole::Reviewer, None).await.unwrap();
        let newcomer = world.desk(Actor::person(person, Stand::Reviewer));
        assert_eq!(problem(newcomer.take_next().await), Problem::TermsNotAccepted);
        assert_eq!(newcomer.first_waiting_scope().await.unwrap(), Scope::Mode(Code::PG));
        let bids = newcomer.bids(None).await.unwrap();
        assert_eq!((bids.lines.len(), bids.closed.len()), (0, 3));
        assert_eq!(problem(newcomer.bid(ids[0], Wish::Eager).await), Problem::TermsNotAccepted);
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        officer.give_review(ids[0], person).await.unwrap();
        assert_eq!(problem(newcomer.review_case(ids[0]).await), Problem::TermsNotAccepted);
        assert_eq!(problem(newcomer.read_application(ids[0]).await), Problem::TermsNotAccepted);
        assert_eq!(problem(newcomer.save_review(ids[0], &Draft::default()).await), Problem::TermsNotAccepted);
        let terms = newcomer.read_terms("PG").await.unwrap();
        assert_eq!(problem(newcomer.accept_terms("PG", terms.version, false, Locale::En).await), Problem::MustAccept);
        assert!(matches!(newcomer.accept_terms("PG", 99, true, Locale::En).await, Err(Error::Stale)));
        assert!(matches!(newcomer.accept_terms("XX", 1, true, Locale::En).await, Err(Error::NotFound)));
        newcomer.accept_terms("PG", terms.version, true, Locale::Fr).await.unwrap();
        assert_eq!(problem(newcomer.accept_terms("PG", terms.version, true, Locale::En).await), Problem::AlreadyDone);
        newcomer.review_case(ids[0]).await.unwrap();
        let kept = world.lines("SELECT locale || ' ' || scope || ' ' || length(text_hash) FROM reviewer_terms").await;
        assert_eq!(kept, ["fr PG 64"], "which text, in which language");
        let closed = newcomer.bids(None).await.unwrap().closed.into_iter().map(|one| one.scope);
        assert_eq!(closed.collect::<Vec<_>>(), [Scope::Mode(Code::FL), Scope::Mode(Code::LS)]);
    }

    async fn what_others_wrote_is_seen_after_ones_own_and_without_their_names(world) {
        let ids = waiting(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let one = staff(&world, "one@x.example", Stand::Reviewer).await;
        let two = staff(&world, "two@x.example", Stand::Reviewer).await;
        assert_eq!(one.take_next().await.unwrap(), ids[0]);
        officer.give_review(ids[0], two.actor.person.unwrap()).await.unwrap();
        assert_eq!(problem(officer.give_review(ids[0], two.actor.person.unwrap()).await), Problem::AlreadyDone);
        grade(&one, ids[0], "2").await;
        assert!(two.review_case(ids[0]).await.unwrap().others.is_empty(), "one's own first");
        assert!(one.review_case(ids[0]).await.unwrap().others.is_empty());
        grade(&two, ids[0], "5").await;
        let read = two.review_case(ids[0]).await.unwrap();
        assert_eq!(read.others.len(), 1);
        assert_eq!(read.others[0].draft.to_officer, "Between us, a 2.");
        assert!(!format!("{:?}", read.others).contains("one@x.example"));
        assert_eq!(one.review_case(ids[0]).await.unwrap().others[0].total, 500);
        // A third without a review finds neither.
        let third = staff(&world, "third@x.example", Stand::Reviewer).await;
        assert!(matches!(third.review_case(ids[0]).await, Err(Error::NotFound)));
        assert!(matches!(third.read_application(ids[0]).await, Err(Error::NotFound)));
    }

    async fn a_blind_mode_does_not_say_whose_it_is(world) {
        let ids = waiting(&world, 2).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        assert_eq!(reviewer.review_queue().await.unwrap().waiting[0].organisation, "Company 1");
        let rules = TypedRules { blind: true, disclosure: "title".to_owned(), spread: "2".to_owned(), reason: "Asked for by the panel.".to_owned(), ..TypedRules::default() };
        officer.change_review_scope("PG", &rules, None).await.unwrap();
        assert!(matches!(officer.change_review_scope("PG", &rules, None).await, Err(Error::Stale)), "two tabs");
        assert!(matches!(officer.change_review_scope("XX", &rules, None).await, Err(Error::NotFound)));
        let scopes = officer.review_scopes().await.unwrap();
        assert_eq!((scopes[0].rules.disclosure, scopes[0].rules.spread), (Disclosure::Title, 200));
        let queue = reviewer.review_queue().await.unwrap();
        assert!(queue.waiting.iter().all(|case| case.organisation.is_empty()));
        assert_eq!(reviewer.take_next().await.unwrap(), ids[0]);
        let case = reviewer.review_case(ids[0]).await.unwrap();
        assert!(case.is_blind && case.case.organisation.is_empty());
        let bids = reviewer.bids(None).await.unwrap();
        assert!(bids.lines.iter().all(|line| line.summary.is_empty() && line.title == "Speech"), "{bids:?}");
        assert_eq!(officer.decision_case(ids[0]).await.unwrap().case.organisation, "Company 1", "officers are told");
    }

    async fn bids_are_kept_changed_and_a_conflict_is_declared(world) {
        let ids = waiting(&world, 27).await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let page = reviewer.bids(None).await.unwrap();
        assert_eq!((page.lines.len(), page.lines[0].summary.as_str()), (25, "We train."));
        let rest = reviewer.bids(page.next).await.unwrap();
        assert_eq!(rest.lines.iter().map(|line| line.id).collect::<Vec<_>>(), ids[25..]);
        reviewer.bid(ids[0], Wish::Eager).await.unwrap();
        reviewer.bid(ids[0], Wish::Unwilling).await.unwrap();
        assert_eq!(reviewer.bids(None).await.unwrap().lines[0].wish, Some(Wish::Unwilling));
        assert_eq!(problem(reviewer.bid(ids[1], Wish::Conflict).await), Problem::Required, "with a kind and a reason");
        reviewer.declare_conflict(ids[1], "A friend of mine.").await.unwrap();
        assert!(reviewer.bids(None).await.unwrap().lines.iter().all(|line| line.id != ids[1]));
        let kept = world.lines("SELECT bid FROM bid ORDER BY bid").await;
        assert_eq!(kept, ["conflict", "unwilling"]);
        assert_eq!(reviewer.reviewer().await.unwrap().declared.len(), 1);
    }

    async fn calibration_stands_beside_the_scores_and_changes_none(world) {
        let ids = waiting(&world, 4).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let strict = staff(&world, "strict@x.example", Stand::Reviewer).await;
        let mild = staff(&world, "mild@x.example", Stand::Reviewer).await;
        for id in &ids[..3] {
            for reviewer in [&strict, &mild] {
                officer.give_review(*id, reviewer.actor.person.unwrap()).await.unwrap();
            }
            grade(&strict, *id, "2").await;
            grade(&mild, *id, "4").await;
        }
        officer.give_review(ids[3], strict.actor.person.unwrap()).await.unwrap();
        grade(&strict, ids[3], "2").await;
        let board = officer.scores(Code::PG).await.unwrap();
        assert_eq!(board.lines.len(), 4);
        let line = |id| board.lines.iter().find(|line| line.case.id == id).unwrap();
        let (twice, once) = (line(ids[0]), line(ids[3]));
        assert_eq!((twice.scores.raw, twice.scores.spread, twice.asks_for_another), (300, 200, true));
        assert_eq!(once.scores.raw, 200);
        assert!(once.scores.level > 220, "read by the strict one alone: {once:?}");
        assert!(once.scores.band > twice.scores.band);
        let lean: Vec<(&str, bool)> = board.reviewers.iter().map(|(name, one)| (name.as_str(), one.lean < 0)).collect();
        assert_eq!(lean, [("strict@x.example", true), ("mild@x.example", false)]);
        let totals = world.lines("SELECT CAST(total AS TEXT) FROM review ORDER BY total").await;
        assert_eq!(totals, ["200", "200", "200", "200", "400", "400", "400"], "as they were given");
        // What a conflict hides is in no line and in no estimate.
        officer.declare_conflict(ids[3], "An old colleague.").await.unwrap();
        let board = officer.scores(Code::PG).await.unwrap();
        assert_eq!(board.lines.len(), 3);
        assert_eq!(board.reviewers.iter().map(|(_, one)| one.reviews).sum::<usize>(), 6);
    }
}
