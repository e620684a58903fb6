//! Signing in: one answer whatever was wrong; the session gets a new id.

use axum::response::Response;
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Credentials, Error};
use text::Words;

use crate::{
    AppError, Form, PageResult, Query, Visit,
    components::form::{FormState, email_field, error_summary, password, submit},
    visit::key,
};

#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn get(visit: Visit, Query(query): Query<Next>) -> PageResult {
    let form = FormState::new([("next", query.next)]);
    let title = visit.words.t("sign-in-title");
    let demo = visit.state.services.settings().demo;
    Ok(visit.page(title, move |words| page(words, &form, demo)).await)
}

pub async fn post(visit: Visit, headers: HeaderMap, Form(typed): Form<SignIn>) -> PageResult {
    let credentials =
        Credentials { email: typed.email.clone(), password: typed.password, network: visit.network.clone() };
    match visit.desk.sign_in(credentials).await {
        Ok(person) => {
            let agent = headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok());
            enter(&visit, &person.to_string(), agent.unwrap_or_default()).await?;
            Ok(visit.redirect(local(&typed.next, "/home")))
        }
        Err(Error::Invalid(invalid)) => {
            let form = FormState::new([("email", typed.email), ("next", typed.next)]).with(invalid);
            Ok(refused(&visit, form).await)
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, form: FormState) -> Response {
    let demo = visit.state.services.settings().demo;
    visit.refused(visit.words.t("sign-in-title"), move |words| page(words, &form, demo)).await
}

/// Makes this browser the person's; the id rotates so that one planted before is worth nothing.
pub async fn enter(visit: &Visit, person: &str, agent: &str) -> Result<(), AppError> {
    let session = &visit.session;
    let broken = |error: tower_sessions::session::Error| Error::Broken(services::anyhow(error));
    session.cycle_id().await.map_err(broken)?;
    session.remove_value(key::STAND).await.map_err(broken)?;
    session.insert(key::PERSON, person).await.map_err(broken)?;
    session.insert(key::AGENT, agent.chars().take(200).collect::<String>()).await.map_err(broken)?;
    Ok(())
}

/// Only a path of ours: an address typed into the link must not take people elsewhere.
pub fn local<'a>(next: &'a str, otherwise: &'a str) -> &'a str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if is_path { next } else { otherwise }
}

fn page(words: Words, form: &FormState, demo: bool) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        <h1>{words.t("sign-in-title")}</h1>
        <form method="post" action="/sign-in" novalidate>
            <input type="hidden" name="next" value=form.value("next")/>
            {email_field(words, form, "email", "sign-in-email")}
            {password(words, form, "password", "sign-in-password")}
            {submit(words, "sign-in-submit")}
        </form>
        <p><a href="/forgotten">{words.t("forgotten-title")}</a> " · " <a href="/sign-up">{words.t("sign-up-title")}</a></p>
        {demo.then(|| view! { <p>{words.t("sign-in-demo")}</p> })}
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(local("/applications/1?x=2", "/home"), "/applications/1?x=2");
        for elsewhere in ["", "https://example.com", "//example.com", "/\\example.com", "home"] {
            assert_eq!(local(elsewhere, "/home"), "/home", "{elsewhere}");
        }
    }
}
