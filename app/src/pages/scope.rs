//! The name of a scope, and the choice among all of them: access modes, and calls by their titles.

use domain::{call::said, scope::Scope};
use services::ScopeName;
use text::Words;

use crate::components::field::Choice;

pub(super) fn name(words: Words, of: &ScopeName) -> String {
    match of.scope {
        Scope::Mode(mode) => words.t(&format!("mode-name-{mode}")),
        Scope::Call(_) => said(&of.title, words.locale().code()).to_owned(),
    }
}

/// Of this one among them.
pub(super) fn name_in(words: Words, all: &[ScopeName], scope: Scope) -> String {
    all.iter().find(|one| one.scope == scope).map(|one| name(words, one)).unwrap_or_default()
}

pub(super) fn choices(words: Words, all: &[ScopeName]) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(one.scope.to_string(), name(words, one))).collect()
}

/// Addresses with their names, for tabs.
pub(super) fn links(words: Words, all: &[ScopeName], href: impl Fn(Scope) -> String) -> Vec<(String, String)> {
    all.iter().map(|one| (href(one.scope), name(words, one))).collect()
}
