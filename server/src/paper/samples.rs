//! Documents of every kind and VAT treatment, made of nothing but rules: fictional, numbered as no series of ours is.

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use documents::{Receipt, Reminder, Tone};
use domain::{
    country::Country,
    credit_note::{Before, Cause, CreditNote, Part, all_left, credit},
    exchange::{ExchangeRate, NationalVat, national_currency},
    gpu::{GpuModel, GpuTime},
    id::AllocationId,
    invoice::{self, Issued, Kind, Party, Shared, Terms, Use, taxing_state},
    money::{BasisPoints, Money, Rate},
    vat::{Applied, Evidence, Treatment, VatState, treatment},
};
use services::DocumentForm;
use text::Locale;

use super::Sheet;

/// Country, postcode, city, VAT number or none, register number, and what the register says of the VAT number.
type Place = (&'static str, &'static str, &'static str, Option<&'static str>, &'static str, VatState);

const DOMESTIC: Place = ("LU", "4361", "Esch-sur-Alzette", Some("LU99999883"), "B100001", VatState::Valid);
const REVERSE: Place = ("DE", "80331", "München", Some("DE999990002"), "HRB 4711", VatState::Valid);
const LOCAL: Place = ("FR", "69002", "Lyon", None, "999990005", VatState::Unchecked);
const SWEDISH: Place = ("SE", "411 01", "Göteborg", Some("SE559999900901"), "559999-9009", VatState::Invalid);
const FINNISH: Place = ("FI", "33100", "Tampere", None, "9999990-9", VatState::Unchecked);
const NORWEGIAN: Place = ("NO", "0150", "Oslo", None, "999 999 999", VatState::Unchecked);
const UKRAINIAN: Place = ("UA", "01001", "Київ", None, "12345678", VatState::Unchecked);
const MINISTRY: Place = ("FR", "75007", "Paris", None, "110 000 018 00012", VatState::Unchecked);
const CANARIAN: Place = ("ES", "38001", "Santa Cruz de Tenerife", Some("ESB99990004"), "B99990004", VatState::Valid);

/// Every sample in every form it has.
pub fn all(locale: Locale) -> anyhow::Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    let invoices = invoices()?;
    for (issued, code) in &invoices {
        forms(&mut sheets, issued.sums.kind, locale, (&issued.number, issued.sums.kind.code(), code), |form| {
            documents::invoice_as(issued, form, locale)
        })?;
    }
    for note in credit_notes(&invoices)? {
        let kind = if note.sums.kind == Kind::Invoice { "credit_note" } else { "withdrawal" };
        let code = note.sums.taxes.first().map_or("", |tax| tax.treatment.code());
        forms(&mut sheets, note.sums.kind, locale, (&note.number, kind, code), |form| {
            documents::credit_note_as(&note, form, locale)
        })?;
    }
    if let Some((issued, _)) = invoices.first() {
        letters(&mut sheets, issued, locale)?;
    }
    Ok(sheets)
}

fn forms(
    sheets: &mut Vec<Sheet>,
    kind: Kind,
    locale: Locale,
    (number, name, treatment): (&str, &'static str, &'static str),
    made: impl Fn(DocumentForm) -> Result<Vec<u8>, documents::Error>,
) -> anyhow::Result<()> {
    for form in DocumentForm::ALL {
        if kind == Kind::Invoice || form == DocumentForm::Pdf {
            let bytes = made(form)?;
            sheets.push(Sheet { number: number.to_owned(), kind: name, treatment, form, locale, bytes });
        }
    }
    Ok(())
}

