//! The only component that reaches the browser. It shows nothing of its own: the server renders every figure and
//! sentence, and this keeps them up to date while one types. What it needs stands in `data-` attributes, so that no
//! decoder has to be sent along.

mod autosave;
mod flops;
mod form;
mod quote;

use leptos::prelude::*;
pub use quote::encode;

/// Brings an application's form to life: the price, the operations, and saving by itself. Parts that are not on the
/// page stay away.
#[island]
pub fn LiveForm() -> impl IntoView {
    Effect::new(|_| {
        autosave::attach();
        flops::attach();
        quote::attach();
    });
}
