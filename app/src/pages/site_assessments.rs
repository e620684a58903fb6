//! Technical assessments: what the site is asked, and what its operator says of it.

use axum::extract::Path;
use domain::{
    gpu::GpuModel,
    id::ApplicationId,
    workflow::{
        assessment::{self, VERDICTS},
        question,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AssessmentCase, Case, Error};
use text::Words;

use super::{application_text::answers, case::ask_form, course};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{beside, heading, kept, panel, tag},
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    conditions: String,
    #[serde(default)]
    comments: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Question {
    #[serde(default)]
    question: String,
    #[serde(default)]
    days: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let cases = visit.desk.assessments().await?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("assessments-title"), move |words| list(words, &cases, now)).await)
}

fn list(words: Words, cases: &[Case], now: chrono::DateTime<chrono::Utc>) -> impl IntoView + use<> {
    let rows = cases.iter().map(|case| {
        let clock = case.clock.as_ref();
        let late = clock.is_some_and(|clock| clock.is_late(now)).then(|| tag(Tone::Bad, words.t("course-late")));
        let due = match clock {
            Some(clock) if clock.is_stopped => words.t("board-clock-stopped"),
            Some(clock) => clock.due_at.map(|at| words.instant_figure(at)).unwrap_or_default(),
            None => String::new(),
        };
        cells![
            view! { <a href=format!("/site/assessments/{}", case.id)>{kept(case.reference.clone())}</a> },
            case.organisation.clone(),
            words.t(&format!("mode-name-{}", case.mode)),
            view! { <span>{due} " " {late}</span> },
        ]
    });
    view! {
        {heading(words.t("assessments-title"), None, None)}
        <p>{words.t("assessments-lead")}</p>
        {Table::new("assessments-title")
            .column("case-reference")
            .column("case-organisation")
            .column("case-mode")
            .column("board-step-due")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "assessments-empty", "assessments-empty-help", None))
            .show(words)}
    }
}

pub async fn get_one(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.assessment_case(id).await?;
    let form = FormState::default();
    Ok(visit.page(case.case.reference.clone(), move |words| one(words, &case, &form)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let Typed { verdict, hours, model, conditions, comments } = typed;
    match visit.desk.assess(id, &assessment::Typed { verdict, hours, model, conditions, comments }).await {
        Ok(()) => visit.redirect_saying("/site/assessments", "assessment-done-flash").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_question(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Question>) -> PageResult {
    let form = FormState::of(&typed);
    match visit.desk.ask_question(id, &question::Typed { text: typed.question, days: typed.days }).await {
        Ok(()) => visit.redirect_saying(&format!("/site/assessments/{id}"), "question-asked-flash").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<axum::response::Response, AppError> {
    let case = visit.desk.assessment_case(id).await?;
    Ok(visit.refused(case.case.reference.clone(), move |words| one(words, &case, &form)).await)
}

fn one(words: Words, case: &AssessmentCase, form: &FormState) -> impl IntoView + use<> {
    let id = case.case.id;
    let is_asked = case.course.asked().is_some();
    let due = case.course.active().and_then(|step| step.due_at);
    let due = due.map(|at| words.with("case-due-at", text::args![at => words.instant(at)]));
    let turn = if is_asked {
        notice(Tone::Waiting, view! { <p>{words.t("question-is-open")}</p> })
    } else {
        view! { {panel(assess_form(words, id, form))} {ask_form(words, format!("/site/assessments/{id}/question"), form)} }
            .into_any()
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/site/assessments">{words.t("assessments-title")}</a></p>
        {heading(case.case.reference.clone(), Some(words.t(&format!("mode-name-{}", case.case.mode))), None)}
        <p>{case.case.organisation.clone()} " · " {due}</p>
        {beside(
            view! {
                {course::questions(words, &case.course.questions)}
                <h2>{words.t("review-application")}</h2>
                {answers(words, &case.application.draft)}
            },
            turn,
        )}
    }
}

fn assess_form(words: Words, id: ApplicationId, form: &FormState) -> AnyView {
    let verdicts = VERDICTS.map(|verdict| Choice::new(verdict.code(), course::outcome(words, verdict)));
    let none = Choice::new("", words.t("choice-none"));
    let models = GpuModel::ALL.map(|model| Choice::new(model.code(), model.code()));
    let models = std::iter::once(none).chain(models).collect();
    view! {
        <h2>{words.t("assessment-title")}</h2>
        {post_form(
            format!("/site/assessments/{id}"),
            view! {
                {Field::radios("verdict", "assessment-verdict", verdicts.to_vec()).show(words, form)}
                {Field::number("hours", "assessment-hours").unit("unit-gpu-hours").show(words, form)}
                {Field::select("model", "assessment-model", models).show(words, form)}
                {Field::area("conditions", "assessment-conditions")
                    .rows(3)
                    .optional()
                    .hint(words.t("assessment-conditions-help"))
                    .show(words, form)}
                {Field::area("comments", "assessment-comments").show(words, form)}
                {submit(words, "assessment-submit")}
            },
        )}
    }
    .into_any()
}
