//! Password hashing: argon2id, off the async threads, bounded, and as slow for an unknown address as for a known one.

use std::sync::Arc;

use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::{OnceCell, Semaphore};

use crate::error::{Error, Result};

/// OWASP's password storage cheat sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// At most this many at once: each holds 19 MiB and a core.
const AT_ONCE: usize = 4;

#[derive(Debug, Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    decoy: Arc<OnceCell<String>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    pub fn new() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), decoy: Arc::new(OnceCell::new()) }
    }

    /// The PHC string of this password under a new salt.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.work(move || {
            let hash = hasher()?.hash_password(password.as_bytes()).map_err(|error| anyhow!("argon2: {error}"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password is right. Without a known hash a decoy is checked, so that timing tells nothing.
    pub async fn verify(&self, password: String, known: Option<String>) -> Result<bool> {
        // An account without a password has an empty one, which is nobody's.
        let known = known.filter(|phc| !phc.is_empty());
        let is_known = known.is_some();
        let phc = match known {
            Some(phc) => phc,
            None => self.decoy.get_or_try_init(|| self.hash("nobody has this password".to_owned())).await?.clone(),
        };
        let matches = self
            .work(move || {
                let parsed = PasswordHash::new(&phc).map_err(|error| anyhow!("stored hash: {error}"))?;
                Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(matches && is_known)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|error| Error::Broken(error.into()))?;
        tokio::task::spawn_blocking(move || {
            let _slot = slot;
            work()
        })
        .await
        .map_err(|error| Error::Broken(error.into()))?
        .map_err(Error::Broken)
    }
}

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_verifies_and_nothing_else() {
        let passwords = Passwords::new();
        let phc = passwords.hash("a long enough secret".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("a long enough secret".into(), Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("a long enough secreT".into(), Some(phc)).await.unwrap());
        assert!(!passwords.verify("nobody has this password".into(), None).await.unwrap());
    }
}
