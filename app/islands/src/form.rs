//! The application's form as it stands in the page, read by the names that `domain` knows.

use std::collections::BTreeMap;

use domain::application::{Draft, draft::FIELDS};
use leptos::{prelude::document, wasm_bindgen::JsCast};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// What is typed on this page, over what was saved of the others.
pub(crate) fn over(saved: &Draft) -> Draft {
    let mut draft = saved.clone();
    for (name, value) in typed() {
        draft.set(name, value.as_deref().unwrap_or_default());
    }
    draft
}

/// Every field of this page; `None` is a box that is not ticked.
pub(crate) fn typed() -> BTreeMap<&'static str, Option<String>> {
    FIELDS.iter().filter_map(|field| Some((field.name, value(field.name)?))).collect()
}

fn value(id: &str) -> Option<Option<String>> {
    let element = document().get_element_by_id(id)?;
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let is_box = input.type_() == "checkbox";
        return Some((!is_box || input.checked()).then(|| input.value()));
    }
    if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
        return Some(Some(select.value()));
    }
    element.dyn_ref::<HtmlTextAreaElement>().map(|area| Some(area.value()))
}
