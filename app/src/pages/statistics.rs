//! The programme in figures: applications by quarter, country, size and mode, and how long decisions took.
//!
//! Exports hold exactly what is shown: what is hidden on the page is hidden in them.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    statistics::{By, Days, Fate, Row, Statistics, Table as Counts, share},
    suppression::Shown,
};
use leptos::prelude::*;
use serde::Serialize;
use text::{Words, args};

use crate::{
    AppError, PageResult, Visit, cells,
    components::{
        Table, Tone,
        chart::{Plot, Point, Series, bars},
        empty, figure, figures,
        heat::{Heat, HeatCell, HeatRow, heat_map},
        notice,
    },
    csv,
};

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.read_statistics().await?;
    Ok(visit.page(visit.words.t("statistics-title"), move |words| page(words, &read)).await)
}

fn page(words: Words, read: &Statistics) -> AnyView {
    let until = words.date(read.until);
    let lead = words.with("statistics-lead", args![day => until]);
    let is_empty = read.tables.iter().all(|table| table.rows.is_empty());
    let body = if is_empty {
        empty(words, "statistics-none", "statistics-none-help", None)
    } else {
        let tables = read.tables.iter().map(|table| section(words, table)).collect_view();
        view! {
            {totals(words, read)}
            {notice(Tone::Calm, view! { <p>{words.t("statistics-small")}</p> })}
            {tables}
            {days(words, &read.days)}
            <p>
                <a href="/statistics.csv">{words.t("table-csv")}</a>" · "
                <a href="/statistics.json">{words.t("awards-json")}</a>" · "
                <a href="/awards">{words.t("statistics-to-awards")}</a>
            </p>
        }
        .into_any()
    };
    view! {
        <h1>{words.t("statistics-title")}</h1>
        <p class="lead">{lead}</p>
        {body}
    }
    .into_any()
}

fn totals(words: Words, read: &Statistics) -> AnyView {
    let sum = read.tables.first().map(|table| &table.sum);
    let all = sum.map(|sum| said(words, sum.all())).unwrap_or_default();
    let success = sum.and_then(Row::success).map_or_else(|| "–".to_owned(), |share| words.percent(share));
    let kept = read.kept.map_or_else(|| "–".to_owned(), |share| words.percent(share));
    figures(vec![
        figure(all, words.t("statistics-applications"), None),
        figure(success, words.t("statistics-success"), Some(words.t("statistics-success-note"))),
        figure(kept, words.t("statistics-kept"), Some(words.t("statistics-kept-note"))),
    ])
}

/// A number, or why there is none.
fn said(words: Words, shown: Shown) -> String {
    match shown {
        Shown::Count(count) => words.integer(count),
        Shown::Few => words.t("statistics-few"),
        Shown::Hidden => words.t("statistics-hidden"),
    }
}

/// A row's code in words.
fn name(words: Words, by: By, code: &str) -> String {
    match by {
        By::Quarter => match code.split_once("-Q") {
            Some((year, quarter)) => words.with("statistics-quarter", args![year => year, quarter => quarter]),
            None => code.to_owned(),
        },
        By::Country => words.t(&format!("country-{code}")),
        By::SizeClass if code == "unknown" => words.t("statistics-class-unknown"),
        By::SizeClass => words.t(&format!("size-class-{code}")),
        By::Mode => words.t(&format!("mode-name-{code}")),
    }
}

fn section(words: Words, table: &Counts) -> AnyView {
    let by = table.by.code();
    let plot = if table.by == By::Quarter { quarters(words, table) } else { shares(words, table) };
    view! {
        <section>
            <h2 id=format!("by-{by}")>{words.t(&format!("statistics-by-{by}"))}</h2>
            {plot}
            {counts(words, table)}
        </section>
    }
    .into_any()
}

