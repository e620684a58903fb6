//! The payment page: plain HTML with three buttons, so that a journey can be walked without JavaScript.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::Value;

use crate::{Fake, api, wire};

pub(crate) fn routes() -> Router<Fake> {
    Router::new().route("/pay/{session}", get(show)).route("/pay/{session}/{answer}", post(take))
}

async fn show(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    let session = fake.store().sessions.get(&id).cloned();
    match session {
        Some(session) => page(&fake, &session, false),
        None => (StatusCode::NOT_FOUND, Html("<!DOCTYPE html><title>Unknown</title><p>No such payment.</p>"))
            .into_response(),
    }
}

async fn take(State(fake): State<Fake>, Path((id, given)): Path<(String, String)>) -> Response {
    let Some(session) = fake.store().sessions.get(&id).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    match given.as_str() {
        "pay" => {
            api::pay(&fake, &id);
            let back = wire::text(&session, "success_url").replace("{CHECKOUT_SESSION_ID}", &id);
            Redirect::to(&back).into_response()
        }
        "decline" => {
            api::decline(&fake, &id);
            page(&fake, &session, true)
        }
        "cancel" => Redirect::to(wire::text(&session, "cancel_url")).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn page(fake: &Fake, session: &Value, declined: bool) -> Response {
    let id = wire::text(session, "id");
    let intent = fake.store().intents.get(wire::text(session, "payment_intent")).cloned().unwrap_or_default();
    let title = escape(wire::text(&intent, "description"));
    let cents = wire::number(session, "amount_total");
    let amount = format!("{}.{:02} EUR", cents / 100, cents % 100);
    let told = if declined { "<p role=\"alert\">The bank declined this payment. Nothing was taken.</p>" } else { "" };
    let body = if wire::text(session, "status") == "open" {
        format!(
            "<form method=\"post\" action=\"/pay/{id}/pay\"><button>Pay {amount}</button></form>\
             <form method=\"post\" action=\"/pay/{id}/decline\"><button>Let the bank decline</button></form>\
             <form method=\"post\" action=\"/pay/{id}/cancel\"><button>Cancel and go back</button></form>"
        )
    } else {
        "<p>This payment page is closed.</p>".to_owned()
    };
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>Pay {title}</title></head><body><main>\
         <h1>{title}</h1><p>A payment page for trying things out. No money moves.</p>{told}\
         <p><strong>{amount}</strong></p>{body}</main></body></html>"
    ))
    .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
