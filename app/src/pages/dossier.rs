//! The justification file of an application as a download, and the public key that its signature is checked with.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::id::ApplicationId;
use http::{HeaderValue, header};
use leptos::prelude::*;
use services::dossier::Names;
use text::Words;

use crate::{AppError, PageResult, Visit, components::layout::details};

/// `variant` is `full` or `initials`.
pub async fn get(visit: Visit, Path((id, variant)): Path<(ApplicationId, String)>) -> PageResult {
    let names = Names::from_code(&variant).ok_or(AppError::NOT_FOUND)?;
    let (name, bytes) = visit.desk.read_dossier(id, names, visit.words.locale()).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

pub async fn key(visit: Visit) -> Response {
    format!("{}\n", visit.desk.signing_key()).into_response()
}

/// Where an officer gets it from.
pub fn dossier_links(words: Words, id: ApplicationId) -> AnyView {
    let links = ["full", "initials"].map(|variant| {
        let href = format!("/dossier/{id}/{variant}");
        let label = words.t(&format!("dossier-link-{variant}"));
        view! { <li><a href=href download="">{label}</a></li> }
    });
    let body = view! { <p class="hint">{words.t("dossier-link-help")}</p> <ul>{links.collect_view()}</ul> };
    details(words.t("dossier-link"), body)
}
