//! Language and light or dark, chosen by anybody: cookies, because they hold before anybody signs in.

use axum::response::Response;
use http::{HeaderValue, header};
use serde::Deserialize;
use text::Locale;

use crate::{Form, PageResult, Visit};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    locale: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let mut response = visit.redirect(super::sign_in::local(&typed.back, "/"));
    if let Some(locale) = Locale::from_code(&typed.locale) {
        remember(&mut response, "locale", locale.code());
    }
    if let theme @ ("light" | "dark" | "auto") = typed.theme.as_str() {
        remember(&mut response, "theme", theme);
    }
    Ok(response)
}

fn remember(response: &mut Response, name: &str, value: &str) {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
