//! The solution format `gigamatch-solution/1`: awards, and prices that anybody can turn into a bound.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub const SOLUTION_FORMAT: &str = "gigamatch-solution/1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    pub format: String,
    /// Name of the instance.
    pub instance: String,
    pub solver: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper_bound: Option<i64>,
    pub awards: Vec<Award>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// A tighter bound than that of the prices, for small calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<Branches>,
}

/// What a request gets, and from which pot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Places in the instance's lists.
    pub request: usize,
    pub pot: usize,
    pub segments: Vec<Segment>,
}

/// So many GPUs of a pool for a run of weeks; in the file `[pool, start, weeks, gpus]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(usize, usize, usize, i64)", into = "(usize, usize, usize, i64)")]
pub struct Segment {
    pub pool: usize,
    pub start: usize,
    pub weeks: usize,
    pub gpus: i64,
}

impl From<(usize, usize, usize, i64)> for Segment {
    fn from((pool, start, weeks, gpus): (usize, usize, usize, i64)) -> Self {
        Self { pool, start, weeks, gpus }
    }
}

impl From<Segment> for (usize, usize, usize, i64) {
    fn from(segment: Segment) -> Self {
        (segment.pool, segment.start, segment.weeks, segment.gpus)
    }
}

/// The certificate: any non-negative prices give a valid bound; good ones a tight one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Objective per GPU-week, by pool and week.
    pub capacity: Vec<Vec<i64>>,
    /// Objective per euro, by pot.
    pub pot: Vec<i64>,
    /// Objective per centi-hour and per cent.
    #[serde(default)]
    pub min_share: Vec<i64>,
    #[serde(default)]
    pub country_max: Vec<i64>,
    /// Objective per centi-hour, in the order of the floors.
    #[serde(default)]
    pub floor: Vec<i64>,
    /// Objective per euro of headroom.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub org_eur: BTreeMap<usize, i64>,
    /// Objective per centi-hour of fair share.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub org_hours: BTreeMap<usize, i64>,
}

/// A tree of cases, each with prices: what no case can exceed, no plan can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branches {
    /// The most that any of the cases allows, in units of the objective; never below the plan's own value.
    pub upper_bound: i64,
    /// Lists of prices that cases refer to.
    pub prices: Vec<Prices>,
    /// The first is the whole; every other is named once, by one before it.
    pub nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Node {
    /// Two cases: the request passes the test, or it does not.
    Fork { request: usize, test: Test, yes: usize, no: usize },
    /// A case that is bounded by the prices of this place in the list.
    Leaf { prices: usize },
}

/// What an award of a request may be like. A request without an award fails every test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Awarded,
    /// All of it runs in this pool. Not of requests that may change pools.
    Pool(usize),
    /// It is paid out of this pot.
    Pot(usize),
    /// It starts before this week. Of blocks only.
    Before(usize),
    /// It is of so many centi-hours or more. Not of requests that may change pools.
    Hours(i64),
}
