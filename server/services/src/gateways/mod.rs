//! The outside world, each door real and fake.

pub mod clock;
pub mod limits;
pub mod mail;
pub mod password;
pub mod secret;
pub mod signer;
pub mod vies;

use ::payments::PaymentProvider;
use clock::Clock;
use limits::Limits;
use mail::Mailer;
use password::Passwords;
use signer::Signer;
use vies::Vies;

/// Every door to the outside, chosen once at the start.
#[derive(Debug, Clone)]
pub struct Gateways {
    pub clock: Clock,
    pub limits: Limits,
    pub mail: Mailer,
    pub passwords: Passwords,
    /// `None` where nothing can be paid by card; invoices then name the bank account only.
    pub payments: Option<PaymentProvider>,
    /// Signs justification files.
    pub signer: Signer,
    pub vies: Vies,
}

impl Gateways {
    /// Nothing leaves this machine: for tests and the demo world.
    pub fn local(clock: Clock) -> Self {
        Self {
            limits: Limits::new(&clock),
            mail: Mailer::Held,
            clock,
            passwords: Passwords::new(),
            payments: None,
            signer: Signer::demo(),
            vies: Vies::Fake,
        }
    }
}

/// A short random code that a person can read out and a log line can be found by.
pub fn incident() -> String {
    let bytes: [u8; 4] = rand::random();
    hex::encode(bytes)
}
