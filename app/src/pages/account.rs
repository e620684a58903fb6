//! A person's own account: name and language, password, address, and the browsers that are signed in.

use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use services::{
    Error,
    store::session::{self, SessionRow},
};
use text::{Locale, Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Table,
        form::{FormState, button_form, choice, email_field, error_summary, password, post_form, submit, text_field},
        layout::heading,
    },
};

#[derive(Deserialize)]
pub struct Name {
    #[serde(default)]
    name: String,
    #[serde(default)]
    locale: String,
}

#[derive(Deserialize)]
pub struct Password {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

#[derive(Deserialize)]
pub struct Address {
    #[serde(default)]
    email: String,
}

#[derive(Deserialize)]
pub struct Revoke {
    /// Empty for every session but this one.
    #[serde(default)]
    id: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let form = stored(&visit).await?;
    Ok(visit.page(visit.words.t("account-title"), move |words| page(words, &form)).await)
}

pub async fn post_name(visit: Visit, Form(typed): Form<Name>) -> PageResult {
    let locale = Locale::from_code(&typed.locale).unwrap_or(visit.words.locale());
    match visit.desk.change_name(&typed.name, locale).await {
        Ok(()) => visit.redirect_saying("/account", "account-saved").await,
        Err(Error::Invalid(invalid)) => {
            let form = stored(&visit).await?.set("name", typed.name).set("locale", typed.locale).with(invalid);
            Ok(refused(&visit, form).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_password(visit: Visit, Form(typed): Form<Password>) -> PageResult {
    match visit.desk.change_password(typed.old, typed.new).await {
        Ok(()) => {
            revoke(&visit, None).await?;
            visit.redirect_saying("/account", "account-password-changed").await
        }
        Err(Error::Invalid(invalid)) => Ok(refused(&visit, stored(&visit).await?.with(invalid)).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post_address(visit: Visit, Form(typed): Form<Address>) -> PageResult {
    match visit.desk.ask_to_change_address(&typed.email).await {
        Ok(()) => visit.redirect_saying("/account", "account-address-asked").await,
        Err(Error::Invalid(invalid)) => {
            let form = stored(&visit).await?.set("email", typed.email).with(invalid);
            Ok(refused(&visit, form).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn sessions(visit: Visit) -> PageResult {
    let Some(person) = visit.actor().person else { return Err(crate::AppError::NOT_FOUND) };
    let rows = visit.state.sessions.of(person).await?;
    let current = visit.session.id().map(|id| session::stored(&id));
    Ok(visit.page(visit.words.t("sessions-title"), move |words| session_list(words, &rows, current.as_deref())).await)
}

pub async fn post_sessions(visit: Visit, Form(typed): Form<Revoke>) -> PageResult {
    revoke(&visit, Some(typed.id.as_str()).filter(|id| !id.is_empty())).await?;
    visit.redirect_saying("/account/sessions", "sessions-revoked").await
}

/// Ends one of the person's sessions, or all but this one.
async fn revoke(visit: &Visit, only: Option<&str>) -> Result<(), Error> {
    let Some(person) = visit.actor().person else { return Err(Error::NotFound) };
    let current = visit.session.id().map(|id| session::stored(&id));
    visit.state.sessions.revoke(person, only, current.as_deref().filter(|_| only.is_none())).await?;
    Ok(())
}

async fn stored(visit: &Visit) -> Result<FormState, Error> {
    let me = visit.desk.account().await?;
    Ok(FormState::new([("name", me.name), ("locale", me.locale), ("address", me.email)]))
}

async fn refused(visit: &Visit, form: FormState) -> Response {
    visit.refused(visit.words.t("account-title"), move |words| page(words, &form)).await
}

fn page(words: Words, form: &FormState) -> impl IntoView + use<> {
    let locales = Locale::ALL.map(|locale| (locale.code(), words.t(&format!("language-{locale}"))));
    view! {
        {error_summary(words, form)}
        <h1>{words.t("account-title")}</h1>
        <section>
            <h2>{words.t("account-about")}</h2>
            <form method="post" action="/account" novalidate>
                {text_field(words, form, "name", "sign-up-name")}
                {choice(words, form, "locale", "account-language", &locales)}
                {submit(words, "account-save")}
            </form>
        </section>
        <section>
            <h2>{words.t("account-address")}</h2>
            <p>{words.with("account-address-now", text::args![address => form.value("address")])}</p>
            <form method="post" action="/account/address" novalidate>
                {email_field(words, form, "email", "account-new-address")}
                {submit(words, "account-address-submit")}
            </form>
        </section>
        <section>
            <h2>{words.t("sign-in-password")}</h2>
            <form method="post" action="/account/password" novalidate>
                {password(words, form, "old", "account-old-password")}
                {password(words, form, "new", "sign-up-password")}
                {submit(words, "account-password-submit")}
            </form>
        </section>
        <p><a href="/account/sessions">{words.t("sessions-title")}</a></p>
    }
}

fn session_list(words: Words, rows: &[SessionRow], current: Option<&str>) -> impl IntoView + use<> {
    let rows = rows.iter().map(|row| {
        let action = if current == Some(row.id.as_str()) {
            words.t("sessions-this").into_any()
        } else {
            button_form(words, "/account/sessions", "sessions-revoke", &[("id", &row.id)])
        };
        cells![browser(words, row.agent.as_deref()), words.instant_figure(row.seen_at), action]
    });
    let table = Table::new("sessions-caption")
        .column("sessions-browser")
        .column("sessions-seen")
        .column("sessions-action")
        .rows(rows)
        .show(words);
    view! {
        {heading(words.t("sessions-title"), None, None)}
        {table}
        {post_form("/account/sessions", submit(words, "sessions-revoke-others"))}
    }
}

/// The browser and the system as people call them; all that was sent stands behind it.
fn browser(words: Words, agent: Option<&str>) -> AnyView {
    let agent = agent.unwrap_or_default();
    let name = match woothee::parser::Parser::new().parse(agent) {
        Some(known) => words.with("sessions-browser-name", args![browser => known.name, system => known.os]),
        None => words.t("sessions-browser-unknown"),
    };
    view! { <span title=agent.to_owned()>{name}</span> }.into_any()
}
