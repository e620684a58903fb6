//! The price beside a form: every line opens into how it was reached.

use domain::{money::Money, pricing::Quote};
use leptos::prelude::*;
use text::{Words, args};

/// A line of a price: label and explanation already worded.
#[derive(Debug, Clone)]
pub struct PriceLine {
    pub label: String,
    pub amount: Money,
    /// How it was reached.
    pub why: Option<String>,
    /// The line that counts.
    pub is_total: bool,
}

impl PriceLine {
    pub fn new(label: impl Into<String>, amount: Money, why: impl Into<String>) -> Self {
        Self { label: label.into(), amount, why: Some(why.into()), is_total: false }
    }

    pub fn total(label: impl Into<String>, amount: Money) -> Self {
        Self { label: label.into(), amount, why: None, is_total: true }
    }
}

/// `note` says what the price rests on: the day, the source.
pub fn price_panel(words: Words, title: &str, lines: Vec<PriceLine>, note: Option<String>) -> AnyView {
    let rows = lines.into_iter().map(|line| {
        let label = match line.why {
            Some(why) => view! { <details><summary>{line.label}</summary><p>{why}</p></details> }.into_any(),
            None => line.label.into_any(),
        };
        view! {
            <div class:total=line.is_total>
                <dt>{label}</dt>
                <dd>{words.money(line.amount)}</dd>
            </div>
        }
    });
    view! {
        <section class="panel price">
            <h2>{words.t(title)}</h2>
            <dl>{rows.collect_view()}</dl>
            {note.map(|note| view! { <p class="hint">{note}</p> })}
        </section>
    }
    .into_any()
}

/// A quote in full: list price, who pays how much of it, VAT and why, what is due.
pub fn quote_panel(words: Words, title: &str, quote: &Quote) -> AnyView {
    let list_why = words.with(
        "quote-list-why",
        args![hours => words.hours(quote.gpu_time), rate => words.rate(quote.list_rate), model => quote.model.code()],
    );
    let pot = match quote.pot.strip_prefix("national_") {
        Some(state) => {
            let country = words.t(&format!("country-{}", state.to_uppercase()));
            words.with("quote-pot-national", args![country => country])
        }
        None => words.t(&format!("quote-pot-{}", quote.pot.replace('_', "-"))),
    };
    let subsidy_why = words.with("quote-subsidy-why", args![share => words.percent(quote.subsidy_share), pot => pot]);
    let vat_why = words.t(&format!("quote-vat-{}", quote.vat_treatment.code().replace('_', "-")));
    let vat_label = words.with("quote-vat", args![rate => words.percent(quote.vat_rate)]);
    let subsidy = quote.subsidy.negated().unwrap_or(quote.subsidy);
    let lines = vec![
        PriceLine::new(words.t("quote-list"), quote.list, list_why),
        PriceLine::new(words.t("quote-subsidy"), subsidy, subsidy_why),
        PriceLine::new(words.t("quote-own"), quote.own, words.t("quote-own-why")),
        PriceLine::new(vat_label, quote.vat, vat_why),
        PriceLine::total(words.t("quote-due"), quote.due),
    ];
    let note =
        words.with("quote-note", args![day => words.date(quote.priced_on), source => quote.price_source.clone()]);
    price_panel(words, title, lines, Some(note))
}
