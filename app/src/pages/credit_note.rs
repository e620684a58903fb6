//! One credit note: what is taken back of which document and why, with its forms.

use axum::extract::Path;
use domain::{credit_note::CreditNote, id::CreditNoteId, invoice::Kind};
use leptos::prelude::*;
use services::{
    DocumentForm,
    rows::{CreditNoteRow, InvoiceRow},
};
use text::{Words, args};

use super::invoice::{download, forms, line_table};
use crate::{
    PageResult, Visit,
    components::{
        facts,
        layout::{beside, heading},
        price::{PriceLine, price_panel},
    },
};

pub async fn get(visit: Visit, Path(id): Path<CreditNoteId>) -> PageResult {
    let (row, note, original) = visit.desk.credit_note(id).await?;
    let is_member = visit.actor().organisation().is_some();
    let title = title(visit.words, &row, &note);
    Ok(visit.page(title, move |words| page(words, &row, &note, &original, is_member)).await)
}

pub async fn pdf(visit: Visit, Path(id): Path<CreditNoteId>) -> PageResult {
    file(visit, id, DocumentForm::Pdf).await
}

pub async fn cii(visit: Visit, Path(id): Path<CreditNoteId>) -> PageResult {
    file(visit, id, DocumentForm::Cii).await
}

pub async fn ubl(visit: Visit, Path(id): Path<CreditNoteId>) -> PageResult {
    file(visit, id, DocumentForm::Ubl).await
}

async fn file(visit: Visit, id: CreditNoteId, form: DocumentForm) -> PageResult {
    let (name, bytes) = visit.desk.credit_note_as(id, form, visit.words.locale()).await?;
    Ok(download(&name, form, bytes))
}

fn title(words: Words, row: &CreditNoteRow, note: &CreditNote) -> String {
    let key = if note.sums.kind == Kind::Invoice { "document-credit-note-title" } else { "document-withdrawal-title" };
    words.with(key, args![number => row.number.as_str()])
}

/// Why something was taken back, with the reason where there is one.
pub(crate) fn cause(words: Words, row: &CreditNoteRow) -> String {
    words.credit_cause(row.cause.code(), &row.reason)
}

fn page(
    words: Words,
    row: &CreditNoteRow,
    note: &CreditNote,
    original: &InvoiceRow,
    is_member: bool,
) -> impl IntoView + use<> {
    let href = format!("/invoices/{}", original.id);
    let number = original.number.clone();
    let about = facts(
        words,
        vec![
            ("invoice-issued", words.date(row.issued_on).into_any()),
            ("document-credits", view! { <a href=href>{number}</a> }.into_any()),
            ("credit-cause", cause(words, row).into_any()),
            ("invoice-to", note.customer.name.clone().into_any()),
        ],
    );
    let main = view! {
        {forms(words, &format!("/credit-notes/{}", row.id), note.sums.kind)}
        {about}
        <h2>{words.t("credit-lines")}</h2>
        {line_table(words, &note.sums.lines, is_member)}
    };
    let kind = if note.sums.kind == Kind::Invoice { "credit-note" } else { "withdrawal" };
    let explained = words.t(&format!("document-{kind}-explained"));
    view! {
        {heading(title(words, row, note), Some(note.customer.name.clone()), None)}
        {beside(main, price(words, note, explained))}
    }
}

fn price(words: Words, note: &CreditNote, explained: String) -> AnyView {
    let sums = &note.sums;
    let line = |key: &str, amount| PriceLine { label: words.t(key), amount, why: None, is_total: false };
    let mut lines = vec![
        line("document-sum-list", sums.list),
        line("document-sum-subsidy", sums.subsidy),
        line("document-sum-own", sums.own),
    ];
    for tax in &sums.taxes {
        let label = words.with(
            "document-sum-vat",
            args![rate => words.percent(tax.rate), base => words.money(tax.base), country => tax.country.to_string()],
        );
        lines.push(PriceLine { label, amount: tax.vat, why: None, is_total: false });
    }
    lines.push(PriceLine::total(words.t("document-sum-credited"), sums.total));
    price_panel(words, "credit-sums", lines, Some(explained))
}
