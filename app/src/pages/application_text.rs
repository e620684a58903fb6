//! An application as it is read by those who judge it: every answer of its draft, in the order of the form and in
//! the form's words.

use domain::application::{Draft, Field, Kind, draft::FIELDS};
use leptos::prelude::*;
use text::Words;

/// The stored draft's answers under their questions; what was left empty is left out.
pub fn answers(words: Words, draft: &str) -> impl IntoView + use<> {
    answers_without(words, draft, &[])
}

/// The same without these: for whoever is not to be told.
pub fn answers_without(words: Words, draft: &str, without: &[&str]) -> impl IntoView + use<> {
    let draft: Draft = serde_json::from_str(draft).unwrap_or_default();
    let rows = FIELDS
        .iter()
        .filter(|field| !without.contains(&field.name))
        .filter(|field| !draft.get(field.name).trim().is_empty())
        .map(|field| {
            let question = words.t(&format!("field-{}", field.name.replace('_', "-")));
            let answer = answer(words, field, draft.get(field.name));
            view! { <div><dt>{question}</dt><dd class="typed">{answer}</dd></div> }
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// Codes and days in words; what was typed as it was typed.
fn answer(words: Words, field: &Field, typed: &str) -> String {
    match field.kind {
        Kind::Choice(codes) if codes.contains(&typed) => {
            words.t(&format!("choice-{}-{typed}", field.name.replace('_', "-")))
        }
        Kind::Tick => words.t("answer-yes"),
        Kind::Day => typed.parse().map_or_else(|_| typed.to_owned(), |day| words.date(day)),
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::application::draft::field_named;
    use text::Locale;

    use super::*;

    #[test]
    fn codes_and_days_are_worded_and_texts_are_not() {
        let words = Words::new(Locale::En);
        let said = |name: &str, typed: &str| answer(words, field_named(name).unwrap(), typed);
        assert_eq!(said("residency", "union"), "In the European Union");
        assert_eq!(said("civil", "yes"), "Yes");
        assert_eq!(said("earliest", "2026-12-08"), "8 December 2026");
        assert_eq!(said("title", "union"), "union");
    }
}
