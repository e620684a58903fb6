//! Panels, award lists and lots through their pages: what is refused keeps what was typed, and a conflict hides it all.

use domain::{
    actor::{Actor, Stand},
    id::PersonId,
};
use testkit::World;

use crate::{
    applications::{applicant, submitted},
    browser::Browser,
};

async fn staff(world: &World, email: &str, stand: Stand) -> (Browser, PersonId) {
    let person = world.person(email).await;
    world.place(person, stand).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    (browser, person)
}

/// A reviewed application: its overview page, its id and its reference.
async fn reviewed(world: &World) -> (Browser, String, String) {
    let mut company = applicant(world).await;
    let overview = submitted(&mut company).await;
    let id = overview.rsplit('/').next().expect("an id").to_owned();
    let (mut reviewer, _) = staff(world, "reviewer@x.example", Stand::Reviewer).await;
    reviewer.post("/queue", &[]).await;
    let typed = [
        ("grade-fit", "4"),
        ("grade-readiness", "4"),
        ("to_applicant", "The plan is clear and the estimate is measured."),
        ("advice", "approve"),
        ("do", "hand_in"),
    ];
    assert_eq!(reviewer.post(&format!("/review/{id}"), &typed).await.location(), "/queue");
    (company, overview, id)
}

struct Sitting {
    panel: String,
    chair: Browser,
    secretary: Browser,
    member: Browser,
    item: String,
}

