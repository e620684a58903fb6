//! Queries of the review office. The queue's order is the order of arrival, and nothing else.

use std::collections::{HashMap, HashSet};

use domain::{
    application::State,
    calibration::Score,
    id::{ApplicationId, OrganisationId, PersonId},
    scope::Scope,
    workflow::Kind,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Query},
};

use super::{
    Tx,
    entity::{application, conflict, decision, organisation, review, seat},
};
use crate::error::Result;

/// Those of these applications of which a review can be handed in and that the actor may see, in order of arrival.
pub(crate) async fn taken(tx: &Tx, ids: Vec<ApplicationId>) -> Result<Vec<application::Model>> {
    Ok(tx
        .select::<application::Entity>()
        .filter(application::Column::State.is_in([State::Submitted, State::InReview]))
        .filter(application::Column::Id.is_in(ids))
        .filter(application::Column::Id.in_subquery(super::step::from_review_on()))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Reference)
        .all(tx.connection())
        .await?)
}

/// What waits for whoever comes first, in a mode whose reviews are not given out; not what this reviewer has a review of, or
/// what awaits an answer of the applicant.
fn waiting(tx: &Tx, person: PersonId) -> Select<application::Entity> {
    let own = Query::select()
        .column(review::Column::ApplicationId)
        .from(review::Entity)
        .and_where(review::Column::ReviewerId.eq(person))
        .take();
    tx.select::<application::Entity>()
        .filter(application::Column::State.eq(State::Submitted))
        .filter(application::Column::Mode.is_not_in(super::assignment::given_out()))
        .filter(application::Column::Id.in_subquery(super::step::going_on_unasked(Kind::ExpertReview)))
        .filter(application::Column::Id.not_in_subquery(own))
}

/// The first to have arrived of those that wait for this reviewer, and how many those are.
pub(crate) async fn first_waiting(tx: &Tx, person: PersonId, most: u64) -> Result<Vec<application::Model>> {
    Ok(waiting(tx, person)
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Reference)
        .limit(most)
        .all(tx.connection())
        .await?)
}

pub(crate) async fn count_waiting(tx: &Tx, person: PersonId) -> Result<i64> {
    Ok(i64::try_from(waiting(tx, person).count(tx.connection()).await?).unwrap_or(i64::MAX))
}

/// Moves an application from one state to the next; false if somebody was faster.
pub(crate) async fn advance(tx: &mut Tx, id: ApplicationId, from: State, to: State) -> Result<bool> {
    let now = tx.now();
    let moved = application::Entity::update_many()
        .col_expr(application::Column::State, Expr::value(to.code()))
        .col_expr(application::Column::UpdatedAt, Expr::value(now))
        .col_expr(application::Column::Version, Expr::col(application::Column::Version).add(1))
        .filter(application::Column::Id.eq(id))
        .filter(application::Column::State.eq(from))
        .exec(tx.connection())
        .await?;
    let is_moved = moved.rows_affected == 1;
    if is_moved {
        tx.changed("update", "application", id.to_string());
    }
    Ok(is_moved)
}

/// This person's reviews, handed in or not.
pub(crate) async fn of_reviewer(tx: &Tx, person: PersonId) -> Result<Vec<review::Model>> {
    Ok(tx.select::<review::Entity>().filter(review::Column::ReviewerId.eq(person)).all(tx.connection()).await?)
}

pub(crate) async fn own(tx: &Tx, application: ApplicationId, person: PersonId) -> Result<Option<review::Model>> {
    Ok(tx
        .select::<review::Entity>()
        .filter(review::Column::ApplicationId.eq(application))
        .filter(review::Column::ReviewerId.eq(person))
        .one(tx.connection())
        .await?)
}

/// The reviews of an application that the actor may see, first handed in first.
pub(crate) async fn of_application(tx: &Tx, application: ApplicationId) -> Result<Vec<review::Model>> {
    Ok(tx
        .select::<review::Entity>()
        .filter(review::Column::ApplicationId.eq(application))
        .order_by_asc(review::Column::HandedInAt)
        .all(tx.connection())
        .await?)
}

/// Every review of an application, handed in or not, whoever asks: for whom has one, not for what it says.
pub(crate) async fn all_of(tx: &Tx, application: ApplicationId) -> Result<Vec<review::Model>> {
    let select = review::Entity::find().filter(review::Column::ApplicationId.eq(application));
    Ok(select.order_by_asc(review::Column::OpenedAt).all(tx.connection()).await?)
}