/// How many came in each quarter.
fn quarters(words: Words, table: &Counts) -> AnyView {
    let points = table.rows.iter().map(|row| Point {
        name: name(words, table.by, &row.code),
        value: row.all().count().unwrap_or_default(),
        words: said(words, row.all()),
    });
    let most = table.rows.iter().filter_map(|row| Some((row.all().count()?, row))).max_by_key(|(count, _)| *count);
    let sentence = match most {
        Some((count, row)) => words
            .with("statistics-quarter-sentence", args![quarter => name(words, table.by, &row.code), count => count]),
        None => words.t("statistics-nothing-shown"),
    };
    bars(
        words,
        Plot {
            title: "statistics-quarter-plot".to_owned(),
            sentence,
            point_label: "statistics-quarter-label",
            series: vec![Series { name: "statistics-applications".to_owned(), points: points.collect() }],
            foot: 0,
        },
    )
}

/// What became of the applications of each row, in hundredths of the row.
fn shares(words: Words, table: &Counts) -> AnyView {
    let cell = |row: &Row, fate: Fate| {
        let share = row.count(fate).count().zip(row.all().count()).and_then(|(part, all)| share(part, all));
        HeatCell {
            hundredths: share.map(|share| i64::from(share.get()) / 100),
            words: match share {
                Some(share) => words.percent(share),
                None => said(words, row.count(fate)),
            },
            href: None,
        }
    };
    let best = table.rows.iter().filter_map(|row| Some((row.success()?, row))).max_by_key(|(share, _)| *share);
    let sentence = match best {
        Some((share, row)) => words.with(
            "statistics-share-sentence",
            args![name => name(words, table.by, &row.code), share => words.percent(share)],
        ),
        None => words.t("statistics-share-none"),
    };
    let mut rows: Vec<HeatRow> = table
        .rows
        .iter()
        .map(|row| HeatRow {
            name: name(words, table.by, &row.code),
            cells: Fate::ALL.into_iter().map(|fate| cell(row, fate)).collect(),
        })
        .collect();
    if table.by == By::Country {
        rows.sort_by(|one, other| one.name.cmp(&other.name));
    }
    heat_map(
        words,
        Heat {
            title: format!("statistics-share-{}", table.by.code()),
            sentence,
            row_label: label(table.by),
            columns: Fate::ALL.map(|fate| format!("statistics-short-{}", fate.code())).to_vec(),
            rows,
            ends: ("statistics-least", "statistics-most"),
        },
    )
}

const fn label(by: By) -> &'static str {
    match by {
        By::Quarter => "statistics-quarter-label",
        By::Country => "awards-country",
        By::SizeClass => "awards-class",
        By::Mode => "case-mode",
    }
}

fn counts(words: Words, table: &Counts) -> AnyView {
    let line = |name: String, row: &Row| {
        let counts = Fate::ALL.into_iter().map(|fate| said(words, row.count(fate)).into_any());
        let success = row.success().map_or_else(|| "–".to_owned(), |share| words.percent(share));
        std::iter::once(name.into_any())
            .chain(std::iter::once(said(words, row.all()).into_any()))
            .chain(counts)
            .chain(std::iter::once(success.into_any()))
            .collect::<Vec<AnyView>>()
    };
    let mut named: Vec<(String, &Row)> = table.rows.iter().map(|row| (name(words, table.by, &row.code), row)).collect();
    if table.by == By::Country {
        named.sort_by(|one, other| one.0.cmp(&other.0));
    }
    let rows = named.into_iter().map(|(name, row)| line(name, row)).collect::<Vec<_>>();
    let mut shown = Table::new(format!("statistics-by-{}", table.by.code()))
        .column(label(table.by))
        .figures("statistics-applications");
    for fate in Fate::ALL {
        shown = shown.figures(&format!("statistics-{}", fate.code()));
    }
    shown
        .figures("statistics-success")
        .rows(rows)
        .row(line(words.t("statistics-sum"), &table.sum))
        .under_heading()
        .show(words)
}

