//! The only components that reach the browser. Words come as props; data too.

mod autosave;
mod flops;
mod form;
mod quote;

pub use autosave::Autosave;
pub use flops::{FlopWords, Flops, scientific};
pub use quote::{PriceWords, Quote};
