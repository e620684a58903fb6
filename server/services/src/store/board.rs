//! Queries of the officer's board: keys first, so that no list reads what it does not show.

use std::collections::HashMap;

use domain::{
    application,
    id::ApplicationId,
    scope::Scope,
    workflow::{Kind, StepState},
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};

use super::{
    Tx,
    entity::{
        application::{
            Column::{Id, OrganisationId, Reference, State, SubmittedAt},
            Entity as Application, Model,
        },
        question, step,
    },
    search::named,
};
use crate::error::Result;

/// In which order a page lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// First arrived first.
    Arrival,
    /// By the deadline of the step that goes on: the late first. Lists only what has one.
    Clock,
}

/// What a page of the board is narrowed by.
pub(crate) struct Wanted<'a> {
    pub states: &'a [application::State],
    /// Only those of this call, or of this mode under none.
    pub scope: Option<Scope>,
    /// Only those in this step.
    pub step: Option<Kind>,
    /// Only those that wait for an answer of the applicant.
    pub is_asked: bool,
    /// In the reference or the organisation's name; empty is any.
    pub text: &'a str,
    pub order: Order,
    /// The last of the page before.
    pub after: Option<&'a Model>,
    pub limit: usize,
}

/// A page of what the actor may see.
pub(crate) async fn page(tx: &Tx, wanted: &Wanted<'_>) -> Result<Vec<Model>> {
    let select = tx
        .select::<Application>()
        .select_only()
        .column(Id)
        .filter(State.is_in(wanted.states.iter().copied()))
        .filter(of(wanted.scope))
        .filter(named(wanted.text, Reference, OrganisationId))
        .filter(in_step(wanted))
        .limit(u64::try_from(wanted.limit).unwrap_or(u64::MAX));
    let select = match wanted.order {
        Order::Arrival => by_arrival(select, wanted.after),
        Order::Clock => by_clock(tx, select, wanted.after).await?,
    };
    // The keys first: sorting whole rows would read every draft.
    let ids: Vec<ApplicationId> = select.into_tuple().all(tx.connection()).await?;
    let place: HashMap<ApplicationId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let mut rows = tx.select::<Application>().filter(Id.is_in(ids)).all(tx.connection()).await?;
    rows.sort_by_key(|row| place.get(&row.id).copied());
    Ok(rows)
}

fn by_arrival(select: Select<Application>, after: Option<&Model>) -> Select<Application> {
    let select = select.order_by_asc(SubmittedAt).order_by_asc(Reference);
    let Some(last) = after else { return select };
    let same = Condition::all().add(SubmittedAt.eq(last.submitted_at)).add(Reference.gt(last.reference.clone()));
    select.filter(Condition::any().add(SubmittedAt.gt(last.submitted_at)).add(same))
}

async fn by_clock(tx: &Tx, select: Select<Application>, after: Option<&Model>) -> Result<Select<Application>> {
    let due = Expr::col((step::Entity, step::Column::DueAt));
    let reference = Expr::col((Application, Reference));
    let here = Expr::col((step::Entity, step::Column::ApplicationId)).equals((Application, Id));
    let goes_on = Expr::col((step::Entity, step::Column::State)).eq(StepState::Active);
    let mut select = select;
    QuerySelect::query(&mut select).join(JoinType::InnerJoin, step::Entity, here.and(goes_on));
    select = select.order_by(due.clone(), sea_orm::Order::Asc).order_by(reference.clone(), sea_orm::Order::Asc);
    if let Some(last) = after {
        let clocks = super::step::active_of(tx, std::slice::from_ref(last)).await?;
        if let Some(at) = clocks.get(&last.id).and_then(|step| step.due_at) {
            let same = Condition::all().add(due.clone().eq(at)).add(reference.gt(last.reference.clone()));
            select = select.filter(Condition::any().add(due.gt(at)).add(same));
        }
    }
    Ok(select)
}

pub(super) fn of(scope: Option<Scope>) -> Condition {
    scope.map_or_else(Condition::all, super::scope::within)
}

fn in_step(wanted: &Wanted<'_>) -> Condition {
    let mut condition = Condition::all();
    if let Some(kind) = wanted.step {
        condition = condition.add(Id.in_subquery(super::step::going_on(kind)));
    }
    if wanted.is_asked {
        let asked = Query::select()
            .column(question::Column::ApplicationId)
            .from(question::Entity)
            .and_where(question::Column::State.eq(domain::workflow::question::State::Open))
            .take();
        condition = condition.add(Id.in_subquery(asked));
    }
    condition
}

/// How many of what the actor may see are in each state.
pub(crate) async fn counts(tx: &Tx, scope: Option<Scope>) -> Result<HashMap<application::State, i64>> {
    let counted: Vec<(application::State, i64)> = tx
        .select::<Application>()
        .select_only()
        .column(State)
        .column_as(Id.count(), "count")
        .filter(of(scope))
        .group_by(State)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(counted.into_iter().collect())
}
