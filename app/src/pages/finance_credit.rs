//! Crediting by hand: hours of each line with a cause and a reason, or the whole document with another in its place;
//! and the second signature.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    credit_note::Cause,
    id::{CreditRequestId, InvoiceId},
    invoice::{Kind, Line},
};
use leptos::prelude::*;
use services::{CreditCase, CreditDone, Error, TypedCredit, rows::CreditRequestRow};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit,
    components::{
        Field, Tone,
        field::Choice,
        form::{FormState, button_form, error_summary, post_form, submit},
        layout::heading,
        notice,
    },
};

pub async fn get(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    show(visit, id, FormState::default(), false).await
}

pub async fn post(visit: Visit, Path(id): Path<InvoiceId>, Form(values): Form<BTreeMap<String, String>>) -> PageResult {
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let lines = visit.desk.credit_case(id).await?.issued.sums.lines.len();
    let hours = (1..=lines).map(|position| value(&format!("hours-{position}"))).collect();
    let typed = TypedCredit { cause: value("cause"), reason: value("reason"), hours };
    match visit.desk.ask_credit(id, &typed).await {
        Ok(done) => {
            let said = match done {
                CreditDone::Issued => "credit-issued",
                CreditDone::Asked => "credit-asked",
            };
            visit.redirect_saying(&format!("/invoices/{id}"), said).await
        }
        Err(Error::Invalid(invalid)) => show(visit, id, FormState::new(values).with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_sign(visit: Visit, Path((id, request)): Path<(InvoiceId, CreditRequestId)>) -> PageResult {
    match visit.desk.sign_credit(request).await {
        Ok(()) => visit.redirect_saying(&format!("/invoices/{id}"), "credit-issued").await,
        Err(error) => refused(visit, id, error).await,
    }
}

pub async fn post_decline(visit: Visit, Path((id, request)): Path<(InvoiceId, CreditRequestId)>) -> PageResult {
    match visit.desk.decline_credit(request).await {
        Ok(()) => visit.redirect_saying(&format!("/invoices/{id}"), "credit-declined").await,
        Err(error) => refused(visit, id, error).await,
    }
}

async fn refused(visit: Visit, id: InvoiceId, error: Error) -> PageResult {
    let Error::Invalid(invalid) = error else { return Err(error.into()) };
    show(visit, id, FormState::default().with(invalid), true).await
}

async fn show(visit: Visit, id: InvoiceId, form: FormState, is_refused: bool) -> PageResult {
    let case = visit.desk.credit_case(id).await?;
    let title = visit.words.t("credit-title");
    let view = move |words: Words| page(words, &case, &form);
    Ok(if is_refused { visit.refused(title, view).await } else { visit.page(title, view).await })
}

fn page(words: Words, case: &CreditCase, form: &FormState) -> impl IntoView + use<> {
    let back = format!("/invoices/{}", case.row.id);
    let number = case.row.number.clone();
    let body = match &case.waiting {
        Some(request) => waiting(words, case, request),
        None => fields(words, case, form),
    };
    view! {
        {error_summary(words, form)}
        {heading(words.t("credit-title"), Some(case.issued.customer.name.clone()), None)}
        <p><a href=back>{number}</a></p>
        {body}
    }
}

fn waiting(words: Words, case: &CreditCase, request: &CreditRequestRow) -> AnyView {
    let cause = words.t(&format!("credit-cause-{}", request.cause.code().replace('_', "-")));
    let said = words.with(
        "credit-waiting",
        args![amount => words.money(request.total_cents), cause => cause, reason => request.reason.as_str()],
    );
    let at = format!("/finance/invoices/{}/credit/{}", case.row.id, request.id);
    let is_second = case.reader != Some(request.asked_by);
    notice(
        Tone::Yours,
        view! {
            <p>{said}</p>
            {is_second.then(|| button_form(words, format!("{at}/sign"), "credit-sign", &[]))} " "
            {button_form(words, format!("{at}/decline"), "credit-decline", &[])}
        },
    )
}

fn fields(words: Words, case: &CreditCase, form: &FormState) -> AnyView {
    let by_hand: &[Cause] = if case.row.kind == Kind::Invoice { &Cause::BY_HAND } else { &[] };
    let causes = by_hand.iter().chain(std::iter::once(&Cause::Correction)).map(|cause| {
        let code = cause.code().replace('_', "-");
        Choice::new(cause.code(), format!("credit-cause-{code}")).hint(words.t(&format!("credit-hint-{code}")))
    });
    let lines = case.issued.sums.lines.iter().zip(&case.left).zip(1_i32..);
    let hours: Vec<_> = lines
        .filter(|_| case.row.kind == Kind::Invoice)
        .map(|((line, left), position)| {
            Field::number(&format!("hours-{position}"), &label(words, line, position))
                .unit("unit-gpu-hours")
                .hint(words.with("credit-left", args![hours => words.hours(*left)]))
                .optional()
                .show(words, form)
        })
        .collect();
    let alone = words.with("credit-alone", args![amount => words.money(case.alone)]);
    let fields = view! {
        {Field::radios("cause", "credit-cause", causes.collect()).show(words, form)}
        {hours}
        {Field::area("reason", "credit-reason").rows(3).hint("credit-reason-hint").show(words, form)}
        <p class="hint">{alone}</p>
        {submit(words, "credit-submit")}
    };
    post_form(format!("/finance/invoices/{}/credit", case.row.id), fields)
}

fn label(words: Words, line: &Line, position: i32) -> String {
    let service = words.with("document-line", args![model => line.model.code(), site => line.site.as_str()]);
    words.with("credit-line", args![position => position, service => service, reference => line.reference.as_str()])
}
