//! The Fluent files, compiled in: one a noun, the same list for every language.

use std::sync::LazyLock;

use fluent_bundle::{FluentResource, FluentValue, concurrent::FluentBundle};

use crate::{Words, locale::Locale};

type Bundle = FluentBundle<FluentResource>;

/// Every noun with a file of words. A new file is a new name here, and nothing else.
macro_rules! nouns {
    ($($noun:literal)*) => {
        const EN: &[(&str, &str)] = &[$(($noun, include_str!(concat!("../locales/en/", $noun, ".ftl")))),*];
        const FR: &[(&str, &str)] = &[$(($noun, include_str!(concat!("../locales/fr/", $noun, ".ftl")))),*];
    };
}

nouns! {
    "common" "problems" "format" "components" "mails"
    "countries" "accounts" "organisations" "modes" "calls" "applications" "assignments" "reviews" "reviewers" "workflow"
    "rules" "runs" "capacity" "allocations"
    "prices" "quotes" "dossier" "aid" "actions" "statistics" "panels"
    "invoices" "payments" "bank" "reminders" "finance" "books" "pots" "quotas" "projects" "admin" "public"
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| build(Locale::En));
static FRENCH: LazyLock<Bundle> = LazyLock::new(|| build(Locale::Fr));

pub fn bundle(locale: Locale) -> &'static Bundle {
    match locale {
        Locale::En => &ENGLISH,
        Locale::Fr => &FRENCH,
    }
}

/// Name and text of every file of a language.
pub const fn sources(locale: Locale) -> &'static [(&'static str, &'static str)] {
    match locale {
        Locale::En => EN,
        Locale::Fr => FR,
    }
}

fn build(locale: Locale) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![locale.language()]);
    // Isolation marks protect mixed writing directions; both our languages run from left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::En => |value, _| number(Locale::En, value),
        Locale::Fr => |value, _| number(Locale::Fr, value),
    }));
    for (_, source) in sources(locale) {
        // A file that cannot be parsed whole fails a test; what could be read still serves.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(Words::new(locale).decimal(&number.as_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
