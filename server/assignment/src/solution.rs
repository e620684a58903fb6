//! The answer and what it is worth, reckoned from the rules alone.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{
    Instance,
    numbers::{small, wide},
};

/// What an assignment reaches. In this order: reviews that are missing, then how unevenly, then missing experts, then
/// the points less what loads cost. Less is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub missing: u64,
    /// Two missing on one application count more than one on each of two: the second counts one, the third two.
    pub uneven: u64,
    pub inexpert: u64,
    pub value: i64,
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.missing, self.uneven, self.inexpert, other.value).cmp(&(
            other.missing,
            other.uneven,
            other.inexpert,
            self.value,
        ))
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// Of each application its reviewers, in the order of the instance.
    pub assigned: Vec<Vec<usize>>,
    pub score: Score,
    /// No assignment is better than this. Equal to the score: it is the optimum.
    pub bound: Score,
    /// How many cases were looked at because of who must not sit together; one if the flow alone said it all.
    pub cases: u32,
    pub pivots: u64,
}

impl Solution {
    pub fn is_optimal(&self) -> bool {
        self.score == self.bound
    }

    /// Points by which an optimum may be better; none where the bound differs in what comes before points.
    pub fn gap(&self) -> Option<i64> {
        let (score, bound) = (self.score, self.bound);
        let is_same = (score.missing, score.uneven, score.inexpert) == (bound.missing, bound.uneven, bound.inexpert);
        is_same.then_some(bound.value - score.value)
    }
}

/// A rule that an assignment breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("not as many lists as applications, or a reviewer who is not there, or one twice")]
    Shape,
    #[error("application {application}: reviewer {reviewer} is forbidden")]
    Forbidden { application: usize, reviewer: usize },
    #[error("application {application}: reviewer {reviewer} is fixed and not there")]
    Unfixed { application: usize, reviewer: usize },
    #[error("application {application} has more than it needs")]
    TooMany { application: usize },
    #[error("application {application}: reviewers {one} and {other} must not sit together")]
    Together { application: usize, one: usize, other: usize },
    #[error("reviewer {reviewer} has {load}")]
    Load { reviewer: usize, load: u32 },
}

/// Reckons an assignment anew and refuses one that breaks a rule.
///
/// # Errors
/// The first rule that is broken.
pub fn score(instance: &Instance, assigned: &[Vec<usize>]) -> Result<Score, Broken> {
    if assigned.len() != instance.applications.len() {
        return Err(Broken::Shape);
    }
    for (application, here) in assigned.iter().enumerate() {
        rules(instance, application, here)?;
    }
    let loads = loads(instance, assigned);
    for (reviewer, one) in instance.reviewers.iter().enumerate() {
        if loads[reviewer] > one.limit.max(one.busy) {
            return Err(Broken::Load { reviewer, load: loads[reviewer] });
        }
    }
    Ok(reckoned(instance, assigned))
}

fn rules(instance: &Instance, application: usize, here: &[usize]) -> Result<(), Broken> {
    let mut sorted = here.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != here.len() || sorted.last().is_some_and(|one| *one >= instance.reviewers.len()) {
        return Err(Broken::Shape);
    }
    if let Some(&reviewer) = here.iter().find(|one| instance.pairs.get(application, **one).is_forbidden) {
        return Err(Broken::Forbidden { application, reviewer });
    }
    let fixed = instance.fixed(application);
    if let Some(&reviewer) = fixed.iter().find(|one| !here.contains(one)) {
        return Err(Broken::Unfixed { application, reviewer });
    }
    if small(here.len()) > instance.applications[application].reviews.max(small(fixed.len())) {
        return Err(Broken::TooMany { application });
    }
    match instance.together(here) {
        Some((one, other)) => Err(Broken::Together { application, one, other }),
        None => Ok(()),
    }
}

/// Everybody's load with what they have outside.
pub fn loads(instance: &Instance, assigned: &[Vec<usize>]) -> Vec<u32> {
    let mut loads: Vec<u32> = instance.reviewers.iter().map(|one| one.busy).collect();
    for &one in assigned.iter().flatten() {
        loads[one] += 1;
    }
    loads
}

/// The score whatever rules are broken: a flow that does not know who must not sit together is scored by it too.
pub fn reckoned(instance: &Instance, assigned: &[Vec<usize>]) -> Score {
    let mut score = Score::default();
    for (application, here) in assigned.iter().enumerate() {
        let asked = &instance.applications[application];
        let missing = u64::from(asked.reviews).saturating_sub(u64::try_from(here.len()).unwrap_or(u64::MAX));
        let experts = here.iter().filter(|one| instance.pairs.get(application, **one).is_expert).count();
        score.missing += missing;
        score.uneven += missing * missing.saturating_sub(1) / 2;
        score.inexpert += u64::try_from((i64::from(asked.experts) - wide(experts)).max(0)).unwrap_or_default();
        score.value += here.iter().map(|&one| instance.worth(application, one)).sum::<i64>();
    }
    for (reviewer, load) in loads(instance, assigned).into_iter().enumerate() {
        let busy = instance.reviewers[reviewer].busy;
        score.value -= (busy + 1..=load).map(|load| instance.marginal(reviewer, load)).sum::<i64>();
    }
    score
}