fn days(words: Words, days: &[Days]) -> AnyView {
    let number = |figure: Option<i64>| figure.map_or_else(|| words.t("statistics-hidden"), |days| words.integer(days));
    let points = days
        .iter()
        .map(|one| {
            let middle = one.taken.map(|(middle, _)| middle);
            Point {
                name: name(words, By::Mode, one.mode.code()),
                value: middle.unwrap_or_default(),
                words: number(middle),
            }
        })
        .collect();
    let late: Vec<String> = days
        .iter()
        .filter(|one| one.taken.is_some_and(|(_, most)| most > one.promised))
        .map(|one| name(words, By::Mode, one.mode.code()))
        .collect();
    let sentence = if days.iter().all(|one| one.taken.is_none()) {
        words.t("statistics-nothing-shown")
    } else if late.is_empty() {
        words.t("statistics-days-kept")
    } else {
        words.with("statistics-days-late", args![modes => late.join(", ")])
    };
    let plot = bars(
        words,
        Plot {
            title: "statistics-days-plot".to_owned(),
            sentence,
            point_label: "case-mode",
            series: vec![Series { name: "statistics-days-median".to_owned(), points }],
            foot: 0,
        },
    );
    let rows = days.iter().map(|one| {
        cells![
            name(words, By::Mode, one.mode.code()),
            number(one.taken.map(|(middle, _)| middle)),
            number(one.taken.map(|(_, most)| most)),
            words.integer(one.promised),
        ]
    });
    let table = Table::new("statistics-days")
        .column("case-mode")
        .figures("statistics-days-median")
        .figures("statistics-days-most")
        .figures("statistics-days-promised")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .show(words);
    view! {
        <section>
            <h2 id="days">{words.t("statistics-days")}</h2>
            <p>{words.t("statistics-days-help")}</p>
            {plot}
            {table}
        </section>
    }
    .into_any()
}

/// One published figure: plain codes and figures, the same in every language.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Line {
    until: String,
    table: &'static str,
    row: String,
    column: &'static str,
    /// A number, `<5`, or `hidden`.
    value: String,
}

fn lines(read: &Statistics) -> Vec<Line> {
    let until = read.until.to_string();
    let line = |table: &'static str, row: &str, column: &'static str, value: String| Line {
        until: until.clone(),
        table,
        row: if row.is_empty() { "all".to_owned() } else { row.to_owned() },
        column,
        value,
    };
    let plain = |shown: Shown| match shown {
        Shown::Count(count) => count.to_string(),
        Shown::Few => "<5".to_owned(),
        Shown::Hidden => "hidden".to_owned(),
    };
    let percent = |share: Option<domain::money::BasisPoints>| {
        share.map_or_else(|| "hidden".to_owned(), |share| (share.get() / 100).to_string())
    };
    let mut lines = Vec::new();
    for table in &read.tables {
        let by = table.by.code();
        for row in table.rows.iter().chain([&table.sum]) {
            lines.push(line(by, &row.code, "applications", plain(row.all())));
            for fate in Fate::ALL {
                lines.push(line(by, &row.code, fate.code(), plain(row.count(fate))));
            }
            lines.push(line(by, &row.code, "success_percent", percent(row.success())));
        }
    }
    for one in &read.days {
        let number = |days: Option<i64>| days.map_or_else(|| "hidden".to_owned(), |days| days.to_string());
        let mode = one.mode.code();
        lines.push(line("days", mode, "median", number(one.taken.map(|(middle, _)| middle))));
        lines.push(line("days", mode, "percentile_90", number(one.taken.map(|(_, most)| most))));
        lines.push(line("days", mode, "promised", one.promised.to_string()));
    }
    lines.push(line("days", "", "kept_percent", percent(read.kept)));
    lines
}

pub async fn csv(visit: Visit) -> PageResult {
    let read = visit.desk.read_statistics().await?;
    csv::download("statistics.csv", lines(&read))
}

pub async fn json(visit: Visit) -> Result<Response, AppError> {
    Ok(Json(lines(&visit.desk.read_statistics().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use domain::country::Country;
    use text::Locale;

    use super::*;

    #[test]
    fn every_row_has_words() {
        for locale in Locale::ALL {
            let words = Words::new(locale);
            for country in Country::participants() {
                assert_ne!(name(words, By::Country, country.code()), format!("country-{}", country.code()));
            }
            assert!(name(words, By::Quarter, "2026-Q4").contains("2026"));
            assert_eq!(said(words, Shown::Count(12)), "12");
        }
    }
}
