//! The structured forms, read back by the library that validates them; credit notes and reminders as text.

use domain::{
    credit_note::{Before, Cause, CreditNote, Part, all_left, credit},
    exchange::{ExchangeRate, NationalVat},
    gpu::GpuTime,
    invoice::{Issued, Reference},
    money::Money,
    vat::Treatment,
};
use en16931_formats::zugferd;
use text::Locale;

use super::tests::{day, issued, party, read};
use crate::{Error, Form, Reminder, Tone};

fn taken_back(original: &Issued, parts: &[Part]) -> CreditNote {
    let made = credit(original, &Before::default(), parts).unwrap();
    CreditNote {
        number: "GH-CRN-2026-00007".to_owned(),
        issued_on: day(12, 4),
        original: original.reference(),
        cause: Cause::Downtime,
        reason: "The cooling failed.".to_owned(),
        first_day: original.first_day,
        last_day: original.last_day,
        supplier: original.supplier.clone(),
        customer: original.customer.clone(),
        positions: made.positions,
        sums: made.sums,
        national_vat: made.national_vat,
    }
}

fn xml(issued: &Issued, form: Form) -> String {
    String::from_utf8(crate::invoice_as(issued, form, Locale::En).unwrap()).unwrap()
}

#[test]
fn every_treatment_has_both_structured_forms_with_its_category() {
    for treatment in Treatment::ALL {
        let rate = if treatment.is_charged() { 1_900 } else { 0 };
        let issued = issued(2, 6_000, treatment, rate);
        crate::check(&issued).unwrap();
        for form in [Form::Cii, Form::Ubl] {
            let xml = xml(&issued, form);
            let read = en16931_formats::read(xml.as_bytes()).unwrap().invoice;
            let [breakdown] = &read.vat_breakdown[..] else { panic!("one VAT") };
            assert_eq!(breakdown.category.as_str(), treatment.category(), "{treatment:?} {form:?}");
            assert_eq!(read.totals.due.to_minor_units(), issued.sums.total.as_cents());
            assert_eq!(breakdown.has_exemption_reason(), !treatment.is_charged());
            // What is outside the scope may not carry VAT numbers where others must (BR-O-02).
            assert_eq!(read.seller.vat_identifier.is_none(), treatment.category() == "O");
            let payment = read.payment.unwrap();
            assert_eq!(payment.account_identifier(), Some("LU280019400644750000"));
            assert_eq!(payment.remittance_information.as_deref(), Some("GH-INV-2026-00042 RF19GHINV202600042"));
        }
    }
}

#[test]
fn list_price_subsidy_and_own_share_are_all_in_the_file() {
    let read = en16931_formats::read(xml(&issued(1, 6_000, Treatment::Domestic, 1_900), Form::Ubl).as_bytes()).unwrap();
    let line = &read.invoice.lines[0];
    let allowance = &line.allowances[0];
    assert_eq!(allowance.base_amount.unwrap().to_string(), "1000.00");
    assert_eq!((allowance.amount.to_string(), line.net_amount.to_string()), ("600.00".to_owned(), "400.00".to_owned()));
    assert_eq!((line.quantity.to_string(), line.unit_code.as_str()), ("400".to_owned(), "HUR"));
    assert_eq!(line.price.net_price.to_string(), "2.5");
    let peppol = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
    assert_eq!(read.invoice.specification_id.as_deref(), Some(peppol));
    assert_eq!(read.invoice.buyer.electronic_address.unwrap().scheme(), Some("9926"));
}

#[test]
fn a_customer_that_peppol_cannot_reach_gets_plain_ubl() {
    let mut issued = issued(1, 6_000, Treatment::OutsideScope, 0);
    issued.customer.vat_id = None;
    issued.customer.country = "UA".to_owned();
    let read = en16931_formats::read(xml(&issued, Form::Ubl).as_bytes()).unwrap();
    assert_eq!(read.invoice.specification_id.as_deref(), Some("urn:cen.eu:en16931:2017"));
}

#[test]
fn the_pdf_carries_the_cii_file_and_says_so() {
    let issued = issued(3, 6_000, Treatment::ReverseCharge, 0);
    for locale in Locale::ALL {
        let pdf = crate::invoice(&issued, locale).unwrap();
        let inside = zugferd::extract(&pdf, &zugferd::Limits::default()).unwrap();
        assert_eq!(inside.xml, crate::invoice_as(&issued, Form::Cii, locale).unwrap());
        assert!(inside.divergence.is_empty(), "{:?}", inside.divergence);
    }
    let statement = issued_free();
    let inside = zugferd::extract(&crate::invoice(&statement, Locale::En).unwrap(), &zugferd::Limits::default());
    assert!(inside.is_err(), "a statement of aid is no invoice");
    let refused = crate::invoice_as(&statement, Form::Cii, Locale::En);
    assert!(matches!(refused, Err(Error::NotAnInvoice)), "{refused:?}");
}

fn issued_free() -> Issued {
    issued(1, 10_000, Treatment::Domestic, 1_900)
}

