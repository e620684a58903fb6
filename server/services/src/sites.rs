//! Verbs of sites: who they are, and the secret by which their meters prove themselves.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{actor::Actor, country::Country, id::SiteId, policy::Action};
use rand::RngExt;
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    Services,
    desk::Desk,
    error::{Error, Result},
    store::{self, entity::site},
};

/// A site as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    pub slug: String,
    pub name: String,
    pub country: Country,
    pub city: String,
    /// Where people log in.
    pub login_host: String,
    /// When its meter's token was made, if it has one.
    pub token_rotated_at: Option<DateTime<Utc>>,
}

impl From<site::Model> for Site {
    fn from(row: site::Model) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            country: row.country,
            city: row.city,
            login_host: row.login_host,
            token_rotated_at: row.token_rotated_at,
        }
    }
}

/// What a new site is made of.
#[derive(Debug, Clone)]
pub struct NewSite {
    pub slug: String,
    pub name: String,
    pub country: Country,
    pub city: String,
    pub login_host: String,
}

/// A meter's secret: shown once, kept as its hash. Never printed by accident.
pub struct MeterToken(String);

impl MeterToken {
    const PREFIX: &str = "ghm_";

    fn random() -> Self {
        let bytes: [u8; 32] = rand::rng().random();
        Self(format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn hash(token: &str) -> String {
        hex::encode(Sha256::digest(token.as_bytes()))
    }
}

impl Services {
    /// The desk of the site that this token belongs to; `NotFound` for any other text.
    pub async fn meter(&self, token: &str) -> Result<Desk> {
        if !token.starts_with(MeterToken::PREFIX) || token.len() > 100 {
            return Err(Error::NotFound);
        }
        let tx = self.desk(Actor::SYSTEM).begin(Action::ReadPublic).await?;
        let found = store::capacity::site_by_token(&tx, &MeterToken::hash(token)).await?;
        let site = found.ok_or(Error::NotFound)?;
        Ok(self.desk(Actor::meter(site.id)))
    }
}

impl Desk {
    /// Every site, by name.
    pub async fn sites(&self) -> Result<Vec<Site>> {
        let tx = self.begin(Action::ReadCapacity).await?;
        Ok(store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect())
    }

    /// The site this actor stands at.
    pub async fn own_site(&self) -> Result<Site> {
        let tx = self.begin(Action::ReadCapacity).await?;
        let id = self.actor.site().ok_or(Error::NotFound)?;
        Ok(tx.find::<site::Entity>(id).await?.into())
    }

    /// A site joins the programme.
    pub async fn add_site(&self, new: NewSite) -> Result<SiteId> {
        let mut tx = self.begin(Action::Seed).await?;
        let id = tx.new_id();
        tx.insert(site::ActiveModel {
            id: Set(id),
            slug: Set(new.slug),
            name: Set(new.name),
            country: Set(new.country),
            city: Set(new.city),
            login_host: Set(new.login_host),
            token_hash: Set(None),
            token_rotated_at: Set(None),
            created_at: Set(self.now),
        })
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A new token for the site's meter; the old one is worth nothing from now on.
    pub async fn change_site_token(&self) -> Result<MeterToken> {
        let mut tx = self.begin(Action::ChangeSiteToken).await?;
        let id = self.actor.site().ok_or(Error::NotFound)?;
        let token = MeterToken::random();
        let mut row = tx.lock::<site::Entity>(id).await?.into_active_model();
        row.token_hash = Set(Some(MeterToken::hash(token.reveal())));
        row.token_rotated_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.event(id, "token_changed", json!({})).await?;
        tx.commit().await?;
        Ok(token)
    }
}
