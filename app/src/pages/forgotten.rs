//! Asking for a link to choose a new password; the answer is the same for every address.

use leptos::prelude::*;
use serde::Deserialize;
use services::Error;
use text::Words;

use crate::{
    Form, PageResult, Visit,
    components::form::{FormState, email_field, error_summary, submit},
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    email: String,
}

pub async fn get(visit: Visit) -> PageResult {
    Ok(visit.page(visit.words.t("forgotten-title"), |words| page(words, &FormState::default())).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.forgotten(&typed.email, &visit.network, visit.words.locale()).await {
        Ok(()) => visit.redirect_saying("/sign-in", "forgotten-sent").await,
        Err(Error::Invalid(invalid)) => {
            let form = FormState::new([("email", typed.email)]).with(invalid);
            Ok(visit.refused(visit.words.t("forgotten-title"), move |words| page(words, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, form: &FormState) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        <h1>{words.t("forgotten-title")}</h1>
        <p>{words.t("forgotten-text")}</p>
        <form method="post" action="/forgotten" novalidate>
            {email_field(words, form, "email", "sign-in-email")}
            {submit(words, "forgotten-submit")}
        </form>
    }
}
