//! The whole application through HTTP, in process.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod accounts;
mod applications;
mod browser;
mod calls;
mod capacity;
mod files;
mod home;
mod invoices;
mod organisations;
mod public;
mod reviews;
mod security;
mod vies;
