//! The verbs against real databases: one binary, one file a noun.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod actions;
mod admin;
mod applications;
mod assignments;
mod bank;
mod call_rules;
mod calls;
mod capacity;
mod conflict_queries;
mod conflicts;
mod dossier;
mod dunning;
mod invoices;
mod jobs;
mod late;
mod mails;
mod matching;
mod office;
mod organisations;
mod panels;
mod parts;
mod payments;
mod public;
mod reconciliation;
mod reports;
mod reviewers;
mod reviews;
mod runs;
mod seed;
mod statistics;
mod usage;
mod workflow;
