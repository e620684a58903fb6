//! The checker: whether a solution keeps every rule, what it is worth, and what its prices prove. It knows the two
//! files and nothing of the solver; slow and plain on purpose.

mod bound;
mod branches;
mod knapsack;
mod rules;
mod ways;

pub use bound::bound;
pub use branches::bound as branched;
pub use rules::check;

use crate::{
    instance::Instance,
    solution::{SOLUTION_FORMAT, Solution},
};

/// What is true of a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Empty if every rule is kept and every claim is true.
    pub violations: Vec<String>,
    pub objective: i128,
    /// From the prices, if there are any.
    pub upper_bound: Option<i128>,
    /// From the branches, if there are any: as sure, and tighter.
    pub branched_bound: Option<i128>,
    pub awarded: usize,
    /// Whole H100-equivalent hours.
    pub hours: i64,
    /// GPU-weeks taken and offered.
    pub gpu_weeks: (i64, i64),
}

impl Verdict {
    /// The least of the bounds.
    pub fn tightest(&self) -> Option<i128> {
        self.upper_bound.into_iter().chain(self.branched_bound).min()
    }

    /// How far from the best it can be at most, in millionths of the bound.
    pub fn gap(&self) -> Option<i128> {
        let bound = self.tightest().filter(|bound| *bound > 0)?;
        Some((bound - self.objective) * 1_000_000 / bound)
    }

    /// The bound, if it could be reckoned, set against the claim and the objective.
    fn proven(&mut self, by: &str, claimed: Option<i64>, bound: Result<i128, String>) -> Option<i128> {
        match bound {
            Ok(bound) => {
                if let Some(claimed) = claimed.filter(|claimed| i128::from(*claimed) < bound) {
                    self.violations.push(format!("claimed bound {claimed}, the {by} prove {bound}"));
                }
                if self.objective > bound {
                    self.violations.push(format!("objective {} above the bound {bound}", self.objective));
                }
                Some(bound)
            }
            Err(fault) => {
                self.violations.push(fault);
                None
            }
        }
    }
}

/// Checks rules, claims and bound.
pub fn verify(instance: &Instance, solution: &Solution) -> Verdict {
    let mut verdict = check(instance, solution);
    if solution.format != SOLUTION_FORMAT {
        verdict.violations.push(format!("{:?} is not a solution of version 1", solution.format));
    }
    if solution.instance != instance.name {
        verdict.violations.push(format!("a solution of {:?}, not of {:?}", solution.instance, instance.name));
    }
    if let Some(claimed) = solution.objective
        && i128::from(claimed) != verdict.objective
    {
        verdict.violations.push(format!("claimed objective {claimed}, found {}", verdict.objective));
    }
    if let Some(prices) = &solution.prices {
        let bound = bound(instance, prices);
        verdict.upper_bound = verdict.proven("prices", solution.upper_bound, bound);
    }
    if let Some(branches) = &solution.branches {
        let bound = branches::bound(instance, branches);
        verdict.branched_bound = verdict.proven("branches", Some(branches.upper_bound), bound);
    }
    verdict
}
