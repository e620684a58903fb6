//! Queries of the workflow: the steps of an application, its transitions, and who is due.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    actor::StaffRole,
    id::{ApplicationId, OrganisationId, PersonId},
    period::{brussels_day, start_of_day},
    scope::Scope,
    workflow::{Kind, StepState, clock, edge::Deed},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Query, SelectStatement},
};

use super::{
    Tx,
    entity::{application, assessment, conflict, person, rebuttal, review, role, seat, step, transition},
};
use crate::error::Result;

/// In the order in which they are taken.
pub(crate) async fn of_application(tx: &Tx, id: ApplicationId) -> Result<Vec<step::Model>> {
    Ok(tx
        .select::<step::Entity>()
        .filter(step::Column::ApplicationId.eq(id))
        .order_by_asc(step::Column::Position)
        .all(tx.connection())
        .await?)
}

/// The application, for a rule that must know it whoever asks.
pub(crate) async fn application_whoever_asks(tx: &Tx, id: ApplicationId) -> Result<Option<application::Model>> {
    Ok(application::Entity::find_by_id(id).one(tx.connection()).await?)
}

/// The kind of the step that goes on, for a rule that must know it whoever asks.
pub(crate) async fn active_whoever_asks(tx: &Tx, id: ApplicationId) -> Result<Option<Kind>> {
    let going_on = step::Entity::find()
        .filter(step::Column::ApplicationId.eq(id))
        .filter(step::Column::State.eq(StepState::Active))
        .one(tx.connection())
        .await?;
    Ok(going_on.map(|step| step.kind))
}

/// The step that goes on of each of these; the applications were narrowed already.
pub(crate) async fn active_of(tx: &Tx, rows: &[application::Model]) -> Result<HashMap<ApplicationId, step::Model>> {
    let ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
    let mut found = HashMap::new();
    // SQLite takes a limited number of values in one statement.
    for some in ids.chunks(500) {
        let steps = step::Entity::find()
            .filter(step::Column::State.eq(StepState::Active))
            .filter(step::Column::ApplicationId.is_in(some.iter().copied()))
            .all(tx.connection())
            .await?;
        found.extend(steps.into_iter().map(|step| (step.application_id, step)));
    }
    Ok(found)
}

/// The applications whose step of this kind goes on: for a condition on applications.
pub(super) fn going_on(kind: Kind) -> SelectStatement {
    step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.eq(kind))
        .into_query()
}

/// The applications of which a review can still be handed in: for a condition on applications.
pub(super) fn from_review_on() -> SelectStatement {
    step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.is_in([Kind::ExpertReview, Kind::Rebuttal, Kind::Panel, Kind::Decision]))
        .into_query()
}

/// The applications that experts read or whose applicant answers them: for a condition on applications.
pub(super) fn under_review() -> SelectStatement {
    step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.is_in([Kind::ExpertReview, Kind::Rebuttal]))
        .into_query()
}

/// As [`going_on`], and no answer of the applicant is awaited.
pub(super) fn going_on_unasked(kind: Kind) -> SelectStatement {
    step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.eq(kind))
        .filter(step::Column::StoppedAt.is_null())
        .into_query()
}

/// What this operator's site is asked to assess, the most urgent first.
pub(crate) async fn to_assess(tx: &Tx) -> Result<Vec<application::Model>> {
    let steps = step::Entity::find()
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.eq(Kind::TechnicalAssessment))
        .filter(step::Column::SiteId.eq(tx.actor().site()))
        .order_by_asc(step::Column::DueAt)
        .limit(200)
        .all(tx.connection())
        .await?;
    in_their_order(tx, &steps).await
}

/// The applications of these steps that the actor may see.
async fn in_their_order(tx: &Tx, steps: &[step::Model]) -> Result<Vec<application::Model>> {
    let order: HashMap<ApplicationId, usize> =
        steps.iter().enumerate().map(|(place, step)| (step.application_id, place)).collect();
    let mut rows = tx
        .select::<application::Entity>()
        .filter(application::Column::Id.is_in(order.keys().copied()))
        .all(tx.connection())
        .await?;
    rows.sort_by_key(|row| order.get(&row.id).copied());
    Ok(rows)
}

/// Where an officer acts before the decision, the most urgent first: a check, a site to choose, a panel to close.
pub(crate) async fn for_officers(tx: &Tx, most: u64) -> Result<Vec<application::Model>> {
    let turn = Condition::any().add(step::Column::Kind.is_in([Kind::AdministrativeCheck, Kind::Panel])).add(
        Condition::all().add(step::Column::Kind.eq(Kind::TechnicalAssessment)).add(step::Column::SiteId.is_null()),
    );
    let steps = tx
        .select::<step::Entity>()
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::StoppedAt.is_null())
        .filter(turn)
        .order_by_asc(step::Column::DueAt)
        .limit(most)
        .all(tx.connection())
        .await?;
    in_their_order(tx, &steps).await
}