fn invoices() -> anyhow::Result<Vec<(Issued, &'static str)>> {
    let hours = |hours: i64| GpuTime::seconds(hours * 3_600);
    let two = [(hours(400), 6_000), (hours(37), 2_500)];
    let mut made = Vec::new();
    let mut serial = 0;
    let mut add = |place: Place, exempt: bool, lines: &[(GpuTime, i32)]| -> anyhow::Result<()> {
        serial += 1;
        let issued = issued(serial, place, exempt, lines)?;
        let code = issued.sums.taxes.first().map_or("", |tax| tax.treatment.code());
        made.push((issued, code));
        Ok(())
    };
    add(DOMESTIC, false, &two)?;
    add(REVERSE, false, &two)?;
    add(LOCAL, false, &[(hours(400), 0)])?;
    add(SWEDISH, false, &two)?;
    // Seconds that no number of hours says exactly, at a rate of half a point.
    add(FINNISH, false, &[(GpuTime::seconds(1_234_567), 3_333), (GpuTime::seconds(1), 0)])?;
    add(NORWEGIAN, false, &two)?;
    add(UKRAINIAN, false, &two)?;
    add(CANARIAN, false, &two)?;
    add(REVERSE, true, &two)?;
    let many: Vec<_> = (1..=40).map(|number| (hours(number), 100 * i32::try_from(number).unwrap_or(0))).collect();
    add(DOMESTIC, false, &many)?;
    add(DOMESTIC, false, &[(hours(1_000), 10_000)])?;
    add(REVERSE, false, &[(hours(390), 6_000)])?;
    // The last takes the place of the second.
    let old = made.get(1).map(|(issued, _)| issued.reference());
    if let Some((last, _)) = made.last_mut() {
        last.corrects = old;
    }
    made.extend(split(13)?);
    Ok(made)
}

