//! Scoring and deciding: rubrics as data, reasons that must be given, who may not decide, and the second signature.
//!
//! Refuses to know in which order applications come; that is the queue's, by arrival.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    call::Worded,
    gpu::GpuTime,
    id::{OrganisationId, PersonId},
    money::BasisPoints,
    problem::{Invalid, Problem},
    typed,
};

/// The scale of every criterion: 1 fails, 3 is good, 5 could not be better.
pub const GRADES: [i64; 5] = [1, 2, 3, 4, 5];
const COMMENT_LENGTH_MAX: usize = 4_000;
pub(crate) const REASON_WORDS_MIN: usize = 5;

/// One thing that is graded. Those of a mode have no texts of their own: their words are `criterion-<code>` and
/// `criterion-<code>-help`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub code: Cow<'static, str>,
    pub weight: BasisPoints,
    /// The grade below which the advice cannot be to approve; 0 where any will do.
    #[serde(default)]
    pub least: i64,
    #[serde(default)]
    pub title: Worded,
    #[serde(default)]
    pub help: Worded,
}

/// What applications are graded by: a mode's, in force from a day on, or a call's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    /// `PG`, `FL` or `LS`.
    pub mode: Cow<'static, str>,
    pub valid_from: NaiveDate,
    pub criteria: Cow<'static, [Criterion]>,
    /// Hundredths of a grade below which the reviewer's advice cannot be to approve.
    pub threshold: i64,
    /// What each of [`GRADES`] means; none where the words are `grade-<grade>`.
    #[serde(default)]
    pub scale: Cow<'static, [Worded]>,
}

const fn criterion(code: &'static str, weight: i32) -> Criterion {
    Criterion {
        code: Cow::Borrowed(code),
        weight: BasisPoints::new(weight),
        least: 0,
        title: Worded::new(),
        help: Worded::new(),
    }
}

const fn of_mode(mode: &'static str, criteria: &'static [Criterion], threshold: i64) -> Rubric {
    Rubric {
        mode: Cow::Borrowed(mode),
        valid_from: YEAR_2026,
        criteria: Cow::Borrowed(criteria),
        threshold,
        scale: Cow::Borrowed(&[]),
    }
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Playground and Fast Lane are not competitive: readiness and sense. Large Scale follows EuroHPC's criteria.
static PLAYGROUND: [Criterion; 2] = [criterion("fit", 5_000), criterion("readiness", 5_000)];
static FAST_LANE: [Criterion; 3] =
    [criterion("readiness", 4_000), criterion("estimate", 4_000), criterion("impact", 2_000)];
static LARGE_SCALE: [Criterion; 3] =
    [criterion("excellence", 3_500), criterion("impact", 3_500), criterion("implementation", 3_000)];
static RUBRICS: [Rubric; 3] =
    [of_mode("PG", &PLAYGROUND, 200), of_mode("FL", &FAST_LANE, 250), of_mode("LS", &LARGE_SCALE, 300)];

/// The rubric of a mode on this day: the newest in force.
pub fn rubric(mode: &str, on: NaiveDate) -> Option<&'static Rubric> {
    RUBRICS
        .iter()
        .filter(|rubric| rubric.mode == mode && rubric.valid_from <= on)
        .max_by_key(|rubric| rubric.valid_from)
}

/// GPU-hours above which a grant needs two officers' signatures, from a day on.
const SECOND_SIGNATURE_ABOVE: &[(NaiveDate, i64)] = &[(YEAR_2026, 50_000)];

/// Whether granting this much on this day needs a second officer.
pub fn needs_second_signature(granted: GpuTime, on: NaiveDate) -> bool {
    let limit = SECOND_SIGNATURE_ABOVE.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from);
    limit.is_some_and(|(_, hours)| GpuTime::hours(*hours).is_ok_and(|limit| granted > limit))
}

/// What a reviewer advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approve"))]
    Approve,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refuse"))]
    Refuse,
}

impl Advice {
    pub const ALL: [Self; 2] = [Self::Approve, Self::Refuse];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|advice| advice.code() == code)
    }
}

/// A review as typed: a draft takes anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Criterion code to the grade typed.
    pub grades: BTreeMap<String, String>,
    pub to_applicant: String,
    pub to_officer: String,
    pub advice: String,
}

/// A review that can be handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    pub grades: BTreeMap<String, i64>,
    /// Hundredths of a grade: the weighted mean.
    pub total: i64,
    pub advice: Advice,
}

