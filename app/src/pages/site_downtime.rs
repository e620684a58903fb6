//! A site owns up to a downtime of what it hosts: what ran meanwhile is given back.

use axum::extract::Path;
use domain::id::AllocationId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{
    Error, TypedDowntime,
    rows::{AllocationRow, DowntimeRow},
};
use text::Words;

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
        notice,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    first_time: String,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    last_time: String,
    #[serde(default)]
    gpus: String,
    #[serde(default)]
    reason: String,
}

pub async fn get(visit: Visit, Path(id): Path<AllocationId>) -> PageResult {
    show(visit, id, FormState::default(), false).await
}

pub async fn post(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let Typed { first_day, first_time, last_day, last_time, gpus, reason } = typed;
    let typed = TypedDowntime { first_day, first_time, last_day, last_time, gpus, reason };
    match visit.desk.record_downtime(id, &typed).await {
        Ok(()) => visit.redirect_saying(&format!("/site/bookings/{id}/downtime"), "downtime-recorded").await,
        Err(Error::Invalid(invalid)) => show(visit, id, form.with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

async fn show(visit: Visit, id: AllocationId, form: FormState, is_refused: bool) -> PageResult {
    let row = visit.desk.read_allocation(id).await?.allocation.row;
    let before = visit.desk.downtimes(id).await?;
    let title = visit.words.t("downtime-title");
    let view = move |words: Words| page(words, &row, &before, &form);
    Ok(if is_refused { visit.refused(title, view).await } else { visit.page(title, view).await })
}

fn page(words: Words, row: &AllocationRow, before: &[DowntimeRow], form: &FormState) -> impl IntoView + use<> {
    let rows: Vec<_> = before
        .iter()
        .map(|one| {
            cells![
                words.instant_figure(one.starts_at),
                words.instant_figure(one.ends_at),
                one.reason.clone(),
                words.integer(one.gpus),
            ]
        })
        .collect();
    let table = Table::new("downtimes-caption")
        .column("downtime-from")
        .column("downtime-until")
        .column("downtime-reason")
        .figures("downtime-gpus")
        .rows(rows)
        .empty(empty(words, "downtimes-none", "downtimes-none-help", None))
        .show(words);
    let fields = view! {
        {Field::date("first_day", "downtime-first-day").show(words, form)}
        {Field::text("first_time", "downtime-first-time").hint("downtime-time-hint").show(words, form)}
        {Field::date("last_day", "downtime-last-day").show(words, form)}
        {Field::text("last_time", "downtime-last-time").hint("downtime-time-hint").show(words, form)}
        {Field::number("gpus", "downtime-gpus").show(words, form)}
        {Field::area("reason", "downtime-reason").rows(3).hint("downtime-reason-hint").show(words, form)}
        {submit(words, "downtime-submit")}
    };
    view! {
        {error_summary(words, form)}
        {heading(words.t("downtime-title"), Some(row.reference.clone()), None)}
        {notice(Tone::Waiting, words.t("downtime-lead"))}
        {table}
        <h2>{words.t("downtime-record")}</h2>
        {post_form(format!("/site/bookings/{}/downtime", row.id), fields)}
    }
}
