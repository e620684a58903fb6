//! What can be wrong with what somebody typed: a closed set of codes. The words are in `text`.

use serde::{Deserialize, Serialize};

macro_rules! problems {
    ($($(#[$about:meta])* $name:ident $({ $($field:ident: $type:ty),* })? $code:literal;)*) => {
        /// One fault of one field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Problem { $($(#[$about])* $name $({ $($field: $type),* })?,)* }

        impl Problem {
            /// The stable code: the key of its words and what an API answer says.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),* })? => $code,)* }
            }
        }
    };
}

problems! {
    Required "required";
    TooLong { max: i64 } "too-long";
    TooShort { min: i64 } "too-short";
    TooFewWords { min: i64 } "too-few-words";
    /// Nothing takes an amount between these two: at most the first, or the second and more.
    InGap { most: i64, least: i64 } "in-gap";
    TooManyWords { max: i64 } "too-many-words";
    NotANumber "not-a-number";
    TooSmall { min: i64 } "too-small";
    /// Nought or less, where something must be given.
    NotPositive "not-positive";
    TooLarge { max: i64 } "too-large";
    NotADate "not-a-date";
    InThePast "in-the-past";
    /// Today is possible, no day before.
    BeforeToday "before-today";
    InTheFuture "in-the-future";
    TooSoon "too-soon";
    TooLate "too-late";
    NotAnEmail "not-an-email";
    NotAChoice "not-a-choice";
    ControlCharacters "control-characters";
    VatShape "vat-shape";
    VatDigits "vat-digits";
    VatCountry "vat-country";
    Taken "taken";
    Mismatch "mismatch";
    PasswordWeak "password-weak";
    CredentialsWrong "credentials-wrong";
    LinkExpired "link-expired";
    TooManyTries "too-many-tries";
    MustAccept "must-accept";
    NaceShape "nace-shape";
    SharesOverWhole "shares-over-whole";
    NotEligible "not-eligible";
    Prohibited "prohibited";
    NoCapacity "no-capacity";
    OfferExpired "offer-expired";
    AlreadyDone "already-done";
    OwnCompany "own-company";
    ConflictOfInterest "conflict-of-interest";
    OwnReview "own-review";
    ReviewMissing "review-missing";
    BelowThreshold "below-threshold";
    SecondSignatureSame "second-signature-same";
    WhatIf "what-if";
    NotWaiting "not-waiting";
    NothingToKeep "nothing-to-keep";
    CountryBudget "country-budget";
    RulesNotInForce "rules-not-in-force";
    ReasonRequired "reason-required";
    ApprovalRequired "approval-required";
    NotPayable "not-payable";
    LastOwner "last-owner";
    LastAdministrator "last-administrator";
    NotPossibleNow "not-possible-now";
    AlreadyAsked "already-asked";
    ObservationThere "observation-there";
    ObservationCounts "observation-counts";
    ReportOverdue "report-overdue";
    TooManyLines { max: i64 } "too-many-lines";
    ReasonsLanguage "reasons-language";
    PanelSigned "panel-signed";
    PanelChair "panel-chair";
    PanelVotes "panel-votes";
    PanelAgenda "panel-agenda";
    PanelLead "panel-lead";
    PanelUnfinished "panel-unfinished";
    PanelNotYet "panel-not-yet";
    RecommendFirst "recommend-first";
    NoSuchApplication "no-such-application";
    LotTooEarly "lot-too-early";
    LotNothing "lot-nothing";
    NothingToFix "nothing-to-fix";
    NoQuotaThere "no-quota-there";
    NotATime "not-a-time";
    ReviewerAway "reviewer-away";
    LoadFull "load-full";
    TermsNotAccepted "terms-not-accepted";
    OwnConflict "own-conflict";
    ReviewerFull "reviewer-full";
    ReviewerAbsent "reviewer-absent";
    ColleagueThere "colleague-there";
    CallCode "call-code";
    CallClosed "call-closed";
    CallTaken "call-taken";
    GroupTaken "group-taken";
    ExclusiveCall "exclusive-call";
    NotOffered "not-offered";
    NoPlaceLeft "no-place-left";
    /// Whole euro of the pot that are left.
    PotTooSmall { max: i64 } "pot-too-small";
    /// Whole euro that are free in the pot an award or a movement is out of.
    PotExhausted { max: i64 } "pot-exhausted";
    /// The same, to a company: how much is left is not its to know.
    BudgetSpent "budget-spent";
    CutOffPassed "cut-off-passed";
    WeightsNotWhole "weights-not-whole";
    NotAPdf "not-a-pdf";
    /// Megabytes.
    FileTooLarge { max: i64 } "file-too-large";
    /// Whoever took part in a decision does not judge the appeal against it.
    TookPart "took-part";
    /// The applicant has been asked something: nothing moves before the answer or its deadline.
    AnswerAwaited "answer-awaited";
    /// Another step comes first.
    NotThisStep "not-this-step";
    /// The time for it is over.
    DeadlinePassed "deadline-passed";
    /// An offer was accepted: from then on it is the allocation's business.
    Awarded "awarded";
    /// Nothing of the document is left to take back, or nothing was asked for.
    NothingToCredit "nothing-to-credit";
    /// A funder's document is credited with the company's, and not by itself.
    FollowsCompany "follows-company";
    /// More than what is left of a line.
    MoreThanLeft "more-than-left";
    /// A call splits its invoices, and nobody is named whom to invoice for its pot.
    PotWithoutFunder "pot-without-funder";
    /// Aid: no Regulation covers grants of that day.
    AidNotInForce "aid-not-in-force";
    AidSector "aid-sector";
    AidDeclaration "aid-declaration";
    /// Whole euro that are left below the ceiling.
    AidCeiling { max: i64 } "aid-ceiling";
    AidIntensity "aid-intensity";
    AidCumulation "aid-cumulation";
    AidIncentive "aid-incentive";
    AidDifficulty "aid-difficulty";
    AidRecovery "aid-recovery";
    // bank statements; amounts are cents
    NotAStatement "not-a-statement";
    StatementUnreadable "statement-unreadable";
    StatementAccount "statement-account";
    StatementCurrency "statement-currency";
    /// What opening balance and entries give, and what the statement says.
    StatementBalance { counted: i64, stated: i64 } "statement-balance";
    StatementKnown "statement-known";
    /// The same name and other content.
    StatementChanged "statement-changed";
    OverUnpaid { most: i64 } "over-unpaid";
    OverEntry { most: i64 } "over-entry";
    RestUnplaced { rest: i64 } "rest-unplaced";
    BooksClosed "books-closed";
    CreditUsed "credit-used";
    OverCredit { most: i64 } "over-credit";
    NotAnIban "not-an-iban";
    // quotas: whole GPU-hours that are free
    QuotaProject { free: i64 } "quota-project";
    /// Whole GPU-hours of a quota that nothing of is given away yet.
    QuotaShared { free: i64 } "quota-shared";
    /// Whole GPU-hours that are kept of it.
    QuotaKept { least: i64 } "quota-kept";
    QuotaOrganisation { free: i64 } "quota-organisation";
    QuotaGroup { free: i64 } "quota-group";
    QuotaCountry { free: i64 } "quota-country";
    QuotaCall { free: i64 } "quota-call";
    QuotaPot { free: i64 } "quota-pot";
    /// No company is registered under what was typed, or more than one.
    NoSuchCompany "no-such-company";
    // reminders
    AccountBlocked "account-blocked";
    // prices and quotes
    NotAnAddress "not-an-address";
    /// The application does not say yet what a price is asked for.
    NothingToPrice "nothing-to-price";
}

impl Problem {
    /// The limit that its words name, if they name one.
    pub const fn limit(self) -> Option<i64> {
        match self {
            Self::TooLong { max }
            | Self::TooManyWords { max }
            | Self::TooManyLines { max }
            | Self::TooLarge { max }
            | Self::PotTooSmall { max }
            | Self::PotExhausted { max }
            | Self::FileTooLarge { max }
            | Self::AidCeiling { max } => Some(max),
            Self::TooShort { min } | Self::TooFewWords { min } | Self::TooSmall { min } => Some(min),
            Self::InGap { most, .. } => Some(most),
            Self::QuotaKept { least } => Some(least),
            Self::QuotaProject { free }
            | Self::QuotaShared { free }
            | Self::QuotaOrganisation { free }
            | Self::QuotaGroup { free }
            | Self::QuotaCountry { free }
            | Self::QuotaCall { free }
            | Self::QuotaPot { free } => Some(free),
            _ => None,
        }
    }

    /// The amounts in cents that its words name, if they name any.
    pub const fn amounts(self) -> Option<(i64, i64)> {
        match self {
            Self::StatementBalance { counted, stated } => Some((counted, stated)),
            Self::OverUnpaid { most } | Self::OverEntry { most } | Self::OverCredit { most } => Some((most, 0)),
            Self::RestUnplaced { rest } => Some((rest, 0)),
            _ => None,
        }
    }

    /// The second limit that its words name, if they name two.
    pub const fn other_limit(self) -> Option<i64> {
        match self {
            Self::InGap { least, .. } => Some(least),
            _ => None,
        }
    }
}

/// Everything that is wrong with one form, in the order of its fields. A field named `""` is the form as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invalid(pub Vec<(String, Problem)>);

impl Invalid {
    pub fn one(field: &str, problem: Problem) -> Self {
        Self(vec![(field.to_owned(), problem)])
    }

    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push((field.to_owned(), problem));
    }

    /// `Ok(value)` if nothing was found wrong.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    pub fn of(&self, field: &str) -> impl Iterator<Item = Problem> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, problem)| *problem)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (field, problem) in &self.0 {
            write!(f, "{field}: {}; ", problem.code())?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
