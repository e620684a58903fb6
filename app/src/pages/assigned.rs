//! A review that somebody is asked for: what it is about, until when, and yes or no.

use axum::{extract::Path, response::Response};
use domain::{assignment::State, id::ApplicationId, problem::Problem};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AskedRead, AskedReview, Error};
use text::Words;

use super::{conflict::conflict_link, reviewer_terms};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone,
        form::{FormState, error_summary, post_form, submit},
        layout::{details, facts, heading, kept},
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let read = match visit.desk.read_asked(id).await {
        // The terms first, and back here.
        Err(Error::Invalid(invalid)) if invalid.of("").any(|problem| problem == Problem::TermsNotAccepted) => {
            let scope = visit.desk.scope_of_asked(id).await?;
            return Ok(visit.redirect(&reviewer_terms::path(scope, &format!("/assigned/{id}"))));
        }
        read => read?,
    };
    let title = read.asked.case.reference.clone();
    Ok(visit.page(title, move |words| page(words, &read, &FormState::default())).await)
}

pub async fn post_accept(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    match visit.desk.accept_assignment(id).await {
        Ok(()) => visit.redirect_saying(&format!("/review/{id}"), "assigned-accepted").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_decline(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.decline_assignment(id, &typed.reason).await {
        Ok(()) => visit.redirect_saying("/queue", "assigned-declined").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_asked(id).await?;
    let title = read.asked.case.reference.clone();
    Ok(visit.refused(title, move |words| page(words, &read, &form)).await)
}

fn page(words: Words, read: &AskedRead, form: &FormState) -> impl IntoView + use<> {
    let (case, summary) = (&read.asked.case, &read.asked.summary);
    let id = case.id;
    let answers = match read.state {
        State::Offered => yes_or_no(words, id, form),
        State::Accepted => notice(
            Tone::Good,
            view! { <p>{words.t("assigned-is-accepted")} " " <a href=format!("/review/{id}")>{words.t("assigned-open")}</a></p> },
        ),
        State::Declined | State::Released => notice(Tone::Calm, words.t("assigned-is-closed")),
    };
    view! {
        {error_summary(words, form)}
        {heading(summary.title.clone(), Some(case.reference.clone()), None)}
        <p>{case.organisation.clone()} " · " {words.t(&format!("mode-name-{}", case.mode))}</p>
        {facts(words, vec![
            ("assigned-answer-due", words.instant(summary.answer_due_at).into_any()),
            ("assigned-review-due", words.instant(summary.review_due_at).into_any()),
        ])}
        {(!summary.summary.is_empty()).then(|| view! {
            <h2>{words.t("assigned-summary")}</h2>
            <p class="typed">{summary.summary.clone()}</p>
        })}
        {answers}
        <p>{words.t("assigned-conflict-help")} " " {conflict_link(words, id, &case.reference)}</p>
    }
}

fn yes_or_no(words: Words, id: ApplicationId, form: &FormState) -> AnyView {
    let decline = post_form(
        format!("/assigned/{id}/decline"),
        view! {
            <p>{words.t("assigned-decline-help")}</p>
            {Field::area("reason", "assigned-reason").show(words, form)}
            <button class="button" type="submit">{words.t("assigned-decline")}</button>
        },
    );
    let is_typed = form.problems().of("reason").next().is_some();
    // What was refused stays open.
    let decline = if is_typed { decline } else { details(words.t("assigned-decline-open"), decline) };
    view! {
        {post_form(format!("/assigned/{id}/accept"), submit(words, "assigned-accept"))}
        {decline}
    }
    .into_any()
}

/// What a reviewer is asked for, in their queue; nothing if it is nothing.
pub fn section(words: Words, asked: &[AskedReview]) -> AnyView {
    if asked.is_empty() {
        return ().into_any();
    }
    let rows = asked.iter().map(|asked| {
        let case = &asked.case;
        cells![
            view! { <a href=format!("/assigned/{}", case.id)>{kept(case.reference.clone())}</a> },
            if asked.is_open { asked.summary.title.clone() } else { words.t("assigned-terms-first") },
            case.organisation.clone(),
            words.instant_figure(asked.summary.answer_due_at),
            words.instant_figure(asked.summary.review_due_at),
            conflict_link(words, case.id, &case.reference),
        ]
    });
    let table = Table::new("assigned-title")
        .column("case-reference")
        .column("assigned-project")
        .column("case-organisation")
        .column("assigned-answer-due")
        .column("assigned-review-due")
        .column("conflict-column")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <section><h2>{words.t("assigned-title")}</h2> {table}</section> }.into_any()
}
