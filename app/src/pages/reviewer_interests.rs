//! The interests of somebody who reviews or decides: where they work and worked, and with whom they have ties.

use std::collections::BTreeMap;

use domain::{
    actor::Stand,
    reviewer::{InterestKind, TypedInterest},
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, ReviewerRead};
use text::{Words, args};

use super::{organisation::countries, reviewer::parts};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::heading,
    },
};

type Typed = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
pub struct Removal {
    #[serde(default)]
    id: String,
}

const PATH: &str = "/reviewer/interests";

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.reviewer().await?;
    let is_officer = is_officer(&visit);
    let form = FormState::default();
    Ok(visit.page(visit.words.t("interests-title"), move |words| page(words, &read, &form, is_officer)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.add_interest(&TypedInterest::of(&typed)).await {
        Ok(()) => visit.redirect_saying(PATH, "interests-added").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.reviewer().await?;
            let is_officer = is_officer(&visit);
            let form = FormState::new(typed).with(invalid);
            Ok(visit
                .refused(visit.words.t("interests-title"), move |words| page(words, &read, &form, is_officer))
                .await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_removal(visit: Visit, Form(typed): Form<Removal>) -> PageResult {
    visit.desk.remove_interest(typed.id.parse().map_err(|_| Error::NotFound)?).await?;
    visit.redirect_saying(PATH, "interests-removed").await
}

fn is_officer(visit: &Visit) -> bool {
    visit.actor().stand == Stand::Officer
}

/// Words of an interest's kind.
pub fn kind_name(words: Words, kind: InterestKind) -> String {
    words.t(&format!("interest-{}", kind.code().replace('_', "-")))
}

/// The fields that say which company it is: the same on every page that asks for one.
pub fn company(words: Words, form: &FormState) -> impl IntoView + use<> {
    view! {
        {Field::text("name", "interest-name").hint("interest-name-help").show(words, form)}
        {Field::select("country", "interest-country", countries(words)).optional().show(words, form)}
        {Field::text("registration_number", "interest-registration")
            .optional()
            .short()
            .hint("interest-registration-help")
            .show(words, form)}
    }
}

/// What was said of a company besides its name.
pub fn register(words: Words, country: Option<domain::country::Country>, number: &str) -> String {
    let country = country.map(|country| words.t(&format!("country-{country}"))).unwrap_or_default();
    if number.is_empty() { country } else { format!("{country} · {number}") }
}

fn page(words: Words, read: &ReviewerRead, form: &FormState, is_officer: bool) -> impl IntoView + use<> {
    let rows = read.interests.iter().map(|row| {
        let label = words.with("interests-remove", args![name => row.name.clone()]);
        let id = row.id.to_string();
        let remove = row_button(words, "/reviewer/interests/remove", "interests-remove-short", label, &[("id", &id)]);
        let until = row.ended_on.map(|day| words.date_figure(day)).unwrap_or_default();
        let register = register(words, row.country, &row.registration_number);
        cells![row.name.clone(), kind_name(words, row.kind), register, until, remove]
    });
    let kinds = InterestKind::ALL.iter().map(|kind| {
        let code = kind.code().replace('_', "-");
        Choice::new(kind.code(), format!("interest-{code}")).hint(format!("interest-{code}-help"))
    });
    view! {
        {error_summary(words, form)}
        {heading(words.t("interests-title"), None, None)}
        {parts(words, PATH, is_officer)}
        <p>{words.t("interests-help")}</p>
        {Table::new("interests-title")
            .column("interest-name")
            .column("interest-kind")
            .column("interest-register")
            .column("interest-until")
            .column("absences-actions")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "interests-empty", "interests-empty-help", None))
            .show(words)}
        <section>
            <h2>{words.t("interests-add")}</h2>
            {post_form(
                PATH,
                view! {
                    {Field::radios("kind", "interest-kind", kinds.collect()).show(words, form)}
                    {company(words, form)}
                    {Field::date("ended_on", "interest-ended")
                        .optional()
                        .hint("interest-ended-help")
                        .show(words, form)}
                    {submit(words, "interests-submit")}
                },
            )}
        </section>
    }
}
