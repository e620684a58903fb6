//! The payment service provider behind a small door of ours: open a checkout, look at a payment, refund, read an event.
//!
//! Holds async-stripe alone, because it costs more to compile than the rest, and lets none of its types out.
//! Refuses to decide anything: what a payment means for an invoice is `domain::payment`'s.

mod event;

use std::{fmt, time::Duration};

use domain::money::Money;
use futures_util::TryStreamExt;
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, ProductData, RetrieveCheckoutSession,
};
use stripe_core::{
    balance_transaction::ListBalanceTransaction,
    dispute::{ListDispute, RetrieveDispute},
    payment_intent::{ListPaymentIntent, RetrievePaymentIntent},
    payout::ListPayout,
    refund::{CreateRefund, ListRefund, RetrieveRefund},
};
use stripe_shared::{
    ApiErrorsType, BalanceTransaction, BalanceTransactionType, CheckoutSession, CheckoutSessionLocale,
    CheckoutSessionMode, CheckoutSessionPaymentStatus, CheckoutSessionStatus, Dispute, DisputeStatus, PaymentIntent,
    PaymentIntentStatus, Payout, PayoutReconciliationStatus, Refund,
};
use stripe_types::{Currency, RangeBoundsTs, RangeQueryTs};

pub use event::{Event, EventError, Fact};

/// The client has no time limit of its own.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where the provider is and how it and we prove who we are. Never printed.
#[derive(Clone)]
pub struct Account {
    pub secret_key: String,
    /// `None` is the provider itself; tests and the demo world name a fake on loopback.
    pub base_url: Option<String>,
    /// What incoming events are signed with.
    pub webhook_secret: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What the provider answered, in the three kinds that a caller treats differently.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It did not answer, or said "later": nothing is known, the same call may be repeated with the same key.
    #[error("payment provider unreachable: {0}")]
    Unreachable(String),
    /// There is no such object.
    #[error("unknown to the payment provider")]
    Unknown,
    /// It refused the request as such; repeating it changes nothing.
    #[error("payment provider refused: {0}")]
    Refused(String),
    /// The answer or the configuration is not what this version understands.
    #[error("payment provider not understood: {0}")]
    NotUnderstood(String),
}

/// One attempt to pay one invoice.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// The payment attempt's id: idempotency key, and how its events find it again.
    pub attempt: String,
    pub amount: Money,
    /// What the payer reads on the payment page: the invoice's number.
    pub title: String,
    pub email: Option<String>,
    pub locale: &'static str,
    pub success_url: String,
    pub cancel_url: String,
}

/// A checkout that waits for its payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub session: String,
    pub url: String,
}

/// What the provider knows of a checkout now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutState {
    pub session: String,
    pub attempt: Option<String>,
    pub intent: Option<String>,
    pub is_expired: bool,
    pub is_paid: bool,
}

/// How far a payment is, as the provider sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentState {
    /// The payer has to do something: not begun, or declined and free to try again.
    Waiting,
    /// On its way; bank debits take days.
    Processing,
    Succeeded,
    Cancelled,
}

/// What the provider knows of a payment now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub id: String,
    pub attempt: Option<String>,
    pub state: IntentState,
    pub amount: Money,
    pub received: Money,
    pub is_euro: bool,
    /// The code of the last decline, if the last try was declined.
    pub decline: Option<String>,
}

/// Money to give back.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    /// The refund's own id: idempotency key.
    pub refund: String,
    pub intent: String,
    pub amount: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundState {
    Pending,
    Succeeded,
    Failed,
}

/// What the provider knows of a refund now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunded {
    pub id: String,
    pub intent: Option<String>,
    pub amount: Money,
    pub state: RefundState,
}

/// What the payer's bank and ours are at odds about, as the provider knows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disputed {
    pub id: String,
    pub intent: Option<String>,
    pub amount: Money,
    pub state: DisputeState,
    /// The provider's code of the reason.
    pub cause: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeState {
    Open,
    /// Closed, and the money stays.
    Won,
    /// Closed, and the money is gone.
    Lost,
}

