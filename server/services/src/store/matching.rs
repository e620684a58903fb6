//! What matching reads of applications.

use domain::application::{State, submit};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::{
    error::Result,
    matching::Approved,
    store::{Tx, entity::application},
};

/// Every approved application, in the order they were handed in.
pub(crate) async fn approved(tx: &Tx) -> Result<Vec<Approved>> {
    let rows = tx
        .select::<application::Entity>()
        .filter(application::Column::State.eq(State::Approved))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Reference)
        .all(tx.connection())
        .await?;
    let read = |row: application::Model| {
        let draft = serde_json::from_str(&row.draft).ok()?;
        Some(Approved {
            application: row.id,
            organisation: row.organisation_id,
            reference: row.reference?,
            since: row.submitted_at?,
            need: submit::need_of(&draft)?,
            terms: row.quote?,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
