//! The verbs against real databases: one binary, one file a noun.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod admin;
mod applications;
mod calls;
mod capacity;
mod invoices;
mod jobs;
mod mails;
mod matching;
mod organisations;
mod parts;
mod payments;
mod public;
mod reviews;
mod runs;
mod seed;
mod usage;
