//! One request to a page: who comes, in which language, and where they stand.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Redirect, Response},
};
use domain::actor::{Actor, Stand};
use http::{HeaderMap, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use services::{Desk, Standing};
use text::{Locale, Words};
use tower_sessions::Session;

use crate::{
    AppState,
    error::{AppError, PageResult},
};

/// Keys of the session's values.
pub mod key {
    pub use services::store::session::PERSON;
    pub const STAND: &str = "stand";
    pub const FLASH: &str = "flash";
    pub const AGENT: &str = "agent";
    /// When the session was last written, in minutes since 1970.
    pub const SEEN: &str = "seen";
}

/// Everything a handler knows about its request. Cheap to clone.
#[derive(Clone)]
pub struct Visit {
    pub desk: Desk,
    pub words: Words,
    pub standing: Option<Arc<Standing>>,
    /// Path and query, as asked for.
    pub path: String,
    /// `light`, `dark`, or empty for what the browser prefers.
    pub theme: &'static str,
    /// The network the request came from, to count tries by: an address, or the 64 bits that one household has.
    pub network: String,
    pub session: Session,
    pub state: AppState,
}

/// What a page says once, on the next page shown: the key of its words.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct Flash(pub String);

impl Visit {
    pub(crate) async fn from_request(state: AppState, parts: &Parts) -> Result<Self, AppError> {
        let session = parts.extensions.get::<Session>().cloned().ok_or_else(|| broken("no session layer"))?;
        let visitor = state.services.desk(Actor::VISITOR);
        let person = session.get::<String>(key::PERSON).await.map_err(broken)?.and_then(|id| id.parse().ok());
        let standing = match person {
            Some(person) => match visitor.standing(person).await {
                Ok(standing) => Some(Arc::new(standing)),
                // A person who is gone is a visitor again.
                Err(services::Error::NotFound) => None,
                Err(error) => return Err(error.into()),
            },
            None => None,
        };
        let chosen = session.get::<Stand>(key::STAND).await.unwrap_or_default();
        let actor = standing.as_ref().map_or(Actor::VISITOR, |standing| standing.actor(chosen));
        if standing.is_some() {
            keep_alive(&session, visitor.now.timestamp() / 60).await?;
        }
        let words = Words::new(locale(&parts.headers, standing.as_deref()));
        let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let theme = match cookie(&parts.headers, "theme") {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "",
        };
        Ok(Self {
            desk: state.services.desk(actor),
            words,
            standing,
            path,
            theme,
            network: network(parts),
            session,
            state,
        })
    }

    pub fn actor(&self) -> &Actor {
        &self.desk.actor
    }

    /// 303: the way on after a POST that succeeded.
    pub fn redirect(&self, to: &str) -> Response {
        Redirect::to(to).into_response()
    }

    /// 303, and the next page says so once. `words` is the key of a sentence.
    pub async fn redirect_saying(&self, to: &str, words: &str) -> PageResult {
        self.session.insert(key::FLASH, Flash(words.to_owned())).await.map_err(broken)?;
        Ok(self.redirect(to))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| broken("no visit: the route is not in the table"))
    }
}

/// What the address asks for after its path.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(AppError::Form(rejection.to_string())),
        }
    }
}

/// A URL-encoded form of flat fields.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let body = body.map_err(|rejection| AppError::Form(rejection.to_string()))?;
        // No text of PostgreSQL holds a NUL, and no form of ours sends one.
        if body.windows(3).any(|bytes| bytes == b"%00") || body.contains(&0) {
            return Err(AppError::Form("a NUL in the form".to_owned()));
        }
        let request = Request::from_parts(parts, body.into());
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(AppError::Form(rejection.to_string())),
        }
    }
}

/// A session ends some hours after it was last written, so it is written now and then while it is used.
async fn keep_alive(session: &Session, minute: i64) -> Result<(), AppError> {
    let seen = session.get::<i64>(key::SEEN).await.map_err(broken)?.unwrap_or_default();
    if minute - seen >= 10 {
        session.insert(key::SEEN, minute).await.map_err(broken)?;
    }
    Ok(())
}

/// What was chosen in this browser, else what the person chose for themselves, else what the browser asks for.
fn locale(headers: &HeaderMap, standing: Option<&Standing>) -> Locale {
    let chosen = cookie(headers, "locale").and_then(Locale::from_code);
    let own = || standing.and_then(|standing| Locale::from_code(&standing.person.locale));
    chosen.or_else(own).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Locale::negotiate(accepted.unwrap_or_default())
    })
}

fn network(parts: &Parts) -> String {
    match parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Service(services::Error::Broken(services::anyhow(error)))
}
