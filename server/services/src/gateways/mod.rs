//! The outside world, each door real and fake.

pub mod clock;
pub mod password;

/// A short random code that a person can read out and a log line can be found by.
pub fn incident() -> String {
    let bytes: [u8; 4] = rand::random();
    hex::encode(bytes)
}
