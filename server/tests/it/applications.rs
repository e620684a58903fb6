//! Applying through the pages: rules first, steps that keep anything, a list of what is missing, and then in.

use domain::{
    actor::{Actor, Seat, Stand},
    organisation::DetailsForm,
};
use testkit::World;

use crate::browser::Browser;

/// An owner of a small company, signed in.
pub async fn applicant(world: &World) -> Browser {
    let person = world.person("ada@firm.example").await;
    let form = DetailsForm {
        legal_name: "Firm".to_owned(),
        street: "Rue 1".to_owned(),
        city: "Lyon".to_owned(),
        postcode: "69001".to_owned(),
        country: "FR".to_owned(),
        registration_number: "303265045".to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let organisation =
        world.desk(Actor::person(person, Stand::SignedIn)).create_organisation(&form).await.expect("a company");
    let stand = Stand::Member { organisation, seat: Seat::Owner };
    let figures = [
        ("year1_ends", "2025-12-31"),
        ("year1_staff", "20"),
        ("year1_turnover", "3000000"),
        ("year1_balance", "1000000"),
    ];
    let figures = figures.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let desk = world.desk(Actor::person(person, stand));
    desk.change_figures(&figures, 1).await.expect("figures");
    crate::aid::declare(&desk).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    browser
}

pub const STEPS: &[(&str, &[(&str, &str)])] = &[
    ("project", &[("title", "Speech <b>"), ("abstract", "We train."), ("innovation", "Nobody has it.")]),
    (
        "compute",
        &[
            ("model", "H100"),
            ("method", "typed"),
            ("hours", "5000"),
            ("gpus", "16"),
            ("earliest", "2026-12-07"),
            ("months", "1"),
        ],
    ),
    ("data", &[("data_source", "Ours."), ("personal_data", "none"), ("residency", "eea")]),
    (
        "declarations",
        &[
            ("role", "provider"),
            ("risk", "minimal"),
            ("practice", "none"),
            ("general_purpose", "no"),
            ("not_started", "on"),
            ("civil", "on"),
            ("truthful", "on"),
        ],
    ),
    ("team", &[("lead_name", "Ada"), ("lead_email", "ada@firm.example"), ("lead_contract_end", "2028-01-01")]),
];

/// A Playground application filled in and handed in through the pages: its overview's path.
pub async fn submitted(browser: &mut Browser) -> String {
    let overview = browser.post("/applications/new/PG", &[]).await.location().to_owned();
    for (step, fields) in STEPS {
        browser.post(&format!("{overview}/{step}"), fields).await;
    }
    let check = format!("{overview}/check");
    let version = browser.get(&check).await.value("version").expect("a version");
    assert_eq!(browser.post(&check, &[("version", &version)]).await.location(), overview);
    overview
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_rules_to_the_number() {
    let world = World::sqlite().await;
    let mut browser = applicant(&world).await;
    assert!(browser.get("/modes/PG").await.says("Start an application"));
    let started = browser.post("/applications/new/PG", &[]).await;
    assert_eq!(started.status, 303);
    let overview = started.location().to_owned();
    assert!(browser.get(&overview).await.says("Untitled application"));
    // Nothing filled in: everything is listed, each line a link to its field, and nothing goes in.
    let check = format!("{overview}/check");
    let version = browser.get(&check).await.value("version").expect("a version");
    let refused = browser.post(&check, &[("version", &version)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says(&format!("href=\"{overview}/compute#gpus\"")), "{}", refused.body);
    for (step, fields) in STEPS {
        let path = format!("{overview}/{step}");
        assert_eq!(browser.get(&path).await.status, 200, "{step}");
        let saved = browser.post(&path, fields).await;
        assert_eq!(saved.status, 303, "{step}: {}", saved.body);
    }
    let page = browser.get(&format!("{overview}/compute")).await;
    assert_eq!(page.value("hours").as_deref(), Some("5000"));
    assert!(page.says("€14,000.00"), "the price stands beside: {}", page.body);
    // The browser's own saving wants no page back.
    let quiet = browser.post(&format!("{overview}/project"), &[("title", "Speech"), ("then", "quietly")]).await;
    assert_eq!(quiet.status, 204);
    let version = browser.get(&check).await.value("version").expect("a version");
    assert_eq!(browser.post(&check, &[("version", "1")]).await.status, 409, "an old version is not handed in");
    let submitted = browser.post(&check, &[("version", &version)]).await;
    assert_eq!((submitted.status.as_u16(), submitted.location()), (303, overview.as_str()));
    let after = browser.get(&overview).await;
    assert!(after.says("GH-PG-2026-00001") && after.says("Wednesday"), "{}", after.body);
    assert!(browser.get("/applications").await.says("GH-PG-2026-00001"));
    // Handed in is handed in.
    assert_eq!(browser.get(&format!("{overview}/project")).await.status, 303);
    assert_eq!(browser.get(&check).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_nothing_and_unknown_steps_are_not_found() {
    let world = World::sqlite().await;
    let mut browser = applicant(&world).await;
    let overview = browser.post("/applications/new/FL", &[]).await.location().to_owned();
    assert_eq!(browser.get(&format!("{overview}/nonsense")).await.status, 404);
    assert_eq!(browser.post("/applications/new/XX", &[]).await.status, 404);
    let mut visitor = Browser::new(&world);
    assert_eq!(visitor.get("/modes").await.status, 200);
    assert!(visitor.get("/modes/LS").await.says("30 November"));
    assert_eq!(visitor.get(&overview).await.status, 303, "to the sign-in page");
    let stranger = world.person("eve@x.example").await;
    visitor.enter_as(&world, stranger, Stand::SignedIn).await;
    assert_eq!(visitor.get(&overview).await.status, 404);
}
