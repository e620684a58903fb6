//! The interface kit: pages hold almost no class names because these do.

pub mod form;
pub mod shell;
