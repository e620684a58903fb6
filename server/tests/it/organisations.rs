//! The organisation's pages: registering, figures, owners, people, without JavaScript.

use http::StatusCode;
use testkit::{World, both};

use crate::browser::{Answer, Browser, link_in_mail};

const COSMOS: [(&str, &str); 9] = [
    ("legal_name", "Cosmos Vision SAS"),
    ("street", "3 rue du Calcul"),
    ("city", "Paris"),
    ("postcode", "75011"),
    ("country", "FR"),
    ("registration_number", "303 265 045"),
    ("vat_id", "FR 40 303265045"),
    ("founded_on", "2024-02-01"),
    ("nace", "62.10"),
];

async fn registered(world: &World) -> Browser {
    let mut browser = Browser::signed_in(world, "owner@cosmos.example").await;
    assert_eq!(browser.get("/organisation").await.location(), "/organisation/new");
    let answer = browser.post("/organisation/new", &COSMOS).await;
    assert_eq!(answer.location(), "/organisation/size", "{}", answer.body);
    browser
}

fn without<'a>(form: &[(&'a str, &'a str)], field: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, typed)| if *name == field { (*name, value) } else { (*name, *typed) }).collect()
}

fn version(answer: &Answer) -> String {
    answer.value("version").expect("a version")
}

both! {
    async fn a_refused_registration_keeps_what_was_typed(world) {
        let mut browser = Browser::signed_in(&world, "owner@cosmos.example").await;
        let answer = browser.post("/organisation/new", &without(&COSMOS, "vat_id", "DE136695976")).await;
        answer.assert_wrong("vat_id");
        assert_eq!(answer.value("legal_name").as_deref(), Some("Cosmos Vision SAS"));
        assert_eq!(answer.value("vat_id").as_deref(), Some("DE136695976"));
        let empty = browser.post("/organisation/new", &[]).await;
        assert!(empty.says("Legal name: Fill this in."), "the summary names its fields: {}", empty.body);
        for field in ["legal_name", "country", "registration_number", "street", "postcode", "city", "founded_on"] {
            empty.assert_wrong(field);
        }
    }

    async fn the_number_is_checked_behind_the_page(world) {
        let mut browser = registered(&world).await;
        assert!(browser.get("/organisation").await.says("Being checked"));
        world.work().await;
        let answer = browser.get("/organisation").await;
        assert!(answer.says("the VAT register knows this number"), "{}", answer.body);
        assert!(answer.says("FAKE-FR40303265045"));
        browser.cookie("locale", "fr");
        let answer = browser.get("/organisation").await;
        assert!(answer.says("le registre de TVA connaît ce numéro"), "{}", answer.body);
        let seen = version(&answer);
        assert_eq!(browser.post("/organisation/vat", &[("version", &seen)]).await.location(), "/organisation");
    }

    async fn a_change_made_from_an_old_page_is_refused(world) {
        let mut browser = registered(&world).await;
        let seen = version(&browser.get("/organisation/edit").await);
        let mut form = without(&COSMOS, "city", "Lyon");
        form.push(("version", &seen));
        assert_eq!(browser.post("/organisation", &form).await.location(), "/organisation");
        assert!(browser.get("/organisation").await.says("Lyon"));
        assert_eq!(browser.post("/organisation", &form).await.status, StatusCode::CONFLICT);
    }

    async fn the_size_opens_its_arithmetic(world) {
        let mut browser = registered(&world).await;
        let answer = browser.get("/organisation/size").await;
        let seen = version(&answer);
        let typed = [
            ("version", seen.as_str()), ("year1_ends", "2025-12-31"), ("year1_staff", "40"),
            ("year1_turnover", "1 000 000"), ("year1_balance", "x"),
        ];
        let wrong = browser.post("/organisation/size", &typed).await;
        wrong.assert_wrong("year1_balance");
        assert_eq!(wrong.value("year1_turnover").as_deref(), Some("1 000 000"));
        let typed = without(&typed, "year1_balance", "1000000");
        assert_eq!(browser.post("/organisation/size", &typed).await.location(), "/organisation/size");
        let answer = browser.get("/organisation/size").await;
        assert!(answer.says("Small enterprise") && answer.says("It is a start-up."), "{}", answer.body);

        let seen = version(&answer);
        let partner = [
            ("version", seen.as_str()), ("name", "Partner AG"), ("parent", ""), ("direction", "upstream"),
            ("kind", "enterprise"), ("share", "30"), ("staff", "40"), ("turnover", "0"), ("balance", "0"),
        ];
        browser.post("/organisation/owners", &without(&partner, "share", "130")).await.assert_wrong("share");
        assert_eq!(browser.post("/organisation/owners", &partner).await.location(), "/organisation/size");
        let answer = browser.get("/organisation/size").await;
        assert!(answer.says("Medium-sized enterprise") && answer.says("Partner: counted by its share"));
        let (seen, id) = (version(&answer), answer.value("id").expect("the owner's id"));
        let answer = browser.post("/organisation/owners/remove", &[("version", &seen), ("id", &id)]).await;
        assert_eq!(answer.location(), "/organisation/size");
        assert!(browser.get("/organisation/size").await.says("No owners or holdings entered"));
    }

    async fn people_are_invited_by_mail(world) {
        let mut owner = registered(&world).await;
        owner.post("/organisation/members", &[("email", "nobody"), ("seat", "reader")]).await.assert_wrong("email");
        let typed = [("email", "guest@cosmos.example"), ("seat", "reader")];
        assert_eq!(owner.post("/organisation/members", &typed).await.location(), "/organisation/members");
        let link = link_in_mail(&world, "guest@cosmos.example", "/invitation/").await;
        assert!(Browser::new(&world).get(&link).await.says("guest@cosmos.example"));
        let mut stranger = Browser::signed_in(&world, "stranger@x.example").await;
        assert_eq!(stranger.post(&link, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        let mut guest = Browser::signed_in(&world, "guest@cosmos.example").await;
        assert!(guest.get(&link).await.says("Accept invitation"));
        assert_eq!(guest.post(&link, &[]).await.location(), "/home");
        assert!(guest.get("/organisation").await.says("Cosmos Vision SAS"));
        assert_eq!(guest.get(&link).await.status, StatusCode::UNPROCESSABLE_ENTITY, "used up");
        // A reader sees no forms and cannot post them.
        let answer = guest.get("/organisation/members").await;
        assert!(!answer.says("Send invitation"), "{}", answer.body);
        assert_eq!(guest.get("/organisation/edit").await.status, StatusCode::NOT_FOUND);
        assert_eq!(guest.post("/organisation/members", &typed).await.status, StatusCode::NOT_FOUND);

        let answer = owner.post("/organisation/members/leave", &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the last owner stays");
        assert!(answer.says("An organisation needs an owner"));
        assert_eq!(guest.post("/organisation/members/leave", &[]).await.location(), "/home");
        assert_eq!(guest.get("/organisation/size").await.status, StatusCode::NOT_FOUND);
    }

    async fn visitors_are_sent_to_sign_in(world) {
        let mut visitor = Browser::new(&world);
        assert_eq!(visitor.get("/organisation").await.location(), "/sign-in?next=%2Forganisation");
        assert_eq!(visitor.get("/invitation/unknown").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
