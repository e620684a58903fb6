//! Saves the page's form a moment after the last keystroke, to the form's own address. The button still does it all.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, wasm_bindgen::JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use crate::form;

/// The element that says how the saving went: `data-action`, `data-saved`, `data-failed`.
const STATUS: &str = "autosave";

pub(crate) fn attach() {
    let Some(status) = form::element(STATUS) else { return };
    let action = form::data(&status, "data-action");
    let waiting: Rc<Cell<Option<TimeoutHandle>>> = Rc::default();
    let _ = window_event_listener(ev::input, move |_| {
        if let Some(earlier) = waiting.take() {
            earlier.clear();
        }
        let (action, status) = (action.clone(), status.clone());
        let save = move || {
            spawn_local(async move {
                let is_kept = send(&action).await.is_ok_and(|is_kept| is_kept);
                let said = form::data(&status, if is_kept { "data-saved" } else { "data-failed" });
                status.set_text_content(Some(&said));
            });
        };
        waiting.set(set_timeout_with_handle(save, Duration::from_millis(1_200)).ok());
    });
}

async fn send(action: &str) -> Result<bool, JsValue> {
    let body = UrlSearchParams::new()?;
    body.append("then", "quietly");
    form::each(|name, value| body.append(name, &value));
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(&String::from(body.to_string())));
    let answer = JsFuture::from(window().fetch_with_str_and_init(action, &init)).await?;
    Ok(answer.dyn_into::<Response>()?.ok())
}
