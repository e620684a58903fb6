//! Queries of award lists: what is reviewed and undecided in one scope, and the lists that were fixed of it.

use domain::{application::State, id::ApplicationId, scope::Scope};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Tx,
    entity::{application, award_list, decision, panel_item, review},
};
use crate::error::Result;

/// Applications of this scope with a handed-in review and no decision in force that the actor may see, at most so many,
/// in order of arrival.
pub(crate) async fn reviewed(tx: &Tx, scope: Scope, most: u64) -> Result<Vec<application::Model>> {
    let handed_in = review::Entity::find()
        .select_only()
        .column(review::Column::ApplicationId)
        .filter(review::Column::HandedInAt.is_not_null())
        .into_query();
    Ok(tx
        .select::<application::Entity>()
        .filter(super::scope::within(scope))
        .filter(application::Column::State.is_in([State::InReview, State::AwaitingSignature]))
        .filter(application::Column::Id.in_subquery(handed_in))
        .filter(application::Column::Id.not_in_subquery(super::step::under_review()))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Reference)
        .limit(most)
        .all(tx.connection())
        .await?)
}

/// The newest recommendation of each, from any panel; oldest first, so that the newest is the last.
pub(crate) async fn recommendations(tx: &Tx, ids: &[ApplicationId]) -> Result<Vec<panel_item::Model>> {
    let mut items = Vec::new();
    for some in ids.chunks(500) {
        let found = tx
            .select::<panel_item::Entity>()
            .filter(panel_item::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(panel_item::Column::Outcome.is_not_null())
            .order_by_asc(panel_item::Column::SavedAt)
            .all(tx.connection())
            .await?;
        items.extend(found);
    }
    Ok(items)
}

/// The lists that were fixed of a scope, the newest first.
pub(crate) async fn fixed(tx: &Tx, scope: Scope, most: u64) -> Result<Vec<award_list::Model>> {
    let of = super::scope::of(scope, award_list::Column::Mode, award_list::Column::CallId);
    let select = tx.select::<award_list::Entity>().filter(of).order_by_desc(award_list::Column::FixedAt);
    Ok(select.order_by_desc(award_list::Column::Id).limit(most).all(tx.connection()).await?)
}

/// The decisions on these, as far as the actor may see them.
pub(crate) async fn decisions(tx: &Tx, ids: &[ApplicationId]) -> Result<Vec<decision::Model>> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let select = tx.select::<decision::Entity>();
        let of = decision::Column::ApplicationId.is_in(some.iter().copied());
        found.extend(select.filter(of).all(tx.connection()).await?);
    }
    Ok(found)
}
