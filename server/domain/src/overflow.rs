//! What checked arithmetic says when a figure does not fit.

/// The caller's figures are far outside anything this programme grants or pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount out of range")]
pub struct Overflow;
