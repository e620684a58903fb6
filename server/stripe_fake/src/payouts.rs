//! Payouts to the bank, and what moved the balance within each: payments less their fees, refunds, disputes.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    Fake, Store,
    api::{self, Fields},
    wire,
};

/// What each payment costs: a share of it in hundredths of a per cent, and cents.
const FEE: (i64, i64) = (150, 25);

/// A payout and the balance's transactions in it.
pub(crate) struct Payout {
    object: Value,
    parts: Vec<Value>,
}

/// What moves the balance beside payments, refunds and disputes: its kind, its source, its amount.
pub(crate) type Other = (&'static str, String, i64);

pub(crate) fn routes() -> Router<Fake> {
    Router::new().route("/v1/payouts", get(list)).route("/v1/balance_transactions", get(list_parts))
}

async fn list(State(fake): State<Fake>, Query(asked): Query<Fields>) -> Response {
    let rows = |store: &Store| store.payouts.values().map(|payout| payout.object.clone()).collect();
    api::list_by(&fake, ("/v1/payouts", "arrival_date"), &asked, rows)
}

async fn list_parts(State(fake): State<Fake>, Query(asked): Query<Fields>) -> Response {
    let of = asked.get("payout").cloned().unwrap_or_default();
    let rows = |store: &Store| store.payouts.get(&of).map(|payout| payout.parts.clone()).unwrap_or_default();
    api::list_by(&fake, ("/v1/balance_transactions", "created"), &asked, rows)
}

pub(crate) fn pay_out(fake: &Fake, arrives_at: i64) -> Option<i64> {
    let mut store = fake.store();
    let paid: BTreeSet<String> = store
        .payouts
        .values()
        .flat_map(|payout| &payout.parts)
        .map(|part| wire::text(part, "source").to_owned())
        .collect();
    let now = store.now();
    let moved: Vec<(&str, &str, i64, i64)> = moved(&store).filter(|(_, source, ..)| !paid.contains(*source)).collect();
    let mut parts: Vec<Value> = moved
        .iter()
        .map(|(kind, source, amount, fee)| {
            wire::balance_transaction(&format!("txn_{source}"), (kind, source), (*amount, *fee), now)
        })
        .collect();
    let amount: i64 = moved.iter().map(|(_, _, amount, fee)| amount - fee).sum();
    if parts.is_empty() {
        return None;
    }
    let id = fake.new_id(&mut store, "po");
    parts.push(wire::balance_transaction(&format!("txn_{id}"), ("payout", &id), (-amount, 0), now));
    let object = json!({
        "id": id,
        "object": "payout",
        "amount": amount,
        "arrival_date": arrives_at,
        "automatic": true,
        "created": now,
        "currency": "eur",
        "livemode": false,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed",
        "source_type": "card",
        "statement_descriptor": "STRIPE",
        "status": "paid",
        "type": "bank_account",
    });
    store.payouts.insert(id, Payout { object, parts });
    Some(amount)
}

/// The provider bills something of its own: it goes off the next payout.
pub(crate) fn bill(fake: &Fake, cents: i64) {
    let mut store = fake.store();
    let source = fake.new_id(&mut store, "fee");
    store.others.push(("stripe_fee", source, -cents));
}

/// Changes a field of the last payout.
pub(crate) fn change(fake: &Fake, field: &str, value: &str) {
    let mut store = fake.store();
    if let Some(mut last) = store.payouts.last_entry() {
        wire::set(&mut last.get_mut().object, field, json!(value));
    }
}

/// The last payout comes back: the whole of it is on the balance again, and its fees stay with it.
pub(crate) fn fail(fake: &Fake) {
    change(fake, "status", "failed");
    let mut store = fake.store();
    let Some(amount) = store.payouts.last_entry().map(|last| wire::number(&last.get().object, "amount")) else {
        return;
    };
    let source = fake.new_id(&mut store, "pof");
    store.others.push(("payout_failure", source, amount));
}

/// Kind, source, amount and fee of what moved the balance.
fn moved(store: &Store) -> impl Iterator<Item = (&str, &str, i64, i64)> {
    let received = store.intents.values().map(|intent| (intent, wire::number(intent, "amount_received")));
    let payments = received
        .filter(|(_, amount)| *amount > 0)
        .map(|(intent, amount)| ("payment", wire::text(intent, "id"), amount, amount * FEE.0 / 10_000 + FEE.1));
    let refunds = store.refunds.values().filter(|refund| wire::text(refund, "status") == "succeeded");
    let refunds = refunds.map(|refund| ("refund", wire::text(refund, "id"), -wire::number(refund, "amount"), 0));
    let disputes = store.disputes.values().filter(|dispute| wire::text(dispute, "status") == "lost");
    let disputes = disputes.map(|one| ("adjustment", wire::text(one, "id"), -wire::number(one, "amount"), 0));
    let others = store.others.iter().map(|(kind, source, amount)| (*kind, source.as_str(), *amount, 0));
    payments.chain(refunds).chain(disputes).chain(others)
}
