//! An officer arranges a panel: who sits, what is on the agenda, and opening it.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use domain::{
    id::{PanelId, PersonId},
    panel::{Role, State},
};
use leptos::prelude::*;
use services::{AgendaWaiting, Error, PanelRead};
use text::{Words, args};

use super::panels::state_tag;
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, row_button, submit, submit_as},
        layout::{heading, kept},
    },
};

type Typed = BTreeMap<String, String>;

/// Who may sit, and what may be put on the agenda.
struct Choices {
    people: Vec<(PersonId, String)>,
    waiting: Vec<AgendaWaiting>,
}

impl Choices {
    async fn read(visit: &Visit, id: PanelId) -> Result<Self, AppError> {
        Ok(Self { people: visit.desk.panel_candidates().await?, waiting: visit.desk.panel_waiting(id).await? })
    }
}

pub async fn get(visit: Visit, Path(id): Path<PanelId>) -> PageResult {
    let read = visit.desk.read_panel(id).await?;
    if read.row.state != State::Draft {
        return Ok(visit.redirect(&format!("/panels/{id}")));
    }
    let choice = Choices::read(&visit, id).await?;
    let title = read.row.name.clone();
    Ok(visit.page(title, move |words| page(words, &read, &choice, &FormState::default())).await)
}

pub async fn post_member(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    let added = visit.desk.add_panel_member(id, value(&typed, "person"), value(&typed, "role")).await;
    answered(&visit, id, typed, added, "panel-member-added").await
}

pub async fn post_member_removal(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    let person = value(&typed, "person").parse().map_err(|_| AppError::NOT_FOUND)?;
    let removed = visit.desk.remove_panel_member(id, person).await;
    answered(&visit, id, typed, removed, "panel-member-removed").await
}

pub async fn post_item(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    let added = match value(&typed, "do") {
        "fill" => visit.desk.fill_agenda(id, value(&typed, "count")).await,
        _ => visit.desk.add_to_agenda(id, &references(&typed)).await,
    };
    answered(&visit, id, typed, added, "panel-agenda-changed").await
}

pub async fn post_item_removal(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    let item = value(&typed, "item").parse().map_err(|_| AppError::NOT_FOUND)?;
    let removed = visit.desk.take_off_agenda(id, item).await;
    answered(&visit, id, typed, removed, "panel-agenda-changed").await
}

pub async fn post_open(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.open_panel(id, value(&typed, "version").parse().unwrap_or_default()).await {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}"), "panel-opened").await,
        refused => answered(&visit, id, typed, refused, "panel-opened").await,
    }
}

fn value<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map_or("", String::as_str)
}

/// What was ticked, each by its reference, and what was typed besides.
fn references(typed: &Typed) -> String {
    let ticked = typed.iter().filter(|(field, value)| field.starts_with("GH-") && *value == "on");
    let mut all: Vec<&str> = ticked.map(|(field, _)| field.as_str()).collect();
    all.push(value(typed, "references"));
    all.join("\n")
}

async fn answered(visit: &Visit, id: PanelId, typed: Typed, outcome: Result<(), Error>, said: &str) -> PageResult {
    match outcome {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}/arrange"), said).await,
        Err(Error::Invalid(invalid)) => refused(visit, id, FormState::new(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: PanelId, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_panel(id).await?;
    let choice = Choices::read(visit, id).await?;
    let title = read.row.name.clone();
    Ok(visit.refused(title, move |words| page(words, &read, &choice, &form)).await)
}

fn page(words: Words, read: &PanelRead, choice: &Choices, form: &FormState) -> impl IntoView + use<> {
    let row = &read.row;
    let above = format!("{} · {}", words.t("panels-title"), words.date(row.held_on));
    let version = row.version.to_string();
    view! {
        {error_summary(words, form)}
        {heading(row.name.clone(), Some(above), Some(state_tag(words, row.state)))}
        <p class="lead">{words.t("panel-arrange-lead")}</p>
        <h2>{words.t("panel-members")}</h2>
        {members(words, read)}
        {add_member(words, read, &choice.people, form)}
        <h2>{words.t("panel-agenda")}</h2>
        {items(words, read)}
        {add_items(words, read, &choice.waiting, form)}
        <h2>{words.t("panel-open-title")}</h2>
        <p>{words.t("panel-open-help")}</p>
        {post_form(
            format!("/panels/{}/open", row.id),
            view! { {hidden("version", version)} {submit(words, "panel-open")} },
        )}
    }
}

fn members(words: Words, read: &PanelRead) -> AnyView {
    let id = read.row.id;
    let rows = read.members.iter().map(|member| {
        let name = words.with("panel-remove-of", args![name => member.name.clone()]);
        let person = member.person.to_string();
        let action = format!("/panels/{id}/members/remove");
        cells![
            member.name.clone(),
            words.t(&format!("panel-role-{}", member.role.code())),
            row_button(words, action, "panel-remove", name, &[("person", &person)]),
        ]
    });
    Table::new("panel-members")
        .column("panel-member-name")
        .column("panel-role")
        .column("panel-remove")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "panel-members-empty", "panel-members-empty-help", None))
        .show(words)
}

