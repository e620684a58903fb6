//! The registers of aid: what is due and late, the files to hand over, what was, and a year by sector.

use std::ops::RangeInclusive;

use axum::{Json, response::IntoResponse};
use chrono::Datelike;
use domain::{aid::register::Sector, id::EventId, period};
use http::header;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Published, RegisterBook, RegisterLine};
use text::{Words, args};

use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Table, Tone, empty,
        form::{hidden, post_form, submit},
        layout::{heading, kept},
        notice, tag,
    },
    csv,
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    year: String,
}

impl Asked {
    /// This year's where no year is asked for that there can be aid of.
    fn year(&self) -> Option<i32> {
        self.year.trim().parse().ok().filter(|year| YEARS.contains(year))
    }
}

const YEARS: RangeInclusive<i32> = 2000..=2100;

#[derive(Deserialize)]
pub struct Typed {
    /// Identifiers, with spaces between.
    #[serde(default)]
    entries: String,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let book = visit.desk.aid_register(asked.year()).await?;
    let this_year = period::brussels_day(visit.desk.now).year();
    Ok(visit.page(visit.words.t("aid-register-title"), move |words| page(words, &book, this_year)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let entries: Vec<EventId> = typed.entries.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    visit.desk.publish_aid(&entries).await?;
    visit.redirect_saying("/aid/register", "aid-register-marked").await
}

pub async fn csv(visit: Visit) -> PageResult {
    let book = visit.desk.aid_register(None).await?;
    csv::download("aid-register.csv", &book.due)
}

pub async fn json(visit: Visit) -> PageResult {
    let book = visit.desk.aid_register(None).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(book.due)).into_response())
}

pub async fn sectors(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let book = visit.desk.aid_register(asked.year()).await?;
    let head = ["year", "nace_division", "beneficiaries", "grants", "amount"].map(str::to_owned);
    let lines = book.sectors.iter().map(|Sector { nace, beneficiaries, grants, amount }| {
        [book.year.to_string(), nace.clone(), beneficiaries.to_string(), grants.to_string(), amount.to_string()]
    });
    csv::download("aid-by-sector.csv", std::iter::once(head).chain(lines))
}

fn page(words: Words, book: &RegisterBook, this_year: i32) -> impl IntoView + use<> {
    let asked = book.asked;
    let lead = words.with(
        "aid-register-lead",
        args![
            days => asked.days,
            amount => words.whole_euros(asked.above.as_cents() / 100),
            months => asked.months,
            years => asked.years,
        ],
    );
    let late = i64::try_from(book.due.iter().filter(|line| line.is_late).count()).unwrap_or(i64::MAX);
    let tone = if late == 0 { Tone::Good } else { Tone::Bad };
    view! {
        {heading(words.t("aid-register-title"), None, None)}
        <p class="lead">{lead}</p>
        <h2>{words.t("aid-register-due")}</h2>
        {(!book.due.is_empty()).then(|| notice(tone, words.with("aid-register-late", args![count => late])))}
        {due(words, &book.due)}
        {sector_table(words, book, this_year)}
        {past(words, &book.published)}
    }
}

fn what(words: Words, line: &RegisterLine) -> String {
    let (what, register) = (line.what, line.register.replace('_', "-"));
    let what = words.t(&format!("aid-what-{what}"));
    let register = words.t(&format!("aid-register-name-{register}"));
    words.with("aid-register-what", args![what => what, register => register])
}

fn due(words: Words, lines: &[RegisterLine]) -> AnyView {
    let rows = lines.iter().map(|line| {
        let last = words.date_figure(line.due_on);
        let last = if line.is_late {
            view! { {last} " " {tag(Tone::Bad, words.t("aid-late"))} }.into_any()
        } else {
            last.into_any()
        };
        cells![
            kept(line.number.clone()),
            what(words, line),
            line.beneficiary.clone(),
            line.nace.clone(),
            words.money_figure(line.cents),
            words.date_figure(line.granted_on),
            last,
        ]
    });
    let table = Table::new("aid-register-due")
        .column("aid-col-number")
        .column("aid-col-what")
        .column("aid-col-beneficiary")
        .column("aid-col-nace")
        .figures("aid-col-amount")
        .column("aid-col-day")
        .column("aid-col-due")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "aid-register-empty", "aid-register-empty-help", None))
        .show(words);
    let files = (!lines.is_empty()).then(|| {
        let ids: Vec<String> = lines.iter().map(|line| line.entry.to_string()).collect();
        let fields = view! { {hidden("entries", ids.join(" "))} {submit(words, "aid-register-mark")} };
        view! {
            <p>
                <a href="/aid/register.csv">{words.t("table-csv")}</a>
                " · "
                <a href="/aid/register.json">{words.t("aid-register-json")}</a>
            </p>
            {post_form("/aid/register", fields)}
        }
    });
    view! { {table} {files} }.into_any()
}

fn sector_table(words: Words, book: &RegisterBook, this_year: i32) -> AnyView {
    let rows = book.sectors.iter().map(|sector| {
        let nace = if sector.nace.is_empty() { words.t("organisation-not-given") } else { sector.nace.clone() };
        cells![
            nace,
            words.integer(sector.beneficiaries),
            words.integer(sector.grants),
            words.money_figure(sector.amount),
        ]
    });
    let title = words.with("aid-year", args![year => book.year.to_string()]);
    let table = Table::new(title.clone())
        .column("aid-col-nace")
        .figures("aid-col-beneficiaries")
        .figures("aid-col-grants")
        .figures("aid-col-amount")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "aid-year-empty", "aid-year-empty-help", None))
        .show(words);
    let years = [this_year - 1, this_year].into_iter().filter(|year| *year != book.year).map(|year| {
        view! { <a href=format!("/aid/register?year={year}")>{year.to_string()}</a> " " }
    });
    let csv = (!book.sectors.is_empty()).then(|| {
        let href = format!("/aid/register/sectors.csv?year={}", book.year);
        view! { <a href=href>{words.t("table-csv")}</a> }
    });
    view! {
        <h2>{title}</h2>
        <p>{words.with("aid-year-due", args![day => words.date(book.year_due)])}</p>
        {table}
        <p>{years.collect_view()} {csv}</p>
    }
    .into_any()
}

fn past(words: Words, published: &[Published]) -> Option<AnyView> {
    let rows = published.iter().map(|one| {
        cells![
            kept(one.line.number.clone()),
            what(words, &one.line),
            one.line.beneficiary.clone(),
            words.money_figure(one.line.cents),
            words.date_figure(one.on),
        ]
    });
    let table = Table::new("aid-register-past")
        .column("aid-col-number")
        .column("aid-col-what")
        .column("aid-col-beneficiary")
        .figures("aid-col-amount")
        .column("aid-col-over")
        .rows(rows)
        .under_heading()
        .show(words);
    (!published.is_empty()).then(|| view! { <h2>{words.t("aid-register-past")}</h2> {table} }.into_any())
}
