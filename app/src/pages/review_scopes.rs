//! How the applications of each mode and each call are reviewed: what reviewers are told, who is kept out, when one more is asked.

use std::collections::BTreeMap;

use axum::extract::Path;
use chrono::{DateTime, Utc};
use domain::reviewer::{Disclosure, TypedRules};
use leptos::prelude::*;
use services::{Error, ScopeRead};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::heading,
    },
};

type Typed = BTreeMap<String, String>;

const PATH: &str = "/reviewers/scopes";

pub async fn list(visit: Visit) -> PageResult {
    let scopes = visit.desk.review_scopes().await?;
    Ok(visit.page(visit.words.t("scopes-title"), move |words| overview(words, &scopes)).await)
}

pub async fn get(visit: Visit, Path(code): Path<String>) -> PageResult {
    let scope = find(&visit, &code).await?;
    let form = stored(&visit, &scope);
    let title = visit.words.t("scopes-title");
    Ok(visit.page(title, move |words| page(words, &scope, &form)).await)
}

pub async fn post(visit: Visit, Path(code): Path<String>, Form(typed): Form<Typed>) -> PageResult {
    let text = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let rules = TypedRules {
        same_country: typed.contains_key("same_country"),
        blind: typed.contains_key("blind"),
        disclosure: text("disclosure"),
        spread: text("spread"),
        reason: text("reason"),
    };
    let seen = text("since").parse::<i64>().ok().and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
    match visit.desk.change_review_scope(&code, &rules, seen).await {
        Ok(()) => visit.redirect_saying(PATH, "scopes-saved").await,
        Err(Error::Invalid(invalid)) => {
            let scope = find(&visit, &code).await?;
            let form = FormState::new(typed).with(invalid);
            let title = visit.words.t("scopes-title");
            Ok(visit.refused(title, move |words| page(words, &scope, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

async fn find(visit: &Visit, code: &str) -> Result<ScopeRead, Error> {
    let found = visit.desk.review_scopes().await?.into_iter().find(|scope| scope.name.scope.to_string() == code);
    found.ok_or(Error::NotFound)
}

fn stored(visit: &Visit, scope: &ScopeRead) -> FormState {
    let form = FormState::new([
        ("disclosure", scope.rules.disclosure.code().to_owned()),
        ("spread", visit.words.hundredths(scope.rules.spread)),
        ("since", scope.since.map(|since| since.timestamp().to_string()).unwrap_or_default()),
    ]);
    let form = if scope.rules.same_country { form.set("same_country", "on") } else { form };
    if scope.rules.blind { form.set("blind", "on") } else { form }
}

fn yes_or_no(words: Words, is_so: bool) -> String {
    words.t(if is_so { "scopes-yes" } else { "scopes-no" })
}

fn overview(words: Words, scopes: &[ScopeRead]) -> impl IntoView + use<> {
    let rows = scopes.iter().map(|scope| {
        let name = super::scope::name(words, &scope.name);
        let since = scope.since.map(|since| words.instant_figure(since)).unwrap_or_default();
        cells![
            view! { <a href=format!("{PATH}/{}", scope.name.scope)>{name}</a> },
            yes_or_no(words, scope.rules.same_country),
            yes_or_no(words, scope.rules.blind),
            words.t(&format!("disclosure-{}", scope.rules.disclosure.code())),
            words.hundredths(scope.rules.spread),
            since,
        ]
    });
    view! {
        {heading(words.t("scopes-title"), None, None)}
        <p>{words.t("scopes-help")}</p>
        {Table::new("scopes-title")
            .column("case-mode")
            .column("scopes-same-country-short")
            .column("scopes-blind-short")
            .column("scopes-disclosure")
            .figures("scopes-spread-short")
            .column("scopes-since")
            .rows(rows)
            .under_heading()
            .show(words)}
    }
}

fn page(words: Words, scope: &ScopeRead, form: &FormState) -> impl IntoView + use<> {
    let disclosures = Disclosure::ALL.iter().map(|one| Choice::new(one.code(), format!("disclosure-{}", one.code())));
    let reason = (!scope.reason.is_empty())
        .then(|| view! { <p>{words.with("scopes-reason-now", args![reason => scope.reason.clone()])}</p> });
    view! {
        {error_summary(words, form)}
        {heading(words.t("scopes-title"), Some(super::scope::name(words, &scope.name)), None)}
        {reason}
        {post_form(
            format!("{PATH}/{}", scope.name.scope),
            view! {
                {hidden("since", form.value("since"))}
                {Field::checkbox("same_country", "scopes-same-country").show(words, form)}
                {Field::checkbox("blind", "scopes-blind").show(words, form)}
                {Field::radios("disclosure", "scopes-disclosure", disclosures.collect()).show(words, form)}
                {Field::number("spread", "scopes-spread")
                    .unit("scopes-grades")
                    .hint("scopes-spread-help")
                    .show(words, form)}
                {Field::area("reason", "scopes-reason").rows(3).hint("scopes-reason-help").show(words, form)}
                {submit(words, "scopes-save")}
            },
        )}
    }
}
