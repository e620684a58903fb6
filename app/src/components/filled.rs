//! A form's values and problems, as they come back to the page.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::problem::Invalid;
use serde::Serialize;
use serde_json::Value;

/// The values typed into a form (never secrets) and its problems.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    values: BTreeMap<String, String>,
    problems: Invalid,
    /// What each field calls itself, noted as it is shown: the summary stands above the fields and names them.
    labels: Arc<Mutex<BTreeMap<String, String>>>,
}

impl FormState {
    pub fn new<K: Into<String>>(values: impl IntoIterator<Item = (K, String)>) -> Self {
        let values = values.into_iter().map(|(key, value)| (key.into(), value));
        Self { values: values.filter(|(key, _)| !is_secret(key)).collect(), ..Self::default() }
    }

    /// From a form of flat fields. What is not text is shown as JSON shows it; secrets are left out.
    pub fn of(form: &impl Serialize) -> Self {
        let Ok(Value::Object(fields)) = serde_json::to_value(form) else { return Self::default() };
        Self::new(fields.into_iter().filter_map(|(key, value)| match value {
            Value::Null => None,
            Value::String(text) => Some((key, text)),
            other => Some((key, other.to_string())),
        }))
    }

    #[must_use]
    pub fn with(mut self, problems: Invalid) -> Self {
        self.problems = problems;
        self
    }

    /// The same form with this value.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<String>) -> Self {
        if !is_secret(field) {
            self.values.insert(field.to_owned(), value.into());
        }
        self
    }

    pub fn value(&self, field: &str) -> String {
        self.values.get(field).cloned().unwrap_or_default()
    }

    /// Whether a box of this name was ticked.
    pub fn is_on(&self, field: &str) -> bool {
        self.values.get(field).is_some_and(|value| !matches!(value.as_str(), "" | "false" | "off" | "0"))
    }

    pub fn problems(&self) -> &Invalid {
        &self.problems
    }

    /// Whether what was typed into any of these fields was refused.
    pub fn refuses(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.problems.of(name).next().is_some())
    }

    /// What the field of this name calls itself, once it has been shown.
    pub(super) fn label(&self, field: &str) -> Option<String> {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner).get(field).cloned()
    }

    /// A field of this name is shown under this label.
    pub(crate) fn note(&self, field: &str, label: String) {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner).insert(field.to_owned(), label);
    }
}

fn is_secret(field: &str) -> bool {
    field.contains("password") || field.contains("secret")
}