/// Steps past their deadline whose next stage is due, the longest overdue first.
pub(crate) async fn overdue(tx: &Tx, most: u64) -> Result<Vec<step::Model>> {
    let now = tx.now();
    let closes = step::Column::Kind.eq(Kind::Rebuttal).and(step::Column::DueAt.lt(now));
    let mut due = Condition::any().add(closes);
    for (done, before) in (0_i32..).zip(clock::due_before(now)) {
        due = due.add(step::Column::Escalations.eq(done).and(step::Column::DueAt.lt(before)));
    }
    Ok(tx
        .select::<step::Entity>()
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::StoppedAt.is_null())
        .filter(due)
        .order_by_asc(step::Column::DueAt)
        .limit(most)
        .all(tx.connection())
        .await?)
}

/// Windows to answer the reviews that end today or on the next working day, began on an earlier one, and whose
/// applicant was not reminded; those that end first.
pub(crate) async fn replies_ending(tx: &Tx, most: u64) -> Result<Vec<step::Model>> {
    let now = tx.now();
    Ok(tx
        .select::<step::Entity>()
        .filter(step::Column::Kind.eq(Kind::Rebuttal))
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::StoppedAt.is_null())
        .filter(step::Column::Escalations.eq(0))
        .filter(step::Column::BegunAt.lt(start_of_day(brussels_day(now))))
        .filter(step::Column::DueAt.gte(now))
        .filter(step::Column::DueAt.lt(clock::ends_soon_before(now)))
        .order_by_asc(step::Column::DueAt)
        .limit(most)
        .all(tx.connection())
        .await?)
}

/// Of what the actor may see: how many are past the deadline of their step, with the clock running.
pub(crate) async fn late(tx: &Tx, scope: Option<Scope>) -> Result<i64> {
    let late = step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::StoppedAt.is_null())
        .filter(step::Column::DueAt.lt(tx.now()))
        .into_query();
    let seen = tx.select::<application::Entity>().filter(application::Column::Id.in_subquery(late));
    let seen = seen.filter(super::board::of(scope));
    Ok(i64::try_from(seen.count(tx.connection()).await?).unwrap_or(i64::MAX))
}

/// Oldest first; the application was found already.
pub(crate) async fn transitions(tx: &Tx, id: ApplicationId) -> Result<Vec<transition::Model>> {
    Ok(tx
        .select::<transition::Entity>()
        .filter(transition::Column::ApplicationId.eq(id))
        .order_by_asc(transition::Column::At)
        .order_by_asc(transition::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Who decided, signed, sent back, judged or reviewed this application, however it went on.
pub(crate) async fn took_part(tx: &Tx, id: ApplicationId) -> Result<Vec<PersonId>> {
    let found: Vec<Option<PersonId>> = transition::Entity::find()
        .select_only()
        .column(transition::Column::PersonId)
        .filter(transition::Column::ApplicationId.eq(id))
        .filter(transition::Column::Deed.is_in(Deed::PART.map(Deed::code)))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut people: Vec<PersonId> = found.into_iter().flatten().collect();
    people.extend(super::review::reviewers(tx, id).await?);
    people.extend(super::panel::voters(tx, id).await?);
    if let Some(decision) = super::review::decision_whoever_asks(tx, id).await? {
        people.extend([Some(decision.decided_by), decision.signed_by].into_iter().flatten());
    }
    Ok(people)
}

/// Officers who may see and decide it: without a conflict, a seat in the company, or a review of their own.
pub(crate) async fn officers(tx: &Tx, id: ApplicationId, of: OrganisationId) -> Result<Vec<person::Model>> {
    let officers = Query::select()
        .column(role::Column::PersonId)
        .from(role::Entity)
        .and_where(role::Column::Role.eq(StaffRole::Officer))
        .take();
    let conflicts = Query::select()
        .column(conflict::Column::PersonId)
        .from(conflict::Entity)
        .and_where(conflict::Column::ApplicationId.eq(id))
        .and_where(conflict::Column::State.eq(domain::conflict::State::InForce))
        .take();
    let members = Query::select()
        .column(seat::Column::PersonId)
        .from(seat::Entity)
        .and_where(seat::Column::OrganisationId.eq(of))
        .take();
    let reviewers = Query::select()
        .column(review::Column::ReviewerId)
        .from(review::Entity)
        .and_where(review::Column::ApplicationId.eq(id))
        .take();
    Ok(person::Entity::find()
        .filter(person::Column::Id.in_subquery(officers))
        .filter(person::Column::Id.not_in_subquery(conflicts))
        .filter(person::Column::Id.not_in_subquery(members))
        .filter(person::Column::Id.not_in_subquery(reviewers))
        .filter(person::Column::ConfirmedAt.is_not_null())
        .order_by_asc(person::Column::Email)
        .all(tx.connection())
        .await?)
}

/// Of these people, those from whom neither a conflict in force nor a seat in its company hides the application.
pub(crate) async fn may_see(
    tx: &Tx,
    (id, of): (ApplicationId, OrganisationId),
    people: Vec<person::Model>,
) -> Result<Vec<person::Model>> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let conflicted: Vec<PersonId> = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::PersonId)
        .filter(conflict::Column::ApplicationId.eq(id))
        .filter(conflict::Column::State.eq(domain::conflict::State::InForce))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let members: Vec<PersonId> = seat::Entity::find()
        .select_only()
        .column(seat::Column::PersonId)
        .filter(seat::Column::OrganisationId.eq(of))
        .filter(seat::Column::PersonId.is_in(ids))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let is_free = |person: &person::Model| !conflicted.contains(&person.id) && !members.contains(&person.id);
    Ok(people.into_iter().filter(is_free).collect())
}

/// How many steps each of these people was put in charge of and has not finished.
pub(crate) async fn in_charge_of(tx: &Tx, person: PersonId) -> Result<u64> {
    let charged = step::Entity::find()
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::InCharge.eq(person))
        .count(tx.connection())
        .await?;
    Ok(charged)
}

