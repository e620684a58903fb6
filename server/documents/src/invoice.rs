//! The invoice, the credit note and the statement of aid: parties, lines, taxes, sums, how to pay.

use domain::{
    invoice::{Bank, Line, Party, Tax},
    money::Money,
    payment_reference,
};
use text::{Words, args};

use crate::{
    Error,
    legal::{Legal, Paper},
    sheet::{About, Align, BODY, Column, HEAD, LEFT, Look, RIGHT, SMALL, STRONG, Sheet, TITLE},
};

const WHAT: Column = Column { from: LEFT, to: 290.0, align: Align::Left };
const HOURS: Column = Column { from: 294.0, to: 350.0, align: Align::Right };
const LIST: Column = Column { from: 354.0, to: 412.0, align: Align::Right };
const SUBSIDY: Column = Column { from: 416.0, to: 476.0, align: Align::Right };
const OWN: Column = Column { from: 480.0, to: RIGHT, align: Align::Right };
const SUM_LABEL: Column = Column { from: 250.0, to: 436.0, align: Align::Left };
const SUM: Column = Column { from: 440.0, to: RIGHT, align: Align::Right };
const HALF: Column = Column { from: LEFT, to: 290.0, align: Align::Left };
const OTHER_HALF: Column = Column { from: 310.0, to: RIGHT, align: Align::Left };

/// The pages, and what the file says of itself.
pub fn draw(legal: &Legal<'_>, words: Words) -> Result<(Vec<u8>, About), Error> {
    let mut sheet = Sheet::new(words)?;
    let title = words.with(&legal.title(), args![number => legal.number]);
    sheet.paragraph(HEAD, &legal.supplier.name);
    sheet.skip(6.0);
    sheet.paragraph(TITLE, &title);
    sheet.skip(10.0);
    parties(&mut sheet, words, legal);
    dates(&mut sheet, words, legal);
    cause(&mut sheet, words, legal);
    head(&mut sheet, words, legal);
    for line in &legal.sums.lines {
        row(&mut sheet, words, legal, line);
    }
    sums(&mut sheet, words, legal);
    match (legal.paper, legal.bank) {
        (Paper::Invoice, Some(bank)) => payment(&mut sheet, words, legal, bank),
        (paper, _) => {
            sheet.make_room(80.0);
            sheet.skip(14.0);
            sheet.paragraph(BODY, &words.t(&format!("document-{}-explained", paper.code())));
        }
    }
    let about = About { title, author: legal.supplier.name.clone(), on: legal.issued_on };
    Ok((sheet.finish(&about)?, about))
}

fn parties(sheet: &mut Sheet, words: Words, legal: &Legal<'_>) {
    let top = sheet.y();
    party(sheet, words, HALF, "document-from", legal.supplier);
    let below = sheet.y();
    sheet.rise_to(top);
    party(sheet, words, OTHER_HALF, "document-to", legal.customer);
    sheet.sink_to(below);
    sheet.skip(12.0);
}

pub fn party(sheet: &mut Sheet, words: Words, column: Column, label: &str, party: &Party) {
    sheet.column(column, HEAD, &words.t(label));
    sheet.column(column, STRONG, &party.name);
    sheet.column(column, BODY, &party.street);
    sheet.column(column, BODY, &format!("{} {}", party.postcode, party.city));
    sheet.column(column, BODY, &country(words, &party.country));
    if let Some(vat_id) = &party.vat_id {
        sheet.column(column, BODY, &words.with("document-vat-id", args![id => vat_id.as_str()]));
    }
    if let Some(number) = &party.registration {
        sheet.column(column, BODY, &words.with("document-registration", args![number => number.as_str()]));
    }
}

/// The country's name where there are words for it, else its code.
fn country(words: Words, code: &str) -> String {
    words.find(&format!("country-{code}"), &args![]).unwrap_or_else(|| code.to_owned())
}

fn dates(sheet: &mut Sheet, words: Words, legal: &Legal<'_>) {
    let mut facts = vec![("document-issued", words.date(legal.issued_on))];
    let period = words
        .with("document-period-value", args![first => words.date(legal.first_day), last => words.date(legal.last_day)]);
    facts.push(("document-period", period));
    if let Some(due) = legal.due_on {
        facts.push(("document-due", words.date(due)));
    }
    if let Some(preceding) = legal.preceding {
        let label = if legal.cause.is_some() { "document-credits" } else { "document-corrects" };
        let date = words.date(preceding.issued_on);
        facts.push((label, words.with("document-reference", args![number => preceding.number.as_str(), date => date])));
    }
    for (label, value) in facts {
        let label_column = Column { from: LEFT, to: 180.0, align: Align::Left };
        let value_column = Column { from: 184.0, to: RIGHT, align: Align::Left };
        sheet.row(&[(label_column, SMALL, words.t(label)), (value_column, BODY, value)]);
    }
    if let Some(shared) = legal.shares {
        let date = words.date(shared.document.issued_on);
        let (number, company) = (shared.document.number.as_str(), shared.company.as_str());
        sheet.skip(6.0);
        let said = args![company => company, number => number, date => date];
        sheet.paragraph(BODY, &words.with("document-shares", said));
    }
    if legal.sums.lines.iter().any(|line| line.is_split) {
        sheet.skip(6.0);
        sheet.paragraph(BODY, &words.t("document-split"));
    }
    sheet.skip(14.0);
}

