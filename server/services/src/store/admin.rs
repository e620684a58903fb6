//! Queries of the administrator's pages: people with where they may stand, and the audit.

use domain::{
    actor::StaffRole,
    conflict::State,
    id::{ApplicationId, PersonId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{
    Tx,
    entity::{audit, conflict, organisation, person, role, seat},
    search::anywhere,
};
use crate::error::Result;

/// People whose name or address has the text, by address; `after` is the address that ended the page before.
pub(crate) async fn people(tx: &Tx, typed: &str, after: &str, limit: u64) -> Result<Vec<person::Model>> {
    let typed = typed.trim().to_lowercase();
    let mut select = tx.select::<person::Entity>().order_by_asc(person::Column::Email).limit(limit);
    if !typed.is_empty() {
        let name = Expr::expr(Func::lower(Expr::col(person::Column::Name)));
        select = select.filter(
            Condition::any().add(name.like(anywhere(&typed))).add(person::Column::Email.like(anywhere(&typed))),
        );
    }
    if !after.is_empty() {
        select = select.filter(person::Column::Email.gt(after));
    }
    Ok(select.all(tx.connection()).await?)
}

pub(crate) async fn roles_of(tx: &Tx, people: &[PersonId]) -> Result<Vec<role::Model>> {
    Ok(tx
        .select::<role::Entity>()
        .filter(role::Column::PersonId.is_in(people.to_vec()))
        .order_by_asc(role::Column::GrantedAt)
        .all(tx.connection())
        .await?)
}

/// Seats with the name of their organisation.
pub(crate) async fn seats_of(tx: &Tx, people: &[PersonId]) -> Result<Vec<(seat::Model, String)>> {
    let seats = tx
        .select::<seat::Entity>()
        .filter(seat::Column::PersonId.is_in(people.to_vec()))
        .order_by_asc(seat::Column::CreatedAt)
        .all(tx.connection())
        .await?;
    let ids: Vec<_> = seats.iter().map(|seat| seat.organisation_id).collect();
    let organisations =
        tx.select::<organisation::Entity>().filter(organisation::Column::Id.is_in(ids)).all(tx.connection()).await?;
    Ok(seats
        .into_iter()
        .map(|seat| {
            let of = organisations.iter().find(|organisation| organisation.id == seat.organisation_id);
            let name = of.map(|organisation| organisation.legal_name.clone()).unwrap_or_default();
            (seat, name)
        })
        .collect())
}

/// How many hold the role, whoever they are. Nobody else counts or removes them until the transaction ends.
pub(crate) async fn holders(tx: &Tx, wanted: StaffRole) -> Result<usize> {
    let select = role::Entity::find().filter(role::Column::Role.eq(wanted)).order_by_asc(role::Column::Id);
    let held = match tx.connection().get_database_backend() {
        DbBackend::Postgres => select.lock_exclusive().all(tx.connection()).await?,
        // SQLite has one writer at a time.
        _ => select.all(tx.connection()).await?,
    };
    Ok(held.len())
}

/// The audit's rows that match, the newest first; `before` is the row that ended the page before.
pub(crate) async fn audit(
    tx: &Tx,
    action: &str,
    person: Option<PersonId>,
    subject: &str,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<audit::Model>> {
    // Ids are of version 7: their order is that of time.
    let mut select = tx.select::<audit::Entity>().order_by_desc(audit::Column::Id).limit(limit);
    if !action.is_empty() {
        select = select.filter(audit::Column::Action.eq(action));
    }
    if let Some(person) = person {
        select = select.filter(audit::Column::PersonId.eq(person));
    }
    if !subject.is_empty() {
        select = select.filter(audit::Column::Changes.like(anywhere(subject)));
    }
    if let Some(before) = before {
        select = select.filter(audit::Column::Id.lt(before));
    }
    for hidden in hidden(tx).await? {
        select = select.filter(audit::Column::Changes.not_like(anywhere(&hidden.to_string())));
    }
    Ok(select.all(tx.connection()).await?)
}

/// Applications that a conflict hides from whoever reads, where they judge.
async fn hidden(tx: &Tx) -> Result<Vec<ApplicationId>> {
    let Some(person) = tx.actor().person else { return Ok(Vec::new()) };
    let found = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::ApplicationId)
        .filter(conflict::Column::PersonId.eq(person))
        .filter(conflict::Column::State.eq(State::InForce));
    Ok(found.into_tuple().all(tx.connection()).await?)
}

/// The people of these ids, to put addresses to audit rows.
pub(crate) async fn people_by_id(tx: &Tx, ids: Vec<PersonId>) -> Result<Vec<person::Model>> {
    Ok(tx.select::<person::Entity>().filter(person::Column::Id.is_in(ids)).all(tx.connection()).await?)
}
