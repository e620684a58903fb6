//! A reviewer's own profile: what they know, which languages they read, how much they take on.

use std::collections::BTreeMap;

use domain::{
    actor::Stand,
    reviewer::{EXPERTISE, LANGUAGES, TypedProfile},
};
use leptos::prelude::*;
use services::{Error, ReviewerRead};
use text::{Words, args};

use super::organisation::countries;
use crate::{
    Form, PageResult, Visit,
    components::{
        Field, Tone, empty,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{heading, tabs},
        notice,
    },
};

type Typed = BTreeMap<String, String>;

const PATH: &str = "/reviewer";

pub async fn get(visit: Visit) -> PageResult {
    if visit.actor().stand == Stand::Officer {
        // Officers have interests, and nothing else of a reviewer.
        return Ok(visit.redirect("/reviewer/interests"));
    }
    let read = visit.desk.reviewer().await?;
    let form = stored(&read);
    Ok(visit.page(visit.words.t("reviewer-title"), move |words| page(words, &read, &form)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let seen = typed.get("version").and_then(|version| version.parse().ok()).unwrap_or(-1);
    match visit.desk.save_profile(&profile(&typed), seen).await {
        Ok(()) => visit.redirect_saying(PATH, "reviewer-saved").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.reviewer().await?;
            let form = FormState::new(typed).with(invalid);
            Ok(visit.refused(visit.words.t("reviewer-title"), move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn profile(typed: &Typed) -> TypedProfile {
    let text = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let ticked = |prefix: &str| typed.keys().filter_map(|name| Some(name.strip_prefix(prefix)?.to_owned())).collect();
    TypedProfile {
        expertise: ticked("expertise-"),
        languages: ticked("language-"),
        keywords: text("keywords"),
        country: text("country"),
        load_limit: text("load_limit"),
    }
}

fn stored(read: &ReviewerRead) -> FormState {
    let form = FormState::new([("version", read.version.to_string()), ("load_limit", read.load.1.to_string())]);
    let Some(profile) = &read.profile else { return form };
    let expertise = profile.expertise.iter().map(|code| format!("expertise-{code}"));
    let languages = profile.languages.iter().map(|code| format!("language-{code}"));
    let form = expertise.chain(languages).fold(form, |form, name| form.set(&name, "on"));
    form.set("keywords", profile.keywords.join(", "))
        .set("country", profile.country.map(|country| country.code().to_owned()).unwrap_or_default())
}

/// The parts of a reviewer's own pages; officers have one of them, and need no tabs.
pub fn parts(words: Words, current: &str, is_officer: bool) -> Option<AnyView> {
    let parts = [
        (PATH, "reviewer-part-profile"),
        ("/reviewer/absences", "reviewer-part-absences"),
        ("/reviewer/interests", "reviewer-part-interests"),
        ("/reviewer/terms", "reviewer-part-terms"),
    ];
    let parts = parts.map(|(href, name)| (href.to_owned(), name.to_owned())).to_vec();
    (!is_officer).then(|| tabs(words, "reviewer-parts", parts, current))
}

fn fields() -> Vec<Choice> {
    EXPERTISE.iter().map(|code| format!("expertise-{code}")).map(|name| Choice::new(name.clone(), name)).collect()
}

fn tongues() -> Vec<Choice> {
    LANGUAGES.iter().map(|code| Choice::new(format!("language-{code}"), format!("tongue-{code}"))).collect()
}

fn page(words: Words, read: &ReviewerRead, form: &FormState) -> impl IntoView + use<> {
    let (open, limit) = read.load;
    let missing = read.profile.is_none().then(|| notice(Tone::Yours, words.t("reviewer-empty")));
    view! {
        {error_summary(words, form)}
        {heading(words.t("reviewer-title"), None, None)}
        {parts(words, PATH, false)}
        {missing}
        <p>{words.with("reviewer-load", args![open => open, limit => limit])}</p>
        {post_form(
            PATH,
            view! {
                {hidden("version", form.value("version"))}
                <div class="many">
                    {Field::boxes("expertise", "reviewer-expertise", fields())
                        .hint("reviewer-expertise-help")
                        .show(words, form)}
                </div>
                {Field::area("keywords", "reviewer-keywords")
                    .rows(2)
                    .optional()
                    .hint("reviewer-keywords-help")
                    .show(words, form)}
                <div class="many">
                    {Field::boxes("languages", "reviewer-languages", tongues()).show(words, form)}
                </div>
                {Field::select("country", "reviewer-country", countries(words))
                    .hint("reviewer-country-help")
                    .show(words, form)}
                {Field::number("load_limit", "reviewer-load-limit")
                    .hint("reviewer-load-limit-help")
                    .show(words, form)}
                {submit(words, "reviewer-save")}
            },
        )}
        <section>
            <h2>{words.t("reviewer-declared")}</h2>
            {declared(words, read)}
        </section>
    }
}

/// What one declared oneself.
fn declared(words: Words, read: &ReviewerRead) -> AnyView {
    if read.declared.is_empty() {
        return empty(words, "reviewer-declared-empty", "reviewer-declared-empty-help", None);
    }
    let lines = read.declared.iter().map(|one| {
        let kind = words.t(&format!("conflict-kind-{}", one.kind.code().replace('_', "-")));
        let day = words.date(domain::period::brussels_day(one.at));
        let state = words.t(&format!("conflict-state-{}", one.state.code().replace('_', "-")));
        let line = words.with("reviewer-declared-line", args![day => day, kind => kind, state => state]);
        view! { <li><p>{line}</p><p class="typed">{one.reason.clone()}</p></li> }
    });
    view! { <ul>{lines.collect_view()}</ul> }.into_any()
}
