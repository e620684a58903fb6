//! The nightly comparison with the provider, and disputes: what differs is told once and closed by a person, a lost
//! dispute opens its invoice again.

use chrono::TimeDelta;
use domain::{
    actor::Actor,
    id::InvoiceId,
    invoice::Standing,
    money::Money,
    payment::DisputeState,
    problem::Problem,
    reconciliation::{Kind, Subject},
};
use payments::Checkout;
use services::{Error, Reconciliations};
use testkit::{World, both};
use text::Locale;

use crate::invoices::{Running, finance, invoiced, running};

const TOTAL: Money = Money::cents(12_000);

/// The provider's clock is the world's.
fn set_clock(world: &World) {
    world.provider.set_clock(world.services.now().timestamp());
}

/// Paid by card, and the events delivered.
async fn paid(world: &World, running: &Running) -> (InvoiceId, String) {
    let invoice = invoiced(world, running).await;
    let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
    let session = url.rsplit('/').next().unwrap().to_owned();
    world.provider.pay(&session);
    deliver(world).await;
    (invoice, session)
}

async fn deliver(world: &World) {
    for event in world.provider.events() {
        world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
    }
    world.work().await;
}

async fn night(world: &World) -> Reconciliations {
    world.advance(TimeDelta::days(1));
    world.work().await;
    finance(world).reconciliations().await.unwrap()
}

async fn standing(world: &World, invoice: InvoiceId) -> (Standing, Money) {
    let read = finance(world).invoice(invoice).await.unwrap();
    (read.standing, read.row.received_cents)
}

