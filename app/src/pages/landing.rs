//! The front page: what this is, who may, what it costs, how full it is, how long an answer takes.

use domain::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    organisation::SizeClass,
    problem::{Invalid, Problem},
    typed,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, Estimate, Figures, Under, Wish};
use text::{Words, args};

use crate::{
    PageResult, Query, Visit,
    components::{
        Field,
        field::Choice,
        figure, figures,
        form::{FormState, error_summary},
        layout::{link_button, near},
        price::quote_panel,
    },
};

/// What the calculator was asked; an address, so that a price can be sent to somebody.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    hours: String,
    model: String,
    size: String,
    country: String,
}

impl Default for Asked {
    fn default() -> Self {
        Self { hours: "5000".to_owned(), model: "H100".to_owned(), size: "small".to_owned(), country: "DE".to_owned() }
    }
}

impl Asked {
    fn wish(&self) -> Result<Wish, Invalid> {
        let mut invalid = Invalid::default();
        let gpu_time =
            typed::decimal(&self.hours, 0).and_then(|hours| GpuTime::hours(hours).map_err(|_| Problem::NotANumber));
        let gpu_time = gpu_time.map_err(|problem| invalid.add("hours", problem)).unwrap_or_default();
        let model = GpuModel::from_code(&self.model);
        let size_class = SizeClass::from_code(&self.size);
        let country = Country::from_code(&self.country);
        for (field, is_missing) in
            [("model", model.is_none()), ("size", size_class.is_none()), ("country", country.is_none())]
        {
            if is_missing {
                invalid.add(field, Problem::NotAChoice);
            }
        }
        match (model, size_class, country) {
            (Some(model), Some(size_class), Some(country)) => invalid.or(Wish { model, gpu_time, size_class, country }),
            _ => Err(invalid),
        }
    }
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let shown = visit.desk.read_figures().await?;
    let calls = visit.desk.list_calls().await?;
    let is_known = visit.standing.is_some();
    let title = visit.words.t("landing-title");
    let form = FormState::of(&asked);
    let estimate = match asked.wish() {
        Ok(wish) => visit.desk.read_estimate(wish).await,
        Err(invalid) => Err(Error::Invalid(invalid)),
    };
    match estimate {
        Ok(estimate) => {
            Ok(visit.page(title, move |words| page(words, (&shown, &calls), is_known, &form, Some(&estimate))).await)
        }
        Err(Error::Invalid(invalid)) => {
            let form = form.with(invalid);
            Ok(visit.refused(title, move |words| page(words, (&shown, &calls), is_known, &form, None)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    words: Words,
    (shown, calls): (&Figures, &[Under]),
    is_known: bool,
    form: &FormState,
    estimate: Option<&Estimate>,
) -> impl IntoView + use<> {
    let (href, label) = if is_known { ("/home", "landing-go-home") } else { ("/sign-up", "landing-start") };
    view! {
        {error_summary(words, form)}
        <div class="hero">
            <h1>{words.t("landing-headline")}</h1>
            <p class="lead">{words.t("landing-lead")}</p>
            <p class="buttons">{link_button(words, href, label)} <a href="/modes">{words.t("landing-modes")}</a></p>
        </div>
        {live(words, shown)}
        {super::calls::open_list(words, calls, None)}
        <h2 id="price">{words.t("landing-price-title")}</h2>
        {near(calculator(words, form), answer(words, estimate))}
        <div class="columns">
            <div>
                <h2>{words.t("landing-may-title")}</h2>
                <ul>
                    <li>{words.t("landing-may-size")}</li>
                    <li>{words.t("landing-may-place")}</li>
                    <li>{words.t("landing-may-use")}</li>
                </ul>
            </div>
            <div>
                <h2>{words.t("landing-how-title")}</h2>
                <ol>
                    <li>{words.t("landing-how-apply")}</li>
                    <li>{words.t("landing-how-decision")}</li>
                    <li>{words.t("landing-how-book")}</li>
                    <li>{words.t("landing-how-pay")}</li>
                </ol>
            </div>
        </div>
    }
}

fn calculator(words: Words, form: &FormState) -> AnyView {
    let models = GpuModel::ALL.map(|model| {
        let label = words.with("landing-model", args![model => model.code(), memory => model.memory_gigabytes()]);
        Choice::new(model.code(), label)
    });
    let sizes = SizeClass::ALL.map(|size| Choice::new(size.code(), format!("size-class-{}", size.code())));
    let mut countries: Vec<Choice> = Country::participants()
        .into_iter()
        .map(|country| Choice::new(country.code(), words.t(&format!("country-{}", country.code()))))
        .collect();
    countries.sort_by(|one, other| one.label.cmp(&other.label));
    view! {
        <form class="form" method="get" action="/#price" novalidate=true>
            {Field::number("hours", "landing-hours").hint("landing-hours-hint").unit("unit-gpu-hours").show(words, form)}
            {Field::select("model", "landing-model-label", models.to_vec()).show(words, form)}
            {Field::select("size", "landing-size", sizes.to_vec()).show(words, form)}
            {Field::select("country", "landing-country", countries).show(words, form)}
            <button class="button" type="submit">{words.t("landing-price-submit")}</button>
        </form>
    }
    .into_any()
}

fn answer(words: Words, estimate: Option<&Estimate>) -> AnyView {
    let Some(Estimate { quote, mode }) = estimate else { return ().into_any() };
    let mode_line = words.with(
        "landing-mode",
        args![mode => words.t(&format!("mode-name-{}", mode.code.code())), days => i64::from(mode.working_days)],
    );
    view! {
        <div>
            {quote_panel(words, "landing-price-panel", quote)}
            <p>{mode_line}</p>
            <p class="hint">{words.t("landing-price-note")}</p>
        </div>
    }
    .into_any()
}

fn live(words: Words, shown: &Figures) -> AnyView {
    let days = shown
        .decision_days
        .map_or_else(|| words.t("landing-no-decision"), |days| words.with("landing-days", args![days => days]));
    let kept = match shown.decisions_kept {
        Some(share) => words.with("landing-kept", args![share => words.percent(share)]),
        None => words.t("landing-decision-note"),
    };
    let all = figures(vec![
        figure(
            words.integer(shown.free.whole_hours()),
            words.t("landing-free"),
            Some(words.with("landing-free-note", args![sites => shown.sites, gpus => shown.free_gpus_now])),
        ),
        figure(days, words.t("landing-decision"), Some(kept)),
        figure(
            words.integer(shown.awarded.whole_hours()),
            words.t("landing-awarded"),
            Some(words.with("landing-awarded-note", args![awards => shown.awards, companies => shown.companies])),
        ),
    ]);
    view! { {all} <p><a href="/statistics">{words.t("landing-statistics")}</a></p> }.into_any()
}
