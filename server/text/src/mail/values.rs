//! The values of the words of some mails: those between submission and decision, offers and bookings, what follows an
//! award. Others have none here.

use domain::period::brussels_day;

use super::Mail;
use crate::{FluentArgs, Words, args};

impl Mail {
    /// Of the mails between submission and decision.
    pub(super) fn args_of_steps(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::AssessmentDue { reference, due, .. }
            | Self::ReviewGiven { reference, due, .. }
            | Self::QuestionLapsed { reference, due, .. }
            | Self::AppealFiled { reference, due, .. } => {
                args![reference => reference, due => words.weekday_date(brussels_day(*due))]
            }
            Self::ReviewAssigned { reference, answer_due, review_due, .. } => args![
                reference => reference,
                answer => words.weekday_date(brussels_day(*answer_due)),
                review => words.weekday_date(brussels_day(*review_due)),
            ],
            Self::ReplyDue { reference, due, words: count, .. } => {
                args![reference => reference, due => words.weekday_date(brussels_day(*due)), words => *count]
            }
            Self::ReplyEnds { reference, due, is_typed, .. } => args![
                reference => reference,
                due => words.instant(*due),
                typed => if *is_typed { "yes" } else { "no" },
            ],
            Self::QuestionAsked { reference, question, due, .. } => args![
                reference => reference,
                question => question,
                due => words.weekday_date(brussels_day(*due)),
            ],
            Self::QuestionAnswered { reference, .. } | Self::ReviewerMissing { reference, .. } => {
                args![reference => reference]
            }
            Self::StepDue { reference, step, due, .. }
            | Self::StepTakenOver { reference, step, due, .. }
            | Self::StepLate { reference, step, due, .. } => args![
                reference => reference,
                step => words.t(&format!("workflow-step-{}", step.code())),
                due => words.weekday_date(brussels_day(*due)),
            ],
            Self::AppealUpheld { reference, reasons, .. }
            | Self::AppealRejected { reference, reasons, .. }
            | Self::Reopened { reference, reasons, .. } => args![reference => reference, reasons => reasons],
            _ => args![],
        }
    }

    /// Of offers and bookings.
    pub(super) fn args_of_offers(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::OfferMade { reference, site, model, gpus, first_day, hours, expires, .. } => args![
                reference => reference,
                site => site,
                model => model.code(),
                gpus => *gpus,
                day => words.weekday_date(*first_day),
                hours => words.hours(*hours),
                expires => words.instant(*expires),
            ],
            Self::OfferLapsed { reference, .. } => args![reference => reference],
            Self::BookingMade { reference, organisation, site, model, gpus, first_day, .. } => args![
                reference => reference,
                organisation => organisation,
                site => site,
                model => model.code(),
                gpus => *gpus,
                day => words.weekday_date(*first_day),
            ],
            Self::BookingRefused { reference, site, reason, .. } => {
                args![reference => reference, site => site, reason => reason]
            }
            Self::AllocationConfirmed { reference, site, first_day, .. } => {
                args![reference => reference, site => site, day => words.weekday_date(*first_day)]
            }
            Self::UsageWarning { reference, percent, left, last_day, .. } => args![
                reference => reference,
                percent => *percent,
                left => words.hours(*left),
                day => words.date(*last_day),
            ],
            Self::GraceBegun { reference, granted, ends, .. } => {
                args![reference => reference, hours => words.hours(*granted), ends => words.instant(*ends)]
            }
            Self::GraceAtSite { reference, ends, .. } => args![reference => reference, ends => words.instant(*ends)],
            Self::QuotaWarning { name, percent, most, free, .. } => args![
                quota => words.quota(name),
                percent => *percent,
                hours => words.hours(*most),
                free => words.hours(*free),
            ],
            Self::AllocationEnded { reference, used, granted, .. } => {
                args![reference => reference, used => words.hours(*used), granted => words.hours(*granted)]
            }
            _ => args![],
        }
    }

    /// The same of the mails that follow an award; others have none here.
    pub(super) fn args_after_award(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::ChangeApproved { reference, kind, reasons, .. }
            | Self::ChangeRefused { reference, kind, reasons, .. } => {
                let what = words.t(&format!("action-kind-{}", kind.code()));
                args![reference => reference, what => what, reasons => reasons]
            }
            Self::BookingChanged { reference, organisation, site, model, gpus, first_day, last_day, .. } => args![
                reference => reference,
                organisation => organisation,
                site => site,
                model => model.code(),
                gpus => *gpus,
                first => words.weekday_date(*first_day),
                last => words.weekday_date(*last_day),
            ],
            Self::ReportDue { reference, kind, due, .. } => {
                let what = words.t(&format!("report-kind-{}", kind.code()));
                args![reference => reference, what => what, due => words.weekday_date(*due)]
            }
            Self::ReportApproved { reference, kind, reasons, .. }
            | Self::ReportReturned { reference, kind, reasons, .. } => {
                let what = words.t(&format!("report-kind-{}", kind.code()));
                args![reference => reference, what => what, reasons => reasons]
            }
            _ => args![],
        }
    }

    /// Of aid that was granted.
    pub(super) fn args_of_aid(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::AidGranted { reference, number, state, amount, ceiling, hours, granted_on, authority, .. } => args![
                ceiling => words.money(*ceiling),
                reference => reference,
                number => number,
                state => words.t(&format!("country-{state}")),
                amount => words.money(*amount),
                hours => words.hours(*hours),
                day => words.date(*granted_on),
                authority => authority,
            ],
            Self::AidExempted {
                reference,
                number,
                state,
                amount,
                hours,
                granted_on,
                authority,
                article,
                scheme,
                ..
            } => args![
                reference => reference,
                number => number,
                state => words.t(&format!("country-{state}")),
                amount => words.money(*amount),
                hours => words.hours(*hours),
                day => words.date(*granted_on),
                authority => authority,
                article => words.t(&format!("aid-article-{}", article.code().replace('_', "-"))),
                scheme => scheme,
            ],
            _ => args![],
        }
    }

    /// Of reminders.
    pub(super) fn args_of_reminders(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::ReminderFriendly { number, amount, due, .. } => {
                args![number => number, amount => words.money(*amount), due => words.date(*due)]
            }
            Self::ReminderFirm { number, amount, due, interest, costs, whole, .. }
            | Self::ReminderBlock { number, amount, due, interest, costs, whole, .. }
            | Self::ReminderHandOver { number, amount, due, interest, costs, whole, .. } => args![
                number => number,
                amount => words.money(*amount),
                due => words.date(*due),
                interest => words.money(*interest),
                costs => words.money(*costs),
                whole => words.money(*whole),
            ],
            _ => args![],
        }
    }

    /// Of invoices and what follows them.
    pub(super) fn args_of_documents(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::InvoiceIssued { number, total, due, .. } => {
                args![number => number, total => words.money(*total), due => words.date(*due)]
            }
            Self::ShareIssued { number, company, total, due, .. } => args![
                number => number,
                company => company,
                total => words.money(*total),
                due => words.date(*due),
            ],
            Self::CreditNoteIssued { number, invoice, amount, .. } => {
                args![number => number, invoice => invoice, amount => words.money(*amount)]
            }
            Self::RateMissing { company, currency, day, .. } => {
                args![company => company, currency => currency, day => words.date(*day)]
            }
            Self::StatementIssued { number, value, .. } => args![number => number, value => words.money(*value)],
            Self::PaymentReceipt { number, amount, .. } => args![number => number, amount => words.money(*amount)],
            Self::RefundMade { number, amount, reason, .. } => {
                args![number => number, amount => words.money(*amount), reason => reason]
            }
            _ => args![],
        }
    }
}
