//! The rules of another run, and what it respects of an earlier one.

use domain::run::State;
use leptos::prelude::*;
use services::{RunListed, RunRead, Site};
use text::Words;

use crate::components::{
    Field,
    field::Choice,
    form::{FormState, group, post_form, submit},
};

/// Earlier runs offered to begin with.
const OFFERED: usize = 20;

pub fn rules_form(words: Words, form: &FormState, runs: &[RunListed], sites: &[Site]) -> AnyView {
    let field = |name: &'static str, label: &'static str, help: &'static str, unit: String| {
        Field::number(name, label).hint(words.t(help)).unit(unit).show(words, form)
    };
    let none = Choice::new("", words.t("run-after-none"));
    let solved = runs.iter().filter(|one| one.state != State::Solving).take(OFFERED);
    let solved = solved.map(|one| Choice::new(one.id.to_string(), words.instant_figure(one.made_at)));
    let choices = std::iter::once(none).chain(solved).collect();
    let ties = view! {
        {Field::select("after", "run-after", choices).hint(words.t("run-after-help")).optional().show(words, form)}
        {Field::number("move_hours", "run-move-hours")
            .hint(words.t("run-move-hours-help")).unit(words.t("unit-gpu-hours")).optional().show(words, form)}
        {Field::text("keep", "run-keep").hint(words.t("run-keep-help")).optional().show(words, form)}
        {Field::text("leave_out", "run-leave-out").hint(words.t("run-leave-out-help")).optional().show(words, form)}
        {Field::area("why", "run-why").hint(words.t("run-why-help")).rows(3).optional().show(words, form)}
    };
    let optional = |name: &'static str, label: &'static str, help: &'static str, unit: String| {
        Field::number(name, label).hint(words.t(help)).unit(unit).optional().show(words, form)
    };
    let more = view! {
        {optional("organisation_share", "run-organisation-share", "run-organisation-share-help", "%".to_owned())}
        {optional("small_weight", "run-small-weight", "run-small-weight-help", "%".to_owned())}
        {optional("away_loss", "run-away-loss", "run-away-loss-help", "%".to_owned())}
        {optional("pause_hours", "run-pause-hours", "run-pause-hours-help", words.t("unit-gpu-hours"))}
        {optional("floor_hours", "run-floor-hours", "run-floor-hours-help", words.t("unit-gpu-hours"))}
        {optional("floor_merit", "run-floor-merit", "run-floor-merit-help", String::new())}
        {Field::area("country_budgets", "run-country-budgets")
            .hint(words.t("run-country-budgets-help")).rows(3).optional().show(words, form)}
        {optional("de_minimis_ceiling", "run-de-minimis", "run-de-minimis-help", "€".to_owned())}
    };
    let everywhere = Choice::new("", words.t("run-extra-everywhere"));
    let places = sites.iter().map(|site| Choice::new(site.id.to_string(), site.name.clone()));
    let places = std::iter::once(everywhere).chain(places).collect();
    let what_if = view! {
        {optional("extra_gpus", "run-extra-gpus", "run-extra-gpus-help", "%".to_owned())}
        {Field::select("extra_at", "run-extra-at", places).optional().show(words, form)}
    };
    post_form(
        "/runs",
        view! {
            {field("small_share", "run-small-share", "run-small-share-help", "%".to_owned())}
            {field("country_share", "run-country-share", "run-country-share-help", "%".to_owned())}
            {field("bonus_hours", "run-bonus-hours", "run-bonus-hours-help", words.t("unit-gpu-hours"))}
            {field("budget", "run-budget", "run-budget-help", "€".to_owned())}
            {group(words, "run-more-rules", more)}
            {group(words, "run-what-if", what_if)}
            {group(words, "run-ties", ties)}
            {submit(words, "runs-start")}
        },
    )
}

/// What this run respects, for its facts.
pub fn facts(words: Words, read: &RunRead, runs: &[RunListed]) -> Vec<(&'static str, AnyView)> {
    let ties = &read.ties;
    let mut shown: Vec<(&'static str, AnyView)> = Vec::new();
    if let Some(after) = ties.after {
        let made = runs.iter().find(|one| one.id == after).map(|one| words.instant_figure(one.made_at));
        let made = made.unwrap_or_else(|| words.t("run-after-older"));
        shown.push(("run-after", view! { <a href=format!("/runs/{after}")>{made}</a> }.into_any()));
        shown.push(("run-move-hours", words.integer(ties.move_hours).into_any()));
    }
    if read.is_partial {
        return shown;
    }
    for (name, references) in [("run-keep", &ties.keep), ("run-leave-out", &ties.leave_out)] {
        if !references.is_empty() {
            shown.push((name, references.join(", ").into_any()));
        }
    }
    if !ties.leave_out.is_empty() {
        shown.push(("run-why", super::run_reason::why(words, &ties.why).into_any()));
    }
    shown
}
