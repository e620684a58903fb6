//! Giving money back: decided by finance, made by a job, known from the provider.

use domain::{
    id::PaymentId,
    money::Money,
    payment::Seen,
    policy::Action,
    problem::{Invalid, Problem},
};
use payments::{Error as ProviderError, RefundOrder, RefundState, Refunded};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;
use uuid::Uuid;

use super::{refunded_in_all, written};
use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    jobs::{Job, Verdict},
    store::{
        self, Letter,
        entity::{
            invoice, payment,
            refund::{self, State},
        },
    },
};

/// The longest reason for a refund.
const REASON_MAX: i64 = 500;

impl Desk {
    /// Decides to give money back. The provider is told afterwards, by a job.
    pub async fn refund_payment(&self, payment: PaymentId, amount: Money, reason: &str) -> Result<()> {
        let mut tx = self.begin(Action::RefundPayment).await?;
        let row = tx.lock::<payment::Entity>(payment).await?;
        let (asked, _) = store::payment::refunded(&tx, payment).await?;
        let most = row.known().refundable(asked)?;
        let reason = reason.trim();
        let mut invalid = Invalid::default();
        if amount <= Money::ZERO {
            invalid.add("amount", Problem::TooSmall { min: 0 });
        } else if amount > most {
            invalid.add("amount", Problem::TooLarge { max: most.as_cents() / 100 });
        }
        if reason.is_empty() {
            invalid.add("reason", Problem::ReasonRequired);
        } else if i64::try_from(reason.chars().count()).is_ok_and(|length| length > REASON_MAX) {
            invalid.add("reason", Problem::TooLong { max: REASON_MAX });
        }
        invalid.or(())?;
        if row.intent.is_none() {
            return Err(Error::invalid("", Problem::NotPayable));
        }
        let id = new_uuid(&tx);
        tx.insert(refund::ActiveModel {
            id: Set(id),
            payment_id: Set(payment),
            amount_cents: Set(amount),
            reason: Set(reason.to_owned()),
            state: Set(State::Intended),
            provider_id: Set(None),
            problem: Set(None),
            asked_by: Set(self.actor.person),
            created_at: Set(self.now),
            settled_at: Set(None),
        })
        .await?;
        tx.event(payment, "refund_decided", json!({ "amount": amount, "reason": reason })).await?;
        tx.enqueue(&Job::MakeRefund(id), self.now, None).await?;
        tx.commit().await
    }

    /// Tells the provider, as often as it takes: the refund's id keeps it from being made twice.
    pub(crate) async fn make_refund(&self, id: Uuid) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<refund::Entity>(id).await?;
        let payment = tx.find::<payment::Entity>(row.payment_id).await?;
        drop(tx);
        if row.state != State::Intended {
            return Ok(Verdict::Done);
        }
        let Some(intent) = payment.intent else { return Ok(Verdict::Park("a refund of no payment".to_owned())) };
        let order = RefundOrder { refund: id.to_string(), intent, amount: row.amount_cents };
        match self.provider()?.refund(&order).await {
            Ok(made) => self.record_refund(id, Ok(made)).await,
            Err(ProviderError::Refused(reason)) => self.record_refund(id, Err(reason)).await,
            Err(error) => Ok(Verdict::Retry(error.to_string())),
        }
    }

    /// Asks the provider what became of a refund, and records it.
    pub(crate) async fn look_at_refund(&self, id: Uuid) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<refund::Entity>(id).await?;
        drop(tx);
        let Some(provider_id) = row.provider_id else { return Ok(Verdict::Done) };
        let found = self.provider()?.refunded(&provider_id).await.map_err(|error| Error::Broken(anyhow(error)))?;
        self.record_refund(id, Ok(found)).await
    }

    async fn record_refund(&self, id: Uuid, answer: Result<Refunded, String>) -> Result<Verdict> {
        let mut tx = self.begin(Action::ApplyPaymentEvent).await?;
        let payment_id = tx.find::<refund::Entity>(id).await?.payment_id;
        let invoice_id = tx.find::<payment::Entity>(payment_id).await?.invoice_id;
        let invoice = tx.lock::<invoice::Entity>(invoice_id).await?;
        let paid = tx.lock::<payment::Entity>(payment_id).await?;
        let row = tx.lock::<refund::Entity>(id).await?;
        let (before, amount, reason) = (row.state, row.amount_cents, row.reason.clone());
        if matches!(before, State::Succeeded | State::Failed) {
            return Ok(Verdict::Done);
        }
        let mut next = row.into_active_model();
        let state = match &answer {
            Ok(made) => {
                next.provider_id = Set(Some(made.id.clone()));
                match made.state {
                    RefundState::Pending => State::Pending,
                    RefundState::Succeeded => State::Succeeded,
                    RefundState::Failed => State::Failed,
                }
            }
            Err(_) => State::Failed,
        };
        next.state = Set(state);
        next.problem = Set(answer.err());
        if matches!(state, State::Succeeded | State::Failed) {
            next.settled_at = Set(Some(self.now));
        }
        tx.update(next).await?;
        if state == State::Succeeded {
            let given = refunded_in_all(&tx, payment_id).await?;
            let known = paid.known().after(Seen::Refunded(given));
            tx.update(written(paid, known)).await?;
            store::invoice::add_up(&mut tx, invoice_id).await?;
            tx.event(payment_id, "refund_made", json!({ "amount": amount })).await?;
            for person in store::invoice::addressees(&tx, invoice.organisation_id).await? {
                let mail = Mail::RefundMade {
                    number: invoice.number.clone(),
                    amount,
                    reason: reason.clone(),
                    link: self.invoice_link(invoice_id),
                };
                tx.mail(Letter::to(&person, mail)).await?;
            }
        } else if state == State::Failed {
            tx.event(payment_id, "refund_failed", json!({ "amount": amount })).await?;
        }
        tx.commit().await?;
        Ok(Verdict::Done)
    }
}
