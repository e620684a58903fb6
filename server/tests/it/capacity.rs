//! Capacity, offers, allocations and readings through HTTP: the public map, the applicant's answer, the operator's
//! deeds, the meter's batches.

use axum::body::Body;
use chrono::{Days, TimeDelta};
use domain::{
    actor::{Actor, Seat, Stand},
    application::{Need, Residency},
    capacity::{Publication, Slot},
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, OrganisationId, PersonId, SiteId},
    mode::Code,
    money::BasisPoints,
    organisation::DetailsForm,
    period::start_of_day,
};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use services::{Approved, NewSite};
use testkit::{World, start};

use crate::browser::{Answer, Browser};

struct Scene {
    world: World,
    site: SiteId,
    owner: PersonId,
    organisation: OrganisationId,
    application: ApplicationId,
    allocation: AllocationId,
}

fn monday(weeks: u64) -> chrono::NaiveDate {
    start().date_naive() + Days::new(7 * weeks)
}

/// A site with 100 H100s, and an offer of 8 of them from next Monday to a company.
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
    let published = Publication { model: GpuModel::H100, first_week: monday(0), weeks: 12, gpus: 100, maintenance: 10 };
    system.publish_site_capacity(site, published).await.unwrap();
    let owner = world.person("owner@x.example").await;
    let details = DetailsForm {
        legal_name: "Cosmos Vision SAS".to_owned(),
        street: "Rue du Calcul 3".to_owned(),
        city: "Lyon".to_owned(),
        postcode: "69001".to_owned(),
        country: "FR".to_owned(),
        registration_number: "303 265 045".to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let organisation = world.desk(Actor::person(owner, Stand::SignedIn)).create_organisation(&details).await.unwrap();
    let member = world.desk(Actor::person(owner, Stand::Member { organisation, seat: Seat::Owner }));
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
            gpu_time: GpuTime::hours(2_000).unwrap(),
            earliest: monday(0),
            deadline: monday(10),
            flexible: true,
            pauses: false,
            residency: Residency::Union,
            least: BasisPoints::WHOLE,
            preferred: vec![],
            offered_at: vec![],
        },
        terms: json!({ "list": 500_000, "subsidy": 300_000, "own": 200_000, "vat": 40_000, "due": 240_000 })
            .to_string(),
    };
    let slot = Slot { site, model: GpuModel::H100, first_week: monday(1), weeks: 2, gpus: 8 };
    let allocation = system.offer_slot(&approved, slot, 1).await.unwrap().unwrap();
    Scene { world, site, owner, organisation, application: approved.application, allocation }
}

impl Scene {
    async fn member(&self) -> Browser {
        let mut browser = Browser::new(&self.world);
        let stand = Stand::Member { organisation: self.organisation, seat: Seat::Owner };
        browser.enter_as(&self.world, self.owner, stand).await;
        browser
    }

    async fn staff(&self, email: &str, stand: Stand) -> Browser {
        let person = self.world.person(email).await;
        self.world.place(person, stand).await;
        let mut browser = Browser::new(&self.world);
        browser.enter_as(&self.world, person, stand).await;
        browser
    }

    async fn operator(&self) -> Browser {
        self.staff("operator@x.example", Stand::Operator { site: self.site }).await
    }
}

fn path_of(text: &str, folder: &str, id: AllocationId) -> String {
    assert!(text.contains(&format!("{folder}/{id}")), "no link to {folder}/{id}");
    format!("{folder}/{id}")
}

async fn send(browser: &mut Browser, token: Option<&str>, body: String) -> Answer {
    send_to(browser, "/api/v1/readings", token, body).await
}

async fn send_to(browser: &mut Browser, path: &str, token: Option<&str>, body: String) -> Answer {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    browser.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn everybody_sees_how_full_the_sites_are() {
    let scene = scene().await;
    let answer = Browser::new(&scene.world).get("/capacity?model=H100").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.says("Gigafactory Rhône") && answer.says("82 of 100 free") && answer.says("90 of 100 free"));
    assert!(answer.body.contains("<svg") && answer.body.contains("<table"));
    let mut french = Browser::new(&scene.world);
    french.cookie("locale", "fr");
    assert!(french.get("/capacity").await.says("82 libres sur 100"));
}