#[test]
fn what_breaks_the_rules_is_not_written() {
    let mut issued = issued(1, 6_000, Treatment::Domestic, 1_900);
    issued.sums.total = Money::cents(1);
    let Err(Error::Rules(broken)) = crate::check(&issued) else { panic!("a wrong total passed") };
    assert!(broken.contains("BR-CO-15"), "{broken}");
}

#[test]
fn vat_owed_elsewhere_is_in_that_states_currency_too() {
    let mut issued = issued(1, 6_000, Treatment::CustomerRate, 2_500);
    let rate =
        ExchangeRate { currency: "SEK".to_owned(), day: day(11, 30), micros: 11_051_500, source: "ECB".to_owned() };
    issued.national_vat = Some(NationalVat::of(issued.sums.vat, rate).unwrap());
    let (text, _) = read(&crate::invoice(&issued, Locale::En).unwrap());
    assert!(text.contains("1,105.15") && text.contains("11.0515 SEK"), "{text}");
    for form in [Form::Cii, Form::Ubl] {
        let read = en16931_formats::read(xml(&issued, form).as_bytes()).unwrap().invoice;
        assert_eq!(read.vat_accounting_currency.unwrap().as_str(), "SEK", "{form:?}");
        assert_eq!(read.totals.vat_total_accounting.unwrap().to_string(), "1105.15");
    }
}

#[test]
fn a_credit_note_names_its_invoice_and_why() {
    let original = issued(2, 6_000, Treatment::Domestic, 1_900);
    let note = taken_back(&original, &[Part { position: 2, gpu_time: GpuTime::seconds(12_345) }]);
    crate::check_credit_note(&note).unwrap();
    for (locale, words) in [
        (Locale::En, ["Credit note GH-CRN-2026-00007", "GH-INV-2026-00042 of 1 December 2026", "The site was down"]),
        (Locale::Fr, ["Avoir GH-CRN-2026-00007", "GH-INV-2026-00042 du 1er décembre 2026", "Le site était à l’arrêt"]),
    ] {
        let (text, _) = read(&crate::credit_note_as(&note, Form::Pdf, locale).unwrap());
        for part in words.into_iter().chain(["The cooling failed."]) {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("IBAN") && !text.contains("document-"), "{text}");
    }
    for form in [Form::Cii, Form::Ubl] {
        let xml = crate::credit_note_as(&note, form, Locale::En).unwrap();
        let read = en16931_formats::read(&xml).unwrap().invoice;
        assert_eq!(read.type_code.unwrap().as_str(), "381");
        assert_eq!(read.preceding_invoices[0].reference.as_str(), "GH-INV-2026-00042");
        assert_eq!(read.totals.due.to_minor_units(), note.sums.total.as_cents());
    }
}

#[test]
fn what_is_withdrawn_of_a_statement_is_no_credit_note() {
    let original = issued_free();
    let note = taken_back(&original, &all_left(&original, &Before::default()).unwrap());
    let (text, _) = read(&crate::credit_note_as(&note, Form::Pdf, Locale::En).unwrap());
    assert!(text.contains("Withdrawal GH-CRN-2026-00007") && !text.contains("Total credited"), "{text}");
    assert!(matches!(crate::credit_note_as(&note, Form::Ubl, Locale::En), Err(Error::NotAnInvoice)));
}

#[test]
fn reminders_speak_in_three_tones_and_say_how_to_pay() {
    for (tone, english) in
        Tone::ALL.into_iter().zip(["may have been overlooked", "in spite of our reminder", "two reminders"])
    {
        let reminder = Reminder {
            tone,
            issued_on: day(12, 31),
            invoice: Reference { number: "GH-INV-2026-00042".to_owned(), issued_on: day(12, 1) },
            due_on: day(12, 31),
            total: Money::cents(47_600),
            settled: Money::cents(7_600),
            interest: Money::cents(123),
            compensation: Money::cents(4_000),
            claimed: Money::cents(44_123),
            pay_by: day(12, 31),
            supplier: party("Gigahours"),
            bank: issued_free().bank,
            customer: party("Früh"),
        };
        let (text, pages) = read(&crate::reminder(&reminder, Locale::En).unwrap());
        // Where a line ends, two spaces are read.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(pages, 1);
        for part in [english, "€441.23", "€76.00", "€40.00", "RF19 GHIN V202 6000 42", "LU28"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        let (french, _) = read(&crate::reminder(&reminder, Locale::Fr).unwrap());
        assert!(french.contains("appel de la facture") && !french.contains("reminder-"), "{french}");
    }
}

#[test]
fn a_name_in_any_script_is_printed() {
    let mut issued = issued(1, 6_000, Treatment::OutsideScope, 0);
    issued.customer.name = "計算株式会社".to_owned();
    let (text, _) = read(&crate::invoice(&issued, Locale::En).unwrap());
    assert!(text.contains("Invoice GH-INV-2026-00042") && text.contains("Οδός Αθηνάς 12"), "{text}");
}
