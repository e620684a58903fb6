//! What needs the reader today, for where they stand.

use leptos::prelude::*;

use crate::{PageResult, Visit};

pub async fn get(visit: Visit) -> PageResult {
    let name = visit.standing.as_ref().map(|standing| standing.person.name.clone()).unwrap_or_default();
    let title = visit.words.t("home-title");
    Ok(visit
        .page(title, move |words| {
            view! {
                <h1>{words.t("home-title")}</h1>
                <p>{name}</p>
            }
        })
        .await)
}
