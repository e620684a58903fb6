//! A member's own ranking of what they see of the agenda: a number each, equal numbers for ties.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use domain::id::{PanelId, PanelItemId};
use leptos::prelude::*;
use services::{Error, PanelRead};
use text::Words;

use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
    },
};

type Typed = BTreeMap<String, String>;

pub async fn get(visit: Visit, Path(id): Path<PanelId>) -> PageResult {
    let read = readable(&visit, id).await?;
    let places = read.ballot.clone().unwrap_or_default();
    let form = FormState::new(places.into_iter().map(|(item, place)| (format!("rank-{item}"), place.to_string())));
    Ok(visit.page(visit.words.t("panel-rank-title"), move |words| page(words, &read, &form)).await)
}

/// Only who votes ranks.
async fn readable(visit: &Visit, id: PanelId) -> Result<PanelRead, AppError> {
    let read = visit.desk.read_panel(id).await?;
    if read.role.is_some_and(domain::panel::Role::votes) { Ok(read) } else { Err(AppError::NOT_FOUND) }
}

pub async fn post(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    let places: BTreeMap<PanelItemId, String> = typed
        .iter()
        .filter_map(|(field, place)| Some((field.strip_prefix("rank-")?.parse().ok()?, place.clone())))
        .collect();
    match visit.desk.rank(id, &places).await {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}"), "panel-ranked").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::new(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: PanelId, form: FormState) -> Result<Response, AppError> {
    let read = readable(visit, id).await?;
    Ok(visit.refused(visit.words.t("panel-rank-title"), move |words| page(words, &read, &form)).await)
}

fn page(words: Words, read: &PanelRead, form: &FormState) -> impl IntoView + use<> {
    let fields = read.lines.iter().map(|line| {
        let label = format!("{} · {}", line.case.reference, line.case.organisation);
        Field::number(&format!("rank-{}", line.item.id), &label)
            .hint(super::panel::mean(words, line))
            .optional()
            .show(words, form)
    });
    let fields = fields.collect_view();
    let back = format!("/panels/{}", read.row.id);
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=back>{read.row.name.clone()}</a></p>
        {heading(words.t("panel-rank-title"), None, None)}
        <p class="lead">{words.t("panel-rank-lead")}</p>
        {post_form(
            format!("/panels/{}/ranking", read.row.id),
            view! { {fields} {submit(words, "panel-rank-save")} },
        )}
        <p class="hint">{words.t("panel-ranking-method")}</p>
    }
}
