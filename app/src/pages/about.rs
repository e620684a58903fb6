//! Pages of text that a public service owes: accessibility, privacy, imprint.

use crate::{PageResult, Visit, components::prose::prose};
use leptos::prelude::*;

pub async fn accessibility(visit: Visit) -> PageResult {
    text(visit, "accessibility-title", "accessibility-text").await
}

pub async fn privacy(visit: Visit) -> PageResult {
    text(visit, "privacy-title", "privacy-text").await
}

pub async fn imprint(visit: Visit) -> PageResult {
    text(visit, "imprint-title", "imprint-text").await
}

async fn text(visit: Visit, title: &'static str, body: &'static str) -> PageResult {
    let name = visit.words.t(title);
    Ok(visit.page(name, move |words| view! { <h1>{words.t(title)}</h1> {prose(words, body)} }).await)
}
