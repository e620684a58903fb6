//! Choosing where one stands: an organisation's seat or a staff role, one at a time.

use domain::actor::Stand;
use serde::Deserialize;
use services::Error;

use crate::{AppError, Form, PageResult, Visit, visit::key};

#[derive(Deserialize)]
pub struct Typed {
    /// The place among the person's stands, from 0.
    #[serde(default)]
    stand: String,
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let stands = visit.standing.as_ref().map(|standing| standing.stands.clone()).unwrap_or_default();
    let chosen: Option<Stand> = typed.stand.parse::<usize>().ok().and_then(|place| stands.get(place).copied());
    let Some(chosen) = chosen else { return Err(AppError::NOT_FOUND) };
    visit.session.insert(key::STAND, chosen).await.map_err(|error| Error::Broken(services::anyhow(error)))?;
    Ok(visit.redirect("/home"))
}
