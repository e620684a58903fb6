//! The link of an invitation. Looking changes nothing; the button takes the seat, and only for the invited address.

use axum::extract::Path;
use domain::{actor::Stand, problem::Invalid};
use leptos::prelude::*;
use services::{Error, Invited};
use text::{Words, args};

use super::confirm::expired;
use crate::{
    PageResult, Visit,
    components::form::{FormState, error_summary, post_form, submit},
    visit::key,
};

pub async fn get(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.read_invitation(&secret).await {
        Ok(invited) => {
            let title = title(visit.words, &invited);
            let mine = mine(&visit);
            Ok(visit.page(title, move |words| page(words, &invited, &secret, mine, Invalid::default())).await)
        }
        Err(Error::NotFound) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post(visit: Visit, Path(secret): Path<String>) -> PageResult {
    match visit.desk.accept_invitation(&secret).await {
        Ok((organisation, seat)) => {
            let stand = Stand::Member { organisation, seat };
            visit.session.insert(key::STAND, stand).await.map_err(|error| Error::Broken(services::anyhow(error)))?;
            visit.redirect_saying("/home", "invitation-accepted").await
        }
        Err(Error::Invalid(invalid)) => {
            let invited = visit.desk.read_invitation(&secret).await?;
            let title = title(visit.words, &invited);
            let mine = mine(&visit);
            Ok(visit.refused(title, move |words| page(words, &invited, &secret, mine, invalid)).await)
        }
        Err(Error::NotFound) => Ok(expired(&visit).await),
        Err(error) => Err(error.into()),
    }
}

/// The reader's own address, if they are signed in.
fn mine(visit: &Visit) -> Option<String> {
    visit.standing.as_ref().map(|standing| standing.person.email.clone())
}

fn title(words: Words, invited: &Invited) -> String {
    words.with("invitation-title", args![organisation => invited.organisation.clone()])
}

fn page(
    words: Words,
    invited: &Invited,
    secret: &str,
    mine: Option<String>,
    problems: Invalid,
) -> impl IntoView + use<> {
    let seat = words.t(&format!("stand-{}", invited.seat.code()));
    let text = args![
        organisation => invited.organisation.clone(),
        seat => seat,
        until => words.instant(invited.expires_at),
    ];
    let email = invited.email.clone();
    let action = format!("/invitation/{secret}");
    let next = match mine {
        Some(mine) if mine == email => post_form(action, submit(words, "invitation-accept")),
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
    view! {
        {error_summary(words, &FormState::default().with(problems))}
        <h1>{title(words, invited)}</h1>
        <p>{words.with("invitation-text", text)}</p>
        {next}
    }
}
