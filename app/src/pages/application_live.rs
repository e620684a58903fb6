//! The live parts beside an application's form: words and data for the islands, rendered first on the server.

use chrono::NaiveDate;
use leptos::prelude::*;
use services::ApplicationRead;
use text::Words;

use super::applications;

/// The price panel, kept up to date while one types.
pub(super) fn quote(words: Words, read: &ApplicationRead) -> AnyView {
    applications::price(words, read.quote.as_ref(), true)
}

/// Saves what is typed without being asked.
pub(super) fn autosave(_words: Words) -> AnyView {
    ().into_any()
}

/// How much compute the training is, and what the AI Act makes of it.
pub(super) fn flops(_words: Words, _read: &ApplicationRead, _today: NaiveDate) -> Option<AnyView> {
    None
}
