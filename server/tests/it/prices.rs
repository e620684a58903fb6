//! The price book and quotes through their pages: who sees them, what is refused and kept, and what two people do.

use domain::actor::{Actor, Seat, Stand};
use testkit::World;

use crate::{access::places, browser::Browser};

async fn keeper(world: &World, email: &str) -> Browser {
    let person = world.person(email).await;
    world.place(person, Stand::Finance).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, Stand::Finance).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn the_book_is_public_and_what_is_typed_wrong_stays() {
    let world = World::sqlite().await;
    let mut visitor = Browser::new(&world);
    let book = visitor.get("/prices").await;
    assert!(book.says("Price book") && book.says("/prices/MI300X"), "{}", book.body);
    let one = visitor.get("/prices/H100").await;
    assert!(one.says("what one source asks") && !one.says("Record an observation"), "{}", one.body);
    assert_eq!(visitor.get("/prices/Z80").await.status, 404);
    let mut keeper = keeper(&world, "one@x.example").await;
    let wrong = [("model", "H100"), ("rate", "many"), ("source", "A cloud"), ("address", "cloud"), ("observed_on", "")];
    let page = keeper.post("/finance/prices/H100/observations", &wrong).await;
    for field in ["rate", "address", "observed_on"] {
        page.assert_wrong(field);
    }
    assert!(page.says("A cloud"), "{}", page.body);
    let right = [
        ("model", "H100"),
        ("rate", "2.50"),
        ("source", "A cloud"),
        ("address", "https://cloud.example/prices"),
        ("observed_on", "2026-11-20"),
    ];
    assert_eq!(keeper.post("/finance/prices/H100/observations", &right).await.location(), "/finance/prices/H100");
    keeper.post("/finance/prices/H100/observations", &right).await.assert_wrong("observed_on");
    world.advance(chrono::TimeDelta::days(1));
    let one = visitor.get("/prices/H100").await;
    assert!(one.says("the median of 2 sources") && one.says("https://cloud.example/prices"), "{}", one.body);
    assert!(one.says("2.65"), "the mean of the two: {}", one.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_price_is_set_by_two_and_published_with_its_days() {
    let world = World::sqlite().await;
    places(&world).await;
    let mut one = keeper(&world, "one@x.example").await;
    let mut two = keeper(&world, "two@x.example").await;
    let typed = |from: &'static str| {
        [
            ("list_model", "H100"),
            ("site", "alpha"),
            ("list_rate", "2.45"),
            ("valid_from", from),
            ("reason", "By letter 7"),
        ]
    };
    let page = one.post("/finance/prices/H100/list", &typed("2026-11-23")).await;
    page.assert_wrong("valid_from");
    let is_open =
        |form: &str| form.split('>').next().is_some_and(|tag| tag.contains(" open")) && form.contains("By letter 7");
    assert!(page.body.split("<details").any(is_open), "what was refused is not folded away: {}", page.body);
    assert_eq!(one.post("/finance/prices/H100/list", &typed("2026-12-01")).await.location(), "/finance/prices");
    let id = world.lines("SELECT lower(hex(id)) FROM list_price").await.remove(0);
    assert!(one.get("/finance/prices").await.says("Somebody else must agree"));
    assert_eq!(one.post("/finance/prices", &[("price", &id), ("agrees", "yes")]).await.status, 422);
    assert!(two.get("/finance/prices").await.says("Agree to the price of H100: Alpha"));
    assert_eq!(two.post("/finance/prices", &[("price", &id), ("agrees", "yes")]).await.location(), "/finance/prices");
    let mut visitor = Browser::new(&world);
    let page = visitor.get("/prices/H100").await;
    assert!(page.says("By letter 7") && page.says("To come") && page.says("Alpha"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_asks_for_a_quote_and_reads_every_step_of_it() {
    let world = World::sqlite().await;
    let places = places(&world).await;
    let person = world.person("ada@firma.example").await;
    let stand = Stand::Member { organisation: places.organisation, seat: Seat::Applicant };
    world.place(person, stand).await;
    let desk = world.desk(Actor::person(person, stand));
    let id = desk.start_application(domain::mode::Code::PG).await.unwrap();
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, person, stand).await;
    assert!(browser.get("/quotes").await.says("No quotes yet"));
    let ask = format!("/applications/{id}/quote");
    let early = browser.get(&ask).await;
    assert_eq!(early.status, 422);
    assert!(early.says("Say first in the application"), "{}", early.body);
    let compute =
        [("model", "H100"), ("method", "typed"), ("hours", "5 000"), ("earliest", "2026-12-07"), ("months", "1")];
    let typed = compute.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    desk.save_draft(id, domain::application::Step::Compute, &typed).await.unwrap();
    assert!(browser.get(&format!("/applications/{id}")).await.says(&ask));
    let page = browser.get(&ask).await;
    assert!(page.says("Any site") && page.says("5,000 GPU-hours"), "{}", page.body);
    browser.post(&ask, &[("site", "nowhere")]).await.assert_wrong("site");
    let made = browser.post(&ask, &[("site", "")]).await;
    let page = browser.get(made.location()).await;
    for said in
        ["GH-Q-2026-00001, version 1", "How this price was reached", "the programme’s list", "what one source asks"]
    {
        assert!(page.says(said), "{said}: {}", page.body);
    }
    assert!(browser.get("/quotes").await.says("GH-Q-2026-00001, version 1"));
    let paper = format!("{}/paper", made.location());
    let pdf = browser.get(&paper).await;
    assert_eq!((pdf.status.as_u16(), pdf.header("content-type")), (200, "application/pdf"));
    let mut stranger = Browser::new(&world);
    let other = world.person("bob@else.example").await;
    world.place(other, Stand::Officer).await;
    stranger.enter_as(&world, other, Stand::Officer).await;
    for hidden in [made.location(), &paper] {
        assert_eq!(stranger.get(hidden).await.status, 404);
    }
}
