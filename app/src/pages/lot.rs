//! Lots in public: the hash of the seed before the deadline, the seed and every ticket after it, and how to recompute.

use axum::extract::Path;
use domain::{actor::Group, id::LotId};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, Lot, ScopeName, TypedLot};
use text::{Words, args};

use super::scope;
use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty, facts,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
        notice,
        table::filters,
        tag,
    },
};

pub async fn list(visit: Visit) -> PageResult {
    let lots = visit.desk.list_lots().await?;
    let scopes = match visit.actor().group() {
        Group::Officer => visit.desk.scopes().await?,
        _ => Vec::new(),
    };
    let title = visit.words.t("lots-title");
    Ok(visit.page(title, move |words| listed(words, &lots, &scopes, &FormState::default())).await)
}

pub async fn post(visit: Visit, Form(typed): Form<TypedLot>) -> PageResult {
    match visit.desk.commit_lot(&typed).await {
        Ok(id) => visit.redirect_saying(&format!("/lots/{id}"), "lot-committed").await,
        Err(Error::Invalid(invalid)) => {
            let (lots, scopes) = (visit.desk.list_lots().await?, visit.desk.scopes().await?);
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("lots-title"), move |words| listed(words, &lots, &scopes, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Whose ticket is looked for.
    #[serde(default)]
    code: String,
}

pub async fn get(visit: Visit, Path(id): Path<LotId>, Query(asked): Query<Asked>) -> PageResult {
    let lot = visit.desk.read_lot(id).await?;
    let title = lot.name.clone();
    Ok(visit.page(title, move |words| one(words, &lot, &asked)).await)
}

fn state(words: Words, lot: &Lot) -> AnyView {
    match lot.revealed_at {
        Some(_) => tag(Tone::Good, words.t("lot-revealed")),
        None => tag(Tone::Waiting, words.t("lot-waiting")),
    }
}

/// `scopes` are those that the reader may commit a lot for.
fn listed(words: Words, lots: &[Lot], scopes: &[ScopeName], form: &FormState) -> impl IntoView + use<> {
    let rows = lots.iter().map(|lot| {
        cells![
            view! { <a href=format!("/lots/{}", lot.id)>{lot.name.clone()}</a> },
            scope::name(words, &lot.of),
            words.instant_figure(lot.deadline),
            state(words, lot),
        ]
    });
    let table = Table::new("lots-title")
        .column("lot-name")
        .column("case-mode")
        .column("lot-deadline")
        .column("case-state")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "lots-empty", "lots-empty-help", None))
        .show(words);
    view! {
        {error_summary(words, form)}
        {heading(words.t("lots-title"), None, None)}
        <p class="lead">{words.t("lots-lead")}</p>
        {table}
        {(!scopes.is_empty()).then(|| commit(words, scopes, form))}
    }
}

fn commit(words: Words, scopes: &[ScopeName], form: &FormState) -> AnyView {
    let scopes = scope::choices(words, scopes);
    view! {
        <h2>{words.t("lot-commit-title")}</h2>
        {post_form(
            "/lots",
            view! {
                {Field::text("name", "lot-name").show(words, form)}
                {Field::select("mode", "case-mode", scopes).show(words, form)}
                {Field::date("day", "lot-day").show(words, form)}
                {Field::text("time", "lot-time").hint(words.t("lot-time-help")).short().show(words, form)}
                {submit(words, "lot-commit")}
            },
        )}
    }
    .into_any()
}

fn one(words: Words, lot: &Lot, asked: &Asked) -> impl IntoView + use<> {
    let shown = vec![
        ("case-mode", scope::name(words, &lot.of).into_any()),
        ("lot-committed-at", words.instant(lot.committed_at).into_any()),
        ("lot-deadline", words.instant(lot.deadline).into_any()),
        ("lot-commitment", view! { <code>{lot.commitment.clone()}</code> }.into_any()),
        (
            "lot-seed",
            match &lot.seed {
                Some(seed) => view! { <code>{seed.clone()}</code> }.into_any(),
                None => words.t("lot-seed-secret").into_any(),
            },
        ),
    ];
    view! {
        <p class="above"><a href="/lots">{words.t("lots-title")}</a></p>
        {heading(lot.name.clone(), None, Some(state(words, lot)))}
        <p class="lead">{words.t("lots-lead")}</p>
        {facts(words, shown)}
        {lot.seed.is_some().then(|| drawn(words, lot, asked))}
        <h2>{words.t("lot-how")}</h2>
        <ol>
            <li>{words.t("lot-how-commitment")} <br/> <code>"printf '%s' \"$seed\" | sha256sum"</code></li>
            <li>{words.t("lot-how-ticket")} <br/> <code>"printf '%s' \"$seed$code\" | sha256sum"</code></li>
            <li>{words.t("lot-how-order")}</li>
        </ol>
    }
}

fn drawn(words: Words, lot: &Lot, asked: &Asked) -> AnyView {
    let rows = lot.tickets.iter().enumerate().map(|(position, ticket)| {
        let place = i64::try_from(position + 1).unwrap_or(i64::MAX);
        cells![words.integer(place), view! { <code>{ticket.clone()}</code> }]
    });
    let table =
        Table::new("lot-tickets").figures("lot-place").column("lot-ticket").rows(rows).under_heading().show(words);
    let form = FormState::new([("code", asked.code.clone())]);
    let found = services::place_in(lot, &asked.code).filter(|_| !asked.code.trim().is_empty());
    let found = found.map(|(ticket, place)| {
        let place = place.map(|place| words.integer(i64::try_from(place).unwrap_or(i64::MAX)));
        let said = match place {
            Some(place) => words.with("lot-your-place", args![place => place]),
            None => words.t("lot-not-drawn"),
        };
        notice(Tone::Calm, view! { <p role="status">{said}</p> <p><code>{ticket}</code></p> })
    });
    view! {
        <h2>{words.t("lot-tickets")}</h2>
        <p class="hint">{words.t("lot-blanks")}</p>
        {table}
        <h2>{words.t("lot-find")}</h2>
        {filters(
            words,
            format!("/lots/{}", lot.id),
            Field::text("code", "lot-code").show(words, &form),
        )}
        {found}
    }
    .into_any()
}
