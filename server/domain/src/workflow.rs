//! What happens between "submitted" and "awarded", as data: the steps in their order, each with its working days.
//!
//! A plan belongs to a call or to an access mode. The ways between the steps are `edge`'s, their clocks `clock`'s.
//! Refuses to move anything: that is the verbs' work.

pub mod appeal;
pub mod assessment;
pub mod clock;
pub mod edge;
pub mod question;

use serde::{Deserialize, Serialize};

use crate::mode::Code;

/// One kind of step. Their order here is the only order in which they can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An officer looks whether the application is complete and admissible.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "administrative_check"))]
    AdministrativeCheck,
    /// A site's technical assessor says whether it can run there.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "technical_assessment"))]
    TechnicalAssessment,
    /// Independent experts grade it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "expert_review"))]
    ExpertReview,
    /// The applicant may answer the reviews.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "rebuttal"))]
    Rebuttal,
    /// A panel ranks what was reviewed.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "panel"))]
    Panel,
    /// An officer decides, with reasons.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "decision"))]
    Decision,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::AdministrativeCheck,
        Self::TechnicalAssessment,
        Self::ExpertReview,
        Self::Rebuttal,
        Self::Panel,
        Self::Decision,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::AdministrativeCheck => "administrative_check",
            Self::TechnicalAssessment => "technical_assessment",
            Self::ExpertReview => "expert_review",
            Self::Rebuttal => "rebuttal",
            Self::Panel => "panel",
            Self::Decision => "decision",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How far one application's step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Its turn has not come.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "pending"))]
    Pending,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "active"))]
    Active,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "done"))]
    Done,
    /// The plan does not have it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "skipped"))]
    Skipped,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "admissible"))]
    Admissible,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "not_admissible"))]
    NotAdmissible,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "feasible"))]
    Feasible,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "feasible_with_conditions"))]
    FeasibleWithConditions,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "infeasible"))]
    Infeasible,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "reviewed"))]
    Reviewed,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "replied"))]
    Replied,
    /// Nobody used it in time.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "lapsed"))]
    Lapsed,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "finished"))]
    Finished,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approved"))]
    Approved,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refused"))]
    Refused,
    /// The applicant took the application back meanwhile.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "withdrawn"))]
    Withdrawn,
}

impl StepOutcome {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admissible => "admissible",
            Self::NotAdmissible => "not_admissible",
            Self::Feasible => "feasible",
            Self::FeasibleWithConditions => "feasible_with_conditions",
            Self::Infeasible => "infeasible",
            Self::Reviewed => "reviewed",
            Self::Replied => "replied",
            Self::Lapsed => "lapsed",
            Self::Finished => "finished",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub kind: Kind,
    /// Working days from its beginning until it is due.
    pub working_days: u32,
}

/// The steps of a call or a mode, and what they need to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In the order of [`Kind`], each kind once at most; a decision is always among them.
    pub steps: Vec<Step>,
    /// Reviews that an application needs before it goes on.
    pub reviews: u32,
    /// Reviewers are not told whose application it is.
    pub blind: bool,
    /// Words of an answer to the reviews at most.
    pub rebuttal_words: u32,
    /// Working days in which a refusal can be appealed; none at 0.
    pub appeal_days: u32,
    /// Equal scores at the cut are drawn by lot.
    pub lot: bool,
}

impl Plan {
    /// What the three access modes do: the small ones are read once and decided, large ones are assessed and reviewed.
    pub fn of_mode(mode: Code) -> Self {
        let step = |kind, working_days| Step { kind, working_days };
        let steps = match mode {
            Code::PG | Code::FL => vec![step(Kind::ExpertReview, 1), step(Kind::Decision, 1)],
            // Ten working days in all, as the mode promises from the cut-off on.
            Code::LS => vec![
                step(Kind::AdministrativeCheck, 1),
                step(Kind::TechnicalAssessment, 2),
                step(Kind::ExpertReview, 4),
                step(Kind::Rebuttal, 2),
                step(Kind::Decision, 1),
            ],
        };
        Self { steps, reviews: 1, blind: false, rebuttal_words: 500, appeal_days: 15, lot: false }
    }

    pub fn step(&self, kind: Kind) -> Option<Step> {
        self.steps.iter().copied().find(|step| step.kind == kind)
    }

    /// The step after this one, or the first.
    pub fn after(&self, kind: Option<Kind>) -> Option<Step> {
        self.steps.iter().copied().find(|step| kind.is_none_or(|kind| step.kind > kind))
    }

    /// Whether the steps stand in their order, each once, with a decision among them.
    pub fn is_sound(&self) -> bool {
        let is_ordered = self.steps.windows(2).all(|pair| matches!(pair, [a, b] if a.kind < b.kind));
        is_ordered && self.step(Kind::Decision).is_some() && self.reviews > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_has_a_sound_plan_that_ends_in_a_decision() {
        for mode in Code::ALL {
            let plan = Plan::of_mode(mode);
            assert!(plan.is_sound(), "{mode}");
            assert_eq!(plan.steps.last().map(|step| step.kind), Some(Kind::Decision));
            assert_eq!(plan.after(Some(Kind::Decision)), None);
            assert_eq!(plan.after(None), plan.steps.first().copied());
        }
    }

    #[test]
    fn out_of_order_twice_or_without_a_decision_is_not_sound() {
        let sound = Plan::of_mode(Code::LS);
        let with = |kinds: &[Kind]| Plan {
            steps: kinds.iter().map(|kind| Step { kind: *kind, working_days: 1 }).collect(),
            ..sound.clone()
        };
        assert!(with(&Kind::ALL).is_sound());
        assert!(!with(&[Kind::Decision, Kind::Panel]).is_sound());
        assert!(!with(&[Kind::Panel, Kind::Panel, Kind::Decision]).is_sound());
        assert!(!with(&[Kind::Panel]).is_sound());
    }
}
