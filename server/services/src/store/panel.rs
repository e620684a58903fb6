//! Queries of panels. What is narrowed goes through the transaction's `select`; what a sitting needs to know as a
//! whole – who must leave, what comes next – is read unnarrowed here and never leaves the verbs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    actor::StaffRole,
    application,
    id::{ApplicationId, OrganisationId, PanelId, PanelItemId, PersonId},
    panel::{ItemState, Role, State},
    scope::Scope,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr};

use super::{
    Tx,
    entity::{
        application as applications, conflict, panel, panel_addendum, panel_ballot, panel_item, panel_member, person,
        review, role, seat,
    },
};
use crate::error::Result;

/// SQLite takes a limited number of values in one statement.
const AT_ONCE: usize = 500;

/// The panels this actor may see, the newest sitting first.
pub(crate) async fn panels(tx: &Tx) -> Result<Vec<panel::Model>> {
    Ok(tx
        .select::<panel::Entity>()
        .order_by_desc(panel::Column::HeldOn)
        .order_by_desc(panel::Column::Id)
        .limit(200)
        .all(tx.connection())
        .await?)
}

/// Who sits in it: chair, secretary, members, each by name.
pub(crate) async fn members(tx: &Tx, panel: PanelId) -> Result<Vec<(panel_member::Model, String)>> {
    let rows = tx
        .select::<panel_member::Entity>()
        .filter(panel_member::Column::PanelId.eq(panel))
        .all(tx.connection())
        .await?;
    let names = super::step::names(tx, rows.iter().map(|row| row.person_id).collect()).await?;
    let named = |row: panel_member::Model| {
        let name = names.get(&row.person_id).cloned().unwrap_or_default();
        (row, name)
    };
    let mut members: Vec<_> = rows.into_iter().map(named).collect();
    members.sort_by(|(one, name), (other, others)| (one.role, name).cmp(&(other.role, others)));
    Ok(members)
}

