//! Forms that come back: what was typed, what is wrong with it, and fields that say so.

use std::collections::BTreeMap;

use domain::problem::Invalid;
use leptos::prelude::*;
use text::Words;

/// The values typed into a form (never secrets) and its problems.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    values: BTreeMap<String, String>,
    problems: Invalid,
}

impl FormState {
    pub fn new<K: Into<String>>(values: impl IntoIterator<Item = (K, String)>) -> Self {
        Self {
            values: values.into_iter().map(|(key, value)| (key.into(), value)).collect(),
            problems: Invalid::default(),
        }
    }

    #[must_use]
    pub fn with(mut self, problems: Invalid) -> Self {
        self.problems = problems;
        self
    }

    /// The same form with this value.
    #[must_use]
    pub fn set(mut self, field: &str, value: String) -> Self {
        self.values.insert(field.to_owned(), value);
        self
    }

    pub fn value(&self, field: &str) -> String {
        self.values.get(field).cloned().unwrap_or_default()
    }

    pub fn problems(&self) -> &Invalid {
        &self.problems
    }
}

pub fn error_summary(words: Words, form: &FormState) -> Option<impl IntoView + use<>> {
    let problems = form.problems().0.clone();
    (!problems.is_empty()).then(|| {
        view! {
            <div role="alert" tabindex="-1" id="error-summary">
                <h2>{words.t("error-summary-title")}</h2>
                <ul>
                    {problems
                        .into_iter()
                        .map(|(field, problem)| view! { <li><a href=format!("#{field}")>{words.problem(problem)}</a></li> })
                        .collect_view()}
                </ul>
            </div>
        }
    })
}

fn field(words: Words, form: &FormState, name: &'static str, label: &str, kind: &'static str) -> impl IntoView + use<> {
    let problem = form.problems().of(name).next();
    let value = (kind != "password").then(|| form.value(name));
    view! {
        <div>
            <label for=name>{words.t(label)}</label>
            {problem.map(|problem| view! { <p id=format!("{name}-problem")>{words.problem(problem)}</p> })}
            <input
                id=name
                name=name
                type=kind
                value=value
                aria-invalid=problem.map(|_| "true")
                aria-describedby=problem.map(|_| format!("{name}-problem"))
            />
        </div>
    }
}

pub fn text_field(words: Words, form: &FormState, name: &'static str, label: &str) -> impl IntoView + use<> {
    field(words, form, name, label, "text")
}

pub fn email_field(words: Words, form: &FormState, name: &'static str, label: &str) -> impl IntoView + use<> {
    field(words, form, name, label, "email")
}

/// One of a few values, each with its words.
pub fn choice(
    words: Words,
    form: &FormState,
    name: &'static str,
    label: &str,
    options: &[(&'static str, String)],
) -> impl IntoView + use<> {
    let chosen = form.value(name);
    let options = options
        .iter()
        .map(|(value, label)| {
            let is_chosen = *value == chosen;
            view! { <option value=*value selected=is_chosen>{label.clone()}</option> }
        })
        .collect_view();
    view! {
        <div>
            <label for=name>{words.t(label)}</label>
            <select id=name name=name>{options}</select>
        </div>
    }
}

pub fn password(words: Words, form: &FormState, name: &'static str, label: &str) -> impl IntoView + use<> {
    field(words, form, name, label, "password")
}

pub fn submit(words: Words, label: &str) -> impl IntoView + use<> {
    view! { <button type="submit">{words.t(label)}</button> }
}
