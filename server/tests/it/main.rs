//! The whole application through HTTP, in process.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod browser;
mod files;
mod security;
