//! The programme's signature under what leaves it for good: Ed25519 (RFC 8032), one key, its public half published.
//!
//! The secret half comes from the configuration and is never printed.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// The demo world's seed. Anybody can read it here: what it signs proves nothing outside the demo world.
const DEMO_SEED: [u8; 32] = *b"gigahours demo world signing key";

#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    pub fn demo() -> Self {
        Self(SigningKey::from_bytes(&DEMO_SEED))
    }

    /// From a seed of 32 bytes in hex. Errors with what is wrong with it, without repeating it.
    pub fn from_hex(seed: &str) -> Result<Self, String> {
        let bytes = hex::decode(seed.trim()).map_err(|_| "must be hex".to_owned())?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| "must be 32 bytes, 64 characters of hex".to_owned())?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public key in hex, as it is published.
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// The signature in hex.
    pub fn sign(&self, message: &[u8]) -> String {
        hex::encode(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public())
    }
}

/// Whether this key made this signature. Weak keys and malleable signatures are refused.
pub fn is_signed(key: &str, message: &[u8], signature: &str) -> bool {
    let read = || {
        let key: [u8; 32] = hex::decode(key.trim()).ok()?.try_into().ok()?;
        let signature: [u8; 64] = hex::decode(signature.trim()).ok()?.try_into().ok()?;
        Some((VerifyingKey::from_bytes(&key).ok()?, Signature::from_bytes(&signature)))
    };
    read().is_some_and(|(key, signature)| key.verify_strict(message, &signature).is_ok())
}

/// Whether it is the demo world's key, which everybody has.
pub fn is_demo(key: &str) -> bool {
    Signer::demo().public().eq_ignore_ascii_case(key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_the_same_words_fit_a_signature() {
        let signer = Signer::from_hex(&"ab".repeat(32)).unwrap();
        let signature = signer.sign(b"words");
        assert!(is_signed(&signer.public(), b"words", &signature));
        assert!(!is_signed(&signer.public(), b"Words", &signature));
        assert!(!is_signed(&Signer::demo().public(), b"words", &signature));
        for nonsense in ["", "ff", "no hex"] {
            assert!(!is_signed(nonsense, b"words", &signature) && !is_signed(&signer.public(), b"words", nonsense));
        }
        assert!(is_demo(&Signer::demo().public()) && !is_demo(&signer.public()));
        assert!(!format!("{signer:?}").contains("abab"));
        assert!(Signer::from_hex("abcd").is_err() && Signer::from_hex("xyz").is_err());
    }
}
