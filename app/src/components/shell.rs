//! What is around every page: skip link, header with the brand and where one stands, navigation, footer.

use domain::actor::Stand;
use leptos::prelude::*;
use text::{Locale, Words, args};

use super::{form::hidden, navigation};
use crate::visit::Visit;

pub fn shell(visit: &Visit, flash: Option<String>, body: Option<AnyView>) -> impl IntoView + use<> {
    let words = visit.words;
    let demo = visit.state.services.settings().demo;
    view! {
        <a class="skip" href="#main">{words.t("skip-to-content")}</a>
        {demo.then(|| view! { <aside class="demo-bar" aria-label=words.t("demo-bar-name")>{words.t("demo-bar")} " " <a href="/demo/mails">{words.t("demo-mails")}</a> " · " <a href="/demo/clock">{words.t("demo-clock")}</a></aside> })}
        <header class="top">
            <div class="top-row">
                <a class="brand" href="/">{brand()}<span>"Gigahours"</span></a>
                {account(visit)}
            </div>
            {main_navigation(visit)}
        </header>
        <main id="main" tabindex="-1">
            {flash.map(|flash| view! { <p class="flash" role="status">{flash}</p> })}
            {body}
        </main>
        {footer(visit)}
    }
}

/// Two hours of a dial and a chip's edge: the mark.
fn brand() -> AnyView {
    let svg = "<svg viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" aria-hidden=\"true\" class=\"mark\">\
               <rect x=\"2\" y=\"2\" width=\"20\" height=\"20\" rx=\"4\"/><path d=\"M12 6v6h5\"/></svg>";
    view! { <span class="mark-box" inner_html=svg></span> }.into_any()
}

fn main_navigation(visit: &Visit) -> AnyView {
    let words = visit.words;
    let group = visit.actor().group();
    let (main, below) = navigation::shown(group, &visit.path);
    let is_split = !below.is_empty();
    let link = move |entry: navigation::Entry, here: &'static str| {
        let here = entry.is_here.then_some(here);
        view! { <li><a href=entry.href aria-current=here>{words.t(entry.name)}</a></li> }
    };
    let main: Vec<_> = main.into_iter().map(|entry| link(entry, if is_split { "true" } else { "page" })).collect();
    let below: Vec<_> = below.into_iter().map(|entry| link(entry, "page")).collect();
    let below = is_split.then(|| view! { <ul class="below">{below}</ul> });
    view! { <nav class="main-nav" aria-label=words.t("nav-label")><ul>{main}</ul>{below}</nav> }.into_any()
}

fn account(visit: &Visit) -> AnyView {
    let words = visit.words;
    let Some(standing) = visit.standing.clone() else {
        return view! {
            <nav class="account" aria-label=words.t("nav-account")>
                <a href="/sign-in">{words.t("nav-sign-in")}</a>
                <a class="button small" href="/sign-up">{words.t("nav-sign-up")}</a>
            </nav>
        }
        .into_any();
    };
    let here = visit.actor().stand;
    let named: Vec<(Stand, String)> = standing
        .stands
        .iter()
        .zip(&standing.places)
        .map(|(stand, place)| (*stand, stand_at(words, stand, place)))
        .collect();
    let others: Vec<AnyView> = named
        .iter()
        .enumerate()
        .filter(|(_, (stand, _))| *stand != here)
        .map(|(number, (_, name))| switch(number, name.clone()))
        .collect();
    let stand = named.iter().find(|(stand, _)| *stand == here).map(|(_, name)| name.clone());
    let stand = stand.unwrap_or_else(|| stand_name(words, &here));
    let name = standing.person.name.clone();
    view! {
        <details class="account menu">
            <summary>
                <span class="who">{name}</span>
                <span class="stand">{stand}</span>
            </summary>
            <div class="menu-sheet">
                {(!others.is_empty()).then(|| view! { <p class="menu-title">{words.t("stand-switch")}</p> })}
                {others}
                <a href="/account">{words.t("nav-account")}</a>
                <form method="post" action="/sign-out"><button type="submit">{words.t("nav-sign-out")}</button></form>
            </div>
        </details>
    }
    .into_any()
}

/// A stand is sent by its place among the person's own.
fn switch(number: usize, name: String) -> AnyView {
    view! {
        <form method="post" action="/stand">
            {hidden("stand", number.to_string())}
            <button type="submit">{name}</button>
        </form>
    }
    .into_any()
}

/// The stand with its organisation or site, so that two seats can be told apart.
fn stand_at(words: Words, stand: &Stand, place: &str) -> String {
    let name = stand_name(words, stand);
    if place.is_empty() { name } else { format!("{name}, {place}") }
}

pub fn stand_name(words: Words, stand: &Stand) -> String {
    match stand {
        Stand::Member { seat, .. } => words.t(&format!("stand-{}", seat.code())),
        Stand::Reviewer => words.t("stand-reviewer"),
        Stand::Officer => words.t("stand-officer"),
        Stand::Operator { .. } => words.t("stand-operator"),
        Stand::Finance => words.t("stand-finance"),
        Stand::Administrator => words.t("stand-administrator"),
        Stand::Visitor | Stand::SignedIn | Stand::Meter { .. } | Stand::System => words.t("stand-signed-in"),
    }
}

fn footer(visit: &Visit) -> AnyView {
    let words = visit.words;
    let links = [
        ("/modes", "nav-modes"),
        ("/calls", "nav-calls"),
        ("/capacity", "nav-capacity"),
        ("/awards", "nav-awards"),
        ("/statistics", "nav-statistics"),
        ("/status", "nav-status"),
        ("/accessibility", "nav-accessibility"),
        ("/privacy", "nav-privacy"),
        ("/imprint", "nav-imprint"),
    ];
    let links = links.map(|(href, name)| view! { <li><a href=href>{words.t(name)}</a></li> }).collect_view();
    view! {
        <footer class="bottom">
            <div class="bottom-row">
                <nav aria-label=words.t("nav-footer")><ul>{links}</ul></nav>
                {preferences(visit)}
            </div>
            <p class="hint">{words.t("footer-line")}</p>
        </footer>
    }
    .into_any()
}

fn preferences(visit: &Visit) -> AnyView {
    let words = visit.words;
    let languages = Locale::ALL.map(|locale| {
        let is_here = locale == words.locale();
        view! {
            <button type="submit" name="locale" value=locale.code() lang=locale.code() aria-pressed=is_here.to_string()>
                {locale.own_name()}
            </button>
        }
    });
    let themes = [("", "theme-system"), ("light", "theme-light"), ("dark", "theme-dark")].map(|(code, name)| {
        let is_here = code == visit.theme;
        let value = if code.is_empty() { "auto" } else { code };
        view! { <button type="submit" name="theme" value=value aria-pressed=is_here.to_string()>{words.t(name)}</button> }
    });
    view! {
        <form class="preferences" method="post" action="/preferences">
            {hidden("back", visit.path.clone())}
            <span role="group" aria-label=words.t("preferences-language")>{languages.collect_view()}</span>
            <span role="group" aria-label=words.t("preferences-theme")>{themes.collect_view()}</span>
        </form>
    }
    .into_any()
}

/// Which page of how many, for titles of long courses.
pub fn step_of(words: Words, step: i64, of: i64) -> String {
    words.with("step-of", args![step => step, of => of])
}
