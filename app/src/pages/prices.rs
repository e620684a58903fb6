//! What GPU time costs and why: for each model what the market asks, who says so, how it moved, and every list price.

use axum::extract::Path;
use chrono::NaiveDate;
use domain::{
    gpu::GpuModel,
    price::{Observation, PricePolicy, Reference},
    pricing::Tariff,
};
use leptos::prelude::*;
use services::{ModelPrice, PriceBook};
use text::{Words, args};

use crate::{
    AppError, PageResult, Visit, cells,
    components::{
        Table, Tone,
        chart::{Plot, Point, Series, line_plot},
        empty, facts,
        layout::heading,
        tag,
    },
};

/// A line of the plot is drawn in thousandths of a euro.
const MICRO_PER_POINT: i64 = 1_000;

pub async fn get(visit: Visit) -> PageResult {
    let book = visit.desk.price_book().await?;
    let title = visit.words.t("prices-title");
    Ok(visit
        .page(title, move |words| {
            view! {
                {heading(words.t("prices-title"), None, None)}
                <p class="lead">{words.t("prices-lead")}</p>
                {overview(words, &book, "/prices")}
                {policy(words, &book)}
            }
        })
        .await)
}

pub async fn get_one(visit: Visit, Path(model): Path<String>) -> PageResult {
    let (book, model) = read(&visit, &model).await?;
    let title = title(visit.words, model);
    Ok(visit
        .page(title, move |words| {
            view! {
                <p class="above"><a href="/prices">{words.t("prices-title")}</a></p>
                {one(words, &book, model)}
            }
        })
        .await)
}

/// The book and the model that the address names.
pub(super) async fn read(visit: &Visit, model: &str) -> Result<(PriceBook, GpuModel), AppError> {
    let model = GpuModel::from_code(model).ok_or(AppError::NOT_FOUND)?;
    Ok((visit.desk.price_book().await?, model))
}

pub(super) fn title(words: Words, model: GpuModel) -> String {
    words.with("prices-of", args![model => model.code()])
}

/// Every model in a row; `under` is where each one's own page is.
pub(super) fn overview(words: Words, book: &PriceBook, under: &str) -> AnyView {
    let rows = book.models.iter().map(|known| {
        let (code, href) = (known.model.code(), format!("{under}/{}", known.model));
        let reference = known.reference.as_ref();
        let own = known.tariffs.iter().filter(|row| row.site.is_some() && in_force(row, book.today)).count();
        cells![
            view! { <a href=href>{code}</a> },
            reference.map(|found| words.rate_figure(found.rate)).unwrap_or_default(),
            reference.map(|found| found.sources.len().to_string()).unwrap_or_default(),
            reference.map(|found| words.date_figure(found.observed_on)).unwrap_or_default(),
            known.list.as_ref().map(|row| words.rate_figure(row.list_rate)).unwrap_or_default(),
            own.to_string(),
        ]
    });
    Table::new("prices-today")
        .column("prices-model")
        .figures("prices-reference-euro")
        .figures("prices-sources")
        .figures("prices-observed")
        .figures("prices-list-euro")
        .figures("prices-own-sites")
        .rows(rows)
        .show(words)
}

/// What all prices go by today, and from days to come on.
pub(super) fn policy(words: Words, book: &PriceBook) -> AnyView {
    let policy = &book.policy;
    view! {
        <h2>{words.t("prices-policy")}</h2>
        <ul>
            <li>{words.with("prices-policy-median", args![days => policy.observation_days])}</li>
            <li>{words.t("prices-policy-site")}</li>
            <li>
                {words.with(
                    "prices-policy-scarcity",
                    args![from => words.percent(policy.scarcity_from), most => words.percent(policy.scarcity_most)],
                )}
            </li>
            <li>{words.with("prices-policy-quote", args![days => policy.quote_days])}</li>
            <li>{words.t("prices-policy-past")}</li>
        </ul>
        <p class="hint">{words.with("prices-policy-since", args![day => words.date(policy.valid_from)])}</p>
        {to_come(words, &book.policies_to_come)}
    }
    .into_any()
}

fn to_come(words: Words, policies: &[PricePolicy]) -> Option<AnyView> {
    let rows: Vec<_> = policies.iter().map(|row| policy_cells(words, row)).collect();
    let table =
        (!rows.is_empty()).then(|| policy_table("prices-policy-to-come").rows(rows).under_heading().show(words));
    table.map(|table| view! { <h2>{words.t("prices-policy-to-come")}</h2> {table} }.into_any())
}

/// Columns of a policy, and its cells.
pub(super) fn policy_table(name: &'static str) -> Table {
    Table::new(name)
        .column("prices-from")
        .figures("prices-policy-observation-days")
        .figures("prices-policy-scarcity-from")
        .figures("prices-policy-scarcity-most")
        .figures("prices-policy-quote-days")
}

pub(super) fn policy_cells(words: Words, policy: &PricePolicy) -> Vec<AnyView> {
    cells![
        words.date_figure(policy.valid_from),
        words.integer(i64::from(policy.observation_days)),
        words.percent(policy.scarcity_from),
        words.percent(policy.scarcity_most),
        words.integer(i64::from(policy.quote_days)),
    ]
}

