//! The server's wiring: configuration, security, telemetry, and one router over everything.
//!
//! Refuses rules, SQL and view code.

pub mod config;
pub mod dossier;
pub mod files;
pub mod matching;
pub mod meter_api;
pub mod paper;
pub mod security;
pub mod serve;
pub mod telemetry;
pub mod webhook;
