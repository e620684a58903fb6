//! Home says what needs the reader, for where they stand, and nothing of anybody else's.

use domain::actor::{Actor, StaffRole, Stand};
use testkit::World;

use crate::browser::Browser;

#[tokio::test]
async fn a_newcomer_is_led_to_register_and_an_owner_to_say_their_size() {
    let world = World::sqlite().await;
    let mut browser = Browser::signed_in(&world, "ada@firma.example").await;
    let page = browser.get("/home").await;
    assert!(page.says("href=\"/organisation/new\"") && page.says("Register your organisation"), "{}", page.body);

    let places = crate::access::places(&world).await;
    let owner = world.person("own@firma.example").await;
    let stand = crate::access::stand(domain::actor::Group::Owner, &places);
    world.place(owner, stand).await;
    browser.enter_as(&world, owner, stand).await;
    let page = browser.get("/home").await;
    assert!(page.says("Cosmos Vision SAS") && page.says("Tell us your size"), "{}", page.body);
    assert!(page.says("href=\"/modes\""), "nothing applied for yet: {}", page.body);
}

#[tokio::test]
async fn an_administrator_sees_what_has_given_up() {
    let world = World::sqlite().await;
    let person = world.person("root@programme.example").await;
    world.desk(Actor::SYSTEM).appoint_administrator("root@programme.example").await.unwrap();
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, person, Stand::Administrator).await;
    let page = browser.get("/home").await;
    assert!(page.says("Nothing waits for you"), "{}", page.body);
    // The page follows the stand, not the person: a second role shows when one stands in it.
    let admin = world.desk(Actor::person(person, Stand::Administrator));
    admin.grant_role(person, StaffRole::Reviewer, None).await.unwrap();
    assert!(!browser.get("/home").await.says("Waiting for a reviewer"));
    browser.enter_as(&world, person, Stand::Reviewer).await;
    assert!(browser.get("/home").await.says("Waiting for a reviewer"));
}
