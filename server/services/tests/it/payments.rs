//! Payments: events that come twice, in any order, forged or never lead to the same books.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Seat, Stand},
    id::InvoiceId,
    invoice::Standing,
    money::Money,
    payment::State,
    problem::Problem,
};
use services::{Error, Stored, rows::RefundState};
use stripe_fake::SignedEvent;
use testkit::{World, both};
use text::Locale;

use crate::invoices::{Running, finance, invoiced, running};

/// The name of the payment page that the owner was sent to.
async fn start(world: &World, running: &Running, invoice: InvoiceId) -> String {
    let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
    url.rsplit('/').next().unwrap().to_owned()
}

async fn deliver(world: &World, events: &[SignedEvent]) -> Vec<Stored> {
    let mut stored = Vec::new();
    for event in events {
        stored.push(world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap());
    }
    stored
}

async fn standing(world: &World, running: &Running, invoice: InvoiceId) -> (Standing, Money) {
    let read = world.desk(running.owner).invoice(invoice).await.unwrap();
    (read.standing, read.row.received_cents)
}

const TOTAL: Money = Money::cents(12_000);

both! {
    async fn paid_once_whatever_the_order_and_number_of_events(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let session = start(&world, &running, invoice).await;
        assert_eq!(start(&world, &running, invoice).await, session, "pressed twice, one page");
        world.provider.decline(&session);
        world.provider.pay(&session);
        let mut events = world.provider.events();
        events.reverse();
        assert!(deliver(&world, &events).await.iter().all(|stored| *stored == Stored::New));
        world.work().await;
        assert!(deliver(&world, &events).await.iter().all(|stored| *stored == Stored::Again));
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Paid, TOTAL));
        assert_eq!(world.provider.payments(), 1);
        let read = world.desk(running.owner).invoice(invoice).await.unwrap();
        let [payment] = &read.payments[..] else { panic!("one attempt") };
        assert_eq!((payment.state, payment.receipt_number.as_deref()), (State::Received, Some("GH-RCT-2026-00001")));
        let receipts = finance(&world).mails(None, 100).await.unwrap();
        let receipts: Vec<_> = receipts.iter().filter(|mail| mail.kind == "payment_receipt").collect();
        assert_eq!(receipts.len(), 1);
        assert!(receipts[0].attachment.as_ref().unwrap().starts_with(b"%PDF"));
        let again = world.desk(running.owner).start_payment(invoice, Locale::En).await;
        assert!(matches!(again, Err(Error::Invalid(_))), "nothing is left to pay");
    }

    async fn the_same_event_over_many_connections_is_stored_once(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let session = start(&world, &running, invoice).await;
        world.provider.pay(&session);
        let event = world.provider.events().remove(0);
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (desk, event) = (world.desk(Actor::SYSTEM), event.clone());
                tokio::spawn(async move {
                    loop {
                        match desk.store_payment_event(&event.body, &event.signature).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        let mut new = 0;
        for task in tasks {
            new += usize::from(task.await.unwrap() == Stored::New);
        }
        assert_eq!(new, 1);
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Paid, TOTAL));
    }

    async fn a_forged_event_is_not_kept_and_an_authentic_lie_changes_nothing(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let session = start(&world, &running, invoice).await;
        world.provider.decline(&session);
        let event = world.provider.events().remove(0);
        let forged = SignedEvent { body: event.body.replace("requires_payment_method", "succeeded"), ..event };
        assert_eq!(deliver(&world, &[forged]).await, [Stored::Forged]);
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Open, Money::ZERO));
        assert!(finance(&world).unmatched_events().await.unwrap().is_empty());
    }

    async fn without_any_event_the_reconciler_finds_the_money(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let session = start(&world, &running, invoice).await;
        world.provider.pay(&session);
        world.advance(TimeDelta::minutes(11));
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Paid, TOTAL));
    }

    async fn a_page_that_closed_unpaid_makes_way_for_another(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let first = start(&world, &running, invoice).await;
        world.provider.expire(&first);
        let second = start(&world, &running, invoice).await;
        assert_ne!(first, second);
        world.provider.pay(&second);
        deliver(&world, &world.provider.events()).await;
        world.work().await;
        let read = world.desk(running.owner).invoice(invoice).await.unwrap();
        let states: Vec<_> = read.payments.iter().map(|payment| payment.state).collect();
        assert_eq!(states, [State::Closed, State::Received]);
        assert_eq!(read.standing, Standing::Paid);
    }

    async fn an_outage_loses_nothing(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        world.provider.fail_next(1);
        let refused = world.desk(running.owner).start_payment(invoice, Locale::En).await;
        assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
        let session = start(&world, &running, invoice).await;
        assert_eq!(world.desk(running.owner).invoice(invoice).await.unwrap().payments.len(), 1, "the same attempt");
        world.provider.pay(&session);
        world.provider.fail_next(3);
        deliver(&world, &world.provider.events()).await;
        world.work().await;
        world.advance(TimeDelta::minutes(20));
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Paid, TOTAL));
    }

    async fn money_that_fits_no_payment_is_shown_to_finance(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let provider = world.services.gateways().payments.clone().unwrap();
        let stray = payments::Checkout {
            attempt: "somebody-elses".to_owned(),
            amount: Money::cents(500),
            title: "Not ours".to_owned(),
            email: None,
            locale: "en",
            success_url: "http://127.0.0.1:1/".to_owned(),
            cancel_url: "http://127.0.0.1:1/".to_owned(),
        };
        let opened = provider.open_checkout(&stray).await.unwrap();
        world.provider.pay(&opened.session);
        deliver(&world, &world.provider.events()).await;
        world.work().await;
        assert_eq!(finance(&world).unmatched_events().await.unwrap().len(), 2);
        assert_eq!(standing(&world, &running, invoice).await, (Standing::Open, Money::ZERO));
    }

    async fn finance_gives_back_a_part_and_never_more_than_came(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let session = start(&world, &running, invoice).await;
        world.provider.pay(&session);
        deliver(&world, &world.provider.events()).await;
        world.work().await;
        let books = finance(&world);
        let payment = books.payments(None, false, 10).await.unwrap()[0].row.id;
        let refused = |result: Result<(), Error>| match result {
            Err(Error::Invalid(invalid)) => invalid.0[0].clone(),
            other => panic!("{other:?}"),
        };
        let owner = world.desk(running.owner);
        assert!(matches!(owner.refund_payment(payment, Money::cents(1), "mine").await, Err(Error::Denied(_))));
        assert_eq!(refused(books.refund_payment(payment, Money::cents(1), " ").await), ("reason".to_owned(), Problem::ReasonRequired));
        assert_eq!(refused(books.refund_payment(payment, Money::cents(12_001), "x").await).0, "amount");
        books.refund_payment(payment, Money::cents(5_000), "Charged twice").await.unwrap();
        // Before the job has run, the rest is all that can be given back.
        assert_eq!(refused(books.refund_payment(payment, Money::cents(7_001), "x").await).0, "amount");
        world.work().await;
        deliver(&world, &world.provider.events()).await;
        world.work().await;
        let read = world.desk(running.owner).invoice(invoice).await.unwrap();
        assert_eq!((read.row.refunded_cents, read.standing), (Money::cents(5_000), Standing::Paid));
        assert_eq!(read.refunds.iter().map(|refund| refund.state).collect::<Vec<_>>(), [RefundState::Succeeded]);
        assert_eq!(world.provider.refunds(), 1);
        assert!(finance(&world).unmatched_events().await.unwrap().is_empty());
        assert!(world.mail_to(&running.email).await.unwrap().contains("Charged twice"));
        finance(&world).refund_payment(payment, Money::cents(7_000), "The rest").await.unwrap();
        world.work().await;
        assert_eq!(standing(&world, &running, invoice).await.0, Standing::Refunded);
    }

    async fn only_owners_and_billing_start_a_payment(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        for (seat, may) in [(Seat::Applicant, false), (Seat::Reader, false), (Seat::Billing, true)] {
            let stand = Stand::Member { organisation: running.organisation, seat };
            let person = world.person(&format!("{}@x.example", seat.code())).await;
            let started = world.desk(Actor::person(person, stand)).start_payment(invoice, Locale::En).await;
            assert_eq!(started.is_ok(), may, "{seat:?}: {started:?}");
        }
    }
}
