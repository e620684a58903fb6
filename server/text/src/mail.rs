//! Every mail we write: one variant each, with its values; rendered in a language to subject, text and HTML.
//!
//! Refuses to know how mail is sent and who gets it.

mod frame;
mod values;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    action,
    aid::Article,
    country::Country,
    gpu::{GpuModel, GpuTime},
    money::Money,
    period::brussels_day,
    quota, report, workflow,
};

use self::frame::{html, plain};
use crate::{FluentArgs, Locale, Words, args};

/// Declares the mails: the kind under which a mail is stored, its variant, and its values with a sample each. The
/// samples are what tests and the demo world render, so a mail cannot be added without one.
macro_rules! mails {
    ($($(#[$meta:meta])* $kind:literal $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $sample:expr),* $(,)? })*) => {
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Mail { $($(#[$meta])* $name { $($(#[$doc])* $field: $type),* },)* }

        impl Mail {
            /// Under which it is stored; its words are `mail-<kind>-subject`, `-text` and `-action`.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => $kind,)* }
            }

            /// One of each.
            pub fn samples() -> Vec<Self> {
                vec![$(Self::$name { $($field: $sample),* }),*]
            }

            /// Where its one button leads.
            fn link(&self) -> &str {
                match self { $(Self::$name { link, .. } => link,)* }
            }
        }
    };
}

mails! {
    /// Signing up: the address must be shown to be theirs.
    "confirm_address" ConfirmAddress {
        link: String = "https://gigahours.example/confirm/7f3a".to_owned(),
    }
    /// Somebody asked to choose a new password.
    "reset_password" ResetPassword {
        link: String = "https://gigahours.example/reset/7f3a".to_owned(),
    }
    /// A person wants this to be their new address.
    "change_address" ChangeAddress {
        link: String = "https://gigahours.example/confirm/7f3a".to_owned(),
    }
    /// Somebody signed up with an address that has an account.
    "already_registered" AlreadyRegistered {
        link: String = "https://gigahours.example/forgotten".to_owned(),
    }
    /// Somebody forgot the password of an address that has no account.
    "no_account" NoAccount {
        link: String = "https://gigahours.example/sign-up".to_owned(),
    }
    /// A person asked to move to another address: the one in use must agree.
    "leave_address" LeaveAddress {
        /// The new address.
        address: String = "ana@firma.example".to_owned(),
        link: String = "https://gigahours.example/confirm/7f3a".to_owned(),
    }
    /// An application was handed in and has its number.
    "received" Received {
        reference: String = "GH-FL-2026-00042".to_owned(),
        /// When the answer is due.
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// An application was approved.
    "approved" Approved {
        reference: String = "GH-FL-2026-00042".to_owned(),
        granted: GpuTime = GpuTime::seconds(72_000_000),
        reasons: String = "The estimate rests on measured throughput and the plan is sound.".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// An application was refused: with the reasons and the remedies.
    "refused" Refused {
        reference: String = "GH-FL-2026-00042".to_owned(),
        reasons: String = "The estimate does not follow from the model size given.".to_owned(),
        /// Working days in which it can be appealed; none at 0.
        days: i64 = 15,
        until: Option<DateTime<Utc>> = Some(sample_instant()),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// To a site's operators: an application waits for their assessment.
    "assessment_due" AssessmentDue {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/site/assessments/7f3a".to_owned(),
    }
    /// The reviews are in: the applicant may answer them.
    "reply_due" ReplyDue {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        words: i64 = 500,
        link: String = "https://gigahours.example/applications/7f3a/reply".to_owned(),
    }
    /// The window to answer the reviews ends today or on the next working day.
    "reply_ends" ReplyEnds {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        /// Something is typed and not handed in.
        is_typed: bool = true,
        link: String = "https://gigahours.example/applications/7f3a/reply".to_owned(),
    }
    /// The applicant is asked something after handing in.
    "question_asked" QuestionAsked {
        reference: String = "GH-LS-2026-00042".to_owned(),
        question: String = "Under which licence do you use the satellite images?".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/applications/7f3a/answer".to_owned(),
    }
    /// To whoever asked.
    "question_answered" QuestionAnswered {
        reference: String = "GH-LS-2026-00042".to_owned(),
        link: String = "https://gigahours.example/cases/7f3a".to_owned(),
    }
    /// To officers: nobody answered in time.
    "question_lapsed" QuestionLapsed {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/cases/7f3a".to_owned(),
    }
    /// To whom a step waits for: its deadline has passed.
    "step_due" StepDue {
        reference: String = "GH-LS-2026-00042".to_owned(),
        step: workflow::Kind = workflow::Kind::ExpertReview,
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/review/7f3a".to_owned(),
    }
    /// To the officer who is asked to see to a late step.
    "step_taken_over" StepTakenOver {
        reference: String = "GH-LS-2026-00042".to_owned(),
        step: workflow::Kind = workflow::Kind::TechnicalAssessment,
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/cases/7f3a".to_owned(),
    }
    /// To every officer: a step is late, and neither the reminder nor the substitute helped.
    "step_late" StepLate {
        reference: String = "GH-LS-2026-00042".to_owned(),
        step: workflow::Kind = workflow::Kind::Decision,
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/cases/7f3a".to_owned(),
    }
    /// To officers who took no part: an appeal waits.
    "appeal_filed" AppealFiled {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/cases/7f3a".to_owned(),
    }
    "appeal_upheld" AppealUpheld {
        reference: String = "GH-LS-2026-00042".to_owned(),
        reasons: String = "The second table of the estimate was overlooked.".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    "appeal_rejected" AppealRejected {
        reference: String = "GH-LS-2026-00042".to_owned(),
        reasons: String = "The grounds name nothing that the reviews overlooked.".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// Two officers opened a decided case again.
    "reopened" Reopened {
        reference: String = "GH-LS-2026-00042".to_owned(),
        reasons: String = "A review was assigned to the wrong application.".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// An owner invites somebody into their organisation.
    "invitation" Invitation {
        organisation: String = "Nordwind Protein Design GmbH".to_owned(),
        link: String = "https://gigahours.example/invitation/7f3a".to_owned(),
    }
    /// An officer asks somebody to review.
    "reviewer_invited" ReviewerInvited {
        expires: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/reviewer-invitation/7f3a".to_owned(),
    }
    /// An approved application has a slot: accept it, pick another, or decline.
    "offer_made" OfferMade {
        reference: String = "GH-PG-2026-00042".to_owned(),
        site: String = "Baltic AI Gigafactory".to_owned(),
        model: GpuModel = GpuModel::H100,
        gpus: i64 = 64,
        first_day: NaiveDate = sample_day(),
        hours: GpuTime = GpuTime::seconds(18_000_000),
        expires: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/offers/7f3a".to_owned(),
    }
    /// Nobody answered an offer in time.
    "offer_lapsed" OfferLapsed {
        reference: String = "GH-PG-2026-00042".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// To the site's operators: somebody booked, and waits for their project.
    "booking_made" BookingMade {
        reference: String = "GH-PG-2026-00042".to_owned(),
        organisation: String = "Nordwind Protein Design GmbH".to_owned(),
        site: String = "Baltic AI Gigafactory".to_owned(),
        model: GpuModel = GpuModel::H100,
        gpus: i64 = 64,
        first_day: NaiveDate = sample_day(),
        link: String = "https://gigahours.example/site/bookings".to_owned(),
    }
    /// The site cannot deliver what was booked.
    "booking_refused" BookingRefused {
        reference: String = "GH-PG-2026-00042".to_owned(),
        site: String = "Baltic AI Gigafactory".to_owned(),
        reason: String = "The cooling of that hall is repaired in these weeks.".to_owned(),
        link: String = "https://gigahours.example/applications/7f3a".to_owned(),
    }
    /// The site has opened the project.
    "allocation_confirmed" AllocationConfirmed {
        reference: String = "GH-PG-2026-00042".to_owned(),
        site: String = "Baltic AI Gigafactory".to_owned(),
        first_day: NaiveDate = sample_day(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// A threshold of use is reached.
    "usage_warning" UsageWarning {
        reference: String = "GH-PG-2026-00042".to_owned(),
        percent: i64 = 75,
        left: GpuTime = GpuTime::seconds(4_500_000),
        last_day: NaiveDate = sample_day(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// All of an award is used.
    "grace_begun" GraceBegun {
        reference: String = "GH-PG-2026-00042".to_owned(),
        granted: GpuTime = GpuTime::seconds(18_000_000),
        ends: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// The same, to its site.
    "grace_at_site" GraceAtSite {
        reference: String = "GH-PG-2026-00042".to_owned(),
        ends: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// A quota is filled to a step.
    "quota_warning" QuotaWarning {
        name: quota::Name =
            quota::Name { kind: quota::Kind::Country, of: "FR".to_owned(), site: None, call: None },
        percent: i64 = 80,
        most: GpuTime = GpuTime::seconds(36_000_000),
        free: GpuTime = GpuTime::seconds(7_200_000),
        link: String = "https://gigahours.example/quotas".to_owned(),
    }
    /// The weeks are over.
    "allocation_ended" AllocationEnded {
        reference: String = "GH-PG-2026-00042".to_owned(),
        used: GpuTime = GpuTime::seconds(14_400_000),
        granted: GpuTime = GpuTime::seconds(18_000_000),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// What was asked of an allocation is approved and in force.
    "change_approved" ChangeApproved {
        reference: String = "GH-PG-2026-00042".to_owned(),
        kind: action::Kind = action::Kind::Supplement,
        reasons: String = "The growth of the data is shown and the hours are there.".to_owned(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// What was asked of an allocation is refused.
    "change_refused" ChangeRefused {
        reference: String = "GH-PG-2026-00042".to_owned(),
        kind: action::Kind = action::Kind::Extension,
        reasons: String = "The weeks that were asked for are booked by others.".to_owned(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// To the site's operators: GPUs or weeks of a booking have changed.
    "booking_changed" BookingChanged {
        reference: String = "GH-PG-2026-00042".to_owned(),
        organisation: String = "Nordwind Protein Design GmbH".to_owned(),
        site: String = "Baltic AI Gigafactory".to_owned(),
        model: GpuModel = GpuModel::H100,
        gpus: i64 = 64,
        first_day: NaiveDate = sample_day(),
        last_day: NaiveDate = sample_day() + chrono::Days::new(27),
        link: String = "https://gigahours.example/site/bookings".to_owned(),
    }
    /// A report falls due.
    "report_due" ReportDue {
        reference: String = "GH-PG-2026-00042".to_owned(),
        kind: report::Kind = report::Kind::Final,
        due: NaiveDate = sample_day(),
        link: String = "https://gigahours.example/allocations/7f3a/report/final".to_owned(),
    }
    /// A report is approved.
    "report_approved" ReportApproved {
        reference: String = "GH-LS-2026-00042".to_owned(),
        kind: report::Kind = report::Kind::Interim,
        reasons: String = "The results so far justify the rest of the hours.".to_owned(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// A report has to be mended.
    "report_returned" ReportReturned {
        reference: String = "GH-PG-2026-00042".to_owned(),
        kind: report::Kind = report::Kind::Final,
        reasons: String = "Say what the hours of the second month were used for.".to_owned(),
        link: String = "https://gigahours.example/allocations/7f3a".to_owned(),
    }
    /// An invoice is there; the PDF is attached.
    "invoice_issued" InvoiceIssued {
        number: String = "GH-INV-2026-00042".to_owned(),
        total: Money = Money::cents(47_600),
        due: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default(),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// A funder is asked for its share; the PDF is attached.
    "share_issued" ShareIssued {
        number: String = "GH-FND-2026-00042".to_owned(),
        company: String = "Nordlicht AB".to_owned(),
        total: Money = Money::cents(60_000),
        due: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default(),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// Something of an invoice or a statement is taken back; the PDF is attached.
    "credit_note_issued" CreditNoteIssued {
        number: String = "GH-CRN-2026-00007".to_owned(),
        invoice: String = "GH-INV-2026-00042".to_owned(),
        /// No longer owed, or aid that was not received after all.
        amount: Money = Money::cents(11_900),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// A document waits for a rate of exchange: to finance.
    "rate_missing" RateMissing {
        company: String = "Nordlicht AB".to_owned(),
        currency: String = "SEK".to_owned(),
        day: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap_or_default(),
        link: String = "https://gigahours.example/finance/rates".to_owned(),
    }
    /// Nothing is to pay: what was given is stated; the PDF is attached.
    "statement_issued" StatementIssued {
        number: String = "GH-AID-2026-00042".to_owned(),
        /// What the computing time would have cost.
        value: Money = Money::cents(100_000),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// Money has arrived; the receipt is attached.
    "payment_receipt" PaymentReceipt {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(47_600),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// An invoice is late: perhaps it was forgotten.
    "reminder_friendly" ReminderFriendly {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(47_600),
        due: NaiveDate = sample_day(),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// The second letter: from here on the law's interest and costs are claimed.
    "reminder_firm" ReminderFirm {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(47_600),
        due: NaiveDate = sample_day(),
        interest: Money = Money::cents(312),
        costs: Money = Money::cents(4_000),
        whole: Money = Money::cents(51_912),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// The company can book no more.
    "reminder_block" ReminderBlock {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(47_600),
        due: NaiveDate = sample_day(),
        interest: Money = Money::cents(312),
        costs: Money = Money::cents(4_000),
        whole: Money = Money::cents(51_912),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// The claim goes to those who collect debts.
    "reminder_hand_over" ReminderHandOver {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(47_600),
        due: NaiveDate = sample_day(),
        interest: Money = Money::cents(312),
        costs: Money = Money::cents(4_000),
        whole: Money = Money::cents(51_912),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
    /// A reviewer is asked for a review.
    "review_given" ReviewGiven {
        reference: String = "GH-LS-2026-00042".to_owned(),
        due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/review/7f3a".to_owned(),
    }
    "review_assigned" ReviewAssigned {
        reference: String = "GH-LS-2026-00042".to_owned(),
        answer_due: DateTime<Utc> = sample_instant(),
        review_due: DateTime<Utc> = sample_instant(),
        link: String = "https://gigahours.example/assigned/7f3a".to_owned(),
    }
    /// To officers: those who were asked declined, and nobody else is asked by itself.
    "reviewer_missing" ReviewerMissing {
        reference: String = "GH-LS-2026-00042".to_owned(),
        link: String = "https://gigahours.example/assignment".to_owned(),
    }
    /// De minimis aid was granted: the amount and its nature, with the Regulation's title and where it is published
    /// (Reg. (EU) 2023/2831, Art. 7(4)).
    "aid_granted" AidGranted {
        reference: String = "GH-PG-2026-00042".to_owned(),
        number: String = "FR-12".to_owned(),
        state: Country = Country::of(*b"FR"),
        amount: Money = Money::cents(980_000),
        /// Of three years.
        ceiling: Money = Money::cents(30_000_000),
        hours: GpuTime = GpuTime::seconds(18_000_000),
        granted_on: NaiveDate = sample_day(),
        authority: String = "Gigahours programme office".to_owned(),
        link: String = "https://gigahours.example/organisation/aid".to_owned(),
    }
    /// Aid was granted under the general block exemption.
    "aid_exempted" AidExempted {
        reference: String = "GH-PG-2026-00042".to_owned(),
        number: String = "FR-12".to_owned(),
        state: Country = Country::of(*b"FR"),
        amount: Money = Money::cents(980_000),
        hours: GpuTime = GpuTime::seconds(18_000_000),
        granted_on: NaiveDate = sample_day(),
        authority: String = "Gigahours programme office".to_owned(),
        article: Article = Article::SmeSupport,
        scheme: String = "Gigahours SME support".to_owned(),
        link: String = "https://gigahours.example/organisation/aid".to_owned(),
    }
    /// Money was given back.
    "refund_made" RefundMade {
        number: String = "GH-INV-2026-00042".to_owned(),
        amount: Money = Money::cents(10_000),
        reason: String = "Charged twice".to_owned(),
        link: String = "https://gigahours.example/invoices/42".to_owned(),
    }
}

fn sample_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 30).unwrap_or_default()
}

fn sample_instant() -> DateTime<Utc> {
    sample_day().and_time(chrono::NaiveTime::MIN).and_utc()
}

/// A mail as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Mail {
    /// The values of its words, worded the reader's way.
    fn args(&self, words: Words) -> FluentArgs<'_> {
        match self {
            Self::ConfirmAddress { .. }
            | Self::ResetPassword { .. }
            | Self::ChangeAddress { .. }
            | Self::AlreadyRegistered { .. }
            | Self::NoAccount { .. } => args![],
            Self::LeaveAddress { address, .. } => args![address => address],
            Self::Received { reference, due, .. } => {
                args![reference => reference, due => words.weekday_date(brussels_day(*due))]
            }
            Self::Approved { reference, granted, reasons, .. } => {
                args![reference => reference, hours => words.hours(*granted), reasons => reasons]
            }
            Self::Refused { reference, reasons, days, until, .. } => args![
                reference => reference,
                reasons => reasons,
                days => *days,
                appeal => if until.is_some() { "open" } else { "none" },
                until => until.map(|at| words.weekday_date(brussels_day(at))).unwrap_or_default(),
            ],
            Self::AssessmentDue { .. }
            | Self::ReviewAssigned { .. }
            | Self::ReviewerMissing { .. }
            | Self::ReviewGiven { .. }
            | Self::QuestionLapsed { .. }
            | Self::AppealFiled { .. }
            | Self::ReplyDue { .. }
            | Self::ReplyEnds { .. }
            | Self::QuestionAsked { .. }
            | Self::QuestionAnswered { .. }
            | Self::StepDue { .. }
            | Self::StepTakenOver { .. }
            | Self::StepLate { .. }
            | Self::AppealUpheld { .. }
            | Self::AppealRejected { .. }
            | Self::Reopened { .. } => self.args_of_steps(words),
            Self::Invitation { organisation, .. } => args![organisation => organisation],
            Self::ReviewerInvited { expires, .. } => args![expires => words.instant(*expires)],
            Self::OfferMade { .. }
            | Self::OfferLapsed { .. }
            | Self::BookingMade { .. }
            | Self::BookingRefused { .. }
            | Self::AllocationConfirmed { .. }
            | Self::UsageWarning { .. }
            | Self::GraceBegun { .. }
            | Self::GraceAtSite { .. }
            | Self::QuotaWarning { .. }
            | Self::AllocationEnded { .. } => self.args_of_offers(words),
            Self::ChangeApproved { .. }
            | Self::ChangeRefused { .. }
            | Self::BookingChanged { .. }
            | Self::ReportDue { .. }
            | Self::ReportApproved { .. }
            | Self::ReportReturned { .. } => self.args_after_award(words),
            Self::AidGranted { .. } | Self::AidExempted { .. } => self.args_of_aid(words),
            Self::ReminderFriendly { .. }
            | Self::ReminderFirm { .. }
            | Self::ReminderBlock { .. }
            | Self::ReminderHandOver { .. } => self.args_of_reminders(words),
            Self::InvoiceIssued { .. }
            | Self::ShareIssued { .. }
            | Self::CreditNoteIssued { .. }
            | Self::RateMissing { .. }
            | Self::StatementIssued { .. }
            | Self::PaymentReceipt { .. }
            | Self::RefundMade { .. } => self.args_of_documents(words),
        }
    }

    /// Its title and its paragraphs, for paper.
    pub fn letter(&self, locale: Locale) -> (String, Vec<String>) {
        let words = Words::new(locale);
        let key = |part: &str| format!("mail-{}-{part}", self.kind().replace('_', "-"));
        let body = words.with(&key("text"), self.args(words));
        (words.with(&key("subject"), self.args(words)), body.split("\n\n").map(str::to_owned).collect())
    }

    pub fn render(&self, locale: Locale) -> Rendered {
        let words = Words::new(locale);
        let (subject, paragraphs) = self.letter(locale);
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        let action = words.t(&format!("mail-{}-action", self.kind().replace('_', "-")));
        let text = plain(words, &paragraphs, (&action, self.link()));
        let html = html(words, &subject, &paragraphs, (&action, self.link()));
        Rendered { subject, text, html }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_renders_in_every_language() {
        for mail in Mail::samples() {
            for locale in Locale::ALL {
                let Rendered { subject, text, html } = mail.render(locale);
                assert!(!format!("{subject}{text}").contains("mail-"), "{} has no words in {locale}", mail.kind());
                assert!(!subject.contains('\n'), "{} has a subject of several lines", mail.kind());
                assert!(!format!("{subject}{text}").contains("{$"), "{} lacks a value in {locale}", mail.kind());
                assert!(text.contains(mail.link()) && html.contains(mail.link()));
                insta::assert_snapshot!(format!("{}_{locale}", mail.kind()), format!("{subject}\n\n{text}"));
            }
        }
    }

    #[test]
    fn the_frame_is_the_reviewed_one() {
        let mail = Mail::ConfirmAddress { link: "https://gigahours.example/confirm/7f3a".to_owned() };
        insta::assert_snapshot!(mail.render(Locale::En).html);
    }

    #[test]
    fn a_name_cannot_bring_markup_along() {
        let organisation = "<img src=x onerror=alert(1)> & \"Co\"".to_owned();
        let mail = Mail::Invitation { organisation, link: "https://gigahours.example/?a=1&b=2".to_owned() };
        let html = mail.render(Locale::Fr).html;
        assert!(!html.contains("<img"));
        assert!(html.contains("href=\"https://gigahours.example/?a=1&amp;b=2\""));
    }
}
