//! A question to the applicant after submission, its deadline, and the answer. Refuses to conclude anything from silence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar,
    problem::{Invalid, Problem},
    review::reason,
    typed,
};

/// Working days that a question may give.
pub const DAYS: std::ops::RangeInclusive<i64> = 1..=20;
/// Offered first.
pub const DAYS_USUAL: u32 = 5;
/// Characters of an answer at most.
pub const ANSWER_MAX: i64 = 8_000;

/// How far a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A reviewer would like to ask it; an officer passes it on or drops it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "proposed"))]
    Proposed,
    /// The applicant has it, and the clock of the step stands still.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "open"))]
    Open,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "answered"))]
    Answered,
    /// Not answered in time: the officers know, the clock runs again, an answer is still welcome.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "lapsed"))]
    Lapsed,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "dropped"))]
    Dropped,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Lapsed => "lapsed",
            Self::Dropped => "dropped",
        }
    }

    /// The applicant may answer; late answers too, as long as the step goes on.
    pub const fn can_be_answered(self) -> bool {
        matches!(self, Self::Open | Self::Lapsed)
    }
}

/// A question as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub text: String,
    /// Working days.
    pub days: String,
}

/// Checks a question. Errors by field: `question`, `days`.
pub fn ask(typed: &Typed, now: DateTime<Utc>) -> Result<(String, DateTime<Utc>), Invalid> {
    let mut invalid = Invalid::default();
    if typed.text.trim().is_empty() {
        invalid.add("question", Problem::Required);
    } else {
        reason(&typed.text, "question", &mut invalid);
    }
    let days = match typed::decimal(&typed.days, 0) {
        Ok(days) if days < *DAYS.start() => Err(Problem::TooSmall { min: *DAYS.start() }),
        Ok(days) if days > *DAYS.end() => Err(Problem::TooLarge { max: *DAYS.end() }),
        read => read,
    };
    let due = match days.map(|days| u32::try_from(days).unwrap_or(DAYS_USUAL)) {
        Ok(days) => calendar::deadline(now, days),
        Err(problem) => {
            invalid.add("days", problem);
            now
        }
    };
    invalid.or((typed.text.trim().to_owned(), due))
}

/// Checks an answer; its field is `answer`.
pub fn answer(text: &str) -> Result<String, Invalid> {
    paragraph(text, ANSWER_MAX).map_err(|problem| Invalid::one("answer", problem))
}

/// Checks what somebody notes; the field is named by whoever asks.
pub fn note(text: &str, field: &str) -> Result<String, Invalid> {
    paragraph(text, ANSWER_MAX).map_err(|problem| Invalid::one(field, problem))
}

/// Text of several lines: not empty, without invisible characters, not too long.
pub(super) fn paragraph(text: &str, max: i64) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
        return Err(Problem::ControlCharacters);
    }
    if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > max {
        return Err(Problem::TooLong { max });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_a_sentence_and_a_deadline_in_working_days() {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let typed = |text: &str, days: &str| Typed { text: text.to_owned(), days: days.to_owned() };
        let (text, due) = ask(&typed(" Which licence do the photographs have? ", "5"), now).unwrap();
        assert_eq!(text, "Which licence do the photographs have?");
        assert_eq!(due.to_rfc3339(), "2026-11-30T22:59:59+00:00");
        let wrong = ask(&typed("Why?", "21"), now).unwrap_err();
        assert_eq!(wrong.of("question").next(), Some(Problem::TooFewWords { min: 5 }));
        assert_eq!(wrong.of("days").next(), Some(Problem::TooLarge { max: 20 }));
        assert_eq!(
            ask(&typed("Which licence has it then?", ""), now).unwrap_err(),
            Invalid::one("days", Problem::Required)
        );
    }

    #[test]
    fn an_answer_is_text_that_can_be_read() {
        assert_eq!(answer(" CC BY 4.0.\nAll of them. "), Ok("CC BY 4.0.\nAll of them.".to_owned()));
        assert_eq!(answer(" \n "), Err(Invalid::one("answer", Problem::Required)));
        assert_eq!(answer("a\u{7}b"), Err(Invalid::one("answer", Problem::ControlCharacters)));
        assert_eq!(answer(&"é".repeat(8_001)), Err(Invalid::one("answer", Problem::TooLong { max: 8_000 })));
    }
}
