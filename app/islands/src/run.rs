//! A run at work: the server says how far it is, and when the plan is there.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{
    ev,
    prelude::{set_timeout, window, window_event_listener},
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{EventSource, MessageEvent};

use crate::form;

/// The element that says it: `data-events` is where to listen.
const LIVE: &str = "run-live";

/// How long the way to another page may take before this one shows what is new after all: whoever began a download
/// stays here.
const LEAVING: Duration = Duration::from_secs(5);

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
    let is_leaving = Rc::new(Cell::new(false));
    let _ = window_event_listener(ev::beforeunload, {
        let is_leaving = is_leaving.clone();
        move |_| is_leaving.set(true)
    });
    let done = Closure::<dyn Fn()>::new({
        let source = source.clone();
        move || {
            source.close();
            load_again(is_leaving.clone());
        }
    });
    let _ = source.add_event_listener_with_callback("done", done.as_ref().unchecked_ref());
    // They live as long as the page.
    told.forget();
    done.forget();
}

/// Loading again would take back a link followed or a form sent in the same moment.
fn load_again(is_leaving: Rc<Cell<bool>>) {
    if is_leaving.take() {
        set_timeout(move || load_again(is_leaving), LEAVING);
    } else {
        let _ = window().location().reload();
    }
}
