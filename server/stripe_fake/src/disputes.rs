//! Disputes: the payer's bank wants a payment back, and one of the two sides gets the money in the end.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use serde_json::json;

use crate::{
    Fake,
    api::{self, Fields},
    deliver, wire,
};

pub(crate) fn routes() -> Router<Fake> {
    Router::new().route("/v1/disputes", get(list)).route("/v1/disputes/{id}", get(one))
}

async fn list(State(fake): State<Fake>, Query(asked): Query<Fields>) -> Response {
    api::list(&fake, "/v1/disputes", &asked, |store| store.disputes.values().cloned().collect())
}

async fn one(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    api::read(&fake, |store| store.disputes.get(&id).cloned(), "dispute")
}

/// The payer's bank takes back what was paid on this page.
pub(crate) fn open(fake: &Fake, session: &str) -> Option<String> {
    let (id, object) = {
        let mut store = fake.store();
        let session = store.sessions.get(session)?.clone();
        let intent = store.intents.get(wire::text(&session, "payment_intent"))?.clone();
        let received = wire::number(&intent, "amount_received");
        if received <= 0 {
            return None;
        }
        let id = fake.new_id(&mut store, "dp");
        let object = wire::dispute(&id, wire::text(&intent, "id"), received, store.now());
        store.disputes.insert(id.clone(), object.clone());
        (id, object)
    };
    deliver::send(fake, &[("charge.dispute.created", object)]);
    Some(id)
}

/// The dispute is decided. False when there is none, or it was decided before.
pub(crate) fn close(fake: &Fake, dispute: &str, is_won: bool) -> bool {
    let object = {
        let mut store = fake.store();
        let Some(mut object) = store.disputes.get(dispute).cloned() else { return false };
        if wire::text(&object, "status") != "needs_response" {
            return false;
        }
        wire::set(&mut object, "status", json!(if is_won { "won" } else { "lost" }));
        store.disputes.insert(dispute.to_owned(), object.clone());
        object
    };
    deliver::send(fake, &[("charge.dispute.closed", object)]);
    true
}
