//! Allocations by what people and reconcilers look for, and the names that go with them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    actor::Seat,
    allocation::State,
    id::{AllocationId, ApplicationId, OrganisationId, SiteId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{allocation, event, organisation, person, role, seat},
};
use crate::error::Result;

/// Newest first.
pub(crate) async fn in_states(tx: &Tx, states: &[State], most: u64) -> Result<Vec<allocation::Model>> {
    let found = tx
        .select::<allocation::Entity>()
        .filter(allocation::Column::State.is_in(states.iter().copied()))
        .order_by_desc(allocation::Column::OfferedAt)
        .order_by_desc(allocation::Column::Id)
        .limit(most)
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// Every allocation of these applications, oldest first.
pub(crate) async fn of_applications(tx: &Tx, applications: &[ApplicationId]) -> Result<Vec<allocation::Model>> {
    let mut found = Vec::new();
    for some in applications.chunks(500) {
        found.extend(
            tx.select::<allocation::Entity>()
                .filter(allocation::Column::ApplicationId.is_in(some.iter().copied()))
                .order_by_asc(allocation::Column::OfferedAt)
                .all(tx.connection())
                .await?,
        );
    }
    Ok(found)
}

/// The same whoever asks: for planning, which must not differ by who starts it.
pub(crate) async fn earlier(tx: &Tx, applications: &[ApplicationId]) -> Result<Vec<allocation::Model>> {
    let mut found = Vec::new();
    for some in applications.chunks(500) {
        let select = allocation::Entity::find().filter(allocation::Column::ApplicationId.is_in(some.iter().copied()));
        found.extend(select.order_by_asc(allocation::Column::OfferedAt).all(tx.connection()).await?);
    }
    Ok(found)
}

/// Offers that nobody answered in time.
pub(crate) async fn expired(tx: &Tx, now: DateTime<Utc>) -> Result<Vec<AllocationId>> {
    let found = tx
        .select::<allocation::Entity>()
        .filter(allocation::Column::State.eq(State::Offered))
        .filter(allocation::Column::ExpiresAt.lte(now))
        .order_by_asc(allocation::Column::ExpiresAt)
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// The legal names of these organisations: for rows that the caller has found, guarded.
pub(crate) async fn organisation_names(
    tx: &Tx,
    ids: impl IntoIterator<Item = OrganisationId> + Send,
) -> Result<BTreeMap<OrganisationId, String>> {
    let ids: std::collections::BTreeSet<OrganisationId> = ids.into_iter().collect();
    let found: Vec<(OrganisationId, String)> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .column(organisation::Column::LegalName)
        .filter(organisation::Column::Id.is_in(ids))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().collect())
}

/// The operators of a site.
pub(crate) async fn operators(tx: &Tx, at: SiteId) -> Result<Vec<person::Model>> {
    let people: Vec<domain::id::PersonId> = role::Entity::find()
        .filter(role::Column::SiteId.eq(at))
        .all(tx.connection())
        .await?
        .into_iter()
        .map(|role| role.person_id)
        .collect();
    let confirmed = person::Entity::find().filter(person::Column::ConfirmedAt.is_not_null());
    Ok(confirmed
        .filter(person::Column::Id.is_in(people))
        .order_by_asc(person::Column::Email)
        .all(tx.connection())
        .await?)
}

/// The people of an organisation who answer its offers.
pub(crate) async fn addressees(tx: &Tx, organisation: OrganisationId) -> Result<Vec<person::Model>> {
    let people: Vec<domain::id::PersonId> = seat::Entity::find()
        .filter(seat::Column::OrganisationId.eq(organisation))
        .filter(seat::Column::Seat.is_in([Seat::Owner, Seat::Applicant]))
        .all(tx.connection())
        .await?
        .into_iter()
        .map(|seat| seat.person_id)
        .collect();
    let found = person::Entity::find()
        .filter(person::Column::Id.is_in(people))
        .filter(person::Column::ConfirmedAt.is_not_null())
        .order_by_asc(person::Column::Email)
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// The timeline of an allocation that the caller has found, guarded.
pub(crate) async fn timeline(tx: &Tx, id: AllocationId) -> Result<Vec<event::Model>> {
    let found = event::Entity::find()
        .filter(event::Column::SubjectKind.eq("allocation"))
        .filter(event::Column::SubjectId.eq(id.uuid()))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// Those of these allocations that the actor may see.
pub(crate) async fn by_ids(
    tx: &Tx,
    ids: impl IntoIterator<Item = AllocationId> + Send,
) -> Result<Vec<allocation::Model>> {
    let found =
        tx.select::<allocation::Entity>().filter(allocation::Column::Id.is_in(ids)).all(tx.connection()).await?;
    Ok(found)
}

/// Whose allocation it is, whoever asks.
pub(crate) async fn application_of(tx: &Tx, id: AllocationId) -> Result<Option<ApplicationId>> {
    let found = allocation::Entity::find().select_only().column(allocation::Column::ApplicationId);
    Ok(found.filter(allocation::Column::Id.eq(id)).into_tuple().one(tx.connection()).await?)
}
