//! Lots that anybody can recompute: a seed whose hash is published before the deadline and which is revealed after it;
//! the order is that of SHA-256(seed ‖ code).
//!
//! Each application draws with a code that it has had since it was handed in and that only those know who may know of
//! the application: tickets tell nobody else who drew. Blank tickets keep their number from telling how many did.
//! Seeds and hashes are lower-case hexadecimal text, joined to the code as they stand, so that
//! `printf '%s' "$seed$code" | sha256sum` gives the same.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// What is published of a seed before the deadline.
pub fn commitment(seed: &str) -> String {
    hash(seed.as_bytes())
}

/// What an application draws.
pub fn ticket(seed: &str, code: &str) -> String {
    hash(format!("{seed}{code}").as_bytes())
}

/// Codes in the order in which they were drawn, each with its ticket; the lowest ticket comes first. A code named twice
/// draws once.
pub fn order(seed: &str, codes: &[String]) -> Vec<(String, String)> {
    let mut drawn: Vec<(String, String)> = codes.iter().map(|code| (ticket(seed, code), code.clone())).collect();
    drawn.sort();
    drawn.dedup();
    drawn.into_iter().map(|(ticket, code)| (code, ticket)).collect()
}

/// Tickets of the smallest lot.
const TICKETS_MIN: usize = 64;

/// The codes with blanks up to a number that tells nothing. A blank changes the order of nobody else.
pub fn with_blanks(mut codes: Vec<String>, blank: impl FnMut() -> String) -> Vec<String> {
    let tickets = codes.len().next_power_of_two().max(TICKETS_MIN);
    codes.resize_with(tickets, blank);
    codes
}

/// A commitment made at the deadline or later would prove nothing.
pub fn can_commit(deadline: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Problem> {
    if now < deadline { Ok(()) } else { Err(Problem::InThePast) }
}

/// Before the deadline the seed stays secret.
pub fn can_reveal(deadline: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Problem> {
    if now >= deadline { Ok(()) } else { Err(Problem::LotTooEarly) }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn anybody_gets_the_same_with_sha256sum() {
        // printf '%s' abc | sha256sum
        assert_eq!(commitment("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(ticket("a", "bc"), commitment("abc"));
    }

    #[test]
    fn the_order_is_that_of_the_tickets_whatever_the_order_they_came_in() {
        let references: Vec<String> = (1..=9).map(|number| format!("GH-LS-2026-{number:05}")).collect();
        let drawn = order(SEED, &references);
        assert!(drawn.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert_ne!(drawn.iter().map(|(reference, _)| reference.clone()).collect::<Vec<_>>(), references);
        let mut turned: Vec<String> = references.iter().rev().cloned().collect();
        turned.push(references[0].clone());
        assert_eq!(order(SEED, &turned), drawn, "and named twice is drawn once");
        let other = order(&commitment(SEED), &references);
        assert_ne!(drawn, other, "another seed, another order");
    }

    #[test]
    fn the_number_of_tickets_tells_nothing() {
        let codes = |count: usize| (0..count).map(|code| format!("code {code}")).collect::<Vec<_>>();
        let mut blanks = 0;
        let mut padded = |count| {
            let tickets = with_blanks(codes(count), || {
                blanks += 1;
                format!("blank {blanks}")
            });
            let mut order = order(SEED, &tickets);
            assert_eq!(order.len(), tickets.len());
            order.retain(|(code, _)| code.starts_with("code"));
            assert_eq!(order, super::order(SEED, &codes(count)), "blanks change the order of nobody");
            tickets.len()
        };
        assert_eq!([padded(2), padded(64), padded(65)], [64, 64, 128]);
    }

    #[test]
    fn committed_before_and_revealed_after() {
        let deadline: DateTime<Utc> = "2026-11-30T09:00:00Z".parse().unwrap();
        let before: DateTime<Utc> = "2026-11-30T08:59:59Z".parse().unwrap();
        assert_eq!(can_commit(deadline, before), Ok(()));
        assert_eq!(can_commit(deadline, deadline), Err(Problem::InThePast));
        assert_eq!(can_reveal(deadline, before), Err(Problem::LotTooEarly));
        assert_eq!(can_reveal(deadline, deadline), Ok(()));
    }
}
