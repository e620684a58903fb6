//! Queries of the demo world.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{allocation::State, id::OrganisationId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{allocation, application, audit, organisation, review, seat},
};
use crate::error::Result;

/// Any application that was submitted, to copy.
pub(crate) async fn any_submitted(tx: &Tx) -> Result<Option<application::Model>> {
    Ok(tx.select::<application::Entity>().filter(application::Column::Quote.is_not_null()).one(tx.connection()).await?)
}

/// One submitted application of every organisation that has any.
pub(crate) async fn one_of_each(tx: &Tx) -> Result<Vec<application::Model>> {
    let submitted = application::Column::Quote.is_not_null();
    let ordered = tx.select::<application::Entity>().filter(submitted).order_by_asc(application::Column::Reference);
    let mut found = ordered.all(tx.connection()).await?;
    let mut seen = BTreeSet::new();
    found.retain(|row| seen.insert(row.organisation_id));
    Ok(found)
}

/// Any review that was handed in, to copy.
pub(crate) async fn any_review(tx: &Tx) -> Result<Option<review::Model>> {
    let handed_in = review::Column::HandedInAt.is_not_null();
    Ok(review::Entity::find().filter(handed_in).one(tx.connection()).await?)
}

/// A booked allocation of every organisation that has one, with its application and its company.
pub(crate) async fn booked_of_each(
    tx: &Tx,
) -> Result<Vec<(allocation::Model, application::Model, organisation::Model)>> {
    let booked = [State::Accepted, State::Active, State::Ended];
    let select = allocation::Entity::find().filter(allocation::Column::State.is_in(booked));
    let mut all = select.order_by_asc(allocation::Column::Id).all(tx.connection()).await?;
    let mut seen = BTreeSet::new();
    all.retain(|row| seen.insert(row.organisation_id));
    let mut found = Vec::with_capacity(all.len());
    for row in all {
        let application = tx.find::<application::Entity>(row.application_id).await?;
        let organisation = tx.find::<organisation::Entity>(row.organisation_id).await?;
        found.push((row, application, organisation));
    }
    Ok(found)
}

/// Who has a seat there.
pub(crate) async fn seats(tx: &Tx, id: OrganisationId) -> Result<Vec<seat::Model>> {
    Ok(seat::Entity::find().filter(seat::Column::OrganisationId.eq(id)).all(tx.connection()).await?)
}

/// When somebody last did something.
pub(crate) async fn last_deed(tx: &Tx) -> Result<Option<DateTime<Utc>>> {
    let last = audit::Entity::find().order_by_desc(audit::Column::At).one(tx.connection()).await?;
    Ok(last.map(|row| row.at))
}

/// Applications there are.
pub(crate) async fn count(tx: &Tx) -> Result<u64> {
    Ok(application::Entity::find().count(tx.connection()).await?)
}
