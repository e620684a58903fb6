//! A conflict of interest, declared: before the application is read, from a queue's line, or while reading it.

use axum::{extract::Path, response::Response};
use domain::{actor::Stand, id::ApplicationId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Case, Error};
use text::Words;

use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.case(id).await?;
    Ok(visit.page(visit.words.t("conflict-title"), move |words| page(words, &case, &FormState::default())).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.declare_conflict(id, &typed.reason).await {
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
    if visit.actor().stand == Stand::Officer { "/board" } else { "/queue" }
}

fn page(words: Words, case: &Case, form: &FormState) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        {heading(words.t("conflict-title"), Some(case.reference.clone()), None)}
        <p>{case.organisation.clone()} " · " {words.t(&format!("mode-name-{}", case.mode))}</p>
        <p>{words.t("conflict-help")}</p>
        {notice(Tone::Waiting, words.t("conflict-consequence"))}
        {post_form(
            format!("/conflict/{}", case.id),
            view! {
                {Field::area("reason", "conflict-reason").show(words, form)}
                {submit(words, "conflict-submit")}
            },
        )}
    }
}

/// Where a conflict with this case is declared; read aloud with its reference.
pub fn conflict_link(words: Words, case: ApplicationId, reference: &str) -> AnyView {
    let name = words.with("conflict-link-of", text::args![reference => reference.to_owned()]);
    view! { <a href=format!("/conflict/{case}") aria-label=name>{words.t("conflict-link")}</a> }.into_any()
}
