//! What people change about themselves: name, language, password, address.

use domain::{
    account::{self, Purpose},
    policy::Action,
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::json;
use text::{Locale, mail::Mail};

use super::token::{self, Issue};
use crate::{
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Letter, Tx,
        conflict::Reach,
        entity::{person, token as token_entity},
        rows::PersonRow,
    },
};

/// What the two mails of a change of address share: the new address, and the other half's key.
#[derive(Serialize, Deserialize)]
struct Change {
    to: String,
    /// The same for both mails of one change.
    pair: String,
}

impl Desk {
    async fn me(&self, tx: &Tx) -> Result<person::Model> {
        tx.lock::<person::Entity>(self.actor.person.ok_or(Error::NotFound)?).await
    }

    /// The signed-in person's own row.
    pub async fn account(&self) -> Result<PersonRow> {
        let tx = self.begin(Action::ReadAccount).await?;
        tx.find::<person::Entity>(self.actor.person.ok_or(Error::NotFound)?).await
    }

    pub async fn change_name(&self, name: &str, locale: Locale) -> Result<()> {
        let name = account::name(name).map_err(|problem| Invalid::one("name", problem))?;
        let mut tx = self.begin(Action::ChangeAccount).await?;
        let mut row = self.me(&tx).await?.into_active_model();
        row.name = Set(name);
        row.locale = Set(locale.code().to_owned());
        tx.update(row).await?;
        tx.commit().await
    }

    /// Sets a new password; the old one must be right.
    pub async fn change_password(&self, old: String, new: String) -> Result<()> {
        let me = self.account().await?;
        if !self.services.passwords().verify(old, Some(me.password_hash)).await? {
            return Err(Error::invalid("old", Problem::CredentialsWrong));
        }
        account::password(&new, &me.email).map_err(|problem| Invalid::one("new", problem))?;
        let password_hash = self.services.passwords().hash(new).await?;
        let mut tx = self.begin(Action::ChangeAccount).await?;
        let mut row = self.me(&tx).await?.into_active_model();
        row.password_hash = Set(password_hash);
        let person = tx.update(row).await?;
        tx.event(person.id, "password_changed", json!({})).await?;
        tx.commit().await
    }

    /// Asks both addresses; the change happens when both have agreed. Says nothing about whether the new one is known.
    pub async fn ask_to_change_address(&self, typed: &str) -> Result<()> {
        let to = account::address(typed).map_err(|problem| Invalid::one("email", problem))?;
        let mut tx = self.begin(Action::ChangeAccount).await?;
        let me = self.me(&tx).await?;
        let pair = tx.new_id::<domain::id::Event>().to_string();
        let payload = serde_json::to_string(&Change { to: to.clone(), pair })?;
        let leave =
            Issue { purpose: Purpose::LeaveAddress, person: Some(me.id), address: &me.email, payload: payload.clone() };
        let secret = token::issue(&mut tx, leave).await?;
        let mail = Mail::LeaveAddress { address: to.clone(), link: self.link(&format!("/confirm/{secret}")) };
        tx.mail(Letter::to(&me, mail)).await?;
        if store::account::person_by_email(&tx, &to).await?.is_none() {
            let take = Issue { purpose: Purpose::TakeAddress, person: Some(me.id), address: &to, payload };
            let secret = token::issue(&mut tx, take).await?;
            let mail = Mail::ChangeAddress { link: self.link(&format!("/confirm/{secret}")) };
            tx.mail(Letter { address: to, ..Letter::to(&me, mail) }).await?;
        }
        tx.commit().await
    }
}

/// One address agreed. The second to agree makes the change.
pub(super) async fn confirm_half(tx: &mut Tx, person: person::Model, token: &token_entity::Model) -> Result<()> {
    let change: Change = serde_json::from_str(&token.payload)?;
    let other =
        if token.purpose == Purpose::LeaveAddress.code() { Purpose::TakeAddress } else { Purpose::LeaveAddress };
    if !store::account::is_other_half_used(tx, person.id, other.code(), &token.payload).await? {
        tx.event(person.id, "address_half_confirmed", json!({ "to": change.to })).await?;
        return Ok(());
    }
    let id = person.id;
    let mut row = person.into_active_model();
    row.email = Set(change.to.clone());
    tx.update(row).await.on_unique("", Problem::Taken)?;
    // An application may name the new address as its lead's.
    detect(tx, Reach::Everything, Some(id)).await?;
    tx.event(id, "address_changed", json!({ "to": change.to })).await
}
