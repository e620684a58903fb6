//! Incoming events: the signature first, then what the event is about.
//!
//! An event says that something happened, not what is true now: events come twice, late and in any order.

use stripe_webhook::{EventObject, Webhook, WebhookError};

use crate::{CheckoutState, Disputed, Intent, Refunded, checkout_state, dispute_state, intent_state, refund_state};

/// A verified event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Unique: the same event delivered again has the same.
    pub id: String,
    /// The provider's name of it, for people who look.
    pub kind: String,
    /// Seconds since 1970, by the provider's clock.
    pub created: i64,
    pub fact: Fact,
}

/// What an event is about, of the events we act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Checkout(CheckoutState),
    Payment(Intent),
    Refund(Refunded),
    /// Money taken back by the payer's bank, or given back to us.
    Dispute(Disputed),
    /// Authentic and none of our business.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not signed by the provider, or too old: answer 400 and keep nothing.
    #[error("signature is not the provider's")]
    Forged,
    /// Authentic, but not readable by this version: keep it raw, answer 200, tell a person.
    #[error("authentic event that cannot be read")]
    Unreadable,
}

pub(crate) fn read(body: &str, signature: &str, secret: &str) -> Result<Event, EventError> {
    let event = Webhook::construct_event(body, signature, secret).map_err(|error| match error {
        WebhookError::BadParse(_) => EventError::Unreadable,
        WebhookError::BadKey
        | WebhookError::BadHeader(_)
        | WebhookError::BadSignature
        | WebhookError::BadTimestamp(_) => EventError::Forged,
    })?;
    let fact = match &event.data.object {
        EventObject::CheckoutSessionCompleted(session)
        | EventObject::CheckoutSessionExpired(session)
        | EventObject::CheckoutSessionAsyncPaymentSucceeded(session)
        | EventObject::CheckoutSessionAsyncPaymentFailed(session) => Fact::Checkout(checkout_state(session)),
        EventObject::PaymentIntentSucceeded(intent)
        | EventObject::PaymentIntentProcessing(intent)
        | EventObject::PaymentIntentPaymentFailed(intent)
        | EventObject::PaymentIntentPartiallyFunded(intent)
        | EventObject::PaymentIntentCanceled(intent) => Fact::Payment(intent_state(intent)),
        EventObject::RefundCreated(refund)
        | EventObject::RefundUpdated(refund)
        | EventObject::RefundFailed(refund)
        | EventObject::ChargeRefundUpdated(refund) => Fact::Refund(refund_state(refund)),
        EventObject::ChargeDisputeCreated(dispute)
        | EventObject::ChargeDisputeUpdated(dispute)
        | EventObject::ChargeDisputeFundsWithdrawn(dispute)
        | EventObject::ChargeDisputeFundsReinstated(dispute)
        | EventObject::ChargeDisputeClosed(dispute) => Fact::Dispute(dispute_state(dispute)),
        _ => Fact::Other,
    };
    Ok(Event { id: event.id.to_string(), kind: event.type_.as_str().to_owned(), created: event.created, fact })
}