fn add_member(words: Words, read: &PanelRead, people: &[(PersonId, String)], form: &FormState) -> AnyView {
    let sits = |person: &PersonId| read.members.iter().any(|member| member.person == *person);
    let people = people.iter().filter(|(person, _)| !sits(person));
    let people = people.map(|(person, name)| Choice::new(person.to_string(), name.clone())).collect();
    let roles = Role::ALL.map(|role| Choice::new(role.code(), words.t(&format!("panel-role-{}", role.code()))));
    post_form(
        format!("/panels/{}/members", read.row.id),
        view! {
            {Field::select("person", "panel-member-name", people).show(words, form)}
            {Field::select("role", "panel-role", roles.to_vec()).hint(words.t("panel-role-help")).show(words, form)}
            {submit_as(words, "panel-add-member", "do", "add")}
        },
    )
}

fn items(words: Words, read: &PanelRead) -> AnyView {
    let id = read.row.id;
    let rows = read.lines.iter().map(|line| {
        let name = words.with("panel-remove-of", args![name => line.case.reference.clone()]);
        let item = line.item.id.to_string();
        let action = format!("/panels/{id}/items/remove");
        cells![
            kept(line.case.reference.clone()),
            line.case.organisation.clone(),
            words.hours_figure(line.requested),
            super::panel::mean(words, line),
            row_button(words, action, "panel-remove", name, &[("item", &item)]),
        ]
    });
    Table::new("panel-agenda")
        .column("case-reference")
        .column("case-organisation")
        .figures("panel-hours-asked")
        .figures("panel-mean")
        .column("panel-remove")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "panel-agenda-empty", "panel-agenda-empty-help", None))
        .show(words)
}

fn add_items(words: Words, read: &PanelRead, waiting: &[AgendaWaiting], form: &FormState) -> AnyView {
    let action = format!("/panels/{}/items", read.row.id);
    let fill = read.row.mode.as_ref().map(|_| {
        let fields = view! {
            {Field::number("count", "panel-fill-count").hint(words.t("panel-fill-help")).optional().show(words, form)}
            {submit_as(words, "panel-fill", "do", "fill")}
        };
        post_form(action.clone(), fields)
    });
    let choices: Vec<Choice> = waiting.iter().map(|one| waits(words, one)).collect();
    let boxes = (!choices.is_empty()).then(|| Field::boxes("waiting", "panel-waiting", choices).show(words, form));
    let references = Field::area("references", "panel-references").hint(words.t("panel-references-help")).rows(2);
    let references = if boxes.is_some() { references.optional() } else { references };
    let one = post_form(
        action,
        view! {
            {boxes}
            {references.show(words, form)}
            {submit_as(words, "panel-add-items", "do", "add")}
        },
    );
    view! { {fill} {one} }.into_any()
}

/// One that may be put on the agenda: what it is about, how it was graded, and what it asks for.
fn waits(words: Words, one: &AgendaWaiting) -> Choice {
    let label = format!("{} · {}", one.case.reference, one.case.organisation);
    let mean = one.mean.map(|mean| words.hundredths(mean)).unwrap_or_default();
    let hours = words.hours(one.requested);
    let said = words.with("panel-waiting-of", args![title => one.title.clone(), mean => mean, hours => hours]);
    Choice::new(one.case.reference.clone(), label).hint(said)
}
