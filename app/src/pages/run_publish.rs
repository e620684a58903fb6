//! How a run is signed: the second signature, the rules it must go by, and what publishing it had to leave.

use axum::extract::Path;
use domain::{
    id::{PersonId, RunId},
    problem::Problem,
    run::State,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, RunRead};
use text::{Words, args};

use super::{
    rules,
    run::{Asked, page, title},
};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone,
        form::{FormState, button_form, post_form, submit},
        layout::{details, kept, panel},
        notice,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Signature {
    #[serde(default)]
    version: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

pub async fn post(visit: Visit, Path(id): Path<RunId>, Form(typed): Form<Signature>) -> PageResult {
    let signed = visit.desk.publish_run(id, typed.version.parse().unwrap_or_default()).await;
    answer(visit, id, FormState::default(), signed, "run-published").await
}

/// Puts the rules of this run in force.
pub async fn post_rules(visit: Visit, Path(id): Path<RunId>, Form(typed): Form<Reason>) -> PageResult {
    let changed = visit.desk.put_rules_in_force(id, &typed.reason).await;
    answer(visit, id, FormState::of(&typed), changed, "run-rules-changed").await
}

/// Back to the run with a word on what was done, or the run again with what is wrong.
async fn answer(visit: Visit, id: RunId, form: FormState, done: Result<(), Error>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(&format!("/runs/{id}"), said).await,
        Err(Error::Invalid(invalid)) => {
            let me = visit.desk.actor.person;
            let read = visit.desk.read_run(id).await?;
            let (form, asked) = (form.with(invalid), Asked::default());
            let title = title(visit.words, &read);
            Ok(visit.refused(title, move |words| page(words, &form, read, me, &asked, &[])).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// What this officer can do about a solved run, or why not.
pub fn signature(words: Words, form: &FormState, read: &RunRead, me: Option<PersonId>) -> AnyView {
    if read.is_partial {
        return notice(Tone::Calm, view! { <p>{words.problem(Problem::ConflictOfInterest)}</p> });
    }
    if read.rules.is_what_if() {
        return notice(Tone::Calm, view! { <p>{words.problem(Problem::WhatIf)}</p> });
    }
    match (read.row.state, me) {
        (State::Solved, _) if read.rules != read.in_force => other_rules(words, form, read),
        (State::Solved, Some(me)) if me != read.row.made_by => {
            let version = read.row.version.to_string();
            let action = format!("/runs/{}/publish", read.row.id);
            let button = button_form(words, action, "run-publish", &[("version", &version)]);
            panel(view! { <p>{words.t("run-publish-help")}</p> {button} })
        }
        (State::Solved, _) => notice(Tone::Waiting, view! { <p>{words.t("run-second")}</p> }),
        (State::Published, _) => left(words, read),
        (State::Solving, _) => ().into_any(),
    }
}

/// It went by other rules than those that applicants read: they have to be put in force first.
fn other_rules(words: Words, form: &FormState, read: &RunRead) -> AnyView {
    let changes = rules::changes(words, &read.in_force, &read.rules);
    let changes = changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view();
    let fields = view! {
        {Field::text("reason", "run-rules-reason").hint(words.t("run-rules-reason-help")).show(words, form)}
        {submit(words, "run-rules-change")}
    };
    panel(view! {
        <p>{words.problem(Problem::RulesNotInForce)} " " <a href="/rules">{words.t("rules-title")}</a></p>
        <ul>{changes}</ul>
        {post_form(format!("/runs/{}/rules", read.row.id), fields)}
    })
}

/// The awards that found no room any more when the offers were made.
fn left(words: Words, read: &RunRead) -> AnyView {
    let Some(published) = &read.published else {
        return notice(Tone::Waiting, view! { <p>{words.t("run-published")}</p> });
    };
    let count = |some: usize| i64::try_from(some).unwrap_or(i64::MAX);
    let rows: Vec<_> = published
        .left
        .iter()
        .filter_map(|(application, why)| {
            let line = read.lines.iter().find(|line| line.application == *application)?;
            Some(cells![
                view! { <a href=format!("/decision/{application}")>{kept(line.reference.clone())}</a> },
                line.organisation.clone(),
                words.t(&format!("run-left-{}", why.code())),
            ])
        })
        .collect();
    let sentence = args![offered => words.integer(count(published.offered)), left => count(published.left.len())];
    let sentence = words.with("run-offered", sentence);
    if rows.is_empty() {
        return notice(Tone::Good, view! { <p>{sentence}</p> });
    }
    let table = Table::new("run-left-behind")
        .column("allocation-reference")
        .column("allocation-organisation")
        .column("run-left-why")
        .rows(rows)
        .under_heading()
        .show(words);
    notice(Tone::Waiting, view! { <p>{sentence}</p> {details(words.t("run-left-behind"), table)} })
}
