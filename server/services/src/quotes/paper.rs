//! A quote on paper, for who must sign a purchase.

use documents::Letter;
use domain::{id::QuoteId, money::BasisPoints, period::brussels_day, policy::Action};
use text::{Locale, Words, args};

use super::QuoteRead;
use crate::{
    desk::Desk,
    error::Result,
    invoices::{party, print, supplier},
    store::entity::organisation,
};

impl Desk {
    /// One version of a quote as PDF, with its file name.
    pub async fn quote_pdf(&self, id: QuoteId, locale: Locale) -> Result<(String, Vec<u8>)> {
        let read = self.quote(id).await?;
        let tx = self.begin(Action::ReadQuotes).await?;
        let customer = tx.find::<organisation::Entity>(read.row.organisation_id).await?;
        drop(tx);
        let words = Words::new(locale);
        let letter = Letter {
            title: words
                .with("document-quote-title", args![number => read.row.number.clone(), version => read.row.version]),
            on: brussels_day(read.row.asked_at),
            from: supplier().0,
            to: party(&customer),
            paragraphs: vec![
                words.with("document-quote-lead", args![until => words.instant(read.row.expires_at)]),
                words.t("document-quote-award"),
            ],
            facts: facts(words, &read),
            sums: sums(words, &read),
        };
        let name = format!("{}-{}.pdf", read.row.number, read.row.version);
        Ok((name, print(move || documents::letter(&letter, locale)).await?))
    }
}

fn facts(words: Words, read: &QuoteRead) -> Vec<(String, String)> {
    let row = &read.row;
    let about = if read.about.is_empty() { words.t("application-untitled") } else { read.about.clone() };
    let site = read.site.as_ref().map_or_else(|| words.t("quotes-any-site"), |site| site.name.clone());
    let mut facts = vec![
        (words.t("quotes-about"), about),
        (words.t("prices-model"), row.model.code().to_owned()),
        (words.t("quotes-where"), site),
        (words.t("quotes-time"), words.hours(row.gpu_seconds)),
        (words.t("quotes-first-day"), words.date(row.first_day)),
        (words.t("quotes-last-day"), words.date(row.last_day)),
        (words.t("prices-list-source"), read.price.price_source.clone()),
        (words.t("document-quote-priced-on"), words.date(read.price.priced_on)),
    ];
    let scarcity = read.price.derivation.as_ref().map(|derivation| derivation.scarcity);
    if let Some(scarcity) = scarcity.filter(|scarcity| *scarcity > BasisPoints::ZERO) {
        let rise = words.with("quotes-scarcity-of", args![share => words.percent(scarcity)]);
        facts.push((words.t("quotes-scarcity"), rise));
    }
    facts.push((words.t("quotes-rate"), words.rate(read.price.list_rate)));
    facts
}

fn sums(words: Words, read: &QuoteRead) -> Vec<(String, String)> {
    let price = &read.price;
    let subsidy = price.subsidy.negated().unwrap_or(price.subsidy);
    let subsidised = words.with(
        "document-quote-subsidy",
        args![
            share => words.percent(price.subsidy_share),
            pot => words.pot(&price.pot),
            regime => words.t(&format!("regime-{}", price.regime.code())),
        ],
    );
    let taxed = words.with(
        "document-quote-vat",
        args![
            rate => words.percent(price.vat_rate),
            treatment => words.t(&format!("price-vat-{}", price.vat_treatment.code())),
        ],
    );
    vec![
        (words.t("quote-list"), words.money(price.list)),
        (subsidised, words.money(subsidy)),
        (words.t("quote-own"), words.money(price.own)),
        (taxed, words.money(price.vat)),
        (words.t("quote-due"), words.money(price.due)),
    ]
}
