//! The real client against the fake provider, over HTTP on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that cannot go on fails"
)]

use domain::money::Money;
use payments::{Account, Checkout, Error, EventError, Fact, IntentState, PaymentProvider, RefundOrder, RefundState};
use stripe_fake::{Fake, Options, serve_anywhere, sign};

async fn both(options: Options) -> (Fake, PaymentProvider) {
    let fake = serve_anywhere(options).await.unwrap();
    let provider = PaymentProvider::new(Account {
        secret_key: "sk_test_fake".to_owned(),
        base_url: Some(fake.base_url().trim_end_matches('/').to_owned()),
        webhook_secret: fake.webhook_secret().to_owned(),
    })
    .unwrap();
    (fake, provider)
}

fn checkout(attempt: &str, cents: i64) -> Checkout {
    Checkout {
        attempt: attempt.to_owned(),
        amount: Money::cents(cents),
        title: "Invoice GH-2026-00001".to_owned(),
        email: Some("billing@example.com".to_owned()),
        locale: "fr",
        success_url: "http://127.0.0.1:1/invoices/1/payment?session={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "http://127.0.0.1:1/invoices/1".to_owned(),
    }
}

#[tokio::test]
async fn an_attempt_opens_one_page_however_often_it_is_sent() {
    let (fake, provider) = both(Options::default()).await;
    let first = provider.open_checkout(&checkout("attempt-1", 12_345)).await.unwrap();
    let again = provider.open_checkout(&checkout("attempt-1", 12_345)).await.unwrap();
    assert_eq!(first, again);
    assert!(first.url.starts_with(&fake.base_url()), "{}", first.url);
    let other = provider.open_checkout(&checkout("attempt-1", 99_999)).await;
    assert!(matches!(other, Err(Error::Refused(_))), "a key is for one request: {other:?}");
    let state = provider.checkout(&first.session).await.unwrap();
    assert_eq!(state.attempt.as_deref(), Some("attempt-1"));
    assert!(!state.is_paid && !state.is_expired);
}

#[tokio::test]
async fn declined_then_paid_then_partly_refunded() {
    let (fake, provider) = both(Options::default()).await;
    let opened = provider.open_checkout(&checkout("attempt-2", 10_000)).await.unwrap();
    let intent = provider.checkout(&opened.session).await.unwrap().intent.unwrap();
    assert!(fake.decline(&opened.session));
    let declined = provider.payment(&intent).await.unwrap();
    assert_eq!((declined.state, declined.decline.as_deref()), (IntentState::Waiting, Some("insufficient_funds")));
    assert!(fake.pay(&opened.session));
    assert!(!fake.pay(&opened.session), "paid once");
    let paid = provider.payment(&intent).await.unwrap();
    assert_eq!((paid.state, paid.received), (IntentState::Succeeded, Money::cents(10_000)));
    assert_eq!((paid.attempt.as_deref(), paid.is_euro), (Some("attempt-2"), true));
    let order = |refund: &str, cents| RefundOrder {
        refund: refund.to_owned(),
        intent: intent.clone(),
        amount: Money::cents(cents),
    };
    let refunded = provider.refund(&order("refund-1", 4_000)).await.unwrap();
    assert_eq!((refunded.state, refunded.amount), (RefundState::Succeeded, Money::cents(4_000)));
    assert_eq!(provider.refund(&order("refund-1", 4_000)).await.unwrap(), refunded, "repeated, made once");
    assert!(matches!(provider.refund(&order("refund-2", 6_001)).await, Err(Error::Refused(_))));
    assert_eq!(fake.refunds(), 1);
    assert_eq!(provider.refunded(&refunded.id).await.unwrap(), refunded);
}

#[tokio::test]
async fn events_are_read_only_with_the_right_signature() {
    let (fake, provider) = both(Options::default()).await;
    let opened = provider.open_checkout(&checkout("attempt-3", 5_000)).await.unwrap();
    fake.pay(&opened.session);
    let events = fake.events();
    let read: Vec<_> = events.iter().map(|event| provider.read_event(&event.body, &event.signature).unwrap()).collect();
    assert_eq!(
        read.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(),
        ["payment_intent.succeeded", "checkout.session.completed"]
    );
    assert!(matches!(&read[0].fact, Fact::Payment(intent) if intent.received == Money::cents(5_000)));
    assert!(
        matches!(&read[1].fact, Fact::Checkout(state) if state.is_paid && state.attempt.as_deref() == Some("attempt-3"))
    );
    let [event, ..] = &events[..] else { panic!("no events") };
    let tampered = event.body.replace("5000", "1");
    let old = sign(&event.body, fake.webhook_secret(), 1_700_000_000);
    for (body, signature) in [
        (&tampered, &event.signature),
        (&event.body, &sign(&event.body, "whsec_other", 1_700_000_000)),
        (&event.body, &old),
        (&event.body, &String::new()),
    ] {
        assert_eq!(provider.read_event(body, signature), Err(EventError::Forged));
    }
}

