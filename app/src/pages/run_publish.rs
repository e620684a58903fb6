//! The second signature of a run, and putting the rules it went by in force.

use axum::extract::Path;
use domain::id::RunId;
use serde::{Deserialize, Serialize};
use services::Error;

use super::run::{Asked, page, title};
use crate::{Form, PageResult, Visit, components::form::FormState};

#[derive(Debug, Default, Deserialize)]
pub struct Signature {
    #[serde(default)]
    version: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

pub async fn post(visit: Visit, Path(id): Path<RunId>, Form(typed): Form<Signature>) -> PageResult {
    let signed = visit.desk.publish_run(id, typed.version.parse().unwrap_or_default()).await;
    answer(visit, id, FormState::default(), signed, "run-published").await
}

/// Puts the rules of this run in force.
pub async fn post_rules(visit: Visit, Path(id): Path<RunId>, Form(typed): Form<Reason>) -> PageResult {
    let changed = visit.desk.put_rules_in_force(id, &typed.reason).await;
    answer(visit, id, FormState::of(&typed), changed, "run-rules-changed").await
}

/// Back to the run with a word on what was done, or the run again with what is wrong.
async fn answer(visit: Visit, id: RunId, form: FormState, done: Result<(), Error>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(&format!("/runs/{id}"), said).await,
        Err(Error::Invalid(invalid)) => {
            let me = visit.desk.actor.person;
            let read = visit.desk.read_run(id).await?;
            let (form, asked) = (form.with(invalid), Asked::default());
            let title = title(visit.words, &read);
            Ok(visit.refused(title, move |words| page(words, &form, read, me, &asked, &[])).await)
        }
        Err(error) => Err(error.into()),
    }
}
