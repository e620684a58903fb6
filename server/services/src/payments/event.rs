//! The provider's events: stored as they come, answered at once, applied once by a job.
//!
//! An event is a reason to look, not the truth: the job asks the provider what is true now, so that order and
//! repetition do not matter.

use domain::policy::Action;
use payments::{Disputed, Error as ProviderError, EventError, Fact};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use sha2::{Digest, Sha256};

use crate::{
    desk::Desk,
    error::{Error, Result},
    invoices::new_uuid,
    jobs::{Job, Verdict},
    store::{
        self,
        entity::payment_event::{self, Outcome},
    },
};

/// What became of an incoming event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    New,
    /// It came before.
    Again,
    /// Not signed by the provider: nothing is kept.
    Forged,
}

/// What an event is about, taken from its body.
#[derive(Debug, Default)]
struct About {
    attempt: Option<String>,
    session: Option<String>,
    intent: Option<String>,
    refund: Option<String>,
    dispute: Option<Disputed>,
}

impl Desk {
    /// Keeps an event of the payment provider, if it is one, and queues its job. The raw body is what was signed.
    pub async fn store_payment_event(&self, body: &str, signature: &str) -> Result<Stored> {
        let provider = self.provider()?;
        let (provider_id, kind, about, outcome) = match provider.read_event(body, signature) {
            Ok(event) => {
                let (about, outcome) = about(&event.fact);
                (event.id, event.kind, about, outcome)
            }
            Err(EventError::Forged) => return Ok(Stored::Forged),
            Err(EventError::Unreadable) => {
                let (id, kind) = salvage(body);
                tracing::error!(event = id, kind, "an authentic payment event cannot be read by this version");
                (id, kind, About::default(), Outcome::Unreadable)
            }
        };
        let mut tx = self.begin(Action::StorePaymentEvent).await?;
        let id = new_uuid(&tx);
        let row = payment_event::ActiveModel {
            id: Set(id),
            provider_id: Set(provider_id.clone()),
            kind: Set(kind),
            body: Set(body.to_owned()),
            received_at: Set(self.now),
            outcome: Set(outcome),
            attempt: Set(about.attempt),
            session: Set(about.session),
            intent: Set(about.intent),
            refund: Set(about.refund),
            dispute: Set(about.dispute.is_some()),
            payment_id: Set(None),
            applied_at: Set(None),
        };
        if !store::payment::store_event(&mut tx, row, &provider_id).await? {
            return Ok(Stored::Again);
        }
        if outcome == Outcome::Stored {
            tx.enqueue(&Job::ApplyPaymentEvent(id), self.now, None).await?;
        }
        tx.commit().await?;
        Ok(Stored::New)
    }

    /// Applies one stored event: finds its payment, asks the provider, records what is true.
    pub(crate) async fn apply_payment_event(&self, id: uuid::Uuid) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let event = tx.find::<payment_event::Entity>(id).await?;
        if event.outcome != Outcome::Stored {
            return Ok(Verdict::Done);
        }
        let attempt = store::payment::about(&tx, &event).await?;
        let known_refund = match &event.refund {
            Some(refund) => store::payment::refund_named(&tx, refund).await?,
            None => None,
        };
        drop(tx);
        let Some(mut attempt) = attempt else { return self.settle_event(event, None, Outcome::Unmatched).await };
        // A page's event may come before we have written down the page's name.
        attempt.session = attempt.session.or_else(|| event.session.clone());
        attempt.intent = attempt.intent.or_else(|| event.intent.clone());
        if let Some(refund) = known_refund {
            self.look_at_refund(refund).await?;
        }
        let provider = self.provider()?;
        if event.dispute {
            // The event's own words are what it was called then; the provider says what is true now.
            let name = dispute_named(&event.body);
            match provider.dispute(&name).await {
                Ok(dispute) => self.record_dispute(attempt.id, &dispute).await?,
                Err(ProviderError::Unknown) => {}
                Err(error) => return Ok(Verdict::Retry(error.to_string())),
            }
        }
        let sightings = match self.look_at(&provider, &attempt).await {
            Ok(sightings) => sightings,
            Err(Error::Broken(error)) => return Ok(Verdict::Retry(format!("{error:#}"))),
            Err(error) => return Err(error),
        };
        self.apply(attempt.id, sightings).await?;
        // A refund that nobody asked for here was made at the provider: a person must look.
        let is_strange = event.refund.is_some() && known_refund.is_none() && !self.has_open_refund(attempt.id).await?;
        let outcome = if is_strange { Outcome::Unmatched } else { Outcome::Applied };
        self.settle_event(event, Some(attempt.id), outcome).await
    }

    async fn has_open_refund(&self, payment: domain::id::PaymentId) -> Result<bool> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let refunds = store::payment::refunds(&tx, &[payment]).await?;
        Ok(refunds.iter().any(|refund| refund.provider_id.is_none()))
    }

    async fn settle_event(
        &self,
        event: payment_event::Model,
        payment: Option<domain::id::PaymentId>,
        outcome: Outcome,
    ) -> Result<Verdict> {
        let mut tx = self.begin(Action::ApplyPaymentEvent).await?;
        let mut row = event.into_active_model();
        row.outcome = Set(outcome);
        row.payment_id = Set(payment);
        row.applied_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.commit().await?;
        Ok(Verdict::Done)
    }
}

fn about(fact: &Fact) -> (About, Outcome) {
    let about = match fact {
        Fact::Checkout(state) => About {
            attempt: state.attempt.clone(),
            session: Some(state.session.clone()),
            intent: state.intent.clone(),
            ..About::default()
        },
        Fact::Payment(intent) => {
            About { attempt: intent.attempt.clone(), intent: Some(intent.id.clone()), ..About::default() }
        }
        Fact::Refund(refund) => {
            About { intent: refund.intent.clone(), refund: Some(refund.id.clone()), ..About::default() }
        }
        Fact::Dispute(dispute) => {
            About { intent: dispute.intent.clone(), dispute: Some(dispute.clone()), ..About::default() }
        }
        Fact::Other => return (About::default(), Outcome::Ignored),
    };
    (about, Outcome::Stored)
}

/// The provider's name of the dispute that an event is about.
fn dispute_named(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    value.pointer("/data/object/id").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// Id and kind of an event that cannot be read as a whole; its hash where it has no id.
fn salvage(body: &str) -> (String, String) {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let field = |name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let id = field("id").unwrap_or_else(|| hex::encode(Sha256::digest(body)));
    (id, field("type").unwrap_or_default())
}
