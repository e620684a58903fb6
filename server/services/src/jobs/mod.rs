//! Work outside a request: a closed set of jobs, each a row written with its cause, each idempotent.

mod worker;

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    actor::Actor,
    id::{CreditNoteId, InvoiceId, MailId, OrganisationId, PanelId, PaymentId, RunId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use worker::Worker;

use crate::{
    Services,
    error::{Error, Result},
};

/// Everything that can be queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    SendMail(MailId),
    Purge,
    CheckVat(OrganisationId),
    Match,
    ExpireOffers,
    PostUsage,
    EndAllocations,
    CloseMonth,
    /// The same at once and only now: what it waited for has come.
    Bill,
    MailInvoice(InvoiceId),
    MailCreditNote(CreditNoteId),
    MailReceipt(PaymentId),
    MailReminder(Uuid),
    ApplyPaymentEvent(Uuid),
    ClosePaymentPage(PaymentId),
    MakeRefund(Uuid),
    ReconcilePayments,
    SolveRun(RunId),
    PublishRun(RunId),
    RemindReports,
    DetectConflicts,
    /// Somebody else in the place of whoever this was asked of.
    SubstituteReview(Uuid),
    WatchDeadlines,
    /// What a closed panel ranked goes on.
    FinishPanel(PanelId),
    /// What was issued before there were books.
    OpenBooks,
    /// What applications bind of pots, where no verb said it.
    SettlePots,
    TakeReminders,
    ReconcileProvider,
    /// Entries of the bank that are payouts of the payment provider.
    MatchProviderPayouts,
    /// The same at once and only now: a statement was taken in.
    MatchImported,
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// Again later, with this reason on record.
    Retry(String),
    /// Never again by itself: parked for an administrator.
    Park(String),
}

/// Attempts before a job that keeps failing is parked.
const ATTEMPTS_MAX: i32 = 8;

impl Job {
    /// Jobs that run on a timer: they take no input and repair what signals missed.
    pub(crate) const PERIODIC: [(Self, Duration); 15] = [
        (Self::Purge, Duration::from_secs(3_600)),
        (Self::ExpireOffers, Duration::from_secs(300)),
        (Self::Match, Duration::from_secs(300)),
        (Self::PostUsage, Duration::from_secs(60)),
        (Self::EndAllocations, Duration::from_secs(900)),
        (Self::CloseMonth, Duration::from_secs(1_800)),
        (Self::ReconcilePayments, Duration::from_secs(600)),
        (Self::RemindReports, Duration::from_secs(3_600)),
        (Self::DetectConflicts, Duration::from_secs(3_600)),
        (Self::WatchDeadlines, Duration::from_secs(900)),
        (Self::OpenBooks, Duration::from_secs(3_600)),
        (Self::SettlePots, Duration::from_secs(3_600)),
        (Self::TakeReminders, Duration::from_secs(3_600)),
        (Self::ReconcileProvider, Duration::from_secs(3_600)),
        (Self::MatchProviderPayouts, Duration::from_secs(3_600)),
    ];

    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SendMail(_) => "send_mail",
            Self::Purge => "purge",
            Self::CheckVat(_) => "check_vat",
            Self::Match => "match",
            Self::ExpireOffers => "expire_offers",
            Self::PostUsage => "post_usage",
            Self::EndAllocations => "end_allocations",
            Self::CloseMonth => "close_month",
            Self::Bill => "bill",
            Self::MailInvoice(_) => "mail_invoice",
            Self::MailCreditNote(_) => "mail_credit_note",
            Self::MailReceipt(_) => "mail_receipt",
            Self::MailReminder(_) => "mail_reminder",
            Self::ApplyPaymentEvent(_) => "apply_payment_event",
            Self::ClosePaymentPage(_) => "close_payment_page",
            Self::MakeRefund(_) => "make_refund",
            Self::ReconcilePayments => "reconcile_payments",
            Self::SolveRun(_) => "solve_run",
            Self::PublishRun(_) => "publish_run",
            Self::RemindReports => "remind_reports",
            Self::DetectConflicts => "detect_conflicts",
            Self::SubstituteReview(_) => "substitute_review",
            Self::WatchDeadlines => "watch_deadlines",
            Self::FinishPanel(_) => "finish_panel",
            Self::OpenBooks => "open_books",
            Self::SettlePots => "settle_pots",
            Self::TakeReminders => "take_reminders",
            Self::ReconcileProvider => "reconcile_provider",
            Self::MatchProviderPayouts => "match_provider_payouts",
            Self::MatchImported => "match_imported",
        }
    }

    async fn run(&self, services: &Services, attempts: i32) -> Result<Verdict> {
        let desk = services.desk(Actor::SYSTEM);
        match self {
            Self::SendMail(id) => desk.send_mail(*id, attempts >= ATTEMPTS_MAX).await,
            Self::Purge => desk.purge().await.map(|()| Verdict::Done),
            Self::CheckVat(id) => desk.check_vat(*id).await,
            Self::Match => {
                desk.run_matching().await?;
                desk.rerun().await.map(|_| Verdict::Done)
            }
            Self::ExpireOffers => desk.expire_offers().await.map(|_| Verdict::Done),
            Self::PostUsage => desk.post_usage().await.map(|_| Verdict::Done),
            Self::EndAllocations => desk.end_allocations().await.map(|_| Verdict::Done),
            Self::CloseMonth | Self::Bill => desk.run_billing().await,
            Self::MailInvoice(id) => desk.mail_invoice(*id).await,
            Self::MailCreditNote(id) => desk.mail_credit_note(*id).await,
            Self::MailReceipt(id) => desk.mail_receipt(*id).await,
            Self::MailReminder(id) => desk.mail_reminder(*id).await,
            Self::ApplyPaymentEvent(id) => desk.apply_payment_event(*id).await,
            Self::ClosePaymentPage(id) => desk.close_payment_page(*id).await,
            Self::MakeRefund(id) => desk.make_refund(*id).await,
            Self::ReconcilePayments => desk.reconcile_payments().await,
            Self::SolveRun(id) => desk.solve_run(*id).await,
            Self::PublishRun(id) => desk.offer_run(*id).await,
            Self::RemindReports => desk.remind_reports().await.map(|_| Verdict::Done),
            Self::DetectConflicts => {
                desk.detect_conflicts().await?;
                desk.release_conflicted().await.map(|()| Verdict::Done)
            }
            Self::SubstituteReview(id) => desk.substitute_review(*id).await.map(|()| Verdict::Done),
            Self::WatchDeadlines => desk.watch_deadlines().await.map(|_| Verdict::Done),
            Self::FinishPanel(id) => desk.finish_panel_steps(*id).await.map(|()| Verdict::Done),
            Self::OpenBooks => desk.open_books().await,
            Self::SettlePots => desk.settle_pots().await,
            Self::TakeReminders => desk.take_reminders().await.map(|_| Verdict::Done),
            Self::ReconcileProvider => desk.reconcile_provider().await,
            Self::MatchProviderPayouts | Self::MatchImported => desk.match_provider_payouts().await,
        }
    }

    /// Doubling from half a minute to four hours.
    fn back_off(attempts: i32) -> TimeDelta {
        let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or_default();
        TimeDelta::seconds((30_i64 << doublings).min(4 * 3_600))
    }

    fn after_error(attempts: i32, error: &Error) -> Verdict {
        if attempts >= ATTEMPTS_MAX { Verdict::Park(error.to_string()) } else { Verdict::Retry(error.to_string()) }
    }
}
