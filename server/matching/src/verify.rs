//! The checker: whether a solution keeps every rule, what it is worth, and what its prices prove. It knows the two
//! files and nothing of the solver; slow and plain on purpose.

mod bound;
mod rules;

pub use bound::bound;
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
    pub awarded: usize,
    /// Whole H100-equivalent hours.
    pub hours: i64,
    /// GPU-weeks taken and offered.
    pub gpu_weeks: (i64, i64),
}

impl Verdict {
    /// How far from the best it can be at most, in millionths of the bound.
    pub fn gap(&self) -> Option<i128> {
        let bound = self.upper_bound.filter(|bound| *bound > 0)?;
        Some((bound - self.objective) * 1_000_000 / bound)
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
    let Some(prices) = &solution.prices else { return verdict };
    match bound(instance, prices) {
        Ok(bound) => {
            if let Some(claimed) = solution.upper_bound
                && i128::from(claimed) < bound
            {
                verdict.violations.push(format!("claimed bound {claimed}, the prices prove {bound}"));
            }
            if verdict.objective > bound {
                verdict.violations.push(format!("objective {} above the bound {bound}", verdict.objective));
            }
            verdict.upper_bound = Some(bound);
        }
        Err(fault) => verdict.violations.push(fault),
    }
    verdict
}
