//! Queries of the officer's board: keys first, so that no list reads what it does not show.

use std::collections::HashMap;

use domain::{application::State, id::ApplicationId};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, Query},
};

use super::{
    Tx,
    admin::anywhere,
    entity::{application, organisation, review},
};
use crate::error::Result;

/// What a page of the board is narrowed by.
pub(crate) struct Wanted<'a> {
    pub states: &'a [State],
    /// Only those that somebody has handed in a review of.
    pub is_reviewed: bool,
    /// In the reference or the organisation's name; empty is any.
    pub text: &'a str,
    /// The last of the page before.
    pub after: Option<&'a application::Model>,
    pub limit: usize,
}

/// A page of what the actor may see, in order of arrival.
pub(crate) async fn page(tx: &Tx, wanted: &Wanted<'_>) -> Result<Vec<application::Model>> {
    use application::Column::{Id, OrganisationId, Reference, State, SubmittedAt};
    let mut select = tx
        .select::<application::Entity>()
        .select_only()
        .column(Id)
        .filter(State.is_in(wanted.states.iter().copied()))
        .order_by_asc(SubmittedAt)
        .order_by_asc(Reference)
        .limit(u64::try_from(wanted.limit).unwrap_or(u64::MAX));
    if wanted.is_reviewed {
        let handed_in = Query::select()
            .column(review::Column::ApplicationId)
            .from(review::Entity)
            .and_where(review::Column::HandedInAt.is_not_null())
            .to_owned();
        select = select.filter(Id.in_subquery(handed_in));
    }
    let text = wanted.text.trim().to_lowercase();
    if !text.is_empty() {
        let name = Expr::expr(Func::lower(Expr::col(organisation::Column::LegalName)));
        let named = Query::select()
            .column(organisation::Column::Id)
            .from(organisation::Entity)
            .and_where(name.like(anywhere(&text)))
            .to_owned();
        let reference = Expr::expr(Func::lower(Expr::col((application::Entity, Reference))));
        let either = reference.like(anywhere(&text));
        select = select.filter(Condition::any().add(either).add(OrganisationId.in_subquery(named)));
    }
    if let Some(last) = wanted.after {
        let same = Condition::all().add(SubmittedAt.eq(last.submitted_at)).add(Reference.gt(last.reference.clone()));
        select = select.filter(Condition::any().add(SubmittedAt.gt(last.submitted_at)).add(same));
    }
    // The keys first: sorting whole rows would read every draft.
    let ids: Vec<ApplicationId> = select.into_tuple().all(tx.connection()).await?;
    Ok(tx
        .select::<application::Entity>()
        .filter(Id.is_in(ids))
        .order_by_asc(SubmittedAt)
        .order_by_asc(Reference)
        .all(tx.connection())
        .await?)
}

/// How many of what the actor may see are in each state.
pub(crate) async fn counts(tx: &Tx) -> Result<HashMap<State, i64>> {
    let counted: Vec<(State, i64)> = tx
        .select::<application::Entity>()
        .select_only()
        .column(application::Column::State)
        .column_as(application::Column::Id.count(), "count")
        .group_by(application::Column::State)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(counted.into_iter().collect())
}

/// How many in these states should have been answered by now.
pub(crate) async fn late(tx: &Tx, states: impl Iterator<Item = State>) -> Result<i64> {
    let late = tx
        .select::<application::Entity>()
        .filter(application::Column::State.is_in(states))
        .filter(application::Column::DueAt.lt(tx.now()))
        .count(tx.connection())
        .await?;
    Ok(i64::try_from(late).unwrap_or(i64::MAX))
}
