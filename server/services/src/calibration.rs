//! The scores of a mode beside what they would be if everybody were equally strict: for officers to see, and for
//! nothing else. Scores stay as they were given.

use std::collections::{HashMap, HashSet};

use domain::{
    calibration::{self as rules, Calibrated, Severity},
    id::{ApplicationId, PersonId},
    period::brussels_day,
    policy::Action,
    scope::Scope,
};

use crate::{
    desk::Desk,
    error::{Error, Result},
    reviewers::{self, ScopeName},
    reviews::{Case, cases},
    store,
};

/// One application with its scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreLine {
    pub case: Case,
    pub scores: Calibrated,
    /// The cut lies within its band.
    pub is_close: bool,
    /// Its reviews disagree so strongly that one more is suggested.
    pub asks_for_another: bool,
}

/// The scores of a scope.
#[derive(Debug, Clone)]
pub struct ScoreBoard {
    pub scope: Scope,
    pub scopes: Vec<ScopeName>,
    /// Hundredths of a grade: the rubric's threshold.
    pub cut: i64,
    /// Hundredths of a grade between reviews from which one more is suggested.
    pub spread: i64,
    /// The highest level first.
    pub lines: Vec<ScoreLine>,
    /// By how much each reviewer scores above others; names are the office's own.
    pub reviewers: Vec<(String, Severity)>,
}

/// An officer's list holds no more.
const LISTED: usize = 500;

impl Desk {
    /// Every application of the scope with a review that this officer may see. What a conflict hides is in no line and in
    /// no estimate.
    pub async fn scores(&self, scope: impl Into<Scope>) -> Result<ScoreBoard> {
        let scope = scope.into();
        let tx = self.begin(Action::ReadScores).await?;
        let today = brussels_day(self.now);
        let model = rules::model(today).ok_or(Error::NotFound)?;
        let mode = reviewers::mode_of(&tx, scope).await?;
        let rubric = reviewers::rubric_of(&tx, scope, today).await?;
        let spread = reviewers::scope_rules(&tx).await?.of_parts(mode.code(), Some(scope), today).spread;
        let scores = store::review::scores(&tx, scope).await?;
        let calibration = rules::calibrate(&scores, &model);
        let mut ordered: Vec<(ApplicationId, Calibrated)> =
            calibration.applications.iter().map(|(id, one)| (*id, *one)).collect();
        ordered.sort_by_key(|(id, one)| (std::cmp::Reverse(one.level), *id));
        ordered.truncate(LISTED);
        let ids: HashSet<ApplicationId> = ordered.iter().map(|(id, _)| *id).collect();
        let rows = store::review::rows(&tx, &ids).await?;
        let cases: HashMap<ApplicationId, Case> =
            cases(&tx, &rows).await?.into_iter().map(|case| (case.id, case)).collect();
        let lines = ordered.into_iter().filter_map(|(id, scores)| {
            let case = cases.get(&id)?.clone();
            let is_open = case.state.is_open();
            Some(ScoreLine {
                is_close: scores.is_close_to(rubric.threshold),
                asks_for_another: is_open && scores.asks_for_another(spread),
                case,
                scores,
            })
        });
        let lines = lines.collect();
        let people: Vec<PersonId> = calibration.reviewers.keys().copied().collect();
        let names = store::conflict::people(&tx, &people).await?;
        let mut reviewers: Vec<(String, Severity)> = calibration
            .reviewers
            .into_iter()
            .map(|(person, severity)| (names.get(&person).cloned().unwrap_or_default(), severity))
            .collect();
        reviewers.sort_by(|one, other| (one.1.lean, &one.0).cmp(&(other.1.lean, &other.0)));
        let scopes = reviewers::every_scope(&tx).await?;
        Ok(ScoreBoard { scope, scopes, cut: rubric.threshold, spread, lines, reviewers })
    }
}
