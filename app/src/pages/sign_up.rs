//! Signing up: the answer is the same whether or not the address is registered; the mail tells its owner.

use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, SignUp};
use text::Words;

use crate::{
    Form, PageResult, Visit,
    components::form::{FormState, email_field, error_summary, password, submit, text_field},
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

pub async fn get(visit: Visit) -> PageResult {
    Ok(visit.page(visit.words.t("sign-up-title"), |words| page(words, &FormState::default())).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::new([("name", typed.name.clone()), ("email", typed.email.clone())]);
    let sign_up = SignUp {
        email: typed.email,
        name: typed.name,
        password: typed.password,
        locale: visit.words.locale(),
        network: visit.network.clone(),
    };
    match visit.desk.sign_up(sign_up).await {
        Ok(()) => Ok(visit.redirect("/sign-up/sent")),
        Err(Error::Invalid(invalid)) => Ok(refused(&visit, form.with(invalid)).await),
        Err(error) => Err(error.into()),
    }
}

/// What happens next: look into the mailbox.
pub async fn sent(visit: Visit) -> PageResult {
    let demo = visit.state.services.settings().demo;
    Ok(visit
        .page(visit.words.t("sign-up-sent-title"), move |words| {
            view! {
                <h1>{words.t("sign-up-sent-title")}</h1>
                <p>{words.t("sign-up-sent-text")}</p>
                {demo.then(|| view! { <p><a href="/demo/mails">{words.t("sign-up-sent-demo")}</a></p> })}
            }
        })
        .await)
}

async fn refused(visit: &Visit, form: FormState) -> Response {
    visit.refused(visit.words.t("sign-up-title"), move |words| page(words, &form)).await
}

fn page(words: Words, form: &FormState) -> impl IntoView + use<> {
    view! {
        {error_summary(words, form)}
        <h1>{words.t("sign-up-title")}</h1>
        <p>{words.t("sign-up-intro")}</p>
        <form method="post" action="/sign-up" novalidate>
            {text_field(words, form, "name", "sign-up-name")}
            {email_field(words, form, "email", "sign-in-email")}
            {password(words, form, "password", "sign-up-password")}
            <p>{words.t("sign-up-privacy")} " " <a href="/privacy">{words.t("sign-up-privacy-link")}</a></p>
            {submit(words, "sign-up-submit")}
        </form>
        <p><a href="/sign-in">{words.t("sign-up-have-account")}</a></p>
    }
}
