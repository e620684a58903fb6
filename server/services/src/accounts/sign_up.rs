//! Signing up, confirming the address, and choosing a new password when the old one is forgotten.
//!
//! No answer and no timing tells whether an address is registered: the page says the same, a mail goes either way.

use std::time::Duration;

use domain::{
    account::{self, Purpose},
    id::PersonId,
    policy::Action,
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, mail::Mail};

use super::token::{self, Issue};
use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    gateways::limits::Door,
    store::{self, Letter, Tx, entity::person, session::Sessions},
};

/// Longer than either way takes: a new account writes more rows than a known one, and nobody is to see by how much.
const AT_LEAST: Duration = Duration::from_millis(100);

async fn evenly<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let (done, ()) = tokio::join!(work, tokio::time::sleep(AT_LEAST));
    done
}

/// A sign-up as typed. Never printed.
pub struct SignUp {
    pub email: String,
    pub name: String,
    pub password: String,
    pub locale: Locale,
    /// The network address it came from, to count tries by.
    pub network: String,
}

impl Desk {
    /// Makes an account that waits for its address to be confirmed, or tells the owner of a known address by mail.
    pub async fn sign_up(&self, typed: SignUp) -> Result<()> {
        evenly(self.sign_up_or_tell(typed)).await
    }

    async fn sign_up_or_tell(&self, typed: SignUp) -> Result<()> {
        self.services.gateways().limits.check(Door::SignUpByNetwork, &typed.network)?;
        let checked = account::sign_up(&typed.email, &typed.name, &typed.password)?;
        // Hashed whether or not it will be needed: the time taken is the same.
        let password_hash = self.services.passwords().hash(typed.password).await?;
        let mut tx = self.as_system().begin(Action::SignUp).await?;
        match store::account::person_by_email(&tx, &checked.email).await? {
            Some(known) if known.confirmed_at.is_some() => {
                let mail = Mail::AlreadyRegistered { link: self.link("/forgotten") };
                tx.mail(Letter::to(&known, mail)).await?;
            }
            Some(waiting) => {
                // Not confirmed yet, so nobody's: whoever can read the mailbox decides, with the newest password.
                let mut row = waiting.into_active_model();
                row.name = Set(checked.name);
                row.password_hash = Set(password_hash);
                row.locale = Set(typed.locale.code().to_owned());
                let person = tx.update(row).await?;
                self.ask_to_confirm(&mut tx, &person).await?;
            }
            None => {
                let row = person::ActiveModel {
                    id: Set(tx.new_id()),
                    email: Set(checked.email),
                    name: Set(checked.name),
                    password_hash: Set(password_hash),
                    locale: Set(typed.locale.code().to_owned()),
                    confirmed_at: Set(None),
                    created_at: Set(self.now),
                    version: Set(1),
                };
                let person = tx.insert(row).await.on_unique("email", Problem::AlreadyDone)?;
                tx.event(person.id, "signed_up", json!({})).await?;
                self.ask_to_confirm(&mut tx, &person).await?;
            }
        }
        tx.commit().await
    }

    async fn ask_to_confirm(&self, tx: &mut Tx, person: &person::Model) -> Result<()> {
        let secret = token::issue(
            tx,
            Issue {
                purpose: Purpose::ConfirmAddress,
                person: Some(person.id),
                address: &person.email,
                payload: "{}".into(),
            },
        )
        .await?;
        tx.mail(Letter::to(person, Mail::ConfirmAddress { link: self.link(&format!("/confirm/{secret}")) })).await?;
        Ok(())
    }

    /// Whether a link of a confirmation mail can still be used; looking does not use it up, mail scanners look.
    pub async fn confirmation(&self, secret: &str) -> Result<()> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        token::find(&tx, secret, &[Purpose::ConfirmAddress, Purpose::LeaveAddress, Purpose::TakeAddress]).await?;
        Ok(())
    }

    /// Confirms an address: of a new account, or one half of a change of address. Returns the person.
    pub async fn confirm(&self, secret: &str) -> Result<PersonId> {
        let mut tx = self.as_system().begin(Action::ConfirmAddress).await?;
        let purposes = [Purpose::ConfirmAddress, Purpose::LeaveAddress, Purpose::TakeAddress];
        let token = token::redeem(&mut tx, secret, &purposes).await?;
        let id = token.person_id.ok_or(Error::NotFound)?;
        let person = tx.lock::<person::Entity>(id).await?;
        if token.purpose == Purpose::ConfirmAddress.code() {
            let now = self.now;
            let mut row = person.into_active_model();
            row.confirmed_at = Set(Some(now));
            tx.update(row).await?;
            tx.event(id, "address_confirmed", json!({})).await?;
        } else {
            super::change::confirm_half(&mut tx, person, &token).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Sends a link to choose a new password, or says by mail that the address has no account. The page cannot tell,
    /// and both take the same steps: a token that belongs to nobody opens nothing.
    pub async fn forgotten(&self, email: &str, network: &str, locale: Locale) -> Result<()> {
        evenly(self.send_reset(email, network, locale)).await
    }

    async fn send_reset(&self, email: &str, network: &str, locale: Locale) -> Result<()> {
        let limits = &self.services.gateways().limits;
        limits.check(Door::ResetByNetwork, network)?;
        let email = account::address(email).map_err(|problem| Error::invalid("email", problem))?;
        limits.check(Door::ResetByAccount, &email)?;
        let mut tx = self.as_system().begin(Action::ResetPassword).await?;
        let known = store::account::person_by_email(&tx, &email).await?;
        let person = known.as_ref().map(|person| person.id);
        let issue = Issue { purpose: Purpose::ResetPassword, person, address: &email, payload: "{}".into() };
        let secret = token::issue(&mut tx, issue).await?;
        let letter = match &known {
            Some(person) => Letter::to(person, Mail::ResetPassword { link: self.link(&format!("/reset/{secret}")) }),
            None => Letter {
                address: email,
                person: None,
                locale,
                mail: Mail::NoAccount { link: self.link("/sign-up") },
                attachment: None,
            },
        };
        tx.mail(letter).await?;
        tx.commit().await
    }

    /// Whether a link to choose a new password can still be used.
    pub async fn resetting(&self, secret: &str) -> Result<()> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        token::find(&tx, secret, &[Purpose::ResetPassword]).await?;
        Ok(())
    }

    /// Sets a new password by a link from a mail, which also proves the address; ends every session.
    pub async fn reset_password(&self, secret: &str, password: String) -> Result<()> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let address = token::find(&tx, secret, &[Purpose::ResetPassword]).await?.address;
        drop(tx);
        account::password(&password, &address).map_err(|problem| Invalid::one("password", problem))?;
        let password_hash = self.services.passwords().hash(password).await?;
        let mut tx = self.as_system().begin(Action::ResetPassword).await?;
        let token = token::redeem(&mut tx, secret, &[Purpose::ResetPassword]).await?;
        let id = token.person_id.ok_or(Error::NotFound)?;
        let person = tx.lock::<person::Entity>(id).await?;
        let confirmed_at = person.confirmed_at.or(Some(self.now));
        let mut row = person.into_active_model();
        row.password_hash = Set(password_hash);
        row.confirmed_at = Set(confirmed_at);
        tx.update(row).await?;
        tx.event(id, "password_reset", json!({})).await?;
        tx.commit().await?;
        let sessions = Sessions::new(self.services.database().clone(), self.services.clock().clone());
        sessions.revoke(id, None, None).await?;
        Ok(())
    }

    /// An address of ours for a mail.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.services.settings().public_url)
    }
}
