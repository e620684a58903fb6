//! Every word a person reads, in every language, and numbers, dates and euros the reader's way.
//!
//! Refuses to know pages and SQL: it turns keys and values into text.

use std::{fmt, sync::LazyLock};

use domain::problem::Problem;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::{LanguageIdentifier, langid};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    En,
    Fr,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// The first language of an `Accept-Language` header that we speak, else English.
    pub fn negotiate(accepted: &str) -> Self {
        accepted.split(',').filter_map(|part| Self::from_code(part.trim().get(..2)?)).next().unwrap_or(Self::En)
    }

    fn language(self) -> LanguageIdentifier {
        match self {
            Self::En => langid!("en"),
            Self::Fr => langid!("fr"),
        }
    }
}

/// The words of one locale.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    locale: Locale,
}

static EN: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Locale::En, &[include_str!("../locales/en/common.ftl")]));
static FR: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Locale::Fr, &[include_str!("../locales/fr/common.ftl")]));

impl Words {
    pub const fn new(locale: Locale) -> Self {
        Self { locale }
    }

    pub const fn locale(self) -> Locale {
        self.locale
    }

    pub fn t(self, key: &str) -> String {
        self.with(key, &FluentArgs::new())
    }

    pub fn with(self, key: &str, args: &FluentArgs<'_>) -> String {
        let bundle = match self.locale {
            Locale::En => &*EN,
            Locale::Fr => &*FR,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
        bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
    }

    pub fn problem(self, problem: Problem) -> String {
        let mut args = FluentArgs::new();
        if let Some(limit) = problem.limit() {
            args.set("limit", limit);
        }
        self.with(&format!("problem-{}", problem.code()), &args)
    }
}

fn bundle(locale: Locale, sources: &[&str]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![locale.language()]);
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