/// Who has taken it and not handed in.
pub(crate) async fn with_open_review(tx: &Tx, id: ApplicationId) -> Result<Vec<person::Model>> {
    let people = Query::select()
        .column(review::Column::ReviewerId)
        .from(review::Entity)
        .and_where(review::Column::ApplicationId.eq(id))
        .and_where(review::Column::HandedInAt.is_null())
        .take();
    Ok(person::Entity::find().filter(person::Column::Id.in_subquery(people)).all(tx.connection()).await?)
}

/// Reviews that count: handed in, or taken since somebody else was let in.
pub(crate) async fn reviews_under_way(tx: &Tx, id: ApplicationId, since: Option<DateTime<Utc>>) -> Result<u64> {
    let mut select = review::Entity::find().filter(review::Column::ApplicationId.eq(id));
    if let Some(since) = since {
        let counts =
            Condition::any().add(review::Column::HandedInAt.is_not_null()).add(review::Column::OpenedAt.gte(since));
        select = select.filter(counts);
    }
    Ok(select.count(tx.connection()).await?)
}

/// Newest last; whoever sees them.
pub(crate) async fn assessments(tx: &Tx, id: ApplicationId) -> Result<Vec<assessment::Model>> {
    Ok(tx
        .select::<assessment::Entity>()
        .filter(assessment::Column::ApplicationId.eq(id))
        .order_by_asc(assessment::Column::MadeAt)
        .all(tx.connection())
        .await?)
}

pub(crate) async fn rebuttal(tx: &Tx, id: ApplicationId) -> Result<Option<rebuttal::Model>> {
    Ok(tx.select::<rebuttal::Entity>().filter(rebuttal::Column::ApplicationId.eq(id)).one(tx.connection()).await?)
}

/// Names of people, for those who work with them.
pub(crate) async fn names(tx: &Tx, people: Vec<PersonId>) -> Result<HashMap<PersonId, String>> {
    let found: Vec<(PersonId, String)> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .filter(person::Column::Id.is_in(people))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().collect())
}

/// The comments that reviewers wrote for the applicant, first handed in first: their drafts as stored.
pub(crate) async fn review_drafts(tx: &Tx, id: ApplicationId) -> Result<Vec<String>> {
    Ok(review::Entity::find()
        .select_only()
        .column(review::Column::Draft)
        .filter(review::Column::ApplicationId.eq(id))
        .filter(review::Column::HandedInAt.is_not_null())
        .order_by_asc(review::Column::HandedInAt)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// The company's applications that wait for its answer to the reviews, with their deadline.
pub(crate) async fn replies_due(tx: &Tx) -> Result<Vec<(ApplicationId, Option<DateTime<Utc>>)>> {
    Ok(tx
        .select::<step::Entity>()
        .select_only()
        .column(step::Column::ApplicationId)
        .column(step::Column::DueAt)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::Kind.eq(Kind::Rebuttal))
        .into_tuple()
        .all(tx.connection())
        .await?)
}
