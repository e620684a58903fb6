//! Tests of the crate from outside: against every possible answer, against its own rules, and against bad luck.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::expect_used, reason = "a test fails by panicking")]

mod exhaustive;
mod hard;
mod made;
mod rules;
