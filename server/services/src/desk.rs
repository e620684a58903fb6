//! Where an actor stands: the one door to the database.

use chrono::{DateTime, Utc};
use domain::{
    actor::Actor,
    policy::{Action, allows},
};

use crate::{Services, error::Result, store::Tx};

/// One actor at one instant. Verbs are methods on it, one file a noun.
#[derive(Clone)]
pub struct Desk {
    pub services: Services,
    pub actor: Actor,
    pub now: DateTime<Utc>,
}

impl Desk {
    pub(crate) const fn new(services: Services, actor: Actor, now: DateTime<Utc>) -> Self {
        Self { services, actor, now }
    }

    /// The only way to a transaction: says who and what. Errors with `Denied` where the policy says no.
    pub(crate) async fn begin(&self, action: Action) -> Result<Tx> {
        allows(&self.actor, action)?;
        Tx::begin(self.services.database(), self.actor, action, self.now).await
    }

    /// The same desk for the programme itself, for what follows from an actor's deed but is not theirs to do.
    pub(crate) fn as_system(&self) -> Self {
        Self { actor: Actor::SYSTEM, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
