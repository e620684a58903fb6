//! What the payment provider tells us: verified over the raw body, stored, answered. A job does the rest.

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use domain::actor::Actor;
use http::StatusCode;
use services::{Error, Services, Stored};

pub fn router(services: Services) -> Router {
    Router::new().route("/webhooks/stripe", post(stripe)).with_state(services)
}

/// 200 once it is stored, also when it was stored before; 400 when it is not the provider's; anything else makes the
/// provider try again.
async fn stripe(State(services): State<Services>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match services.desk(Actor::SYSTEM).store_payment_event(&body, signature).await {
        Ok(Stored::New | Stored::Again) => StatusCode::OK,
        Ok(Stored::Forged) => StatusCode::BAD_REQUEST,
        // No provider is configured: there is no such address.
        Err(Error::Invalid(_)) => StatusCode::NOT_FOUND,
        Err(error) => {
            tracing::error!(%error, "a payment event could not be stored");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
