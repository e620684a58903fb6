//! GPU time as double entry: every entry's postings sum to zero, because there is no other way to make one.
//!
//! Hold when an offer is accepted, post as readings arrive, release at the end. Use beyond what was granted is
//! recorded apart, as `Overrun`, and is never billed.

use serde::{Deserialize, Serialize};

use crate::{gpu::GpuTime, money::Overflow};

/// The accounts of one allocation, and the supply of the site it stands against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The site's: negative by what it has promised and delivered.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "supply"))]
    Supply,
    /// Granted and not used yet.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "hold"))]
    Hold,
    /// Used within the grant: what invoices bill.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "used"))]
    Used,
    /// Used beyond the grant: the site's own to bear.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "overrun"))]
    Overrun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "hold"))]
    Hold,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "post"))]
    Post,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "release"))]
    Release,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub account: Account,
    pub amount: GpuTime,
}

/// Postings that sum to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    kind: Kind,
    postings: Vec<Posting>,
}

/// Where time that was not used after all goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// To the company, which can still use it.
    Hold,
    /// To the site: the allocation is over, or the time is forgiven and not given again.
    Supply,
}

/// A negative amount has no meaning here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("a negative amount of GPU time")]
    Negative,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Entry {
    /// Sets the granted time aside.
    pub fn hold(granted: GpuTime) -> Result<Self, Refused> {
        Self::of(Kind::Hold, &[(Account::Supply, Account::Hold, granted)])
    }

    /// Moves used time out of what is held; what exceeds it goes to `Overrun`.
    pub fn post(used: GpuTime, held: GpuTime) -> Result<Self, Refused> {
        let billable = used.min(held.max(GpuTime::ZERO));
        let beyond = used.checked_sub(billable)?;
        Self::of(Kind::Post, &[(Account::Hold, Account::Used, billable), (Account::Supply, Account::Overrun, beyond)])
    }

    /// Takes used time back: first what was beyond the grant, then what was within it, which goes back to what is held or
    /// to the site's supply. A posting of less: its kind is `Post`.
    pub fn correct(less: GpuTime, overrun: GpuTime, back: Back) -> Result<Self, Refused> {
        let beyond = less.min(overrun.max(GpuTime::ZERO));
        let within = less.checked_sub(beyond)?;
        let to = match back {
            Back::Hold => Account::Hold,
            Back::Supply => Account::Supply,
        };
        Self::of(Kind::Post, &[(Account::Overrun, Account::Supply, beyond), (Account::Used, to, within)])
    }

    /// Gives back what was not used.
    pub fn release(held: GpuTime) -> Result<Self, Refused> {
        Self::of(Kind::Release, &[(Account::Hold, Account::Supply, held)])
    }

    fn of(kind: Kind, moves: &[(Account, Account, GpuTime)]) -> Result<Self, Refused> {
        let mut postings = Vec::new();
        for (from, to, amount) in moves {
            if *amount < GpuTime::ZERO {
                return Err(Refused::Negative);
            }
            if *amount > GpuTime::ZERO {
                let out = GpuTime::ZERO.checked_sub(*amount)?;
                postings.push(Posting { account: *from, amount: out });
                postings.push(Posting { account: *to, amount: *amount });
            }
        }
        Ok(Self { kind, postings })
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What the entry moves into or out of the account.
    pub fn change(&self, account: Account) -> GpuTime {
        let seconds = self.postings.iter().filter(|posting| posting.account == account);
        GpuTime::seconds(seconds.map(|posting| posting.amount.as_seconds()).sum())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn t(seconds: i64) -> GpuTime {
        GpuTime::seconds(seconds)
    }

    #[test]
    fn use_beyond_the_grant_is_not_billed() {
        let entry = Entry::post(t(100), t(60)).unwrap();
        assert_eq!(entry.change(Account::Used), t(60));
        assert_eq!(entry.change(Account::Overrun), t(40));
        assert_eq!(entry.change(Account::Hold), t(-60));
        assert_eq!(entry.change(Account::Supply), t(-40));
        assert_eq!(Entry::hold(t(-1)), Err(Refused::Negative));
        assert!(Entry::release(t(0)).unwrap().postings().is_empty());
    }

    #[test]
    fn use_is_taken_back_from_beyond_the_grant_first() {
        let entry = Entry::correct(t(50), t(40), Back::Hold).unwrap();
        assert_eq!(entry.change(Account::Overrun), t(-40));
        assert_eq!((entry.change(Account::Used), entry.change(Account::Hold)), (t(-10), t(10)));
        assert_eq!((entry.change(Account::Supply), entry.kind()), (t(40), Kind::Post));
        let entry = Entry::correct(t(50), t(0), Back::Supply).unwrap();
        assert_eq!((entry.change(Account::Used), entry.change(Account::Supply)), (t(-50), t(50)));
        assert_eq!(Entry::correct(t(-1), t(0), Back::Hold), Err(Refused::Negative));
    }

    proptest! {
        #[test]
        fn a_life_of_entries_balances_and_never_bills_more_than_was_granted(
            granted in 0_i64..1_000_000_000,
            uses in prop::collection::vec(0_i64..200_000_000, 0..20),
        ) {
            let mut entries = vec![Entry::hold(t(granted)).unwrap()];
            let mut held = granted;
            for used in &uses {
                let entry = Entry::post(t(*used), t(held)).unwrap();
                held += entry.change(Account::Hold).as_seconds();
                prop_assert!(held >= 0);
                entries.push(entry);
            }
            entries.push(Entry::release(t(held)).unwrap());
            let total = |account| entries.iter().map(|entry| entry.change(account).as_seconds()).sum::<i64>();
            for entry in &entries {
                prop_assert_eq!(entry.postings().iter().map(|p| p.amount.as_seconds()).sum::<i64>(), 0);
            }
            prop_assert_eq!(total(Account::Hold), 0);
            prop_assert!(total(Account::Used) <= granted);
            prop_assert_eq!(total(Account::Used) + total(Account::Overrun), uses.iter().sum::<i64>());
            prop_assert_eq!(total(Account::Supply) + total(Account::Used) + total(Account::Overrun), 0);
        }
    }
}
