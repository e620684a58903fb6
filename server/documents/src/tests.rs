//! Documents read back by a machine, and samples for people to look at.

use chrono::NaiveDate;
use domain::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, PanelItemId},
    invoice::{self, Bank, Issued, Party, Terms, Use},
    money::{BasisPoints, Money, Rate},
    panel::{
        Minutes, Outcome, Role,
        minutes::{Addendum, Attendance, Item},
    },
    vat::{Applied, Treatment},
};
use lopdf::Document;
use text::Locale;

use crate::{Letter, Receipt};

pub fn day(m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, m, d).unwrap()
}

pub fn party(name: &str) -> Party {
    Party {
        name: name.to_owned(),
        street: "Οδός Αθηνάς 12".to_owned(),
        postcode: "1000".to_owned(),
        city: "София".to_owned(),
        country: "BG".to_owned(),
        vat_id: Some("BG123456789".to_owned()),
        registration: Some("HRB 4711".to_owned()),
    }
}

pub fn issued(lines: usize, share: i32, treatment: Treatment, rate: i32) -> Issued {
    let used = Use {
        allocation: AllocationId::from_uuid(uuid::Uuid::from_u128(7)),
        reference: "GH-PG-2026-00042".to_owned(),
        site: "Łódź Lumen".to_owned(),
        model: GpuModel::H100,
        first_day: day(11, 1),
        last_day: day(11, 30),
        gpu_time: GpuTime::seconds(1_440_000),
        terms: Terms {
            list_rate: Rate::micro_euro(2_500_000),
            subsidy_share: BasisPoints::new(share),
            pot: "union".to_owned(),
            regime: "de_minimis".to_owned(),
            is_split: false,
        },
    };
    let vat = Applied { treatment, rate: BasisPoints::new(rate), country: Country::from_code("DE").unwrap() };
    let sums = invoice::build(&vec![used; lines], vat).unwrap().unwrap();
    Issued {
        number: "GH-INV-2026-00042".to_owned(),
        issued_on: day(12, 1),
        due_on: (share < 10_000).then(|| day(12, 31)),
        first_day: day(11, 1),
        last_day: day(11, 30),
        supplier: party("Gigahours"),
        bank: Bank {
            iban: "LU28 0019 4006 4475 0000".to_owned(),
            bic: "BCEELULL".to_owned(),
            name: "Gigahours".to_owned(),
        },
        customer: party("Früh & Ñandú Çelik Žižkov s.r.o."),
        vat_evidence: None,
        corrects: None,
        national_vat: None,
        vat_check: None,
        shares: None,
        sums,
    }
}

/// The text of every page, and how many there are.
pub fn read(pdf: &[u8]) -> (String, usize) {
    let document = Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    (document.extract_text(&pages).unwrap().replace('\n', " "), pages.len())
}

#[test]
fn an_invoice_can_be_read_by_machines_in_both_languages() {
    let issued = issued(1, 6_000, Treatment::Domestic, 1_900);
    let (english, pages) = read(&crate::invoice(&issued, Locale::En).unwrap());
    assert_eq!(pages, 1);
    for part in [
        "Invoice GH-INV-2026-00042",
        "Früh & Ñandú Çelik Žižkov s.r.o.",
        "Οδός Αθηνάς 12",
        "1000 София",
        "Bulgaria",
        "Łódź Lumen",
        "H100",
        "1,000.00",
        "600.00",
        "400.00",
        "76.00",
        "€476.00",
        "31 December 2026",
        "BG123456789",
        "LU28 0019 4006 4475 0000",
        "Page 1 of 1",
    ] {
        assert!(english.contains(part), "{part} is not in: {english}");
    }
    let (french, _) = read(&crate::invoice(&issued, Locale::Fr).unwrap());
    for part in ["Facture GH-INV-2026-00042", "476,00", "31 décembre 2026", "Page 1 sur 1"] {
        assert!(french.contains(part), "{part} is not in: {french}");
    }
    assert!(!english.contains("document-") && !french.contains("document-"), "a key without words");
}

#[test]
fn a_reverse_charge_says_so() {
    let (text, _) = read(&crate::invoice(&issued(1, 6_000, Treatment::ReverseCharge, 0), Locale::En).unwrap());
    assert!(text.contains("Reverse charge") && text.contains("Art. 44, 196"), "{text}");
}

#[test]
fn a_statement_of_aid_asks_for_no_money() {
    let (text, _) = read(&crate::invoice(&issued(1, 10_000, Treatment::Domestic, 1_900), Locale::En).unwrap());
    assert!(text.contains("Statement of aid"), "{text}");
    assert!(!text.contains("IBAN") && !text.contains("VAT 19"), "{text}");
}

#[test]
fn many_lines_run_over_pages_that_are_numbered_and_headed() {
    let pdf = crate::invoice(&issued(60, 6_000, Treatment::Domestic, 1_900), Locale::En).unwrap();
    let (text, pages) = read(&pdf);
    assert!(pages > 2, "{pages} pages");
    assert!(text.contains(&format!("Page {pages} of {pages}")));
    assert!(text.matches("Own share").count() >= pages, "the head of the table is on every page");
    assert_eq!(text.matches("GH-PG-2026-00042").count(), 60, "no line is lost");
    assert!(pdf.len() < 100_000, "{} bytes", pdf.len());
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let issued = issued(3, 6_000, Treatment::Domestic, 1_900);
    assert_eq!(crate::invoice(&issued, Locale::Fr).unwrap(), crate::invoice(&issued, Locale::Fr).unwrap());
}

