//! Saves the page's form a moment after the last keystroke, to the form's own address. The button still does it all.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, wasm_bindgen::JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use crate::form;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Idle,
    Saved,
    Failed,
}

/// `action` is the form's address; `saved` and `failed` what is said afterwards.
#[island]
pub fn Autosave(action: String, saved: String, failed: String) -> impl IntoView {
    let status = RwSignal::new(Status::Idle);
    Effect::new(move |_| {
        let action = action.clone();
        let waiting: Rc<Cell<Option<TimeoutHandle>>> = Rc::default();
        let listener = window_event_listener(ev::input, move |_| {
            if let Some(earlier) = waiting.take() {
                earlier.clear();
            }
            let action = action.clone();
            let send = move || {
                leptos::task::spawn_local(async move {
                    let is_kept = send(&action).await.is_ok_and(|is_kept| is_kept);
                    status.set(if is_kept { Status::Saved } else { Status::Failed });
                })
            };
            waiting.set(set_timeout_with_handle(send, Duration::from_millis(1_200)).ok());
        });
        on_cleanup(move || listener.remove());
    });
    let said = move || match status.get() {
        Status::Idle => String::new(),
        Status::Saved => saved.clone(),
        Status::Failed => failed.clone(),
    };
    view! { <p class="hint" role="status">{said}</p> }
}

async fn send(action: &str) -> Result<bool, JsValue> {
    let body = UrlSearchParams::new()?;
    body.append("then", "quietly");
    for (name, value) in form::typed() {
        if let Some(value) = value {
            body.append(name, &value);
        }
    }
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(&String::from(body.to_string())));
    let answer = JsFuture::from(window().fetch_with_str_and_init(action, &init)).await?;
    Ok(answer.dyn_into::<Response>()?.ok())
}
