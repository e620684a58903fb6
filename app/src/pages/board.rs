//! The officer's board: every application by state with its clock, and what is late.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use domain::application::State;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Board, BoardKind, BoardQuery, Case};
use text::Words;

use super::conflict::conflict_link;
use crate::{
    PageResult, Visit,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        figure, figures,
        form::FormState,
        layout::{heading, kept},
        table::{Listing, filters},
        tag,
    },
};

const STATES: [State; 5] =
    [State::Submitted, State::InReview, State::AwaitingSignature, State::Approved, State::Refused];

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    /// The last row of the page before.
    #[serde(default)]
    after: String,
}

pub async fn get(visit: Visit, Query(filter): Query<Filter>) -> PageResult {
    let query = BoardQuery {
        which: BoardKind::from_code(&filter.state).unwrap_or_default(),
        text: filter.q.clone(),
        after: filter.after.parse().ok(),
    };
    let board = visit.desk.board(&query).await?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("board-title"), move |words| page(words, &board, &filter, now)).await)
}

fn is_late(case: &Case, now: DateTime<Utc>) -> bool {
    case.state.is_open() && case.due_at.is_some_and(|due| due < now)
}

fn page(words: Words, board: &Board, filter: &Filter, now: DateTime<Utc>) -> impl IntoView + use<> {
    let mut numbers: Vec<_> = STATES
        .iter()
        .map(|state| figure(words.integer(board.count(*state)), words.t(&state_key(*state)), None))
        .collect();
    numbers.push(figure(words.integer(board.late), words.t("board-late"), None));
    let rows: Vec<_> = board.cases.iter().map(|case| row(words, case, now)).collect();
    let typed = [("state", filter.state.clone()), ("q", filter.q.clone())];
    let form = FormState::new(typed.clone());
    let listing = Listing {
        filters: typed.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        next: board.next.map(|id| id.to_string()),
        is_later: !filter.after.is_empty(),
        ..Listing::at("/board")
    };
    let states = BoardKind::ALL.iter().map(|which| Choice::new(which.code(), words.t(which_key(*which)))).collect();
    view! {
        {heading(words.t("board-title"), None, None)}
        {figures(numbers)}
        {filters(
            words,
            "/board",
            view! {
                {Field::select("state", "case-state", states).show(words, &form)}
                {Field::search("q", "board-search").optional().show(words, &form)}
            },
        )}
        {Table::new("board-title")
            .column("case-reference")
                .column("case-organisation")
            .column("case-state")
            .column("case-arrived")
            .column("case-due")
            .column("conflict-column")
            .rows(rows)
            .listing(listing)
            .under_heading()
            .empty(empty(words, "board-empty", "board-empty-help", None))
            .show(words)}
    }
}

const fn which_key(which: BoardKind) -> &'static str {
    match which {
        BoardKind::Open => "board-open",
        BoardKind::All => "board-all",
        BoardKind::ToDecide => "state-to-decide",
        BoardKind::ToSign => "state-awaiting-signature",
        BoardKind::Submitted => "state-submitted",
        BoardKind::InReview => "state-in-review",
        BoardKind::Approved => "state-approved",
        BoardKind::Refused => "state-refused",
    }
}

fn row(words: Words, case: &Case, now: DateTime<Utc>) -> Vec<AnyView> {
    let page = if case.state == State::AwaitingSignature { "countersign" } else { "decision" };
    let due = case.due_at.map(|at| words.instant_figure(at));
    let late = is_late(case, now).then(|| tag(Tone::Bad, words.t("board-late")));
    vec![
        view! {
            <a href=format!("/{page}/{}", case.id)>{kept(case.reference.clone())}</a>
            <small class="below">{words.t(&format!("mode-name-{}", case.mode))}</small>
        }
        .into_any(),
        case.organisation.clone().into_any(),
        tag(tone(case), words.t(&public_state(case))).into_any(),
        case.submitted_at.map(|at| words.instant_figure(at)).into_any(),
        view! { <span>{due} " " {late}</span> }.into_any(),
        case.state.is_open().then(|| conflict_link(words, case.id, &case.reference)).into_any(),
    ]
}

fn state_key(state: State) -> String {
    format!("state-{}", state.code().replace('_', "-"))
}

/// In review means two different turns: the reviewer's, and then the officer's.
fn public_state(case: &Case) -> String {
    if case.state == State::InReview && case.is_reviewed { "state-to-decide".to_owned() } else { state_key(case.state) }
}

fn tone(case: &Case) -> Tone {
    match case.state {
        State::Approved => Tone::Good,
        State::Refused => Tone::Bad,
        State::AwaitingSignature => Tone::Yours,
        State::InReview if case.is_reviewed => Tone::Yours,
        _ => Tone::Waiting,
    }
}
