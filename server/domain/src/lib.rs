//! The rules of Gigahours: pure, integer, and the same in the server and in the browser.
//!
//! Refuses to do I/O and never asks the time: every rule that depends on now takes `now`.

pub mod account;
pub mod action;
pub mod actor;
pub mod allocation;
pub mod application;
pub mod assignment;
pub mod award;
pub mod calendar;
pub mod calibration;
pub mod call;
pub mod capacity;
mod coded;
pub mod compute;
pub mod conflict;
pub mod country;
pub mod gpu;
pub mod id;
pub mod invoice;
pub mod ledger;
pub mod lot;
pub mod matching;
pub mod mode;
pub mod money;
pub mod need;
pub mod organisation;
mod overflow;
pub mod panel;
pub mod payment;
pub mod period;
pub mod policy;
pub mod pricing;
pub mod problem;
pub mod ranking;
pub mod report;
pub mod review;
pub mod reviewer;
pub mod run;
pub mod scope;
pub mod statistics;
pub mod suppression;
pub mod typed;
pub mod units;
pub mod usage;
pub mod vat;
pub mod workflow;