both! {
    async fn a_night_without_differences_says_so(world) {
        let running = running(&world, 6_000).await;
        set_clock(&world);
        let (invoice, _) = paid(&world, &running).await;
        let payment = finance(&world).invoice(invoice).await.unwrap().payments[0].id;
        finance(&world).refund_payment(payment, Money::cents(2_000), "A little too much").await.unwrap();
        world.work().await;
        let read = night(&world).await;
        assert!(read.open.is_empty(), "{:?}", read.open);
        let day = read.days.iter().find(|day| day.compared > 0).unwrap();
        assert_eq!((day.compared, day.equal), (2, 2));
        assert_eq!((day.ours_cents, day.theirs_cents), (Money::cents(10_000), Money::cents(10_000)));
        let count = read.days.len();
        let again = finance(&world).reconciliations().await.unwrap();
        assert_eq!((again.days.len(), count), (1, 1), "the day of the payment, once");
        let later = night(&world).await;
        assert_eq!(later.days.len(), 2);
        assert!(later.open.is_empty());
    }

    async fn what_only_one_side_has_is_told_once_and_closed_with_a_reason(world) {
        let running = running(&world, 6_000).await;
        set_clock(&world);
        let (_, session) = paid(&world, &running).await;
        let stray = Checkout {
            attempt: "somebody-elses".to_owned(),
            amount: Money::cents(500),
            title: "Not ours".to_owned(),
            email: None,
            locale: "en",
            success_url: "http://127.0.0.1:1/".to_owned(),
            cancel_url: "http://127.0.0.1:1/".to_owned(),
        };
        let provider = world.services.gateways().payments.clone().unwrap();
        let opened = provider.open_checkout(&stray).await.unwrap();
        world.provider.pay(&opened.session);
        world.provider.forget(&session);
        let read = night(&world).await;
        let mut kinds: Vec<_> = read.open.iter().map(|row| (row.kind, row.ours_cents, row.theirs_cents)).collect();
        kinds.sort_by_key(|(kind, ..)| *kind);
        assert_eq!(
            kinds,
            [(Kind::MissingHere, None, Some(Money::cents(500))), (Kind::MissingThere, Some(TOTAL), None)]
        );
        let read = night(&world).await;
        assert_eq!(read.open.len(), 2, "looked at again, told once");
        let books = finance(&world);
        let id = read.open[0].id.into();
        let refused = books.resolve_difference(id, "").await;
        assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.0[0].1 == Problem::ReasonRequired));
        books.resolve_difference(id, "A test of the provider").await.unwrap();
        let twice = books.resolve_difference(id, "again").await;
        assert!(matches!(twice, Err(Error::Invalid(invalid)) if invalid.0[0].1 == Problem::AlreadyDone));
        let read = night(&world).await;
        assert_eq!((read.open.len(), read.resolved.len()), (1, 1), "what was closed stays closed");
        let owner = world.desk(running.owner);
        assert!(matches!(owner.reconciliations().await, Err(Error::Denied(_))));
    }

    async fn what_comes_late_closes_by_itself(world) {
        let running = running(&world, 6_000).await;
        set_clock(&world);
        let invoice = invoiced(&world, &running).await;
        let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
        let session = url.rsplit('/').next().unwrap().to_owned();
        world.provider.pay(&session);
        // The comparison comes before anybody has told us.
        world.advance(TimeDelta::days(1));
        world.desk(Actor::SYSTEM).reconcile_provider().await.unwrap();
        let read = finance(&world).reconciliations().await.unwrap();
        assert_eq!(read.open.iter().map(|row| (row.subject, row.kind)).collect::<Vec<_>>(), [(Subject::Payment, Kind::MissingHere)]);
        deliver(&world).await;
        assert_eq!(standing(&world, invoice).await, (Standing::Paid, TOTAL));
        let read = night(&world).await;
        assert_eq!((read.open.len(), read.resolved.len()), (0, 1));
        assert_eq!(read.resolved[0].resolved_by, None, "nobody had to");
    }

    async fn an_outage_of_the_provider_postpones_the_comparison(world) {
        let running = running(&world, 6_000).await;
        set_clock(&world);
        paid(&world, &running).await;
        world.advance(TimeDelta::days(1));
        world.provider.fail_next(1);
        let verdict = world.desk(Actor::SYSTEM).reconcile_provider().await.unwrap();
        assert!(format!("{verdict:?}").starts_with("Retry"), "{verdict:?}");
        assert!(finance(&world).reconciliations().await.unwrap().days.is_empty());
    }

    async fn a_lost_dispute_opens_the_invoice_again_and_a_won_one_does_not(world) {
        let running = running(&world, 6_000).await;
        set_clock(&world);
        let (invoice, session) = paid(&world, &running).await;
        let dispute = world.provider.dispute(&session).unwrap();
        deliver(&world).await;
        let read = finance(&world).invoice(invoice).await.unwrap();
        assert!(read.payments[0].disputed);
        assert_eq!((read.standing, read.row.received_cents), (Standing::Paid, TOTAL), "not decided yet");
        assert_eq!(finance(&world).payments(None, true, 10).await.unwrap().len(), 1, "finance sees it");
        world.provider.close_dispute(&dispute, false);
        // Events twice and the first again after the last: what was decided stays.
        let mut events = world.provider.events();
        events.reverse();
        for event in events {
            world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
        }
        world.work().await;
        let read = finance(&world).invoice(invoice).await.unwrap();
        assert!(!read.payments[0].disputed);
        assert_eq!((read.standing, read.row.received_cents, read.row.outstanding()), (Standing::Open, Money::ZERO, TOTAL));
        assert_eq!(read.disputes.iter().map(|one| one.state).collect::<Vec<_>>(), [DisputeState::Lost]);
        assert!(read.timeline.iter().any(|event| event.kind == "dispute_lost"));
        let payment = read.payments[0].id;
        let back = finance(&world).refund_payment(payment, Money::cents(1), "x").await;
        assert!(matches!(back, Err(Error::Invalid(_))), "what is gone cannot be given back");
        assert!(night(&world).await.open.is_empty(), "both sides say it is lost");
        // It can be paid again, and that dispute is won.
        let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
        let session = url.rsplit('/').next().unwrap().to_owned();
        world.provider.pay(&session);
        let dispute = world.provider.dispute(&session).unwrap();
        deliver(&world).await;
        world.provider.close_dispute(&dispute, true);
        deliver(&world).await;
        assert_eq!(standing(&world, invoice).await, (Standing::Paid, TOTAL));
        let read = finance(&world).invoice(invoice).await.unwrap();
        assert!(read.payments.iter().all(|payment| !payment.disputed));
    }
}
