//! Quotas through their page: who sets one, what is refused and kept, and what is read of it.

use domain::{actor::Stand, period::brussels_day};
use testkit::World;

use crate::browser::Browser;

async fn keeper(world: &World, email: &str, stand: Stand) -> Browser {
    let person = world.person(email).await;
    world.place(person, stand).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, stand).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_sets_a_quota_and_what_was_typed_stays() {
    let world = World::sqlite().await;
    let mut officer = keeper(&world, "officer@x.example", Stand::Officer).await;
    let mut finance = keeper(&world, "finance@x.example", Stand::Finance).await;
    assert!(officer.get("/quotas").await.says("No quota is in force"));
    let today = brussels_day(world.services.now()).to_string();
    let wrong = [
        ("kind", "organisation"),
        ("company", "Nobody GmbH"),
        ("hours", "100"),
        ("valid_from", today.as_str()),
        ("reason", "As the board decided."),
    ];
    let page = officer.post("/quotas", &wrong).await;
    page.assert_wrong("company");
    assert!(page.says("Nobody GmbH") && page.says("As the board decided."), "{}", page.body);
    let page = officer.post("/quotas", &[("kind", "country"), ("hours", "many"), ("valid_from", "2020-01-01")]).await;
    for field in ["country", "hours", "valid_from", "reason"] {
        page.assert_wrong(field);
    }
    let right = [
        ("kind", "country"),
        ("country", "FR"),
        ("hours", "12 000"),
        ("valid_from", today.as_str()),
        ("reason", "France’s share."),
    ];
    assert_eq!(officer.post("/quotas", &right).await.location(), "/quotas");
    let page = finance.get("/quotas").await;
    assert!(page.says("Country: France") && page.says("12,000") && page.says("France’s share."), "{}", page.body);
    assert!(!page.says("Set a quota"), "finance reads");
    assert_eq!(finance.post("/quotas", &right).await.status, 404);
}
