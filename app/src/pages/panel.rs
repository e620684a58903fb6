//! A panel that sits: its agenda, what is discussed now, and the button that goes on. Every member's page shows the
//! same moment; whoever a conflict keeps out is told only that something is not theirs.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::Path,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use domain::{
    actor::Group,
    id::{PanelId, PersonId},
    panel::{ItemState, State},
    problem::{Invalid, Problem},
};
use futures_util::stream;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, Floor, PanelLine, PanelMember, PanelRead};
use text::{Words, args};

use super::panels::state_tag;
use crate::{
    AppError, Form, PageResult, Query, Visit, cells,
    components::{
        Table, Tone, empty,
        form::{FormState, error_summary, hidden, row_button, submit},
        layout::{Confirm, confirm, heading, kept, link_button},
        notice, tag,
    },
};

/// How often a page asks whether something changed.
const TOLD: Duration = Duration::from_secs(1);

pub async fn get(visit: Visit, Path(id): Path<PanelId>) -> PageResult {
    show(&visit, id, FormState::default()).await
}

async fn show(visit: &Visit, id: PanelId, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_panel(id).await?;
    let is_officer = visit.actor().group() == Group::Officer;
    let is_live = read.row.state == State::Open;
    let title = read.row.name.clone();
    let is_refused = !form.problems().is_empty();
    let view = move |words| page(words, &read, is_officer, &form);
    Ok(match (is_refused, is_live) {
        (true, _) => visit.refused(title, view).await,
        (false, true) => visit.live(title, view).await,
        (false, false) => visit.page(title, view).await,
    })
}

#[derive(Debug, Default, Deserialize)]
pub struct Seen {
    /// What the page showed.
    #[serde(default)]
    seen: String,
}

/// Says `done`, so that the page loads again, as soon as something changed that its reader may see.
pub async fn events(visit: Visit, Path(id): Path<PanelId>, Query(asked): Query<Seen>) -> PageResult {
    visit.desk.panel_pulse(id).await?;
    let told = stream::unfold(Some((visit, asked.seen)), move |known| async move {
        let (visit, seen) = known?;
        let pulse = visit.desk.panel_pulse(id).await.ok()?;
        if pulse != seen {
            return Some((Ok::<_, Infallible>(Event::default().event("done").data("done")), None));
        }
        tokio::time::sleep(TOLD).await;
        Some((Ok(Event::default().comment("")), Some((visit, seen))))
    });
    Ok(Sse::new(told).into_response())
}

#[derive(Debug, Default, Deserialize)]
pub struct Move {
    /// The item that the page showed as being discussed; empty for none.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    r#do: String,
}

pub async fn post_next(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Move>) -> PageResult {
    let moved = visit.desk.take_next_item(id, typed.seen.parse().ok(), typed.r#do == "later").await;
    answered(&visit, id, moved, "panel-moved").await
}

#[derive(Debug, Default, Deserialize)]
pub struct Attends {
    #[serde(default)]
    person: String,
    #[serde(default)]
    present: String,
}

pub async fn post_attendance(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Attends>) -> PageResult {
    let person: PersonId = typed.person.parse().map_err(|_| AppError::NOT_FOUND)?;
    let said = visit.desk.set_attendance(id, person, typed.present == "yes").await;
    answered(&visit, id, said, "panel-attendance-kept").await
}

#[derive(Debug, Default, Deserialize)]
pub struct Closing {
    #[serde(default)]
    version: String,
}

pub async fn post_close(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Closing>) -> PageResult {
    match visit.desk.close_panel(id, typed.version.parse().unwrap_or_default()).await {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}/minutes"), "panel-closed").await,
        refused => answered(&visit, id, refused, "panel-closed").await,
    }
}

/// Back to the panel; two clicks at once, or a page that fell behind, lead to how it stands.
async fn answered(visit: &Visit, id: PanelId, outcome: Result<(), Error>, said: &str) -> PageResult {
    match outcome {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}"), said).await,
        Err(Error::Stale) => visit.redirect_saying(&format!("/panels/{id}"), "panel-was-moved").await,
        Err(Error::Invalid(invalid)) => show(visit, id, FormState::default().with(form_level(invalid))).await,
        Err(error) => Err(error.into()),
    }
}

/// The live page has no fields: its problems are of the page as a whole.
fn form_level(invalid: Invalid) -> Invalid {
    Invalid::one("", invalid.0.first().map_or(Problem::AlreadyDone, |(_, problem)| *problem))
}