/// What was begun at the provider within a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movements {
    pub payments: Vec<Intent>,
    pub refunds: Vec<Refunded>,
    pub disputes: Vec<Disputed>,
}

/// Money in euro that the provider sends to our account, or takes from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOut {
    pub id: String,
    /// Below nought where it is taken.
    pub amount: Money,
    /// Seconds since 1970.
    pub arrives_at: i64,
    /// Whether it is under way and the provider knows what is in it.
    pub is_explained: bool,
}

/// Objects asked for at a time: the most that the provider gives.
const PAGE: i64 = 100;

/// The provider's client. Cheap to clone.
#[derive(Clone)]
pub struct PaymentProvider {
    client: Client,
    webhook_secret: String,
}

impl fmt::Debug for PaymentProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentProvider").finish_non_exhaustive()
    }
}

impl PaymentProvider {
    pub fn new(account: Account) -> Result<Self, Error> {
        // Its TLS takes the process's provider; a second call finds it set, which is what it wants.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = ClientBuilder::new(account.secret_key).timeout(TIMEOUT);
        if let Some(base) = account.base_url {
            // Paths are joined to it, so without the slash its last segment would be lost.
            builder = builder.url(if base.ends_with('/') { base } else { format!("{base}/") });
        }
        let client = builder.build().map_err(|error| Error::NotUnderstood(error.to_string()))?;
        Ok(Self { client, webhook_secret: account.webhook_secret })
    }

