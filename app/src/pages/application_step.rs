//! One step of an application: its fields with the price beside them. Saves anything; checks nothing away.

use std::collections::BTreeMap;

use axum::{extract::Path, response::IntoResponse};
use domain::{
    application::{
        Draft, Field, Kind, State, Step,
        draft::{self, fields_of},
        submit,
    },
    country::Country,
    gpu::GpuModel,
    id::ApplicationId,
    period::brussels_day,
    problem::Invalid,
    units,
};
use leptos::prelude::*;
use services::{ApplicationRead, Scarcity};
use text::{Words, args};

use super::{applications, organisation::country_name};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        field::{self, Choice},
        form::{FormState, submit as submit_button, submit_as},
        layout::{Tone, beside, heading, notice},
    },
};

/// What the browser's own saving sends along: it wants no page back.
const QUIETLY: &str = "quietly";

pub async fn get(visit: Visit, Path((id, step)): Path<(ApplicationId, String)>) -> PageResult {
    let step = Step::from_code(&step).ok_or(AppError::NOT_FOUND)?;
    let read = visit.desk.read_application(id).await?;
    if read.application.state != State::Draft || !applications::may_write(&visit) {
        return Ok(visit.redirect(&format!("/applications/{id}")));
    }
    let title = visit.words.t(&format!("step-{}", step.code()));
    let today = brussels_day(visit.desk.now);
    let pools = if step == Step::Compute { visit.desk.read_scarcity().await? } else { Vec::new() };
    Ok(visit.live(title, move |words| page(words, (&read, &pools), step, today)).await)
}

