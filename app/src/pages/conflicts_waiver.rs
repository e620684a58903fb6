//! A conflict that is not to count: one officer asks, a second one answers, both with reasons.

use axum::{extract::Path, response::Response};
use domain::{conflict::WaiverOutcome, id::ApplicationId, problem::Problem};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{ConflictBoard, ConflictRead, Error};
use text::{Words, args};

use super::conflicts::{kind_name, path, rests_on, told};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone,
        form::{FormState, error_summary, post_form, submit, submit_as},
        layout::heading,
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    outcome: String,
}

/// What the page is about.
struct Subject {
    board: ConflictBoard,
    name: String,
    conflict: ConflictRead,
    /// The waiver that waits for an answer, if the page answers.
    waiver: Option<String>,
}

async fn subject(visit: &Visit, id: ApplicationId, is_it: impl Fn(&ConflictRead) -> bool) -> Result<Subject, Error> {
    let board = visit.desk.conflict_board(id).await?;
    let found = board.bench.iter().find_map(|one| {
        let conflict = one.conflicts.iter().find(|conflict| is_it(conflict))?;
        Some((one.name.clone(), conflict.clone()))
    });
    let (name, conflict) = found.ok_or(Error::NotFound)?;
    Ok(Subject { board, name, conflict, waiver: None })
}

async fn asked(visit: &Visit, id: ApplicationId, conflict: &str) -> Result<Subject, Error> {
    subject(visit, id, |one| one.row.id.to_string() == conflict).await
}

async fn answered(visit: &Visit, id: ApplicationId, waiver: &str) -> Result<Subject, Error> {
    let is_it = |one: &ConflictRead| one.waivers.iter().any(|other| other.row.id.to_string() == waiver);
    Ok(Subject { waiver: Some(waiver.to_owned()), ..subject(visit, id, is_it).await? })
}

pub async fn get_ask(visit: Visit, Path((id, conflict)): Path<(ApplicationId, String)>) -> PageResult {
    let subject = asked(&visit, id, &conflict).await?;
    let form = FormState::default();
    Ok(visit.page(visit.words.t("waiver-ask"), move |words| ask(words, &subject, &form)).await)
}

pub async fn post_ask(
    visit: Visit,
    Path((id, conflict)): Path<(ApplicationId, String)>,
    Form(typed): Form<Typed>,
) -> PageResult {
    match visit.desk.ask_waiver(conflict.parse().map_err(|_| Error::NotFound)?, &typed.reason).await {
        Ok(id) => visit.redirect_saying(&path(id), "waiver-is-asked").await,
        Err(Error::Invalid(invalid)) => {
            let subject = asked(&visit, id, &conflict).await?;
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("waiver-ask"), move |words| ask(words, &subject, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn get_answer(visit: Visit, Path((id, waiver)): Path<(ApplicationId, String)>) -> PageResult {
    let subject = answered(&visit, id, &waiver).await?;
    let form = FormState::default();
    Ok(visit.page(visit.words.t("waiver-answer"), move |words| answer(words, &subject, &form)).await)
}

pub async fn post_answer(
    visit: Visit,
    Path((id, waiver)): Path<(ApplicationId, String)>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let asked = waiver.parse().map_err(|_| Error::NotFound)?;
    let outcome = match WaiverOutcome::from_code(&typed.outcome) {
        Some(outcome) => visit.desk.decide_waiver(asked, outcome, &typed.reason).await.map(|id| (id, outcome)),
        None => Err(Error::invalid("", Problem::NotAChoice)),
    };
    match outcome {
        Ok((id, WaiverOutcome::Granted)) => visit.redirect_saying(&path(id), "waiver-is-granted").await,
        Ok((id, WaiverOutcome::Refused)) => visit.redirect_saying(&path(id), "waiver-is-refused").await,
        Err(Error::Invalid(invalid)) => refused(&visit, (id, &waiver), FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, (id, waiver): (ApplicationId, &str), form: FormState) -> Result<Response, AppError> {
    let subject = answered(visit, id, waiver).await?;
    Ok(visit.refused(visit.words.t("waiver-answer"), move |words| answer(words, &subject, &form)).await)
}

fn about(words: Words, subject: &Subject) -> impl IntoView + use<> {
    let kind = kind_name(words, subject.conflict.row.kind);
    let line = words.with("waiver-about", args![name => subject.name.clone(), kind => kind]);
    view! { <p>{line}</p> <p>{rests_on(words, &subject.conflict)}</p> }
}

fn ask(words: Words, subject: &Subject, form: &FormState) -> impl IntoView + use<> {
    let (id, conflict) = (subject.board.case.id, subject.conflict.row.id);
    view! {
        {error_summary(words, form)}
        {heading(words.t("waiver-ask"), Some(subject.board.case.reference.clone()), None)}
        {about(words, subject)}
        {notice(Tone::Waiting, words.t("waiver-ask-help"))}
        {post_form(
            format!("/conflicts/{id}/ask/{conflict}"),
            view! {
                {Field::area("reason", "waiver-reason").show(words, form)}
                {submit(words, "waiver-ask-submit")}
            },
        )}
    }
}

fn answer(words: Words, subject: &Subject, form: &FormState) -> impl IntoView + use<> {
    let id = subject.board.case.id;
    let asked = subject.conflict.waivers.iter().find(|one| Some(one.row.id.to_string()) == subject.waiver);
    let told = asked.map(|waiver| view! { <ul class="plain">{told(words, waiver)}</ul> });
    let is_open = asked.is_some_and(|one| one.row.outcome.is_none());
    let action = format!("/conflicts/{id}/answer/{}", subject.waiver.clone().unwrap_or_default());
    let form_view = is_open.then(|| {
        post_form(
            action,
            view! {
                {Field::area("reason", "waiver-decision-reason").show(words, form)}
                {submit_as(words, "waiver-grant", "outcome", "granted")}
                {submit_as(words, "waiver-refuse", "outcome", "refused")}
            },
        )
    });
    view! {
        {error_summary(words, form)}
        {heading(words.t("waiver-answer"), Some(subject.board.case.reference.clone()), None)}
        {about(words, subject)}
        {told}
        <p class="hint">{words.t("waiver-answer-help")}</p>
        {form_view}
    }
}
