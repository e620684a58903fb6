//! Giving money back: decided by finance, made by a job and known from the provider, or made by a transfer and known
//! from a statement.

use domain::{
    id::{PaymentId, RefundId},
    money::Money,
    payment::{Rail, Seen, refund_needs_second},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use payments::{Error as ProviderError, RefundOrder, RefundState, Refunded};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;
use uuid::Uuid;

use super::{refunded_in_all, written};
use crate::{
    bank::{REASON_MAX, credits::To},
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    jobs::{Job, Verdict},
    store::{
        self, Letter, Tx,
        entity::{
            invoice, payment,
            refund::{self, State},
        },
        rows::{PaymentRow, RefundRow},
    },
};

impl Desk {
    /// Decides to give money back. Above a limit somebody else signs first. What came by card goes back through the
    /// provider, by a job; what came by transfer goes back by one, to the account it came from.
    pub async fn refund_payment(&self, payment: PaymentId, amount: Money, reason: &str) -> Result<()> {
        let mut tx = self.begin(Action::RefundPayment).await?;
        // What is beyond its invoice goes back once, or is kept: by whichever payment.
        let of = tx.find::<payment::Entity>(payment).await?.invoice_id;
        tx.lock::<invoice::Entity>(of).await?;
        let row = tx.lock::<payment::Entity>(payment).await?;
        let (asked, _) = store::payment::refunded(&tx, payment).await?;
        let most = row.known().refundable(asked)?;
        let mut invalid = Invalid::default();
        if amount <= Money::ZERO {
            invalid.add("amount", Problem::NotPositive);
        } else if amount > most {
            invalid.add("amount", Problem::TooLarge { max: most.as_cents() / 100 });
        }
        let reason = typed::reason(reason, REASON_MAX).map_err(|problem| invalid.add("reason", problem));
        let reason = invalid.or(reason.unwrap_or_default())?;
        let back = way_back(&tx, &row).await?;
        let needs_second = refund_needs_second(amount, brussels_day(self.now));
        let id = new_uuid(&tx);
        tx.insert(refund::ActiveModel {
            id: Set(id),
            payment_id: Set(payment),
            amount_cents: Set(amount),
            reason: Set(reason.clone()),
            state: Set(State::Intended),
            provider_id: Set(None),
            problem: Set(None),
            asked_by: Set(self.actor.person),
            created_at: Set(self.now),
            settled_at: Set(None),
            needs_second: Set(needs_second),
            signed_by: Set(None),
            signed_at: Set(None),
        })
        .await?;
        tx.event(payment, "refund_decided", json!({ "amount": amount, "reason": reason })).await?;
        match back {
            Some(to) => {
                let organisation = tx.find::<invoice::Entity>(row.invoice_id).await?.organisation_id;
                self.order(&mut tx, organisation, Some(id), amount, to, &reason).await?;
            }
            None if needs_second => {}
            None => tx.enqueue(&Job::MakeRefund(id), self.now, None).await?,
        }
        tx.commit().await
    }

    /// The second signature under a refund: of somebody other than who decided it.
    pub async fn sign_refund(&self, id: RefundId) -> Result<()> {
        let id = id.uuid();
        let mut tx = self.begin(Action::SignRefund).await?;
        let row = waiting(&tx, id).await?;
        if let Some(payout) = store::credit::payout_of(&tx, id).await? {
            drop(tx);
            return self.sign_payout(payout.id).await;
        }
        let signer = self.second_of(row.asked_by)?;
        let payment = row.payment_id;
        let mut next = row.into_active_model();
        next.signed_by = Set(Some(signer));
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(payment, "refund_signed", json!({})).await?;
        tx.enqueue(&Job::MakeRefund(id), self.now, None).await?;
        tx.commit().await
    }

    /// A refund that waits for its second signature is not made.
    pub async fn refuse_refund(&self, id: RefundId) -> Result<()> {
        let id = id.uuid();
        let mut tx = self.begin(Action::SignRefund).await?;
        waiting(&tx, id).await?;
        if let Some(payout) = store::credit::payout_of(&tx, id).await? {
            drop(tx);
            return self.withdraw_payout(payout.id).await;
        }
        refund_failed(&mut tx, id, "refused").await?;
        tx.commit().await
    }

    /// Tells the provider, as often as it takes: the refund's id keeps it from being made twice.
    pub(crate) async fn make_refund(&self, id: Uuid) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<refund::Entity>(id).await?;
        let payment = tx.find::<payment::Entity>(row.payment_id).await?;
        drop(tx);
        if row.state != State::Intended || row.waits_for_second() {
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
        let payment = tx.find::<refund::Entity>(id).await?.payment_id;
        // The invoice first, as everybody does who changes both.
        let invoice = tx.find::<payment::Entity>(payment).await?.invoice_id;
        tx.lock::<invoice::Entity>(invoice).await?;
        tx.lock::<payment::Entity>(payment).await?;
        let row = tx.lock::<refund::Entity>(id).await?;
        if matches!(row.state, State::Succeeded | State::Failed) {
            return Ok(Verdict::Done);
        }
        let made = match answer {
            Ok(made) => made,
            Err(problem) => {
                refund_failed(&mut tx, id, &problem).await?;
                tx.commit().await?;
                return Ok(Verdict::Done);
            }
        };
        let mut next = row.into_active_model();
        next.provider_id = Set(Some(made.id));
        if made.state == RefundState::Pending {
            next.state = Set(State::Pending);
        }
        tx.update(next).await?;
        match made.state {
            RefundState::Pending => {}
            RefundState::Succeeded => refund_made(self, &mut tx, id).await?,
            RefundState::Failed => refund_failed(&mut tx, id, "").await?,
        }
        tx.commit().await?;
        Ok(Verdict::Done)
    }
}

/// A refund that waits for its second signature, held.
async fn waiting(tx: &Tx, id: Uuid) -> Result<RefundRow> {
    let row = tx.lock::<refund::Entity>(id).await?;
    if row.waits_for_second() { Ok(row) } else { Err(Error::invalid("", Problem::AlreadyDone)) }
}

/// The account to send a transfer back to; none for what goes back through the provider. `NotPayable` where there is
/// no way back.
async fn way_back(tx: &Tx, row: &PaymentRow) -> Result<Option<To>> {
    let none = || Error::invalid("", Problem::NotPayable);
    match row.rail {
        Rail::Stripe if row.intent.is_some() => Ok(None),
        Rail::Bank => {
            let entry = store::bank::entry_of(tx, row.id).await?.ok_or_else(none)?;
            let iban = entry.party_iban.ok_or_else(none)?;
            Ok(Some(To { iban, holder: entry.party_name.unwrap_or_default() }))
        }
        Rail::Stripe | Rail::Credit => Err(none()),
    }
}

/// Money was given back: the one place where a refund is booked, whichever way it went.
pub(crate) async fn refund_made(desk: &Desk, tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = tx.lock::<refund::Entity>(id).await?;
    let (payment, amount, reason) = (row.payment_id, row.amount_cents, row.reason.clone());
    let invoice = tx.find::<payment::Entity>(payment).await?.invoice_id;
    let invoice = tx.lock::<invoice::Entity>(invoice).await?;
    let paid = tx.lock::<payment::Entity>(payment).await?;
    let mut next = row.into_active_model();
    next.state = Set(State::Succeeded);
    next.problem = Set(None);
    next.settled_at = Set(Some(tx.now()));
    tx.update(next).await?;
    let given = refunded_in_all(tx, payment).await?;
    let known = paid.known().after(Seen::Refunded(given));
    tx.update(written(paid, known)).await?;
    store::invoice::add_up(tx, invoice.id).await?;
    tx.event(payment, "refund_made", json!({ "amount": amount })).await?;
    for person in store::invoice::addressees(tx, invoice.organisation_id).await? {
        let mail = Mail::RefundMade {
            number: invoice.number.clone(),
            amount,
            reason: reason.clone(),
            link: desk.invoice_link(invoice.id),
        };
        tx.mail(Letter::to(&person, mail)).await?;
    }
    Ok(())
}

/// A refund that is not made after all, with what was said about it.
pub(crate) async fn refund_failed(tx: &mut Tx, id: Uuid, problem: &str) -> Result<()> {
    let row = tx.lock::<refund::Entity>(id).await?;
    let (payment, amount) = (row.payment_id, row.amount_cents);
    let mut next = row.into_active_model();
    next.state = Set(State::Failed);
    next.problem = Set(Some(problem.to_owned()).filter(|problem| !problem.is_empty()));
    next.settled_at = Set(Some(tx.now()));
    tx.update(next).await?;
    tx.event(payment, "refund_failed", json!({ "amount": amount })).await
}

/// The entry that showed its transfer was another's: the refund is on its way again.
pub(crate) async fn undo_refund(tx: &mut Tx, row: RefundRow) -> Result<()> {
    let payment = row.payment_id;
    let invoice = tx.find::<payment::Entity>(payment).await?.invoice_id;
    tx.lock::<invoice::Entity>(invoice).await?;
    let mut next = row.into_active_model();
    next.state = Set(State::Intended);
    next.settled_at = Set(None);
    tx.update(next).await?;
    let mut paid = tx.lock::<payment::Entity>(payment).await?.into_active_model();
    paid.refunded_cents = Set(refunded_in_all(tx, payment).await?);
    tx.update(paid).await?;
    store::invoice::add_up(tx, invoice).await?;
    Ok(())
}
