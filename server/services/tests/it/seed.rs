//! The demo world: made once on either database, the same on both, and as large as it says.

use std::collections::BTreeSet;

use domain::{
    actor::Actor, allocation::State, country::Country, gpu::GpuModel, invoice::Standing, money::Money, vat::VatState,
};
use services::{AwardFilter, Credentials, seed};
use testkit::World;

/// What both databases must agree on, in an order that does not depend on keys.
const CONTENTS: [&str; 6] = [
    "SELECT state || CAST(requests AS text) || '*' || CAST(awarded AS text) || '*' || CAST(value AS text) || '*' \
     || CAST(bound AS text) || instance AS line FROM matching_run",
    "SELECT legal_name || country || nace || COALESCE(size_class, '-') AS line \
     FROM organisation ORDER BY 1",
    "SELECT COALESCE(a.reference, '-') || a.mode || a.state || o.legal_name || a.draft AS line \
     FROM application a JOIN organisation o ON o.id = a.organisation_id ORDER BY 1",
    "SELECT a.reference || a.state || s.name || a.model || CAST(a.gpus AS text) || '*' || CAST(a.weeks AS text) \
     || CAST(a.first_week AS text) || a.terms AS line \
     FROM allocation a JOIN site s ON s.id = a.site_id ORDER BY 1",
    "SELECT job || CAST(sequence AS text) || '*' || CAST(gpus AS text) || '*' || CAST(gpu_seconds AS text) AS line \
     FROM reading ORDER BY 1",
    "SELECT i.number || i.kind || CAST(i.total_cents AS text) || o.legal_name AS line \
     FROM invoice i JOIN organisation o ON o.id = i.organisation_id ORDER BY 1",
];

/// One test for all of it: making the world is dear.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_world_is_made_once_and_the_same_on_both_databases() {
    let here = World::sqlite().await;
    check(&here).await;
    if let Some(there) = World::postgres().await {
        check(&there).await;
        for sql in CONTENTS {
            let (mut here, mut there) = (here.lines(sql).await, there.lines(sql).await);
            // Each database sorts text in its own way.
            here.sort_unstable();
            there.sort_unstable();
            assert!(!here.is_empty(), "{sql}");
            assert_eq!(here, there, "{sql}");
        }
    }
    more_companies_can_be_invoiced(&here).await;
}

/// Companies for measuring: in every Member State, with use of several months that one month's end charges.
async fn more_companies_can_be_invoiced(world: &World) {
    let system = world.desk(Actor::SYSTEM);
    system.close_month().await.unwrap();
    seed::billable(&world.services, 27, 3).await.unwrap();
    let countries = world.lines("SELECT DISTINCT country AS line FROM organisation").await;
    assert_eq!(countries.len(), 27, "{countries:?}");
    assert_eq!(system.close_month().await.unwrap(), 27);
    let months = "SELECT CAST(COUNT(*) AS text) AS line FROM entry e JOIN allocation a ON a.id = e.allocation_id \
                  JOIN organisation o ON o.id = a.organisation_id \
                  WHERE o.registration_key LIKE 'M%' AND e.kind = 'post' GROUP BY o.id";
    assert_eq!(world.lines(months).await, vec!["3"; 27]);
    assert_eq!(system.check_books().await.unwrap(), []);
}

async fn check(world: &World) {
    assert!(seed::demo(&world.services).await.unwrap());
    assert!(!seed::demo(&world.services).await.unwrap(), "the second time it is there");
    everybody_can_sign_in(world).await;
    it_is_as_large_as_it_says(world).await;
    windows_hold_what_allocations_take(world).await;
}

async fn everybody_can_sign_in(world: &World) {
    for name in ["applicant", "reviewer", "officer", "officer2", "operator", "finance", "admin"] {
        let desk = world.desk(Actor::VISITOR);
        let credentials = Credentials {
            email: format!("{name}@demo.example"),
            password: seed::PASSWORD.to_owned(),
            network: name.to_owned(),
        };
        let person = desk.sign_in(credentials).await.unwrap();
        let standing = desk.standing(person).await.unwrap();
        // The operator can stand at each of the twelve sites, so that whoever tries the demo can confirm any booking.
        let places = if name == "operator" { 12 } else { 1 };
        assert_eq!(standing.stands.len(), places, "{name}");
        if name == "applicant" {
            let facts = world.desk(standing.actor(None)).own_organisation().await.unwrap();
            assert_eq!(facts.organisation.vat_state, VatState::Valid);
            assert!(facts.organisation.start_up && facts.organisation.size_class.is_some());
        }
    }
}

async fn it_is_as_large_as_it_says(world: &World) {
    let desk = world.desk(Actor::VISITOR);
    let figures = desk.read_figures().await.unwrap();
    assert_eq!(figures.sites, 12);
    assert!(figures.free_gpus_now > 0 && figures.awards > 0 && figures.companies > 0);
    assert!(figures.free.as_seconds() >= figures.free_gpus_now * 7 * 24 * 3_600, "four weeks hold more than one");
    let filter =
        AwardFilter { name: "Nord%_'".to_owned(), country: Country::from_code("FR"), model: Some(GpuModel::H200) };
    assert!(desk.read_awards(&filter, None, 10).await.unwrap().is_empty());
    // Three of the first awards were made under the pilot call.
    assert_eq!(world.lines("SELECT mode FROM application WHERE call_id IS NULL").await.len(), 298);
    let shares = world.lines("SELECT pot FROM funder_share WHERE document_id IS NOT NULL").await;
    assert!(shares.len() >= 3, "a ministry was invoiced for its part: {shares:?}");
    let under = "SELECT a.reference FROM application a JOIN call c ON c.id = a.call_id \
                 WHERE c.state = 'published' AND a.reference IS NOT NULL";
    assert!(world.lines(under).await.len() >= 12, "a dozen companies apply under the open call");
    let calls: BTreeSet<String> = world.lines("SELECT state FROM call").await.into_iter().collect();
    assert_eq!(calls, ["archived", "closed", "draft", "published"].map(str::to_owned).into());
    let states: BTreeSet<String> = world.lines("SELECT state FROM application").await.into_iter().collect();
    assert_eq!(states.len(), domain::application::State::ALL.len(), "{states:?}");
    let countries = world.lines("SELECT country FROM organisation").await;
    assert_eq!((countries.len(), countries.into_iter().collect::<BTreeSet<_>>().len()), (61, 20));
    let finance = world.desk(Actor::SYSTEM);
    for standing in [Standing::Paid, Standing::Open, Standing::Overdue] {
        let (count, due) = finance.invoices_total(standing).await.unwrap();
        assert!(count > 0, "{standing:?}");
        assert_eq!(due > Money::ZERO, standing != Standing::Paid, "{standing:?}");
    }
}

async fn windows_hold_what_allocations_take(world: &World) {
    let system = world.desk(Actor::SYSTEM);
    let board = system.read_capacity(60).await.unwrap();
    let allocations = system.read_allocations(&[State::Offered, State::Accepted, State::Active]).await.unwrap();
    assert!(!allocations.is_empty());
    for window in board.windows {
        let sum = |is_hold: bool| {
            let here = allocations.iter().map(|one| &one.row).filter(|row| {
                (row.state == State::Offered) == is_hold
                    && (row.site_id, row.model) == (window.site, window.model)
                    && row.slot().mondays().any(|monday| monday == window.week)
            });
            here.map(|row| row.gpus).sum::<i64>()
        };
        assert_eq!((window.held, window.booked), (sum(true), sum(false)), "{window:?}");
    }
}
