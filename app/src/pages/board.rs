//! The officer's board: every application by state with its clock, and what is late.

use chrono::{DateTime, Utc};
use domain::{application::State, scope::Scope, workflow::Kind};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Board, BoardKind, BoardQuery, Case, StepClock};
use text::Words;

use super::{conflict::conflict_link, course, scope};
use crate::{
    PageResult, Query, Visit,
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
    mode: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    q: String,
    /// The last row of the page before.
    #[serde(default)]
    after: String,
}

pub async fn get(visit: Visit, Query(filter): Query<Filter>) -> PageResult {
    let query = BoardQuery {
        which: BoardKind::from_code(&filter.state).unwrap_or_default(),
        scope: Scope::parse(&filter.mode),
        step: Kind::from_code(&filter.step),
        text: filter.q.clone(),
        after: filter.after.parse().ok(),
    };
    let board = visit.desk.board(&query).await?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("board-title"), move |words| page(words, &board, &filter, now)).await)
}

fn is_late(case: &Case, now: DateTime<Utc>) -> bool {
    case.state.is_open() && case.clock.as_ref().is_some_and(|clock| clock.is_late(now))
}

fn page(words: Words, board: &Board, filter: &Filter, now: DateTime<Utc>) -> impl IntoView + use<> {
    let mut numbers: Vec<_> = STATES
        .iter()
        .map(|state| figure(words.integer(board.count(*state)), words.t(&state_key(*state)), None))
        .collect();
    numbers.push(figure(words.integer(board.late), words.t("board-late"), None));
    let rows: Vec<_> = board.cases.iter().map(|case| row(words, case, now)).collect();
    let typed = [
        ("mode", filter.mode.clone()),
        ("state", filter.state.clone()),
        ("step", filter.step.clone()),
        ("q", filter.q.clone()),
    ];
    let form = FormState::new(typed.clone());
    let listing = Listing {
        filters: typed.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        next: board.next.map(|id| id.to_string()),
        is_later: !filter.after.is_empty(),
        ..Listing::at("/board")
    };
    let states = BoardKind::ALL.iter().map(|which| Choice::new(which.code(), words.t(which_key(*which)))).collect();
    let any = Choice::new("", words.t("board-all-steps"));
    let steps = Kind::ALL.map(|kind| Choice::new(kind.code(), course::step_name(words, kind)));
    let steps = std::iter::once(any).chain(steps).collect();
    let all = Choice::new("", words.t("board-all-scopes"));
    let scopes = std::iter::once(all).chain(scope::choices(words, &board.scopes)).collect();
    view! {
        {heading(words.t("board-title"), None, None)}
        {figures(numbers)}
        {filters(
            words,
            "/board",
            view! {
                {Field::select("mode", "case-mode", scopes).show(words, &form)}
                {Field::select("state", "case-state", states).show(words, &form)}
                {Field::select("step", "board-step", steps).show(words, &form)}
                {Field::search("q", "board-search").optional().show(words, &form)}
            },
        )}
        {Table::new("board-title")
            .column("case-reference")
                .column("case-organisation")
            .column("case-state")
            .column("board-step-due")
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
        BoardKind::Asked => "board-asked",
        BoardKind::Approved => "state-approved",
        BoardKind::Refused => "state-refused",
    }
}

fn row(words: Words, case: &Case, now: DateTime<Utc>) -> Vec<AnyView> {
    let due = case.due_at.filter(|_| case.state.is_open()).map(|at| words.instant_figure(at));
    let late = is_late(case, now).then(|| tag(Tone::Bad, words.t("board-late")));
    let clock = match &case.clock {
        Some(clock) if clock.is_stopped => words.t("board-clock-stopped"),
        Some(clock) => clock.due_at.map(|at| words.instant_figure(at)).unwrap_or_default(),
        None => String::new(),
    };
    let steps = words.with("case-title", text::args![reference => case.reference.clone()]);
    vec![
        view! {
            <a href=format!("/{}/{}", page_of(case), case.id)>{kept(case.reference.clone())}</a>
            <small class="below">{words.t(&format!("mode-name-{}", case.mode))}</small>
        }
        .into_any(),
        case.organisation.clone().into_any(),
        view! {
            {tag(tone(case), public_state(words, case))}
            <small class="below">
                <a href=format!("/cases/{}", case.id) aria-label=steps>{words.t("case-link")}</a>
            </small>
        }
        .into_any(),
        view! { <span>{clock} " " {late}</span> }.into_any(),
        due.into_any(),
        case.state.is_open().then(|| conflict_link(words, case.id, &case.reference)).into_any(),
    ]
}

/// Where an officer acts on it, or reads it.
fn page_of(case: &Case) -> &'static str {
    match (case.state, case.clock.as_ref().map(|clock| clock.kind)) {
        (State::AwaitingSignature, _) => "countersign",
        (_, Some(Kind::AdministrativeCheck | Kind::TechnicalAssessment | Kind::Panel)) => "cases",
        _ => "decision",
    }
}

fn state_key(state: State) -> String {
    format!("state-{}", state.code().replace('_', "-"))
}

/// The step that goes on says more than the state: whose turn it is.
fn public_state(words: Words, case: &Case) -> String {
    if case.clock.as_ref().is_some_and(|clock| clock.is_stopped) {
        return words.t("board-asked");
    }
    match (case.state, case.clock.as_ref().map(|clock| clock.kind)) {
        (State::Submitted | State::InReview, Some(Kind::Decision)) => words.t("state-to-decide"),
        (State::Submitted | State::InReview, Some(Kind::ExpertReview)) => words.t(&state_key(case.state)),
        (State::Submitted | State::InReview, Some(kind)) => course::step_name(words, kind),
        (state, _) => words.t(&state_key(state)),
    }
}

fn tone(case: &Case) -> Tone {
    match (case.state, &case.clock) {
        (State::Approved, _) => Tone::Good,
        (State::Refused, _) => Tone::Bad,
        (_, Some(clock)) if clock.is_stopped => Tone::Waiting,
        (State::AwaitingSignature, _) => Tone::Yours,
        (_, Some(StepClock { kind: Kind::AdministrativeCheck | Kind::Panel | Kind::Decision, .. })) => Tone::Yours,
        (_, Some(StepClock { kind: Kind::TechnicalAssessment, has_site: false, .. })) => Tone::Yours,
        _ => Tone::Waiting,
    }
}
