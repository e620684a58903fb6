//! A page that others change: a run at work, a panel that sits. The server says how far it is, and when there is
//! something new to show.

use std::time::Duration;

use leptos::{
    prelude::{document, set_timeout, window},
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{EventSource, MessageEvent, Response};

use crate::form;

/// The element that says it: `data-events` is where to listen.
const LIVE: &str = "run-live";

/// After how long what could not be fetched is asked for again.
const AGAIN: Duration = Duration::from_secs(5);

pub(crate) fn attach() {
    let Some(element) = form::element(LIVE) else { return };
    let address = form::data(&element, "data-events");
    if address.is_empty() {
        return;
    }
    let Ok(source) = EventSource::new(&address) else { return };
    let told = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(far) = event.data().as_string() {
            form::say(LIVE, &far);
        }
    });
    source.set_onmessage(Some(told.as_ref().unchecked_ref()));
    let done = Closure::<dyn Fn()>::new({
        let source = source.clone();
        move || {
            source.close();
            show();
        }
    });
    let _ = source.add_event_listener_with_callback("done", done.as_ref().unchecked_ref());
    // They live as long as the page.
    told.forget();
    done.forget();
}

/// The page as it is now, without loading it again: that would take back a link followed or a form sent in the same
/// moment.
fn show() {
    spawn_local(async {
        match fetch().await {
            Ok(true) => attach(),
            // Somebody else's page by now: whoever signed out, or lost the right to read.
            Ok(false) => _ = window().location().reload(),
            Err(_) => set_timeout(show, AGAIN),
        }
    });
}

/// Whether the page is still the reader's, and what is new is on it.
async fn fetch() -> Result<bool, JsValue> {
    let answer = JsFuture::from(window().fetch_with_str(&window().location().href()?)).await?;
    let answer = answer.dyn_into::<Response>()?;
    if answer.redirected() || !answer.ok() {
        return Ok(false);
    }
    let page = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    let holder = document().create_element("div")?;
    holder.set_inner_html(&page);
    let (Some(new), Some(old)) = (holder.query_selector("main")?, document().query_selector("main")?) else {
        return Ok(false);
    };
    old.set_inner_html(&new.inner_html());
    Ok(true)
}
