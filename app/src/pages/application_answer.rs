//! The applicant's side of the workflow: a question answered, the reviews answered, an appeal filed.

use axum::{extract::Path, response::Response};
use domain::{
    id::{ApplicationId, QuestionId},
    period::brussels_day,
    workflow::{
        appeal::{ANSWERED_IN_DAYS, GROUNDS_WORDS_MAX},
        edge::Node,
        question,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{ApplicationRead, Error, QuestionCase, ReplyCase};
use text::{Words, args};

use super::applications;
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone,
        form::{FormState, error_summary, hidden, post_form, submit, submit_as},
        layout::{heading, panel},
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Answer {
    #[serde(default)]
    question: String,
    #[serde(default)]
    answer: String,
    #[serde(default, rename = "do")]
    deed: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Reply {
    #[serde(default)]
    reply: String,
    #[serde(default, rename = "do")]
    deed: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Appeal {
    #[serde(default)]
    grounds: String,
}

/// What the button said that only keeps.
const SAVE: &str = "save";

pub async fn get_answer(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = match visit.desk.question_case(id).await {
        // Answered meanwhile, perhaps by a colleague.
        Err(Error::NotFound) => return back(&visit, id).await,
        found => found?,
    };
    let form = FormState::new([("answer", case.question.draft.clone())]);
    Ok(visit.page(visit.words.t("answer-title"), move |words| answer_page(words, &case, &form)).await)
}

pub async fn post_answer(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Answer>) -> PageResult {
    let question: QuestionId = typed.question.parse().map_err(|_| AppError::Form("question".to_owned()))?;
    let saves = typed.deed == SAVE;
    let outcome = if saves {
        visit.desk.save_answer(id, question, &typed.answer).await
    } else {
        visit.desk.answer_question(id, question, &typed.answer).await
    };
    match outcome {
        Ok(()) if saves => visit.redirect_saying(&format!("/applications/{id}/answer"), "answer-saved-flash").await,
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}"), "answer-sent-flash").await,
        Err(Error::Invalid(invalid)) => {
            let form = FormState::of(&typed).with(invalid);
            let case = match visit.desk.question_case(id).await {
                Err(Error::NotFound) => return back(&visit, id).await,
                found => found?,
            };
            Ok(visit.refused(visit.words.t("answer-title"), move |words| answer_page(words, &case, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// To the application, if it is there.
async fn back(visit: &Visit, id: ApplicationId) -> Result<Response, AppError> {
    visit.desk.read_application(id).await?;
    Ok(visit.redirect(&format!("/applications/{id}")))
}

fn above(id: ApplicationId, reference: Option<&String>) -> AnyView {
    let name = reference.cloned().unwrap_or_default();
    view! { <p class="above"><a href=format!("/applications/{id}")>{name}</a></p> }.into_any()
}

fn answer_page(words: Words, case: &QuestionCase, form: &FormState) -> impl IntoView + use<> {
    let id = case.application.id;
    let is_open = case.question.state == question::State::Open;
    let lead = words.t(if is_open { "answer-lead" } else { "answer-late-lead" });
    let until = case.question.due_at.filter(|_| is_open).map(|at| {
        let until = words.with("answer-until", args![due => words.weekday_date(brussels_day(at))]);
        notice(Tone::Yours, view! { <p>{until}</p> })
    });
    view! {
        {error_summary(words, form)}
        {above(id, case.application.reference.as_ref())}
        {heading(words.t("answer-title"), None, None)}
        <p>{lead}</p>
        {until}
        <h2>{words.t("answer-question")}</h2>
        {panel(view! { <p class="typed">{case.question.text.clone()}</p> })}
        {post_form(
            format!("/applications/{id}/answer"),
            view! {
                {hidden("question", case.question.id.to_string())}
                {Field::area("answer", "answer-text").rows(10).show(words, form)}
                <div class="buttons">
                    {submit(words, "answer-submit")}
                    {submit_as(words, "answer-save", "do", SAVE)}
                </div>
            },
        )}
    }
}

pub async fn get_reply(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.reply_case(id).await?;
    let form = FormState::new([("reply", case.text.clone())]);
    let may_write = applications::may_write(&visit);
    Ok(visit.page(visit.words.t("reply-title"), move |words| reply_page(words, &case, &form, may_write)).await)
}

pub async fn post_reply(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Reply>) -> PageResult {
    let saves = typed.deed == SAVE;
    let outcome =
        if saves { visit.desk.save_reply(id, &typed.reply).await } else { visit.desk.reply(id, &typed.reply).await };
    match outcome {
        Ok(()) if saves => visit.redirect_saying(&format!("/applications/{id}/reply"), "reply-saved-flash").await,
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}"), "reply-sent-flash").await,
        Err(Error::Invalid(invalid)) => {
            let case = visit.desk.reply_case(id).await?;
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("reply-title"), move |words| reply_page(words, &case, &form, true)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn reply_page(words: Words, case: &ReplyCase, form: &FormState, may_write: bool) -> impl IntoView + use<> {
    let id = case.application.id;
    let comments = (1_i64..).zip(&case.comments).map(|(number, comment)| {
        panel(view! {
            <h3>{words.with("reply-comment", args![number => number])}</h3>
            <p class="typed">{comment.clone()}</p>
        })
    });
    let comments = comments.collect_view();
    let body = match (case.handed_in_at, case.until) {
        (Some(at), _) => {
            let said = words.with("reply-handed-in", args![at => words.instant(at)]);
            view! {
                {notice(Tone::Good, view! { <p>{said}</p> })}
                <h2>{words.t("reply-text")}</h2>
                {panel(view! { <p class="typed">{case.text.clone()}</p> })}
            }
            .into_any()
        }
        (None, Some(_)) if may_write => reply_form(words, case, form),
        (None, Some(_)) => ().into_any(),
        (None, None) => notice(Tone::Calm, view! { <p>{words.t("reply-over")}</p> }),
    };
    let lead = case.until.filter(|_| case.handed_in_at.is_none()).map(|until| {
        let due = words.weekday_date(brussels_day(until));
        view! { <p>{words.with("reply-lead", args![words => case.words_max, due => due])}</p> }
    });
    view! {
        {error_summary(words, form)}
        {above(id, case.application.reference.as_ref())}
        {heading(words.t("reply-title"), None, None)}
        {lead}
        <h2>{words.t("reply-comments")}</h2>
        {comments}
        {body}
    }
}

fn reply_form(words: Words, case: &ReplyCase, form: &FormState) -> AnyView {
    post_form(
        format!("/applications/{}/reply", case.application.id),
        view! {
            {Field::area("reply", "reply-text").rows(12).words(case.words_max).show(words, form)}
            <div class="buttons">
                {submit(words, "reply-submit")}
                {submit_as(words, "reply-save", "do", SAVE)}
            </div>
        },
    )
}

pub async fn get_appeal(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let read = visit.desk.read_application(id).await?;
    if read.course.node != Node::Refused {
        return Ok(visit.redirect(&format!("/applications/{id}")));
    }
    let (form, now) = (FormState::default(), visit.desk.now);
    Ok(visit.page(visit.words.t("appeal-title"), move |words| appeal_page(words, &read, &form, now)).await)
}

pub async fn post_appeal(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Appeal>) -> PageResult {
    match visit.desk.file_appeal(id, &typed.grounds).await {
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}"), "appeal-filed-flash").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.read_application(id).await?;
            let (form, now) = (FormState::of(&typed).with(invalid), visit.desk.now);
            Ok(visit.refused(visit.words.t("appeal-title"), move |words| appeal_page(words, &read, &form, now)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn appeal_page(
    words: Words,
    read: &ApplicationRead,
    form: &FormState,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let id = read.application.id;
    let reasons = read.decision.as_ref().map(|decision| decision.reasons.clone());
    let until = read.course.appeal_until.filter(|until| now <= *until);
    let body = match until {
        None => notice(Tone::Calm, view! { <p>{words.t("appeal-not-now")}</p> }),
        Some(until) => view! {
            {notice(Tone::Yours, view! {
                <p>{words.with("answer-until", args![due => words.weekday_date(brussels_day(until))])}</p>
            })}
            {post_form(
                format!("/applications/{id}/appeal"),
                view! {
                    {Field::area("grounds", "appeal-grounds")
                        .rows(12)
                        .words(GROUNDS_WORDS_MAX)
                        .hint(words.t("appeal-grounds-help"))
                        .show(words, form)}
                    {submit(words, "appeal-submit")}
                },
            )}
        }
        .into_any(),
    };
    view! {
        {error_summary(words, form)}
        {above(id, read.application.reference.as_ref())}
        {heading(words.t("appeal-title"), None, None)}
        <p>{words.with("appeal-lead", args![days => i64::from(ANSWERED_IN_DAYS)])}</p>
        {reasons.map(|reasons| view! {
            <h2>{words.t("appeal-decision-was")}</h2>
            {panel(view! { <p class="typed">{reasons}</p> })}
        })}
        {body}
    }
}
