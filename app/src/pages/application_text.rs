//! An application as it is read by those who judge it: every answer of its draft, in order.

use leptos::prelude::*;
use serde_json::{Map, Value};
use text::Words;

/// The stored draft's answers under their questions; what was left empty is left out.
pub fn answers(words: Words, draft: &str) -> impl IntoView + use<> {
    let fields: Map<String, Value> = serde_json::from_str(draft).unwrap_or_default();
    let rows = fields
        .into_iter()
        .filter_map(|(field, value)| {
            let answer = match value {
                Value::String(text) => text,
                Value::Null | Value::Bool(false) => String::new(),
                Value::Bool(true) => words.t("answer-yes"),
                other => other.to_string(),
            };
            if answer.trim().is_empty() {
                return None;
            }
            let question = words.t(&format!("field-{}", field.replace('_', "-")));
            Some(view! { <div><dt>{question}</dt><dd class="typed">{answer}</dd></div> })
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}
