//! Tax figures of a quarter: what the VAT return declares, and the EC sales list.

use chrono::Datelike;
use domain::{money::Money, period::Month};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::TaxFigures;
use text::{Words, args};

use super::finance_books::{month, month_code};
use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Field, Table, empty, field::Choice, figure, figures, form::FormState, layout::heading, table::filters,
    },
    csv,
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    /// The first month of the quarter, `2026-10`.
    #[serde(default)]
    quarter: String,
}

impl Asked {
    /// The quarter asked for, else the one of this month.
    fn months(&self, now: Month) -> (Month, Month) {
        let first = first_of_quarter(month(&self.quarter).unwrap_or(now));
        (first, first.next().next())
    }
}

fn first_of_quarter(month: Month) -> Month {
    let mut first = month;
    while !first.first_day().month0().is_multiple_of(3) {
        first = first.previous();
    }
    first
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let now = Month::of(visit.desk.now);
    let (from, to) = asked.months(now);
    let figures = visit.desk.tax_figures(from, to).await?;
    let mut quarters = vec![first_of_quarter(now)];
    while let Some(last) = quarters.last().filter(|_| quarters.len() < 8).copied() {
        quarters.push(first_of_quarter(last.previous()));
    }
    let form = FormState::new([("quarter", month_code(from))]);
    Ok(visit.page(visit.words.t("tax-title"), move |words| page(words, &figures, &quarters, &form)).await)
}

/// Both lists as one file.
pub async fn csv(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let (from, to) = asked.months(Month::of(visit.desk.now));
    let figures = visit.desk.tax_figures(from, to).await?;
    let head =
        ["list", "country", "treatment_or_vat_id", "rate_basis_points", "base", "vat", "documents"].map(str::to_owned);
    let declared = figures.lines.iter().map(|line| {
        [
            "vat_return".to_owned(),
            line.country.clone(),
            line.treatment.code().to_owned(),
            line.rate.get().to_string(),
            line.base.to_string(),
            line.vat.to_string(),
            line.documents.to_string(),
        ]
    });
    let sales = figures.sales.iter().map(|line| {
        let country = line.vat_id.get(..2).unwrap_or_default().to_owned();
        let empty = String::new;
        ["ec_sales".to_owned(), country, line.vat_id.clone(), empty(), line.base.to_string(), empty(), empty()]
    });
    let name = format!("tax-{}.csv", month_code(from));
    csv::download(&name, std::iter::once(head).chain(declared).chain(sales))
}

fn quarter_name(words: Words, first: Month) -> String {
    let last = first.next().next();
    words.with("tax-quarter-of", args![first => words.month(first), last => words.month(last)])
}

fn page(words: Words, read: &TaxFigures, quarters: &[Month], form: &FormState) -> impl IntoView + use<> {
    let choices = quarters.iter().map(|first| Choice::new(month_code(*first), quarter_name(words, *first)));
    let field = Field::select("quarter", "tax-quarter", choices.collect()).show(words, form);
    let vat = Money::sum(read.lines.iter().map(|line| line.vat)).unwrap_or_default();
    let sales = Money::sum(read.sales.iter().map(|line| line.base)).unwrap_or_default();
    let sums = figures(vec![
        figure(words.money(vat), words.t("tax-vat-due"), None),
        figure(words.money(sales), words.t("tax-reverse-charged"), None),
    ]);
    let lines = read.lines.iter().map(|line| {
        cells![
            words.t(&format!("country-{}", line.country)),
            words.t(&format!("books-vat-{}", line.treatment.code())),
            words.percent(line.rate),
            line.treatment.law(),
            words.integer(i64::try_from(line.documents).unwrap_or(i64::MAX)),
            words.money_figure(line.base),
            words.money_figure(line.vat),
        ]
    });
    let vat_return = Table::new("tax-return")
        .column("tax-state")
        .column("tax-treatment")
        .column("tax-rate")
        .column("tax-law")
        .figures("tax-documents")
        .figures("tax-base")
        .figures("tax-vat")
        .rows(lines)
        .under_heading()
        .empty(empty(words, "tax-none", "tax-none-help", None))
        .show(words);
    let customers = read.sales.iter().map(|line| {
        cells![line.name.clone(), view! { <code>{line.vat_id.clone()}</code> }, words.money_figure(line.base)]
    });
    let sales_list = Table::new("tax-sales")
        .column("tax-customer")
        .column("tax-vat-id")
        .figures("tax-base")
        .rows(customers)
        .under_heading()
        .empty(empty(words, "tax-sales-none", "tax-sales-none-help", None))
        .show(words);
    let csv = format!("/finance/tax.csv?quarter={}", month_code(read.from));
    view! {
        <p class="above"><a href="/finance/books">{words.t("books-title")}</a></p>
        {heading(words.t("tax-title"), Some(quarter_name(words, read.from)), None)}
        <p class="lead">{words.t("tax-lead")}</p>
        {filters(words, "/finance/tax", field)}
        {sums}
        <h2>{words.t("tax-return")}</h2>
        {vat_return}
        <h2>{words.t("tax-sales")}</h2>
        <p>{words.t("tax-sales-why")}</p>
        {sales_list}
        <p><a href=csv>{words.t("table-csv")}</a></p>
    }
}
