//! The API that the client speaks: checkout sessions, payment intents, refunds, with idempotency keys.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{Answered, Fake, Store, deliver, wire};

pub(crate) type Fields = BTreeMap<String, String>;
type Answer = (u16, Value);

pub(crate) fn routes() -> Router<Fake> {
    Router::new()
        .route("/v1/checkout/sessions", post(open))
        .route("/v1/checkout/sessions/{id}", get(read_session))
        .route("/v1/checkout/sessions/{id}/expire", post(close))
        .route("/v1/payment_intents", get(list_intents))
        .route("/v1/payment_intents/{id}", get(read_intent))
        .route("/v1/refunds", post(refund).get(list_refunds))
        .route("/v1/refunds/{id}", get(read_refund))
}

async fn open(State(fake): State<Fake>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    once(&fake, &headers, "/v1/checkout/sessions", &fields, |store| {
        let amount = number(&fields, "line_items[0][price_data][unit_amount]")
            .zip(number(&fields, "line_items[0][quantity]"))
            .and_then(|(unit, quantity)| unit.checked_mul(quantity))
            .filter(|amount| *amount >= 50);
        let Some(amount) = amount else {
            return (400, wire::error("invalid_request_error", Some("amount_too_small"), "at least 50 cents"));
        };
        if of(&fields, "mode") != "payment" || of(&fields, "line_items[0][price_data][currency]") != "eur" {
            return (400, wire::error("invalid_request_error", None, "only payments in euro are played here"));
        }
        let (session, intent) = (fake.new_id(store, "cs"), fake.new_id(store, "pi"));
        let title = of(&fields, "line_items[0][price_data][product_data][name]");
        let object = wire::session(&wire::NewSession {
            id: &session,
            intent: &intent,
            amount,
            reference: fields.get("client_reference_id").map(String::as_str),
            metadata: nested(&fields, "metadata"),
            locale: of(&fields, "locale"),
            email: fields.get("customer_email").map(String::as_str),
            success_url: of(&fields, "success_url"),
            cancel_url: of(&fields, "cancel_url"),
            url: format!("{}pay/{session}", fake.base_url()),
            created: store.now(),
        });
        let metadata = nested(&fields, "payment_intent_data[metadata]");
        let made = wire::intent(&intent, amount, title, &metadata, store.now());
        store.intents.insert(intent.clone(), made);
        store.sessions.insert(session, object.clone());
        (200, object)
    })
}

async fn refund(State(fake): State<Fake>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let mut made = None;
    let answer = once(&fake, &headers, "/v1/refunds", &fields, |store| {
        let intent = of(&fields, "payment_intent");
        let Some(found) = store.intents.get(intent) else { return missing("payment_intent") };
        let received = wire::number(found, "amount_received");
        let given: i64 = store
            .refunds
            .values()
            .filter(|refund| wire::text(refund, "payment_intent") == intent)
            .map(|refund| wire::number(refund, "amount"))
            .sum();
        let amount = number(&fields, "amount").unwrap_or(received - given);
        if amount <= 0 || amount > received - given {
            let told = "the refund is larger than what is left of the payment";
            return (400, wire::error("invalid_request_error", Some("charge_already_refunded"), told));
        }
        let id = fake.new_id(store, "re");
        let object = wire::refund(&id, intent, amount, &nested(&fields, "metadata"), store.now());
        store.refunds.insert(id, object.clone());
        made = Some(object.clone());
        (200, object)
    });
    if let Some(object) = made {
        deliver::send(&fake, &[("refund.created", object)]);
    }
    answer
}

async fn read_session(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    read(&fake, |store| store.sessions.get(&id).cloned(), "checkout.session")
}

async fn read_intent(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    read(&fake, |store| store.intents.get(&id).cloned(), "payment_intent")
}

async fn read_refund(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    read(&fake, |store| store.refunds.get(&id).cloned(), "refund")
}

async fn list_intents(State(fake): State<Fake>, Query(asked): Query<Fields>) -> Response {
    list(&fake, "/v1/payment_intents", &asked, |store| store.intents.values().cloned().collect())
}

async fn list_refunds(State(fake): State<Fake>, Query(asked): Query<Fields>) -> Response {
    list(&fake, "/v1/refunds", &asked, |store| store.refunds.values().cloned().collect())
}

/// One page of what was begun in the time asked for, the newest first.
pub(crate) fn list(fake: &Fake, path: &str, asked: &Fields, all: impl FnOnce(&Store) -> Vec<Value>) -> Response {
    list_by(fake, (path, "created"), asked, all)
}

