//! The link of a confirmation mail. Looking changes nothing, because mail scanners look; the button confirms.

use axum::extract::Path;
use leptos::prelude::*;
use services::Error;

use crate::{PageResult, Visit, components::form::submit};

pub async fn get(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.confirmation(&secret).await {
        Ok(()) => Ok(visit
            .page(visit.words.t("confirm-title"), move |words| {
                view! {
                    <h1>{words.t("confirm-title")}</h1>
                    <p>{words.t("confirm-text")}</p>
                    <form method="post" action=format!("/confirm/{secret}")>{submit(words, "confirm-submit")}</form>
                }
            })
            .await),
        Err(Error::Invalid(_)) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.confirm(&secret).await {
        Ok(_) if visit.standing.is_some() => visit.redirect_saying("/account", "confirm-done").await,
        Ok(_) => visit.redirect_saying("/sign-in", "confirm-done").await,
        Err(Error::Invalid(_)) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

/// For every link that has run out or was used.
pub async fn expired(visit: &Visit) -> axum::response::Response {
    visit
        .refused(visit.words.t("link-expired-title"), |words| {
            view! {
                <h1>{words.t("link-expired-title")}</h1>
                <p>{words.t("link-expired-text")}</p>
                <p><a href="/sign-in">{words.t("sign-in-title")}</a></p>
            }
        })
        .await
}