#[tokio::test]
async fn an_offer_is_moved_accepted_confirmed_and_seen() {
    let scene = scene().await;
    let mut member = scene.member().await;
    let list = member.get("/allocations").await;
    let offer = path_of(&list.body, "/offers", scene.allocation);
    let page = member.get(&offer).await;
    assert!(page.says("What accepting means") && page.says("€2,400.00"), "{}", page.body);
    let free = format!("{}|H100|{}|2|8", scene.site, monday(3));
    assert!(page.body.contains(&free), "the calendar offers it");
    let wrong = member.post(&format!("{offer}/slot"), &[("version", "1"), ("slot", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let moved = member.post(&format!("{offer}/slot"), &[("version", "1"), ("slot", &free)]).await;
    assert_eq!((moved.status, moved.location()), (StatusCode::SEE_OTHER, offer.as_str()));
    assert_eq!(member.post(&format!("{offer}/accept"), &[("version", "1")]).await.status, StatusCode::CONFLICT);
    let accepted = member.post(&format!("{offer}/accept"), &[("version", "2")]).await;
    let allocation = format!("/allocations/{}", scene.allocation);
    assert_eq!((accepted.status, accepted.location()), (StatusCode::SEE_OTHER, allocation.as_str()));
    assert!(member.get(&allocation).await.says("With the site, to open the project"));
    let mut operator = scene.operator().await;
    assert!(operator.get("/site").await.says("One booking waits for you"));
    assert!(operator.get("/site/bookings").await.says("Cosmos Vision SAS"));
    let confirm = format!("/site/bookings/{}/confirm", scene.allocation);
    assert_eq!(operator.post(&confirm, &[("version", "3")]).await.status, StatusCode::SEE_OTHER);
    let page = member.get(&allocation).await;
    assert!(page.says("ssh your-name@login.rhone.example") && page.says("Project opened by Gigafactory Rhône"));
    let page = operator.get(&allocation).await;
    assert!(page.status == StatusCode::OK && !page.says("€"), "the site does not see what its guest pays");
}

#[tokio::test]
async fn a_site_that_cannot_deliver_says_why() {
    let scene = scene().await;
    let mut member = scene.member().await;
    let accept = format!("/offers/{}/accept", scene.allocation);
    assert_eq!(member.post(&accept, &[("version", "1")]).await.status, StatusCode::SEE_OTHER);
    let mut operator = scene.operator().await;
    let refuse = format!("/site/bookings/{}/refuse", scene.allocation);
    assert!(operator.get("/site/bookings").await.says(&refuse));
    assert!(operator.get(&refuse).await.says("Cosmos Vision SAS"));
    operator.post(&refuse, &[("version", "2")]).await.assert_wrong("reason");
    let typed = [("version", "2"), ("reason", "The cooling is <b>repaired</b>.")];
    assert_eq!(operator.post(&refuse, &typed).await.location(), "/site/bookings");
    let again = operator.post(&refuse, &typed).await.status;
    assert!(again == StatusCode::CONFLICT || again == StatusCode::NOT_FOUND, "once: {again}");
    assert!(!operator.get("/site/bookings").await.says(&refuse));
    let page = member.get(&format!("/applications/{}", scene.application)).await;
    assert!(page.says("could not deliver") && page.says("The cooling is &lt;b&gt;"), "{}", page.body);
}

#[tokio::test]
async fn offers_of_others_are_not_found() {
    let scene = scene().await;
    let mut operator = scene.operator().await;
    assert_eq!(operator.get(&format!("/offers/{}", scene.allocation)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(operator.get("/allocations").await.status, StatusCode::NOT_FOUND);
    let mut officer = scene.staff("officer@x.example", Stand::Officer).await;
    let accept = format!("/offers/{}/accept", scene.allocation);
    assert_eq!(officer.post(&accept, &[("version", "1")]).await.status, StatusCode::NOT_FOUND);
    let page = officer.get("/matching").await;
    assert!(page.says("GH-PG-2026-00042") && page.says("Nobody waits"), "{}", page.body);
    assert_eq!(officer.post("/matching", &[]).await.location(), "/matching");
}

#[tokio::test]
async fn an_operator_publishes_and_is_told_what_is_promised() {
    let scene = scene().await;
    let mut operator = scene.operator().await;
    let week = monday(1).to_string();
    let fields =
        |gpus| [("model", "H100"), ("first_week", week.as_str()), ("weeks", "2"), ("gpus", gpus), ("maintenance", "0")];
    let refused = operator.post("/site/capacity", &fields("7")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_wrong("gpus");
    assert_eq!(operator.post("/site/capacity", &[("model", "H100")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(operator.post("/site/capacity", &fields("8")).await.location(), "/site/capacity");
    assert!(operator.get("/site/capacity").await.says("0 of 8 free"));
}

#[tokio::test]
async fn a_meter_sends_batches_and_hears_of_every_row() {
    let scene = scene().await;
    let member = scene
        .world
        .desk(Actor::person(scene.owner, Stand::Member { organisation: scene.organisation, seat: Seat::Owner }));
    member.accept_offer(scene.allocation, 1).await.unwrap();
    let mut operator = scene.operator().await;
    operator.post(&format!("/site/bookings/{}/confirm", scene.allocation), &[("version", "2")]).await;
    let page = operator.post("/site/feed/token", &[]).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let at = page.body.find("ghm_").expect("the token is shown");
    let token = page.body[at..].split('<').next().unwrap().to_owned();
    assert!(!operator.get("/site/feed").await.body.contains(&token), "once only");
    scene.world.advance(start_of_day(monday(1)) - start() + TimeDelta::hours(10));
    let start = start_of_day(monday(1));
    let row = |sequence: i64, hours: i64| {
        json!({ "allocation": scene.allocation.to_string(), "job": "train", "sequence": sequence, "gpus": 8,
                "start": start, "end": start + TimeDelta::hours(hours) })
    };
    let batch = json!({ "readings": [row(0, 2), row(0, 2), row(1, 200)] }).to_string();
    let mut meter = Browser::new(&scene.world);
    let none = send(&mut meter, None, batch.clone()).await;
    assert_eq!((none.status, none.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert_eq!(send(&mut meter, Some("ghm_wrong"), batch.clone()).await.status, StatusCode::UNAUTHORIZED);
    let answer = send(&mut meter, Some(&token), batch).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let result: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&result["taken"], &result["duplicates"], &result["refused"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(result["rows"][0]["gpu_seconds"], json!(8 * 2 * 3_600));
    assert_eq!(result["rows"][2]["reason"], json!("stretch-too-long"));
    assert_eq!(result["rows"][2]["message"], json!("One reading covers at most seven days."));
    for (body, status) in [
        ("{}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("not json".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "readings": [] }).to_string(), StatusCode::UNPROCESSABLE_ENTITY),
        (
            json!({ "readings": (0..1_001).map(|n| row(n, 1)).collect::<Vec<_>>() }).to_string(),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (" ".repeat(1_100_000), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = send(&mut meter, Some(&token), body).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains("\"error\""));
    }
    // A week has passed: the first session is over.
    let mut operator = scene.staff("colleague@x.example", Stand::Operator { site: scene.site }).await;
    let feed = operator.get("/site/feed").await;
    assert!(feed.says("One reading covers at most seven days."));
    scene.world.work().await;
    let mut member = scene.member().await;
    let page = member.get(&format!("/allocations/{}", scene.allocation)).await;
    assert!(page.says("16 GPU-hours are used") && page.says("train"), "{}", page.body);
}

#[tokio::test]
async fn a_meter_takes_back_what_did_not_run() {
    let scene = scene().await;
    let member = scene
        .world
        .desk(Actor::person(scene.owner, Stand::Member { organisation: scene.organisation, seat: Seat::Owner }));
    member.accept_offer(scene.allocation, 1).await.unwrap();
    let mut operator = scene.operator().await;
    operator.post(&format!("/site/bookings/{}/confirm", scene.allocation), &[("version", "2")]).await;
    let page = operator.post("/site/feed/token", &[]).await;
    let at = page.body.find("ghm_").expect("the token is shown");
    let token = page.body[at..].split('<').next().unwrap().to_owned();
    scene.world.advance(start_of_day(monday(1)) - start() + TimeDelta::hours(10));
    let start = start_of_day(monday(1));
    let stretch = |hours: i64| {
        json!({ "allocation": scene.allocation.to_string(), "job": "train", "sequence": 0, "gpus": 8,
                "start": start, "end": start + TimeDelta::hours(hours) })
    };
    let correction = |sequence: i64, hours: i64| {
        let mut row = stretch(hours);
        row["sequence"] = json!(sequence);
        row["replaces"] = json!(0);
        row
    };
    let mut meter = Browser::new(&scene.world);
    send(&mut meter, Some(&token), json!({ "readings": [stretch(2)] }).to_string()).await;
    scene.world.work().await;
    let batch = json!({ "corrections": [correction(5, 1), correction(5, 1), correction(6, 2)] }).to_string();
    let path = "/api/v1/corrections";
    assert_eq!(send_to(&mut meter, path, None, batch.clone()).await.status, StatusCode::UNAUTHORIZED);
    let answer = send_to(&mut meter, path, Some(&token), batch).await;
    let result: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&result["taken"], &result["duplicates"], &result["refused"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(result["rows"][0]["gpu_seconds"], json!(8 * 3_600));
    assert_eq!(result["rows"][2]["reason"], json!("not-lower"));
    let page = scene.member().await.get(&format!("/allocations/{}", scene.allocation)).await;
    assert!(page.says("8 GPU-hours taken back"), "{}", page.body);
    // The site owns up to a downtime of half an hour; a week has passed, and the first session is over.
    let mut operator = scene.staff("colleague@x.example", Stand::Operator { site: scene.site }).await;
    let path = format!("/site/bookings/{}/downtime", scene.allocation);
    let day = monday(1).to_string();
    let fields = [
        ("first_day", day.as_str()),
        ("first_time", "00:00"),
        ("last_day", day.as_str()),
        ("last_time", "00:30"),
        ("gpus", "8"),
        ("reason", "Power cut."),
    ];
    let refused = operator.post(&path, &fields[..5]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_wrong("reason");
    assert_eq!(operator.post(&path, &fields).await.location(), path);
    assert!(operator.get(&path).await.says("Power cut."));
    let page = scene.member().await.get(&format!("/allocations/{}", scene.allocation)).await;
    assert!(page.says("4 GPU-hours taken back"), "{}", page.body);
}

#[tokio::test]
async fn the_api_describes_itself() {
    let scene = scene().await;
    let answer = Browser::new(&scene.world).get("/api/v1/openapi.json").await;
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(document["paths"]["/api/v1/readings"]["post"]["responses"]["413"].is_object());
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], json!("bearer"));
}
