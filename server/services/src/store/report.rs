//! Reports that are owed, and the parts of awards that wait for one.

use chrono::NaiveDate;
use domain::{
    allocation,
    gpu::GpuTime,
    id::{AllocationId, OrganisationId},
    ledger::Account,
    report::{Kind, State},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Tx,
    entity::{account, allocation as allocation_row, application, instalment, report},
};
use crate::error::Result;

const OWED: [State; 2] = [State::Open, State::Returned];

pub(crate) async fn of_allocation(tx: &Tx, id: AllocationId) -> Result<Vec<report::Model>> {
    Ok(tx
        .select::<report::Entity>()
        .filter(report::Column::AllocationId.eq(id))
        .order_by_desc(report::Column::Kind)
        .all(tx.connection())
        .await?)
}

pub(crate) async fn one(tx: &Tx, id: AllocationId, kind: Kind) -> Result<Option<report::Model>> {
    Ok(tx
        .select::<report::Entity>()
        .filter(report::Column::AllocationId.eq(id))
        .filter(report::Column::Kind.eq(kind))
        .one(tx.connection())
        .await?)
}

/// The reference of the application whose final report this organisation owes longest past its last day.
pub(crate) async fn overdue(tx: &Tx, organisation: OrganisationId, today: NaiveDate) -> Result<Option<String>> {
    let found = report::Entity::find()
        .filter(report::Column::OrganisationId.eq(organisation))
        .filter(report::Column::Kind.eq(Kind::Final))
        .filter(report::Column::State.is_in(OWED))
        .filter(report::Column::DueOn.lt(today))
        .order_by_asc(report::Column::DueOn)
        .order_by_asc(report::Column::Id)
        .one(tx.connection())
        .await?;
    let Some(found) = found else { return Ok(None) };
    let about = application::Entity::find_by_id(found.application_id).one(tx.connection()).await?;
    Ok(Some(about.and_then(|about| about.reference).unwrap_or_default()))
}

/// Those of the actor's that are with the company, soonest due first.
pub(crate) async fn owed(tx: &Tx) -> Result<Vec<report::Model>> {
    Ok(tx
        .select::<report::Entity>()
        .filter(report::Column::State.is_in(OWED))
        .order_by_asc(report::Column::DueOn)
        .order_by_asc(report::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Those that wait for an officer, first handed in first.
pub(crate) async fn handed_in(tx: &Tx, limit: u64) -> Result<Vec<report::Model>> {
    Ok(tx
        .select::<report::Entity>()
        .filter(report::Column::State.eq(State::HandedIn))
        .order_by_asc(report::Column::HandedInAt)
        .order_by_asc(report::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Ended allocations that were used and whose final report nobody has asked for yet.
pub(crate) async fn unasked(tx: &Tx) -> Result<Vec<allocation_row::Model>> {
    let asked = report::Entity::find()
        .select_only()
        .column(report::Column::AllocationId)
        .filter(report::Column::Kind.eq(Kind::Final));
    let used = account::Entity::find()
        .select_only()
        .column(account::Column::AllocationId)
        .filter(account::Column::Kind.eq(Account::Used))
        .filter(account::Column::Balance.gt(GpuTime::ZERO));
    Ok(tx
        .select::<allocation_row::Entity>()
        .filter(allocation_row::Column::State.eq(allocation::State::Ended))
        .filter(allocation_row::Column::Id.in_subquery(used.into_query()))
        .filter(allocation_row::Column::Id.not_in_subquery(asked.into_query()))
        .order_by_asc(allocation_row::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The part that waits for a report.
pub(crate) async fn withheld(tx: &Tx, id: AllocationId) -> Result<Option<instalment::Model>> {
    Ok(tx
        .select::<instalment::Entity>()
        .filter(instalment::Column::AllocationId.eq(id))
        .filter(instalment::Column::State.eq(instalment::State::Withheld))
        .one(tx.connection())
        .await?)
}

pub(crate) async fn instalments(tx: &Tx, ids: &[AllocationId]) -> Result<Vec<instalment::Model>> {
    Ok(tx
        .select::<instalment::Entity>()
        .filter(instalment::Column::AllocationId.is_in(ids.iter().copied()))
        .order_by_asc(instalment::Column::Id)
        .all(tx.connection())
        .await?)
}
