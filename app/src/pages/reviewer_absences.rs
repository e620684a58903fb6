//! Days on which a reviewer takes nothing on.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, ReviewerRead};
use text::{Words, args};

use super::reviewer::parts;
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::heading,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    last_day: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Removal {
    #[serde(default)]
    id: String,
}

const PATH: &str = "/reviewer/absences";

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.reviewer().await?;
    Ok(visit.page(visit.words.t("absences-title"), move |words| page(words, &read, &FormState::default())).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.add_absence(&typed.first_day, &typed.last_day).await {
        Ok(()) => visit.redirect_saying(PATH, "absences-added").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.reviewer().await?;
            let form = FormState::of(&typed).with(invalid);
            Ok(visit.refused(visit.words.t("absences-title"), move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_removal(visit: Visit, Form(typed): Form<Removal>) -> PageResult {
    visit.desk.remove_absence(typed.id.parse().map_err(|_| Error::NotFound)?).await?;
    visit.redirect_saying(PATH, "absences-removed").await
}

fn page(words: Words, read: &ReviewerRead, form: &FormState) -> impl IntoView + use<> {
    let rows = read.absences.iter().map(|row| {
        let (first, last) = (words.date(row.first_day), words.date(row.last_day));
        let label = words.with("absences-remove", args![first => first, last => last]);
        let id = row.id.to_string();
        let remove = row_button(words, "/reviewer/absences/remove", "absences-remove-short", label, &[("id", &id)]);
        cells![words.date_figure(row.first_day), words.date_figure(row.last_day), remove]
    });
    view! {
        {error_summary(words, form)}
        {heading(words.t("absences-title"), None, None)}
        {parts(words, PATH, false)}
        <p>{words.t("absences-help")}</p>
        {Table::new("absences-title")
            .column("absences-first")
            .column("absences-last")
            .column("absences-actions")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "absences-empty", "absences-empty-help", None))
            .show(words)}
        <section>
            <h2>{words.t("absences-add")}</h2>
            {post_form(
                PATH,
                view! {
                    {Field::date("first_day", "absences-first").show(words, form)}
                    {Field::date("last_day", "absences-last").hint("absences-last-help").show(words, form)}
                    {submit(words, "absences-submit")}
                },
            )}
        </section>
    }
}
