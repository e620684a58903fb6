//! Changes asked of allocations.

use domain::{
    action::{Kind, State},
    allocation,
    id::{AllocationId, OrganisationId},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{action, allocation as allocation_row},
};
use crate::error::Result;

/// Everything asked of this allocation, oldest first.
pub(crate) async fn of_allocation(tx: &Tx, id: AllocationId) -> Result<Vec<action::Model>> {
    Ok(tx
        .select::<action::Entity>()
        .filter(action::Column::AllocationId.eq(id))
        .order_by_asc(action::Column::AskedAt)
        .order_by_asc(action::Column::Id)
        .all(tx.connection())
        .await?)
}

/// What of this kind waits for an answer.
pub(crate) async fn asked(tx: &Tx, id: AllocationId, kind: Kind) -> Result<Option<action::Model>> {
    Ok(tx
        .select::<action::Entity>()
        .filter(action::Column::AllocationId.eq(id))
        .filter(action::Column::Kind.eq(kind))
        .filter(action::Column::State.eq(State::Asked))
        .one(tx.connection())
        .await?)
}

/// What waits for an officer, soonest due first; or what no longer does, latest first.
pub(crate) async fn listed(tx: &Tx, waiting: bool, limit: u64) -> Result<Vec<action::Model>> {
    let select = tx.select::<action::Entity>().limit(limit);
    let select = if waiting {
        select
            .filter(action::Column::State.eq(State::Asked))
            .order_by_asc(action::Column::DueAt)
            .order_by_asc(action::Column::Id)
    } else {
        select
            .filter(action::Column::State.ne(State::Asked))
            .order_by_desc(action::Column::AskedAt)
            .order_by_desc(action::Column::Id)
    };
    Ok(select.all(tx.connection()).await?)
}

/// The organisation's other allocations that are booked, by their first week.
pub(crate) async fn booked_of(
    tx: &Tx,
    organisation: OrganisationId,
    without: AllocationId,
) -> Result<Vec<allocation_row::Model>> {
    let booked = [allocation::State::Accepted, allocation::State::Active];
    Ok(tx
        .select::<allocation_row::Entity>()
        .filter(allocation_row::Column::OrganisationId.eq(organisation))
        .filter(allocation_row::Column::Id.ne(without))
        .filter(allocation_row::Column::State.is_in(booked))
        .order_by_asc(allocation_row::Column::FirstWeek)
        .order_by_asc(allocation_row::Column::Id)
        .all(tx.connection())
        .await?)
}
