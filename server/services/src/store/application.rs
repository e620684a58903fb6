//! Queries about applications.

use domain::{
    application::State,
    id::{ApplicationId, OrganisationId},
    mode::Code,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Subject, Tx,
    entity::{application, event},
};
use crate::error::Result;

/// Handed in and undecided in this mode, without this one.
pub(crate) async fn open_in(
    tx: &Tx,
    organisation: OrganisationId,
    mode: Code,
    without: Option<ApplicationId>,
) -> Result<i64> {
    let open = State::ALL.into_iter().filter(|state| state.is_open());
    let mut select = tx
        .select::<application::Entity>()
        .filter(application::Column::OrganisationId.eq(organisation))
        .filter(application::Column::Mode.eq(mode.code()))
        // A call counts its own.
        .filter(application::Column::CallId.is_null())
        .filter(application::Column::State.is_in(open));
    if let Some(id) = without {
        select = select.filter(application::Column::Id.ne(id));
    }
    Ok(i64::try_from(select.count(tx.connection()).await?).unwrap_or(i64::MAX))
}

/// Latest change first.
pub(crate) async fn of_organisation(
    tx: &Tx,
    organisation: OrganisationId,
    limit: u64,
) -> Result<Vec<application::Model>> {
    Ok(tx
        .select::<application::Entity>()
        .filter(application::Column::OrganisationId.eq(organisation))
        .order_by_desc(application::Column::UpdatedAt)
        .order_by_desc(application::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// The subject's timeline, oldest first.
pub(crate) async fn events(tx: &Tx, subject: impl Into<Subject>) -> Result<Vec<event::Model>> {
    let subject = subject.into();
    Ok(tx
        .select::<event::Entity>()
        .filter(event::Column::SubjectKind.eq(subject.kind))
        .filter(event::Column::SubjectId.eq(subject.id))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .all(tx.connection())
        .await?)
}
