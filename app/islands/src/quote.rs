//! The price beside the form, computed while one types by the code that will invoice it.

use domain::{
    application::{Draft, submit},
    gpu::GpuModel,
    money::Money,
    pricing,
};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};

use crate::form;

/// Labels and the reader's way with numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PriceWords {
    pub title: String,
    pub unknown: String,
    pub list: String,
    pub subsidy: String,
    pub subsidy_why: String,
    pub own: String,
    pub own_why: String,
    pub vat: String,
    pub vat_why: String,
    pub due: String,
    pub note: String,
    pub thousands: String,
    pub decimals: String,
    pub before: String,
    pub after: String,
}

impl PriceWords {
    fn money(&self, amount: Money) -> String {
        let plain = amount.to_string();
        let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
        let mut grouped = String::new();
        for (position, digit) in whole.chars().enumerate() {
            if position > 0 && (whole.len() - position) % 3 == 0 {
                grouped.push_str(&self.thousands);
            }
            grouped.push(digit);
        }
        format!("{sign}{}{grouped}{}{cents}{}", self.before, self.decimals, self.after)
    }
}

/// `saved` is the draft as stored, `terms` the price of nothing of each model on the reader's own terms.
#[island]
pub fn Quote(saved: Draft, terms: Vec<pricing::Quote>, words: PriceWords) -> impl IntoView {
    let quote = RwSignal::new(price(&saved, &terms));
    Effect::new(move |_| {
        let (saved, terms) = (saved.clone(), terms.clone());
        let listener = window_event_listener(ev::input, move |_| quote.set(price(&form::over(&saved), &terms)));
        on_cleanup(move || listener.remove());
    });
    let (title, note) = (words.title.clone(), words.note.clone());
    view! {
        <section class="panel price">
            <h2>{title}</h2>
            {move || match quote.get() {
                Some(quote) => lines(&words, &quote),
                None => view! { <p>{words.unknown.clone()}</p> }.into_any(),
            }}
            <p class="hint">{note}</p>
        </section>
    }
}

fn price(draft: &Draft, terms: &[pricing::Quote]) -> Option<pricing::Quote> {
    let model = GpuModel::from_code(draft.get("model"))?;
    let time = submit::gpu_time(draft).ok()?;
    terms.iter().find(|terms| terms.model == model)?.of(time).ok()
}

fn lines(words: &PriceWords, quote: &pricing::Quote) -> AnyView {
    let opened = |label: &String, why: &String| {
        let (label, why) = (label.clone(), why.clone());
        view! { <details><summary>{label}</summary><p>{why}</p></details> }
    };
    let minus = quote.subsidy.negated().unwrap_or(quote.subsidy);
    view! {
        <dl>
            <div><dt>{words.list.clone()}</dt><dd>{words.money(quote.list)}</dd></div>
            <div><dt>{opened(&words.subsidy, &words.subsidy_why)}</dt><dd>{words.money(minus)}</dd></div>
            <div><dt>{opened(&words.own, &words.own_why)}</dt><dd>{words.money(quote.own)}</dd></div>
            <div><dt>{opened(&words.vat, &words.vat_why)}</dt><dd>{words.money(quote.vat)}</dd></div>
            <div class="total"><dt>{words.due.clone()}</dt><dd>{words.money(quote.due)}</dd></div>
        </dl>
    }
    .into_any()
}
