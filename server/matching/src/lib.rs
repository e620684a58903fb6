//! The matching engine: who gets which GPUs at which site in which weeks, out of which pot, so that the programme's
//! objective is as large as we can make it, with prices that prove how far from the best it can be at most.
//!
//! Integers only, no clock and no files: the same instance, seed and budget give the same bytes. The
//! [`solve`]r and the [`verify`]er share nothing but the file formats.
#![expect(
    clippy::indexing_slicing,
    reason = "inner loops over dense tables, whose indices are made and bounded when an instance is read"
)]

mod best;
mod branch;
mod construct;
mod demand;
mod dice;
mod dual;
mod envy;
mod explain;
mod improve;
mod instance;
mod model;
mod newcomers;
mod numbers;
pub mod options;
#[cfg(feature = "highs")]
pub mod oracle;
mod own;
mod packed;
mod place;
mod plan;
mod rerun;
mod runs;
pub mod sample;
mod shared;
mod solution;
mod solver;
mod standing;
mod tables;
mod team;
pub mod verify;

pub use explain::{Cause, Change, Explanation, Left, explain, explain_without};
pub use instance::{
    Country, Fault, Floor, INSTANCE_FORMAT, Instance, MinShare, Mode, Organisation, Params, Pool, Pot, Request, Site,
};
pub use newcomers::newcomers;
pub use rerun::{Rerun, explain_after, rerun};
pub use shared::{Equivs, Shared};
pub use solution::{Award, Branches, Node, Prices, SOLUTION_FORMAT, Segment, Solution, Test};
pub use solver::{Budget, Progress, SMALL, in_order_of_merit, solve, solve_after};
pub use standing::Standing;
