//! The books against themselves and against the documents: what an auditor would recompute.

use std::collections::BTreeMap;

use domain::{book::Account, money::Money, policy::Action};

use crate::{
    desk::Desk,
    error::Result,
    store::{self},
};

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The lines of this entry do not sum to nought.
    Unbalanced(i64),
    /// So many entries, and the number of the last.
    Gap { count: i64, last: i64 },
    /// A balance that its lines do not add up to.
    Balance { account: Account, kept_for: String, balance: Money, posted: Money },
    /// What an organisation owes by the books and by its documents.
    Receivable { organisation: String, booked: Money, documents: Money },
    /// What documents charge to a pot and what is spent of it: it had not enough.
    Pot { pot: String, charged: Money, spent: Money },
    /// The last number of a series of documents, and how many of them there are.
    Series { series: String, last: i64, count: i64 },
    /// A document that no entry records.
    Unbooked(String),
}

impl std::fmt::Display for Finding {
    /// One line for the command; pages have their own words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unbalanced(number) => write!(f, "entry {number} does not balance"),
            Self::Gap { count, last } => write!(f, "{count} entries, and the last has number {last}"),
            Self::Balance { account, kept_for, balance, posted } => {
                write!(f, "{} {kept_for}: balance {balance}, lines {posted}", account.code())
            }
            Self::Receivable { organisation, booked, documents } => {
                write!(f, "{organisation} owes {booked} by the books and {documents} by its documents")
            }
            Self::Pot { pot, charged, spent } => {
                write!(f, "documents charge {charged} to the pot {pot}, and {spent} of it is spent")
            }
            Self::Series { series, last, count } => {
                write!(f, "the last of {series} has number {last}, and there are {count}")
            }
            Self::Unbooked(number) => write!(f, "{number} is not booked"),
        }
    }
}

impl Desk {
    /// How many documents each series has; numbers without a gap are [`Self::check_books`]' to find.
    pub async fn document_series(&self) -> Result<Vec<(String, i64)>> {
        let tx = self.begin(Action::ReadBooks).await?;
        Ok(store::book::series(&tx).await?.into_iter().map(|(series, _, count)| (series, count)).collect())
    }

    /// Everything that does not agree; empty is what it should be.
    pub async fn check_books(&self) -> Result<Vec<Finding>> {
        let tx = self.begin(Action::ReadBooks).await?;
        let mut findings: Vec<Finding> =
            store::book::unbalanced(&tx).await?.into_iter().map(Finding::Unbalanced).collect();
        let (count, last) = store::book::extent(&tx).await?;
        if count != last {
            findings.push(Finding::Gap { count, last });
        }
        let posted: BTreeMap<(Account, String), Money> = store::book::turnovers(&tx, None, super::FAR)
            .await?
            .into_iter()
            .map(|row| Ok(((row.account, row.kept_for.clone()), row.balance()?)))
            .collect::<Result<_>>()?;
        let mut receivable: BTreeMap<String, Money> = BTreeMap::new();
        for account in store::book::balances(&tx).await? {
            let key = (account.account, account.kept_for.clone());
            let posted = posted.get(&key).copied().unwrap_or_default();
            if posted != account.balance_cents {
                findings.push(Finding::Balance {
                    account: account.account,
                    kept_for: account.kept_for.clone(),
                    balance: account.balance_cents,
                    posted,
                });
            }
            if account.account == Account::Receivable {
                receivable.insert(account.kept_for, account.balance_cents);
            }
        }
        for (organisation, documents) in store::invoice::owed(&tx).await? {
            let organisation = organisation.to_string();
            let booked = receivable.remove(&organisation).unwrap_or_default();
            if booked != documents {
                findings.push(Finding::Receivable { organisation, booked, documents });
            }
        }
        for (organisation, booked) in receivable {
            if !booked.is_zero() {
                findings.push(Finding::Receivable { organisation, booked, documents: Money::ZERO });
            }
        }
        for pot in store::pot::all(&tx).await? {
            let charged = store::pot::balance(&tx, Account::Funding, &pot.code).await?;
            let spent = store::pot::balance(&tx, Account::PotSpent, &pot.code).await?;
            if charged != spent {
                findings.push(Finding::Pot { pot: pot.code, charged, spent });
            }
        }
        for (series, last, count) in store::book::series(&tx).await? {
            if last != count {
                findings.push(Finding::Series { series, last, count });
            }
        }
        let unbooked = store::book::unbooked(&tx, None, 100).await?;
        findings.extend(
            unbooked.into_iter().filter(|row| !row.own_cents.is_zero()).map(|row| Finding::Unbooked(row.number)),
        );
        Ok(findings)
    }
}
