//! The same document for machines: EN 16931 as CII, as UBL for Peppol, and inside the PDF (Factur-X, ZUGFeRD).
//!
//! Figures are those of the document and are never reckoned anew; the standard's rules are held against them, and
//! nothing is written that breaks one.

use std::time::{Duration, SystemTime};

use chrono::{Datelike, NaiveDate};
use domain::{
    invoice::{Line, Party, Tax},
    money::{BasisPoints, Money},
    payment_reference,
    vat::Treatment,
};
use en16931::{
    Date, DocumentKind, DocumentReference, Identifier, Invoice, InvoiceAmount, InvoiceLine, Percentage, Quantity,
    UnitPriceAmount, Validated,
    invoice::{
        self as model, Code, Delivery, DocumentTotals, InvoiceNote, Item, LineAllowanceCharge, LineVat,
        PaymentInstructions, PaymentMeans, Period, PostalAddress, PrecedingInvoice, PriceDetails, VatBreakdown,
    },
    profiles::{En16931, PeppolBis3},
    validation::profile::{ProfileMarker, Rejected},
};
use en16931_formats::{
    Syntax,
    zugferd::{self, EmbedOptions, Metadata},
};
use rust_decimal::Decimal;
use text::{Words, args};

use crate::{
    Error,
    endpoint::endpoint,
    legal::{Legal, Paper},
    sheet::About,
};

/// Peppol's name of billing by invoice.
const PEPPOL_BILLING: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
const EURO: &str = "EUR";
const SECONDS_PER_HOUR: i64 = 3_600;

/// Cross Industry Invoice, as it is inside the PDF.
pub fn cii(legal: &Legal<'_>, words: Words) -> Result<String, Error> {
    let proof: Validated<En16931> = proven(model(legal, words)?)?;
    Ok(en16931_formats::write(&proof, Syntax::Cii).xml)
}

/// UBL: Peppol BIS Billing 3.0 where both sides have an address there, else plain EN 16931.
pub fn ubl(legal: &Legal<'_>, words: Words) -> Result<String, Error> {
    let mut invoice = model(legal, words)?;
    let is_reachable = [&invoice.seller, &invoice.buyer].iter().all(|party| party.electronic_address.is_some());
    if !is_reachable {
        let proof: Validated<En16931> = proven(invoice)?;
        return Ok(en16931_formats::write(&proof, Syntax::Ubl).xml);
    }
    invoice.business_process = Some(PEPPOL_BILLING.to_owned());
    let proof: Validated<PeppolBis3> = proven(invoice)?;
    Ok(en16931_formats::write(&proof, Syntax::Ubl).xml)
}

/// The PDF with the CII file inside.
pub fn hybrid(pdf: &[u8], legal: &Legal<'_>, words: Words, about: &About) -> Result<Vec<u8>, Error> {
    let proof: Validated<En16931> = proven(model(legal, words)?)?;
    let since_1970 = about.on.signed_duration_since(NaiveDate::default()).num_seconds();
    let since_1970 = Duration::from_secs(u64::try_from(since_1970).unwrap_or_default());
    let title = about.title.clone();
    let options = EmbedOptions {
        metadata: Some(Metadata { subject: title.clone(), title, author: about.author.clone() }),
        modified: Some(SystemTime::UNIX_EPOCH + since_1970),
        ..EmbedOptions::default()
    };
    zugferd::embed(pdf, &proof, &options).map_err(|error| Error::Pdf(error.to_string()))
}

fn proven<P: ProfileMarker>(mut invoice: Invoice) -> Result<Validated<P>, Error> {
    invoice.specification_id = Some(P::PROFILE.specification_id.to_owned());
    Validated::new(invoice).map_err(|rejected: Rejected| {
        let broken: Vec<String> = rejected.report().fatal().map(ToString::to_string).collect();
        Error::Rules(broken.join("; "))
    })
}

