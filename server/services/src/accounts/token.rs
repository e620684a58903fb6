//! Secrets sent by mail: made once, kept as a hash, used once, in time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{account::Purpose, id::PersonId, policy::Action, problem::Problem};
use sea_orm::ActiveValue::Set;
use sha2::{Digest, Sha256};

use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{self, Tx, entity::token, session::Sessions},
};
/// What a token is made for.
pub(crate) struct Issue<'a> {
    pub purpose: Purpose,
    pub person: Option<PersonId>,
    pub address: &'a str,
    /// JSON that the purpose defines.
    pub payload: String,
}

/// Stores the hash and returns the secret, which is nowhere else.
pub(crate) async fn issue(tx: &mut Tx, issue: Issue<'_>) -> Result<String> {
    let bytes: [u8; 32] = rand::random();
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let now = tx.now();
    tx.insert(token::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        hash: Set(hash(&secret)),
        purpose: Set(issue.purpose.code().to_owned()),
        person_id: Set(issue.person),
        address: Set(issue.address.to_owned()),
        payload: Set(issue.payload),
        created_at: Set(now),
        expires_at: Set(now + issue.purpose.lifetime()),
        used_at: Set(None),
    })
    .await?;
    Ok(secret)
}

/// The token of this secret, if it can still be used for one of these purposes. Errors with `LinkExpired`.
pub(crate) async fn find(tx: &Tx, secret: &str, purposes: &[Purpose]) -> Result<token::Model> {
    let found = store::account::token_by_hash(tx, &hash(secret)).await?;
    found
        .filter(|token| token.used_at.is_none() && token.expires_at > tx.now())
        .filter(|token| purposes.iter().any(|purpose| purpose.code() == token.purpose))
        .ok_or_else(|| Error::invalid("", Problem::LinkExpired))
}

/// Uses it up. Of two at once, one wins and the other finds it used.
pub(crate) async fn redeem(tx: &mut Tx, secret: &str, purposes: &[Purpose]) -> Result<token::Model> {
    let token = find(tx, secret, purposes).await?;
    if !store::account::use_token(tx, token.id).await? {
        return Err(Error::invalid("", Problem::LinkExpired));
    }
    Ok(token)
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

impl Desk {
    /// Removes what has run out: sessions and tokens.
    pub(crate) async fn purge(&self) -> Result<()> {
        let sessions = Sessions::new(self.services.database().clone(), self.services.clock().clone());
        sessions.purge().await?;
        let mut tx = self.begin(Action::RunJobs).await?;
        store::account::purge_tokens(&mut tx).await?;
        tx.commit().await
    }
}
