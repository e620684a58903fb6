//! The ledger's rows: accounts are opened as they are needed, entries are written whole, balances never fall below
//! nought.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    gpu::GpuTime,
    id::{AllocationId, SiteId},
    ledger::{Account, Entry},
    period::Period,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Tx,
    entity::{account, allocation, entry, posting},
};
use crate::error::{Error, Result};

/// Writes the entry and moves the balances. Errors with `Stale` if a balance would fall below nought.
pub(crate) async fn write(
    tx: &mut Tx,
    allocation: &allocation::Model,
    written: &Entry,
    counts_at: DateTime<Utc>,
) -> Result<Uuid> {
    let id = tx.new_id::<domain::id::Event>().uuid();
    let now = tx.now();
    tx.insert(entry::ActiveModel {
        id: Set(id),
        allocation_id: Set(allocation.id),
        kind: Set(written.kind()),
        at: Set(now),
        counts_at: Set(counts_at),
    })
    .await?;
    let accounts = accounts(tx, allocation).await?;
    let mut lines: Vec<_> = written.postings().to_vec();
    // One order of accounts in every transaction.
    lines.sort_by_key(|line| line.account);
    for line in lines {
        let account = match accounts.get(&line.account) {
            Some(account) => *account,
            None => open(tx, line.account, allocation.site_id, allocation.id).await?,
        };
        let moved = account::Entity::update_many()
            .col_expr(account::Column::Balance, Expr::col(account::Column::Balance).add(line.amount.as_seconds()))
            .filter(account::Column::Id.eq(account))
            .filter(
                Condition::any()
                    .add(account::Column::Kind.eq(Account::Supply))
                    .add(Expr::col(account::Column::Balance).add(line.amount.as_seconds()).gte(0)),
            )
            .exec(tx.connection())
            .await?;
        if moved.rows_affected != 1 {
            return Err(Error::Stale);
        }
        let posting_id = tx.new_id::<domain::id::Event>().uuid();
        tx.insert(posting::ActiveModel {
            id: Set(posting_id),
            entry_id: Set(id),
            account_id: Set(account),
            amount: Set(line.amount),
        })
        .await?;
    }
    Ok(id)
}

fn belongs(site: SiteId, allocation: AllocationId) -> Condition {
    Condition::any()
        .add(account::Column::AllocationId.eq(allocation))
        .add(Condition::all().add(account::Column::SiteId.eq(site)).add(account::Column::Kind.eq(Account::Supply)))
}

async fn accounts(tx: &Tx, allocation: &allocation::Model) -> Result<BTreeMap<Account, Uuid>> {
    let found = account::Entity::find().filter(belongs(allocation.site_id, allocation.id)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|account| (account.kind, account.id)).collect())
}

async fn open(tx: &mut Tx, kind: Account, site: SiteId, allocation_id: AllocationId) -> Result<Uuid> {
    let id = tx.new_id::<domain::id::Event>().uuid();
    let allocation = (kind != Account::Supply).then_some(allocation_id);
    let row = account::ActiveModel {
        id: Set(id),
        kind: Set(kind),
        site_id: Set(site),
        allocation_id: Set(allocation),
        balance: Set(GpuTime::ZERO),
    };
    // A site's supply is everybody's: whoever opens it first, there is one.
    let first = OnConflict::new().do_nothing().to_owned();
    account::Entity::insert(row).on_conflict(first).try_insert().exec_without_returning(tx.connection()).await?;
    let found = account::Entity::find().filter(account::Column::Kind.eq(kind)).filter(belongs(site, allocation_id));
    let found = found.one(tx.connection()).await?.ok_or(Error::Stale)?;
    tx.changed("insert", "account", found.id.to_string());
    Ok(found.id)
}

/// The balances of an allocation that the caller has found, guarded; accounts never opened are nought.
pub(crate) async fn balances(tx: &Tx, allocation: AllocationId) -> Result<BTreeMap<Account, GpuTime>> {
    let found =
        account::Entity::find().filter(account::Column::AllocationId.eq(allocation)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|account| (account.kind, account.balance)).collect())
}

/// The same for many allocations at once.
pub(crate) async fn balances_of(
    tx: &Tx,
    allocations: &[AllocationId],
) -> Result<BTreeMap<(AllocationId, Account), GpuTime>> {
    let found = account::Entity::find()
        .filter(account::Column::AllocationId.is_in(allocations.iter().copied()))
        .all(tx.connection())
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|account| Some(((account.allocation_id?, account.kind), account.balance)))
        .collect())
}

/// What was posted to `Used` in entries that count in the period.
pub(crate) async fn used(tx: &Tx, allocation: AllocationId, period: Period) -> Result<GpuTime> {
    let entries = entry::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .filter(entry::Column::AllocationId.eq(allocation))
        .filter(entry::Column::CountsAt.gte(period.start))
        .filter(entry::Column::CountsAt.lt(period.end))
        .into_query();
    let accounts = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::AllocationId.eq(allocation))
        .filter(account::Column::Kind.eq(Account::Used))
        .into_query();
    let amounts: Vec<GpuTime> = posting::Entity::find()
        .select_only()
        .column(posting::Column::Amount)
        .filter(posting::Column::EntryId.in_subquery(entries))
        .filter(posting::Column::AccountId.in_subquery(accounts))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(GpuTime::sum(amounts)?)
}

/// Which month an entry counts in.
pub(crate) async fn counts_at(tx: &Tx, id: Uuid) -> Result<DateTime<Utc>> {
    let found = entry::Entity::find_by_id(id).one(tx.connection()).await?;
    Ok(found.ok_or(Error::NotFound)?.counts_at)
}
