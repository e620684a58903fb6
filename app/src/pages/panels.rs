//! The panels one sits in, or all of them for an officer, who may arrange another.

use domain::{
    actor::Group,
    panel::{State, TypedPanel},
};
use leptos::prelude::*;
use services::{Error, PanelListed, ScopeName};
use text::{Words, args};

use super::scope;
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
        tag,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let panels = visit.desk.list_panels().await?;
    let scopes = match visit.actor().group() {
        Group::Officer => visit.desk.scopes().await?,
        _ => Vec::new(),
    };
    let title = visit.words.t("panels-title");
    Ok(visit.page(title, move |words| page(words, &panels, &scopes, &FormState::default())).await)
}

/// A new panel, and on to arranging it.
pub async fn post(visit: Visit, Form(typed): Form<TypedPanel>) -> PageResult {
    match visit.desk.create_panel(&typed).await {
        Ok(id) => Ok(visit.redirect(&format!("/panels/{id}/arrange"))),
        Err(Error::Invalid(invalid)) => {
            let (panels, scopes) = (visit.desk.list_panels().await?, visit.desk.scopes().await?);
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("panels-title"), move |words| page(words, &panels, &scopes, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn state_tag(words: Words, state: State) -> AnyView {
    let tone = match state {
        State::Draft => Tone::Waiting,
        State::Open => Tone::Yours,
        State::Closed => Tone::Good,
    };
    tag(tone, words.t(&format!("panel-state-{}", state.code())))
}

/// `scopes` are those that the reader may arrange a panel for: an officer's.
fn page(words: Words, panels: &[PanelListed], scopes: &[ScopeName], form: &FormState) -> impl IntoView + use<> {
    let is_officer = !scopes.is_empty();
    let rows = panels.iter().map(|one| {
        let row = &one.row;
        let href = match row.state {
            State::Draft if is_officer => format!("/panels/{}/arrange", row.id),
            State::Draft | State::Open => format!("/panels/{}", row.id),
            State::Closed => format!("/panels/{}/minutes", row.id),
        };
        let role = one.role.map(|role| words.t(&format!("panel-role-{}", role.code())));
        cells![
            view! { <a href=href>{row.name.clone()}</a> },
            words.date_figure(row.held_on),
            role.unwrap_or_else(|| words.t("panel-role-none")),
            words.with("panels-progress", args![done => one.done, count => one.items]),
            state_tag(words, row.state),
        ]
    });
    let help = if is_officer { "panels-empty-help" } else { "panels-empty-help-member" };
    let table = Table::new("panels-title")
        .column("panel-name")
        .column("panel-day")
        .column("panel-your-role")
        .column("panels-done")
        .column("case-state")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "panels-empty", help, None))
        .show(words);
    view! {
        {error_summary(words, form)}
        {heading(words.t("panels-title"), None, None)}
        <p class="lead">{words.t("panels-lead")}</p>
        {table}
        {is_officer.then(|| arrange(words, scopes, form))}
    }
}

fn arrange(words: Words, scopes: &[ScopeName], form: &FormState) -> AnyView {
    let chosen = Choice::new("", words.t("panel-scope-chosen"));
    let all = scope::choices(words, scopes);
    let modes = std::iter::once(chosen).chain(all).collect();
    view! {
        <h2>{words.t("panels-new")}</h2>
        {post_form(
            "/panels",
            view! {
                {Field::text("name", "panel-name").show(words, form)}
                {Field::select("mode", "panel-scope", modes).hint(words.t("panel-scope-help")).show(words, form)}
                {Field::date("held_on", "panel-day").show(words, form)}
                {submit(words, "panels-create")}
            },
        )}
    }
    .into_any()
}
