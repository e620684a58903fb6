//! The reader's offers and allocations: what waits for them, what runs, what has run.

use domain::allocation::State;
use leptos::prelude::*;
use services::{Allocation, ReportListed};
use text::Words;

use super::{allocation_after::report_tag, offer::gpus_of};
use crate::{
    PageResult, Visit, cells,
    components::{
        Table, Tone, empty,
        layout::{heading, kept},
        progress::meter,
        tag,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let allocations = visit.desk.read_allocations(&State::ALL).await?;
    let title = visit.words.t("allocations-title");
    let owed = visit.desk.reports_owed().await?;
    let today = domain::period::brussels_day(visit.desk.now);
    Ok(visit.page(title, move |words| page(words, &allocations, &owed, today)).await)
}

/// The state in words that say whom it waits for.
pub fn state_tag(words: Words, state: State) -> AnyView {
    let tone = match state {
        State::Offered => Tone::Yours,
        State::Accepted => Tone::Waiting,
        State::Active => Tone::Good,
        State::Lapsed | State::Declined | State::Ended => Tone::Calm,
    };
    tag(tone, words.t(&format!("allocation-state-{}", state.code())))
}

/// Reports that are the company's turn.
fn reports(words: Words, owed: &[ReportListed], today: chrono::NaiveDate) -> AnyView {
    if owed.is_empty() {
        return ().into_any();
    }
    let rows = owed.iter().map(|one| {
        let href = format!("/allocations/{}/report/{}", one.row.allocation_id, one.row.kind.code());
        cells![
            view! { <a href=href>{kept(one.reference.clone())}</a> },
            words.t(&format!("report-kind-{}", one.row.kind.code())),
            report_tag(words, &one.row, today),
        ]
    });
    let table = Table::new("report-owed")
        .column("allocation-reference")
        .column("after-kind")
        .column("after-state")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("report-owed")}</h2> {table} }.into_any()
}

fn page(
    words: Words,
    allocations: &[Allocation],
    owed: &[ReportListed],
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let part = |title: &'static str, states: &[State]| {
        let some: Vec<&Allocation> = allocations.iter().filter(|one| states.contains(&one.row.state)).collect();
        (!some.is_empty()).then(|| view! { <h2>{words.t(title)}</h2> {table(words, title, &some)} }.into_any())
    };
    let none = allocations.is_empty().then(|| {
        empty(
            words,
            "allocations-empty-title",
            "allocations-empty-help",
            Some(("/applications", "allocations-empty-action")),
        )
    });
    view! {
        {heading(words.t("allocations-title"), None, None)}
        {none}
        {reports(words, owed, today)}
        {part("allocations-offers", &[State::Offered])}
        {part("allocations-running", &[State::Accepted, State::Active])}
        {part("allocations-past", &[State::Ended, State::Declined, State::Lapsed])}
    }
}

fn table(words: Words, caption: &str, allocations: &[&Allocation]) -> AnyView {
    let rows = allocations.iter().map(|one| {
        let row = &one.row;
        let folder =
            if matches!(row.state, State::Accepted | State::Active | State::Ended) { "allocations" } else { "offers" };
        let href = format!("/{folder}/{}", row.id);
        let used = match row.state {
            State::Active | State::Ended => {
                meter(words.percent(one.share()), one.used.as_seconds(), row.gpu_seconds.as_seconds())
            }
            _ => "–".into_any(),
        };
        cells![
            view! { <a href=href>{kept(row.reference.clone())}</a> },
            one.site.name.clone(),
            gpus_of(words, row),
            words.date_figure(row.first_week),
            words.hours_figure(row.gpu_seconds),
            used,
            state_tag(words, row.state),
        ]
    });
    Table::new(caption)
        .column("allocation-reference")
        .column("allocation-site")
        .column("allocation-gpus")
        .column("allocation-first-day")
        .figures("allocation-hours")
        .column("allocation-used")
        .column("allocation-state")
        .rows(rows)
        .under_heading()
        .show(words)
}
