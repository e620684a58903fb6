//! One review: the application left, the rubric right. Drafts are kept by the button; handing in checks.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use domain::{
    call::said,
    id::ApplicationId,
    review::{Advice, Criterion, Draft, GRADES, Rubric},
};
use leptos::prelude::*;
use services::{Error, ReviewCase};
use text::Words;

use super::{
    application_text::{answers, answers_without},
    conflict::{conflict_link, named},
    course,
    decision::handed_in,
    reviewer_terms,
};
use crate::{
    Form, PageResult, Visit,
    components::{
        Field, Tone,
        field::Choice,
        form::{FormState, error_summary, post_form, submit_as},
        layout::{beside, details_if, heading, panel},
        notice,
    },
};

type Typed = BTreeMap<String, String>;

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = match visit.desk.review_case(id).await {
        // The terms first, and back here.
        Err(Error::Invalid(_)) => {
            let scope = visit.desk.case(id).await?.scope;
            return Ok(visit.redirect(&reviewer_terms::path(scope, &format!("/review/{id}"))));
        }
        read => read?,
    };
    let form = stored(&case);
    let title = case.case.reference.clone();
    Ok(visit.page(title, move |words| page(words, &case, &form)).await)
}

/// Saves, or hands in if the button said so.
pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let draft = draft(&typed);
    let hands_in = typed.get("do").is_some_and(|deed| deed == "hand_in");
    let outcome =
        if hands_in { visit.desk.hand_in_review(id, &draft).await } else { visit.desk.save_review(id, &draft).await };
    match outcome {
        Ok(()) if hands_in => visit.redirect_saying("/queue", "review-handed-in").await,
        Ok(()) => visit.redirect_saying(&format!("/review/{id}"), "review-saved").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::new(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// What the reviewer would like to know: an officer asks it.
pub async fn post_question(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let text = typed.get("question").cloned().unwrap_or_default();
    match visit.desk.suggest_question(id, &text).await {
        Ok(()) => visit.redirect_saying(&format!("/review/{id}"), "question-suggested-flash").await,
        Err(Error::Invalid(invalid)) => {
            let case = visit.desk.review_case(id).await?;
            let form = stored(&case).set("question", text).with(invalid);
            Ok(visit.refused(case.case.reference.clone(), move |words| page(words, &case, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, crate::AppError> {
    let case = visit.desk.review_case(id).await?;
    Ok(visit.refused(case.case.reference.clone(), move |words| page(words, &case, &form)).await)
}

fn draft(typed: &Typed) -> Draft {
    let text = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let grades = typed
        .iter()
        .filter_map(|(field, grade)| Some((field.strip_prefix("grade-")?.to_owned(), grade.clone())))
        .collect();
    Draft { grades, to_applicant: text("to_applicant"), to_officer: text("to_officer"), advice: text("advice") }
}

fn stored(case: &ReviewCase) -> FormState {
    let draft = &case.draft;
    let grades = draft.grades.iter().map(|(code, grade)| (format!("grade-{code}"), grade.clone()));
    FormState::new(grades)
        .set("to_applicant", draft.to_applicant.clone())
        .set("to_officer", draft.to_officer.clone())
        .set("advice", draft.advice.clone())
}

fn page(words: Words, case: &ReviewCase, form: &FormState) -> impl IntoView + use<> {
    let id = case.case.id;
    let due = case.case.due_at.map(|at| words.with("case-due-at", text::args![at => words.instant(at)]));
    let is_closed = case.review.handed_in_at.is_some();
    let rubric = if is_closed {
        view! {
            {notice(Tone::Good, words.t("review-is-handed-in"))}
            {others(words, case)}
        }
        .into_any()
    } else {
        rubric(words, case, form).into_any()
    };
    view! {
        {error_summary(words, form)}
        {heading(
            case.case.reference.clone(),
            Some(words.t(&format!("mode-name-{}", case.case.mode))),
            None,
        )}
        <p>{named(&case.case)} {due}</p>
        {case.is_blind.then(|| notice(Tone::Calm, words.t("review-blind")))}
        {beside(
            view! {
                {course::assessments(words, &case.course.assessments, &[])}
                {course::questions(words, &case.course.questions)}
                {course::reply(words, &case.course)}
                <h2>{words.t("review-application")}</h2>
                {if case.is_blind {
                    answers_without(words, &case.application.draft, &TEAM).into_any()
                } else {
                    answers(words, &case.application.draft).into_any()
                }}
                {super::call_answers::answered(words, &case.answers)}
            },
            rubric,
        )}
        {(!is_closed).then(|| suggest(words, case, form))}
        {(!is_closed).then(|| conflict_link(words, id, &case.case.reference))}
    }
}

/// Answers that say who applies.
const TEAM: [&str; 4] = ["lead_name", "lead_email", "lead_contract_end", "members"];

/// What others wrote, without their names, once one's own is handed in.
fn others(words: Words, case: &ReviewCase) -> impl IntoView + use<> {
    let reviews = case.others.iter().map(|one| handed_in(words, one, &case.rubric)).collect_view();
    let none = case.others.is_empty().then(|| view! { <p>{words.t("review-others-none")}</p> });
    view! { <h2>{words.t("review-others")}</h2> {none} {reviews} }
}

/// What a criterion is called and asks: the call's own words, or those of the mode.
pub(super) fn criterion_words(words: Words, criterion: &Criterion) -> (String, String) {
    let language = words.locale().code();
    let key = format!("criterion-{}", criterion.code);
    let or = |own: &str, key: &str| if own.is_empty() { words.t(key) } else { own.to_owned() };
    let title = or(said(&criterion.title, language), &key);
    let help = match said(&criterion.help, language) {
        "" if !criterion.title.is_empty() => String::new(),
        own => or(own, &format!("{key}-help")),
    };
    (title, help)
}

/// What each grade means.
fn scale(words: Words, rubric: &Rubric) -> Vec<Choice> {
    let texts = rubric.scale.iter().map(|text| said(text, words.locale().code()).to_owned());
    let texts = texts.map(Some).chain(std::iter::repeat(None));
    let grades = GRADES.into_iter().zip(texts);
    grades
        .map(|(grade, text)| Choice::new(grade.to_string(), text.unwrap_or_else(|| words.t(&format!("grade-{grade}")))))
        .collect()
}

/// Below the rubric, for those who miss something.
fn suggest(words: Words, case: &ReviewCase, form: &FormState) -> AnyView {
    if case.course.asked().is_some() {
        return notice(Tone::Waiting, view! { <p>{words.t("question-is-open")}</p> });
    }
    let form = form.clone();
    let body = post_form(
        format!("/review/{}/question", case.case.id),
        view! {
            {Field::area("question", "question-suggest-text")
                .rows(3)
                .hint(words.t("question-suggest-help"))
                .show(words, &form)}
            {submit_as(words, "question-suggest-submit", "do", "suggest")}
        },
    );
    details_if(!form.problems().is_empty(), words.t("question-suggest-title"), body)
}

fn rubric(words: Words, case: &ReviewCase, form: &FormState) -> impl IntoView + use<> {
    let grades = case
        .rubric
        .criteria
        .iter()
        .map(|criterion| {
            let (title, help) = criterion_words(words, criterion);
            let label = words.with(
                "criterion-weighted",
                text::args![
                    name => title,
                    weight => words.percent(criterion.weight)
                ],
            );
            let field = Field::radios(&format!("grade-{}", criterion.code), &label, scale(words, &case.rubric));
            let field = if help.is_empty() { field } else { field.hint(help) };
            field.show(words, form)
        })
        .collect_view();
    let advice = Advice::ALL.map(|advice| Choice::new(advice.code(), words.t(&format!("advice-{}", advice.code()))));
    panel(view! {
        <h2>{words.t("review-rubric")}</h2>
        {post_form(
            format!("/review/{}", case.case.id),
            view! {
                {grades}
                {Field::area("to_applicant", "review-to-applicant").show(words, form)}
                {Field::area("to_officer", "review-to-officer").optional().show(words, form)}
                {Field::radios("advice", "review-advice", advice.to_vec()).show(words, form)}
                {submit_as(words, "review-save", "do", "save")}
                {submit_as(words, "review-hand-in", "do", "hand_in")}
            },
        )}
    })
}
