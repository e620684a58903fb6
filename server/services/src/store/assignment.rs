//! Queries of reviews given out: who could review, what keeps whom from what, who was asked.
//!
//! What is hidden from the officer who asks is in none of the lists; loads count everything, as numbers only.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    actor::StaffRole,
    application::State,
    assignment,
    id::{ApplicationId, OrganisationId, PersonId, ProposalId},
    mode::Code,
    reviewer::{InterestKind, Wish},
    scope::Scope,
    workflow::{Kind, StepState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::SelectStatement};

use super::{
    Tx,
    entity::{
        absence, application, assignment as entity, assignment_hand, assignment_proposal, bid, conflict, interest,
        person, review, reviewer, role, seat, step,
    },
};
use crate::error::Result;

/// Applications of a scope that experts are to review now and that the actor may see, in order of arrival.
pub(crate) async fn to_review(tx: &Tx, scope: Scope) -> Result<Vec<application::Model>> {
    Ok(tx
        .select::<application::Entity>()
        .filter(super::scope::within(scope))
        .filter(application::Column::Id.in_subquery(super::step::going_on(Kind::ExpertReview)))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Reference)
        .all(tx.connection())
        .await?)
}

/// Of these, what the actor may see.
pub(crate) async fn seen(tx: &Tx, ids: Vec<ApplicationId>) -> Result<Vec<application::Model>> {
    let mut seen = Vec::new();
    for some in ids.chunks(500) {
        let select = tx.select::<application::Entity>().filter(application::Column::Id.is_in(some.iter().copied()));
        seen.extend(select.all(tx.connection()).await?);
    }
    Ok(seen)
}

pub(super) fn given_out() -> Vec<&'static str> {
    assignment::given_out().map(Code::code).collect()
}

/// Everybody with this role, by address.
pub(crate) async fn holders(tx: &Tx, wanted: StaffRole) -> Result<Vec<person::Model>> {
    let held = role::Entity::find().filter(role::Column::Role.eq(wanted)).all(tx.connection()).await?;
    let ids: BTreeSet<PersonId> = held.into_iter().map(|role| role.person_id).collect();
    Ok(person::Entity::find()
        .filter(person::Column::Id.is_in(ids))
        .order_by_asc(person::Column::Email)
        .all(tx.connection())
        .await?)
}

/// Nobody else gives these people anything until this transaction ends, so that limits hold.
pub(crate) async fn hold(tx: &Tx, people: BTreeSet<PersonId>) -> Result<()> {
    // SQLite has one writer at a time.
    if tx.is_postgres() {
        let select = person::Entity::find().filter(person::Column::Id.is_in(people)).order_by_asc(person::Column::Id);
        select.lock_exclusive().all(tx.connection()).await?;
    }
    Ok(())
}

