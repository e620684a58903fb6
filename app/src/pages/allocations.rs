//! The reader's offers and allocations: what waits for them, what runs, what has run.

use domain::allocation::State;
use leptos::prelude::*;
use services::Allocation;
use text::Words;

use super::offer::gpus_of;
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
    Ok(visit.page(title, move |words| page(words, &allocations)).await)
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

fn page(words: Words, allocations: &[Allocation]) -> impl IntoView + use<> {
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