    /// Opens the provider's payment page. Safe to repeat: the same attempt gives the same page.
    pub async fn open_checkout(&self, checkout: &Checkout) -> Result<Opened, Error> {
        let attempt = || std::collections::HashMap::from([("attempt".to_owned(), checkout.attempt.clone())]);
        let mut price = CreateCheckoutSessionLineItemsPriceData::new(Currency::EUR);
        price.product_data = Some(ProductData::new(checkout.title.clone()));
        price.unit_amount = Some(checkout.amount.as_cents());
        let mut line = CreateCheckoutSessionLineItems::new();
        line.price_data = Some(price);
        line.quantity = Some(1);
        let mut intent = CreateCheckoutSessionPaymentIntentData::new();
        intent.metadata = Some(attempt());
        intent.description = Some(checkout.title.clone());
        let locale = if checkout.locale == "fr" { CheckoutSessionLocale::Fr } else { CheckoutSessionLocale::En };
        let mut request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Payment)
            .client_reference_id(checkout.attempt.clone())
            .metadata(attempt())
            .payment_intent_data(intent)
            .line_items(vec![line])
            .locale(locale)
            .success_url(checkout.success_url.clone())
            .cancel_url(checkout.cancel_url.clone());
        if let Some(email) = &checkout.email {
            request = request.customer_email(email.clone());
        }
        let session =
            request.customize().request_strategy(once(&checkout.attempt)?).send(&self.client).await.map_err(explain)?;
        let url = session.url.ok_or_else(|| Error::NotUnderstood("a checkout without a page".to_owned()))?;
        Ok(Opened { session: session.id.to_string(), url })
    }

    pub async fn checkout(&self, session: &str) -> Result<CheckoutState, Error> {
        let found = RetrieveCheckoutSession::new(session).send(&self.client).await.map_err(explain)?;
        Ok(checkout_state(&found))
    }

    /// Closes a payment page that nobody shall pay on any more. One that is paid or closed already stays as it is.
    pub async fn close_checkout(&self, session: &str) -> Result<(), Error> {
        match ExpireCheckoutSession::new(session).send(&self.client).await.map_err(explain) {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub async fn payment(&self, intent: &str) -> Result<Intent, Error> {
        let found = RetrievePaymentIntent::new(intent).send(&self.client).await.map_err(explain)?;
        Ok(intent_state(&found))
    }

    /// Gives money back. Safe to repeat: the same refund is made once.
    pub async fn refund(&self, order: &RefundOrder) -> Result<Refunded, Error> {
        let request = CreateRefund::new()
            .payment_intent(order.intent.clone())
            .amount(order.amount.as_cents())
            .metadata(std::collections::HashMap::from([("refund".to_owned(), order.refund.clone())]));
        let made =
            request.customize().request_strategy(once(&order.refund)?).send(&self.client).await.map_err(explain)?;
        Ok(refund_state(&made))
    }

    pub async fn refunded(&self, refund: &str) -> Result<Refunded, Error> {
        let found = RetrieveRefund::new(refund).send(&self.client).await.map_err(explain)?;
        Ok(refund_state(&found))
    }

    pub async fn dispute(&self, dispute: &str) -> Result<Disputed, Error> {
        let found = RetrieveDispute::new(dispute).send(&self.client).await.map_err(explain)?;
        Ok(dispute_state(&found))
    }

    /// Everything that was begun from the first of these seconds since 1970 up to and without the second.
    pub async fn movements(&self, from: i64, until: i64) -> Result<Movements, Error> {
        let within = within(from, until);
        let payments = ListPaymentIntent::new().created(within).limit(PAGE).paginate().stream(&self.client);
        let refunds = ListRefund::new().created(within).limit(PAGE).paginate().stream(&self.client);
        let disputes = ListDispute::new().created(within).limit(PAGE).paginate().stream(&self.client);
        Ok(Movements {
            payments: payments.map_ok(|one| intent_state(&one)).try_collect().await.map_err(explain)?,
            refunds: refunds.map_ok(|one| refund_state(&one)).try_collect().await.map_err(explain)?,
            disputes: disputes.map_ok(|one| dispute_state(&one)).try_collect().await.map_err(explain)?,
        })
    }

    /// Payouts in euro that arrive from the first of these seconds since 1970 up to and without the second, but for those
    /// that failed.
    pub async fn payouts(&self, from: i64, until: i64) -> Result<Vec<PaidOut>, Error> {
        let listed = ListPayout::new().arrival_date(within(from, until)).limit(PAGE).paginate().stream(&self.client);
        let listed: Vec<Payout> = listed.try_collect().await.map_err(explain)?;
        Ok(listed.iter().filter_map(paid_out).collect())
    }

    /// What the provider kept of the payments in a payout, what it bills by itself among it. Nothing where the parts do not
    /// add up to it, or one of them is a payout that came back, whose own fees are not among them.
    pub async fn fee(&self, payout: &PaidOut) -> Result<Option<Money>, Error> {
        let parts = ListBalanceTransaction::new().payout(payout.id.clone()).limit(PAGE).paginate().stream(&self.client);
        let parts: Vec<BalanceTransaction> = parts.try_collect().await.map_err(explain)?;
        Ok(fee(payout.amount, &parts))
    }

    /// Verifies an event's signature over its raw body and age, then reads it.
    pub fn read_event(&self, body: &str, signature: &str) -> Result<Event, EventError> {
        event::read(body, signature, &self.webhook_secret)
    }
}

/// From the first of these seconds since 1970 up to and without the second.
fn within(from: i64, until: i64) -> RangeQueryTs {
    RangeQueryTs::Bounds(RangeBoundsTs { gte: Some(from), lt: Some(until), ..Default::default() })
}

/// One HTTP attempt with our key: repeating is the queue's business.
fn once(key: &str) -> Result<RequestStrategy, Error> {
    let key = IdempotencyKey::new(key).map_err(|error| Error::NotUnderstood(error.to_string()))?;
    Ok(RequestStrategy::Idempotent(key))
}

fn explain(error: StripeError) -> Error {
    match error {
        StripeError::Stripe(_, 404) => Error::Unknown,
        StripeError::Stripe(problem, status) if status == 409 || status == 429 || status >= 500 => {
            Error::Unreachable(format!("{status} {}", problem.message.unwrap_or_default()))
        }
        StripeError::Stripe(problem, status) => {
            let kind = match problem.type_ {
                ApiErrorsType::IdempotencyError => "the key was used for something else",
                _ => "the request is refused",
            };
            Error::Refused(format!("{status} {kind}: {}", problem.message.unwrap_or_default()))
        }
        StripeError::Timeout => Error::Unreachable("no answer in time".to_owned()),
        StripeError::ClientError(reason) => Error::Unreachable(reason),
        StripeError::JSONDeserialize(reason) | StripeError::ConfigError(reason) => Error::NotUnderstood(reason),
    }
}

fn paid_out(payout: &Payout) -> Option<PaidOut> {
    if payout.currency != Currency::EUR || matches!(payout.status.as_str(), "canceled" | "failed") {
        return None;
    }
    let is_under_way = matches!(payout.status.as_str(), "paid" | "in_transit");
    Some(PaidOut {
        id: payout.id.to_string(),
        amount: Money::cents(payout.amount),
        arrives_at: payout.arrival_date,
        is_explained: is_under_way && payout.reconciliation_status == PayoutReconciliationStatus::Completed,
    })
}

/// A payout's own entry among its parts is not one of them. What the provider bills is a part without a fee.
fn fee(amount: Money, parts: &[BalanceTransaction]) -> Option<Money> {
    use BalanceTransactionType as Kind;
    if parts.iter().any(|one| [Kind::PayoutFailure, Kind::PayoutCancel].contains(&one.type_)) {
        return None;
    }
    let parts: Vec<&BalanceTransaction> = parts.iter().filter(|one| one.type_ != Kind::Payout).collect();
    let is_bill = |one: &BalanceTransaction| [Kind::StripeFee, Kind::StripeFxFee, Kind::TaxFee].contains(&one.type_);
    let kept = |one: &&BalanceTransaction| if is_bill(one) { one.fee - one.amount } else { one.fee };
    let net: i64 = parts.iter().map(|one| one.net).sum();
    (Money::cents(net) == amount).then(|| Money::cents(parts.iter().map(kept).sum()))
}

pub(crate) fn checkout_state(session: &CheckoutSession) -> CheckoutState {
    CheckoutState {
        session: session.id.to_string(),
        attempt: session.client_reference_id.clone(),
        intent: session.payment_intent.as_ref().map(|intent| intent.id().to_string()),
        is_expired: session.status == Some(CheckoutSessionStatus::Expired),
        is_paid: matches!(
            session.payment_status,
            CheckoutSessionPaymentStatus::Paid | CheckoutSessionPaymentStatus::NoPaymentRequired
        ),
    }
}

pub(crate) fn intent_state(intent: &PaymentIntent) -> Intent {
    let state = match intent.status {
        PaymentIntentStatus::Succeeded => IntentState::Succeeded,
        PaymentIntentStatus::Processing | PaymentIntentStatus::RequiresCapture => IntentState::Processing,
        PaymentIntentStatus::Canceled => IntentState::Cancelled,
        _ => IntentState::Waiting,
    };
    let decline = intent.last_payment_error.as_ref().map(|error| {
        error
            .decline_code
            .clone()
            .unwrap_or_else(|| error.code.as_ref().map_or("declined", |code| code.as_str()).to_owned())
    });
    Intent {
        id: intent.id.to_string(),
        attempt: intent.metadata.get("attempt").cloned(),
        state,
        amount: Money::cents(intent.amount),
        received: Money::cents(intent.amount_received),
        is_euro: intent.currency == Currency::EUR,
        decline,
    }
}

pub(crate) fn refund_state(refund: &Refund) -> Refunded {
    let state = match refund.status.as_deref() {
        Some("succeeded") => RefundState::Succeeded,
        Some("failed" | "canceled") => RefundState::Failed,
        _ => RefundState::Pending,
    };
    Refunded {
        id: refund.id.to_string(),
        intent: refund.payment_intent.as_ref().map(|intent| intent.id().to_string()),
        amount: Money::cents(refund.amount),
        state,
    }
}

pub(crate) fn dispute_state(dispute: &Dispute) -> Disputed {
    let state = match dispute.status {
        DisputeStatus::Won | DisputeStatus::WarningClosed | DisputeStatus::Prevented => DisputeState::Won,
        DisputeStatus::Lost => DisputeState::Lost,
        _ => DisputeState::Open,
    };
    Disputed {
        id: dispute.id.to_string(),
        intent: dispute.payment_intent.as_ref().map(|intent| intent.id().to_string()),
        amount: Money::cents(dispute.amount),
        state,
        cause: dispute.reason.clone(),
    }
}
