//! Verbs of payments: starting one, learning what became of it, receipts. Events and refunds are in the files beneath.
//!
//! The provider is spoken to between transactions, never inside one. What we record is what it says is true now.

mod dispute;
mod event;
mod refund;
mod surplus;

use chrono::TimeDelta;
use domain::{
    bank::Cause,
    id::{InvoiceId, PaymentId, RefundId},
    invoice::{Series, Standing},
    money::Money,
    payment::{Payment, Rail, Seen, State, second_above},
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use payments::{Checkout, CheckoutState, Error as ProviderError, IntentState, Opened, PaymentProvider};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, mail::Mail};

use crate::{
    bank::credits,
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::print,
    jobs::{Job, Verdict},
    store::{
        self, Letter, Tx,
        entity::{invoice, organisation, payment},
        rows::{DisputeRow, InvoiceRow, PaymentEventRow, PaymentRow, RefundRow},
    },
};

pub(crate) use dispute::take_credit_back;
pub use event::Stored;
pub(crate) use refund::{refund_failed, refund_made, undo_refund};

/// A payment with its invoice, for lists.
#[derive(Debug, Clone)]
pub struct PaymentListed {
    pub row: PaymentRow,
    pub invoice: Option<InvoiceRow>,
    pub refunds: Vec<RefundRow>,
    pub disputes: Vec<DisputeRow>,
    /// What can still be given back.
    pub refundable: Money,
    /// What of it is beyond what its invoice asks for now.
    pub surplus: Money,
    /// Giving back more than this takes a second person.
    pub second_above: Money,
}

/// What the provider is asked about a pending attempt only after this long: until then events tell.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// An attempt that the provider never heard of is given up after this long.
const FORGOTTEN: TimeDelta = TimeDelta::hours(24);

impl Desk {
    /// Records the intent to pay, opens the provider's page and says where it is. Pressing the button twice leads to
    /// the same page. `Invalid` when there is nothing to pay, `Busy` when the provider does not answer.
    pub async fn start_payment(&self, invoice: InvoiceId, locale: Locale) -> Result<String> {
        let provider = self.provider()?;
        self.settle_pending(&provider, invoice).await?;
        let (row, attempt) = self.record_intent(invoice).await?;
        if let Some(url) = attempt.url {
            return Ok(url);
        }
        let back = self.invoice_link(invoice);
        let checkout = Checkout {
            attempt: attempt.id.to_string(),
            amount: attempt.amount_cents,
            title: row.number,
            email: None,
            locale: locale.code(),
            success_url: format!("{back}/payment?session={{CHECKOUT_SESSION_ID}}"),
            cancel_url: back,
        };
        let opened = match provider.open_checkout(&checkout).await {
            Ok(opened) => opened,
            Err(ProviderError::Unreachable(reason)) => {
                tracing::warn!(reason, "the payment page could not be opened");
                return Err(Error::Busy);
            }
            Err(error) => return Err(Error::Broken(anyhow(error))),
        };
        self.record_opened(attempt.id, &opened).await?;
        Ok(opened.url)
    }