fn model(legal: &Legal<'_>, words: Words) -> Result<Invoice, Error> {
    let type_code = match legal.paper {
        Paper::Invoice => "380",
        Paper::CreditNote => "381",
        Paper::Statement | Paper::Withdrawal => return Err(Error::NotAnInvoice),
    };
    // One treatment a document: `domain::invoice::build` makes no other.
    let tax = legal.sums.taxes.first().ok_or(Error::NotAnInvoice)?;
    let mut invoice = Invoice::builder("", legal.number, date(legal.issued_on)?, type_code, EURO).build();
    if legal.paper == Paper::CreditNote {
        invoice.kind = DocumentKind::CreditNote;
    }
    invoice.due_date = legal.due_on.map(date).transpose()?;
    invoice.buyer_reference = legal.sums.lines.first().map(|line| line.reference.clone());
    invoice.notes = note(legal, tax, words).into_iter().collect();
    if let Some(preceding) = legal.preceding {
        let reference = DocumentReference::new(preceding.number.as_str());
        invoice.preceding_invoices = vec![PrecedingInvoice { reference, issue_date: Some(date(preceding.issued_on)?) }];
    }
    let is_outside = tax.treatment.category() == "O";
    invoice.seller = party(legal.supplier, is_outside, words)?;
    invoice.buyer = party(legal.customer, is_outside, words)?;
    invoice.delivery = Some(Delivery { date: Some(date(legal.last_day)?), ..Delivery::default() });
    invoice.invoicing_period = Some(period(legal.first_day, legal.last_day)?);
    invoice.payment = payment(legal);
    for (line, position) in legal.sums.lines.iter().zip(1_u32..) {
        invoice.lines.push(self::line(line, position, tax, words)?);
    }
    invoice.vat_breakdown = legal.sums.taxes.iter().map(|tax| breakdown(tax, words)).collect();
    let national = legal.national_vat;
    invoice.vat_accounting_currency = national.map(|vat| Code::new(vat.rate.currency.as_str()));
    invoice.totals = DocumentTotals {
        line_total: amount(legal.sums.own),
        taxable_total: amount(legal.sums.own),
        vat_total: Some(amount(legal.sums.vat)),
        vat_total_accounting: national.map(|vat| InvoiceAmount::from_minor_units(vat.hundredths)),
        gross_total: amount(legal.sums.total),
        due: amount(legal.sums.total),
        ..DocumentTotals::default()
    };
    Ok(invoice)
}

/// What the standard has no place for, in words: one note, since Peppol takes no more (PEPPOL-EN16931-R002).
fn note(legal: &Legal<'_>, tax: &Tax, words: Words) -> Option<InvoiceNote> {
    let mut said = Vec::new();
    if let Some((cause, reason)) = legal.cause {
        said.push(words.credit_cause(cause, reason));
    }
    if tax.treatment == Treatment::CustomerRate {
        said.push(reason(tax, words));
    }
    said.extend(legal.evidence(words));
    (!said.is_empty()).then(|| InvoiceNote::from(said.join("\n")))
}

fn party(party: &Party, is_outside: bool, words: Words) -> Result<model::Party, Error> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let address = PostalAddress {
        line1: said(&party.street),
        city: said(&party.city),
        post_code: said(&party.postcode),
        country: Some(Code::new(party.country.as_str())),
        ..PostalAddress::default()
    };
    let mut made = model::Party::new(party.name.trim(), address);
    made.legal_registration = party.registration.as_deref().and_then(said).map(Identifier::new);
    made.electronic_address = endpoint(party)
        .map(|(scheme, id)| Identifier::eas(id, scheme))
        .transpose()
        .map_err(|error| Error::Rules(error.to_string()))?;
    if let Some(id) = &party.vat_id {
        // What is not subject to VAT may carry no VAT number in its place (BR-O-02), but Art. 226(3) wants it said.
        if is_outside {
            made.additional_legal_information = Some(words.with("document-vat-id", args![id => id.as_str()]));
        } else {
            made.vat_identifier = Some(id.clone());
        }
    }
    Ok(made)
}

fn payment(legal: &Legal<'_>) -> Option<PaymentInstructions> {
    let bank = legal.bank?;
    let plain = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    let mut made = PaymentInstructions::sepa_credit_transfer(plain(&bank.iban), Some(&plain(&bank.bic)));
    if let Some(PaymentMeans::CreditTransfer(transfers)) = &mut made.means {
        for transfer in transfers {
            transfer.account_name = Some(bank.name.clone());
        }
    }
    let reference = payment_reference::of_number(legal.number);
    made.remittance_information = Some(format!("{} {reference}", legal.number));
    Some(made)
}

