//! The only components that reach the browser. They show nothing of their own: the server renders every figure and
//! sentence, and these keep them up to date. What it needs stands in `data-` attributes, so that no
//! decoder has to be sent along.

mod autosave;
mod flops;
mod form;
mod quote;
mod run;

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

/// Brings a run that is at work to life.
#[island]
pub fn LiveRun() -> impl IntoView {
    Effect::new(|_| run::attach());
}
