//! What the site publishes: GPUs by model and week, less maintenance.

use axum::response::Response;
use domain::{
    capacity::Publication,
    gpu::GpuModel,
    problem::{Invalid, Problem},
    typed,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{CapacityBoard, Error};
use text::Words;

use super::capacity::{heat, models};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{details, heading},
    },
};

/// Weeks shown and offered for publication.
const WEEKS: usize = 26;

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    model: String,
    #[serde(default)]
    first_week: String,
    #[serde(default)]
    weeks: String,
    #[serde(default)]
    gpus: String,
    #[serde(default)]
    maintenance: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let board = visit.desk.read_site_capacity(WEEKS).await?;
    let form = FormState::new([("weeks", "1".to_owned()), ("maintenance", "0".to_owned())]);
    Ok(visit.page(visit.words.t("site-capacity-title"), move |words| page(words, &board, &form)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let published = match read(&typed) {
        Ok(publication) => visit.desk.publish_capacity(publication).await,
        Err(invalid) => Err(invalid.into()),
    };
    match published {
        Ok(()) => visit.redirect_saying("/site/capacity", "site-capacity-published").await,
        Err(Error::Invalid(invalid)) => Ok(refused(&visit, FormState::of(&typed).with(invalid)).await?),
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, form: FormState) -> Result<Response, crate::AppError> {
    let board = visit.desk.read_site_capacity(WEEKS).await?;
    Ok(visit.refused(visit.words.t("site-capacity-title"), move |words| page(words, &board, &form)).await)
}

fn read(typed: &Typed) -> Result<Publication, Invalid> {
    let mut invalid = Invalid::default();
    let model = GpuModel::from_code(&typed.model);
    if model.is_none() {
        invalid.add("model", Problem::Required);
    }
    let first_week = typed::date(&typed.first_week).map_err(|problem| invalid.add("first_week", problem)).ok();
    let mut number = |name: &str, text: &str| match typed::decimal(text, 0) {
        Ok(value) => value,
        Err(problem) => {
            invalid.add(name, problem);
            0
        }
    };
    let weeks = i32::try_from(number("weeks", &typed.weeks)).unwrap_or(i32::MAX);
    let (gpus, maintenance) = (number("gpus", &typed.gpus), number("maintenance", &typed.maintenance));
    match (model, first_week, invalid.is_empty()) {
        (Some(model), Some(first_week), true) => Ok(Publication { model, first_week, weeks, gpus, maintenance }),
        _ => Err(invalid),
    }
}

fn page(words: Words, board: &CapacityBoard, form: &FormState) -> impl IntoView + use<> {
    let maps = models(&board.windows)
        .into_iter()
        .map(|model| view! { <h2>{model.code()}</h2> {heat(words, board, model, None)} {table(words, board, model)} })
        .collect_view();
    let none =
        board.windows.is_empty().then(|| empty(words, "site-capacity-empty-title", "site-capacity-empty-help", None));
    view! {
        {error_summary(words, form)}
        {heading(words.t("site-capacity-title"), None, None)}
        {publish(words, board, form)}
        {none}
        {maps}
    }
}

fn publish(words: Words, board: &CapacityBoard, form: &FormState) -> AnyView {
    let mut model_choices = vec![Choice::new("", words.t("site-capacity-choose"))];
    model_choices.extend(GpuModel::ALL.map(|model| Choice::new(model.code(), model.code())));
    let mut week_choices = vec![Choice::new("", words.t("site-capacity-choose"))];
    week_choices.extend(board.weeks.iter().map(|week| Choice::new(week.to_string(), words.date(*week))));
    post_form(
        "/site/capacity",
        view! {
            {Field::select("model", "site-capacity-model", model_choices).show(words, form)}
            {Field::select("first_week", "site-capacity-first-week", week_choices).show(words, form)}
            {Field::number("weeks", "site-capacity-weeks").show(words, form)}
            {Field::number("gpus", "site-capacity-gpus").hint(words.t("site-capacity-gpus-hint")).show(words, form)}
            {Field::number("maintenance", "site-capacity-maintenance").show(words, form)}
            {submit(words, "site-capacity-publish")}
        },
    )
}

fn table(words: Words, board: &CapacityBoard, model: GpuModel) -> AnyView {
    let rows = board.windows.iter().filter(|window| window.model == model).map(|window| {
        cells![
            words.date_figure(window.week),
            words.integer(window.gpus),
            words.integer(window.maintenance),
            words.integer(window.held),
            words.integer(window.booked),
            words.integer(window.free()),
        ]
    });
    let table = Table::new("site-capacity-table")
        .column("site-capacity-week")
        .figures("site-capacity-gpus")
        .figures("site-capacity-maintenance")
        .figures("site-capacity-held")
        .figures("site-capacity-booked")
        .figures("site-capacity-free")
        .rows(rows)
        .show(words);
    details(words.t("site-capacity-table"), table)
}