#[test]
fn a_letter_says_its_paragraphs_its_figures_and_what_they_come_to() {
    let issued = issued(1, 6_000, Treatment::Domestic, 1_900);
    let line = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let letter = Letter {
        title: "Quote GH-Q-2026-00001, version 2".to_owned(),
        on: day(12, 8),
        from: issued.supplier,
        to: issued.customer,
        paragraphs: vec!["These prices stand until 7 January 2027.".to_owned()],
        facts: vec![line("GPU", "H100"), line("Site", "Any site")],
        sums: vec![line("List price", "€1,000.00"), line("To pay", "€476.00")],
    };
    for locale in Locale::ALL {
        let (text, pages) = read(&crate::letter(&letter, locale).unwrap());
        assert_eq!(pages, 1);
        for said in ["Quote GH-Q-2026-00001", "stand until 7 January 2027", "H100", "Any site", "€1,000.00", "€476.00"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    let bare = Letter { facts: vec![], sums: vec![], ..letter };
    assert!(!read(&crate::letter(&bare, Locale::En).unwrap()).0.contains("H100"));
}

#[test]
fn a_receipt_names_its_invoice_and_what_is_left() {
    let receipt = Receipt {
        number: "GH-RCT-2026-00007".to_owned(),
        paid_on: day(12, 8),
        received: Money::cents(47_600),
        refunded: Money::cents(1_000),
        claim: Money::cents(4_047),
        invoice_number: "GH-INV-2026-00042".to_owned(),
        invoice_total: Money::cents(47_600),
        outstanding: Money::ZERO,
        supplier: party("Gigahours"),
        customer: party("Früh"),
    };
    for (locale, title) in [(Locale::En, "Receipt GH-RCT-2026-00007"), (Locale::Fr, "Reçu GH-RCT-2026-00007")] {
        let (text, pages) = read(&crate::receipt(&receipt, locale).unwrap());
        assert_eq!(pages, 1);
        assert!(text.contains(title) && text.contains("GH-INV-2026-00042") && !text.contains("document-"), "{text}");
        assert!(text.contains("40.47") || text.contains("40,47"), "{text}");
    }
}

/// Not a check: writes samples for people to look at, to the folder named by `DOCUMENT_SAMPLES`.
#[test]
#[expect(clippy::disallowed_methods, reason = "asked for by whoever runs this test")]
fn samples_to_look_at() {
    let Ok(folder) = std::env::var("DOCUMENT_SAMPLES") else { return };
    for (name, issued) in [
        ("invoice", issued(3, 6_000, Treatment::Domestic, 1_900)),
        ("reverse", issued(1, 6_250, Treatment::ReverseCharge, 0)),
        ("statement", issued(1, 10_000, Treatment::Domestic, 1_900)),
        ("long", issued(60, 6_000, Treatment::Domestic, 1_900)),
    ] {
        for locale in Locale::ALL {
            std::fs::write(format!("{folder}/{name}-{locale}.pdf"), crate::invoice(&issued, locale).unwrap()).unwrap();
        }
    }
}

#[test]
fn minutes_name_who_was_there_who_left_and_what_was_added() {
    let item = |number: u128, left: &[&str]| Item {
        id: PanelItemId::from_uuid(uuid::Uuid::from_u128(number)),
        application: ApplicationId::from_uuid(uuid::Uuid::from_u128(number)),
        reference: format!("GH-LS-2026-{number:05}"),
        organisation: "Früh & Ñandú s.r.o.".to_owned(),
        left: left.iter().map(|name| (*name).to_owned()).collect(),
        place: 1,
        mean: Some(433),
        reviews: 3,
        requested: GpuTime::hours(60_000).unwrap(),
        requested_tb: Some(20),
        outcome: Outcome::Award,
        recommended: GpuTime::hours(40_000).unwrap(),
        recommended_tb: Some(10),
        reasons: "Sound and ready to begin.".to_owned(),
    };
    let minutes = Minutes {
        name: "Expert panel".to_owned(),
        held_on: day(11, 24),
        opened_at: None,
        closed_at: "2026-11-24T15:00:00Z".parse().unwrap(),
        attendance: vec![
            Attendance { name: "Petra Pavlova".to_owned(), role: Role::Chair, is_present: true },
            Attendance { name: "Piet Peeters".to_owned(), role: Role::Member, is_present: false },
        ],
        items: (1..=30).map(|number| item(number, if number == 1 { &["Piet Peeters"] } else { &[] })).collect(),
    };
    let addendum = Addendum {
        about: Some("GH-LS-2026-00001".to_owned()),
        text: "The hours are forty thousand.".to_owned(),
        role: Some(Role::Chair),
        written_at: "2026-11-25T09:00:00Z".parse().unwrap(),
    };
    let (english, pages) = read(&crate::minutes(&minutes, std::slice::from_ref(&addendum), Locale::En).unwrap());
    assert!(pages > 1, "thirty applications need more than one page");
    for words in ["Expert panel", "Petra Pavlova", "Chair", "GH-LS-2026-00030", "Left the room", "40,000", "Addenda"] {
        assert!(english.contains(words), "{words} is in {english}");
    }
    let (french, _) = read(&crate::minutes(&minutes, &[addendum], Locale::Fr).unwrap());
    assert!(french.contains("Procès-verbal") && french.contains("Présidence"), "{french}");
}
