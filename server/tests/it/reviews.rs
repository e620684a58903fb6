//! The review office through its pages: a review, a refusal with reasons, a conflict, a second signature.

use domain::actor::{Actor, Stand};
use testkit::World;

use crate::{
    applications::{applicant, submitted},
    browser::Browser,
};

pub async fn staff(world: &World, email: &str, stand: Stand) -> Browser {
    let person = world.person(email).await;
    world.place(person, stand).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    browser
}

/// What stands behind `/applications/`.
pub fn id(overview: &str) -> &str {
    overview.rsplit('/').next().expect("an id")
}

/// Takes the next case and hands in a review that advises this.
pub async fn review(reviewer: &mut Browser, id: &str, grade: &str, advice: &str) {
    assert_eq!(reviewer.post("/queue", &[]).await.location(), format!("/review/{id}"));
    let path = format!("/review/{id}");
    let typed = [
        ("grade-fit", grade),
        ("grade-readiness", grade),
        ("grade-estimate", grade),
        ("to_applicant", "The plan is clear and the estimate is measured."),
        ("to_officer", "Nothing to add."),
        ("advice", advice),
        ("do", "hand_in"),
    ];
    let answer = reviewer.post(&path, &typed).await;
    assert_eq!(answer.location(), "/queue", "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_has_reasons_and_a_remedy() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let decision = format!("/decision/{id}");
    assert!(officer.get(&decision).await.says("has not handed in"));
    let typed = [("outcome", "refused"), ("hours", "0"), ("reasons", "Too early."), ("version", "99")];
    assert_eq!(officer.post(&decision, &typed).await.status, 409, "what was not read is not decided");
    let version = world_version(&world, id).await;
    let early = [("outcome", "refused"), ("reasons", "Too early."), ("version", &version)];
    let refused = officer.post(&decision, &early).await;
    assert!(refused.status == 422 && refused.says("No review has been handed in"), "{}", refused.body);

    reviewer.post("/queue", &[]).await;
    let path = format!("/review/{id}");
    let unfinished = [("grade-fit", "5"), ("to_applicant", "Clear."), ("do", "hand_in")];
    let missing = reviewer.post(&path, &unfinished).await;
    assert!(
        missing.status == 422
            && missing.says("href=\"#advice\"")
            && missing.says("Clear.")
            && missing.says("at least 5 words"),
        "{}",
        missing.body
    );
    let weak = [
        ("grade-fit", "1"),
        ("grade-readiness", "2"),
        ("grade-estimate", "2"),
        ("to_applicant", "Measure the throughput on a small machine first."),
        ("advice", "approve"),
        ("do", "hand_in"),
    ];
    let below = reviewer.post(&path, &weak).await;
    assert!(below.status == 422 && below.says("below the published threshold"), "{}", below.body);
    let kept = weak.map(|(name, value)| if name == "advice" { (name, "refuse") } else { (name, value) });
    assert_eq!(reviewer.post(&path, &kept).await.location(), "/queue");
    assert_eq!(reviewer.post(&path, &kept).await.status, 422, "handed in is handed in");

    let version = officer.get(&decision).await.value("version").expect("a version");
    let bare = officer.post(&decision, &[("outcome", "refused"), ("version", &version)]).await;
    bare.assert_wrong("reasons");
    let reasons = "The estimate was not measured: run <b>a week</b> on Playground first.";
    let typed = [("outcome", "refused"), ("reasons", reasons), ("version", &version)];
    assert_eq!(officer.post(&decision, &typed).await.location(), "/board");
    assert_eq!(officer.post(&decision, &typed).await.status, 409, "once");
    let page = company.get(&overview).await;
    assert!(page.says("The estimate was not measured") && !page.says("<b>a week"), "{}", page.body);
    assert!(page.says("within 15 working days"));
    let mail = world.mail_to("ada@firm.example").await.expect("a mail");
    assert!(mail.contains("The estimate was not measured") && mail.contains("within 15 working days"), "{mail}");
}

async fn world_version(world: &World, id: &str) -> String {
    let officer = world.person("another@x.example").await;
    world.place(officer, Stand::Officer).await;
    let desk = world.desk(Actor::person(officer, Stand::Officer));
    desk.decision_case(id.parse().expect("an id")).await.expect("a case").application.version.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declares_a_conflict_sees_the_case_no_more() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    let conflict = format!("/conflict/{id}");
    for (email, stand, list) in
        [("reviewer@x.example", Stand::Reviewer, "/queue"), ("officer@x.example", Stand::Officer, "/board")]
    {
        let mut browser = staff(&world, email, stand).await;
        assert!(browser.get(list).await.says(&format!("href=\"{conflict}\"")), "{list} leads to the declaration");
        let page = browser.get(&conflict).await;
        assert!(page.says("GH-PG-2026-00001") && !page.says("We train."), "the line, and nothing of the text");
        browser.post(&conflict, &[]).await.assert_wrong("reason");
        assert!(browser.get(list).await.says("GH-PG-2026-00001"), "without a reason nothing is declared");
        let declared = browser.post(&conflict, &[("reason", "My sister works there.")]).await;
        assert_eq!(declared.location(), list);
        assert!(!browser.get(list).await.says("GH-PG-2026-00001"));
        for path in [conflict.clone(), format!("/review/{id}"), format!("/decision/{id}")] {
            assert_eq!(browser.get(&path).await.status, 404, "{path}");
        }
    }
    let mut other = staff(&world, "other@x.example", Stand::Reviewer).await;
    assert_eq!(other.post("/queue", &[]).await.location(), format!("/review/{id}"), "others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_grant_is_signed_twice_and_can_be_sent_back() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    world.ask_for(id.parse().expect("an id"), 60_000).await;
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    review(&mut reviewer, id, "4", "approve").await;
    let mut first = staff(&world, "first@x.example", Stand::Officer).await;
    let mut second = staff(&world, "second@x.example", Stand::Officer).await;
    let (decision, countersign) = (format!("/decision/{id}"), format!("/countersign/{id}"));
    let decide = async |officer: &mut Browser| {
        let version = officer.get(&decision).await.value("version").expect("a version");
        let reasons = "Compared with throughput measured on site.";
        let typed = [("outcome", "approved"), ("hours", "60 000"), ("reasons", reasons), ("version", version.as_str())];
        let answer = officer.post(&decision, &typed).await;
        assert_eq!(answer.location(), "/board", "{}", answer.body);
    };
    decide(&mut first).await;
    assert!(!company.get(&overview).await.says("Compared with throughput"), "not in force, so not told");
    let own = first.get(&countersign).await;
    assert!(own.value("version").is_none(), "the first officer is offered no second signature");
    let read = second.get(&countersign).await.value("version").expect("a version");
    let back = format!("{decision}/send-back");
    second.post(&back, &[("version", &read)]).await.assert_wrong("reason");
    let sent = second.post(&back, &[("reason", "Say which throughput."), ("version", &read)]).await;
    assert_eq!(sent.location(), "/board", "{}", sent.body);
    decide(&mut first).await;
    assert_eq!(second.post(&countersign, &[("version", &read)]).await.status, 409, "what was read is gone");
    let read = second.get(&countersign).await.value("version").expect("a version");
    assert_eq!(second.post(&countersign, &[("version", &read)]).await.location(), "/board");
    assert!(company.get(&overview).await.says("Compared with throughput"));
    let mail = world.mail_to("ada@firm.example").await.expect("a mail");
    assert!(mail.contains("approved") && mail.contains("an officer who took no part in this decision"), "{mail}");
}
