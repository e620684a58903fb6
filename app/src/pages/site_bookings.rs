//! What is booked at the site: to confirm, running, ended.

use axum::extract::Path;
use domain::{allocation::State, id::AllocationId};
use leptos::prelude::*;
use serde::Deserialize;
use services::Allocation;
use text::Words;

use super::{allocations::state_tag, organisation::version};
use crate::{
    Form, PageResult, Visit, cells,
    components::{Table, empty, form::button_form, layout::heading},
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let bookings = visit.desk.read_allocations(&[State::Accepted, State::Active, State::Ended]).await?;
    Ok(visit.page(visit.words.t("site-bookings-title"), move |words| page(words, &bookings)).await)
}

pub async fn post_confirm(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Typed>) -> PageResult {
    visit.desk.confirm_allocation(id, version(&typed.version)?).await?;
    visit.redirect_saying("/site/bookings", "site-booking-confirmed").await
}

fn page(words: Words, bookings: &[Allocation]) -> impl IntoView + use<> {
    let some = |states: &[State]| bookings.iter().filter(|one| states.contains(&one.row.state)).collect::<Vec<_>>();
    let to_confirm = some(&[State::Accepted]);
    let waiting = if to_confirm.is_empty() {
        empty(words, "site-bookings-none-title", "site-bookings-none-help", None)
    } else {
        table(words, "site-bookings-to-confirm", &to_confirm)
    };
    let rest = some(&[State::Active, State::Ended]);
    let rest = (!rest.is_empty())
        .then(|| view! { <h2>{words.t("site-bookings-others")}</h2> {table(words, "site-bookings-others", &rest)} });
    view! {
        {heading(words.t("site-bookings-title"), None, None)}
        <h2>{words.t("site-bookings-to-confirm")}</h2>
        <p>{words.t("site-bookings-lead")}</p>
        {waiting}
        {rest}
    }
}

fn table(words: Words, caption: &str, bookings: &[&Allocation]) -> AnyView {
    let rows = bookings.iter().map(|one| {
        let row = &one.row;
        let href = format!("/allocations/{}", row.id);
        let last = row.slot().end().pred_opt().unwrap_or(row.first_week);
        let action = match row.state {
            State::Accepted => button_form(
                words,
                format!("/site/bookings/{}/confirm", row.id),
                "site-booking-confirm",
                &[("version", &row.version.to_string())],
            ),
            state => state_tag(words, state),
        };
        cells![
            view! { <a href=href>{row.reference.clone()}</a> },
            one.organisation.clone(),
            format!("{} {}", words.integer(row.gpus), row.model),
            words.date(row.first_week),
            words.date(last),
            words.hours_figure(row.gpu_seconds),
            words.percent(one.share()),
            action,
        ]
    });
    Table::new(caption)
        .column("allocation-reference")
        .column("allocation-organisation")
        .column("allocation-gpus")
        .column("allocation-first-day")
        .column("allocation-last-day")
        .figures("allocation-hours")
        .figures("allocation-used")
        .column("allocation-state")
        .rows(rows)
        .under_heading()
        .show(words)
}
