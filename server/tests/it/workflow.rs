//! The workflow through its pages: a question and its answer, an appeal, and what a refused form keeps.

use domain::actor::Stand;
use testkit::World;

use crate::{
    applications::{applicant, submitted},
    browser::Browser,
    reviews::{id, review, staff},
};

const QUESTION: &str = "Under which licence is the <b>data</b> used?";

#[tokio::test(flavor = "multi_thread")]
async fn more_is_asked_and_answered_while_the_clock_stands_still() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    let (case, answer) = (format!("/cases/{id}"), format!("{overview}/answer"));
    assert_eq!(company.get(&answer).await.location(), overview, "nothing is asked yet");
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    assert!(officer.get("/board").await.says(&format!("href=\"{case}\"")));
    let question = format!("{case}/question");
    let wrong = officer.post(&question, &[("question", "Why?"), ("days", "30")]).await;
    wrong.assert_wrong("question");
    wrong.assert_wrong("days");
    assert!(wrong.says("Why?"), "what was typed stays");
    assert_eq!(officer.post(&question, &[("question", QUESTION), ("days", "5")]).await.location(), case);
    assert!(officer.get(&case).await.says("Nothing moves before the answer"));
    assert!(officer.get("/board").await.says("Stopped: asked the applicant"));
    assert_eq!(officer.post(&question, &[("question", QUESTION), ("days", "5")]).await.status, 422, "twice is once");

    let page = company.get(&overview).await;
    assert!(
        page.says("please answer until Monday, 30 November 2026") || page.says("Please answer until"),
        "{}",
        page.body
    );
    assert!(page.says(&format!("href=\"{answer}\"")) && !page.says("<b>data"), "{}", page.body);
    let form = company.get(&answer).await;
    let asked = form.value("question").expect("which question");
    let empty = company.post(&answer, &[("question", &asked), ("answer", " ")]).await;
    empty.assert_wrong("answer");
    let saved = [("question", asked.as_str()), ("answer", "CC BY, mostly"), ("do", "save")];
    assert_eq!(company.post(&answer, &saved).await.location(), answer);
    assert!(company.get(&answer).await.says("CC BY, mostly"));
    assert!(!officer.get(&case).await.says("CC BY, mostly"), "a draft is the company's");
    let sent = [("question", asked.as_str()), ("answer", "CC BY 4.0, all of it.")];
    assert_eq!(company.post(&answer, &sent).await.location(), overview);
    assert_eq!(company.post(&answer, &sent).await.location(), overview, "twice is once");
    assert!(officer.get(&case).await.says("CC BY 4.0, all of it."));
    let page = company.get(&overview).await;
    assert!(page.says("With the reviewers") && page.says("You answered"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_asks_through_an_officer() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    let page = format!("/review/{id}");
    assert_eq!(reviewer.post("/queue", &[]).await.location(), page);
    let ask = format!("{page}/question");
    let short = reviewer.post(&ask, &[("question", "Why?")]).await;
    short.assert_wrong("question");
    let hostile = "Which licence do </textarea><b>these</b> data have?";
    assert_eq!(reviewer.post(&ask, &[("question", hostile)]).await.location(), page);
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    assert!(officer.get("/home").await.says("Ask or drop the question"));
    let case = officer.get(&format!("/cases/{id}")).await;
    assert!(case.says("Suggested by a reviewer") && !case.says("</textarea><b>"), "{}", case.body);
    let suggested = case.value("id").expect("the question");
    let drop = [("id", suggested.as_str()), ("do", "drop")];
    assert_eq!(officer.post(&format!("/cases/{id}/question"), &drop).await.location(), format!("/cases/{id}"));
    assert!(!officer.get("/home").await.says("Ask or drop the question"));
    assert!(!company.get(&overview).await.says("Which licence"), "what was not asked is between staff");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_appealed_and_judged_by_another_officer() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = id(&overview);
    let (case, appeal) = (format!("/cases/{id}"), format!("{overview}/appeal"));
    assert_eq!(company.get(&appeal).await.location(), overview, "there is no decision yet");
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    review(&mut reviewer, id, "4", "refuse").await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let version = officer.get(&format!("/decision/{id}")).await.value("version").expect("a version");
    let typed = [("outcome", "refused"), ("reasons", "The estimate was not measured at all."), ("version", &version)];
    assert_eq!(officer.post(&format!("/decision/{id}"), &typed).await.location(), "/board");

    let page = company.get(&overview).await;
    assert!(page.says("within 15 working days") && page.says(&format!("href=\"{appeal}\"")), "{}", page.body);
    let short = company.post(&appeal, &[("grounds", "Unfair!")]).await;
    short.assert_wrong("grounds");
    assert!(short.says("Unfair!"));
    let grounds = [("grounds", "It was measured: the second table of the work plan says how.")];
    assert_eq!(company.post(&appeal, &grounds).await.location(), overview);
    assert_eq!(company.post(&appeal, &grounds).await.status, 422, "twice is once");
    let page = company.get(&overview).await;
    assert!(page.says("Your appeal is with an officer who took no part"), "{}", page.body);

    let page = officer.get(&case).await;
    assert!(page.says("You took part in an earlier decision") && page.value("id").is_none(), "{}", page.body);
    let mut judge = staff(&world, "judge@x.example", Stand::Officer).await;
    assert!(judge.get("/home").await.says("Judge the appeal"));
    assert!(!officer.get("/home").await.says("Judge the appeal"));
    let open = judge.get(&case).await.value("id").expect("the appeal");
    let bare = judge.post(&format!("{case}/appeal"), &[("id", &open)]).await;
    bare.assert_wrong("outcome");
    bare.assert_wrong("reasons");
    let typed =
        [("id", open.as_str()), ("outcome", "rejected"), ("reasons", "The table was read and does not say so.")];
    assert_eq!(officer.post(&format!("{case}/appeal"), &typed).await.status, 422, "not by whoever decided");
    assert_eq!(judge.post(&format!("{case}/appeal"), &typed).await.location(), case);
    let page = company.get(&overview).await;
    assert!(page.says("Article 26 of Regulation (EU) 2021/1173") && page.says("does not say so"), "{}", page.body);

    // Two officers can still open it again.
    let version = judge.get(&case).await.value("version").expect("a version");
    let propose = [("reasons", "A new measurement was sent to us."), ("version", version.as_str())];
    assert_eq!(officer.post(&format!("{case}/reopening"), &propose).await.location(), case);
    let page = officer.get(&case).await;
    assert!(!page.says("Sign: open it again"), "{}", page.body);
    let version = judge.get(&case).await.value("version").expect("a version");
    let sign = [("do", "sign"), ("version", version.as_str())];
    assert_eq!(judge.post(&format!("{case}/reopening"), &sign).await.location(), case);
    assert!(company.get(&overview).await.says("The case was opened again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_keeps_its_place_on_the_page_until_it_has_a_reason() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let version = company.get(&overview).await.value("version").expect("a version");
    let bare = company.post(&format!("{overview}/withdraw"), &[("version", &version)]).await;
    bare.assert_wrong("reason");
    let typed = [("version", version.as_str()), ("reason", "We bought our own machines.")];
    assert_eq!(company.post(&format!("{overview}/withdraw"), &typed).await.location(), overview);
    assert_eq!(company.post(&format!("{overview}/withdraw"), &typed).await.status, 409, "once");
    assert!(company.get(&overview).await.says("We bought our own machines."));
    let mut visitor = Browser::new(&world);
    assert_eq!(visitor.get("/cases/x").await.status, 303, "a visitor signs in first");
}
