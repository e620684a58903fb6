//! What the payment provider says beside our books, day by day, and what differs until a person says what it was.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{id::DifferenceId, money::Money, problem::Invalid};
use leptos::prelude::*;
use services::{
    Error, Reconciliations,
    rows::{DifferenceRow, ReconciliationRow},
};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, confirm, empty,
        form::{FormState, error_summary},
        layout::{Confirm, heading, kept},
        tag,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.reconciliations().await?;
    let title = visit.words.t("reconciliation-title");
    Ok(visit.page(title, move |words| page(words, &read, &FormState::default())).await)
}

pub async fn post(
    visit: Visit,
    Path(id): Path<DifferenceId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    // Every difference of the page has a form of its own: the field is named after it.
    let field = format!("reason-{id}");
    match visit.desk.resolve_difference(id, typed.get(&field).map_or("", String::as_str)).await {
        Ok(()) => visit.redirect_saying("/finance/reconciliation", "reconciliation-resolved").await,
        Err(Error::Invalid(Invalid(faults))) => {
            let faults = faults.into_iter().map(|(name, fault)| (name.replace("reason", &field), fault)).collect();
            let read = visit.desk.reconciliations().await?;
            let form = FormState::new(typed).with(Invalid(faults));
            let title = visit.words.t("reconciliation-title");
            Ok(visit.refused(title, move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, read: &Reconciliations, form: &FormState) -> impl IntoView + use<> {
    let open = (!read.open.is_empty()).then(|| {
        let parts: Vec<AnyView> = read.open.iter().map(|row| difference(words, row, form)).collect();
        view! { <h2>{words.t("reconciliation-open")}</h2> {parts} }
    });
    let resolved = (!read.resolved.is_empty()).then(|| resolved(words, &read.resolved));
    view! {
        {error_summary(words, form)}
        {heading(words.t("reconciliation-title"), None, None)}
        <p class="hint">{words.t("reconciliation-hint")}</p>
        {open}
        <h2>{words.t("reconciliation-days")}</h2>
        {days(words, &read.days)}
        {resolved}
    }
}

fn days(words: Words, rows: &[ReconciliationRow]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let differ = row.compared - row.equal;
            let state = if differ == 0 {
                tag(Tone::Good, words.t("reconciliation-equal"))
            } else {
                tag(Tone::Bad, words.with("reconciliation-differ", args![count => i64::from(differ)]))
            };
            cells![
                kept(words.date_figure(row.day)),
                state,
                words.integer(i64::from(row.compared)),
                words.money_figure(row.ours_cents),
                words.money_figure(row.theirs_cents),
            ]
        })
        .collect();
    Table::new("reconciliation-days")
        .column("reconciliation-day")
        .column("bank-state")
        .figures("reconciliation-compared")
        .figures("reconciliation-ours-euro")
        .figures("reconciliation-theirs-euro")
        .rows(rows)
        .empty(empty(words, "reconciliation-none", "reconciliation-none-help", None))
        .under_heading()
        .show(words)
}

fn said(words: Words, row: &DifferenceRow) -> String {
    let amount = |amount: Option<Money>| amount.map_or_else(|| words.t("payment-none"), |amount| words.money(amount));
    let subject = words.t(&format!("reconciliation-subject-{}", row.subject.code()));
    words.with(
        &format!("reconciliation-kind-{}", row.kind.code().replace('_', "-")),
        args![
            subject => subject,
            name => row.name.as_str(),
            ours => amount(row.ours_cents),
            theirs => amount(row.theirs_cents),
        ],
    )
}

fn difference(words: Words, row: &DifferenceRow, form: &FormState) -> AnyView {
    let link = row.payment_id.map(|id| {
        let href = format!("/finance/payments/{id}");
        view! { <p><a href=href>{words.t("finance-payment-title")}</a></p> }
    });
    let ask = Confirm {
        action: format!("/finance/reconciliation/{}", row.id),
        open: "reconciliation-resolve",
        consequence: "reconciliation-resolve-means".to_owned(),
        button: "reconciliation-resolve",
        values: Vec::new(),
    };
    let field = Field::area(&format!("reason-{}", row.id), "bank-reason").rows(3);
    view! { <section class="panel"><p>{said(words, row)}</p> {link} {confirm(words, ask, Some((field, form)))}</section> }.into_any()
}

fn resolved(words: Words, rows: &[DifferenceRow]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let when = row.resolved_at.map(|at| words.instant_figure(at)).unwrap_or_default();
            cells![said(words, row), row.reason.clone().unwrap_or_default(), when]
        })
        .collect();
    let table = Table::new("reconciliation-closed")
        .column("reconciliation-what")
        .column("bank-reason")
        .column("bank-matched-at")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("reconciliation-closed")}</h2> {table} }.into_any()
}
