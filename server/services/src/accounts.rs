//! Verbs of people: signing in, and where they may stand. Signing up and changing are in the files beneath.

mod change;
mod sign_up;
pub(crate) mod token;

use domain::{
    actor::{Actor, StaffRole, Stand},
    id::PersonId,
    policy::Action,
    problem::Problem,
};

use crate::{
    desk::Desk,
    error::{Error, Result},
    gateways::limits::Door,
    store::{self, entity::person, rows::PersonRow},
};

pub use sign_up::SignUp;

/// What somebody typed to sign in. Never printed.
pub struct Credentials {
    pub email: String,
    pub password: String,
    /// The network address it came from, to count tries by.
    pub network: String,
}

/// A signed-in person, and every place where they may stand.
#[derive(Debug, Clone)]
pub struct Standing {
    pub person: PersonRow,
    pub stands: Vec<Stand>,
    /// Of each stand, the organisation or site it is in; empty for roles of the whole programme.
    pub places: Vec<String>,
}

impl Standing {
    /// The chosen stand if the person still has it, else their first.
    pub fn actor(&self, chosen: Option<Stand>) -> Actor {
        let stand = chosen
            .filter(|stand| self.stands.contains(stand))
            .or_else(|| self.stands.first().copied())
            .unwrap_or(Stand::SignedIn);
        Actor::person(self.person.id, stand)
    }
}

impl Desk {
    /// The person these credentials belong to. One answer for an unknown address, a wrong password and an address
    /// that was never confirmed; the time taken is the same.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<PersonId> {
        let limits = &self.services.gateways().limits;
        let email = credentials.email.trim().to_lowercase();
        limits.check(Door::SignInByNetwork, &credentials.network)?;
        limits.check(Door::SignInByAccount, &email)?;
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let found = store::account::person_by_email(&tx, &email).await?;
        drop(tx);
        let hash = found.as_ref().map(|person| person.password_hash.clone());
        let is_right = self.services.passwords().verify(credentials.password, hash).await?;
        let person = found.filter(|person| is_right && person.confirmed_at.is_some());
        let Some(person) = person else { return Err(Error::invalid("", Problem::CredentialsWrong)) };
        let mut tx = self.begin(Action::SignIn).await?;
        tx.event(person.id, "signed_in", serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(person.id)
    }

    /// The person and where they may stand; `NotFound` if they are gone.
    pub async fn standing(&self, person: PersonId) -> Result<Standing> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let row = tx.find::<person::Entity>(person).await?;
        let (seats, roles) = store::account::seats_and_roles(&tx, person).await?;
        let seats = seats.iter().map(|seat| Stand::Member { organisation: seat.organisation_id, seat: seat.seat });
        let roles = roles.iter().filter_map(|role| match (role.role, role.site_id) {
            (StaffRole::Reviewer, _) => Some(Stand::Reviewer),
            (StaffRole::Officer, _) => Some(Stand::Officer),
            (StaffRole::Finance, _) => Some(Stand::Finance),
            (StaffRole::Administrator, _) => Some(Stand::Administrator),
            (StaffRole::Operator, site) => site.map(|site| Stand::Operator { site }),
        });
        let stands: Vec<Stand> = seats.chain(roles).collect();
        let places = store::account::places(&tx, &stands).await?;
        Ok(Standing { person: row, stands, places })
    }
}
