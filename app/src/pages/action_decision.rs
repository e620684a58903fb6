//! An officer's decision on one change of an allocation: what is asked for, what it would do and cost, and the decision
//! with its reasons; above the limit for awards, the second signature.

use axum::{extract::Path, response::Response};
use domain::{
    action::{Change, State, TypedDecision},
    id::ActionId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{ActionCase, Error};
use text::Words;

use super::{
    action::{changes, price},
    allocation_after::{action_tag, change},
    organisation::version,
};
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
#[serde(default)]
pub struct Typed {
    outcome: String,
    amount: String,
    reason: String,
    version: String,
}

pub async fn get(visit: Visit, Path(id): Path<ActionId>) -> PageResult {
    let case = visit.desk.action_case(id).await?;
    let amount = match case.requested {
        Change::Hours(time) => ((time.as_seconds() + 3_599) / 3_600).to_string(),
        Change::Weeks(weeks) => weeks.to_string(),
        Change::Start(_) | Change::Nothing => String::new(),
    };
    let form = FormState::new([("amount", amount)]);
    let title = case.allocation.row.reference.clone();
    Ok(visit.page(title, move |words| page(words, &case, &form)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ActionId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let seen = version(&typed.version)?;
    let decision = TypedDecision { outcome: typed.outcome, amount: typed.amount, reason: typed.reason };
    let done = visit.desk.decide_action(id, &decision, seen).await;
    answer(&visit, id, form, done, "action-decided-flash").await
}

pub async fn post_signature(visit: Visit, Path(id): Path<ActionId>, Form(typed): Form<Typed>) -> PageResult {
    let done = visit.desk.sign_action(id, version(&typed.version)?).await;
    answer(&visit, id, FormState::of(&typed), done, "action-signed-flash").await
}

pub async fn post_send_back(visit: Visit, Path(id): Path<ActionId>, Form(typed): Form<Typed>) -> PageResult {
    let done = visit.desk.send_back_action(id, &typed.reason, version(&typed.version)?).await;
    answer(&visit, id, FormState::of(&typed), done, "action-sent-back-flash").await
}

async fn answer(visit: &Visit, id: ActionId, form: FormState, done: Result<(), Error>, flash: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying("/actions", flash).await,
        Err(Error::Invalid(invalid)) => refused(visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ActionId, form: FormState) -> Result<Response, AppError> {
    let case = visit.desk.action_case(id).await?;
    let title = case.allocation.row.reference.clone();
    Ok(visit.refused(title, move |words| page(words, &case, &form)).await)
}

fn page(words: Words, case: &ActionCase, form: &FormState) -> AnyView {
    let row = &case.row;
    let what = words.t(&format!("action-kind-{}", row.kind.code()));
    let above = format!("{} · {}", case.allocation.row.reference, case.allocation.organisation);
    let effect = case
        .effect
        .as_ref()
        .map(|effect| panel(view! { <h2>{words.t("action-effect")}</h2> {changes(words, &case.allocation, effect)} }));
    let later = case.later.as_ref().map(|later| ("action-later", later.row.reference.clone().into_any()));
    let mut rows = vec![
        ("after-requested", change(words, case.requested).into_any()),
        ("after-asked", words.instant(row.asked_at).into_any()),
    ];
    rows.extend(later);
    rows.extend(row.due_at.map(|due| ("case-due", words.instant(due).into_any())));
    rows.extend(case.recommended.map(|one| ("action-case-recommended", change(words, one).into_any())));
    rows.extend(case.awarded.map(|one| ("after-awarded", change(words, one).into_any())));
    rows.extend(row.reason.clone().map(|reason| ("after-reason", reason.into_any())));
    let href = format!("/allocations/{}", row.allocation_id);
    let main = view! {
        {facts(words, rows)}
        <h2>{words.t("action-case-why")}</h2>
        <p class="typed">{row.why.clone()}</p>
        <p><a href=href>{words.t("action-to-allocation")}</a></p>
        {turn(words, case, form)}
    };
    view! {
        {error_summary(words, form)}
        {heading(what, Some(above), Some(action_tag(words, row)))}
        {beside(main, view! { {effect} {price(words, &case.price)} })}
    }
    .into_any()
}

fn turn(words: Words, case: &ActionCase, form: &FormState) -> AnyView {
    let row = &case.row;
    match (row.state, row.decided_by, case.obstacle) {
        (State::Asked, _, Some(problem)) => notice(Tone::Waiting, words.problem(problem)),
        (State::Asked, None, None) => panel(decide(words, case, form)),
        (State::Asked, Some(_), None) => panel(sign(words, case, form)),
        _ => ().into_any(),
    }
}

fn decide(words: Words, case: &ActionCase, form: &FormState) -> AnyView {
    let outcomes = vec![
        Choice::new("approved", words.t("action-outcome-approved")),
        Choice::new("refused", words.t("action-outcome-refused")),
    ];
    let amount = match case.requested {
        Change::Hours(_) => Some(Field::number("amount", "action-amount-hours").unit("unit-gpu-hours")),
        Change::Weeks(_) => Some(Field::number("amount", "action-amount-weeks")),
        Change::Start(_) | Change::Nothing => None,
    };
    let amount = amount.map(|field| field.hint("action-amount-hint").show(words, form));
    post_form(
        format!("/actions/{}", case.row.id),
        view! {
            {hidden("version", case.row.version.to_string())}
            {Field::radios("outcome", "action-outcome", outcomes).show(words, form)}
            {amount}
            {Field::area("reason", "action-reason").hint("action-reason-hint").show(words, form)}
            {submit(words, "action-decide")}
        },
    )
}

fn sign(words: Words, case: &ActionCase, form: &FormState) -> AnyView {
    let (id, version) = (case.row.id, case.row.version.to_string());
    view! {
        <p>{words.t("action-sign-help")}</p>
        {button_form(words, format!("/actions/{id}/sign"), "action-sign", &[("version", &version)])}
        {confirm(
            words,
            Confirm {
                action: format!("/actions/{id}/send-back"),
                open: "send-back-open",
                consequence: "send-back-consequence".to_owned(),
                button: "send-back-submit",
                values: vec![("version", version)],
            },
            Some((Field::area("reason", "send-back-reason"), form)),
        )}
    }
    .into_any()
}
