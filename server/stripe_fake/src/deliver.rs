//! Events: signed over the raw body, and delivered as often and as disorderly as the options say.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::{Fake, wire};

/// An event as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEvent {
    pub body: String,
    /// The value of the header `Stripe-Signature`.
    pub signature: String,
}

/// The header for this body: HMAC-SHA256 over the time and the raw body.
pub fn sign(body: &str, secret: &str, at: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// Records these events and sends them on their way.
pub(crate) fn send(fake: &Fake, facts: &[(&str, Value)]) {
    let mut signed = Vec::new();
    {
        let mut store = fake.store();
        for (kind, object) in facts {
            let id = fake.new_id(&mut store, "evt");
            let body = wire::event(&id, kind, object).to_string();
            let signature = sign(&body, &fake.options.webhook_secret, wire::now());
            signed.push(SignedEvent { body, signature });
        }
        store.events.extend(signed.iter().cloned());
    }
    let mut deliveries: Vec<SignedEvent> = std::iter::repeat_n(signed, fake.options.copies.max(1)).flatten().collect();
    if fake.options.unordered {
        deliveries.reverse();
    }
    if let Some(url) = fake.options.webhook_url.clone() {
        let delay = fake.options.delay;
        tokio::spawn(async move {
            for event in deliveries {
                tokio::time::sleep(delay).await;
                deliver(&url, &event).await;
            }
        });
    }
}

/// Up to six tries until it is answered with success, as the real one tries for days.
async fn deliver(url: &str, event: &SignedEvent) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    for attempt in 0..6_u32 {
        let sent = client
            .post(url)
            .header("stripe-signature", &event.signature)
            .header("content-type", "application/json")
            .body(event.body.clone())
            .send()
            .await;
        if sent.is_ok_and(|response| response.status().is_success()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200 << attempt)).await;
    }
}