/// One page of what has the time asked for in this field.
pub(crate) fn list_by(
    fake: &Fake,
    (path, when): (&str, &str),
    asked: &Fields,
    all: impl FnOnce(&Store) -> Vec<Value>,
) -> Response {
    let mut store = fake.store();
    if store.outages > 0 {
        store.outages -= 1;
        return answer((503, wire::error("api_error", None, "try again later")));
    }
    let mut rows = all(&store);
    let from = number(asked, &format!("{when}[gte]")).unwrap_or(i64::MIN);
    let until = number(asked, &format!("{when}[lt]")).unwrap_or(i64::MAX);
    rows.retain(|row| (from..until).contains(&wire::number(row, when)));
    rows.sort_by(|one, other| wire::text(other, "id").cmp(wire::text(one, "id")));
    if let Some(after) = asked.get("starting_after") {
        rows.retain(|row| wire::text(row, "id") < after.as_str());
    }
    let most = number(asked, "limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(10).clamp(1, 100);
    let has_more = rows.len() > most;
    rows.truncate(most);
    answer((200, wire::list(path, &rows, has_more)))
}

async fn close(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    if expire(&fake, &id) {
        read(&fake, |store| store.sessions.get(&id).cloned(), "checkout.session")
    } else {
        answer((400, wire::error("invalid_request_error", None, "only open sessions can be closed")))
    }
}

/// The payer pays. False when there is nothing left to pay.
pub(crate) fn pay(fake: &Fake, session: &str) -> bool {
    let paid = {
        let mut store = fake.store();
        let Some(mut object) = open_session(&store, session) else { return false };
        let Some(mut intent) = store.intents.get(wire::text(&object, "payment_intent")).cloned() else { return false };
        wire::set(&mut object, "status", json!("complete"));
        wire::set(&mut object, "payment_status", json!("paid"));
        wire::set(&mut object, "url", Value::Null);
        let amount = wire::number(&intent, "amount");
        wire::set(&mut intent, "status", json!("succeeded"));
        wire::set(&mut intent, "amount_received", json!(amount));
        wire::set(&mut intent, "last_payment_error", Value::Null);
        keep(&mut store, &object, &intent);
        [("payment_intent.succeeded", intent), ("checkout.session.completed", object)]
    };
    deliver::send(fake, &paid);
    true
}

/// The payer's bank says no; the page stays open.
pub(crate) fn decline(fake: &Fake, session: &str) -> bool {
    let declined = {
        let mut store = fake.store();
        let Some(object) = open_session(&store, session) else { return false };
        let Some(mut intent) = store.intents.get(wire::text(&object, "payment_intent")).cloned() else { return false };
        let error = json!({
            "type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
            "message": "Your card has insufficient funds."
        });
        wire::set(&mut intent, "last_payment_error", error);
        keep(&mut store, &object, &intent);
        [("payment_intent.payment_failed", intent)]
    };
    deliver::send(fake, &declined);
    true
}

/// The page closes unpaid.
pub(crate) fn expire(fake: &Fake, session: &str) -> bool {
    let closed = {
        let mut store = fake.store();
        let Some(mut object) = open_session(&store, session) else { return false };
        let Some(mut intent) = store.intents.get(wire::text(&object, "payment_intent")).cloned() else { return false };
        wire::set(&mut object, "status", json!("expired"));
        wire::set(&mut object, "url", Value::Null);
        wire::set(&mut intent, "status", json!("canceled"));
        keep(&mut store, &object, &intent);
        [("payment_intent.canceled", intent), ("checkout.session.expired", object)]
    };
    deliver::send(fake, &closed);
    true
}

fn open_session(store: &Store, session: &str) -> Option<Value> {
    store.sessions.get(session).filter(|object| wire::text(object, "status") == "open").cloned()
}

fn keep(store: &mut Store, session: &Value, intent: &Value) {
    store.sessions.insert(wire::text(session, "id").to_owned(), session.clone());
    store.intents.insert(wire::text(intent, "id").to_owned(), intent.clone());
}

/// Answers a key once: the same request gets the same answer, another request with the same key is refused.
fn once(
    fake: &Fake,
    headers: &HeaderMap,
    path: &str,
    fields: &Fields,
    work: impl FnOnce(&mut Store) -> Answer,
) -> Response {
    let mut store = fake.store();
    if let Some(refusal) = refuse(&mut store, headers) {
        return answer(refusal);
    }
    let Some(key) = headers.get("idempotency-key").and_then(|key| key.to_str().ok()) else {
        return answer(work(&mut store));
    };
    let fingerprint = format!("{path} {fields:?}");
    if let Some(answered) = store.answers.get(key) {
        if answered.fingerprint != fingerprint {
            let told =
                "Keys for idempotent requests can only be used with the same parameters they were first used with.";
            return answer((400, wire::error("idempotency_error", None, told)));
        }
        return answer((answered.status, answered.body.clone()));
    }
    let (status, body) = work(&mut store);
    store.answers.insert(key.to_owned(), Answered { fingerprint, status, body: body.clone() });
    answer((status, body))
}

fn refuse(store: &mut Store, headers: &HeaderMap) -> Option<Answer> {
    if store.outages > 0 {
        store.outages -= 1;
        return Some((503, wire::error("api_error", None, "try again later")));
    }
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = bearer.starts_with("Bearer sk_");
    (!is_known).then(|| (401, wire::error("invalid_request_error", None, "no secret key was sent")))
}

pub(crate) fn read(fake: &Fake, find: impl FnOnce(&Store) -> Option<Value>, noun: &str) -> Response {
    let mut store = fake.store();
    if store.outages > 0 {
        store.outages -= 1;
        return answer((503, wire::error("api_error", None, "try again later")));
    }
    answer(find(&store).map_or_else(|| missing(noun), |object| (200, object)))
}

fn missing(noun: &str) -> Answer {
    (404, wire::error("invalid_request_error", Some("resource_missing"), &format!("No such {noun}")))
}

fn answer((status, body): Answer) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

fn of<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn number(fields: &Fields, name: &str) -> Option<i64> {
    of(fields, name).parse().ok()
}

/// `prefix[key]=value` fields as an object.
fn nested(fields: &Fields, prefix: &str) -> Value {
    let pairs = fields.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix(prefix)?.strip_prefix('[')?.strip_suffix(']')?;
        Some((key.to_owned(), Value::String(value.clone())))
    });
    Value::Object(pairs.collect())
}