    /// Payments this actor may see, the newest first.
    pub async fn payments(&self, state: Option<State>, only_odd: bool, limit: u64) -> Result<Vec<PaymentListed>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let rows = store::payment::list(&tx, state, only_odd, limit).await?;
        let ids: Vec<_> = rows.iter().map(|(row, _)| row.id).collect();
        let invoices: Vec<_> = rows.iter().map(|(row, _)| row.invoice_id).collect();
        let (_, refunds) = surplus::refunds_of(&tx, &invoices).await?;
        let disputes = store::payment::disputes(&tx, &ids).await?;
        let of = |row: &PaymentRow| refunds.get(&row.invoice_id).map_or(&[][..], Vec::as_slice);
        rows.into_iter().map(|(row, invoice)| self.listed(row.clone(), invoice, of(&row), &disputes)).collect()
    }

    /// One payment this actor may see.
    pub async fn payment(&self, id: PaymentId) -> Result<PaymentListed> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<payment::Entity>(id).await?;
        let invoice = tx.find::<invoice::Entity>(row.invoice_id).await?;
        let (_, mut refunds) = surplus::refunds_of(&tx, &[row.invoice_id]).await?;
        let refunds = refunds.remove(&row.invoice_id).unwrap_or_default();
        let disputes = store::payment::disputes(&tx, &[id]).await?;
        self.listed(row, Some(invoice), &refunds, &disputes)
    }

    fn listed(
        &self,
        row: PaymentRow,
        invoice: Option<InvoiceRow>,
        refunds: &[RefundRow],
        disputes: &[DisputeRow],
    ) -> Result<PaymentListed> {
        let surplus = match &invoice {
            Some(invoice) => surplus::surplus((row.id, row.known()), invoice, refunds)?,
            None => Money::ZERO,
        };
        let refunds: Vec<_> = refunds.iter().filter(|refund| refund.payment_id == row.id).cloned().collect();
        let live = refunds.iter().filter(|refund| refund.state != store::rows::RefundState::Failed);
        let asked = Money::sum(live.map(|refund| refund.amount_cents))?;
        let refundable = row.known().refundable(asked)?;
        let disputes = disputes.iter().filter(|one| one.payment_id == row.id).cloned().collect();
        let (second_above, _) = second_above(brussels_day(self.now));
        Ok(PaymentListed { row, invoice, refunds, disputes, refundable, surplus, second_above })
    }

    /// Which payment a refund is of.
    pub async fn payment_of_refund(&self, id: RefundId) -> Result<PaymentId> {
        let tx = self.begin(Action::ReadInvoice).await?;
        Ok(tx.find::<store::entity::refund::Entity>(id.uuid()).await?.payment_id)
    }

    /// Events about money that a person must look at.
    pub async fn unmatched_events(&self) -> Result<Vec<PaymentEventRow>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        store::payment::unmatched_events(&tx, 50).await
    }

    /// Asks the provider about attempts whose events did not come. Takes no input; may run at any time.
    pub(crate) async fn reconcile_payments(&self) -> Result<Verdict> {
        let Ok(provider) = self.provider() else { return Ok(Verdict::Done) };
        let tx = self.begin(Action::ReadInvoice).await?;
        let stuck = store::payment::stuck(&tx, self.now - PATIENCE).await?;
        drop(tx);
        for attempt in stuck {
            match self.look_at(&provider, &attempt).await {
                Ok(sightings) => {
                    self.apply(attempt.id, sightings).await?;
                }
                // The others may fare better; the timer brings this one back.
                Err(error) => tracing::warn!(%error, payment = %attempt.id, "a payment could not be looked up"),
            }
        }
        Ok(Verdict::Done)
    }

    pub(crate) fn provider(&self) -> Result<PaymentProvider> {
        self.services.gateways().payments.clone().ok_or_else(|| Error::invalid("", Problem::NotPayable))
    }

    /// Before a new page is opened: what became of the page before, if there is one.
    async fn settle_pending(&self, provider: &PaymentProvider, invoice: InvoiceId) -> Result<()> {
        let tx = self.begin(Action::ReadInvoice).await?;
        tx.find::<invoice::Entity>(invoice).await?;
        let pending = store::payment::pending(&tx, invoice).await?;
        drop(tx);
        let Some(attempt) = pending.filter(|attempt| attempt.session.is_some()) else { return Ok(()) };
        match self.look_at(provider, &attempt).await {
            Ok(sightings) => self.as_system().apply(attempt.id, sightings).await.map(|_| ()),
            Err(error) => {
                tracing::warn!(%error, "the last attempt could not be looked up");
                Err(Error::Busy)
            }
        }
    }

    /// The attempt to go on with: the pending one of the same amount, or a new one.
    pub(crate) async fn record_intent(&self, invoice: InvoiceId) -> Result<(InvoiceRow, PaymentRow)> {
        let mut tx = self.begin(Action::StartPayment).await?;
        let row = tx.lock::<invoice::Entity>(invoice).await?;
        let standing = row.standing(brussels_day(self.now));
        if !matches!(standing, Standing::Open | Standing::Overdue) {
            return Err(Error::invalid("", Problem::NotPayable));
        }
        let due = row.outstanding();
        if let Some(pending) = store::payment::pending(&tx, invoice).await? {
            if pending.amount_cents == due {
                return Ok((row, pending));
            }
            if pending.state == State::Processing {
                return Err(Error::invalid("", Problem::NotPayable));
            }
            close_page(&mut tx, pending).await?;
        }
        let attempt = tx
            .insert(payment::ActiveModel {
                id: Set(tx.new_id()),
                invoice_id: Set(invoice),
                amount_cents: Set(due),
                state: Set(State::Intended),
                received_cents: Set(Money::ZERO),
                refunded_cents: Set(Money::ZERO),
                session: Set(None),
                intent: Set(None),
                url: Set(None),
                decline: Set(None),
                disputed: Set(false),
                started_by: Set(self.actor.person),
                receipt_number: Set(None),
                created_at: Set(self.now),
                received_at: Set(None),
                rail: Set(Rail::Stripe),
                reversed_cents: Set(Money::ZERO),
                claim_cents: Set(Money::ZERO),
                over_cents: Set(Money::ZERO),
            })
            .await?;
        tx.event(attempt.id, "payment_started", json!({ "amount": due })).await?;
        tx.commit().await?;
        Ok((row, attempt))
    }

    async fn record_opened(&self, attempt: PaymentId, opened: &Opened) -> Result<()> {
        let mut tx = self.as_system().begin(Action::ApplyPaymentEvent).await?;
        let row = tx.lock::<payment::Entity>(attempt).await?;
        let known = row.known().after(Seen::Open);
        let mut row = written(row, known);
        row.session = Set(Some(opened.session.clone()));
        row.url = Set(Some(opened.url.clone()));
        tx.update(row).await?;
        tx.commit().await
    }

    /// What the provider says about an attempt now. Asks; records nothing.
    pub(crate) async fn look_at(&self, provider: &PaymentProvider, attempt: &PaymentRow) -> Result<Sightings> {
        let mut sightings = Sightings { intent: attempt.intent.clone(), ..Sightings::default() };
        if let Some(session) = &attempt.session {
            match provider.checkout(session).await {
                Ok(CheckoutState { intent, is_expired, .. }) => {
                    sightings.intent = intent.or(sightings.intent);
                    sightings.seen.push(if is_expired { Seen::Closed } else { Seen::Open });
                }
                Err(ProviderError::Unknown) => sightings.seen.push(Seen::Closed),
                Err(error) => return Err(Error::Broken(anyhow(error))),
            }
        } else if attempt.intent.is_none() && self.now - attempt.created_at > FORGOTTEN {
            sightings.seen.push(Seen::Closed);
        }
        if let Some(intent) = &sightings.intent {
            match provider.payment(intent).await {
                Ok(found) => {
                    sightings.decline = found.decline;
                    match found.state {
                        IntentState::Succeeded if found.is_euro => sightings.seen.push(Seen::Received(found.received)),
                        IntentState::Succeeded => sightings.disputed = true,
                        IntentState::Processing => sightings.seen.push(Seen::Processing),
                        IntentState::Cancelled => sightings.seen.push(Seen::Closed),
                        IntentState::Waiting => {}
                    }
                }
                Err(ProviderError::Unknown) => {}
                Err(error) => return Err(Error::Broken(anyhow(error))),
            }
        }
        Ok(sightings)
    }

    /// Adds what was seen to what is known, and does what follows from money that is new.
    pub(crate) async fn apply(&self, id: PaymentId, sightings: Sightings) -> Result<Payment> {
        let mut tx = self.begin(Action::ApplyPaymentEvent).await?;
        let invoice = tx.find::<payment::Entity>(id).await?.invoice_id;
        // The invoice first, as everybody does who changes both.
        let owed = tx.lock::<invoice::Entity>(invoice).await?;
        let row = tx.lock::<payment::Entity>(id).await?;
        let (before, started) = (row.known(), row.clone());
        let mut after = sightings.seen.iter().fold(before, |known, seen| known.after(*seen));
        let is_news = after != before
            || (sightings.intent.is_some() && sightings.intent != row.intent)
            || (sightings.decline.is_some() && sightings.decline != row.decline)
            || (sightings.disputed && !row.disputed);
        if !is_news {
            return Ok(before);
        }
        after.over = after.over.checked_add(keep_over(&mut tx, &owed, id, before, after).await?)?;
        let mut next = written(row, after);
        if sightings.intent.is_some() {
            next.intent = Set(sightings.intent);
        }
        if sightings.disputed && !started.disputed {
            next.disputed = Set(true);
            tx.event(id, "payment_disputed", json!({})).await?;
        }
        if let Some(code) = sightings.decline.filter(|code| started.decline.as_ref() != Some(code)) {
            tx.event(id, "payment_declined", json!({ "code": code })).await?;
            next.decline = Set(Some(code));
        }
        if after.received > before.received {
            if started.receipt_number.is_none() {
                let today = brussels_day(self.now);
                let serial = tx.next_number(&Series::Receipt.counter(today)).await?;
                next.receipt_number = Set(Some(Series::Receipt.number(today, serial)));
                next.received_at = Set(Some(self.now));
            }
            tx.event(id, "payment_received", json!({ "amount": after.received })).await?;
            tx.enqueue(&Job::MailReceipt(id), self.now, None).await?;
        } else if after.state == State::Closed && before.state != State::Closed {
            tx.event(id, "payment_closed", json!({})).await?;
        }
        tx.update(next).await?;
        if (after.kept(), after.refunded) != (before.kept(), before.refunded) {
            store::invoice::add_up(&mut tx, invoice).await?;
        }
        tx.commit().await?;
        Ok(after)
    }

    /// Closes a page whose amount is out of date. If it was paid meanwhile, that is found out by its events.
    pub(crate) async fn close_payment_page(&self, id: PaymentId) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<payment::Entity>(id).await?;
        drop(tx);
        let Some(session) = row.session else { return Ok(Verdict::Done) };
        match self.provider()?.close_checkout(&session).await {
            Ok(()) | Err(ProviderError::Unknown) => Ok(Verdict::Done),
            Err(error) => Ok(Verdict::Retry(error.to_string())),
        }
    }

    /// Mails the receipt of a payment to those who pay, once.
    pub(crate) async fn mail_receipt(&self, id: PaymentId) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<payment::Entity>(id).await?;
        let invoice = tx.find::<invoice::Entity>(row.invoice_id).await?;
        let people = store::invoice::addressees(&tx, invoice.organisation_id).await?;
        drop(tx);
        if row.known().kept().is_zero() {
            // Taken back before it was receipted.
            return Ok(Verdict::Done);
        }
        let receipt = receipt(&row, &invoice)?;
        let mut letters = Vec::new();
        for person in people {
            let mail = Mail::PaymentReceipt {
                number: invoice.number.clone(),
                amount: row.received_cents,
                link: self.invoice_link(invoice.id),
            };
            let mut letter = Letter::to(&person, mail);
            let (receipt, locale) = (receipt.clone(), letter.locale);
            let name = format!("{}.pdf", receipt.number);
            letter.attachment = Some((name, print(move || documents::receipt(&receipt, locale)).await?));
            letters.push(letter);
        }
        self.mail_once(id, "receipt_mailed", letters).await
    }

    /// The receipt of a payment as PDF, with its file name.
    pub async fn receipt_pdf(&self, id: PaymentId, locale: Locale) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<payment::Entity>(id).await?;
        let invoice = tx.find::<invoice::Entity>(row.invoice_id).await?;
        drop(tx);
        let receipt = receipt(&row, &invoice)?;
        let name = format!("{}.pdf", receipt.number);
        Ok((name, print(move || documents::receipt(&receipt, locale)).await?))
    }
}

