//! The way into every page: makes the visit, keeps out whom a route is not for, and frames what went wrong.

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::actor::Group;
use http::{Method, StatusCode, header};

use crate::{
    AppState,
    error::{AppError, ErrorPage},
    pages::problem,
    visit::Visit,
};

/// No text of PostgreSQL holds it, so nothing is looked for by it.
const NUL: &str = "%00";

/// Around every page: makes the visit, keeps out whom the route is not for, and frames what went wrong.
pub(crate) async fn enter(
    State((state, audience)): State<(AppState, &'static [Group])>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::from_request(state, &parts).await {
        Ok(visit) => visit,
        Err(error) => return error.into_response(),
    };
    parts.extensions.insert(visit.clone());
    let wants_page = parts.method == Method::GET;
    let response = if visit.path.contains(NUL) {
        AppError::Form("a NUL in the address".to_owned()).into_response()
    } else if audience.contains(&visit.actor().group()) {
        next.run(Request::from_parts(parts, body)).await
    } else if visit.actor().group() == Group::Visitor && wants_page {
        let next: String = url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
        return visit.redirect(&format!("/sign-in?next={next}"));
    } else {
        AppError::NOT_FOUND.into_response()
    };
    // An id in the address that is none: extractors of paths say so in plain English, to programmers.
    let is_bare = response.status() == StatusCode::BAD_REQUEST && response.extensions().get::<ErrorPage>().is_none();
    let response = if is_bare { AppError::NOT_FOUND.into_response() } else { response };
    explain(&visit, response).await
}

/// For paths that no route has.
pub(crate) async fn unknown(State(state): State<AppState>, request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    match Visit::from_request(state, &parts).await {
        Ok(visit) => explain(&visit, AppError::NOT_FOUND.into_response()).await,
        Err(error) => error.into_response(),
    }
}

async fn explain(visit: &Visit, response: Response) -> Response {
    let Some(page) = response.extensions().get::<ErrorPage>().cloned() else { return response };
    let title = problem::title(visit.words, page.status);
    let status = page.status;
    let mut framed = visit.render(status, false, title, move |words| problem::view(words, &page)).await;
    for (name, value) in response.headers() {
        if name == header::RETRY_AFTER {
            framed.headers_mut().insert(name, value.clone());
        }
    }
    framed
}
