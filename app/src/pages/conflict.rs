//! A conflict of interest, declared: before the application is read, from a queue's line, or while reading it.

use axum::{extract::Path, response::Response};
use domain::{actor::Stand, conflict::Kind, id::ApplicationId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Case, Error};
use text::Words;

use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
        notice,
    },
};

#[derive(Debug, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default = "personal")]
    kind: String,
    #[serde(default)]
    reason: String,
}

/// What a declaration without a kind is.
fn personal() -> String {
    Kind::Personal.code().to_owned()
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.case(id).await?;
    Ok(visit
        .page(visit.words.t("conflict-title"), move |words| page(words, &case, &FormState::new([("kind", personal())])))
        .await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.declare(id, Kind::from_code(&typed.kind), &typed.reason).await {
        Ok(()) => visit.redirect_saying(list(&visit), "conflict-declared").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, AppError> {
    let case = visit.desk.case(id).await?;
    Ok(visit.refused(visit.words.t("conflict-title"), move |words| page(words, &case, &form)).await)
}

/// The list of cases of whoever stands here.
fn list(visit: &Visit) -> &'static str {
    match visit.actor().stand {
        Stand::Officer => "/board",
        Stand::Operator { .. } => "/site/assessments",
        _ => "/queue",
    }
}

/// The kinds that can be said.
pub fn kinds() -> Vec<Choice> {
    let key = |kind: &Kind| format!("conflict-kind-{}", kind.code().replace('_', "-"));
    Kind::DECLARED.iter().map(|kind| Choice::new(kind.code(), key(kind))).collect()
}

fn page(words: Words, case: &Case, form: &FormState) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        {heading(words.t("conflict-title"), Some(case.reference.clone()), None)}
        <p>{named(case)} {words.t(&format!("mode-name-{}", case.mode))}</p>
        <p>{words.t("conflict-help")}</p>
        {notice(Tone::Waiting, words.t("conflict-consequence"))}
        {post_form(
            format!("/conflict/{}", case.id),
            view! {
                {Field::radios("kind", "conflict-kind", kinds()).show(words, form)}
                {Field::area("reason", "conflict-reason").show(words, form)}
                {submit(words, "conflict-submit")}
            },
        )}
    }
}

/// The organisation, where it is told.
pub fn named(case: &Case) -> String {
    if case.organisation.is_empty() { String::new() } else { format!("{} · ", case.organisation) }
}

/// Where a conflict with this case is declared; read aloud with its reference.
pub fn conflict_link(words: Words, case: ApplicationId, reference: &str) -> AnyView {
    let name = words.with("conflict-link-of", text::args![reference => reference.to_owned()]);
    view! { <a href=format!("/conflict/{case}") aria-label=name>{words.t("conflict-link")}</a> }.into_any()
}
