//! The live parts beside an application's form: words and data for the islands, which the server renders first.

use chrono::NaiveDate;
use domain::{money::Money, pricing};
use islands::{Autosave, FlopWords, Flops, PriceWords, Quote};
use leptos::prelude::*;
use services::ApplicationRead;
use text::{Words, args};

/// The price panel, kept up to date while one types.
pub(super) fn quote(words: Words, read: &ApplicationRead) -> AnyView {
    let Some(terms) = read.terms.quotes.first() else { return ().into_any() };
    let labels = price_words(words, terms);
    view! { <Quote saved=read.draft.clone() terms=read.terms.quotes.clone() words=labels/> }.into_any()
}

/// Subsidy and VAT are the same for every model, so their explanations do not change with what is typed.
fn price_words(words: Words, terms: &pricing::Quote) -> PriceWords {
    let example = words.money(Money::cents(123_400_000));
    let (before, rest) = example.split_once('1').unwrap_or(("", &example));
    let (thousands, rest) = rest.split_once("234").unwrap_or(("", rest));
    let rest = rest.split_once("000").map_or(rest, |(_, rest)| rest);
    let (decimals, after) = rest.split_once("00").unwrap_or((rest, ""));
    PriceWords {
        title: words.t("price-title"),
        unknown: words.t("price-unknown"),
        list: words.t("price-list"),
        subsidy: words.t("price-subsidy"),
        subsidy_why: words.with(
            "price-subsidy-why",
            args![
                share => words.percent(terms.subsidy_share),
                pot => words.t(&format!("pot-{}", terms.pot)),
                regime => words.t(&format!("regime-{}", terms.regime.code())),
            ],
        ),
        own: words.t("price-own"),
        own_why: words.t("price-own-why"),
        vat: words.t("price-vat"),
        vat_why: words.with(
            "price-vat-why",
            args![
                treatment => words.t(&format!("price-vat-{}", terms.vat_treatment.code())),
                rate => words.percent(terms.vat_rate),
            ],
        ),
        due: words.t("price-due"),
        note: words
            .with("price-note-live", args![day => words.date(terms.priced_on), source => terms.price_source.clone()]),
        thousands: thousands.to_owned(),
        decimals: decimals.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

/// Saves what is typed without being asked.
pub(super) fn autosave(words: Words, action: String) -> AnyView {
    view! { <Autosave action=action saved=words.t("application-saved") failed=words.t("application-not-saved")/> }
        .into_any()
}

/// How much compute the hours are, and what the AI Act makes of it.
pub(super) fn flops(words: Words, read: &ApplicationRead, today: NaiveDate) -> Option<AnyView> {
    let sentence = |key: &str| words.with(key, args![flop => "§"]);
    let sentences = FlopWords {
        below: sentence("flop-below"),
        general_purpose: sentence("flop-general-purpose"),
        systemic_risk: sentence("flop-systemic-risk"),
    };
    Some(view! { <Flops saved=read.draft.clone() today=today words=sentences/> }.into_any())
}
