//! The whole application through HTTP, in process.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod accounts;
mod after_award;
mod aid;
mod applications;
mod assignments;
mod bank;
mod books;
mod browser;
mod calls;
mod capacity;
mod conflicts;
mod files;
mod home;
mod invoices;
mod organisations;
mod panels;
mod prices;
mod projects;
mod public;
mod quotas;
mod reviews;
mod security;
mod vies;
mod workflow;
