//! Who reviews what: every application its number of reviews, with the experts it asks for, by people who know the
//! subject and have time, and never by anybody in a conflict.
//!
//! An optimum, not a heuristic: [`solve`] is a minimum-cost flow in integers, and what a flow cannot say (who must not
//! sit together) is settled by cases. What is not proven is reported as a gap. Integers only, no clock and no files:
//! the same instance and seed give the same answer.
#![expect(
    clippy::indexing_slicing,
    reason = "inner loops over dense tables, whose indices are made and bounded when an instance is read"
)]

pub mod affinity;
mod bound;
mod explain;
mod instance;
mod model;
mod network;
mod numbers;
mod search;
mod solution;

pub use bound::least_cost;
pub use explain::{Lack, Next, Reason, Why, lacks, load_points, reasons};
pub use instance::{Application, Fault, Instance, MOST_POINTS, Pair, Pairs, Reviewer, Weights};
pub use model::cost_of;
pub use search::{Budget, prices, solve};
pub use solution::{Broken, Score, Solution, score};
