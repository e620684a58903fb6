//! Books and pots through their pages: who sees them, what is refused and kept, and files that are downloads.

use domain::actor::{Actor, Stand};
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
async fn a_pot_is_moved_by_two_and_what_was_typed_stays() {
    let world = World::sqlite().await;
    let mut one = keeper(&world, "one@x.example", Stand::Finance).await;
    let mut two = keeper(&world, "two@x.example", Stand::Officer).await;
    let wrong = [("kind", "withdraw"), ("amount", "many"), ("reason", "As decided in May."), ("approval", "")];
    let page = one.post("/pots/state_lu", &wrong).await;
    page.assert_wrong("amount");
    page.assert_wrong("approval");
    assert!(page.says("As decided in May."), "{}", page.body);
    let right = [("kind", "withdraw"), ("amount", "100"), ("reason", "As decided."), ("approval", "Letter 7")];
    assert_eq!(one.post("/pots/state_lu", &right).await.location(), "/pots/state_lu");
    let id = world.lines("SELECT lower(hex(id)) FROM pot_movement").await.remove(0);
    let own = one.post("/pots", &[("movement", &id), ("agrees", "yes")]).await;
    assert_eq!(own.status, 422, "nobody agrees with themselves");
    assert_eq!(two.post("/pots", &[("movement", &id), ("agrees", "yes")]).await.location(), "/pots");
    assert!(two.get("/pots/state_lu").await.says("Letter 7"));
    assert_eq!(two.get("/pots/no-such-pot").await.status, 404);
    assert_eq!(two.get("/finance/books").await.status, 404, "an officer does not keep the books");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_read_filtered_exported_and_closed() {
    let world = World::sqlite().await;
    let mut keeper = keeper(&world, "keeper@x.example", Stand::Finance).await;
    let page = keeper.get("/finance/books").await;
    assert!(page.says("The books balance") && page.says("Pot: free"), "{}", page.body);
    let journal = keeper.get("/finance/journal?account=pot-free&month=2026-01&kind=pledge").await;
    assert!(journal.says("/finance/journal/1") && !journal.says("/finance/journal/2\""), "{}", journal.body);
    assert!(keeper.get("/finance/journal/1").await.says("opening:union"));
    assert_eq!(keeper.get("/finance/journal/99999").await.status, 404);
    let csv = keeper.get("/finance/books/2026-01/csv").await;
    assert!(csv.header("content-disposition").contains("attachment") && csv.says("opening:union"), "{}", csv.body);
    assert_eq!(keeper.get("/finance/books/2026-01/exe").await.status, 404);
    assert_eq!(keeper.post("/finance/books", &[("month", "2026-01")]).await.location(), "/finance/books");
    assert_eq!(keeper.post("/finance/books", &[("month", "2026-01")]).await.status, 409, "closed meanwhile");
    assert!(keeper.get("/finance/tax?quarter=2026-10").await.says("Nothing to declare"));
    assert!(keeper.get("/finance/tax.csv").await.says("list,country"));
    let findings = world.desk(Actor::SYSTEM).check_books().await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}
