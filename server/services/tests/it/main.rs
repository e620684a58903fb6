//! The verbs against real databases: one binary, one file a noun.

mod accounts;
mod capacity;
mod admin;
mod jobs;
mod organisations;
mod usage;
