//! What matching reads of applications.

use domain::application::{Draft, State, submit::need_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{allocation, application},
};
use crate::{error::Result, matching::Approved};

/// Every approved application that has no open and no ended allocation, in the order of arrival.
pub(crate) async fn approved(tx: &Tx) -> Result<Vec<Approved>> {
    use sea_orm::{QuerySelect as _, QueryTrait as _};
    let served = allocation::Entity::find()
        .select_only()
        .column(allocation::Column::ApplicationId)
        .filter(allocation::Column::State.is_in([
            domain::allocation::State::Offered,
            domain::allocation::State::Accepted,
            domain::allocation::State::Active,
            domain::allocation::State::Ended,
        ]))
        .into_query();
    let found = application::Entity::find()
        .filter(application::Column::State.eq(State::Approved))
        .filter(application::Column::Id.not_in_subquery(served))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().filter_map(read).collect())
}

/// `None` for a draft that cannot be read, which submitting forbids.
fn read(row: application::Model) -> Option<Approved> {
    let draft: Draft = serde_json::from_str(&row.draft).ok()?;
    let need = need_of(&draft);
    if need.is_none() {
        tracing::error!(application = %row.id, "the need of an approved application cannot be read");
    }
    Some(Approved {
        application: row.id,
        organisation: row.organisation_id,
        reference: row.reference.unwrap_or_default(),
        since: row.submitted_at.unwrap_or(row.created_at),
        need: need?,
        terms: row.quote.unwrap_or_else(|| "{}".to_owned()),
    })
}
