//! Every payment; one payment with its refunds, and the form that gives money back.

use axum::extract::Path;
use domain::{
    id::{PaymentId, RefundId},
    money::Money,
    payment::{DisputeState, State},
    problem::Invalid,
    typed,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, PaymentListed, rows::DisputeRow};
use text::{Words, args};

use super::invoice::{payment_tag, refunds, way};
use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty, facts,
        field::Choice,
        form::{FormState, button_form, error_summary, post_form, submit},
        layout::heading,
        table::filters,
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct Refund {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let state = State::ALL.into_iter().find(|state| state.code() == asked.state);
    let rows = visit.desk.payments(state, false, 200).await?;
    let form = FormState::of(&asked);
    Ok(visit.page(visit.words.t("finance-payments-title"), move |words| page(words, &form, rows)).await)
}

pub async fn payment(visit: Visit, Path(id): Path<PaymentId>) -> PageResult {
    let listed = visit.desk.payment(id).await?;
    let title = visit.words.t("finance-payment-title");
    Ok(visit.page(title, move |words| detail(words, &listed, &FormState::default())).await)
}

pub async fn post_refund(visit: Visit, Path(id): Path<PaymentId>, Form(typed): Form<Refund>) -> PageResult {
    let done = match typed::money(&typed.amount) {
        Ok(amount) => visit.desk.refund_payment(id, amount, &typed.reason).await,
        Err(problem) => Err(Error::Invalid(Invalid::one("amount", problem))),
    };
    match done {
        Ok(()) => visit.redirect_saying(&format!("/finance/payments/{id}"), "refund-decided").await,
        Err(Error::Invalid(invalid)) => {
            let listed = visit.desk.payment(id).await?;
            let form = FormState::of(&typed).with(invalid);
            let title = visit.words.t("finance-payment-title");
            Ok(visit.refused(title, move |words| detail(words, &listed, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_keep(visit: Visit, Path(id): Path<PaymentId>) -> PageResult {
    let done = visit.desk.keep_payment(id).await;
    after(&visit, id, done, "payment-kept-said").await
}

pub async fn post_sign(visit: Visit, Path(id): Path<RefundId>) -> PageResult {
    let done = visit.desk.sign_refund(id).await;
    after_refund(&visit, id, done, "refund-signed").await
}

pub async fn post_refuse(visit: Visit, Path(id): Path<RefundId>) -> PageResult {
    let done = visit.desk.refuse_refund(id).await;
    after_refund(&visit, id, done, "refund-refused").await
}

async fn after_refund(visit: &Visit, refund: RefundId, done: Result<(), Error>, saying: &str) -> PageResult {
    let payment = visit.desk.payment_of_refund(refund).await?;
    after(visit, payment, done, saying).await
}

async fn after(visit: &Visit, payment: PaymentId, done: Result<(), Error>, saying: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(&format!("/finance/payments/{payment}"), saying).await,
        Err(Error::Invalid(invalid)) => {
            let listed = visit.desk.payment(payment).await?;
            let form = FormState::default().with(invalid);
            let title = visit.words.t("finance-payment-title");
            Ok(visit.refused(title, move |words| detail(words, &listed, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, form: &FormState, rows: Vec<PaymentListed>) -> impl IntoView + use<> {
    let states = State::ALL.map(|state| Choice::new(state.code(), format!("payment-state-{}", state.code())));
    let choices = std::iter::once(Choice::new("", "filter-any")).chain(states).collect();
    let field = Field::select("state", "invoice-standing", choices).show(words, form);
    let rows = rows.into_iter().map(|listed| {
        let href = format!("/finance/payments/{}", listed.row.id);
        let when = words.instant_figure(listed.row.created_at);
        let number = listed.invoice.as_ref().map(|invoice| invoice.number.clone()).unwrap_or_default();
        let label = words.with("finance-payment-of", args![number => number.as_str()]);
        cells![
            view! { <a href=href>{label}</a> },
            when,
            way(words, listed.row.rail),
            payment_tag(words, &listed.row),
            words.money_figure(listed.row.amount_cents),
            words.money_figure(listed.row.received_cents),
            words.money_figure(listed.row.refunded_cents),
        ]
    });
    let table = Table::new("finance-payments-caption")
        .column("payment-invoice")
        .column("payment-started")
        .column("payment-rail")
        .column("invoice-standing")
        .figures("payment-asked-euro")
        .figures("payment-received-euro")
        .figures("payment-refunded-euro")
        .rows(rows)
        .empty(empty(words, "finance-payments-none", "finance-payments-none-help", None))
        .show(words);
    view! {
        {heading(words.t("finance-payments-title"), None, None)}
        <p><a href="/finance/reconciliation">{words.t("reconciliation-title")}</a></p>
        {filters(words, "/finance/payments", field)}
        {table}
    }
}

fn detail(words: Words, listed: &PaymentListed, form: &FormState) -> impl IntoView + use<> {
    let row = &listed.row;
    let number = listed.invoice.as_ref().map(|invoice| invoice.number.clone()).unwrap_or_default();
    let href = format!("/invoices/{}", row.invoice_id);
    let unknown = || words.t("payment-none");
    let about = facts(
        words,
        vec![
            ("payment-invoice", view! { <a href=href>{number.clone()}</a> }.into_any()),
            ("payment-rail", way(words, row.rail).into_any()),
            ("payment-started", words.instant(row.created_at).into_any()),
            ("payment-asked", words.money(row.amount_cents).into_any()),
            ("payment-received", words.money(row.received_cents).into_any()),
            ("payment-refunded", words.money(row.refunded_cents).into_any()),
            ("payment-reference", row.intent.clone().unwrap_or_else(unknown).into_any()),
            ("payment-receipt", row.receipt_number.clone().unwrap_or_else(unknown).into_any()),
        ],
    );
    let made = (!listed.refunds.is_empty()).then(|| {
        view! { <h2>{words.t("payment-refunds")}</h2> <p>{refunds(words, row, &listed.refunds)}</p> }
    });
    let disputes: Vec<AnyView> = listed.disputes.iter().map(|one| dispute(words, one)).collect();
    let disputes = (!disputes.is_empty()).then(|| view! { <h2>{words.t("payment-disputes")}</h2> {disputes} });
    let waiting: Vec<AnyView> = listed
        .refunds
        .iter()
        .filter(|refund| refund.waits_for_second())
        .map(|refund| {
            let here = format!("/finance/refunds/{}", refund.id);
            let sign = button_form(words, format!("{here}/sign"), "refund-sign", &[]);
            let refuse = button_form(words, format!("{here}/refuse"), "refund-refuse", &[]);
            view! { <div>{words.money(refund.amount_cents)} " " {sign} " " {refuse}</div> }.into_any()
        })
        .collect();
    let refund = (listed.refundable > Money::ZERO).then(|| refund_form(words, listed, form));
    let keep = (listed.surplus > Money::ZERO).then(|| {
        let said = words.with("payment-surplus-means", args![amount => words.money(listed.surplus)]);
        let button = button_form(words, format!("/finance/payments/{}/keep", row.id), "payment-keep", &[]);
        view! { <h2>{words.t("payment-surplus")}</h2> <p>{said}</p> {button} }
    });
    view! {
        {error_summary(words, form)}
        {heading(words.t("finance-payment-title"), Some(number), Some(payment_tag(words, row)))}
        {about}
        {disputes}
        {made}
        {waiting}
        {keep}
        {refund}
    }
}

fn dispute(words: Words, one: &DisputeRow) -> AnyView {
    let tone = match one.state {
        DisputeState::Open => Tone::Waiting,
        DisputeState::Won => Tone::Good,
        DisputeState::Lost => Tone::Bad,
    };
    let said = words.with(
        "payment-dispute",
        args![amount => words.money(one.amount_cents), cause => one.cause.as_str(), when => words.instant(one.opened_at)],
    );
    let state = tag(tone, words.t(&format!("payment-dispute-{}", one.state.code())));
    view! { <p>{state} " " {said}</p> }.into_any()
}

fn refund_form(words: Words, listed: &PaymentListed, form: &FormState) -> AnyView {
    let second =
        words.with("refund-second-hint", args![amount => words.whole_euros(listed.second_above.as_cents() / 100)]);
    let most = words.with("refund-most", args![amount => words.money(listed.refundable)]);
    let fields = view! {
        {Field::number("amount", "refund-amount").unit("unit-euro").hint(most).show(words, form)}
        {Field::area("reason", "refund-reason").rows(3).hint("refund-reason-hint").show(words, form)}
        <p class="hint">{second}</p>
        {submit(words, "refund-submit")}
    };
    view! {
        <h2>{words.t("refund-title")}</h2>
        {post_form(format!("/finance/payments/{}", listed.row.id), fields)}
    }
    .into_any()
}
