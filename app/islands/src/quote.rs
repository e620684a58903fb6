//! The price beside the form, computed while one types by the code that will invoice it.

use domain::{
    application::{Draft, submit},
    gpu::GpuModel,
    money::{BasisPoints, Money, Rate},
    pricing::{Amounts, Terms},
};
use leptos::{ev, prelude::*};
use web_sys::Element;

use crate::form;

/// The element that carries `data-terms` and the reader's way with numbers: `data-thousands`, `data-decimals`,
/// `data-before`, `data-after`.
const PRICE: &str = "price";
/// Typed on the one page whose fields decide the price; elsewhere the price stays as the server reckoned it.
const DECIDES: &str = "hours";

/// Terms of each model as text: `H100:2800000:5000:2100;…`, micro-euro and basis points.
pub fn encode<'a>(terms: impl Iterator<Item = (GpuModel, &'a Terms)>) -> String {
    let one = |(model, terms): (GpuModel, &Terms)| {
        let figures = [terms.list_rate.as_micro_euro(), terms.subsidy_share.get().into(), terms.vat_rate.get().into()];
        std::iter::once(model.code().to_owned()).chain(figures.map(|figure| figure.to_string())).collect::<Vec<_>>()
    };
    terms.map(|terms| one(terms).join(":")).collect::<Vec<_>>().join(";")
}

/// The terms of this model in what [`encode`] wrote.
fn decode(text: &str, model: &str) -> Option<Terms> {
    let mut figures = text.split(';').find_map(|one| one.strip_prefix(model)?.strip_prefix(':'))?.split(':');
    let list_rate = Rate::micro_euro(figures.next()?.parse().ok()?);
    let mut share = || figures.next()?.parse().ok().map(BasisPoints::new);
    Some(Terms { list_rate, subsidy_share: share()?, vat_rate: share()? })
}

pub(crate) fn attach() {
    let (Some(panel), Some(_)) = (form::element(PRICE), form::element(DECIDES)) else { return };
    let _ = window_event_listener(ev::input, move |_| {
        let price = price(&form::draft(), &form::data(&panel, "data-terms"));
        form::show("price-unknown", price.is_none());
        form::show("price-lines", price.is_some());
        form::show("price-bar", price.is_some());
        let Some(Amounts { list, subsidy, own, vat, due }) = price else { return };
        let minus = subsidy.negated().unwrap_or(subsidy);
        let lines = [("list", list), ("subsidy", minus), ("own", own), ("vat", vat), ("due", due)];
        for (line, amount) in lines {
            form::say(&["price-", line].concat(), &money(&panel, amount));
        }
        form::say("price-bar-due", &money(&panel, due));
    });
}

fn price(draft: &Draft, terms: &str) -> Option<Amounts> {
    let time = submit::gpu_time(draft).ok()?;
    decode(terms, draft.get("model"))?.of(time).ok()
}

fn money(panel: &Element, amount: Money) -> String {
    let way = |name: &str| form::data(panel, name);
    written(amount, [&way("data-before"), &way("data-thousands"), &way("data-decimals"), &way("data-after")])
}

/// `way` is what stands before, between thousands, between euros and cents, and after.
fn written(amount: Money, [before, thousands, decimals, after]: [&str; 4]) -> String {
    let plain = amount.to_string();
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            grouped.push_str(thousands);
        }
        grouped.push(digit);
    }
    [sign, before, &grouped, decimals, cents, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_come_back_as_they_went() {
        let terms = |micro| Terms {
            list_rate: Rate::micro_euro(micro),
            subsidy_share: BasisPoints::new(6_250),
            vat_rate: BasisPoints::new(2_100),
        };
        let (small, large) = (terms(2_800_000), terms(4_500_001));
        let text = encode([(GpuModel::H100, &small), (GpuModel::B200, &large)].into_iter());
        assert_eq!(decode(&text, "H100"), Some(small));
        assert_eq!(decode(&text, "B200"), Some(large));
        assert_eq!(decode(&text, "MI300X"), None);
        assert_eq!(decode(&text, ""), None);
    }

    #[test]
    fn amounts_are_written_as_the_reader_does() {
        assert_eq!(written(Money::cents(-123_456_789), ["€", ",", ".", ""]), "-€1,234,567.89");
        assert_eq!(written(Money::cents(5), ["", "\u{202f}", ",", "\u{a0}€"]), "0,05\u{a0}€");
    }
}
