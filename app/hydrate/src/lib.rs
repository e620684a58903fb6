//! The browser's entry: brings the islands to life.

extern crate islands;

/// Called by the page's loader.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
