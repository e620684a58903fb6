//! What a site's technical assessor says of an application: whether it can run there, and with how much of what.

use crate::{
    gpu::{GpuModel, GpuTime},
    problem::{Invalid, Problem},
    review::reason,
    typed,
};

use super::StepOutcome;

/// What an assessor can say.
pub const VERDICTS: [StepOutcome; 3] =
    [StepOutcome::Feasible, StepOutcome::FeasibleWithConditions, StepOutcome::Infeasible];

/// An assessment as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub verdict: String,
    /// Whole GPU-hours that it would take there.
    pub hours: String,
    pub model: String,
    pub conditions: String,
    pub comments: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    pub verdict: StepOutcome,
    /// Recommended; nought where it cannot run there.
    pub hours: GpuTime,
    pub model: Option<GpuModel>,
    pub conditions: String,
    pub comments: String,
}

/// Checks an assessment. Errors by field: `verdict`, `hours`, `model`, `conditions`, `comments`.
pub fn assess(typed: &Typed) -> Result<Assessed, Invalid> {
    let mut invalid = Invalid::default();
    let verdict = VERDICTS.into_iter().find(|verdict| verdict.code() == typed.verdict);
    if verdict.is_none() {
        invalid.add("verdict", Problem::Required);
    }
    let runs = verdict.is_none_or(|verdict| verdict != StepOutcome::Infeasible);
    let mut hours = GpuTime::ZERO;
    let mut model = None;
    if runs {
        match typed::decimal(&typed.hours, 0).and_then(|hours| GpuTime::hours(hours).map_err(|_| Problem::NotANumber)) {
            Ok(read) if read > GpuTime::ZERO => hours = read,
            Ok(_) => invalid.add("hours", Problem::TooSmall { min: 1 }),
            Err(problem) => invalid.add("hours", problem),
        }
        model = GpuModel::from_code(&typed.model);
        if model.is_none() {
            invalid.add("model", Problem::Required);
        }
    }
    if verdict == Some(StepOutcome::FeasibleWithConditions) {
        reason(&typed.conditions, "conditions", &mut invalid);
    }
    reason(&typed.comments, "comments", &mut invalid);
    invalid.or(Assessed {
        verdict: verdict.unwrap_or(StepOutcome::Infeasible),
        hours,
        model,
        conditions: typed.conditions.trim().to_owned(),
        comments: typed.comments.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(verdict: &str) -> Typed {
        Typed {
            verdict: verdict.to_owned(),
            hours: "60 000".to_owned(),
            model: "H100".to_owned(),
            conditions: String::new(),
            comments: "Scales to 64 nodes with the storage they ask for.".to_owned(),
        }
    }

    #[test]
    fn a_verdict_has_hours_a_model_and_comments() {
        let assessed = assess(&typed("feasible")).unwrap();
        assert_eq!((assessed.hours.whole_hours(), assessed.model), (60_000, Some(GpuModel::H100)));
        let wrong = assess(&Typed::default()).unwrap_err();
        let fields: Vec<&str> = wrong.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["verdict", "hours", "model", "comments"]);
    }

    #[test]
    fn conditions_are_named_and_what_cannot_run_needs_no_hours() {
        let missing = assess(&typed("feasible_with_conditions")).unwrap_err();
        assert_eq!(missing, Invalid::one("conditions", Problem::ReasonRequired));
        let bare = Typed { hours: String::new(), model: String::new(), ..typed("infeasible") };
        assert_eq!(assess(&bare).unwrap().hours, GpuTime::ZERO);
        assert_eq!(assess(&typed("approved")).unwrap_err(), Invalid::one("verdict", Problem::Required));
    }
}
