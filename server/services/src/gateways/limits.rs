//! How often one may try: by address of the network and by account, on the doors that strangers knock at.
//!
//! Counted in this process by the clock of the desk; several processes each count for themselves.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use domain::problem::Problem;
use governor::{Quota, RateLimiter, clock, middleware::NoOpMiddleware, state::keyed::DefaultKeyedStateStore};

use super::clock::Clock;
use crate::error::{Error, Result};

/// A door and what it counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    SignInByNetwork,
    SignInByAccount,
    SignUpByNetwork,
    ResetByNetwork,
    ResetByAccount,
}

impl Door {
    /// Tries at once, and the time after which one more is given back.
    const fn quota(self) -> (u32, Duration) {
        match self {
            Self::SignInByNetwork => (30, Duration::from_secs(10)),
            Self::SignInByAccount => (10, Duration::from_secs(60)),
            Self::SignUpByNetwork => (20, Duration::from_secs(60)),
            Self::ResetByNetwork => (10, Duration::from_secs(60)),
            Self::ResetByAccount => (3, Duration::from_secs(600)),
        }
    }
}

/// Keys kept before those that no longer matter are dropped.
const KEYS_MAX: usize = 10_000;

type Keyed = RateLimiter<String, DefaultKeyedStateStore<String>, DeskClock, NoOpMiddleware<Duration>>;

#[derive(Clone)]
pub struct Limits {
    doors: Arc<[(Door, Keyed); 5]>,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits")
    }
}

impl Limits {
    pub fn new(clock: &Clock) -> Self {
        let door = |door: Door| {
            let (at_once, refill) = door.quota();
            let burst = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(refill).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
            (door, RateLimiter::new(quota, DefaultKeyedStateStore::default(), DeskClock(clock.clone())))
        };
        Self {
            doors: Arc::new([
                door(Door::SignInByNetwork),
                door(Door::SignInByAccount),
                door(Door::SignUpByNetwork),
                door(Door::ResetByNetwork),
                door(Door::ResetByAccount),
            ]),
        }
    }

    /// Counts one try. Errors with `TooManyTries` when there were too many.
    pub fn check(&self, door: Door, key: &str) -> Result<()> {
        let limiter = self.doors.iter().find(|(of, _)| *of == door).map(|(_, limiter)| limiter);
        // Forgets those who have waited long enough, so that strangers cannot fill the memory.
        if let Some(limiter) = limiter
            && limiter.len() > KEYS_MAX
        {
            limiter.retain_recent();
        }
        match limiter.map(|limiter| limiter.check_key(&key.to_owned())) {
            Some(Err(_)) => Err(Error::invalid("", Problem::TooManyTries)),
            _ => Ok(()),
        }
    }
}

/// The desk's clock for governor, so that limits, too, can be tested without waiting.
#[derive(Debug, Clone)]
struct DeskClock(Clock);

impl clock::Clock for DeskClock {
    type Instant = Duration;

    fn now(&self) -> Self::Instant {
        let micros = self.0.now().timestamp_micros();
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}