/// Whoever may sit: reviewers and officers, by name.
pub(crate) async fn candidates(tx: &Tx) -> Result<Vec<(PersonId, String)>> {
    let staff = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::Role.is_in([StaffRole::Reviewer, StaffRole::Officer]))
        .into_query();
    Ok(person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .filter(person::Column::Id.in_subquery(staff))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// What this actor may see of the agenda, in its order.
pub(crate) async fn items(tx: &Tx, panel: PanelId) -> Result<Vec<panel_item::Model>> {
    Ok(tx
        .select::<panel_item::Entity>()
        .filter(panel_item::Column::PanelId.eq(panel))
        .order_by_asc(panel_item::Column::Position)
        .order_by_asc(panel_item::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The whole agenda, whoever asks: for what the sitting does next.
pub(crate) async fn whole_agenda(tx: &Tx, panel: PanelId) -> Result<Vec<panel_item::Model>> {
    Ok(panel_item::Entity::find()
        .filter(panel_item::Column::PanelId.eq(panel))
        .order_by_asc(panel_item::Column::Position)
        .order_by_asc(panel_item::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The applications of these items, whoever asks: for the minutes.
pub(crate) async fn applications_of(tx: &Tx, ids: Vec<ApplicationId>) -> Result<Vec<applications::Model>> {
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let some = applications::Entity::find().filter(applications::Column::Id.is_in(some.iter().copied()));
        rows.extend(some.all(tx.connection()).await?);
    }
    Ok(rows)
}

/// Those of these applications that this actor may see.
pub(crate) async fn seen(tx: &Tx, ids: &[ApplicationId]) -> Result<Vec<applications::Model>> {
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let some = tx.select::<applications::Entity>().filter(applications::Column::Id.is_in(some.iter().copied()));
        rows.extend(some.all(tx.connection()).await?);
    }
    Ok(rows)
}

/// Whom a conflict, or a seat in the company, sends out of the room for each of these.
pub(crate) async fn away(
    tx: &Tx,
    items: &[panel_item::Model],
    people: &[PersonId],
) -> Result<BTreeMap<PanelItemId, BTreeSet<PersonId>>> {
    let ids: Vec<ApplicationId> = items.iter().map(|item| item.application_id).collect();
    let mut declared: Vec<(ApplicationId, PersonId)> = Vec::new();
    let mut owners: Vec<(ApplicationId, OrganisationId)> = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let found: Vec<(ApplicationId, PersonId)> = conflict::Entity::find()
            .select_only()
            .column(conflict::Column::ApplicationId)
            .column(conflict::Column::PersonId)
            .filter(conflict::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(conflict::Column::PersonId.is_in(people.iter().copied()))
            .filter(conflict::Column::State.eq(domain::conflict::State::InForce))
            .into_tuple()
            .all(tx.connection())
            .await?;
        declared.extend(found);
        let found: Vec<(ApplicationId, OrganisationId)> = applications::Entity::find()
            .select_only()
            .column(applications::Column::Id)
            .column(applications::Column::OrganisationId)
            .filter(applications::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        owners.extend(found);
    }
    let seats = seat::Entity::find().filter(seat::Column::PersonId.is_in(people.iter().copied()));
    let seats = seats.all(tx.connection()).await?;
    let mut away: BTreeMap<ApplicationId, BTreeSet<PersonId>> = BTreeMap::new();
    for (application, person) in declared {
        away.entry(application).or_default().insert(person);
    }
    for (application, organisation) in owners {
        let own = seats.iter().filter(|seat| seat.organisation_id == organisation).map(|seat| seat.person_id);
        away.entry(application).or_default().extend(own);
    }
    Ok(items.iter().map(|item| (item.id, away.get(&item.application_id).cloned().unwrap_or_default())).collect())
}

/// The first so many applications of a scope that are reviewed, undecided and on no agenda of a panel that is not closed,
/// in order of arrival; whoever asks, because a panel judges all.
pub(crate) async fn to_judge(tx: &Tx, scope: Scope, most: u64) -> Result<Vec<applications::Model>> {
    let handed_in = review::Entity::find()
        .select_only()
        .column(review::Column::ApplicationId)
        .filter(review::Column::HandedInAt.is_not_null())
        .into_query();
    let taken = panel_item::Entity::find()
        .select_only()
        .column(panel_item::Column::ApplicationId)
        .filter(panel_item::Column::PanelId.in_subquery(running()))
        .into_query();
    Ok(applications::Entity::find()
        .filter(super::scope::within(scope))
        .filter(applications::Column::State.eq(application::State::InReview))
        .filter(applications::Column::Id.in_subquery(handed_in))
        .filter(applications::Column::Id.not_in_subquery(super::step::under_review()))
        .filter(applications::Column::Id.not_in_subquery(taken))
        .order_by_asc(applications::Column::SubmittedAt)
        .order_by_asc(applications::Column::Reference)
        .limit(most)
        .all(tx.connection())
        .await?)
}

fn running() -> sea_orm::sea_query::SelectStatement {
    panel::Entity::find()
        .select_only()
        .column(panel::Column::Id)
        .filter(panel::Column::State.ne(State::Closed))
        .into_query()
}

/// Whether a panel that is not closed has it on its agenda.
pub(crate) async fn is_on_an_agenda(tx: &Tx, application: ApplicationId) -> Result<bool> {
    let found = panel_item::Entity::find()
        .filter(panel_item::Column::ApplicationId.eq(application))
        .filter(panel_item::Column::PanelId.in_subquery(running()))
        .one(tx.connection())
        .await?;
    Ok(found.is_some())
}

/// The application of this reference, if this actor may see it.
pub(crate) async fn by_reference(tx: &Tx, reference: &str) -> Result<Option<applications::Model>> {
    let select = tx.select::<applications::Entity>().filter(applications::Column::Reference.eq(reference));
    Ok(select.one(tx.connection()).await?)
}

/// Every member's ballot: to be combined, never to be shown.
pub(crate) async fn ballots(tx: &Tx, panel: PanelId) -> Result<Vec<panel_ballot::Model>> {
    Ok(panel_ballot::Entity::find()
        .filter(panel_ballot::Column::PanelId.eq(panel))
        .order_by_asc(panel_ballot::Column::Id)
        .all(tx.connection())
        .await?)
}

pub(crate) async fn own_ballot(tx: &Tx, panel: PanelId, person: PersonId) -> Result<Option<panel_ballot::Model>> {
    Ok(tx
        .select::<panel_ballot::Entity>()
        .filter(panel_ballot::Column::PanelId.eq(panel))
        .filter(panel_ballot::Column::PersonId.eq(person))
        .one(tx.connection())
        .await?)
}

/// What was added to the minutes and this actor may see, oldest first.
pub(crate) async fn addenda(tx: &Tx, panel: PanelId) -> Result<Vec<panel_addendum::Model>> {
    Ok(tx
        .select::<panel_addendum::Entity>()
        .filter(panel_addendum::Column::PanelId.eq(panel))
        .order_by_asc(panel_addendum::Column::WrittenAt)
        .order_by_asc(panel_addendum::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The handed-in reviews of an application, whose reviewers are not told; the application was narrowed already.
pub(crate) async fn reviews(tx: &Tx, application: ApplicationId) -> Result<Vec<review::Model>> {
    Ok(review::Entity::find()
        .filter(review::Column::ApplicationId.eq(application))
        .filter(review::Column::HandedInAt.is_not_null())
        .order_by_asc(review::Column::HandedInAt)
        .order_by_asc(review::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The newest recommendation about an application: its item, and the panel's name.
pub(crate) async fn recommendation(
    tx: &Tx,
    application: ApplicationId,
) -> Result<Option<(panel_item::Model, panel::Model)>> {
    let items = panel_item::Entity::find()
        .filter(panel_item::Column::ApplicationId.eq(application))
        .filter(panel_item::Column::Outcome.is_not_null())
        .order_by_desc(panel_item::Column::SavedAt)
        .order_by_desc(panel_item::Column::Id)
        .limit(1)
        .all(tx.connection())
        .await?;
    let Some(item) = items.into_iter().next() else { return Ok(None) };
    let panel = panel::Entity::find_by_id(item.panel_id).one(tx.connection()).await?;
    Ok(panel.map(|panel| (item, panel)))
}

/// Whether this person had a vote in a panel that recommended this application and was in the room.
pub(crate) async fn recommended_it(tx: &Tx, application: ApplicationId, person: PersonId) -> Result<bool> {
    Ok(voters(tx, application).await?.contains(&person))
}

/// Everybody who had a vote in a panel that recommended this application.
pub(crate) async fn voters(tx: &Tx, application: ApplicationId) -> Result<Vec<PersonId>> {
    let panels = panel_item::Entity::find()
        .select_only()
        .column(panel_item::Column::PanelId)
        .filter(panel_item::Column::ApplicationId.eq(application))
        .filter(panel_item::Column::Outcome.is_not_null())
        .into_query();
    Ok(panel_member::Entity::find()
        .select_only()
        .column(panel_member::Column::PersonId)
        .filter(panel_member::Column::PanelId.in_subquery(panels))
        .filter(panel_member::Column::Role.ne(Role::Secretary))
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Moves an item to another state in its place; the version of what was typed is not touched.
pub(crate) async fn put(
    tx: &mut Tx,
    item: PanelItemId,
    state: ItemState,
    position: Option<i32>,
    away: &BTreeSet<PersonId>,
) -> Result<()> {
    let mut update = panel_item::Entity::update_many()
        .col_expr(panel_item::Column::State, Expr::value(state.code()))
        .col_expr(panel_item::Column::Away, Expr::value(serde_json::to_string(away)?))
        .filter(panel_item::Column::Id.eq(item));
    if let Some(position) = position {
        update = update.col_expr(panel_item::Column::Position, Expr::value(position));
    }
    update.exec(tx.connection()).await?;
    tx.changed("update", "panel_item", item.to_string());
    Ok(())
}

/// Counts, sums and extremes of the handed-in reviews of each: count, sum, least, most, in hundredths of a grade.
pub(crate) async fn scores(tx: &Tx, ids: &[ApplicationId]) -> Result<HashMap<ApplicationId, [i64; 4]>> {
    let mut scores: HashMap<ApplicationId, [i64; 4]> = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let totals: Vec<(ApplicationId, Option<i64>)> = review::Entity::find()
            .select_only()
            .column(review::Column::ApplicationId)
            .column(review::Column::Total)
            .filter(review::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(review::Column::HandedInAt.is_not_null())
            .filter(Expr::col(review::Column::Total).is_not_null())
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (application, total) in totals {
            let total = total.unwrap_or_default();
            let [count, sum, least, most] = scores.entry(application).or_insert([0, 0, i64::MAX, i64::MIN]);
            (*count, *sum, *least, *most) =
                (*count + 1, *sum + total, std::cmp::min(*least, total), std::cmp::max(*most, total));
        }
    }
    Ok(scores)
}
