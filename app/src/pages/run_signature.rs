//! What an officer can do about a solved run: sign it, put its rules in force first, or read what publishing it had to
//! leave.

use domain::{id::PersonId, problem::Problem, run::State};
use leptos::prelude::*;
use services::RunRead;
use text::{Words, args};

use super::rules;
use crate::{
    cells,
    components::{
        Field, Table, Tone,
        form::{FormState, button_form, post_form, submit},
        layout::{details, kept, panel},
        notice,
    },
};

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
