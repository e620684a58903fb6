//! The versions of a call with what each changed, in the words of its form.

use domain::call::{LANGUAGES, publish::PROGRAMMES};
use leptos::prelude::*;
use services::CallDraft;
use text::{Locale, Words, args};

use crate::{
    cells,
    components::{layout::details, table::Table},
};

/// Every published version, the newest first.
pub(super) fn list(words: Words, call: &CallDraft) -> AnyView {
    if call.versions.is_empty() {
        return ().into_any();
    }
    let rows = call.versions.iter().map(|version| {
        let reason = if version.reason.is_empty() { words.t("call-version-first") } else { version.reason.clone() };
        let count = i64::try_from(version.changes.len()).unwrap_or(i64::MAX);
        let changes = (count > 0).then(|| {
            details(
                words.with("call-version-changes", args![count => count]),
                changes(words, "call-version-changed", &version.changes),
            )
        });
        cells![words.integer(i64::from(version.number)), words.instant_figure(version.published_at), reason, changes,]
    });
    let table = Table::new("call-versions")
        .figures("call-version")
        .column("call-version-since")
        .column("call-version-reason")
        .column("call-version-changed")
        .rows(rows)
        .under_heading();
    view! { <h2>{words.t("call-versions")}</h2> {table.show(words)} }.into_any()
}

/// Field, before and after.
pub(super) fn changes(words: Words, caption: &str, changes: &[(String, String, String)]) -> AnyView {
    let rows = changes
        .iter()
        .map(|(field, before, after)| cells![field_label(words, field), shown(words, before), shown(words, after)]);
    Table::new(caption)
        .column("call-change-field")
        .column("call-change-before")
        .column("call-change-after")
        .rows(rows)
        .show(words)
}

fn shown(words: Words, value: &str) -> AnyView {
    let value = match value {
        "" => words.t("call-change-nothing"),
        "on" => words.t("answer-yes"),
        other => other.to_owned(),
    };
    view! { <span class="typed">{value}</span> }.into_any()
}

/// What a field is called: of a form (`question-3-label-en`) or of a version (`question.3.label-en`).
pub(super) fn field_label(words: Words, field: &str) -> String {
    for (kind, key) in [("question", "call-question-number"), ("criterion", "call-criterion-number")] {
        let Some(rest) = field.strip_prefix(kind).and_then(|rest| rest.strip_prefix(['-', '.'])) else { continue };
        if let Some((number, name)) = rest.split_once(['-', '.']) {
            return words.with(key, args![number => number.to_owned(), field => plain_label(words, name)]);
        }
    }
    plain_label(words, field)
}

fn plain_label(words: Words, field: &str) -> String {
    if let Some(label) = words.find(&format!("call-field-{}", field.replace('_', "-")), &args![]) {
        return label;
    }
    let Some((base, code)) = field.split_once('-') else { return field.to_owned() };
    // `grade-3-fr` is the text of a grade in a language.
    let (code, language) = match code.rsplit_once('-') {
        Some((code, language)) if LANGUAGES.contains(&language) => (code, Some(language)),
        _ if LANGUAGES.contains(&code) && base != "language" => ("", Some(code)),
        _ => (code, None),
    };
    let label = words.t(&format!("call-field-{}", base.replace('_', "-")));
    let label = if code.is_empty() { label } else { format!("{label}: {}", code_label(words, base, code)) };
    match language.and_then(Locale::from_code) {
        Some(locale) => words.with("call-field-in", args![field => label, language => locale.own_name()]),
        None => label,
    }
}

fn code_label(words: Words, base: &str, code: &str) -> String {
    match base {
        "language" => Locale::from_code(code).map_or_else(|| code.to_owned(), |locale| locale.own_name().to_owned()),
        "programme" if PROGRAMMES.iter().any(|(known, _)| *known == code) => words.t(&format!("programme-{code}")),
        "class" => words.t(&format!("size-class-{code}")),
        "ask" => words.t(&format!("field-{}", code.replace('_', "-"))),
        "step" | "days" => words.t(&format!("call-step-{code}")),
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_field_has_a_name() {
        let words = Words::new(Locale::En);
        let cases = [
            ("max_gpus", "GPUs at once, at most"),
            ("title-fr", "Title (Français)"),
            ("grade-3-en", "Grade: 3 (English)"),
            ("programme-union", "Programmes: European Union"),
            ("class-micro", "Size classes: Micro enterprise"),
            ("days-expert_review", "Working days: Expert review"),
            ("language-fr", "Languages: Français"),
            ("question-3-label-en", "Question 3: Question (English)"),
            ("question.3.shown_if", "Question 3: Asked only if"),
            ("criterion.c1.weight", "Criterion c1: Weight"),
        ];
        for (field, label) in cases {
            assert_eq!(field_label(words, field), label, "{field}");
        }
    }
}
