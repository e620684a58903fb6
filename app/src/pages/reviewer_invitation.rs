//! The link of an invitation to review. Looking changes nothing; one button says yes, another no and why.

use axum::extract::Path;
use domain::actor::Stand;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, InvitedReviewer};
use text::{Words, args};

use super::confirm::expired;
use crate::{
    Form, PageResult, Visit,
    components::{
        Field,
        form::{FormState, error_summary, post_form, submit},
        layout::{Confirm, confirm},
    },
    visit::key,
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

pub async fn get(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.read_reviewer_invitation(&secret).await {
        Ok(invited) => {
            let mine = mine(&visit);
            let form = FormState::default();
            let title = visit.words.t("reviewer-invitation-title");
            Ok(visit.page(title, move |words| page(words, &invited, &secret, mine, &form)).await)
        }
        Err(Error::NotFound) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.accept_reviewing(&secret).await {
        Ok(()) => {
            visit
                .session
                .insert(key::STAND, Stand::Reviewer)
                .await
                .map_err(|error| Error::Broken(services::anyhow(error)))?;
            visit.redirect_saying("/reviewer", "reviewer-invitation-accepted").await
        }
        Err(error) => refused(&visit, secret, FormState::default(), error).await,
    }
}

pub async fn post_decline(visit: Visit, Path(secret): Path<String>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.decline_reviewing(&secret, &typed.reason).await {
        Ok(()) => visit.redirect_saying("/", "reviewer-invitation-declined").await,
        Err(error) => refused(&visit, secret, FormState::of(&typed), error).await,
    }
}

async fn refused(visit: &Visit, secret: String, form: FormState, error: Error) -> PageResult {
    match error {
        Error::Invalid(invalid) => {
            let invited = visit.desk.read_reviewer_invitation(&secret).await?;
            let mine = mine(visit);
            let form = form.with(invalid);
            let title = visit.words.t("reviewer-invitation-title");
            Ok(visit.refused(title, move |words| page(words, &invited, &secret, mine, &form)).await)
        }
        Error::NotFound => Ok(expired(visit).await),
        error => Err(error.into()),
    }
}

/// The reader's own address, if they are signed in.
fn mine(visit: &Visit) -> Option<String> {
    visit.standing.as_ref().map(|standing| standing.person.email.clone())
}

fn page(
    words: Words,
    invited: &InvitedReviewer,
    secret: &str,
    mine: Option<String>,
    form: &FormState,
) -> impl IntoView + use<> {
    let email = invited.email.clone();
    let action = format!("/reviewer-invitation/{secret}");
    let decline = Confirm {
        action: format!("{action}/decline"),
        open: "reviewer-invitation-decline",
        consequence: "reviewer-invitation-decline-help".to_owned(),
        button: "reviewer-invitation-decline-submit",
        values: Vec::new(),
    };
    let next = match mine {
        Some(mine) if mine == email => post_form(action, submit(words, "reviewer-invitation-accept")),
        Some(mine) => view! { <p>{words.with("invitation-other", args![email => email, mine => mine])}</p> }.into_any(),
        None => {
            let sign_in = format!("/sign-in?next={action}");
            view! {
                <p><a href=sign_in>{words.with("invitation-sign-in", args![email => email])}</a></p>
                <p><a href="/sign-up">{words.t("invitation-sign-up")}</a></p>
            }
            .into_any()
        }
    };
    let until = words.instant(invited.expires_at);
    view! {
        {error_summary(words, form)}
        <h1>{words.t("reviewer-invitation-title")}</h1>
        <p>{words.t("reviewer-invitation-text")}</p>
        <p>{words.with("reviewer-invitation-until", args![until => until])}</p>
        {next}
        {confirm(words, decline, Some((Field::area("reason", "reviewer-invitation-reason"), form)))}
    }
}
