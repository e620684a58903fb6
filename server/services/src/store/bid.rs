//! Queries about bids: what a reviewer would like to read.

use std::collections::HashMap;

use domain::{
    application::State,
    id::{ApplicationId, PersonId},
    reviewer::Wish,
    scope::Scope,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Tx,
    entity::{application, bid},
    scope::within,
};
use crate::error::Result;

/// Those that can still be given to somebody, that the actor may see, in order of arrival.
pub(crate) async fn page(
    tx: &Tx,
    scopes: &[Scope],
    after: Option<&application::Model>,
    limit: usize,
) -> Result<Vec<application::Model>> {
    use application::Column::{Reference, State as InState, SubmittedAt};
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = tx
        .select::<application::Entity>()
        .filter(InState.is_in([State::Submitted, State::InReview]))
        .filter(scopes.iter().fold(Condition::any(), |any, scope| any.add(within(*scope))));
    if let Some(last) = after {
        let same = Condition::all().add(SubmittedAt.eq(last.submitted_at)).add(Reference.gt(last.reference.clone()));
        select = select.filter(Condition::any().add(SubmittedAt.gt(last.submitted_at)).add(same));
    }
    Ok(select
        .order_by_asc(SubmittedAt)
        .order_by_asc(Reference)
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .all(tx.connection())
        .await?)
}

/// The actor's own bids on these.
pub(crate) async fn own(tx: &Tx, person: PersonId, ids: &[ApplicationId]) -> Result<HashMap<ApplicationId, Wish>> {
    let rows = tx
        .select::<bid::Entity>()
        .filter(bid::Column::PersonId.eq(person))
        .filter(bid::Column::ApplicationId.is_in(ids.iter().copied()))
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (row.application_id, row.bid)).collect())
}

/// Places a bid, or changes it. Not narrowed: the caller has found the application, or has just hidden it.
pub(crate) async fn put(tx: &mut Tx, application: ApplicationId, person: PersonId, wish: Wish) -> Result<()> {
    let now = tx.now();
    let known = bid::Entity::find()
        .filter(bid::Column::PersonId.eq(person))
        .filter(bid::Column::ApplicationId.eq(application))
        .one(tx.connection())
        .await?;
    match known {
        Some(row) => {
            let mut next = row.into_active_model();
            next.bid = Set(wish);
            next.at = Set(now);
            tx.update(next).await?;
        }
        None => {
            tx.insert(bid::ActiveModel {
                id: Set(tx.new_id::<domain::id::Event>().uuid()),
                person_id: Set(person),
                application_id: Set(application),
                bid: Set(wish),
                at: Set(now),
            })
            .await?;
        }
    }
    Ok(())
}
