//! What a decision gives: requested, recommended and awarded amounts of each resource apart, the conditions, and the
//! reasons in the applicant's language.
//!
//! Whether somebody may decide at all is `review`'s.

use serde::{Deserialize, Serialize};

use crate::{
    panel::{self, amount},
    problem::{Invalid, Problem},
    review::REASON_WORDS_MIN,
};

/// What an application can be given, with the unit of its amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// GPU-seconds.
    GpuTime,
    /// Terabytes.
    Storage,
}

impl Resource {
    pub const fn code(self) -> &'static str {
        match self {
            Self::GpuTime => "gpu-time",
            Self::Storage => "storage",
        }
    }
}

/// Who recommended an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Assessor,
    Panel,
}

impl By {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assessor => "assessor",
            Self::Panel => "panel",
        }
    }
}

/// One resource: what was asked for, what was recommended by whom, and what was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    pub resource: Resource,
    pub requested: i64,
    pub recommended: Vec<(By, i64)>,
    pub awarded: Option<i64>,
}

/// What a decision form sends besides outcome, hours and reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedAward {
    /// Whole terabytes, where storage was asked for; empty gives what was asked for.
    #[serde(default)]
    pub storage: String,
    /// One condition a line.
    #[serde(default)]
    pub conditions: String,
    /// Code of the language that the reasons are written in; empty is the applicant's.
    #[serde(default)]
    pub language: String,
    /// The reasons in the applicant's language, where they were written in another.
    #[serde(default)]
    pub reasons_translated: String,
}

/// What of it can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    pub storage_tb: Option<i64>,
    pub conditions: Vec<String>,
    /// In the applicant's language, where the reasons as typed are not.
    pub reasons_translated: Option<String>,
}

const CONDITIONS_MAX: i64 = 12;
const CONDITION_LENGTH_MAX: i64 = 400;
const REASONS_LENGTH_MAX: i64 = 4_000;

/// Checks what belongs to an award. `asked_tb` is the storage asked for, if any was; `languages` are those that are
/// offered and `applicants` is one of them. Errors at `storage`, `conditions`, `language` and `reasons_translated`.
pub fn award(
    typed: &TypedAward,
    is_approved: bool,
    asked_tb: Option<i64>,
    (languages, applicants): (&[&str], &str),
) -> Result<Award, Invalid> {
    let mut invalid = Invalid::default();
    let storage = |most: i64| match typed.storage.trim() {
        "" => most,
        text => amount(text, 0, most, "storage", &mut invalid),
    };
    let storage_tb = asked_tb.filter(|_| is_approved).map(storage);
    let conditions = if is_approved { conditions(&typed.conditions, &mut invalid) } else { Vec::new() };
    let language = typed.language.trim();
    let is_foreign = !language.is_empty() && language != applicants;
    if is_foreign && !languages.contains(&language) {
        invalid.add("language", Problem::NotAChoice);
    }
    let reasons_translated = is_foreign.then(|| {
        let text = typed.reasons_translated.trim();
        let problem = match text.split_whitespace().count() {
            0 => Some(Problem::ReasonsLanguage),
            1..REASON_WORDS_MIN => Some(Problem::TooFewWords { min: 5 }),
            _ => panel::text(text, REASONS_LENGTH_MAX).err(),
        };
        if let Some(problem) = problem {
            invalid.add("reasons_translated", problem);
        }
        text.to_owned()
    });
    invalid.or(Award { storage_tb, conditions, reasons_translated })
}

/// One condition a line, in their order.
fn conditions(text: &str, invalid: &mut Invalid) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let too_many = i64::try_from(lines.len()).unwrap_or(i64::MAX) > CONDITIONS_MAX;
    let wrong = lines.iter().find_map(|line| crate::typed::line(line, CONDITION_LENGTH_MAX).err());
    match (too_many, wrong) {
        (true, _) => invalid.add("conditions", Problem::TooManyLines { max: CONDITIONS_MAX }),
        (false, Some(problem)) => invalid.add("conditions", problem),
        (false, None) => {}
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: (&[&str], &str) = (&["en", "fr"], "fr");

    fn typed() -> TypedAward {
        TypedAward {
            storage: "5".to_owned(),
            conditions: " Report after three months. \n\nPublish the weights.".to_owned(),
            language: "fr".to_owned(),
            reasons_translated: String::new(),
        }
    }

    #[test]
    fn an_award_keeps_its_conditions_line_by_line() {
        let made = award(&typed(), true, Some(20), LANGUAGES).unwrap();
        assert_eq!(made.storage_tb, Some(5));
        assert_eq!(made.conditions, ["Report after three months.", "Publish the weights."]);
        assert_eq!(made.reasons_translated, None);
        assert_eq!(award(&typed(), true, None, LANGUAGES).unwrap().storage_tb, None, "none was asked for");
        let refused = award(&typed(), false, Some(20), LANGUAGES).unwrap();
        assert_eq!((refused.storage_tb, refused.conditions.len()), (None, 0), "a refusal gives nothing");
        let default = TypedAward::default();
        assert_eq!(award(&default, true, Some(20), LANGUAGES).unwrap().storage_tb, Some(20));
    }

    #[test]
    fn reasons_in_another_language_need_a_version_in_the_applicants() {
        let english = TypedAward { language: "en".to_owned(), ..typed() };
        let problem = |typed: &TypedAward| award(typed, true, Some(20), LANGUAGES).unwrap_err().0;
        assert_eq!(problem(&english), [("reasons_translated".to_owned(), Problem::ReasonsLanguage)]);
        let short = TypedAward { reasons_translated: "Bon projet.".to_owned(), ..english.clone() };
        assert_eq!(problem(&short), [("reasons_translated".to_owned(), Problem::TooFewWords { min: 5 })]);
        let whole = TypedAward { reasons_translated: "Le projet est solide et prêt.".to_owned(), ..english.clone() };
        let made = award(&whole, true, Some(20), LANGUAGES).unwrap();
        assert_eq!(made.reasons_translated.as_deref(), Some("Le projet est solide et prêt."));
        let unknown = TypedAward { language: "xx".to_owned(), ..whole };
        assert_eq!(problem(&unknown), [("language".to_owned(), Problem::NotAChoice)]);
    }

    #[test]
    fn too_much_is_said_at_its_field() {
        let many = TypedAward { storage: "21".to_owned(), conditions: "One.\n".repeat(13), ..typed() };
        assert_eq!(
            award(&many, true, Some(20), LANGUAGES).unwrap_err().0,
            [
                ("storage".to_owned(), Problem::TooLarge { max: 20 }),
                ("conditions".to_owned(), Problem::TooManyLines { max: 12 })
            ]
        );
    }
}