/// Arranged over HTTP, opened, and the only application under discussion.
async fn sitting(world: &World, conflicted: Option<&str>) -> Sitting {
    let (mut chair, chair_id) = staff(world, "chair@x.example", Stand::Officer).await;
    let (secretary, secretary_id) = staff(world, "secretary@x.example", Stand::Officer).await;
    let (mut member, member_id) = staff(world, "member@x.example", Stand::Reviewer).await;
    chair.post("/panels", &[("name", ""), ("held_on", "2026-11-24")]).await.assert_wrong("name");
    let made = chair.post("/panels", &[("name", "Panel & <b>"), ("mode", "PG"), ("held_on", "2026-11-24")]).await;
    let panel = made.location().strip_suffix("/arrange").expect("on to arranging").to_owned();
    let early = chair.post(&format!("{panel}/open"), &[("version", "1")]).await;
    assert!(early.status == 422 && early.says("exactly one chair"), "{}", early.body);
    let roles = [(chair_id, "chair"), (secretary_id, "secretary"), (member_id, "member")];
    for (person, role) in roles {
        let typed = [("person", person.to_string()), ("role", role.to_owned())];
        let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(chair.post(&format!("{panel}/members"), &typed).await.status, 303, "{role}");
    }
    if let Some(id) = conflicted {
        member.post(&format!("/conflict/{id}"), &[("reason", "My sister works there.")]).await;
    }
    let wrong = chair.post(&format!("{panel}/items"), &[("references", "GH-PG-2026-77777")]).await;
    wrong.assert_wrong("references");
    assert!(wrong.says("GH-PG-2026-77777</textarea>"), "what was typed stays");
    chair.post(&format!("{panel}/items"), &[("do", "fill")]).await;
    assert_eq!(chair.post(&format!("{panel}/open"), &[("version", "1")]).await.location(), panel);
    chair.post(&format!("{panel}/next"), &[("seen", "")]).await;
    let page = chair.get(&panel).await;
    let item = page.body.split("/items/").nth(1).expect("an item").split('"').next().expect("its id").to_owned();
    assert!(page.says("Panel &amp; &lt;b>"), "names are text");
    Sitting { panel, chair, secretary, member, item }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_amounts_at_once_are_shown_beside_each_other() {
    let world = World::sqlite().await;
    let (_, _, id) = reviewed(&world).await;
    let mut sitting = sitting(&world, None).await;
    let path = format!("{}/items/{}", sitting.panel, sitting.item);
    let read = sitting.secretary.get(&path).await.value("version").expect("a version");
    let bare = sitting.chair.post(&path, &[("outcome", "award"), ("hours", "4000"), ("version", &read)]).await;
    bare.assert_wrong("note");
    assert_eq!(bare.value("hours").as_deref(), Some("4000"));
    let note = "The plan is sound and the team is ready.";
    let typed = [("outcome", "award"), ("hours", "4000"), ("note", note), ("version", &read)];
    assert_eq!(sitting.chair.post(&path, &typed).await.location(), sitting.panel);
    let other =
        [("outcome", "award"), ("hours", "3 000"), ("note", "Half of it is enough for now."), ("version", &read)];
    let clash = sitting.secretary.post(&path, &other).await;
    assert_eq!(clash.status, 409);
    for said in ["Saved last by: Chair", "4,000", "3 000", note, "Half of it is enough for now.</textarea>"] {
        assert!(clash.says(said), "{said} is on {}", clash.body);
    }
    let version = clash.value("version").expect("the new version");
    let mine = other.map(|(name, value)| if name == "version" { (name, version.as_str()) } else { (name, value) });
    assert_eq!(sitting.secretary.post(&path, &mine).await.location(), sitting.panel);
    assert!(sitting.member.get(&path).await.says("3,000 GPU-hours"));
    assert!(sitting.member.get(&path).await.value("version").is_none(), "members read");
    assert!(sitting.member.get(&sitting.panel).await.says("data-events=\"/panels/"));

    // The decision begins with what was recommended; a page that fell behind keeps what was typed.
    let (decision, hours) = (format!("/decision/{id}"), ("hours", "2500"));
    let page = sitting.secretary.get(&decision).await;
    assert_eq!(page.value("hours").as_deref(), Some("3000"));
    let seen = page.value("version").expect("a version");
    let reasons = ("reasons", "The plan was found to be sound.");
    let conditions = ("conditions", "Report <i>after</i> three months.");
    let foreign = [("outcome", "approved"), hours, reasons, ("language", "fr"), ("version", &seen)];
    sitting.secretary.post(&decision, &foreign).await.assert_wrong("reasons_translated");
    let typed = [("outcome", "approved"), hours, reasons, conditions, ("language", "en"), ("version", &seen)];
    assert_eq!(sitting.secretary.post(&decision, &typed).await.location(), "/board");
    let late =
        sitting.chair.post(&decision, &[("outcome", "refused"), ("reasons", "Late words."), ("version", &seen)]).await;
    assert!(late.status == 409 && late.says("Late words.") && late.says("2,500"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_reach_the_applicant_as_text() {
    let world = World::sqlite().await;
    let (mut company, overview, id) = reviewed(&world).await;
    let (mut officer, _) = staff(&world, "officer@x.example", Stand::Officer).await;
    let decision = format!("/decision/{id}");
    let seen = officer.get(&decision).await.value("version").expect("a version");
    let typed = [
        ("outcome", "approved"),
        ("hours", "2500"),
        ("reasons", "The plan was found to be sound."),
        ("conditions", "Report <i>after</i> three months."),
        ("version", &seen),
    ];
    assert_eq!(officer.post(&decision, &typed).await.location(), "/board");
    let page = company.get(&overview).await;
    assert!(page.says("Conditions of the award") && page.says("Report &lt;i"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_conflict_finds_nothing_of_it() {
    let world = World::sqlite().await;
    let (_, _, id) = reviewed(&world).await;
    let mut sitting = sitting(&world, Some(&id)).await;
    let (panel, reference) = (sitting.panel.clone(), "GH-PG-2026-00001");
    let path = format!("{panel}/items/{}", sitting.item);
    assert!(sitting.chair.get(&panel).await.says("leaves: m (Member)"));
    let page = sitting.member.get(&panel).await;
    assert!(page.says("An application that is not yours") && !page.says(reference) && !page.says("leaves:"));
    assert!(sitting.member.get("/panels").await.says("0 of 0"));
    let typed = [("outcome", "award"), ("hours", "1"), ("note", "Five words are enough here."), ("version", "1")];
    for gone in [sitting.member.get(&path).await, sitting.member.post(&path, &typed).await] {
        assert_eq!(gone.status, 404);
    }
    let nothing = sitting.member.get(&format!("{panel}/items/019aaf00-0000-7000-8000-00000000beef")).await;
    // The address is on the page, for whoever changes the language there; nothing else may differ.
    let plain = |body: String, id: &str| body.replace(id, "");
    assert_eq!(
        plain(nothing.body, "019aaf00-0000-7000-8000-00000000beef"),
        plain(sitting.member.get(&path).await.body, &sitting.item),
        "the same page as for what is not there"
    );
    assert!(!sitting.member.get(&format!("{panel}/ranking")).await.says(reference));

    let note = "The plan is sound and the team is ready.";
    let typed = [("outcome", "refuse"), ("hours", ""), ("note", note), ("version", "1")];
    sitting.chair.post(&path, &typed).await;
    let unfinished = sitting.chair.post(&format!("{panel}/close"), &[("version", "2")]).await;
    assert!(unfinished.status == 422 && unfinished.says("Not everything on the agenda is done"));
    sitting.chair.post(&format!("{panel}/next"), &[("seen", &sitting.item)]).await;
    let twice = sitting.chair.post(&format!("{panel}/next"), &[("seen", &sitting.item)]).await;
    assert_eq!(twice.location(), panel, "a second click is no second step");
    let closed = sitting.chair.post(&format!("{panel}/close"), &[("version", "2")]).await;
    assert_eq!(closed.location(), format!("{panel}/minutes"));
    let minutes = format!("{panel}/minutes");
    assert!(sitting.secretary.get(&minutes).await.says(reference));
    assert!(sitting.secretary.get(&minutes).await.says("member@x.example"), "who left");
    assert!(!sitting.member.get(&minutes).await.says(reference));
    sitting.chair.post(&minutes, &[("text", "")]).await.assert_wrong("text");
    let pdf = sitting.member.get(&format!("{minutes}.pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_award_list_exports_what_it_shows() {
    let world = World::sqlite().await;
    let (_, _, id) = reviewed(&world).await;
    let (mut officer, _) = staff(&world, "officer@x.example", Stand::Officer).await;
    let wrong = officer.get("/award-list?mode=PG&budget=many").await;
    wrong.assert_wrong("budget");
    let page = officer.get("/award-list?mode=PG&budget=6000").await;
    assert!(
        page.says(&format!("/decision/{id}")) && page.says("4.00 (1 review)") && page.says("Fits"),
        "{}",
        page.body
    );
    let csv = officer.get("/award-list.csv?mode=PG&budget=4000").await;
    let line = "1,false,GH-PG-2026-00001,Firm,400,400,400,1,5000,,,5000,below,";
    assert!(csv.says(line), "{}", csv.body);
    let json: serde_json::Value = serde_json::from_str(&officer.get("/award-list.json?mode=PG").await.body).unwrap();
    assert_eq!((json[0]["mean"].as_i64(), json[0]["cut"].as_str()), (Some(400), None));
    // What is fixed stays, with what is decided beside it; sent twice, it is fixed once.
    officer.post("/award-list/fix", &[("mode", "PG"), ("budget", "many")]).await.assert_wrong("budget");
    let empty = officer.post("/award-list/fix", &[("mode", "LS"), ("budget", "")]).await;
    assert!(empty.status == 422 && empty.says("there is no list to fix"), "{}", empty.body);
    for path in ["/award-list/fix", "/award-list/draw"] {
        let nowhere = officer.post(path, &[("mode", "XX"), ("budget", "4000"), ("lot", "x")]).await;
        assert_eq!(nowhere.status, 404, "no other mode's list is touched");
    }
    let typed = [("mode", "PG"), ("budget", "4000")];
    let fixed = officer.post("/award-list/fix", &typed).await.location().to_owned();
    assert_eq!(officer.post("/award-list/fix", &typed).await.location(), fixed);
    let query = fixed.split('?').nth(1).expect("a query");
    let page = officer.get(&fixed).await;
    assert!(page.says("Undecided") && page.says("4,000 GPU-hours"), "{}", page.body);
    let csv = officer.get(&format!("/award-list.csv?{query}")).await;
    assert!(csv.says(&format!("{line},,")), "{}", csv.body);
    let json: serde_json::Value =
        serde_json::from_str(&officer.get(&format!("/award-list.json?{query}")).await.body).unwrap();
    assert_eq!((json[0]["cut"].as_str(), json[0]["decision"].as_str()), (Some("below"), None));
    for nothing in ["nonsense", "019aaf00-0000-7000-8000-00000000beef"] {
        assert_eq!(officer.get(&format!("/award-list?list={nothing}")).await.status, 404, "{nothing}");
    }
    officer.post(&format!("/conflict/{id}"), &[("reason", "My sister works there.")]).await;
    assert!(!officer.get(&fixed).await.says("GH-PG"), "a conflict hides it from what was fixed too");
    assert!(!officer.get("/award-list.csv?mode=PG").await.says("GH-PG"));
    assert_eq!(officer.get("/award-list.json?mode=PG").await.body, "[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_reads_a_hash_and_no_seed() {
    let world = World::sqlite().await;
    let (mut officer, person) = staff(&world, "officer@x.example", Stand::Officer).await;
    let typed = [("name", "Equals"), ("mode", "LS"), ("day", "2026-11-30"), ("time", "10:00")];
    let lot = officer.post("/lots", &typed).await.location().to_owned();
    officer.post("/lots", &typed).await.assert_wrong("day");
    let seed = world.lines("SELECT seed FROM lot").await.remove(0);
    let mut visitor = Browser::new(&world);
    let page = visitor.get(&lot).await;
    assert!(page.says(&domain::lot::commitment(&seed)) && !page.says(&seed), "{}", page.body);
    assert!(visitor.get("/lots").await.says("Equals"));
    let draw = [("mode", "LS"), ("budget", "1"), ("lot", lot.rsplit('/').next().expect("an id"))];
    let early = officer.post("/award-list/draw", &draw).await;
    assert!(early.status == 422 && early.says("stays secret until the deadline"), "{}", early.body);
    let desk = world.desk(Actor::person(person, Stand::Officer));
    assert!(desk.list_lots().await.unwrap()[0].seed.is_none());
}