/// All that is known of one model.
pub(super) fn one(words: Words, book: &PriceBook, model: GpuModel) -> AnyView {
    let Some(known) = book.models.iter().find(|known| known.model == model) else { return ().into_any() };
    view! {
        {heading(title(words, model), None, None)}
        {today(words, book, known)}
        <h2>{words.t("prices-counted")}</h2>
        <p>{words.with("prices-counted-lead", args![days => book.policy.observation_days])}</p>
        {counted(words, known)}
        {plot(words, book, known)}
        <h2>{words.t("prices-lists")}</h2>
        {lists(words, book, known)}
    }
    .into_any()
}

fn today(words: Words, book: &PriceBook, known: &ModelPrice) -> AnyView {
    let nothing = || words.t("prices-none-yet");
    let reference = known.reference.as_ref().map(|found| reference(words, found)).unwrap_or_else(nothing);
    let list = known.list.as_ref().map(|row| words.rate(row.list_rate)).unwrap_or_else(nothing);
    let source = known.list.as_ref().map(|row| row.source.clone()).unwrap_or_default();
    facts(
        words,
        vec![
            ("prices-day", words.date(book.today).into_any()),
            ("prices-reference", reference.into_any()),
            ("prices-list", list.into_any()),
            ("prices-list-source", source.into_any()),
        ],
    )
}

/// `€2.80 per GPU-hour, the median of 3 sources, the newest of 15 May 2026`.
pub(super) fn reference(words: Words, found: &Reference) -> String {
    let sources = i64::try_from(found.sources.len()).unwrap_or(i64::MAX);
    words.with(
        "prices-reference-of",
        args![rate => words.rate(found.rate), sources => sources, day => words.date(found.observed_on)],
    )
}

fn counted(words: Words, known: &ModelPrice) -> AnyView {
    let rows = known.counted.iter().map(|row| {
        cells![
            source(row),
            words.date_figure(row.observed_on),
            words.date_figure(row.counts_from),
            words.rate_figure(row.rate)
        ]
    });
    Table::new("prices-counted")
        .column("prices-source")
        .column("prices-observed-on")
        .column("prices-counts-from")
        .figures("prices-rate-euro")
        .rows(rows)
        .empty(empty(words, "prices-none", "prices-none-help", None))
        .under_heading()
        .show(words)
}

/// With its address, where it has one that was kept.
fn source(row: &Observation) -> AnyView {
    let name = row.source.clone();
    match row.address.clone() {
        Some(address) => view! { <a href=address rel="noopener nofollow">{name}</a> }.into_any(),
        None => name.into_any(),
    }
}

/// How the reference moved; its table is the plot's own.
fn plot(words: Words, book: &PriceBook, known: &ModelPrice) -> AnyView {
    let (Some((first, before)), Some(now)) = (known.history.first(), known.reference.as_ref()) else {
        return ().into_any();
    };
    let last = Some((&book.today, now)).filter(|(today, _)| known.history.iter().all(|(day, _)| day != *today));
    let points = known.history.iter().map(|(day, found)| (day, found)).chain(last);
    let points = points
        .map(|(day, found)| Point {
            name: words.date(*day),
            value: found.rate.as_micro_euro() / MICRO_PER_POINT,
            words: words.rate_figure(found.rate),
        })
        .collect();
    let sentence = words.with(
        "prices-history-sentence",
        args![first => words.date(*first), before => words.rate(before.rate), now => words.rate(now.rate)],
    );
    line_plot(
        words,
        Plot {
            title: "prices-history".to_owned(),
            sentence,
            point_label: "prices-since",
            series: vec![Series { name: "prices-reference-euro".to_owned(), points }],
            foot: 0,
        },
    )
}

fn in_force(row: &Tariff, on: NaiveDate) -> bool {
    row.valid_from <= on && row.valid_until.is_none_or(|last| on <= last)
}

fn lists(words: Words, book: &PriceBook, known: &ModelPrice) -> AnyView {
    let rows = known.tariffs.iter().map(|row| {
        let site = match row.site {
            Some(id) => book.site(id).map(|site| site.name.clone()).unwrap_or_default(),
            None => words.t("prices-every-site"),
        };
        let is_charged = domain::price::list_on(&known.tariffs, row.site, row.model, book.today) == Some(row);
        let standing = if row.valid_from > book.today {
            tag(Tone::Waiting, words.t("prices-to-come"))
        } else if is_charged {
            tag(Tone::Good, words.t("prices-in-force"))
        } else {
            tag(Tone::Calm, words.t("prices-past"))
        };
        cells![
            site,
            words.date_figure(row.valid_from),
            row.valid_until.map(|last| words.date_figure(last)).unwrap_or_default(),
            row.source.clone(),
            words.rate_figure(row.list_rate),
            standing,
        ]
    });
    Table::new("prices-lists")
        .column("prices-site")
        .column("prices-from")
        .column("prices-until")
        .column("prices-reason")
        .figures("prices-rate-euro")
        .column("prices-standing")
        .rows(rows)
        .under_heading()
        .show(words)
}
