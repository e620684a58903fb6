//! Giving reviews out through the pages: propose, commit, answer; and what came between is said, not done.

use domain::actor::{Actor, Stand};
use testkit::World;

use crate::{
    applications::{applicant, submitted},
    browser::{Answer, Browser},
};

async fn staff(world: &World, email: &str, stand: Stand) -> Browser {
    let person = world.person(email).await;
    world.place(person, stand).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    browser
}

/// A submitted application of the mode whose reviews are given out; its id.
async fn large(world: &World) -> String {
    let mut company = applicant(world).await;
    let overview = submitted(&mut company).await;
    world.lines("UPDATE application SET mode = 'LS' WHERE state = 'submitted' RETURNING mode").await;
    overview.rsplit('/').next().expect("an id").to_owned()
}

/// Proposal and version as the page has them.
fn seen(page: &Answer) -> (String, String) {
    (page.value("proposal").expect("a proposal"), page.value("version").expect("a version"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_proposed_given_out_and_accepted() {
    let world = World::sqlite().await;
    let id = large(&world).await;
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let page = officer.get("/assignment").await;
    assert!(page.says("Propose who reviews what") && page.says("Nobody is asked"), "{}", page.body);
    assert_eq!(officer.post("/assignment/propose", &[("seed", "1")]).await.location(), "/assignment?scope=LS");
    let page = officer.get("/assignment").await;
    assert!(page.says("reviewer@x.example") && page.says("Nothing better exists"), "{}", page.body);
    let (proposal, version) = seen(&page);
    let stale = officer.post("/assignment/commit", &[("proposal", &proposal), ("version", "9")]).await;
    assert_eq!(stale.status, 409);
    assert_eq!(officer.post("/assignment/commit", &[("proposal", "nonsense"), ("version", "1")]).await.status, 404);
    let fields = [("proposal", proposal.as_str()), ("version", version.as_str())];
    assert_eq!(officer.post("/assignment/commit", &fields).await.location(), "/assignment?scope=LS");
    assert_eq!(officer.post("/assignment/commit", &fields).await.status, 422, "a double submit");
    assert!(officer.get("/assignment").await.says("Asked"));

    let queue = reviewer.get("/queue").await;
    let path = format!("/assigned/{id}");
    assert!(queue.says("You are asked to review") && queue.says(&path), "{}", queue.body);
    let page = reviewer.get(&path).await;
    assert!(page.says("Speech &lt;b") && page.says("We train.") && page.says("Accept the review"), "{}", page.body);
    assert_eq!(reviewer.get(&format!("/review/{id}")).await.status, 404, "not before they say yes");
    let refused = reviewer.post(&format!("{path}/decline"), &[("reason", " ")]).await;
    assert_eq!(refused.status, 422);
    refused.assert_wrong("reason");
    assert_eq!(reviewer.post(&format!("{path}/accept"), &[]).await.location(), format!("/review/{id}"));
    assert_eq!(reviewer.post(&format!("{path}/accept"), &[]).await.status, 422, "a second tab");
    assert!(reviewer.get(&path).await.says("You have accepted this review"));
    assert_eq!(reviewer.get(&format!("/review/{id}")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_conflict_by_now_stops_the_commit_and_is_named() {
    let world = World::sqlite().await;
    let id = large(&world).await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let person = world.person("reviewer@x.example").await;
    world.place(person, Stand::Reviewer).await;
    officer.post("/assignment/propose", &[("seed", "1")]).await;
    let (proposal, version) = seen(&officer.get("/assignment").await);
    let desk = world.desk(Actor::person(person, Stand::Reviewer));
    desk.declare_conflict(id.parse().expect("an id"), "My brother works there.").await.expect("on record");
    let fields = [("proposal", proposal.as_str()), ("version", version.as_str())];
    let refused = officer.post("/assignment/commit", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.says("Nothing was given out") && refused.says("GH-PG-2026-00001 reviewer@x.example"),
        "{}",
        refused.body
    );
    let mut reviewer = Browser::new(&world);
    reviewer.enter_as(&world, person, Stand::Reviewer).await;
    assert_eq!(reviewer.get(&format!("/assigned/{id}")).await.status, 404);
    assert!(!reviewer.get("/queue").await.says("You are asked to review"));
    // By hand it is refused at its field, and what was chosen stays chosen.
    let pair = [("give_application", id.as_str()), ("give_person", &person.to_string())];
    let refused = officer.post("/assignment/give", &pair).await;
    assert_eq!(refused.status, 422);
    refused.assert_wrong("give_person");
    let empty = officer.post("/assignment/give", &[("give_application", ""), ("give_person", "")]).await;
    assert_eq!(empty.status, 422);
    // A new proposal has nobody, and says so.
    officer.post("/assignment/propose", &[("seed", "1")]).await;
    let page = officer.get("/assignment").await;
    assert!(page.says("lacks one review") && page.says("Everybody left is in conflict"), "{}", page.body);
}
