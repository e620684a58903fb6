//! What follows an award, through its pages: a change asked and decided, hours handed back after their effect was seen,
//! reports written and approved; and the justification file as a download.

use chrono::TimeDelta;
use domain::{
    action::Kind,
    actor::{Actor, Seat, Stand},
    capacity::{Publication, Slot},
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, OrganisationId, PersonId, SiteId},
    mode::Code,
    money::BasisPoints,
    need::{Need, Residency},
    period::start_of_day,
    usage::Reading,
};
use http::StatusCode;
use services::{Approved, NewSite, SentReading};
use testkit::{World, start};

use crate::{
    applications::{applicant, submitted},
    browser::Browser,
};

struct Scene {
    world: World,
    site: SiteId,
    owner: PersonId,
    organisation: OrganisationId,
    allocation: AllocationId,
}

fn monday(weeks: u64) -> chrono::NaiveDate {
    start().date_naive() + chrono::Days::new(7 * weeks)
}

/// Eight GPUs for two weeks that began two days ago, 2,016 hours.
async fn scene() -> Scene {
    let world = World::sqlite().await;
    let system = world.desk(Actor::SYSTEM);
    let new = NewSite {
        slug: "rhone".to_owned(),
        name: "Gigafactory Rhône".to_owned(),
        country: Country::from_code("FR").unwrap(),
        city: "Lyon".to_owned(),
        login_host: "login.rhone.example".to_owned(),
    };
    let site = system.add_site(new).await.unwrap();
    let published = Publication { model: GpuModel::H100, first_week: monday(0), weeks: 30, gpus: 100, maintenance: 0 };
    system.publish_site_capacity(site, published).await.unwrap();
    let crate::access::Places { organisation, .. } = crate::access::places(&world).await;
    let owner = world.person("owner@x.example").await;
    let stand = Stand::Member { organisation, seat: Seat::Owner };
    world.place(owner, stand).await;
    let member = world.desk(Actor::person(owner, stand));
    crate::aid::declare(&member).await;
    let hours = GpuTime::hours(2_016).unwrap();
    let terms = member.price_terms(Code::PG).await.unwrap().quote(GpuModel::H100, hours).unwrap();
    let approved = Approved {
        application: member.start_application(Code::PG).await.unwrap(),
        organisation,
        reference: "GH-PG-2026-00042".to_owned(),
        mode: Code::PG,
        intake: None,
        since: start(),
        need: Need {
            model: GpuModel::H100,
            fallback: vec![],
            gpus: 8,
            gpu_time: hours,
            earliest: monday(0),
            deadline: monday(10),
            flexible: true,
            pauses: false,
            residency: Residency::Union,
            least: BasisPoints::WHOLE,
            preferred: vec![],
            offered_at: vec![],
        },
        terms: serde_json::to_string(&terms).unwrap(),
    };
    // Officers see what was handed in.
    world.lines("UPDATE application SET submitted_at = created_at RETURNING mode").await;
    let slot = Slot { site, model: GpuModel::H100, first_week: monday(1), weeks: 2, gpus: 8 };
    let allocation = system.offer_slot(&approved, slot, 1).await.unwrap().unwrap();
    member.accept_offer(allocation, 1).await.unwrap();
    let operator = world.desk(Actor { person: None, stand: Stand::Operator { site } });
    operator.confirm_allocation(allocation, 2).await.unwrap();
    world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(2));
    Scene { world, site, owner, organisation, allocation }
}

impl Scene {
    async fn member(&self) -> Browser {
        let mut browser = Browser::new(&self.world);
        let stand = Stand::Member { organisation: self.organisation, seat: Seat::Owner };
        browser.enter_as(&self.world, self.owner, stand).await;
        browser
    }

    async fn officer(&self, email: &str) -> Browser {
        let person = self.world.person(email).await;
        self.world.place(person, Stand::Officer).await;
        let mut browser = Browser::new(&self.world);
        browser.enter_as(&self.world, person, Stand::Officer).await;
        browser
    }

    fn path(&self, rest: &str) -> String {
        format!("/allocations/{}{rest}", self.allocation)
    }

