//! Every invoice and statement, found by number, company, kind and standing.

use domain::{
    id::InvoiceId,
    invoice::{Kind, Standing},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{InvoiceFilter, InvoiceListed, rows::CreditNoteRow};
use text::Words;

use super::invoices::{kind_name, listing, number_link, standing_tag};
use crate::{
    PageResult, Query, Visit, cells,
    components::{Field, Listing, Table, empty, field::Choice, form::FormState, layout::heading, table::filters},
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    kind: String,
    #[serde(default, skip_serializing)]
    after: String,
}

/// The kind that is no invoice: a list of its own.
const CREDIT_NOTE: &str = "credit_note";

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    if asked.kind == CREDIT_NOTE {
        let rows = visit.desk.credit_notes(&asked.q, CREDITS).await?;
        let form = FormState::of(&asked);
        return Ok(visit.page(visit.words.t("finance-invoices-title"), move |words| credits(words, &form, rows)).await);
    }
    let after = asked.after.parse::<InvoiceId>().ok();
    let filter = InvoiceFilter {
        standing: Standing::from_code(&asked.standing),
        kind: Kind::ALL.into_iter().find(|kind| kind.code() == asked.kind),
        text: asked.q.clone(),
        after,
        limit: 50,
    };
    let rows = visit.desk.invoices(&filter).await?;
    let filters = [("q", &asked.q), ("standing", &asked.standing), ("kind", &asked.kind)]
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .to_vec();
    let listing = listing("/finance/invoices", filters, after.is_some(), &rows);
    let form = FormState::of(&asked);
    Ok(visit.page(visit.words.t("finance-invoices-title"), move |words| page(words, &form, rows, listing)).await)
}

/// Credit notes shown, the newest.
const CREDITS: u64 = 200;

fn credits(words: Words, form: &FormState, rows: Vec<(CreditNoteRow, String)>) -> impl IntoView + use<> {
    let rows = rows.into_iter().map(|(row, company)| {
        let (href, number) = (format!("/credit-notes/{}", row.id), row.number.clone());
        cells![
            view! { <a href=href>{number}</a> },
            company,
            words.date_figure(row.issued_on),
            super::credit_note::cause(words, &row),
            words.money_figure(row.total_cents),
        ]
    });
    let table = Table::new("finance-credit-notes-caption")
        .column("invoice-number")
        .column("invoice-organisation")
        .column("invoice-issued")
        .column("credit-cause")
        .figures("credit-total-euro")
        .rows(rows)
        .empty(empty(words, "finance-invoices-none", "finance-invoices-none-help", None))
        .show(words);
    view! {
        {heading(words.t("finance-invoices-title"), None, None)}
        {filters(words, "/finance/invoices", fields(words, form, false))}
        {table}
    }
}

/// A credit note is neither due nor late: no standing is asked for.
fn fields(words: Words, form: &FormState, has_standing: bool) -> AnyView {
    let any = || Choice::new("", "filter-any");
    let standings = Standing::ALL.map(|standing| Choice::new(standing.code(), format!("invoice-standing-{standing}")));
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), format!("invoice-kind-{}", kind.code())));
    let kinds = kinds.into_iter().chain(std::iter::once(Choice::new(CREDIT_NOTE, "invoice-kind-credit-note")));
    view! {
        {Field::search("q", "finance-search").show(words, form)}
        {has_standing.then(|| {
            let standings = std::iter::once(any()).chain(standings).collect();
            Field::select("standing", "invoice-standing", standings).show(words, form)
        })}
        {Field::select("kind", "invoice-kind", std::iter::once(any()).chain(kinds).collect()).show(words, form)}
    }
    .into_any()
}

fn page(words: Words, form: &FormState, rows: Vec<InvoiceListed>, listing: Listing) -> impl IntoView + use<> {
    let rows = rows.into_iter().map(|listed| {
        cells![
            number_link(&listed),
            listed.organisation.clone(),
            kind_name(words, listed.row.kind),
            words.date_figure(listed.row.issued_on),
            listed.row.due_on.map(|due| words.date_figure(due)).unwrap_or_default(),
            standing_tag(words, listed.standing),
            words.money_figure(listed.row.total_cents),
            words.money_figure(listed.row.outstanding()),
        ]
    });
    let table = Table::new("finance-invoices-caption")
        .column("invoice-number")
        .column("invoice-organisation")
        .column("invoice-kind")
        .column("invoice-issued")
        .column("invoice-due")
        .column("invoice-standing")
        .figures("invoice-total-euro")
        .figures("invoice-left-euro")
        .rows(rows)
        .listing(listing)
        .empty(empty(words, "finance-invoices-none", "finance-invoices-none-help", None))
        .show(words);
    view! {
        {heading(words.t("finance-invoices-title"), None, None)}
        {filters(words, "/finance/invoices", fields(words, form, true))}
        {table}
    }
}