/// Checks a draft against the rubric. Errors with every field that is missing or wrong: `grade-<code>`,
/// `to_applicant`, `to_officer`, `advice`.
pub fn hand_in(draft: &Draft, rubric: &Rubric) -> Result<Scored, Invalid> {
    let mut invalid = Invalid::default();
    let mut grades = BTreeMap::new();
    let mut total = 0;
    let mut is_below = false;
    for criterion in rubric.criteria.iter() {
        let field = format!("grade-{}", criterion.code);
        let typed = draft.grades.get(criterion.code.as_ref()).map(|typed| typed.trim()).unwrap_or_default();
        match typed.parse::<i64>() {
            Ok(grade) if GRADES.contains(&grade) => {
                total += grade * i64::from(criterion.weight.get());
                is_below |= grade < criterion.least;
                grades.insert(criterion.code.to_string(), grade);
            }
            _ if typed.is_empty() => invalid.add(&field, Problem::Required),
            _ => invalid.add(&field, Problem::NotAChoice),
        }
    }
    // Hundredths of a grade, rounded once.
    let total = total / 100;
    is_below |= total < rubric.threshold;
    reason(&draft.to_applicant, "to_applicant", &mut invalid);
    if draft.to_officer.chars().count() > COMMENT_LENGTH_MAX {
        invalid.add("to_officer", Problem::TooLong { max: 4_000 });
    }
    let advice = Advice::from_code(&draft.advice);
    match advice {
        None => invalid.add("advice", Problem::Required),
        Some(Advice::Approve) if invalid.is_empty() && is_below => {
            invalid.add("advice", Problem::BelowThreshold);
        }
        Some(_) => {}
    }
    invalid.or(Scored { grades, total, advice: advice.unwrap_or(Advice::Refuse) })
}

/// A reason is a sentence, not a word: the applicant must be able to act on it (Charter, Article 41).
pub(crate) fn reason(text: &str, field: &str, invalid: &mut Invalid) {
    let words = text.split_whitespace().count();
    if words == 0 {
        invalid.add(field, Problem::ReasonRequired);
    } else if words < REASON_WORDS_MIN {
        invalid.add(field, Problem::TooFewWords { min: 5 });
    } else if text.chars().count() > COMMENT_LENGTH_MAX {
        invalid.add(field, Problem::TooLong { max: 4_000 });
    } else if text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
        invalid.add(field, Problem::ControlCharacters);
    }
}

/// What an officer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approved"))]
    Approved,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refused"))]
    Refused,
}

impl Outcome {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

/// A decision as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedDecision {
    pub outcome: String,
    /// Whole GPU-hours to grant; ignored for a refusal.
    pub hours: String,
    pub reasons: String,
}

/// Who decides about whom.
#[derive(Debug, Clone)]
pub struct Bench<'a> {
    pub person: PersonId,
    /// Organisations this person has a seat in.
    pub own: &'a [OrganisationId],
    pub applicant: OrganisationId,
    pub has_conflict: bool,
    /// They reviewed this application themselves.
    pub has_reviewed: bool,
    /// Anybody has handed in a review of it.
    pub is_reviewed: bool,
}

impl Bench<'_> {
    /// Nobody decides on their own company, where they declared a conflict, or on what they reviewed themselves.
    pub fn check(&self) -> Result<(), Problem> {
        if self.own.contains(&self.applicant) {
            Err(Problem::OwnCompany)
        } else if self.has_conflict {
            Err(Problem::ConflictOfInterest)
        } else if self.has_reviewed {
            Err(Problem::OwnReview)
        } else {
            Ok(())
        }
    }
}

/// A decision in force, or waiting for its second signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub outcome: Outcome,
    pub granted: GpuTime,
    pub reasons: String,
    pub needs_second_signature: bool,
}

/// Decides. `requested` bounds what can be granted. Errors by field: `outcome`, `hours`, `reasons`, or `""` where
/// this person may not decide at all.
pub fn decide(typed: &TypedDecision, requested: GpuTime, bench: &Bench<'_>, on: NaiveDate) -> Result<Decided, Invalid> {
    bench.check().map_err(|problem| Invalid::one("", problem))?;
    if !bench.is_reviewed {
        return Err(Invalid::one("", Problem::ReviewMissing));
    }
    let mut invalid = Invalid::default();
    let outcome = match typed.outcome.as_str() {
        "approved" => Some(Outcome::Approved),
        "refused" => Some(Outcome::Refused),
        _ => {
            invalid.add("outcome", Problem::Required);
            None
        }
    };
    let granted = match outcome {
        Some(Outcome::Approved) => hours(&typed.hours, requested, &mut invalid),
        _ => GpuTime::ZERO,
    };
    reason(&typed.reasons, "reasons", &mut invalid);
    let decided = Decided {
        outcome: outcome.unwrap_or(Outcome::Refused),
        granted,
        reasons: typed.reasons.trim().to_owned(),
        needs_second_signature: needs_second_signature(granted, on),
    };
    invalid.or(decided)
}