/// The company's and the funder's part of one invoice, where a call splits it.
fn split(serial: u32) -> anyhow::Result<[(Issued, &'static str); 2]> {
    let hours = |hours: i64| GpuTime::seconds(hours * 3_600);
    let mut company = issued(serial, LOCAL, false, &[(hours(400), 6_000), (GpuTime::seconds(1_234_567), 3_333)])?;
    for line in &mut company.sums.lines {
        line.is_split = true;
    }
    let country = Country::from_code(MINISTRY.0).context("a country")?;
    let mut funder = company.clone();
    funder.number = format!("GH-SAMPLE-FND-2026-{serial:05}");
    funder.customer = Party { name: "Ministère de l’Innovation <démo>".to_owned(), ..customer(MINISTRY) };
    funder.sums = invoice::funder_share(&company.sums.lines, "union", country)?.context("a share")?;
    funder.national_vat = None;
    funder.shares = Some(Shared { document: company.reference(), company: company.customer.name.clone() });
    let code = |issued: &Issued| issued.sums.taxes.first().map_or("", |tax| tax.treatment.code());
    let (of_company, of_funder) = (code(&company), code(&funder));
    Ok([(company, of_company), (funder, of_funder)])
}

fn issued(serial: u32, place: Place, exempt: bool, lines: &[(GpuTime, i32)]) -> anyhow::Result<Issued> {
    let (country, postcode, _, _, _, state) = place;
    let home = Country::from_code("LU").context("Luxembourg")?;
    let country = Country::from_code(country).context("a country")?;
    let last_day = day(11, 30);
    let mut applied = treatment(home, country, state, postcode, last_day);
    if exempt {
        applied = Applied { treatment: Treatment::Exempt, rate: BasisPoints::ZERO, country };
    }
    let uses: Vec<Use> = lines.iter().map(|(time, share)| used(*time, *share)).collect();
    let sums = invoice::build(&uses, applied)?.context("lines")?;
    let currency = taxing_state(&sums).and_then(|state| national_currency(state, last_day));
    let national_vat = currency.map(|currency| {
        let source = "ECB (demonstration figure)".to_owned();
        NationalVat::of(
            sums.vat,
            ExchangeRate { currency: currency.to_owned(), day: last_day, micros: 11_051_500, source },
        )
    });
    let is_reverse = applied.treatment == Treatment::ReverseCharge;
    let at: DateTime<Utc> = "2026-12-01T06:00:00Z".parse()?;
    let consultation = is_reverse.then(|| "WAPIAAAAZsample".to_owned());
    let (supplier, bank) = services::supplier();
    Ok(Issued {
        number: format!("GH-SAMPLE-2026-{serial:05}"),
        issued_on: day(12, 1),
        due_on: (sums.kind == Kind::Invoice).then(|| invoice::due_on(day(12, 1))),
        first_day: day(11, 1),
        last_day,
        supplier,
        bank,
        customer: customer(place),
        vat_evidence: consultation.clone(),
        corrects: None,
        national_vat: national_vat.transpose()?,
        vat_check: is_reverse.then_some(Evidence { state, answered_at: Some(at), consultation, is_last_known: false }),
        sums,
        shares: None,
    })
}

fn customer((country, postcode, city, vat_id, register, _): Place) -> Party {
    Party {
        name: "Früh & Ñandú Çelik Žižkov".to_owned(),
        street: "Example street 12 <b>".to_owned(),
        postcode: postcode.to_owned(),
        city: city.to_owned(),
        country: country.to_owned(),
        vat_id: vat_id.map(str::to_owned),
        registration: Some(register.to_owned()),
    }
}

fn used(gpu_time: GpuTime, share: i32) -> Use {
    Use {
        allocation: AllocationId::from_uuid(uuid::Uuid::nil()),
        reference: "GH-PG-2026-00042".to_owned(),
        site: "Łódź Lumen (demo)".to_owned(),
        model: GpuModel::H100,
        first_day: day(11, 1),
        last_day: day(11, 30),
        gpu_time,
        terms: Terms {
            list_rate: Rate::micro_euro(2_512_345),
            subsidy_share: BasisPoints::new(share),
            pot: "union".to_owned(),
            regime: "union_resources".to_owned(),
            is_split: false,
        },
    }
}

/// Of each treatment a part and, of the first and of the statement, all.
fn credit_notes(invoices: &[(Issued, &'static str)]) -> anyhow::Result<Vec<CreditNote>> {
    let mut notes = Vec::new();
    let mut serial = 0;
    let mut seen = Vec::new();
    for (issued, code) in invoices {
        if seen.contains(code) {
            continue;
        }
        let is_whole = seen.is_empty() || issued.sums.kind == Kind::Statement;
        seen.push(*code);
        serial += 1;
        let before = Before::default();
        let parts = if is_whole {
            all_left(issued, &before)?
        } else {
            vec![Part { position: 1, gpu_time: GpuTime::seconds(12_345) }]
        };
        let made = credit(issued, &before, &parts)?;
        let (cause, reason) = match is_whole {
            true => (Cause::Correction, String::new()),
            false => (Cause::Downtime, "The cooling of the hall failed on 12 November.".to_owned()),
        };
        notes.push(CreditNote {
            number: format!("GH-SAMPLE-CRN-2026-{serial:05}"),
            issued_on: day(12, 4),
            original: issued.reference(),
            cause,
            reason,
            first_day: issued.first_day,
            last_day: issued.last_day,
            supplier: issued.supplier.clone(),
            customer: issued.customer.clone(),
            positions: made.positions,
            sums: made.sums,
            national_vat: made.national_vat,
        });
    }
    Ok(notes)
}

fn letters(sheets: &mut Vec<Sheet>, issued: &Issued, locale: Locale) -> anyhow::Result<()> {
    let mut put = |number: String, kind: &'static str, bytes: Vec<u8>| {
        sheets.push(Sheet { number, kind, treatment: "", form: DocumentForm::Pdf, locale, bytes });
    };
    let (half, compensation) = (Money::cents(10_000), Money::cents(4_000));
    let receipt = Receipt {
        number: "GH-SAMPLE-RCT-2026-00001".to_owned(),
        paid_on: day(12, 20),
        received: half,
        refunded: Money::ZERO,
        claim: Money::ZERO,
        invoice_number: issued.number.clone(),
        invoice_total: issued.sums.total,
        outstanding: invoice::unpaid(issued.sums.total, half),
        supplier: issued.supplier.clone(),
        customer: issued.customer.clone(),
    };
    put(receipt.number.clone(), "receipt", documents::receipt(&receipt, locale)?);
    for (tone, serial) in Tone::ALL.into_iter().zip(1_u32..) {
        let is_final = tone == Tone::Final;
        let left = invoice::unpaid(issued.sums.total, half);
        let extra = if is_final { compensation } else { Money::ZERO };
        let reminder = Reminder {
            tone,
            issued_on: day(12, 31),
            invoice: issued.reference(),
            due_on: issued.due_on.unwrap_or(issued.issued_on),
            total: issued.sums.total,
            settled: half,
            interest: Money::ZERO,
            compensation: extra,
            claimed: left.checked_add(extra)?,
            pay_by: day(12, 31) + chrono::Days::new(10),
            supplier: issued.supplier.clone(),
            bank: issued.bank.clone(),
            customer: issued.customer.clone(),
        };
        put(format!("GH-SAMPLE-REM-2026-{serial:05}"), "reminder", documents::reminder(&reminder, locale)?);
    }
    Ok(())
}

fn day(month: u32, of_month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, of_month).unwrap_or_default()
}