/// Why something is taken back.
fn cause(sheet: &mut Sheet, words: Words, legal: &Legal<'_>) {
    let Some((cause, reason)) = legal.cause else { return };
    sheet.paragraph(STRONG, &words.credit_cause(cause, ""));
    if !reason.is_empty() {
        sheet.paragraph(BODY, reason);
    }
    sheet.skip(10.0);
}

fn head(sheet: &mut Sheet, words: Words, legal: &Legal<'_>) {
    let cells = [
        (WHAT, HEAD, words.t("document-column-what")),
        (HOURS, HEAD, words.t("document-column-hours")),
        (LIST, HEAD, words.t("document-column-list")),
        (SUBSIDY, HEAD, words.t(&legal.key("document-column-subsidy"))),
        (OWN, HEAD, words.t(&legal.key("document-column-own"))),
    ];
    sheet.make_room(sheet.row_height(&cells) + 40.0);
    sheet.row(&cells);
    sheet.skip(3.0);
    sheet.rule(true);
}

fn row(sheet: &mut Sheet, words: Words, legal: &Legal<'_>, line: &Line) {
    let service = words.with("document-line", args![model => line.model.code(), site => line.site.as_str()]);
    let detail = words.with(
        &legal.key("document-line-detail"),
        args![
            reference => line.reference.as_str(),
            first => words.date(line.first_day),
            last => words.date(line.last_day),
            rate => words.rate(line.list_rate),
            share => words.percent(line.subsidy_share),
        ],
    );
    let cells = [
        (WHAT, STRONG, service),
        (HOURS, BODY, words.hours_figure(line.gpu_time)),
        (LIST, BODY, words.money_figure(line.list)),
        (SUBSIDY, BODY, words.money_figure(line.subsidy)),
        (OWN, BODY, words.money_figure(line.own)),
    ];
    let below = [(WHAT, SMALL, detail)];
    if sheet.make_room(sheet.row_height(&cells) + sheet.row_height(&below) + 8.0) {
        head(sheet, words, legal);
    }
    sheet.row(&cells);
    sheet.row(&below);
    sheet.skip(3.0);
    sheet.rule(false);
}

fn sums(sheet: &mut Sheet, words: Words, legal: &Legal<'_>) {
    let sums = &legal.sums;
    sheet.make_room(110.0);
    sheet.skip(6.0);
    let mut line = |look: Look, label: String, figure: String| {
        sheet.row(&[(SUM_LABEL, look, label), (SUM, look, figure)]);
        sheet.skip(2.0);
    };
    line(BODY, words.t("document-sum-list"), words.money_figure(sums.list));
    line(BODY, words.t(&legal.key("document-sum-subsidy")), words.money_figure(sums.subsidy));
    line(STRONG, words.t(&legal.key("document-sum-own")), words.money_figure(sums.own));
    for tax in &sums.taxes {
        line(BODY, tax_label(words, tax), words.money_figure(tax.vat));
    }
    if let Some(vat) = legal.national_vat {
        let (currency, figure) = (vat.rate.currency.as_str(), words.money_figure(Money::cents(vat.hundredths)));
        line(BODY, words.with("document-sum-vat-national", args![currency => currency]), figure);
    }
    if legal.paper.is_for_tax() {
        let label = if legal.paper == Paper::Invoice { "document-sum-total" } else { "document-sum-credited" };
        line(Look { size: 12.0, ..STRONG }, words.t(label), words.money(sums.total));
    }
    for tax in &sums.taxes {
        let reason = words.find(&format!("document-vat-{}", tax.treatment.code().replace('_', "-")), &args![]);
        if let Some(reason) = reason {
            sheet.skip(6.0);
            sheet.paragraph(SMALL, &format!("{reason} ({})", tax.treatment.law()));
        }
    }
    if let Some(vat) = legal.national_vat {
        let said = words.with(
            "document-exchange-rate",
            args![
                currency => vat.rate.currency.as_str(),
                rate => words.decimal_millionths(vat.rate.micros),
                date => words.date(vat.rate.day),
                source => vat.rate.source.as_str(),
            ],
        );
        sheet.paragraph(SMALL, &said);
    }
    for evidence in legal.evidence(words) {
        sheet.paragraph(SMALL, &evidence);
    }
}

fn tax_label(words: Words, tax: &Tax) -> String {
    words.with(
        "document-sum-vat",
        args![rate => words.percent(tax.rate), base => words.money(tax.base), country => tax.country.to_string()],
    )
}

fn payment(sheet: &mut Sheet, words: Words, legal: &Legal<'_>, bank: &Bank) {
    sheet.make_room(110.0);
    sheet.skip(16.0);
    sheet.paragraph(STRONG, &words.t("document-pay-title"));
    let due = legal.due_on.unwrap_or(legal.issued_on);
    let sentence = words.with(
        "document-pay",
        args![amount => words.money(legal.sums.total), due => words.date(due), number => legal.number],
    );
    sheet.paragraph(BODY, &sentence);
    transfer(sheet, words, bank, legal.number);
}

/// The account, and the reference that a machine can read.
pub fn transfer(sheet: &mut Sheet, words: Words, bank: &Bank, number: &str) {
    let account = words
        .with("document-bank", args![name => bank.name.as_str(), iban => bank.iban.as_str(), bic => bank.bic.as_str()]);
    sheet.paragraph(BODY, &account);
    let reference = payment_reference::spaced(&payment_reference::of_number(number));
    sheet.paragraph(BODY, &words.with("document-payment-reference", args![reference => reference]));
}
