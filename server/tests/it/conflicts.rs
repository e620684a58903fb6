//! A conflict through the pages: no route tells of what it hides, and the office's pages keep and waive it.

use app::routes::table;
use domain::{
    actor::{Actor, Group, Stand},
    conflict::Kind,
    id::ApplicationId,
};
use http::Method;
use testkit::World;

use crate::{
    applications::{applicant, submitted},
    browser::{Answer, Browser},
};

async fn staff(world: &World, email: &str, stand: Stand) -> (Actor, Browser) {
    let person = world.person(email).await;
    world.place(person, stand).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    (Actor::person(person, stand), browser)
}

const NOWHERE: &str = "019aaf00-0000-7000-8000-00000000beef";

async fn ask(browser: &mut Browser, method: &Method, path: &str) -> Answer {
    if *method == Method::GET { browser.get(path).await } else { browser.post(path, &[]).await }
}

/// What the answer says, without what differs by chance: the identifier that was asked for, and the page's nonce.
fn said(answer: &Answer, id: &str) -> String {
    let body: Vec<&str> =
        answer.body.split("nonce=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect();
    format!("{} {} {}", answer.status, answer.location(), body.join("")).replace(id, "ID")
}

/// Every route of reviewers and officers × every kind: those with an identifier answer as for an identifier of nothing,
/// those without say nothing of it. A new route is in it by being in the table.
#[tokio::test(flavor = "multi_thread")]
async fn no_route_tells_of_what_a_conflict_hides() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = overview.rsplit('/').next().unwrap().to_owned();
    let hidden: ApplicationId = id.parse().unwrap();
    let (office, mut free) = staff(&world, "office@x.example", Stand::Officer).await;
    assert!(free.get("/board").await.says("GH-PG-2026-00001"), "whoever has no conflict sees it");
    let (mut pairs, mut faults) = (0, Vec::new());
    for (number, kind) in Kind::DECLARED.iter().enumerate() {
        for stand in [Stand::Reviewer, Stand::Officer] {
            let (actor, mut browser) =
                staff(&world, &format!("{number}-{stand:?}@x.example").to_lowercase(), stand).await;
            let record = world.desk(office);
            record.record_conflict(hidden, actor.person.unwrap(), Some(*kind), "Known to the office.").await.unwrap();
            let group = actor.group();
            for route in
                table().iter().filter(|route| route.audience.contains(&group) && !is_for_anyone(route.audience))
            {
                pairs += 1;
                let fill = |id: &str| {
                    let parts = route.path.split('/').map(|part| match part {
                        "{id}" => id,
                        part if part.starts_with('{') => NOWHERE,
                        part => part,
                    });
                    parts.collect::<Vec<_>>().join("/")
                };
                if route.path.contains("{id}") {
                    let (asked, nothing) = (fill(&id), fill(NOWHERE));
                    let asked = ask(&mut browser, &route.method, &asked).await;
                    let nothing = ask(&mut browser, &route.method, &nothing).await;
                    if said(&asked, &id) != said(&nothing, NOWHERE) {
                        faults.push(format!(
                            "{kind:?} {} {}: {} / {}",
                            route.method, route.path, asked.status, nothing.status
                        ));
                    }
                } else if route.method == Method::GET && !route.path.contains('{') {
                    for path in [
                        route.path.to_owned(),
                        format!("{}?q=GH-PG-2026-00001", route.path),
                        format!("{}?state=all&mode=PG", route.path),
                    ] {
                        let answer = browser.get(&path).await;
                        let row = answer.body.replace("value=\"GH-PG-2026-00001\"", "");
                        // The search's own field repeats what was typed; nothing else may.
                        if row.contains("GH-PG-2026-00001") && !path.contains("q=")
                            || row.contains(&id)
                            || row.contains(">Firm<")
                        {
                            faults.push(format!("{kind:?} GET {path} tells of it"));
                        }
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    println!("{pairs} pairs of a route and a kind");
    assert!(pairs > 700, "{pairs}");
}

fn is_for_anyone(audience: &[Group]) -> bool {
    audience.contains(&Group::Visitor)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_records_waives_and_gives_through_its_pages() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = overview.rsplit('/').next().unwrap().to_owned();
    let (judge, mut reviewer) = staff(&world, "judge@x.example", Stand::Reviewer).await;
    let (_, mut first) = staff(&world, "first@x.example", Stand::Officer).await;
    let (_, mut second) = staff(&world, "second@x.example", Stand::Officer).await;
    // A reviewer enters an employer: wrong first, then right, and the application is gone.
    assert!(reviewer.get("/queue").await.says("GH-PG-2026-00001"));
    let wrong = reviewer.post("/reviewer/interests", &[("kind", "employer"), ("registration_number", "7")]).await;
    wrong.assert_wrong("name");
    wrong.assert_wrong("country");
    assert_eq!(wrong.value("registration_number").as_deref(), Some("7"), "what was typed stays");
    let right = reviewer.post("/reviewer/interests", &[("kind", "customer"), ("name", "FIRM S.A.S.")]).await;
    assert_eq!(right.location(), "/reviewer/interests", "{}", right.body);
    assert!(!reviewer.get("/queue").await.says("GH-PG-2026-00001"));
    assert_eq!(reviewer.get(&format!("/conflict/{id}")).await.status, 404);
    // The officers see who would be conflicted, and why.
    let board = format!("/conflicts/{id}");
    let page = first.get(&board).await;
    assert!(page.says("Customer: one person") && page.says("FIRM S.A.S. has the name of Firm"), "{}", page.body);
    let link = |page: &Answer, what: &str| {
        let start = format!("href=\"{board}/{what}/");
        let rest = page.body.split(&start).nth(1).expect("a link").split('"').next().unwrap().to_owned();
        format!("{board}/{what}/{rest}")
    };
    let asking = link(&page, "ask");
    first.post(&asking, &[]).await.assert_wrong("reason");
    let asked = first.post(&asking, &[("reason", "One invoice, <b>paid</b> long ago.")]).await;
    assert_eq!(asked.location(), board, "{}", asked.body);
    assert!(first.get(&format!("/decision/{id}")).await.says("A waiver waits for an answer"));
    let page = second.get(&board).await;
    let answering = link(&page, "answer");
    assert!(page.says("One invoice") && !page.says("<b>paid"), "{}", page.body);
    let own = first.post(&answering, &[("outcome", "granted"), ("reason", "Mine.")]).await;
    assert!(own.status == 422 && own.says("Mine."), "{}", own.body);
    second.post(&answering, &[("outcome", "granted")]).await.assert_wrong("reason");
    let granted = second.post(&answering, &[("outcome", "granted"), ("reason", "Agreed.")]).await;
    assert_eq!(granted.location(), board, "{}", granted.body);
    assert!(second.get(&board).await.says("Granted by second@x.example"));
    assert!(second.get(&format!("/decision/{id}")).await.says("A conflict was waived by a second officer"));
    assert!(!company.get(&overview).await.says("waived"), "between the office and its reviewers");
    assert!(reviewer.get("/queue").await.says("GH-PG-2026-00001"));
    // Given to them, and then recorded against them: the review goes back.
    let person = judge.person.unwrap().to_string();
    let given = second.post(&format!("{board}/review"), &[("person", &person)]).await;
    assert_eq!(given.location(), board, "{}", given.body);
    assert!(reviewer.get(&format!("/review/{id}")).await.says("We train."));
    let record = format!("{board}/record");
    let none = second.post(&record, &[]).await;
    none.assert_wrong("person");
    let typed = [("person", person.as_str()), ("kind", "family"), ("reason", "Their brother leads it.")];
    assert_eq!(second.post(&record, &typed).await.location(), board);
    assert_eq!(reviewer.get(&format!("/review/{id}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_is_invited_says_what_they_know_accepts_the_terms_and_bids() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = overview.rsplit('/').next().unwrap().to_owned();
    let (_, mut officer) = staff(&world, "office@x.example", Stand::Officer).await;
    officer.post("/reviewers", &[("email", "nobody")]).await.assert_wrong("email");
    assert_eq!(officer.post("/reviewers", &[("email", "expert@x.example")]).await.location(), "/reviewers");
    let link = crate::browser::link_in_mail(&world, "expert@x.example", "/reviewer-invitation/").await;
    let mut visitor = Browser::new(&world);
    assert!(visitor.get(&link).await.says("/sign-up"), "a newcomer signs up first");
    let mut expert = Browser::signed_in(&world, "expert@x.example").await;
    expert.post(&format!("{link}/decline"), &[]).await.assert_wrong("reason");
    assert_eq!(expert.post(&link, &[]).await.location(), "/reviewer");
    assert!(expert.get("/reviewer").await.says("Your profile is empty"));
    let wrong = expert.post("/reviewer", &[("version", "0"), ("keywords", "MPI"), ("load_limit", "99")]).await;
    wrong.assert_wrong("expertise");
    wrong.assert_wrong("load_limit");
    assert!(wrong.says("MPI"));
    let typed =
        [("version", "0"), ("expertise-robotics", "on"), ("language-fr", "on"), ("country", "FR"), ("load_limit", "4")];
    assert_eq!(expert.post("/reviewer", &typed).await.location(), "/reviewer");
    assert_eq!(expert.post("/reviewer", &typed).await.status, 409, "the other tab");
    assert!(officer.get("/reviewers?q=robotics").await.says("expert@x.example"));
    // The terms stand before the first page of any application.
    let queue = expert.post("/queue", &[]).await;
    assert_eq!(queue.location(), "/reviewer/terms/PG?next=%2Fqueue");
    let terms = expert.get(queue.location()).await;
    assert!(terms.says("confidential") && terms.value("next").as_deref() == Some("/queue"));
    let version = terms.value("version").unwrap();
    expert.post("/reviewer/terms/PG", &[("version", &version)]).await.assert_wrong("accept");
    let elsewhere = [("version", version.as_str()), ("accept", "on"), ("next", "//evil.example")];
    assert_eq!(expert.post("/reviewer/terms/PG", &elsewhere).await.location(), "/reviewer/terms");
    assert!(expert.get("/bids").await.says("Terms of Large Scale"), "the others are still closed");
    assert!(expert.get("/bids").await.says("Speech &lt;b&gt;"));
    assert_eq!(expert.post(&format!("/bids/{id}"), &[("wish", "eager")]).await.location(), "/bids");
    assert_eq!(expert.post(&format!("/bids/{id}"), &[("wish", "love")]).await.status, 404);
    expert
        .post("/reviewer/absences", &[("first_day", "2026-12-10"), ("last_day", "2026-12-01")])
        .await
        .assert_wrong("last_day");
    let away = [("first_day", "2026-11-23"), ("last_day", "2026-12-01")];
    assert_eq!(expert.post("/reviewer/absences", &away).await.location(), "/reviewer/absences");
    let refused = expert.post("/queue", &[]).await;
    assert!(refused.status == 422 && refused.says("You are away today"), "{}", refused.body);
}
