//! Projects of a company through their page: what is typed wrong stays where it was typed, and who is not the owner
//! only reads.

use domain::actor::{Actor, Seat, Stand};
use testkit::World;

use crate::{access::places, browser::Browser};

const PATH: &str = "/organisation/projects";

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_divides_hours_and_what_is_typed_wrong_stays() {
    let world = World::sqlite().await;
    let organisation = places(&world).await.organisation;
    let stand = |seat| Stand::Member { organisation, seat };
    let (owner, reader) = (world.person("ada@firma.example").await, world.person("bob@firma.example").await);
    world.place(owner, stand(Seat::Owner)).await;
    world.place(reader, stand(Seat::Reader)).await;
    let application = world.desk(Actor::person(owner, stand(Seat::Owner)));
    let application = application.start_application(domain::mode::Code::PG).await.unwrap();
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, owner, stand(Seat::Owner)).await;
    assert!(browser.get(PATH).await.says("No projects yet"));
    browser.post(PATH, &[("name", " ")]).await.assert_wrong("name");
    assert_eq!(browser.post(PATH, &[("name", "Weather")]).await.location(), PATH);
    browser.post(PATH, &[("name", "Weather")]).await.assert_wrong("name");
    let id = world.lines("SELECT lower(hex(id)) FROM project").await.remove(0);
    let share = format!("{PATH}/share");
    let page = browser.post(&share, &[("of", &id), ("hours", "-1"), ("reason", "")]).await;
    page.assert_wrong("hours");
    page.assert_wrong("reason");
    assert!(page.says("value=\"-1\""), "{}", page.body);
    browser
        .post(&share, &[("of", "nobody"), ("hours", "5"), ("reason", "The model of spring.")])
        .await
        .assert_wrong("of");
    let right = [("of", id.as_str()), ("hours", "5 000"), ("reason", "The model of spring.")];
    assert_eq!(browser.post(&share, &right).await.location(), PATH);
    let assign = format!("{PATH}/assign");
    let application = application.to_string();
    browser.post(&assign, &[("application", "x"), ("project", &id)]).await.assert_wrong("application");
    browser.post(&assign, &[("application", &application), ("project", "x")]).await.assert_wrong("project");
    let right = [("application", application.as_str()), ("project", id.as_str())];
    assert_eq!(browser.post(&assign, &right).await.location(), PATH);
    let mut other = Browser::new(&world);
    other.enter_as(&world, reader, stand(Seat::Reader)).await;
    let page = other.get(PATH).await;
    assert!(page.says("Weather") && page.says("5,000") && !page.says("Set the share"), "{}", page.body);
    assert_eq!(other.post(&share, &right).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_none_is_a_page_that_is_not_there() {
    let world = World::sqlite().await;
    let organisation = places(&world).await.organisation;
    let stand = Stand::Member { organisation, seat: Seat::Owner };
    let owner = world.person("ada@firma.example").await;
    world.place(owner, stand).await;
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, owner, stand).await;
    for path in ["/applications/none", "/quotes/none", "/invoices/1", "/allocations/0198c0de"] {
        let page = browser.get(path).await;
        assert!(page.status == 404 && page.says("Page not found"), "{path}: {} {}", page.status, page.body);
    }
}