#[tokio::test]
async fn an_authentic_event_of_an_unknown_shape_is_unreadable_and_not_forged() {
    let (fake, provider) = both(Options::default()).await;
    let opened = provider.open_checkout(&checkout("attempt-4", 5_000)).await.unwrap();
    fake.pay(&opened.session);
    let body = fake.events()[0].body.replace("\"amount_received\"", "\"amount_taken\"");
    let at: i64 = fake.events()[0].signature.split([',', '=']).nth(1).unwrap().parse().unwrap();
    let signature = sign(&body, fake.webhook_secret(), at);
    assert_eq!(provider.read_event(&body, &signature), Err(EventError::Unreadable));
}

#[tokio::test]
async fn an_outage_is_told_from_a_refusal() {
    let (fake, provider) = both(Options::default()).await;
    fake.fail_next(1);
    let refused = provider.open_checkout(&checkout("attempt-5", 5_000)).await;
    assert!(matches!(refused, Err(Error::Unreachable(_))), "{refused:?}");
    assert!(provider.open_checkout(&checkout("attempt-5", 5_000)).await.is_ok(), "the same attempt may be repeated");
    assert!(matches!(provider.payment("pi_unknown").await, Err(Error::Unknown)));
    let tiny = provider.open_checkout(&checkout("attempt-6", 10)).await;
    assert!(matches!(tiny, Err(Error::Refused(_))), "{tiny:?}");
}

#[tokio::test]
async fn a_closed_page_takes_no_money() {
    let (fake, provider) = both(Options::default()).await;
    let opened = provider.open_checkout(&checkout("attempt-7", 5_000)).await.unwrap();
    provider.close_checkout(&opened.session).await.unwrap();
    provider.close_checkout(&opened.session).await.unwrap();
    assert!(provider.checkout(&opened.session).await.unwrap().is_expired);
    assert!(!fake.pay(&opened.session));
    assert_eq!(fake.payments(), 0);
}

#[tokio::test]
async fn the_payment_page_works_with_forms_alone() {
    let (_fake, provider) = both(Options::default()).await;
    let opened = provider.open_checkout(&checkout("attempt-8", 5_000)).await.unwrap();
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = browser.get(&opened.url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Invoice GH-2026-00001") && page.contains("50.00 EUR") && !page.contains("<script"));
    let declined = browser.post(format!("{}/decline", opened.url)).send().await.unwrap();
    assert!(declined.text().await.unwrap().contains("declined"));
    let paid = browser.post(format!("{}/pay", opened.url)).send().await.unwrap();
    assert_eq!(paid.status(), 303);
    let back = paid.headers()["location"].to_str().unwrap();
    assert_eq!(back, format!("http://127.0.0.1:1/invoices/1/payment?session={}", opened.session));
}

#[tokio::test]
async fn lists_of_several_pages_are_whole_and_of_their_time() {
    let (fake, provider) = both(Options::default()).await;
    fake.set_clock(1_000);
    for number in 0..103 {
        let opened = provider.open_checkout(&checkout(&format!("attempt-{number}"), 10_000)).await.unwrap();
        assert!(fake.pay(&opened.session));
    }
    let movements = provider.movements(1_000, 1_001).await.unwrap();
    let names: std::collections::BTreeSet<_> = movements.payments.iter().map(|one| &one.id).collect();
    assert_eq!((movements.payments.len(), names.len()), (103, 103), "each once");
    for (from, until) in [(0, 1_000), (1_001, 2_000)] {
        assert_eq!(provider.movements(from, until).await.unwrap().payments, []);
    }
    // 1.50 and 25 cents are kept of each.
    assert_eq!(fake.pay_out(86_400), Some(103 * 9_825));
    let payouts = provider.payouts(86_400, 86_401).await.unwrap();
    let [payout] = &payouts[..] else { panic!("one: {payouts:?}") };
    assert_eq!(provider.fee(payout).await.unwrap(), Some(Money::cents(103 * 175)));
    assert_eq!(provider.payouts(0, 86_400).await.unwrap(), []);
}