    async fn used_and_ended(&self) {
        let begun = start_of_day(monday(1));
        let (start, end) = (begun + TimeDelta::hours(1), begun + TimeDelta::hours(11));
        let reading = Reading { job: "train".to_owned(), sequence: 0, gpus: 8, start, end };
        let sent = SentReading { allocation: self.allocation, reading };
        self.world.desk(Actor::meter(self.site)).record_readings(vec![sent]).await.unwrap();
        self.world.advance(start_of_day(monday(3)) - self.world.services.now() + TimeDelta::days(2));
        self.world.desk(Actor::SYSTEM).end_allocations().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_hours_are_asked_for_and_decided_with_reasons() {
    let scene = scene().await;
    let mut member = scene.member().await;
    let page = member.get(&scene.path("")).await;
    assert!(page.says("Ask for a change") && page.says("Up to half of what was first granted"), "{}", page.body);
    assert!(page.says("Possible until the first day."), "what is not possible says when it would be");
    let form = scene.path("/actions/supplement");
    let version = member.get(&form).await.value("version").expect("a version");
    member.post(&form, &[("version", &version), ("hours", "5000"), ("why", "x")]).await.assert_wrong("hours");
    let why = "The data grew by a <b>third</b>.";
    let typed = [("version", version.as_str()), ("hours", "500"), ("why", why)];
    let shown = member.post(&form, &[typed[0], typed[1], typed[2], ("do", "show")]).await;
    assert!(
        shown.status == StatusCode::OK && shown.says("What it does") && shown.says("2,016 → 2,516"),
        "{}",
        shown.body
    );
    assert!(shown.says("What it adds to the price") && shown.says("value=\"500\""), "the price, and what was typed");
    assert!(!member.get(&scene.path("")).await.says("With an officer"), "looking asks for nothing");
    assert_eq!(member.post(&form, &typed).await.location(), scene.path(""));
    let again = member.post(&form, &typed).await;
    assert!(again.status == 422 && again.says("asked for already"), "{}", again.body);

    let mut officer = scene.officer("officer@x.example").await;
    let list = officer.get("/actions").await;
    let action = list.body.split("href=\"/actions/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let action = format!("/actions/{action}");
    let page = officer.get(&action).await;
    assert!(page.says("The data grew by a") && !page.says("<b>third"), "{}", page.body);
    let version = page.value("version").expect("a version");
    officer.post(&action, &[("version", &version), ("amount", "500")]).await.assert_wrong("outcome");
    let decision = [
        ("version", version.as_str()),
        ("outcome", "approved"),
        ("amount", "400"),
        ("reason", "The growth of the data is shown."),
    ];
    assert_eq!(officer.post(&action, &decision).await.location(), "/actions");
    assert_eq!(officer.post(&action, &decision).await.status, StatusCode::CONFLICT, "once");
    let page = member.get(&scene.path("")).await;
    assert!(page.says("The growth of the data is shown.") && page.says("2,416"), "{}", page.body);
    let mut french = scene.member().await;
    french.cookie("locale", "fr");
    assert!(french.get(&scene.path("")).await.says("Demander un changement"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_are_handed_back_only_after_their_effect_was_seen() {
    let scene = scene().await;
    let mut member = scene.member().await;
    let form = scene.path("/actions/hand-back");
    let page = member.get(&form).await;
    assert!(page.says("Show what it does") && !page.says("Hand back these hours"), "{}", page.body);
    let version = page.value("version").expect("a version");
    let typed = [("version", version.as_str()), ("hours", "1500"), ("end", "early")];
    let seen = member.post(&form, &[typed[0], typed[1], typed[2], ("do", "show")]).await;
    assert!(seen.status == StatusCode::OK && seen.says("8 GPUs are free for others from"), "{}", seen.body);
    assert!(seen.says("Hand back these hours"));
    assert_eq!(member.post(&form, &typed).await.location(), scene.path(""));
    assert_eq!(member.post(&form, &typed).await.status, StatusCode::CONFLICT, "what was read is so no more");
    assert!(member.get(&scene.path("")).await.says("1,500 GPU-hours handed back"));
    let unknown = member.get(&scene.path("/actions/everything")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_report_is_written_saved_and_approved() {
    let scene = scene().await;
    scene.used_and_ended().await;
    let mut member = scene.member().await;
    assert!(member.get("/home").await.says("Final report on GH-PG-2026-00042"));
    let form = scene.path("/report/final");
    let version = member.get(&form).await.value("version").expect("a version");
    let kept = [("version", version.as_str()), ("results", "Half <i>done</i>."), ("do", "save")];
    assert_eq!(member.post(&form, &kept).await.location(), form);
    let page = member.get(&form).await;
    assert!(page.says("Half &lt;i&gt;done") && !page.says("<i>done"), "{}", page.body);
    let version = page.value("version").expect("a version");
    let short = member.post(&form, &[("version", &version), ("results", "Done.")]).await;
    short.assert_wrong("results");
    short.assert_wrong("acknowledged");
    let version = member.get(&form).await.value("version").expect("a version");
    let results = "The model was trained to the end and beats the baseline by nine points.";
    let whole = [
        ("version", version.as_str()),
        ("results", results),
        ("hours_use", "Training, then ablations and evaluation."),
        ("acknowledged", "on"),
    ];
    assert_eq!(member.post(&form, &whole).await.location(), scene.path(""));
    let mut officer = scene.officer("officer@x.example").await;
    let list = officer.get("/actions").await;
    let report = list.body.split("href=\"/reports/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let report = format!("/reports/{report}");
    let page = officer.get(&report).await;
    assert!(page.says(results), "{}", page.body);
    let version = page.value("version").expect("a version");
    officer.post(&report, &[("version", &version), ("outcome", "returned")]).await.assert_wrong("reason");
    let decision = [("version", version.as_str()), ("outcome", "approved")];
    assert_eq!(officer.post(&report, &decision).await.location(), "/actions");
    assert!(member.get(&scene.path("")).await.says("Report approved"));
    assert!(scene.world.mail_to("owner@x.example").await.expect("a mail").contains("is approved"));
    assert!(Kind::from_code("final").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_justification_file_is_downloaded_and_hidden_by_a_conflict() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let overview = submitted(&mut company).await;
    let id = overview.rsplit('/').next().expect("an id");
    let person = world.person("officer@x.example").await;
    world.place(person, Stand::Officer).await;
    let mut officer = Browser::new(&world);
    officer.enter_as(&world, person, Stand::Officer).await;
    let page = officer.get(&format!("/decision/{id}")).await;
    let file = format!("/dossier/{id}/full");
    assert!(page.says("Justification file") && page.says(&file), "{}", page.body);
    let answer = officer.get(&file).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/zip"));
    assert!(answer.header("content-disposition").contains("GH-PG-2026-00001-dossier-full.zip"));
    assert!(answer.says("manifest.sig") && answer.header("cache-control").contains("no-store"));
    assert_eq!(officer.get(&format!("/dossier/{id}/everything")).await.status, StatusCode::NOT_FOUND);
    let key = company.get("/signing-key").await;
    assert_eq!(key.body.trim().len(), 64);
    assert_eq!(company.get(&file).await.status, StatusCode::NOT_FOUND);
    officer.post(&format!("/conflict/{id}"), &[("reason", "My sister works there.")]).await;
    assert_eq!(officer.get(&file).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_are_the_same_on_the_page_and_in_the_exports() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    submitted(&mut company).await;
    let mut visitor = Browser::new(&world);
    assert!(visitor.get("/statistics").await.says("No figures yet"));
    world.advance(TimeDelta::days(10));
    let page = visitor.get("/statistics").await;
    assert!(page.status == StatusCode::OK && page.says("fewer than 5") && page.says("By country"), "{}", page.body);
    let csv = visitor.get("/statistics.csv").await;
    assert!(
        csv.header("content-type").starts_with("text/csv") && csv.says("2026-12-01,country,FR,applications,<5"),
        "{}",
        csv.body
    );
    let json: serde_json::Value = serde_json::from_str(&visitor.get("/statistics.json").await.body).expect("JSON");
    let lines = json.as_array().expect("lines");
    assert_eq!(lines.len() + 1, csv.body.lines().count());
    assert!(lines.iter().all(|line| line["value"] != "1"), "nothing of one application is said: {json}");
    assert!(visitor.get("/awards").await.says("href=\"/statistics\""));
    assert!(visitor.get("/").await.says("href=\"/statistics\""));
    let mut french = Browser::new(&world);
    french.cookie("locale", "fr");
    assert!(french.get("/statistics").await.says("moins de 5"));
}
