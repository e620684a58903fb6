//! An officer's decision on one application: the application, the reviews, and the decision with its reasons; the
//! same page shows a decision that waits for its second signature, and one in force.

use axum::{extract::Path, response::Response};
use domain::{
    id::ApplicationId,
    review::{Outcome, Rubric, TypedDecision},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{DecisionCase, EligibilityRead, Error, HandedIn};
use text::Words;

use super::{application_text::answers, conflict::conflict_link, review::criterion_words};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone, facts,
        field::Choice,
        form::{FormState, button_form, error_summary, hidden, post_form, submit},
        layout::{Confirm, beside, confirm, heading, panel},
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    reasons: String,
    #[serde(default)]
    version: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Signature {
    #[serde(default)]
    reason: String,
    /// Of the application as it was read.
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.decision_case(id).await?;
    let tests = visit.desk.eligibility_of(id).await?;
    let form = FormState::new([("hours", case.requested.whole_hours().to_string())]);
    let title = case.case.reference.clone();
    Ok(visit.page(title, move |words| page(words, (&case, &tests), &form)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let seen = seen(&typed.version);
    let decision = TypedDecision { outcome: typed.outcome, hours: typed.hours, reasons: typed.reasons };
    match visit.desk.decide(id, &decision, seen).await {
        Ok(()) => visit.redirect_saying("/board", "decision-made").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_countersign(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Signature>) -> PageResult {
    match visit.desk.countersign(id, seen(&typed.version)).await {
        Ok(()) => visit.redirect_saying("/board", "decision-signed").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_send_back(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Signature>) -> PageResult {
    match visit.desk.send_back(id, &typed.reason, seen(&typed.version)).await {
        Ok(()) => visit.redirect_saying("/board", "decision-sent-back").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// The version that was read; what is no number was never read, and is refused as stale.
fn seen(version: &str) -> i32 {
    version.parse().unwrap_or_default()
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, AppError> {
    let case = visit.desk.decision_case(id).await?;
    let tests = visit.desk.eligibility_of(id).await?;
    Ok(visit.refused(case.case.reference.clone(), move |words| page(words, (&case, &tests), &form)).await)
}

fn page(words: Words, (case, tests): (&DecisionCase, &[EligibilityRead]), form: &FormState) -> impl IntoView + use<> {
    let due = case.case.due_at.map(|at| words.with("case-due-at", text::args![at => words.instant(at)]));
    let reviews = case.reviews.iter().map(|review| handed_in(words, review, &case.rubric)).collect_view();
    let turn = match (&case.decision, case.obstacle) {
        (Some(decision), obstacle) => {
            let is_open = decision.needs_second && decision.signed_by.is_none();
            let made = facts(
                words,
                vec![
                    ("decision-outcome", words.t(outcome_key(decision.outcome)).into_any()),
                    ("decision-granted", words.hours(decision.granted).into_any()),
                    ("decision-reasons", decision.reasons.clone().into_any()),
                ],
            );
            let signature = match (is_open, obstacle) {
                (false, _) => ().into_any(),
                (true, Some(problem)) => notice(Tone::Waiting, words.problem(problem)),
                (true, None) => second_signature(words, case, form),
            };
            panel(view! { <h2>{words.t("decision-made-title")}</h2> {made} {signature} })
        }
        (None, Some(problem)) => notice(Tone::Waiting, words.problem(problem)),
        (None, None) if case.reviews.is_empty() => notice(Tone::Waiting, words.t("decision-no-review")),
        (None, None) => panel(decide(words, case, form)),
    };
    view! {
        {error_summary(words, form)}
        {heading(
            case.case.reference.clone(),
            Some(words.t(&format!("mode-name-{}", case.case.mode))),
            None,
        )}
        <p>{case.case.organisation.clone()} " · " {words.hours(case.requested)} " · " {due}</p>
        {beside(
            view! {
                <h2>{words.t("decision-reviews")}</h2>
                {reviews}
                <h2>{words.t("review-application")}</h2>
                {answers(words, &case.application.draft)}
                {super::call_answers::answered(words, &case.answers)}
                {super::call_checks::tested(words, tests)}
            },
            turn,
        )}
        {case.obstacle.is_none().then(|| conflict_link(words, case.case.id, &case.case.reference))}
    }
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "outcome-approved",
        Outcome::Refused => "outcome-refused",
    }
}

fn handed_in(words: Words, review: &HandedIn, rubric: &Rubric) -> impl IntoView + use<> {
    let grades = review
        .draft
        .grades
        .iter()
        .map(|(code, grade)| {
            let known = rubric.criteria.iter().find(|criterion| criterion.code == *code);
            let title = known.map(|criterion| criterion_words(words, criterion).0);
            let title = title.unwrap_or_else(|| words.t(&format!("criterion-{code}")));
            view! { <div><dt>{title}</dt><dd>{grade.clone()}</dd></div> }
        })
        .collect_view();
    let total = words.hundredths(review.total);
    let advice = words.t(&format!("advice-{}", review.advice.code()));
    panel(view! {
        <h3>{words.with("review-total", text::args![total => total, advice => advice])}</h3>
        <dl class="facts">{grades}</dl>
        <p class="typed">{review.draft.to_applicant.clone()}</p>
        <p class="typed">{review.draft.to_officer.clone()}</p>
    })
}

fn decide(words: Words, case: &DecisionCase, form: &FormState) -> impl IntoView + use<> {
    let outcomes =
        vec![Choice::new("approved", words.t("outcome-approved")), Choice::new("refused", words.t("outcome-refused"))];
    view! {
        <h2>{words.t("decision-title")}</h2>
        {post_form(
            format!("/decision/{}", case.case.id),
            view! {
                {hidden("version", case.application.version.to_string())}
                {Field::radios("outcome", "decision-outcome", outcomes).show(words, form)}
                {Field::number("hours", "decision-hours")
                    .unit(words.t("unit-gpu-hours"))
                    .hint(words.t("decision-hours-help"))
                    .show(words, form)}
                {Field::area("reasons", "decision-reasons").hint(words.t("decision-reasons-help")).show(words, form)}
                {submit(words, "decision-submit")}
            },
        )}
    }
}

fn second_signature(words: Words, case: &DecisionCase, form: &FormState) -> AnyView {
    let id = case.case.id;
    let version = case.application.version.to_string();
    view! {
        <p>{words.t("countersign-help")}</p>
        {button_form(words, format!("/countersign/{id}"), "countersign-submit", &[("version", &version)])}
        {confirm(
            words,
            Confirm {
                action: format!("/decision/{id}/send-back"),
                open: "send-back-open",
                consequence: "send-back-consequence".to_owned(),
                button: "send-back-submit",
                values: vec![("version", version)],
            },
            Field::area("reason", "send-back-reason").show(words, form),
        )}
    }
    .into_any()
}
