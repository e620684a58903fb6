//! The price beside a form: every line opens into how it was reached.

use domain::money::Money;
use leptos::prelude::*;
use text::Words;

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
