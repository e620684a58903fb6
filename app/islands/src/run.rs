//! A run at work: the server says how far it is, and when the plan is there.

use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{EventSource, MessageEvent};

use crate::form;

/// The element that says it: `data-events` is where to listen.
const LIVE: &str = "run-live";

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
            let _ = window().location().reload();
        }
    });
    let _ = source.add_event_listener_with_callback("done", done.as_ref().unchecked_ref());
    // They live as long as the page.
    told.forget();
    done.forget();
}
