//! The verbs against real databases: one binary, one file a noun.

mod accounts;
mod admin;
mod capacity;
mod jobs;
mod organisations;
mod usage;