/// What was seen of one attempt.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    pub seen: Vec<Seen>,
    pub intent: Option<String>,
    pub decline: Option<String>,
    pub disputed: bool,
}

/// What has just come for an invoice that a credit note lowered while it was on its way, and is more than it asks for
/// now: it becomes the company's credit. Says how much. The caller holds the rows of both.
async fn keep_over(tx: &mut Tx, owed: &InvoiceRow, id: PaymentId, before: Payment, after: Payment) -> Result<Money> {
    let came = after.counted().checked_sub(before.counted())?;
    let received = owed.received_cents.checked_add(came)?;
    let most = InvoiceRow { received_cents: received, ..owed.clone() }.overpaid();
    let over = came.min(most).min(owed.credited_cents);
    if over <= Money::ZERO {
        return Ok(Money::ZERO);
    }
    tx.lock::<organisation::Entity>(owed.organisation_id).await?;
    keep(tx, owed, id, over).await?;
    Ok(over)
}

/// So much of a payment becomes its company's credit. The caller holds the rows of all three.
async fn keep(tx: &mut Tx, of: &InvoiceRow, id: PaymentId, amount: Money) -> Result<()> {
    credits::change(tx, of.organisation_id, amount, Cause::Lowered, |one| one.payment_id = Set(Some(id))).await?;
    tx.event(id, "payment_kept", json!({ "amount": amount })).await
}

