//! The application's form as it stands in the page, read by the names that `domain` knows; and what is said beside it.

use domain::application::{Draft, draft::FIELDS};
use leptos::{prelude::document, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

pub(crate) fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// A sentence or figure that the server put into this element's attribute.
pub(crate) fn data(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Replaces what an element says.
pub(crate) fn say(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

/// Shows or hides an element.
pub(crate) fn show(id: &str, is_shown: bool) {
    if let Some(element) = element(id) {
        let _ = element.toggle_attribute_with_force("hidden", !is_shown);
    }
}

/// What is typed on this page.
pub(crate) fn draft() -> Draft {
    let mut draft = Draft::default();
    each(|name, value| draft.set(name, &value));
    draft
}

/// Every field of this page with its value; a box that is not ticked is left out.
pub(crate) fn each(mut take: impl FnMut(&'static str, String)) {
    for field in FIELDS {
        if let Some(value) = value(field.name) {
            take(field.name, value);
        }
    }
}

fn value(id: &str) -> Option<String> {
    let element = element(id)?;
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let is_box = input.type_() == "checkbox";
        return (!is_box || input.checked()).then(|| input.value());
    }
    if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
        return Some(select.value());
    }
    element.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value)
}
