//! What stands live beside an application's form: rendered here in full, kept up to date by the island, which reads
//! what it needs from the `data-` attributes.

use chrono::{Datelike, NaiveDate};
use domain::{
    application::submit,
    compute::{self, Mark},
    gpu::GpuModel,
    money::Money,
    pricing,
};
use leptos::prelude::*;
use services::ApplicationRead;
use text::{Words, args};

/// The price panel.
pub(super) fn quote(words: Words, read: &ApplicationRead) -> AnyView {
    let Some(terms) = read.terms.quotes.first() else { return ().into_any() };
    let known: Vec<_> = read.terms.quotes.iter().map(|quote| (quote.model, quote.terms())).collect();
    let encoded = islands::encode(known.iter().map(|(model, terms)| (*model, terms)));
    let priced = priced(read);
    let is_known = priced.is_some();
    let quote = priced.unwrap_or_else(|| terms.clone());
    let minus = quote.subsidy.negated().unwrap_or(quote.subsidy);
    let note = args![day => words.date(terms.priced_on), source => terms.price_source.clone()];
    let [before, thousands, decimals, after] = way(words);
    view! {
        <section
            class="panel price"
            id="price"
            data-terms=encoded
            data-before=before
            data-thousands=thousands
            data-decimals=decimals
            data-after=after
        >
            <h2>{words.t("price-title")}</h2>
            <p id="price-unknown" hidden=is_known>{words.t("price-unknown")}</p>
            <dl id="price-lines" hidden=!is_known>
                {line(words, "list", words.t("price-list"), quote.list)}
                {line(words, "subsidy", opened(words.t("price-subsidy"), subsidy_why(words, terms)), minus)}
                {line(words, "own", opened(words.t("price-own"), words.t("price-own-why")), quote.own)}
                {line(words, "vat", opened(words.t("price-vat"), vat_why(words, terms)), quote.vat)}
                <div class="total"><dt>{words.t("price-due")}</dt><dd id="price-due">{words.money(quote.due)}</dd></div>
            </dl>
            <p class="hint">{words.with("price-note-live", note)}</p>
        </section>
    }
    .into_any()
}

/// On narrow screens the panel stands below the form; the amount due stays in sight and leads there.
pub(super) fn quote_bar(words: Words, read: &ApplicationRead) -> AnyView {
    if read.terms.quotes.is_empty() {
        return ().into_any();
    }
    let quote = priced(read);
    let is_unknown = quote.is_none();
    let due = quote.map(|quote| words.money(quote.due)).unwrap_or_default();
    view! {
        <a class="price-bar" id="price-bar" href="#price" hidden=is_unknown>
            <span>{words.t("price-due")}</span>
            <span id="price-bar-due">{due}</span>
        </a>
    }
    .into_any()
}

/// The price of what was saved, if it can be read.
fn priced(read: &ApplicationRead) -> Option<pricing::Quote> {
    let model = GpuModel::from_code(read.draft.get("model"))?;
    let time = submit::gpu_time(&read.draft).ok()?;
    read.terms.quotes.iter().find(|terms| terms.model == model)?.of(time).ok()
}

fn line(words: Words, name: &str, label: impl IntoView + 'static, amount: Money) -> AnyView {
    let id = format!("price-{name}");
    view! { <div><dt>{label.into_any()}</dt><dd id=id>{words.money(amount)}</dd></div> }.into_any()
}

fn opened(label: String, why: String) -> impl IntoView {
    view! { <details><summary>{label}</summary><p>{why}</p></details> }
}

/// Subsidy and VAT are the same for every model, so their explanations do not change with what is typed.
fn subsidy_why(words: Words, terms: &pricing::Quote) -> String {
    words.with(
        "price-subsidy-why",
        args![
            share => words.percent(terms.subsidy_share),
            pot => words.pot(&terms.pot),
            regime => words.t(&format!("regime-{}", terms.regime.code())),
        ],
    )
}

fn vat_why(words: Words, terms: &pricing::Quote) -> String {
    words.with(
        "price-vat-why",
        args![
            treatment => words.t(&format!("price-vat-{}", terms.vat_treatment.code())),
            rate => words.percent(terms.vat_rate),
        ],
    )
}

/// What the reader writes before an amount, between thousands, between euros and cents, and after.
fn way(words: Words) -> [String; 4] {
    let example = words.money(Money::cents(123_400_000));
    let (before, rest) = example.split_once('1').unwrap_or(("", &example));
    let (thousands, rest) = rest.split_once("234").unwrap_or(("", rest));
    let rest = rest.split_once("000").map_or(rest, |(_, rest)| rest);
    let (decimals, after) = rest.split_once("00").unwrap_or((rest, ""));
    [before, thousands, decimals, after].map(str::to_owned)
}

/// Says what the saving that nobody asked for did.
pub(super) fn autosave(words: Words, action: String) -> AnyView {
    let (saved, failed) = (words.t("application-saved"), words.t("application-not-saved"));
    view! {
        <p class="hint" role="status" id="autosave" data-action=action data-saved=saved data-failed=failed></p>
        <islands::LiveForm/>
    }
    .into_any()
}

/// How much compute the hours are, and what the AI Act makes of it.
pub(super) fn flops(words: Words, read: &ApplicationRead, today: NaiveDate) -> AnyView {
    let sentence = |key: &str| words.with(key, args![flop => "§"]);
    let [_, _, decimals, _] = way(words);
    view! {
        <p
            class="hint"
            id="flops"
            data-day=today.num_days_from_ce().to_string()
            data-decimals=decimals
            data-below=sentence("flop-below")
            data-general-purpose=sentence("flop-general-purpose")
            data-systemic-risk=sentence("flop-systemic-risk")
        >
            {flop_sentence(words, read, today).map(|(_, sentence)| sentence)}
        </p>
    }
    .into_any()
}

/// The highest threshold that the hours asked for reach, and the sentence about it.
pub(super) fn flop_sentence(words: Words, read: &ApplicationRead, today: NaiveDate) -> Option<(Option<Mark>, String)> {
    let model = GpuModel::from_code(read.draft.get("model"))?;
    let time = submit::gpu_time(&read.draft).ok()?;
    let flop = compute::flop_of(time, model, compute::USUAL_UTILISATION).ok()?;
    let reached = compute::highest_mark(flop, today);
    let key = match reached {
        None => "flop-below",
        Some(Mark::GeneralPurpose) => "flop-general-purpose",
        Some(Mark::SystemicRisk) => "flop-systemic-risk",
    };
    Some((reached, words.with(key, args![flop => words.flop(flop)])))
}
