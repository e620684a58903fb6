//! The document around every page: head, content security policy with its nonce, and the shell.

use std::sync::Arc;

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderValue, header};
use leptos::{hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use crate::{components::shell, visit::Visit};

/// What surrounds a page's own view.
#[derive(Clone)]
pub(crate) struct Frame {
    pub title: String,
    pub flash: Option<String>,
    pub islands: bool,
    pub visit: Visit,
}

/// Renders the document; `take` gives the page's view, once.
pub(crate) async fn render(
    frame: Frame,
    take: impl Fn() -> Option<Box<dyn FnOnce() -> AnyView + Send>> + Clone + Send + Sync + 'static,
) -> Response {
    let frame = Arc::new(frame);
    let handler = leptos_axum::render_app_async_with_context(
        || {},
        move || {
            let body = take().map(|view| view());
            document(&frame, body)
        },
    );
    handler(Request::new(Body::empty())).await
}

fn document(frame: &Frame, body: Option<AnyView>) -> impl IntoView + use<> {
    let nonce = use_nonce();
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(policy) = HeaderValue::from_str(&policy(nonce.as_ref().map_or("", |nonce| nonce.as_inner())))
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
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/gigahours.css"/>
                {scripts}
            </head>
            <body>{shell::shell(&frame.visit, frame.flash.clone(), body)}</body>
        </html>
    }
}

/// Everything from here and nothing inline; a form may end at the payment page, because Chromium applies
/// `form-action` to the redirect after a POST.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' \
         data:; font-src 'self'; connect-src 'self'; form-action 'self' https://checkout.stripe.com \
         http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'"
    )
}