pub(crate) async fn decision(tx: &Tx, application: ApplicationId) -> Result<Option<decision::Model>> {
    Ok(tx
        .select::<decision::Entity>()
        .filter(decision::Column::ApplicationId.eq(application))
        .one(tx.connection())
        .await?)
}

/// The applications that this person decided and nobody has signed yet.
pub(crate) async fn unsigned_of(tx: &Tx, person: PersonId) -> Result<HashSet<ApplicationId>> {
    let ids: Vec<ApplicationId> = tx
        .select::<decision::Entity>()
        .select_only()
        .column(decision::Column::ApplicationId)
        .filter(decision::Column::DecidedBy.eq(person))
        .filter(decision::Column::NeedsSecond.eq(true))
        .filter(decision::Column::SignedBy.is_null())
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(ids.into_iter().collect())
}

/// As [`decision`], for a rule that must know it whoever asks.
pub(crate) async fn decision_whoever_asks(tx: &Tx, application: ApplicationId) -> Result<Option<decision::Model>> {
    let of = decision::Column::ApplicationId.eq(application);
    Ok(decision::Entity::find().filter(of).one(tx.connection()).await?)
}

/// Whether a conflict of this person with this application is in force.
pub(crate) async fn has_conflict(tx: &Tx, application: ApplicationId, person: PersonId) -> Result<bool> {
    let found = conflict::Entity::find()
        .filter(conflict::Column::ApplicationId.eq(application))
        .filter(conflict::Column::PersonId.eq(person))
        .filter(conflict::Column::State.eq(domain::conflict::State::InForce))
        .one(tx.connection())
        .await?;
    Ok(found.is_some())
}

/// Organisations that this person has a seat in, wherever they stand now.
pub(crate) async fn companies(tx: &Tx, person: PersonId) -> Result<Vec<OrganisationId>> {
    let seats = seat::Entity::find().filter(seat::Column::PersonId.eq(person)).all(tx.connection()).await?;
    Ok(seats.into_iter().map(|seat| seat.organisation_id).collect())
}

/// Names of the organisations of these applications; the applications were narrowed already.
pub(crate) async fn names(tx: &Tx, rows: &[application::Model]) -> Result<HashMap<OrganisationId, String>> {
    let ids: Vec<OrganisationId> = rows.iter().map(|row| row.organisation_id).collect();
    let mut names = HashMap::new();
    // SQLite takes a limited number of values in one statement.
    for some in ids.chunks(500) {
        let found: Vec<(OrganisationId, String)> = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .column(organisation::Column::LegalName)
            .filter(organisation::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        names.extend(found);
    }
    Ok(names)
}

/// Who has handed in a review of this application. For the rule that reviewing and deciding are two persons' work.
pub(crate) async fn reviewers(tx: &Tx, application: ApplicationId) -> Result<Vec<PersonId>> {
    Ok(review::Entity::find()
        .select_only()
        .column(review::Column::ReviewerId)
        .filter(review::Column::ApplicationId.eq(application))
        .filter(review::Column::HandedInAt.is_not_null())
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Every review of a scope that was handed in and that the actor may see, as the calibration takes it.
pub(crate) async fn scores(tx: &Tx, scope: Scope) -> Result<Vec<Score>> {
    let of_mode = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(super::scope::within(scope))
        .into_query();
    let found: Vec<(ApplicationId, PersonId, Option<i64>)> = tx
        .select::<review::Entity>()
        .select_only()
        .columns([review::Column::ApplicationId, review::Column::ReviewerId, review::Column::Total])
        .filter(review::Column::ApplicationId.in_subquery(of_mode))
        .filter(review::Column::HandedInAt.is_not_null())
        .into_tuple()
        .all(tx.connection())
        .await?;
    let score =
        |(application, reviewer, total): (_, _, Option<i64>)| Some(Score { application, reviewer, total: total? });
    Ok(found.into_iter().filter_map(score).collect())
}

/// These applications, as far as the actor may see them.
pub(crate) async fn rows(tx: &Tx, ids: &HashSet<ApplicationId>) -> Result<Vec<application::Model>> {
    let ids: Vec<ApplicationId> = ids.iter().copied().collect();
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let select = tx.select::<application::Entity>().filter(application::Column::Id.is_in(some.iter().copied()));
        rows.extend(select.all(tx.connection()).await?);
    }
    Ok(rows)
}