pub async fn post(
    visit: Visit,
    Path((id, step)): Path<(ApplicationId, String)>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> PageResult {
    let step = Step::from_code(&step).ok_or(AppError::NOT_FOUND)?;
    visit.desk.save_draft(id, step, &sent).await?;
    match sent.get("then").map(String::as_str) {
        Some(QUIETLY) => Ok(http::StatusCode::NO_CONTENT.into_response()),
        Some("stay") => {
            visit.redirect_saying(&format!("/applications/{id}/{}", step.code()), "application-saved").await
        }
        _ => {
            // Whoever has no questions of a call is led on from there.
            let next = step.next().map_or("questions", Step::code);
            Ok(visit.redirect(&format!("/applications/{id}/{next}")))
        }
    }
}

fn page(
    words: Words,
    (read, pools): (&ApplicationRead, &[Scarcity]),
    step: Step,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let id = read.application.id;
    let form = form_of(read, step);
    let fields: Vec<AnyView> = fields_of(step, &read.mode).map(|field| show(words, &form, field, read)).collect();
    let back = format!("/applications/{id}");
    let action = format!("/applications/{id}/{}", step.code());
    let extra = match step {
        Step::Compute => Some(super::application_live::flops(words, read, today)),
        Step::Declarations => Some(general_purpose(words, read, today)),
        _ => None,
    };
    let main = view! {
        <form class="form" id="application-form" method="post" action=action.clone() novalidate=true>
            {fields}
            {extra}
            <div class="buttons">
                {submit_button(words, "application-save-next")}
                {submit_as(words, "application-save", "then", "stay")}
            </div>
            {super::application_live::autosave(words, action.clone())}
        </form>
    };
    // One piece: it stays in sight as a whole.
    let aside = view! {
        <div>
            {super::application_live::quote(words, read)}
            {super::application_demand::demand(words, read, pools)}
        </div>
    };
    let title = words.t(&format!("step-{}", step.code()));
    let name = applications::title_of(words, read);
    view! {
        <p class="above"><a href=back>{name}</a></p>
        {heading(title, None, None)}
        <p class="hint">{words.t(&format!("step-{}-hint", step.code()))}</p>
        {beside(main, aside)}
        {super::application_live::quote_bar(words, read)}
    }
}

/// What was typed; wrong things are said, missing things only once the check page has been asked.
fn form_of(read: &ApplicationRead, step: Step) -> FormState {
    let values = read.draft.values().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let wrong = read.issues.iter().filter(|(field, _)| {
        let known = draft::field_named(field);
        known.is_some_and(|known| known.step == step) && !read.draft.get(field).trim().is_empty()
    });
    FormState::new(values).with(Invalid(wrong.cloned().collect()))
}

fn show(words: Words, form: &FormState, asked: &Field, read: &ApplicationRead) -> AnyView {
    let label = format!("field-{}", asked.name.replace('_', "-"));
    let name = asked.name;
    let base = match asked.kind {
        Kind::Line(_) | Kind::Email if name == "lead_email" => field::Field::email(name, &label),
        Kind::Line(_) | Kind::Email => field::Field::text(name, &label),
        Kind::Text(_) => field::Field::area(name, &label),
        Kind::Number => field::Field::number(name, &label),
        Kind::Day => field::Field::date(name, &label),
        Kind::Tick => field::Field::checkbox(name, &label),
        _ => field::Field::select(name, &label, choices(words, asked, read)),
    };
    let hint = format!("hint-{}", name.replace('_', "-"));
    let base = match words.find(&hint, &args![]) {
        Some(hint) => base.hint(hint),
        None => base,
    };
    let optional = !submit::is_needed(asked, &Draft::default()) && !is_conditional(name) && asked.kind != Kind::Tick;
    let base = if optional { base.optional() } else { base };
    base.show(words, form)
}

/// Needed or not depending on another answer: its hint says when.
fn is_conditional(name: &str) -> bool {
    matches!(name, "parameters" | "tokens" | "utilisation" | "system" | "residency_country" | "unit")
}

fn choices(words: Words, asked: &Field, read: &ApplicationRead) -> Vec<Choice> {
    let none = Choice::new("", words.t("choice-none"));
    let rest: Vec<Choice> = match asked.kind {
        Kind::Choice(codes) => codes
            .iter()
            .map(|code| Choice::new(*code, words.t(&format!("choice-{}-{code}", asked.name.replace('_', "-")))))
            .collect(),
        Kind::Model => GpuModel::ALL
            .into_iter()
            .filter(|model| read.call.as_ref().is_none_or(|call| call.terms.offers_model(*model)))
            .map(|model| {
                let memory = words.integer(model.memory_gigabytes());
                let label = words.with("choice-model", args![model => model.code(), memory => memory]);
                Choice::new(model.code(), label)
            })
            .collect(),
        Kind::System => units::SYSTEMS.iter().map(|system| Choice::new(system.code, system.name)).collect(),
        Kind::Site => read
            .sites
            .iter()
            .filter(|site| read.call.as_ref().is_none_or(|call| call.terms.offers_site(&site.slug)))
            .map(|site| Choice::new(site.slug.clone(), format!("{}, {}", site.name, country_name(words, site.country))))
            .collect(),
        Kind::Country => Country::participants()
            .into_iter()
            .filter(Country::in_eea)
            .map(|country| Choice::new(country.code(), country_name(words, country)))
            .collect(),
        Kind::Months => read
            .mode
            .months
            .iter()
            .map(|months| {
                let label = words.with("choice-months", args![count => i64::from(*months)]);
                Choice::new(months.to_string(), label)
            })
            .collect(),
        _ => Vec::new(),
    };
    std::iter::once(none).chain(rest).collect()
}

/// What the hours asked for could make under the AI Act, said where the question is asked.
fn general_purpose(words: Words, read: &ApplicationRead, today: chrono::NaiveDate) -> AnyView {
    let Some((reached, sentence)) = super::application_live::flop_sentence(words, read, today) else {
        return ().into_any();
    };
    let tone = if reached.is_some() { Tone::Yours } else { Tone::Calm };
    notice(tone, view! { <p>{sentence}</p> })
}
