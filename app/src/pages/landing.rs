//! The front page: what this is, who may, what it costs, how full it is, how long an answer takes.

use leptos::prelude::*;
use services::Figures;
use text::{Words, args};

use crate::{
    PageResult, Visit,
    components::{figure, figures, layout::link_button},
};

pub async fn get(visit: Visit) -> PageResult {
    let shown = visit.desk.read_figures().await?;
    let is_known = visit.standing.is_some();
    Ok(visit.page(visit.words.t("landing-title"), move |words| page(words, &shown, is_known)).await)
}

fn page(words: Words, shown: &Figures, is_known: bool) -> impl IntoView + use<> {
    let (href, label) = if is_known { ("/home", "landing-go-home") } else { ("/sign-up", "landing-start") };
    view! {
        <div class="hero">
            <h1>{words.t("landing-headline")}</h1>
            <p class="lead">{words.t("landing-lead")}</p>
            <p class="buttons">{link_button(words, href, label)} <a href="/modes">{words.t("landing-modes")}</a></p>
        </div>
        {live(words, shown)}
        <h2>{words.t("landing-may-title")}</h2>
        <ul>
            <li>{words.t("landing-may-size")}</li>
            <li>{words.t("landing-may-place")}</li>
            <li>{words.t("landing-may-use")}</li>
        </ul>
        <h2>{words.t("landing-how-title")}</h2>
        <ol>
            <li>{words.t("landing-how-apply")}</li>
            <li>{words.t("landing-how-decision")}</li>
            <li>{words.t("landing-how-book")}</li>
            <li>{words.t("landing-how-pay")}</li>
        </ol>
    }
}

fn live(words: Words, shown: &Figures) -> AnyView {
    let days = shown
        .decision_days
        .map_or_else(|| words.t("landing-no-decision"), |days| words.with("landing-days", args![days => days]));
    figures(vec![
        figure(
            words.integer(shown.free.whole_hours()),
            words.t("landing-free"),
            Some(words.with("landing-free-note", args![sites => shown.sites, gpus => shown.free_gpus_now])),
        ),
        figure(days, words.t("landing-decision"), Some(words.t("landing-decision-note"))),
        figure(
            words.integer(shown.awarded.whole_hours()),
            words.t("landing-awarded"),
            Some(words.with("landing-awarded-note", args![awards => shown.awards, companies => shown.companies])),
        ),
    ])
}
