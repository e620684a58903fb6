//! From what went wrong in a verb to an answer: the status here, the page in `entrance::enter`.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::Error;

pub type PageResult = Result<Response, AppError>;

/// A failed request.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Service(#[from] Error),
    /// The form or the address could not be read at all: not from our page.
    #[error("unreadable form or address: {0}")]
    Form(String),
}

impl AppError {
    pub const NOT_FOUND: Self = Self::Service(Error::NotFound);

    /// The answer to a handler that panicked.
    pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let error = services::anyhow(format!("panic: {}", said.unwrap_or("without words")));
        Self::Service(Error::Broken(error)).into_response()
    }
}

/// Left on a response for the page that explains it.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: StatusCode,
    /// What a person quotes to us; the log line has it too.
    pub incident: Option<String>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, incident) = match &self {
            Self::Form(_) => (StatusCode::BAD_REQUEST, None),
            Self::Service(Error::Invalid(_)) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            Self::Service(Error::Denied(_) | Error::NotFound) => (StatusCode::NOT_FOUND, None),
            Self::Service(Error::Stale) => (StatusCode::CONFLICT, None),
            Self::Service(Error::Busy) => (StatusCode::SERVICE_UNAVAILABLE, None),
            Self::Service(Error::Broken(error)) => {
                let incident = services::gateways::incident();
                tracing::error!(incident, error = format!("{error:#}"), "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, Some(incident))
            }
        };
        let mut response = status.into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(ErrorPage { status, incident });
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_500_with_an_incident_and_without_its_words() {
        let response = AppError::panicked(Box::new("secret 4711"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let page = response.extensions().get::<ErrorPage>().unwrap();
        assert!(page.incident.as_deref().is_some_and(|incident| incident.len() == 8));
    }
}
