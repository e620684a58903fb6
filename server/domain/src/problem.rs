//! What can be wrong with what somebody typed: a closed set of codes. The words are in `text`.

use serde::{Deserialize, Serialize};

/// One fault of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Required,
    TooLong {
        max: i64,
    },
    TooShort {
        min: i64,
    },
    TooFewWords {
        min: i64,
    },
    /// Nothing takes an amount between these two: at most the first, or the second and more.
    InGap {
        most: i64,
        least: i64,
    },
    TooManyWords {
        max: i64,
    },
    NotANumber,
    TooSmall {
        min: i64,
    },
    TooLarge {
        max: i64,
    },
    NotADate,
    InThePast,
    InTheFuture,
    TooSoon,
    TooLate,
    NotAnEmail,
    NotAChoice,
    ControlCharacters,
    VatShape,
    VatDigits,
    VatCountry,
    Taken,
    Mismatch,
    PasswordWeak,
    CredentialsWrong,
    LinkExpired,
    TooManyTries,
    MustAccept,
    NaceShape,
    SharesOverWhole,
    NotEligible,
    Prohibited,
    NoCapacity,
    OfferExpired,
    AlreadyDone,
    OwnCompany,
    ConflictOfInterest,
    OwnReview,
    ReviewMissing,
    BelowThreshold,
    SecondSignatureSame,
    WhatIf,
    NotWaiting,
    NothingToKeep,
    CountryBudget,
    RulesNotInForce,
    ReasonRequired,
    NotPayable,
    LastOwner,
    LastAdministrator,
    // Calls.
    CallCode,
    CallClosed,
    CallTaken,
    GroupTaken,
    ExclusiveCall,
    ReportOverdue,
    NotOffered,
    NoPlaceLeft,
    /// Whole euro of the pot that are left.
    PotTooSmall {
        max: i64,
    },
    CutOffPassed,
    WeightsNotWhole,
    NotATime,
    NotAPdf,
    FileTooLarge {
        max: i64,
    },
}

impl Problem {
    /// The stable code: the key of its words and what an API answer says.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too-long",
            Self::TooShort { .. } => "too-short",
            Self::TooFewWords { .. } => "too-few-words",
            Self::InGap { .. } => "in-gap",
            Self::TooManyWords { .. } => "too-many-words",
            Self::NotANumber => "not-a-number",
            Self::TooSmall { .. } => "too-small",
            Self::TooLarge { .. } => "too-large",
            Self::NotADate => "not-a-date",
            Self::InThePast => "in-the-past",
            Self::InTheFuture => "in-the-future",
            Self::TooSoon => "too-soon",
            Self::TooLate => "too-late",
            Self::NotAnEmail => "not-an-email",
            Self::NotAChoice => "not-a-choice",
            Self::ControlCharacters => "control-characters",
            Self::VatShape => "vat-shape",
            Self::VatDigits => "vat-digits",
            Self::VatCountry => "vat-country",
            Self::Taken => "taken",
            Self::Mismatch => "mismatch",
            Self::PasswordWeak => "password-weak",
            Self::CredentialsWrong => "credentials-wrong",
            Self::LinkExpired => "link-expired",
            Self::TooManyTries => "too-many-tries",
            Self::MustAccept => "must-accept",
            Self::NaceShape => "nace-shape",
            Self::SharesOverWhole => "shares-over-whole",
            Self::NotEligible => "not-eligible",
            Self::Prohibited => "prohibited",
            Self::NoCapacity => "no-capacity",
            Self::OfferExpired => "offer-expired",
            Self::AlreadyDone => "already-done",
            Self::OwnCompany => "own-company",
            Self::ConflictOfInterest => "conflict-of-interest",
            Self::OwnReview => "own-review",
            Self::ReviewMissing => "review-missing",
            Self::BelowThreshold => "below-threshold",
            Self::SecondSignatureSame => "second-signature-same",
            Self::WhatIf => "what-if",
            Self::NotWaiting => "not-waiting",
            Self::NothingToKeep => "nothing-to-keep",
            Self::CountryBudget => "country-budget",
            Self::RulesNotInForce => "rules-not-in-force",
            Self::ReasonRequired => "reason-required",
            Self::NotPayable => "not-payable",
            Self::LastOwner => "last-owner",
            Self::LastAdministrator => "last-administrator",
            Self::CallCode => "call-code",
            Self::CallClosed => "call-closed",
            Self::CallTaken => "call-taken",
            Self::GroupTaken => "group-taken",
            Self::ExclusiveCall => "exclusive-call",
            Self::ReportOverdue => "report-overdue",
            Self::NotOffered => "not-offered",
            Self::NoPlaceLeft => "no-place-left",
            Self::PotTooSmall { .. } => "pot-too-small",
            Self::CutOffPassed => "cut-off-passed",
            Self::WeightsNotWhole => "weights-not-whole",
            Self::NotATime => "not-a-time",
            Self::NotAPdf => "not-a-pdf",
            Self::FileTooLarge { .. } => "file-too-large",
        }
    }

    /// The limit that its words name, if they name one.
    pub const fn limit(self) -> Option<i64> {
        match self {
            Self::TooLong { max } | Self::TooManyWords { max } | Self::TooLarge { max } => Some(max),
            Self::PotTooSmall { max } | Self::FileTooLarge { max } => Some(max),
            Self::TooShort { min } | Self::TooFewWords { min } | Self::TooSmall { min } => Some(min),
            Self::InGap { most, .. } => Some(most),
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
