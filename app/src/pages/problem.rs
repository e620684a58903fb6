//! The page that says what went wrong and what to do.

use http::StatusCode;
use leptos::prelude::*;
use text::Words;

use crate::error::ErrorPage;

fn key(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "problem-page-not-found",
        StatusCode::CONFLICT => "problem-page-stale",
        StatusCode::SERVICE_UNAVAILABLE => "problem-page-busy",
        StatusCode::INTERNAL_SERVER_ERROR => "problem-page-broken",
        _ => "problem-page-refused",
    }
}

pub fn title(words: Words, status: StatusCode) -> String {
    words.t(key(status))
}

pub fn view(words: Words, page: &ErrorPage) -> impl IntoView + use<> {
    let key = key(page.status);
    let incident = page.incident.clone();
    view! {
        <h1>{words.t(key)}</h1>
        <p>{words.t(&format!("{key}-help"))}</p>
        {incident.map(|incident| view! { <p>{words.t("problem-page-incident")} " " <code>{incident}</code></p> })}
        <p><a href="/">{words.t("problem-page-home")}</a></p>
    }
}
