//! Pots, what applications bind of them, and movements that wait for a second person.

use std::collections::BTreeMap;

use domain::{
    allocation::State,
    application,
    book::Account,
    gpu::GpuTime,
    id::{AllocationId, ApplicationId},
    ledger,
    money::Money,
    pot::MoveState,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Tx,
    entity::{
        allocation, application as application_row, book_account, decision, funding_goal, pot, pot_commitment,
        pot_movement,
    },
};
use crate::error::{Error, Result};

/// What an application's commitment is reckoned from.
pub(crate) struct Bound {
    pub application: application_row::Model,
    pub decision: Option<decision::Model>,
    /// Booked, running or ended, with what the ledger counts as used.
    pub allocations: Vec<(allocation::Model, GpuTime)>,
}

pub(crate) async fn all(tx: &Tx) -> Result<Vec<pot::Model>> {
    Ok(tx.select::<pot::Entity>().order_by_asc(pot::Column::Id).all(tx.connection()).await?)
}

/// Whether a budget is kept of this pot.
pub(crate) async fn is_kept(tx: &Tx, code: &str) -> Result<bool> {
    let found = pot::Entity::find().filter(pot::Column::Code.eq(code)).one(tx.connection()).await?;
    Ok(found.is_some())
}

pub(crate) async fn goals(tx: &Tx) -> Result<Vec<funding_goal::Model>> {
    Ok(tx.select::<funding_goal::Entity>().order_by_asc(funding_goal::Column::Id).all(tx.connection()).await?)
}

/// The balances of every pot, by account and pot. Whoever may read pots reads these sums.
pub(crate) async fn balances(tx: &Tx) -> Result<BTreeMap<(Account, String), Money>> {
    let accounts = [Account::PotPledged, Account::PotFree, Account::PotCommitted, Account::PotSpent];
    let found =
        book_account::Entity::find().filter(book_account::Column::Account.is_in(accounts)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|row| ((row.account, row.kept_for), row.balance_cents)).collect())
}

/// One balance; nought where nothing ever moved.
pub(crate) async fn balance(tx: &Tx, account: Account, pot: &str) -> Result<Money> {
    let found = book_account::Entity::find()
        .filter(book_account::Column::Account.eq(account))
        .filter(book_account::Column::KeptFor.eq(pot));
    Ok(found.one(tx.connection()).await?.map(|row| row.balance_cents).unwrap_or_default())
}

/// Everything that binds money for one application, whoever asks: the rule must know it.
pub(crate) async fn bound(tx: &Tx, id: ApplicationId) -> Result<Bound> {
    let found = application_row::Entity::find_by_id(id).one(tx.connection()).await?.ok_or(Error::NotFound)?;
    let booked = [State::Accepted, State::Active, State::Ended];
    let rows = allocation::Entity::find()
        .filter(allocation::Column::ApplicationId.eq(id))
        .filter(allocation::Column::State.is_in(booked))
        .all(tx.connection())
        .await?;
    let ids: Vec<AllocationId> = rows.iter().map(|row| row.id).collect();
    let used = super::ledger::balances_of(tx, &ids).await?;
    let of = |row: &allocation::Model| used.get(&(row.id, ledger::Account::Used)).copied().unwrap_or_default();
    Ok(Bound {
        decision: super::review::decision_whoever_asks(tx, id).await?,
        allocations: rows.into_iter().map(|row| (row.clone(), of(&row))).collect(),
        application: found,
    })
}

pub(crate) async fn commitment(tx: &Tx, id: ApplicationId) -> Result<Option<pot_commitment::Model>> {
    let of = pot_commitment::Column::ApplicationId.eq(id);
    Ok(pot_commitment::Entity::find().filter(of).one(tx.connection()).await?)
}

/// Writes what an application binds from now on; the number of movements so far.
pub(crate) async fn bind(tx: &mut Tx, id: ApplicationId, pot: &str, committed: Money) -> Result<i32> {
    match commitment(tx, id).await? {
        Some(found) => {
            let movements = found.movements + 1;
            let mut row = found.into_active_model();
            row.committed_cents = Set(committed);
            row.movements = Set(movements);
            tx.update(row).await?;
            Ok(movements)
        }
        None => {
            let row = pot_commitment::ActiveModel {
                id: Set(tx.new_id::<domain::id::Event>().uuid()),
                application_id: Set(id),
                pot: Set(pot.to_owned()),
                committed_cents: Set(committed),
                movements: Set(1),
            };
            tx.insert(row).await?;
            Ok(1)
        }
    }
}

/// Applications that may bind money or did: those approved, and those with a commitment.
pub(crate) async fn binding(tx: &Tx) -> Result<Vec<ApplicationId>> {
    let mut ids: Vec<ApplicationId> = application_row::Entity::find()
        .select_only()
        .column(application_row::Column::Id)
        .filter(application_row::Column::State.eq(application::State::Approved))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let committed: Vec<ApplicationId> = pot_commitment::Entity::find()
        .select_only()
        .column(pot_commitment::Column::ApplicationId)
        .filter(pot_commitment::Column::CommittedCents.gt(0))
        .into_tuple()
        .all(tx.connection())
        .await?;
    ids.extend(committed);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Movements of one pot, or that wait for somebody; the newest first.
pub(crate) async fn movements(tx: &Tx, of: Option<&str>, only_asked: bool) -> Result<Vec<pot_movement::Model>> {
    let mut select = tx.select::<pot_movement::Entity>().order_by_desc(pot_movement::Column::Id).limit(200);
    if let Some(pot) = of {
        let either = Condition::any().add(pot_movement::Column::Pot.eq(pot)).add(pot_movement::Column::ToPot.eq(pot));
        select = select.filter(either);
    }
    if only_asked {
        select = select.filter(pot_movement::Column::State.eq(MoveState::Asked));
    }
    Ok(select.all(tx.connection()).await?)
}