/// What is asked for changed: a page that is open says the old amount. Money under way already comes as it is.
pub(crate) async fn close_open_page(tx: &mut Tx, invoice: InvoiceId) -> Result<()> {
    match store::payment::pending(tx, invoice).await? {
        Some(pending) if pending.state != State::Processing => close_page(tx, pending).await,
        _ => Ok(()),
    }
}

/// Its amount is out of date: nobody shall pay it any more.
async fn close_page(tx: &mut Tx, pending: PaymentRow) -> Result<()> {
    let id = pending.id;
    let closed = pending.known().after(Seen::Closed);
    tx.update(written(pending, closed)).await?;
    tx.enqueue(&Job::ClosePaymentPage(id), tx.now(), None).await
}

/// The row with what is known now.
pub(crate) fn written(row: PaymentRow, known: Payment) -> payment::ActiveModel {
    let mut row = row.into_active_model();
    row.state = Set(known.state);
    row.received_cents = Set(known.received);
    row.refunded_cents = Set(known.refunded);
    row.reversed_cents = Set(known.reversed);
    row.over_cents = Set(known.over);
    row
}

/// `NotFound` while nothing was received, and once all of it was taken back.
fn receipt(row: &PaymentRow, invoice: &InvoiceRow) -> Result<documents::Receipt> {
    if row.known().kept().is_zero() {
        return Err(Error::NotFound);
    }
    let (Some(number), Some(at)) = (row.receipt_number.clone(), row.received_at) else { return Err(Error::NotFound) };
    let issued = invoice.issued()?;
    Ok(documents::Receipt {
        number,
        paid_on: brussels_day(at),
        received: row.received_cents,
        refunded: row.refunded_cents,
        claim: row.known().for_claim(),
        invoice_number: invoice.number.clone(),
        invoice_total: invoice.total_cents,
        outstanding: invoice.outstanding(),
        supplier: issued.supplier,
        customer: issued.customer,
    })
}

/// Only for `apply`'s siblings: the sum of what is given back of a payment is what its refunds add up to.
pub(crate) async fn refunded_in_all(tx: &Tx, payment: PaymentId) -> Result<Money> {
    store::payment::refunded(tx, payment).await.map(|(_, done)| done)
}
