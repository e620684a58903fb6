//! A month's end: what would be issued now, document by document, and the button that issues it.

use domain::{invoice::Kind, money::Money};
use leptos::prelude::*;
use services::{Closing, DueDocument};
use text::{Words, args};

use super::invoices::kind_name;
use crate::{
    PageResult, Visit, cells,
    components::{Table, Tone, empty, figure, figures, form::button_form, layout::heading, notice, progress::meter},
};

/// Documents that the page lists; the figures above count all.
const SHOWN: usize = 200;

pub async fn get(visit: Visit) -> PageResult {
    let (due, closing) = (visit.desk.due_documents().await?, visit.desk.closing().await?);
    Ok(visit.page(visit.words.t("close-title"), move |words| page(words, &due, &closing)).await)
}

pub async fn post(visit: Visit) -> PageResult {
    visit.desk.start_closing().await?;
    visit.redirect_saying("/finance/close", "close-started").await
}

fn page(words: Words, due: &[DueDocument], closing: &Closing) -> impl IntoView + use<> {
    let count = |kind: Kind| due.iter().filter(|one| one.sums.kind == kind).count();
    let number = |count: usize| words.integer(i64::try_from(count).unwrap_or(i64::MAX));
    let sum = |of: fn(&DueDocument) -> Money| Money::sum(due.iter().map(of)).unwrap_or_default();
    let sums = figures(vec![
        figure(number(count(Kind::Invoice)), words.t("close-invoices"), None),
        figure(number(count(Kind::Statement)), words.t("close-statements"), None),
        figure(words.money(sum(|one| one.sums.subsidy)), words.t("close-subsidies"), None),
        figure(words.money(sum(|one| one.sums.total)), words.t("close-total"), None),
    ]);
    view! {
        <p class="above"><a href="/finance">{words.t("finance-title")}</a></p>
        {heading(words.t("close-title"), None, None)}
        <p class="lead">{words.t("close-lead")}</p>
        {progress(words, due.len(), closing)}
        {sums}
        {(!due.is_empty() && !closing.is_running).then(|| button_form(words, "/finance/close", "close-start", &[]))}
        <h2>{words.t("close-due")}</h2>
        {table(words, due)}
    }
}

/// While documents are being issued: how many are done of all.
fn progress(words: Words, left: usize, closing: &Closing) -> Option<AnyView> {
    closing.is_running.then(|| {
        let (done, left) = (closing.issued_today, i64::try_from(left).unwrap_or(i64::MAX));
        let all = done.saturating_add(left);
        let label = words.with("close-progress", args![done => words.integer(done), all => words.integer(all)]);
        let bar = meter(label, done, all);
        notice(Tone::Waiting, view! { {bar} <p>{words.t("close-progress-help")}</p> })
    })
}

fn table(words: Words, due: &[DueDocument]) -> AnyView {
    let rows = due.iter().take(SHOWN).map(|one| {
        let sums = &one.sums;
        cells![
            one.organisation.clone(),
            kind_name(words, sums.kind),
            words.t(if one.occasion.starts_with("month:") { "close-of-month" } else { "close-of-end" }),
            words.money_figure(sums.list),
            words.money_figure(sums.subsidy),
            words.money_figure(sums.own),
            words.money_figure(sums.vat),
            words.money_figure(sums.total),
        ]
    });
    Table::new("close-due")
        .column("invoice-organisation")
        .column("invoice-kind")
        .column("close-occasion")
        .figures("document-column-list")
        .figures("document-column-subsidy")
        .figures("document-column-own")
        .figures("tax-vat")
        .figures("invoice-total-euro")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "close-none", "close-none-help", Some(("/finance/books", "nav-finance-books"))))
        .show(words)
}
