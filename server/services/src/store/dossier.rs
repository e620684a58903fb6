//! What a justification file gathers around one application that its verb has found, guarded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    id::{ApplicationId, PersonId},
    panel::Minutes,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Tx,
    entity::{application, conflict, mail, panel, panel_item, person},
};
use crate::error::Result;

/// The submitted application of this reference, if there is one that this actor may see.
pub(crate) async fn by_reference(tx: &Tx, reference: &str) -> Result<Option<application::Model>> {
    Ok(tx
        .select::<application::Entity>()
        .filter(application::Column::Reference.eq(reference))
        .one(tx.connection())
        .await?)
}

/// Every conflict declared with it, first declared first.
pub(crate) async fn conflicts(tx: &Tx, application: ApplicationId) -> Result<Vec<conflict::Model>> {
    Ok(tx
        .select::<conflict::Entity>()
        .filter(conflict::Column::ApplicationId.eq(application))
        .order_by_asc(conflict::Column::DeclaredAt)
        .order_by_asc(conflict::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The minutes of every closed panel that had it on its agenda, first closed first.
pub(crate) async fn minutes(tx: &Tx, application: ApplicationId) -> Result<Vec<Minutes>> {
    let on_agenda = panel_item::Entity::find()
        .select_only()
        .column(panel_item::Column::PanelId)
        .filter(panel_item::Column::ApplicationId.eq(application))
        .into_query();
    let closed = panel::Entity::find()
        .filter(panel::Column::Id.in_subquery(on_agenda))
        .filter(panel::Column::Minutes.is_not_null())
        .order_by_asc(panel::Column::ClosedAt)
        .all(tx.connection())
        .await?;
    closed.iter().filter_map(|row| row.minutes.as_deref()).map(|text| Ok(serde_json::from_str(text)?)).collect()
}

/// Mails that name this reference, first written first.
pub(crate) async fn mails(tx: &Tx, reference: &str, since: DateTime<Utc>) -> Result<Vec<mail::Model>> {
    let names =
        Condition::any().add(mail::Column::Subject.contains(reference)).add(mail::Column::Text.contains(reference));
    let found = tx
        .select::<mail::Entity>()
        .filter(mail::Column::QueuedAt.gte(since))
        .filter(names)
        .order_by_asc(mail::Column::QueuedAt)
        .order_by_asc(mail::Column::Id)
        .all(tx.connection())
        .await?;
    // `…-00042` is not `…-000421`.
    let is_whole = |text: &str| {
        text.match_indices(reference).any(|(at, _)| {
            !text.get(at + reference.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    };
    Ok(found.into_iter().filter(|mail| is_whole(&mail.subject) || is_whole(&mail.text)).collect())
}

/// The people of these ids.
pub(crate) async fn people(tx: &Tx, ids: BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, person::Model>> {
    let found = tx.select::<person::Entity>().filter(person::Column::Id.is_in(ids)).all(tx.connection()).await?;
    Ok(found.into_iter().map(|person| (person.id, person)).collect())
}
