//! The applicant's word after the reviews and after a refusal: the answer to the reviews, and the appeal.
//!
//! An appeal is judged by somebody who took no part before. Refuses to decide the application anew: an appeal upheld
//! opens it again where it was refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar,
    id::PersonId,
    problem::{Invalid, Problem},
    review::{Bench, reason},
};

use super::question::paragraph;

/// Working days in which an appeal is answered.
pub const ANSWERED_IN_DAYS: u32 = 15;
/// Characters of a text at most, however few its words.
const TEXT_MAX: i64 = 20_000;
/// Words of an appeal at most.
pub const GROUNDS_WORDS_MAX: i64 = 1_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The case is open again.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "upheld"))]
    Upheld,
    /// The refusal stands.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "rejected"))]
    Rejected,
}

impl Outcome {
    pub const ALL: [Self; 2] = [Self::Upheld, Self::Rejected];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// The last instant at which a refusal can be appealed; `None` where the plan has no appeal.
pub fn until(refused: DateTime<Utc>, days: u32) -> Option<DateTime<Utc>> {
    (days > 0).then(|| calendar::deadline(refused, days))
}

/// A text of so many words at most, in its field.
pub fn text(typed: &str, field: &str, words_max: i64) -> Result<String, Invalid> {
    let text = paragraph(typed, TEXT_MAX).map_err(|problem| Invalid::one(field, problem))?;
    if i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX) > words_max {
        return Err(Invalid::one(field, Problem::TooManyWords { max: words_max }));
    }
    Ok(text)
}

/// Grounds, not a word: somebody must be able to judge them. The field is `grounds`.
pub fn grounds(typed: &str) -> Result<String, Invalid> {
    let text = text(typed, "grounds", GROUNDS_WORDS_MAX)?;
    if text.split_whitespace().count() < 5 {
        return Err(Invalid::one("grounds", Problem::TooFewWords { min: 5 }));
    }
    Ok(text)
}

/// Whether this officer may judge the appeal: without a conflict, and not among those who took part before, be it by
/// deciding, signing, sending back or reviewing (Charter of Fundamental Rights, Article 41(1): impartially).
pub fn may_judge(bench: &Bench<'_>, took_part: &[PersonId]) -> Result<(), Problem> {
    if bench.has_reviewed || took_part.contains(&bench.person) {
        return Err(Problem::TookPart);
    }
    bench.check()
}

/// Reads the judgement. Errors by field: `outcome`, `reasons`.
pub fn judge(outcome: &str, reasons: &str) -> Result<(Outcome, String), Invalid> {
    let mut invalid = Invalid::default();
    let read = Outcome::from_code(outcome);
    if read.is_none() {
        invalid.add("outcome", Problem::Required);
    }
    reason(reasons, "reasons", &mut invalid);
    invalid.or((read.unwrap_or(Outcome::Rejected), reasons.trim().to_owned()))
}

/// Reads the reasons of somebody who would open a case again; the field is `reasons`.
pub fn reopen(reasons: &str) -> Result<String, Invalid> {
    let mut invalid = Invalid::default();
    reason(reasons, "reasons", &mut invalid);
    invalid.or(reasons.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::OrganisationId;

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn the_window_is_working_days_after_the_refusal() {
        let refused = "2026-11-23T09:00:00Z".parse().unwrap();
        assert_eq!(until(refused, 15).unwrap().to_rfc3339(), "2026-12-14T22:59:59+00:00");
        assert_eq!(until(refused, 0), None);
    }

    #[test]
    fn whoever_took_part_does_not_judge() {
        let own = [OrganisationId::from_uuid(Uuid::from_u128(7))];
        let applicant = OrganisationId::from_uuid(Uuid::from_u128(8));
        let bench = Bench {
            person: person(1),
            own: &own,
            applicant,
            has_conflict: false,
            has_reviewed: false,
            is_reviewed: true,
        };
        assert_eq!(may_judge(&bench, &[person(2)]), Ok(()));
        assert_eq!(may_judge(&bench, &[person(2), person(1)]), Err(Problem::TookPart));
        let reviewer = Bench { has_reviewed: true, ..bench.clone() };
        assert_eq!(may_judge(&reviewer, &[]), Err(Problem::TookPart));
        let conflicted = Bench { has_conflict: true, ..bench.clone() };
        assert_eq!(may_judge(&conflicted, &[]), Err(Problem::ConflictOfInterest));
        let insider = Bench { applicant: own[0], ..bench };
        assert_eq!(may_judge(&insider, &[]), Err(Problem::OwnCompany));
    }

    #[test]
    fn texts_have_their_words_counted_and_refused() {
        assert_eq!(text("one two three", "reply", 3), Ok("one two three".to_owned()));
        assert_eq!(
            text("one two three four", "reply", 3),
            Err(Invalid::one("reply", Problem::TooManyWords { max: 3 }))
        );
        assert_eq!(grounds("Unfair."), Err(Invalid::one("grounds", Problem::TooFewWords { min: 5 })));
        assert!(grounds("The estimate was misread: table 2 shows it.").is_ok());
        let wrong = judge("maybe", "No.").unwrap_err();
        assert_eq!(wrong.of("outcome").next(), Some(Problem::Required));
        assert_eq!(wrong.of("reasons").next(), Some(Problem::TooFewWords { min: 5 }));
    }
}
