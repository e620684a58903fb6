//! The only place that asks the time. Whole microseconds, because that is what PostgreSQL keeps.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Stands still until moved: tests, and the demo world's "let time pass".
    Frozen(Arc<Mutex<DateTime<Utc>>>),
    /// The system's time moved by this much.
    Shifted(Arc<Mutex<TimeDelta>>),
}

impl Clock {
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(Mutex::new(at.trunc_subsecs(6))))
    }

    pub fn shifted() -> Self {
        Self::Shifted(Arc::new(Mutex::new(TimeDelta::zero())))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => system(),
            Self::Frozen(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            Self::Shifted(by) => system() + *by.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a frozen or shifted clock; the system's own cannot be moved.
    pub fn advance(&self, by: TimeDelta) {
        match self {
            Self::System => {}
            Self::Frozen(at) => {
                let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
                *at += by;
            }
            Self::Shifted(shift) => {
                let mut shift = shift.lock().unwrap_or_else(PoisonError::into_inner);
                *shift += by;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the time")]
fn system() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
