//! The verbs against real databases: one binary, one file a noun.

mod accounts;
mod jobs;
mod organisations;
