//! What can go wrong in a verb: a closed set that pages turn into answers.

use std::fmt;

use domain::{
    money::Overflow,
    policy::Refusal,
    problem::{Invalid, Problem},
};
use sea_orm::{DbErr, SqlErr};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was typed is wrong, field by field: the same page again (422).
    #[error("invalid: {0}")]
    Invalid(Invalid),
    /// Not for this actor: shown as not found.
    #[error("{0}")]
    Denied(Refusal),
    /// There is no such row, or none that this actor may see.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it since it was read (409).
    #[error("changed meanwhile")]
    Stale,
    /// Too much at once: try again (503).
    #[error("busy")]
    Busy,
    /// Ours to mend (500).
    #[error("{0:#}")]
    Broken(#[from] anyhow::Error),
}

impl Error {
    pub fn invalid(field: &str, problem: Problem) -> Self {
        Self::Invalid(Invalid::one(field, problem))
    }

    fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Broken(error) if error
            .downcast_ref::<DbErr>()
            .is_some_and(|error| matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))))
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Denied(refusal)
    }
}

impl From<Overflow> for Error {
    fn from(overflow: Overflow) -> Self {
        Self::Broken(overflow.into())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        if text.contains("database is locked")
            || text.contains("deadlock detected")
            || matches!(error, DbErr::ConnectionAcquire(_))
        {
            return Self::Busy;
        }
        Self::Broken(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// Turns a violated UNIQUE constraint into a problem of the field that can cause it.
pub trait OnUnique<T> {
    fn on_unique(self, field: &str, problem: Problem) -> Result<T>;
}

impl<T> OnUnique<T> for Result<T> {
    fn on_unique(self, field: &str, problem: Problem) -> Self {
        self.map_err(|error| if error.is_unique_violation() { Error::invalid(field, problem) } else { error })
    }
}

/// An error of a library that `app` need not know.
pub fn anyhow(error: impl fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

/// Work on many, where the trouble of one keeps none of the others waiting: how much was done, and the last fault.
#[derive(Debug, Default)]
pub(crate) struct Each {
    done: usize,
    fault: Option<Error>,
}

impl Each {
    /// What became of one; a fault is on record with `of` whom it was.
    pub(crate) fn count(&mut self, of: impl fmt::Display, what: &str, outcome: Result<usize>) {
        match outcome {
            Ok(count) => self.done += count,
            Err(error) => {
                tracing::error!(%error, %of, "{what}");
                self.fault = Some(error);
            }
        }
    }

    /// How much was done. Errors where anything went wrong, so that the queue tries again.
    pub(crate) fn finish(self) -> Result<usize> {
        self.fault.map_or(Ok(self.done), Err)
    }
}
