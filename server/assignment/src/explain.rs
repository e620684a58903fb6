//! Why: of each assignment what spoke for it and who would be next, of each gap what stands in the way.

use serde::{Deserialize, Serialize};

use crate::{Instance, numbers::small, solution::loads};

/// One assignment in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub application: usize,
    pub reviewer: usize,
    pub points: i32,
    pub is_expert: bool,
    pub is_fixed: bool,
    pub is_held: bool,
    /// The reviewer's load with everything in it.
    pub load: u32,
    /// What the last of these reviews costs in points.
    pub load_cost: i64,
    /// The best who could take over with nobody else moved.
    pub next: Option<Next>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    pub reviewer: usize,
    /// Points that it would cost, loads reckoned in; negative where only a rule or a pin keeps it from being better.
    pub cost: i64,
    /// The application would then lack an expert.
    pub loses_expert: bool,
}

/// An application that does not get everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    pub application: usize,
    pub missing: u32,
    pub experts: u32,
    /// Where every reviewer stands who is not on it.
    pub conflicted: u32,
    pub full: u32,
    /// A colleague or relative is on it.
    pub apart: u32,
    /// Of those who are full, so many are experts.
    pub full_experts: u32,
    pub why: Why,
}

/// The one thing to change first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// There is nobody.
    Nobody,
    /// All who are not on it are in conflict.
    Conflicts,
    /// Who may take it is full.
    Loads,
    /// Who may and has time must not sit together with those who are on it.
    Company,
    /// There is no expert who may.
    NoExpert,
    /// The experts who may are full.
    ExpertsFull,
    /// Experts who may and have time must not sit together with those who are on it, or its places are fixed.
    ExpertsApart,
}

/// What the reviewer's load costs in all.
pub fn load_points(instance: &Instance, reviewer: usize, load: u32) -> i64 {
    (instance.reviewers[reviewer].busy + 1..=load).map(|load| instance.marginal(reviewer, load)).sum()
}

/// One for each assignment, in the order of the applications.
pub fn reasons(instance: &Instance, assigned: &[Vec<usize>]) -> Vec<Reason> {
    let (loads, groups) = (loads(instance, assigned), instance.groups());
    let mut reasons = Vec::new();
    for (application, here) in assigned.iter().enumerate() {
        for &reviewer in here {
            let pair = instance.pairs.get(application, reviewer);
            let load = loads[reviewer];
            reasons.push(Reason {
                application,
                reviewer,
                points: pair.points,
                is_expert: pair.is_expert,
                is_fixed: pair.is_fixed,
                is_held: pair.is_held,
                load,
                load_cost: instance.marginal(reviewer, load),
                next: next(instance, &groups, &loads, (application, reviewer), here),
            });
        }
    }
    reasons
}

fn next(
    instance: &Instance,
    groups: &[Vec<usize>],
    loads: &[u32],
    (application, reviewer): (usize, usize),
    here: &[usize],
) -> Option<Next> {
    let barred = barred(instance, groups, here.iter().copied().filter(|one| *one != reviewer));
    let experts = small(here.iter().filter(|one| instance.pairs.get(application, **one).is_expert).count());
    let is_needed =
        instance.pairs.get(application, reviewer).is_expert && experts <= instance.applications[application].experts;
    let now = instance.worth(application, reviewer) - instance.marginal(reviewer, loads[reviewer]);
    let others = (0..instance.reviewers.len()).filter(|one| {
        !here.contains(one)
            && !barred[*one]
            && loads[*one] < instance.reviewers[*one].limit
            && !instance.pairs.get(application, *one).is_forbidden
    });
    let reckon = |one: usize| Next {
        reviewer: one,
        cost: now - (instance.worth(application, one) - instance.marginal(one, loads[one] + 1)),
        loses_expert: is_needed && !instance.pairs.get(application, one).is_expert,
    };
    others.map(reckon).min_by_key(|next| (next.loses_expert, next.cost, next.reviewer))
}

/// Who must not sit together with any of these.
fn barred(instance: &Instance, groups: &[Vec<usize>], here: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut barred = vec![false; instance.reviewers.len()];
    for group in here.flat_map(|one| &groups[one]) {
        instance.apart[*group].iter().for_each(|one| barred[*one] = true);
    }
    barred
}

pub fn lacks(instance: &Instance, assigned: &[Vec<usize>]) -> Vec<Lack> {
    let (loads, groups) = (loads(instance, assigned), instance.groups());
    (0..assigned.len()).filter_map(|one| lack(instance, &groups, &loads, one, &assigned[one])).collect()
}

fn lack(instance: &Instance, groups: &[Vec<usize>], loads: &[u32], application: usize, here: &[usize]) -> Option<Lack> {
    let asked = &instance.applications[application];
    let missing = asked.reviews.saturating_sub(small(here.len()));
    let pair = |one: usize| instance.pairs.get(application, one);
    let experts = asked.experts.saturating_sub(small(here.iter().filter(|one| pair(**one).is_expert).count()));
    if missing == 0 && experts == 0 {
        return None;
    }
    let barred = barred(instance, groups, here.iter().copied());
    let (mut conflicted, mut full, mut apart, mut full_experts, mut free_experts) = (0, 0, 0, 0, 0);
    for one in (0..instance.reviewers.len()).filter(|one| !here.contains(one)) {
        if pair(one).is_forbidden {
            conflicted += 1;
        } else if loads[one] >= instance.reviewers[one].limit {
            full += 1;
            full_experts += u32::from(pair(one).is_expert);
        } else {
            apart += u32::from(barred[one]);
            free_experts += u32::from(pair(one).is_expert);
        }
    }
    let why = match (missing, full, apart) {
        (0, ..) if free_experts > 0 => Why::ExpertsApart,
        (0, ..) if full_experts > 0 => Why::ExpertsFull,
        (0, ..) => Why::NoExpert,
        (_, 0, 0) if conflicted > 0 => Why::Conflicts,
        (_, 0, 0) => Why::Nobody,
        (_, 0, _) => Why::Company,
        _ => Why::Loads,
    };
    Some(Lack { application, missing, experts, conflicted, full, apart, full_experts, why })
}
