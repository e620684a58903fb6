//! Choosing a new password by the link of a mail.

use axum::extract::Path;
use leptos::prelude::*;
use serde::Deserialize;
use services::Error;
use text::Words;

use super::confirm::expired;
use crate::{
    Form, PageResult, Visit,
    components::form::{FormState, error_summary, password, submit},
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    password: String,
}

pub async fn get(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.resetting(&secret).await {
        Ok(()) => {
            let title = visit.words.t("reset-title");
            Ok(visit.page(title, move |words| page(words, &secret, &FormState::default())).await)
        }
        Err(Error::Invalid(_)) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post(visit: Visit, Path(secret): Path<String>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.reset_password(&secret, typed.password).await {
        Ok(()) => visit.redirect_saying("/sign-in", "reset-done").await,
        Err(Error::Invalid(invalid)) if invalid.of("password").next().is_some() => {
            let form = FormState::default().with(invalid);
            Ok(visit.refused(visit.words.t("reset-title"), move |words| page(words, &secret, &form)).await)
        }
        Err(Error::Invalid(_)) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, secret: &str, form: &FormState) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        <h1>{words.t("reset-title")}</h1>
        <form method="post" action=format!("/reset/{secret}") novalidate>
            {password(words, form, "password", "sign-up-password")}
            {submit(words, "reset-submit")}
        </form>
    }
}
