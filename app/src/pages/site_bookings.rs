//! What is booked at the site: to confirm or refuse, running, ended.

use axum::extract::Path;
use domain::{allocation::State, id::AllocationId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Allocation, Error, rows::AllocationRow};
use text::{Words, args};

use super::{allocations::state_tag, offer::gpus_of, organisation::version};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        form::{FormState, button_form, error_summary, hidden, post_form, submit},
        layout::{heading, kept},
        notice,
    },
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    version: String,
}

#[derive(Deserialize, Serialize)]
pub struct Refusal {
    #[serde(default)]
    reason: String,
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

pub async fn get_refuse(visit: Visit, Path(id): Path<AllocationId>) -> PageResult {
    let one = waiting(&visit, id).await?;
    let title = visit.words.t("site-booking-refuse-title");
    Ok(visit.page(title, move |words| refusal(words, &one, &FormState::default())).await)
}

/// Takes the reason, or shows the form again.
pub async fn post_refuse(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Refusal>) -> PageResult {
    match visit.desk.refuse_allocation(id, &typed.reason, version(&typed.version)?).await {
        Ok(()) => visit.redirect_saying("/site/bookings", "site-booking-refused").await,
        Err(Error::Invalid(invalid)) => {
            let one = waiting(&visit, id).await?;
            let form = FormState::of(&typed).with(invalid);
            let title = visit.words.t("site-booking-refuse-title");
            Ok(visit.refused(title, move |words| refusal(words, &one, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// A booking of this site that waits for its answer.
async fn waiting(visit: &Visit, id: AllocationId) -> Result<Allocation, Error> {
    let bookings = visit.desk.read_allocations(&[State::Accepted]).await?;
    bookings.into_iter().find(|one| one.row.id == id).ok_or(Error::NotFound)
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

/// Confirm at once, or refuse on a page that asks why.
fn answers(words: Words, row: &AllocationRow) -> AnyView {
    let name = words.with("site-booking-refuse-of", args![reference => row.reference.clone()]);
    let confirm = format!("/site/bookings/{}/confirm", row.id);
    view! {
        <div>
            {button_form(words, confirm, "site-booking-confirm", &[("version", &row.version.to_string())])} " "
            <a href=format!("/site/bookings/{}/refuse", row.id) aria-label=name>{words.t("site-booking-refuse")}</a>
        </div>
    }
    .into_any()
}

fn refusal(words: Words, one: &Allocation, form: &FormState) -> impl IntoView + use<> {
    let row = &one.row;
    let what = format!("{} · {} · {}", one.organisation, gpus_of(words, row), words.date(row.first_week));
    view! {
        {error_summary(words, form)}
        {heading(words.t("site-booking-refuse-title"), Some(row.reference.clone()), None)}
        <p>{what}</p>
        {notice(Tone::Waiting, words.t("site-booking-refuse-help"))}
        {post_form(
            format!("/site/bookings/{}/refuse", row.id),
            view! {
                {hidden("version", row.version.to_string())}
                {Field::area("reason", "site-booking-refuse-reason").show(words, form)}
                {submit(words, "site-booking-refuse-submit")}
            },
        )}
    }
}

fn table(words: Words, caption: &str, bookings: &[&Allocation]) -> AnyView {
    let rows = bookings.iter().map(|one| {
        let row = &one.row;
        let href = format!("/allocations/{}", row.id);
        let last = row.slots().end().pred_opt().unwrap_or(row.first_week);
        let action = match row.state {
            State::Accepted => answers(words, row),
            state => {
                let down = format!("/site/bookings/{}/downtime", row.id);
                let name = words.with("downtime-of", args![reference => row.reference.clone()]);
                view! { {state_tag(words, state)} " " <a href=down aria-label=name>{words.t("downtime-link")}</a> }
                    .into_any()
            }
        };
        cells![
            view! { <a href=href>{kept(row.reference.clone())}</a> },
            one.organisation.clone(),
            gpus_of(words, row),
            words.date_figure(row.first_week),
            words.date_figure(last),
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
