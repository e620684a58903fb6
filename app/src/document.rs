//! The document around every page: head, content security policy with its nonce, and the shell.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderValue, StatusCode, header};
use leptos::{hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use text::Words;

use crate::{
    components::shell,
    visit::{Flash, Visit, key},
};

/// What surrounds a page's own view.
#[derive(Clone)]
struct Frame {
    title: String,
    flash: Option<String>,
    islands: bool,
    visit: Visit,
}

impl Visit {
    /// The page, 200.
    pub async fn page<V: IntoAny>(&self, title: String, view: impl FnOnce(Words) -> V + Send + 'static) -> Response {
        self.render(StatusCode::OK, false, title, view).await
    }

    /// The page with the browser's islands on it, 200.
    pub async fn live<V: IntoAny>(&self, title: String, view: impl FnOnce(Words) -> V + Send + 'static) -> Response {
        self.render(StatusCode::OK, true, title, view).await
    }

    /// The same page again because what was typed is wrong, 422.
    pub async fn refused<V: IntoAny>(&self, title: String, view: impl FnOnce(Words) -> V + Send + 'static) -> Response {
        self.render(StatusCode::UNPROCESSABLE_ENTITY, false, title, view).await
    }

    /// A page with this status; `islands` loads the browser's part.
    pub async fn render<V: IntoAny>(
        &self,
        status: StatusCode,
        islands: bool,
        title: String,
        view: impl FnOnce(Words) -> V + Send + 'static,
    ) -> Response {
        let flash = self.session.remove::<Flash>(key::FLASH).await.ok().flatten();
        let words = self.words;
        let frame = Frame { title, flash: flash.map(|flash| words.t(&flash.0)), islands, visit: self.clone() };
        let view: Box<dyn FnOnce() -> AnyView + Send> = Box::new(move || view(words).into_any());
        let view = Arc::new(Mutex::new(Some(view)));
        let take = move || view.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut response = render(frame, take).await;
        *response.status_mut() = status;
        response
    }
}

/// Renders the document; `take` gives the page's view, once.
async fn render(
    frame: Frame,
    take: impl Fn() -> Option<Box<dyn FnOnce() -> AnyView + Send>> + Clone + Send + Sync + 'static,
) -> Response {
    let islands = frame.islands;
    let frame = Arc::new(frame);
    let handler = leptos_axum::render_app_async_with_context(
        || {},
        move || {
            let body = take().map(|view| view());
            document(&frame, body)
        },
    );
    tidied(handler(Request::new(Body::empty())).await, islands).await
}

/// Leptos ends the document before its own scripts and leaves hydration marks everywhere. The scripts belong in the
/// body; a page without islands needs neither.
async fn tidied(response: Response, islands: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let html = String::from_utf8_lossy(&bytes);
    let end = html.rfind("</html>").unwrap_or(html.len());
    let (document, scripts) = html.split_at(end);
    let scripts = scripts.strip_prefix("</html>").unwrap_or(scripts);
    let page = if islands {
        let end = document.rfind("</body>").unwrap_or(document.len());
        let (before, after) = document.split_at(end);
        format!("{before}{scripts}{after}</html>")
    } else {
        // Text is escaped, so this can only be a mark.
        format!("{}</html>", document.replace("<!>", ""))
    };
    parts.headers.remove(header::TRANSFER_ENCODING);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(page))
}

/// For elements whose content is text to the parser, where a hydration mark would be shown.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn document(frame: &Frame, body: Option<AnyView>) -> impl IntoView + use<> {
    let nonce = use_nonce();
    let demo = frame.visit.state.services.settings().demo;
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(policy) = HeaderValue::from_str(&policy(nonce.as_ref().map_or("", |nonce| nonce.as_inner()), demo))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let words = frame.visit.words;
    let scripts =
        frame.islands.then(|| view! { <HydrationScripts options=frame.visit.state.leptos.clone() islands=true/> });
    let theme = (!frame.visit.theme.is_empty()).then_some(frame.visit.theme);
    let title = format!("{} – Gigahours", frame.title);
    view! {
        <!DOCTYPE html>
        <html lang=words.locale().code() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=escaped(&title)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=frame.visit.state.stylesheet.to_string()/>
                {scripts}
            </head>
            <body>{shell::shell(&frame.visit, frame.flash.clone(), body)}</body>
        </html>
    }
}

/// Everything from here and nothing inline; a form may end at the payment page, because Chromium applies
/// `form-action` to the redirect after a POST.
fn policy(nonce: &str, demo: bool) -> String {
    // The demo world's payment page is a stand-in on this machine.
    let demo = if demo { " http://127.0.0.1:*" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' \
         data:; font-src 'self'; connect-src 'self'; form-action 'self' https://checkout.stripe.com{demo}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}
