//! Terms and confidentiality: read and accepted for each mode and each call before anything of it can be opened.

use axum::extract::Path;
use domain::scope::Scope;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, TermsRead, terms_text};
use text::{Words, args};

use super::{reviewer::parts, scope};
use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::heading,
        notice, tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    version: String,
    #[serde(default)]
    accept: String,
    /// Where one wanted to go.
    #[serde(default)]
    next: String,
}

pub async fn list(visit: Visit) -> PageResult {
    let read = visit.desk.reviewer().await?;
    Ok(visit.page(visit.words.t("terms-title"), move |words| overview(words, &read.terms)).await)
}

pub async fn get(visit: Visit, Path(code): Path<String>, Query(asked): Query<Typed>) -> PageResult {
    let read = visit.desk.read_terms(&code).await?;
    let form = FormState::new([("next", asked.next)]);
    let title = visit.words.t("terms-title");
    Ok(visit.page(title, move |words| page(words, &read, &form)).await)
}

pub async fn post(visit: Visit, Path(code): Path<String>, Form(typed): Form<Typed>) -> PageResult {
    let version = typed.version.parse().unwrap_or_default();
    match visit.desk.accept_terms(&code, version, typed.accept == "on", visit.words.locale()).await {
        Ok(()) => visit.redirect_saying(onward(&typed.next), "terms-accepted").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.read_terms(&code).await?;
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("terms-title"), move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// The terms of a scope, on the way to somewhere that needs them.
pub fn path(of: Scope, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/reviewer/terms/{of}?next={next}")
}

/// Only to pages of ours that reviewers have.
fn onward(next: &str) -> &str {
    let is_ours = ["/queue", "/review/", "/bids"].iter().any(|start| next.starts_with(start));
    if is_ours { next } else { "/reviewer/terms" }
}

fn overview(words: Words, terms: &[TermsRead]) -> impl IntoView + use<> {
    let rows = terms.iter().map(|one| {
        let name = scope::name(words, &one.name);
        let state = match one.accepted_at {
            Some(at) => tag(Tone::Good, words.with("terms-accepted-at", args![at => words.instant(at)])),
            None => tag(Tone::Yours, words.t("terms-open")),
        };
        cells![view! { <a href=format!("/reviewer/terms/{}", one.name.scope)>{name}</a> }, state]
    });
    view! {
        {heading(words.t("terms-title"), None, None)}
        {parts(words, "/reviewer/terms", false)}
        <p>{words.t("terms-help")}</p>
        {Table::new("terms-title")
            .column("case-mode")
            .column("case-state")
            .rows(rows)
            .under_heading()
            .show(words)}
    }
}

fn page(words: Words, read: &TermsRead, form: &FormState) -> impl IntoView + use<> {
    let paragraphs = terms_text(words, read.version).into_iter().map(|paragraph| view! { <p>{paragraph}</p> });
    let answer = match read.accepted_at {
        Some(at) => notice(Tone::Good, words.with("terms-accepted-at", args![at => words.instant(at)])),
        None => post_form(
            format!("/reviewer/terms/{}", read.name.scope),
            view! {
                {hidden("version", read.version.to_string())}
                {hidden("next", form.value("next"))}
                {Field::checkbox("accept", "terms-accept").show(words, form)}
                {submit(words, "terms-submit")}
            },
        ),
    };
    view! {
        {error_summary(words, form)}
        {heading(words.t("terms-title"), Some(scope::name(words, &read.name)), None)}
        <div class="prose">{paragraphs.collect_view()}</div>
        <p class="hint">{words.with("terms-version", args![version => i64::from(read.version)])}</p>
        {answer}
    }
}
