//! State aid through its pages: declared by the company, weighed before a decision, drawn, and handed to the register.

use domain::actor::{Actor, Stand};
use services::Desk;
use testkit::World;
use text::Locale;

use crate::{
    applications::{applicant, submitted},
    browser::Browser,
    reviews::{id, review, staff},
};

const NOTHING: &[(&str, &str)] =
    &[("state", "FR"), ("nothing", "on"), ("in_difficulty", "no"), ("owes_recovery", "no"), ("declared", "on")];

/// Declares that there was no other aid.
pub async fn declare(desk: &Desk) {
    let typed = NOTHING.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    desk.declare_aid(&typed, Locale::En).await.expect("a declaration");
}

async fn decide(officer: &mut Browser, path: &str, hours: &str) -> crate::browser::Answer {
    let version = officer.get(path).await.value("version").expect("a version");
    let reasons = "The estimate was compared with measured throughput.";
    let typed =
        [("outcome", "approved"), ("hours", hours), ("reasons", reasons), ("language", "en"), ("version", &version)];
    officer.post(path, &typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_declaration_to_the_register() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let page = company.get("/organisation/aid").await;
    assert!(page.says("€300,000.00") && page.says("No aid counts"), "{}", page.body);
    let form = company.get("/organisation/aid/declaration").await;
    assert!(form.says("Article 2(2)") && form.says("id=\"aid1_on\""), "{}", form.body);
    let empty = company.post("/organisation/aid/declaration", &[("state", "FR"), ("aid1_amount", "12")]).await;
    empty.assert_wrong("aid1_on");
    empty.assert_wrong("in_difficulty");
    assert_eq!(empty.value("aid1_amount").as_deref(), Some("12"), "what was typed stays");
    let mut listed: Vec<(&str, &str)> = NOTHING.iter().copied().filter(|(name, _)| *name != "nothing").collect();
    listed.extend([("aid1_on", "2025-03-01"), ("aid1_amount", "292 000"), ("aid1_authority", "<b>Agency</b>")]);
    assert_eq!(company.post("/organisation/aid/declaration", &listed).await.location(), "/organisation/aid");
    let page = company.get("/organisation/aid").await;
    assert!(
        page.says("€8,000.00") && page.says("<svg class=\"chart aid\"") && !page.says("<b>Agency"),
        "{}",
        page.body
    );

    let overview = submitted(&mut company).await;
    let shown = company.get(&overview).await;
    assert!(shown.says("€9,800.00") && shown.says("What could be granted instead"), "{}", shown.body);
    let id = id(&overview);
    let mut reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
    review(&mut reviewer, id, "4", "approve").await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let decision = format!("/decision/{id}");
    let before = officer.get(&decision).await;
    assert!(before.says("It cannot be granted as it is") && before.says("4,081"), "{}", before.body);
    let refused = decide(&mut officer, &decision, "5000").await;
    refused.assert_wrong("hours");
    assert!(refused.says("8,000 euro are left") && refused.says("Union access time"), "{}", refused.body);
    assert_eq!(decide(&mut officer, &decision, "4081").await.location(), "/board");

    let after = company.get(&overview).await;
    assert!(after.says("FR-1") && after.says("award in force"), "{}", after.body);
    let list = officer.get("/aid").await;
    assert!(list.says("Firm") && list.says("Near"), "{}", list.body);
    let book = officer.get("/aid/register").await;
    assert!(book.says("FR-1") && book.says("Nothing is late"), "{}", book.body);
    let unreadable = officer.get("/aid/register?year=abc").await;
    assert!(unreadable.status == 200 && unreadable.says("FR-1"), "{}", unreadable.body);
    let csv = officer.get("/aid/register.csv").await;
    assert!(
        csv.says("entry,register,what,number") && csv.says("7998.76") && csv.says("(EU) 2023/2831"),
        "{}",
        csv.body
    );
    assert!(officer.get("/aid/register.json").await.says("\"beneficiary\":\"Firm\""));
    assert!(officer.get("/aid/register/sectors.csv").await.says("2026,62,1,1,7998.76"));
    let entries = book.value("entries").expect("what was shown");
    assert_eq!(officer.post("/aid/register", &[("entries", &entries)]).await.location(), "/aid/register");
    let empty = officer.get("/aid/register").await;
    assert!(empty.says("Everything has been handed over") && empty.says("FR-1"), "{}", empty.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_is_recorded_by_an_officer_and_seen_by_nobody_else() {
    let world = World::sqlite().await;
    let mut company = applicant(&world).await;
    let organisation = other(&world).await;
    let mut officer = staff(&world, "officer@x.example", Stand::Officer).await;
    let wrong = officer.post("/aid/transfers", &[("event", "merger"), ("from", "303265045")]).await;
    wrong.assert_wrong("to");
    assert_eq!(wrong.value("from").as_deref(), Some("303265045"));
    let typed = [
        ("event", "merger"),
        ("from", "303 265 045"),
        ("to", "999 000 111"),
        ("on", "2026-11-01"),
        ("reason", "Deed of 1 November 2026."),
    ];
    assert_eq!(officer.post("/aid/transfers", &typed).await.location(), "/aid");
    assert!(officer.get(&format!("/aid/{organisation}")).await.says("Deed of 1 November"));
    assert_eq!(company.get(&format!("/aid/{organisation}")).await.status, 404);
    assert!(company.get("/organisation/aid").await.says("Merger of"));
    let mut finance = staff(&world, "finance@x.example", Stand::Finance).await;
    assert_eq!(finance.post("/aid/transfers", &typed).await.status, 404);
    assert_eq!(finance.get("/aid").await.status, 200);
}

/// A second company.
async fn other(world: &World) -> domain::id::OrganisationId {
    let person = world.person("founder@second.example").await;
    let form = domain::organisation::DetailsForm {
        legal_name: "Second".to_owned(),
        street: "Rue 2".to_owned(),
        city: "Lyon".to_owned(),
        postcode: "69001".to_owned(),
        country: "FR".to_owned(),
        registration_number: "999000111".to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..domain::organisation::DetailsForm::default()
    };
    let desk = world.desk(Actor::person(person, Stand::SignedIn));
    desk.create_organisation(&form).await.expect("a company")
}