fn page(words: Words, read: &PanelRead, is_officer: bool, form: &FormState) -> impl IntoView + use<> {
    let row = &read.row;
    let keeps = read.role.is_some_and(domain::panel::Role::keeps_minutes);
    let above = format!("{} · {}", words.t("panels-title"), words.date(row.held_on));
    let arrange = (row.state == State::Draft && is_officer)
        .then(|| link_button(words, format!("/panels/{}/arrange", row.id), "panel-arrange"));
    let minutes = (row.state == State::Closed)
        .then(|| link_button(words, format!("/panels/{}/minutes", row.id), "panel-to-minutes"));
    view! {
        {error_summary(words, form)}
        {heading(row.name.clone(), Some(above), Some(state_tag(words, row.state)))}
        {(row.state == State::Open).then(|| floor(words, read))}
        {arrange}
        {minutes}
        <h2>{words.t("panel-agenda")}</h2>
        {(row.state == State::Open).then(|| ranking_link(words, read))}
        {agenda(words, read, keeps)}
        {read.agenda.as_ref().filter(|_| keeps).map(|agenda| {
            let key = if agenda.is_best { "panel-departures-best" } else { "panel-departures" };
            let (departures, least) = (count(agenda.departures), count(agenda.least));
            view! { <p class="hint">{words.with(key, args![departures => departures, least => least])}</p> }
        })}
        <h2>{words.t("panel-members")}</h2>
        {members(words, read, keeps && row.state == State::Open)}
        {(keeps && row.state == State::Open && read.floor == Floor::Nothing).then(|| closing(words, read))}
    }
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// What is discussed now, as far as the reader may know, and what they can do about it.
fn floor(words: Words, read: &PanelRead) -> AnyView {
    let id = read.row.id;
    let events = format!("/panels/{id}/events?seen={}", read.pulse);
    let again = format!("/panels/{id}");
    let (tone, said) = match read.floor {
        Floor::NotYours => (Tone::Waiting, view! { <p>{words.t("panel-not-yours")}</p> }.into_any()),
        Floor::Nothing => (Tone::Calm, view! { <p>{words.t("panel-nothing-now")}</p> }.into_any()),
        Floor::Item(item) => {
            let line = read.lines.iter().find(|line| line.item.id == item);
            let name = line.map(|line| format!("{} · {}", line.case.reference, line.case.organisation));
            let href = format!("/panels/{id}/items/{item}");
            let open = view! { <p><strong>{words.t("panel-now")}</strong> " " <a href=href>{name}</a></p> };
            (Tone::Yours, open.into_any())
        }
    };
    let moves = read.leads.then(|| moves(words, read));
    notice(
        tone,
        view! {
            {said}
            {moves}
            <p id="run-live" role="status" data-events=events class="hint"></p>
            <p class="hint"><a href=again>{words.t("run-look-again")}</a></p>
            <islands::LiveRun/>
        },
    )
}

fn moves(words: Words, read: &PanelRead) -> AnyView {
    let seen = match read.floor {
        Floor::Item(item) => item.to_string(),
        Floor::Nothing | Floor::NotYours => String::new(),
    };
    let waits = read.lines.iter().any(|line| line.item.state == ItemState::Waiting);
    let is_on = matches!(read.floor, Floor::Item(_));
    if !is_on && !waits {
        return ().into_any();
    }
    let next = match (is_on, waits) {
        (false, _) => "panel-next-first",
        (true, true) => "panel-next",
        (true, false) => "panel-next-last",
    };
    let later = is_on.then(|| {
        view! { <button class="button" type="submit" name="do" value="later">{words.t("panel-later")}</button> }
    });
    let action = format!("/panels/{}/next", read.row.id);
    view! {
        <form class="inline-form" method="post" action=action>
            {hidden("seen", seen)}
            {submit(words, next)}
            " "
            {later}
        </form>
    }
    .into_any()
}

fn ranking_link(words: Words, read: &PanelRead) -> AnyView {
    let voters = count(read.members.iter().filter(|member| member.role.votes()).count());
    let said = words.with("panel-ballots", args![count => count(read.ballots), voters => voters]);
    let link = read.role.filter(|role| role.votes() && !read.lines.is_empty()).map(|_| {
        let key = if read.ballot.is_some() { "panel-rank-again" } else { "panel-rank" };
        view! { <a href=format!("/panels/{}/ranking", read.row.id)>{words.t(key)}</a> }
    });
    view! { <p>{said} " " {link}</p> }.into_any()
}

fn agenda(words: Words, read: &PanelRead, keeps: bool) -> AnyView {
    let rows = read.lines.iter().enumerate().map(|(position, line)| {
        let href = format!("/panels/{}/items/{}", read.row.id, line.item.id);
        let below = words.t(&format!("mode-name-{}", line.case.mode));
        let mut cells = cells![
            view! {
                {words.integer(count(position + 1))} ". "
                <a href=href>{kept(line.case.reference.clone())}</a>
                <small class="below">{below}</small>
            },
            line.case.organisation.clone(),
            words.hours_figure(line.requested),
            mean(words, line),
            line.place.map_or_else(|| "–".to_owned(), |place| words.integer(count(place))),
            recommended(words, line),
            item_tag(words, line.item.state),
        ];
        if keeps {
            cells.push(leaves(words, &read.members, line).into_any());
        }
        cells
    });
    let mut table = Table::new("panel-agenda")
        .column("case-reference")
        .column("case-organisation")
        .figures("panel-hours-asked")
        .figures("panel-mean")
        .figures("panel-place")
        .column("panel-recommended")
        .column("case-state");
    if keeps {
        table = table.column("panel-leaves");
    }
    let table =
        table.rows(rows).under_heading().empty(empty(words, "panel-agenda-empty", "panel-agenda-empty-help", None));
    view! { {table.show(words)} <p class="hint">{words.t("panel-ranking-method")}</p> }.into_any()
}

/// The plain mean and of how many reviews.
pub(super) fn mean(words: Words, line: &PanelLine) -> String {
    let Some(mean) = line.mean else { return "–".to_owned() };
    words.with("panel-mean-of", args![mean => words.hundredths(mean), count => line.reviews])
}

fn recommended(words: Words, line: &PanelLine) -> String {
    let Some(outcome) = line.item.outcome else { return "–".to_owned() };
    let said = words.t(&format!("panel-outcome-{}", outcome.code()));
    match line.item.gpu_time.filter(|time| time.as_seconds() > 0) {
        Some(time) => format!("{said} · {}", words.hours(time)),
        None => said,
    }
}

fn item_tag(words: Words, state: ItemState) -> AnyView {
    let tone = match state {
        ItemState::Waiting => Tone::Waiting,
        ItemState::Discussing => Tone::Yours,
        ItemState::Done => Tone::Good,
    };
    tag(tone, words.t(&format!("panel-item-{}", state.code())))
}

/// Initials and roles of those who leave.
fn leaves(words: Words, members: &[PanelMember], line: &PanelLine) -> String {
    let leaving = members.iter().filter(|member| line.leaves.contains(&member.person)).map(|member| {
        let initials: String = member.name.split_whitespace().filter_map(|part| part.chars().next()).collect();
        format!("{initials} ({})", words.t(&format!("panel-role-{}", member.role.code())))
    });
    let leaving: Vec<String> = leaving.collect();
    if leaving.is_empty() { "–".to_owned() } else { words.with("panel-leaves-who", args![who => leaving.join(", ")]) }
}

fn members(words: Words, read: &PanelRead, can_change: bool) -> AnyView {
    let id = read.row.id;
    let rows = read.members.iter().map(|member| {
        let (tone, state) =
            if member.is_present { (Tone::Good, "panel-present") } else { (Tone::Calm, "panel-absent") };
        let button = can_change.then(|| {
            let (label, aloud, value) = if member.is_present {
                ("panel-leave", "panel-leave-of", "no")
            } else {
                ("panel-arrive", "panel-arrive-of", "yes")
            };
            let name = words.with(aloud, args![name => member.name.clone()]);
            let person = member.person.to_string();
            let values = [("person", person.as_str()), ("present", value)];
            row_button(words, format!("/panels/{id}/attendance"), label, name, &values)
        });
        let mut cells = cells![
            member.name.clone(),
            words.t(&format!("panel-role-{}", member.role.code())),
            tag(tone, words.t(state)),
        ];
        cells.extend(button);
        cells
    });
    let mut table =
        Table::new("panel-members").column("panel-member-name").column("panel-role").column("panel-attendance");
    if can_change {
        table = table.column("panel-attendance-change");
    }
    table
        .rows(rows)
        .under_heading()
        .empty(empty(words, "panel-members-empty", "panel-members-empty-help", None))
        .show(words)
}

fn closing(words: Words, read: &PanelRead) -> AnyView {
    confirm(
        words,
        Confirm {
            action: format!("/panels/{}/close", read.row.id),
            open: "panel-close",
            consequence: "panel-close-consequence".to_owned(),
            button: "panel-close-button",
            values: vec![("version", read.row.version.to_string())],
        },
        None,
    )
}
