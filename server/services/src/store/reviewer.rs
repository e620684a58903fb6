//! Queries about reviewers: profiles, absences, interests, invitations, terms, and how scopes are reviewed.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{actor::StaffRole, id::PersonId};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func},
};

use super::{
    Tx,
    entity::{
        absence, conflict, interest, person, review, review_scope, reviewer, reviewer_invitation, reviewer_terms, role,
    },
};
use crate::error::Result;

pub(crate) async fn profile(tx: &Tx, person: PersonId) -> Result<Option<reviewer::Model>> {
    let select = tx.select::<reviewer::Entity>().filter(reviewer::Column::PersonId.eq(person));
    Ok(select.one(tx.connection()).await?)
}

/// Those that are not over, the nearest first.
pub(crate) async fn absences(tx: &Tx, people: &[PersonId], today: NaiveDate) -> Result<Vec<absence::Model>> {
    let mut found = Vec::new();
    for some in people.chunks(500) {
        let select = tx
            .select::<absence::Entity>()
            .filter(absence::Column::PersonId.is_in(some.iter().copied()))
            .filter(absence::Column::LastDay.gte(today));
        found.extend(select.order_by_asc(absence::Column::FirstDay).all(tx.connection()).await?);
    }
    Ok(found)
}

pub(crate) async fn interests(tx: &Tx, person: PersonId) -> Result<Vec<interest::Model>> {
    let select = tx.select::<interest::Entity>().filter(interest::Column::PersonId.eq(person));
    Ok(select.order_by_asc(interest::Column::CreatedAt).order_by_asc(interest::Column::Id).all(tx.connection()).await?)
}

/// Where these people work now, as far as they said and the actor may know.
pub(crate) async fn employers(tx: &Tx, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<String>>> {
    let mut employers: HashMap<PersonId, Vec<String>> = HashMap::new();
    for some in people.chunks(500) {
        let select = tx
            .select::<interest::Entity>()
            .filter(interest::Column::PersonId.is_in(some.iter().copied()))
            .filter(interest::Column::Kind.eq(domain::reviewer::InterestKind::Employer));
        for row in select.order_by_asc(interest::Column::CreatedAt).all(tx.connection()).await? {
            employers.entry(row.person_id).or_default().push(row.name);
        }
    }
    Ok(employers)
}

/// How many reviews somebody has taken and not handed in. Counted whoever asks: what one reads oneself, one may count.
pub(crate) async fn load(tx: &Tx, person: PersonId) -> Result<i64> {
    let open = review::Entity::find()
        .filter(review::Column::ReviewerId.eq(person))
        .filter(review::Column::HandedInAt.is_null())
        .filter(review::Column::ApplicationId.in_subquery(super::assignment::open_applications()))
        .count(tx.connection())
        .await?;
    Ok(i64::try_from(open).unwrap_or(i64::MAX))
}

/// The same of everybody, without what a conflict hides from the actor.
pub(crate) async fn loads(tx: &Tx) -> Result<HashMap<PersonId, i64>> {
    let mut select = review::Entity::find()
        .select_only()
        .column(review::Column::ReviewerId)
        .column_as(review::Column::Id.count(), "count")
        .filter(review::Column::HandedInAt.is_null())
        .filter(review::Column::ApplicationId.in_subquery(super::assignment::open_applications()));
    if let Some(me) = tx.actor().person {
        select = select.filter(super::guard::in_sight(review::Column::ApplicationId, me));
    }
    let counted: Vec<(PersonId, i64)> =
        select.group_by(review::Column::ReviewerId).into_tuple().all(tx.connection()).await?;
    Ok(counted.into_iter().collect())
}

/// Applications that a conflict in force hides from each, of those that the actor may see.
pub(crate) async fn exclusions(tx: &Tx) -> Result<HashMap<PersonId, i64>> {
    let counted: Vec<(PersonId, i64)> = tx
        .select::<conflict::Entity>()
        .select_only()
        .column(conflict::Column::PersonId)
        .expr_as(Func::count_distinct(Expr::col((conflict::Entity, conflict::Column::ApplicationId))), "count")
        .filter(conflict::Column::State.eq(domain::conflict::State::InForce))
        .group_by(conflict::Column::PersonId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(counted.into_iter().collect())
}

/// Everybody who holds the role, by name, with the profile if there is one.
pub(crate) async fn all(tx: &Tx) -> Result<Vec<(person::Model, Option<reviewer::Model>)>> {
    let holders = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::Role.eq(StaffRole::Reviewer))
        .into_query();
    let people = person::Entity::find()
        .filter(person::Column::Id.in_subquery(holders.clone()))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .all(tx.connection())
        .await?;
    let profiles = tx.select::<reviewer::Entity>().filter(reviewer::Column::PersonId.in_subquery(holders));
    let mut profiles: HashMap<PersonId, reviewer::Model> =
        profiles.all(tx.connection()).await?.into_iter().map(|row| (row.person_id, row)).collect();
    let with = |person: person::Model| {
        let profile = profiles.remove(&person.id);
        (person, profile)
    };
    Ok(people.into_iter().map(with).collect())
}

pub(crate) async fn is_reviewer(tx: &Tx, person: PersonId) -> Result<bool> {
    let held = role::Entity::find()
        .filter(role::Column::PersonId.eq(person))
        .filter(role::Column::Role.eq(StaffRole::Reviewer));
    Ok(held.one(tx.connection()).await?.is_some())
}

/// Invitations that nobody has accepted, the newest first; declined and expired ones too.
pub(crate) async fn invitations(tx: &Tx) -> Result<Vec<reviewer_invitation::Model>> {
    Ok(tx
        .select::<reviewer_invitation::Entity>()
        .filter(reviewer_invitation::Column::AcceptedAt.is_null())
        .order_by_desc(reviewer_invitation::Column::CreatedAt)
        .limit(200)
        .all(tx.connection())
        .await?)
}

/// Open invitations of that address.
pub(crate) async fn invitations_of(tx: &Tx, email: &str) -> Result<Vec<reviewer_invitation::Model>> {
    Ok(tx
        .select::<reviewer_invitation::Entity>()
        .filter(reviewer_invitation::Column::Email.eq(email))
        .filter(reviewer_invitation::Column::AcceptedAt.is_null())
        .filter(reviewer_invitation::Column::DeclinedAt.is_null())
        .all(tx.connection())
        .await?)
}

/// The invitation that this secret's hash opens. Not narrowed: whoever has the secret may read it.
pub(crate) async fn invitation_by_hash(tx: &Tx, hash: &str) -> Result<Option<reviewer_invitation::Model>> {
    let select = reviewer_invitation::Entity::find().filter(reviewer_invitation::Column::Hash.eq(hash));
    Ok(select.one(tx.connection()).await?)
}

/// What this person accepted.
pub(crate) async fn terms(tx: &Tx, person: PersonId) -> Result<Vec<reviewer_terms::Model>> {
    let select = tx.select::<reviewer_terms::Entity>().filter(reviewer_terms::Column::PersonId.eq(person));
    Ok(select.order_by_asc(reviewer_terms::Column::AcceptedAt).all(tx.connection()).await?)
}

/// Every version of every scope, the oldest first.
pub(crate) async fn scopes(tx: &Tx) -> Result<Vec<review_scope::Model>> {
    let select = tx.select::<review_scope::Entity>().order_by_asc(review_scope::Column::Since);
    Ok(select.order_by_asc(review_scope::Column::Id).all(tx.connection()).await?)
}