/// Live ones whose person has a conflict in force with the application.
pub(crate) async fn in_conflict(tx: &Tx) -> Result<Vec<entity::Model>> {
    let live = entity::Entity::find()
        .filter(entity::Column::State.is_in([assignment::State::Offered, assignment::State::Accepted]))
        .filter(entity::Column::ApplicationId.in_subquery(open_applications()))
        .all(tx.connection())
        .await?;
    let ids: BTreeSet<ApplicationId> = live.iter().map(|row| row.application_id).collect();
    let conflicts = conflicts(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(live.into_iter().filter(|row| conflicts.contains(&(row.application_id, row.person_id))).collect())
}

/// Who is in conflict with which of these.
pub(crate) async fn conflicts(tx: &Tx, applications: &[ApplicationId]) -> Result<BTreeSet<(ApplicationId, PersonId)>> {
    let mut conflicts = BTreeSet::new();
    for some in applications.chunks(500) {
        let found = conflict::Entity::find()
            .filter(conflict::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(conflict::Column::State.eq(domain::conflict::State::InForce))
            .all(tx.connection())
            .await?;
        conflicts.extend(found.into_iter().map(|row| (row.application_id, row.person_id)));
    }
    Ok(conflicts)
}

/// The organisations in which these people have a seat.
pub(crate) async fn seats(tx: &Tx, people: &[PersonId]) -> Result<BTreeMap<OrganisationId, BTreeSet<PersonId>>> {
    let mut seats: BTreeMap<OrganisationId, BTreeSet<PersonId>> = BTreeMap::new();
    for some in people.chunks(500) {
        let found = seat::Entity::find().filter(seat::Column::PersonId.is_in(some.iter().copied()));
        for row in found.all(tx.connection()).await? {
            seats.entry(row.organisation_id).or_default().insert(row.person_id);
        }
    }
    Ok(seats)
}

/// Where these people work, by the name that they gave, as it is compared: those of one employer do not sit together.
pub(crate) async fn employers(tx: &Tx, people: &[PersonId]) -> Result<Vec<(PersonId, String)>> {
    let mut employers = Vec::new();
    for some in people.chunks(500) {
        let found = interest::Entity::find()
            .filter(interest::Column::PersonId.is_in(some.iter().copied()))
            .filter(interest::Column::Kind.eq(InterestKind::Employer))
            .all(tx.connection())
            .await?;
        employers.extend(found.into_iter().map(|row| (row.person_id, row.name.trim().to_lowercase())));
    }
    Ok(employers)
}

/// What these people say that they know and take on. Not narrowed: a limit counts whoever asks.
pub(crate) async fn profiles(tx: &Tx, people: &[PersonId]) -> Result<HashMap<PersonId, reviewer::Model>> {
    let mut profiles = HashMap::new();
    for some in people.chunks(500) {
        let found = reviewer::Entity::find().filter(reviewer::Column::PersonId.is_in(some.iter().copied()));
        profiles.extend(found.all(tx.connection()).await?.into_iter().map(|row| (row.person_id, row)));
    }
    Ok(profiles)
}

/// Who of these is away on that day.
pub(crate) async fn away(tx: &Tx, people: &[PersonId], today: NaiveDate) -> Result<BTreeSet<PersonId>> {
    let mut away = BTreeSet::new();
    for some in people.chunks(500) {
        let found = absence::Entity::find()
            .filter(absence::Column::PersonId.is_in(some.iter().copied()))
            .filter(absence::Column::FirstDay.lte(today))
            .filter(absence::Column::LastDay.gte(today))
            .all(tx.connection())
            .await?;
        away.extend(found.into_iter().map(|row| row.person_id));
    }
    Ok(away)
}

/// How gladly who would read which of these.
pub(crate) async fn bids(tx: &Tx, applications: &[ApplicationId]) -> Result<HashMap<(ApplicationId, PersonId), Wish>> {
    let mut bids = HashMap::new();
    for some in applications.chunks(500) {
        let found = bid::Entity::find().filter(bid::Column::ApplicationId.is_in(some.iter().copied()));
        let found = found.all(tx.connection()).await?;
        bids.extend(found.into_iter().map(|row| ((row.application_id, row.person_id), row.bid)));
    }
    Ok(bids)
}

/// Applications of a scope that anybody was ever asked to review, as far as the actor may see them.
pub(crate) async fn asked_under(tx: &Tx, scope: Scope) -> Result<Vec<ApplicationId>> {
    let asked = entity::Entity::find().select_only().column(entity::Column::ApplicationId).into_query();
    Ok(tx
        .select::<application::Entity>()
        .select_only()
        .column(application::Column::Id)
        .filter(super::scope::within(scope))
        .filter(application::Column::Id.in_subquery(asked))
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Everybody who was ever asked to review one of these.
pub(crate) async fn asked(tx: &Tx, applications: &[ApplicationId]) -> Result<Vec<entity::Model>> {
    let mut asked = Vec::new();
    for some in applications.chunks(500) {
        let found = entity::Entity::find()
            .filter(entity::Column::ApplicationId.is_in(some.iter().copied()))
            .order_by_asc(entity::Column::OfferedAt)
            .all(tx.connection());
        asked.extend(found.await?);
    }
    Ok(asked)
}

/// Who has a review of which of these: handed in, or begun since somebody else was let in.
pub(crate) async fn reviewing(tx: &Tx, applications: &[ApplicationId]) -> Result<BTreeSet<(ApplicationId, PersonId)>> {
    let mut reviewing = BTreeSet::new();
    for some in applications.chunks(500) {
        let late: Vec<(ApplicationId, Option<DateTime<Utc>>)> = step::Entity::find()
            .select_only()
            .columns([step::Column::ApplicationId, step::Column::SubstitutedAt])
            .filter(step::Column::State.eq(StepState::Active))
            .filter(step::Column::ApplicationId.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        let late: HashMap<_, _> = late.into_iter().collect();
        let found = review::Entity::find()
            .filter(review::Column::ApplicationId.is_in(some.iter().copied()))
            .all(tx.connection())
            .await?;
        let counts = found.into_iter().filter(|row| {
            let since = late.get(&row.application_id).copied().flatten();
            row.handed_in_at.is_some() || since.is_none_or(|since| row.opened_at >= since)
        });
        reviewing.extend(counts.map(|row| (row.application_id, row.reviewer_id)));
    }
    Ok(reviewing)
}

/// Asked and not answered in time, the longest first.
pub(crate) async fn unanswered(tx: &Tx, most: u64) -> Result<Vec<entity::Model>> {
    Ok(tx
        .select::<entity::Entity>()
        .filter(entity::Column::State.eq(assignment::State::Offered))
        .filter(entity::Column::AnswerDueAt.lt(tx.now()))
        .order_by_asc(entity::Column::AnswerDueAt)
        .limit(most)
        .all(tx.connection())
        .await?)
}

/// Everybody who is asked about this application, whoever asks.
pub(crate) async fn live_of(tx: &Tx, application: ApplicationId) -> Result<Vec<entity::Model>> {
    Ok(entity::Entity::find()
        .filter(entity::Column::ApplicationId.eq(application))
        .filter(entity::Column::State.is_in([assignment::State::Offered, assignment::State::Accepted]))
        .all(tx.connection())
        .await?)
}

/// How many reviews each has open: begun and not handed in, or asked for and not answered.
pub(crate) async fn loads(tx: &Tx) -> Result<HashMap<PersonId, u32>> {
    let open: Vec<(PersonId, i64)> = review::Entity::find()
        .select_only()
        .column(review::Column::ReviewerId)
        .column_as(review::Column::Id.count(), "count")
        .filter(review::Column::HandedInAt.is_null())
        .filter(review::Column::ApplicationId.in_subquery(open_applications()))
        .group_by(review::Column::ReviewerId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let asked: Vec<(PersonId, i64)> = entity::Entity::find()
        .select_only()
        .column(entity::Column::PersonId)
        .column_as(entity::Column::Id.count(), "count")
        .filter(entity::Column::State.eq(assignment::State::Offered))
        .filter(entity::Column::ApplicationId.in_subquery(open_applications()))
        .group_by(entity::Column::PersonId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut loads: HashMap<PersonId, u32> = HashMap::new();
    for (person, count) in open.into_iter().chain(asked) {
        *loads.entry(person).or_default() += u32::try_from(count).unwrap_or(u32::MAX);
    }
    Ok(loads)
}

/// Those that can still be reviewed.
pub(super) fn open_applications() -> SelectStatement {
    application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::State.is_in([State::Submitted, State::InReview]))
        .into_query()
}

/// The drafts of the last applications that each of these handed in a review of: what they have read, they know.
pub(crate) async fn read_before(tx: &Tx, people: &[PersonId], most: usize) -> Result<HashMap<PersonId, Vec<String>>> {
    let mut read: HashMap<PersonId, Vec<ApplicationId>> = HashMap::new();
    for some in people.chunks(500) {
        let found: Vec<(PersonId, ApplicationId)> = review::Entity::find()
            .select_only()
            .columns([review::Column::ReviewerId, review::Column::ApplicationId])
            .filter(review::Column::ReviewerId.is_in(some.iter().copied()))
            .filter(review::Column::HandedInAt.is_not_null())
            .order_by_desc(review::Column::HandedInAt)
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (person, application) in found {
            let of = read.entry(person).or_default();
            if of.len() < most {
                of.push(application);
            }
        }
    }
    let ids: BTreeSet<ApplicationId> = read.values().flatten().copied().collect();
    let ids: Vec<ApplicationId> = ids.into_iter().collect();
    let mut drafts: HashMap<ApplicationId, String> = HashMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(ApplicationId, String)> = application::Entity::find()
            .select_only()
            .columns([application::Column::Id, application::Column::Draft])
            .filter(application::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        drafts.extend(found);
    }
    let texts = |of: Vec<ApplicationId>| of.iter().filter_map(|id| drafts.get(id).cloned()).collect();
    Ok(read.into_iter().map(|(person, of)| (person, texts(of))).collect())
}

/// The newest proposal of a scope that was not put aside.
pub(crate) async fn newest(tx: &Tx, scope: Scope) -> Result<Option<assignment_proposal::Model>> {
    Ok(tx
        .select::<assignment_proposal::Entity>()
        .filter(assignment_proposal::Column::Mode.eq(scope.to_string()))
        .filter(assignment_proposal::Column::State.ne(assignment::ProposalState::Discarded))
        .order_by_desc(assignment_proposal::Column::MadeAt)
        .order_by_desc(assignment_proposal::Column::Id)
        .limit(1)
        .one(tx.connection())
        .await?)
}

pub(crate) async fn hands(tx: &Tx, proposal: ProposalId) -> Result<Vec<assignment_hand::Model>> {
    Ok(tx
        .select::<assignment_hand::Entity>()
        .filter(assignment_hand::Column::ProposalId.eq(proposal))
        .order_by_asc(assignment_hand::Column::MadeAt)
        .all(tx.connection())
        .await?)
}

/// What this person was asked for and has not answered, or accepted, as far as nothing hides it from them.
pub(crate) async fn of_person(tx: &Tx, person: PersonId) -> Result<Vec<entity::Model>> {
    Ok(tx
        .select::<entity::Entity>()
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::State.eq(assignment::State::Offered))
        .filter(entity::Column::ApplicationId.in_subquery(open_applications()))
        .order_by_asc(entity::Column::AnswerDueAt)
        .all(tx.connection())
        .await?)
}

/// What this person was asked about this application, whatever became of it.
pub(crate) async fn of_pair(tx: &Tx, application: ApplicationId, person: PersonId) -> Result<Option<entity::Model>> {
    Ok(entity::Entity::find()
        .filter(entity::Column::ApplicationId.eq(application))
        .filter(entity::Column::PersonId.eq(person))
        .one(tx.connection())
        .await?)
}