/// List price times time less the subsidy is the own share: all three are to be seen.
fn line(line: &Line, position: u32, tax: &Tax, words: Words) -> Result<InvoiceLine, Error> {
    let name = words.with("document-line", args![model => line.model.code(), site => line.site.as_str()]);
    let rate = line_rate(tax);
    let (quantity, unit, base) = quantity(line.gpu_time.as_seconds());
    let mut made =
        InvoiceLine::new(position.to_string(), "", quantity, unit, amount(line.own), tax.treatment.category(), rate);
    made.price = PriceDetails {
        net_price: UnitPriceAmount::new(Decimal::new(line.list_rate.as_micro_euro(), 6).normalize()),
        base_quantity_code: base.map(|_| Code::new(unit)),
        base_quantity: base,
        ..PriceDetails::default()
    };
    made.item = Item { name: Some(name), description: Some(line.reference.clone()), ..Item::default() };
    made.period = Some(period(line.first_day, line.last_day)?);
    made.vat = LineVat { category: Code::new(tax.treatment.category()), rate };
    if !line.subsidy.is_zero() {
        made.allowances.push(LineAllowanceCharge {
            amount: amount(line.subsidy),
            base_amount: Some(amount(line.list)),
            percentage: Some(percentage(line.subsidy_share)),
            reason: Some(words.t(if line.is_funders {
                "document-company-reason"
            } else {
                "document-column-subsidy-reason"
            })),
            reason_code: None,
        });
    }
    Ok(made)
}

/// Hours where they can be written down exactly, else seconds priced by the 3,600.
fn quantity(seconds: i64) -> (Quantity, &'static str, Option<Quantity>) {
    const FOUR_PLACES: i64 = 10_000;
    if seconds % 9 == 0
        && let Some(parts) = seconds.checked_mul(FOUR_PLACES)
    {
        return (Quantity::new(Decimal::new(parts / SECONDS_PER_HOUR, 4).normalize()), "HUR", None);
    }
    (Quantity::new(Decimal::from(seconds)), "SEC", Some(Quantity::new(Decimal::from(SECONDS_PER_HOUR))))
}

/// Nothing for what is not subject to VAT (BR-O-05), nought for what is not charged.
fn line_rate(tax: &Tax) -> Option<Percentage> {
    (tax.treatment.category() != "O").then(|| percentage(tax.rate))
}

fn breakdown(tax: &Tax, words: Words) -> VatBreakdown {
    let code = match tax.treatment {
        Treatment::Domestic | Treatment::CustomerRate => None,
        Treatment::ReverseCharge => Some("VATEX-EU-AE"),
        Treatment::OutsideScope | Treatment::OutsideVatArea | Treatment::ThirdParty => Some("VATEX-EU-O"),
        Treatment::Exempt => Some("VATEX-EU-151"),
    };
    VatBreakdown {
        taxable_amount: amount(tax.base),
        tax_amount: amount(tax.vat),
        category: Code::new(tax.treatment.category()),
        rate: line_rate(tax),
        exemption_reason: code.map(|_| reason(tax, words)),
        exemption_reason_code: code.map(Code::new),
    }
}

/// Why it is taxed as it is, with the law.
fn reason(tax: &Tax, words: Words) -> String {
    let key = format!("document-vat-{}", tax.treatment.code().replace('_', "-"));
    let reason = words.find(&key, &args![]).unwrap_or_default();
    format!("{reason} ({})", tax.treatment.law())
}

fn period(first: NaiveDate, last: NaiveDate) -> Result<Period, Error> {
    Ok(Period { start: Some(date(first)?), end: Some(date(last)?) })
}

fn date(day: NaiveDate) -> Result<Date, Error> {
    let (month, of_month) = (u8::try_from(day.month()), u8::try_from(day.day()));
    let date = Date::new(day.year(), month.unwrap_or_default(), of_month.unwrap_or_default());
    date.map_err(|error| Error::Rules(error.to_string()))
}

fn amount(money: Money) -> InvoiceAmount {
    InvoiceAmount::from_minor_units(money.as_cents())
}

fn percentage(share: BasisPoints) -> Percentage {
    Percentage::new(Decimal::new(i64::from(share.get()), 2).normalize())
}
