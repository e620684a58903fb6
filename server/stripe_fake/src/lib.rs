//! A payment provider for the demo world and the tests: Stripe's wire format, its payment page without JavaScript,
//! idempotency keys, refunds, and signed events delivered once, many times, or out of order.
//!
//! Refuses to be reachable from elsewhere: it listens where it is told, which must be loopback. It keeps everything
//! in memory and forgets it when it ends.

mod api;
mod deliver;
mod disputes;
mod page;
mod payouts;
mod wire;

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use serde_json::Value;
use tokio::net::TcpListener;

pub use deliver::{SignedEvent, sign};

/// How the provider behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where events go; `None` keeps them for [`Fake::events`].
    pub webhook_url: Option<String>,
    pub webhook_secret: String,
    /// Each event is delivered this often, as a provider does that heard no answer.
    pub copies: usize,
    /// Later events overtake earlier ones.
    pub unordered: bool,
    /// Waits before each delivery, so that the payer is often back before the event.
    pub delay: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            webhook_url: None,
            webhook_secret: "whsec_fake".to_owned(),
            copies: 1,
            unordered: false,
            delay: Duration::ZERO,
        }
    }
}

/// What was answered to a key: the request's fingerprint, the status and the body.
struct Answered {
    fingerprint: String,
    status: u16,
    body: Value,
}

#[derive(Default)]
struct Store {
    sessions: BTreeMap<String, Value>,
    intents: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    disputes: BTreeMap<String, Value>,
    payouts: BTreeMap<String, payouts::Payout>,
    others: Vec<payouts::Other>,
    answers: BTreeMap<String, Answered>,
    events: Vec<SignedEvent>,
    made: u64,
    /// The next calls that are answered with 503, for tests of outages.
    outages: u32,
    /// What it takes for now, for tests of days; the real time where nothing is set.
    now: Option<i64>,
}

impl Store {
    fn now(&self) -> i64 {
        self.now.unwrap_or_else(wire::now)
    }
}

/// A running provider. Cheap to clone.
#[derive(Clone)]
pub struct Fake {
    store: Arc<Mutex<Store>>,
    options: Arc<Options>,
    address: SocketAddr,
    /// Tells the ids of this run from those of an earlier one that a database may remember.
    run: u64,
}

impl Fake {
    /// `http://127.0.0.1:port/`, what the client takes as its base.
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn webhook_secret(&self) -> &str {
        &self.options.webhook_secret
    }

    /// Every event so far, oldest first, signed as it was sent.
    pub fn events(&self) -> Vec<SignedEvent> {
        self.store().events.clone()
    }

    /// The payer pays: as the button on the payment page.
    pub fn pay(&self, session: &str) -> bool {
        api::pay(self, session)
    }

    /// The payer's bank says no.
    pub fn decline(&self, session: &str) -> bool {
        api::decline(self, session)
    }

    /// The payment page closes unpaid.
    pub fn expire(&self, session: &str) -> bool {
        api::expire(self, session)
    }

    /// The next `calls` are answered with 503.
    pub fn fail_next(&self, calls: u32) {
        self.store().outages = calls;
    }

    /// From now on, what is begun is begun at this second since 1970. Events are signed by the real time nevertheless.
    pub fn set_clock(&self, at: i64) {
        self.store().now = Some(at);
    }

    /// The payer's bank wants the money of this page back. The name of the dispute; none if nothing was paid.
    pub fn dispute(&self, session: &str) -> Option<String> {
        disputes::open(self, session)
    }

    /// The dispute ends: the money stays, or it is gone.
    pub fn close_dispute(&self, dispute: &str, is_won: bool) -> bool {
        disputes::close(self, dispute, is_won)
    }

    /// Forgets a payment, as if it had never been there: for tests of what is missing.
    pub fn forget(&self, session: &str) {
        let mut store = self.store();
        let Some(found) = store.sessions.remove(session) else { return };
        store.intents.remove(wire::text(&found, "payment_intent"));
    }

    /// How many payments were made: to see that nobody paid twice.
    pub fn payments(&self) -> usize {
        self.store().intents.values().filter(|intent| wire::text(intent, "status") == "succeeded").count()
    }

    /// How many refunds were made.
    pub fn refunds(&self) -> usize {
        self.store().refunds.len()
    }

    /// What is on the balance goes to the bank and arrives on the day of this second since 1970; the payout's amount.
    /// Nothing where there is nothing to pay out.
    pub fn pay_out(&self, arrives_at: i64) -> Option<i64> {
        payouts::pay_out(self, arrives_at)
    }

    /// The provider bills so many cents of its own.
    pub fn bill(&self, cents: i64) {
        payouts::bill(self, cents);
    }

    /// Whether the provider knows yet what is in the last payout.
    pub fn explain_payout(&self, is_explained: bool) {
        payouts::change(self, "reconciliation_status", if is_explained { "completed" } else { "in_progress" });
    }

    /// The last payout comes back.
    pub fn fail_payout(&self) {
        payouts::fail(self);
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_id(&self, store: &mut Store, prefix: &str) -> String {
        store.made += 1;
        format!("{prefix}_test_{:x}{:04}", self.run, store.made)
    }
}

/// Serves on this listener until the process ends. Errors when it is not loopback.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<Fake> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a fake payment provider listens on loopback only"));
    }
    let fake = Fake {
        store: Arc::default(),
        options: Arc::new(options),
        address,
        run: u64::try_from(wire::now()).unwrap_or_default(),
    };
    let router: Router =
        api::routes().merge(disputes::routes()).merge(payouts::routes()).merge(page::routes()).with_state(fake.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(fake)
}

/// [`serve`] on any free port of 127.0.0.1.
pub async fn serve_anywhere(options: Options) -> io::Result<Fake> {
    serve(TcpListener::bind(("127.0.0.1", 0)).await?, options).await
}