fn hours(text: &str, requested: GpuTime, invalid: &mut Invalid) -> GpuTime {
    let read = typed::decimal(text, 0).and_then(|hours| GpuTime::hours(hours).map_err(|_| Problem::NotANumber));
    let problem = match read {
        Err(problem) => problem,
        Ok(granted) if granted <= GpuTime::ZERO => Problem::TooSmall { min: 1 },
        Ok(granted) if granted > requested => Problem::TooLarge { max: requested.whole_hours() },
        Ok(granted) => return granted,
    };
    invalid.add("hours", problem);
    GpuTime::ZERO
}

/// Whether this officer may countersign: another than who decided, and none with a conflict.
pub fn countersign(decided_by: PersonId, bench: &Bench<'_>) -> Result<(), Problem> {
    bench.check()?;
    if decided_by == bench.person { Err(Problem::SecondSignatureSame) } else { Ok(()) }
}

/// Whether two signatures are more than the panel's: of who decided and who signs, one at least had no vote in the panel
/// that recommended it.
pub const fn not_the_panel_alone(decider_sat: bool, signer_sat: bool) -> Result<(), Problem> {
    if decider_sat && signer_sat { Err(Problem::PanelSigned) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn organisation(n: u128) -> OrganisationId {
        OrganisationId::from_uuid(Uuid::from_u128(n))
    }

    /// The bench of somebody who may decide, on a case that was reviewed by somebody else.
    fn bench(own: &[OrganisationId], applicant: OrganisationId) -> Bench<'_> {
        Bench { person: person(1), own, applicant, has_conflict: false, has_reviewed: false, is_reviewed: true }
    }

    fn draft(grades: &[(&str, &str)], advice: &str) -> Draft {
        Draft {
            grades: grades.iter().map(|(code, grade)| ((*code).to_owned(), (*grade).to_owned())).collect(),
            to_applicant: "The estimate is well founded on measured throughput.".to_owned(),
            to_officer: String::new(),
            advice: advice.to_owned(),
        }
    }

    #[test]
    fn every_rubric_weighs_one_whole() {
        for rubric in &RUBRICS {
            let sum: i32 = rubric.criteria.iter().map(|criterion| criterion.weight.get()).sum();
            assert_eq!(sum, BasisPoints::WHOLE.get(), "{}", rubric.mode);
        }
    }

    #[test]
    fn a_review_is_the_weighted_mean_and_names_what_is_missing() {
        let rubric = rubric("LS", day()).unwrap();
        let scored =
            hand_in(&draft(&[("excellence", "5"), ("impact", "4"), ("implementation", "3")], "approve"), rubric)
                .unwrap();
        assert_eq!(scored.total, 405);
        let wrong = hand_in(&draft(&[("excellence", "6"), ("impact", "")], ""), rubric).unwrap_err();
        let fields: Vec<_> = wrong.0.iter().map(|(field, problem)| (field.as_str(), *problem)).collect();
        assert_eq!(
            fields,
            [
                ("grade-excellence", Problem::NotAChoice),
                ("grade-impact", Problem::Required),
                ("grade-implementation", Problem::Required),
                ("advice", Problem::Required)
            ]
        );
    }

    #[test]
    fn below_the_threshold_the_advice_cannot_be_to_approve() {
        let rubric = rubric("LS", day()).unwrap();
        let grades = [("excellence", "2"), ("impact", "3"), ("implementation", "3")];
        assert_eq!(
            hand_in(&draft(&grades, "approve"), rubric).unwrap_err(),
            Invalid::one("advice", Problem::BelowThreshold)
        );
        assert!(hand_in(&draft(&grades, "refuse"), rubric).is_ok());
    }

    #[test]
    fn one_criterion_below_its_own_least_grade_is_enough() {
        let mut own = rubric("LS", day()).unwrap().clone();
        own.criteria.to_mut().first_mut().unwrap().least = 4;
        let grades = [("excellence", "3"), ("impact", "5"), ("implementation", "5")];
        let found = hand_in(&draft(&grades, "approve"), &own);
        assert_eq!(found.unwrap_err(), Invalid::one("advice", Problem::BelowThreshold));
        let grades = [("excellence", "4"), ("impact", "5"), ("implementation", "5")];
        assert_eq!(hand_in(&draft(&grades, "approve"), &own).unwrap().total, 465);
    }

    #[test]
    fn nobody_decides_on_their_own_company_or_in_conflict() {
        let requested = GpuTime::hours(5_000).unwrap();
        let typed = TypedDecision {
            outcome: "approved".to_owned(),
            hours: "5 000".to_owned(),
            reasons: "The project fits the mode and is ready.".to_owned(),
        };
        let own = [organisation(7)];
        let bench = bench(&own, organisation(7));
        assert_eq!(decide(&typed, requested, &bench, day()).unwrap_err(), Invalid::one("", Problem::OwnCompany));
        let bench = Bench { applicant: organisation(8), has_conflict: true, ..bench };
        assert_eq!(
            decide(&typed, requested, &bench, day()).unwrap_err(),
            Invalid::one("", Problem::ConflictOfInterest)
        );
        let bench = Bench { has_conflict: false, ..bench };
        assert_eq!(decide(&typed, requested, &bench, day()).unwrap().granted, requested);
    }

    #[test]
    fn a_refusal_needs_reasons_and_a_grant_stays_within_the_request() {
        let bench = bench(&[], organisation(8));
        let requested = GpuTime::hours(20_000).unwrap();
        let refused = TypedDecision { outcome: "refused".to_owned(), ..TypedDecision::default() };
        assert_eq!(
            decide(&refused, requested, &bench, day()).unwrap_err(),
            Invalid::one("reasons", Problem::ReasonRequired)
        );
        let too_much = TypedDecision {
            outcome: "approved".to_owned(),
            hours: "20001".to_owned(),
            reasons: "More than was asked for, by mistake.".to_owned(),
        };
        assert_eq!(
            decide(&too_much, requested, &bench, day()).unwrap_err(),
            Invalid::one("hours", Problem::TooLarge { max: 20_000 })
        );
    }

    #[test]
    fn hours_are_read_as_people_write_them_and_never_as_more() {
        let bench = bench(&[], organisation(8));
        let requested = GpuTime::hours(20_000).unwrap();
        let grant = |hours: &str| {
            let typed = TypedDecision {
                outcome: "approved".to_owned(),
                hours: hours.to_owned(),
                reasons: "The project fits the mode and is ready.".to_owned(),
            };
            decide(&typed, requested, &bench, day()).map(|decided| decided.granted.whole_hours())
        };
        for (typed, hours) in [("5000", 5_000), ("5 000", 5_000), ("5,000", 5_000), ("5.000", 5_000), ("12", 12)] {
            assert_eq!(grant(typed), Ok(hours), "{typed}");
        }
        for (typed, problem) in [
            ("1.5", Problem::NotANumber),
            ("100.0", Problem::NotANumber),
            ("", Problem::Required),
            ("many", Problem::NotANumber),
            ("0", Problem::TooSmall { min: 1 }),
            ("-5", Problem::TooSmall { min: 1 }),
        ] {
            assert_eq!(grant(typed), Err(Invalid::one("hours", problem)), "{typed}");
        }
    }

    #[test]
    fn a_decision_follows_a_review_by_somebody_else() {
        let requested = GpuTime::hours(5_000).unwrap();
        let typed = TypedDecision::default();
        let unreviewed = Bench { is_reviewed: false, ..bench(&[], organisation(8)) };
        assert_eq!(decide(&typed, requested, &unreviewed, day()), Err(Invalid::one("", Problem::ReviewMissing)));
        let reviewer = Bench { has_reviewed: true, ..bench(&[], organisation(8)) };
        assert_eq!(decide(&typed, requested, &reviewer, day()), Err(Invalid::one("", Problem::OwnReview)));
        assert_eq!(countersign(person(2), &reviewer), Err(Problem::OwnReview));
    }

    #[test]
    fn above_the_limit_a_different_officer_signs_too() {
        assert!(!needs_second_signature(GpuTime::hours(50_000).unwrap(), day()));
        assert!(needs_second_signature(GpuTime::hours(50_001).unwrap(), day()));
        let bench = bench(&[], organisation(8));
        assert_eq!(countersign(person(1), &bench), Err(Problem::SecondSignatureSame));
        assert_eq!(countersign(person(2), &bench), Ok(()));
    }

    #[test]
    fn a_panel_does_not_sign_its_own_recommendation_alone() {
        assert_eq!(not_the_panel_alone(true, true), Err(Problem::PanelSigned));
        for (decider, signer) in [(true, false), (false, true), (false, false)] {
            assert_eq!(not_the_panel_alone(decider, signer), Ok(()));
        }
    }
}
