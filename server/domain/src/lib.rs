//! The rules of Gigahours: pure, integer, and the same in the server and in the browser.
//!
//! Refuses to do I/O and never asks the time: every rule that depends on now takes `now`.

pub mod account;
pub mod actor;
pub mod allocation;
pub mod application;
pub mod calendar;
pub mod call;
pub mod capacity;
pub mod compute;
pub mod country;
pub mod gpu;
pub mod id;
pub mod invoice;
pub mod ledger;
pub mod matching;
pub mod mode;
pub mod money;
pub mod need;
pub mod organisation;
mod overflow;
pub mod payment;
pub mod period;
pub mod policy;
pub mod pricing;
pub mod problem;
pub mod review;
pub mod run;
pub mod typed;
pub mod units;
pub mod usage;
pub mod vat;
pub mod workflow;
