//! The officer's board: every application by state with its clock, and what is late.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use domain::application::State;
use leptos::prelude::*;
use serde::Deserialize;
use services::Case;
use text::Words;

use super::conflict::conflict_link;
use crate::{
    PageResult, Visit,
    components::{
        Field, Table, Tone, empty, field::Choice, figure, figures, form::FormState, layout::heading, table::filters,
        tag,
    },
};

const STATES: [State; 5] =
    [State::Submitted, State::InReview, State::AwaitingSignature, State::Approved, State::Refused];
/// More than anybody reads at once; the filters narrow it.
const ROWS_MAX: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
}

pub async fn get(visit: Visit, Query(filter): Query<Filter>) -> PageResult {
    let cases = visit.desk.board().await?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("board-title"), move |words| page(words, &cases, &filter, now)).await)
}

fn is_open(case: &Case) -> bool {
    matches!(case.state, State::Submitted | State::InReview | State::AwaitingSignature)
}

fn is_late(case: &Case, now: DateTime<Utc>) -> bool {
    is_open(case) && case.due_at.is_some_and(|due| due < now)
}

fn page(words: Words, cases: &[Case], filter: &Filter, now: DateTime<Utc>) -> impl IntoView + use<> {
    let count = |of: &dyn Fn(&Case) -> bool| {
        words.integer(i64::try_from(cases.iter().filter(|case| of(case)).count()).unwrap_or(i64::MAX))
    };
    let mut numbers: Vec<_> = STATES
        .iter()
        .map(|state| figure(count(&|case| case.state == *state), words.t(&state_key(*state)), None))
        .collect();
    numbers.push(figure(count(&|case| is_late(case, now)), words.t("board-late"), None));
    let needle = filter.q.trim().to_lowercase();
    let shown = cases
        .iter()
        .filter(|case| match filter.state.as_str() {
            "" => is_open(case),
            "all" => true,
            code => case.state.code() == code,
        })
        .filter(|case| {
            needle.is_empty()
                || case.reference.to_lowercase().contains(&needle)
                || case.organisation.to_lowercase().contains(&needle)
        })
        .take(ROWS_MAX);
    let rows: Vec<_> = shown.map(|case| row(words, case, now)).collect();
    let form = FormState::new([("state", filter.state.clone()), ("q", filter.q.clone())]);
    let states = [Choice::new("", words.t("board-open")), Choice::new("all", words.t("board-all"))]
        .into_iter()
        .chain(STATES.iter().map(|state| Choice::new(state.code(), words.t(&state_key(*state)))))
        .collect();
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
            .column("case-mode")
            .column("case-organisation")
            .column("case-state")
            .column("case-arrived")
            .column("case-due")
            .column("conflict-column")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "board-empty", "board-empty-help", None))
            .show(words)}
    }
}

fn row(words: Words, case: &Case, now: DateTime<Utc>) -> Vec<AnyView> {
    let page = if case.state == State::AwaitingSignature { "countersign" } else { "decision" };
    let due = case.due_at.map(|at| words.instant(at));
    let late = is_late(case, now).then(|| tag(Tone::Bad, words.t("board-late")));
    vec![
        view! { <a href=format!("/{page}/{}", case.id)>{case.reference.clone()}</a> }.into_any(),
        words.t(&format!("mode-name-{}", case.mode)).into_any(),
        case.organisation.clone().into_any(),
        tag(tone(case), words.t(&public_state(case))).into_any(),
        case.submitted_at.map(|at| words.instant(at)).into_any(),
        view! { {due} " " {late} }.into_any(),
        is_open(case).then(|| conflict_link(words, case.id, &case.reference)).into_any(),
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
