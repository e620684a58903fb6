//! What goes on paper: invoice, credit note, statement of aid, receipt, reminder, justification file and the minutes of
//! panels as PDF/A, in the reader's language; invoices and credit notes also as structured files.
//!
//! Refuses to compute: every figure comes ready from `domain`, every sentence from `text`. The same document gives
//! the same bytes.

mod dossier;
mod endpoint;
mod font;
mod invoice;
mod legal;
mod letter;
mod minutes;
mod receipt;
mod reminder;
mod sheet;
mod structured;

use domain::{
    credit_note::CreditNote,
    invoice::Issued,
    panel::{Minutes, minutes::Addendum},
};
use text::{Locale, Words};

pub use dossier::{Block, Dossier, Section};
use legal::Legal;
pub use letter::Letter;
pub use receipt::Receipt;
pub use reminder::{Reminder, Tone};

/// The document could not be written: a fault of ours, never of the data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a built-in font cannot be read")]
    Font,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// The rules of EN 16931 that the document breaks, by name.
    #[error("the document breaks the rules of EN 16931: {0}")]
    Rules(String),
    #[error("what is no invoice has no structured form")]
    NotAnInvoice,
}

/// The forms of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// For people; an invoice's has the CII file inside (Factur-X, ZUGFeRD).
    Pdf,
    /// UN/CEFACT Cross Industry Invoice.
    Cii,
    /// UBL 2.1, for Peppol BIS Billing 3.0.
    Ubl,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Cii, Self::Ubl];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Cii => "cii",
            Self::Ubl => "ubl",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    pub fn file_name(self, number: &str) -> String {
        match self {
            Self::Pdf => format!("{number}.pdf"),
            Self::Cii | Self::Ubl => format!("{number}-{}.xml", self.code()),
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Cii | Self::Ubl => "application/xml",
        }
    }
}

/// The invoice or, where nothing is to pay, the statement of aid.
pub fn invoice(issued: &Issued, locale: Locale) -> Result<Vec<u8>, Error> {
    pdf(&Legal::from(issued), locale)
}

/// One form of the invoice; a statement of aid has the paper only.
pub fn invoice_as(issued: &Issued, form: Form, locale: Locale) -> Result<Vec<u8>, Error> {
    written(&Legal::from(issued), form, locale)
}

/// One form of the credit note; what is taken back of a statement of aid has the paper only.
pub fn credit_note_as(note: &CreditNote, form: Form, locale: Locale) -> Result<Vec<u8>, Error> {
    written(&Legal::from(note), form, locale)
}

/// Holds the rules of EN 16931 against an invoice that is about to be issued.
pub fn check(issued: &Issued) -> Result<(), Error> {
    checked(&Legal::from(issued))
}

/// As [`check`], for a credit note.
pub fn check_credit_note(note: &CreditNote) -> Result<(), Error> {
    checked(&Legal::from(note))
}

fn checked(legal: &Legal<'_>) -> Result<(), Error> {
    if legal.paper.is_for_tax() {
        structured::cii(legal, Words::new(Locale::En))?;
        structured::ubl(legal, Words::new(Locale::En))?;
    }
    Ok(())
}

fn written(legal: &Legal<'_>, form: Form, locale: Locale) -> Result<Vec<u8>, Error> {
    match form {
        Form::Pdf => pdf(legal, locale),
        Form::Cii => structured::cii(legal, Words::new(locale)).map(String::into_bytes),
        Form::Ubl => structured::ubl(legal, Words::new(locale)).map(String::into_bytes),
    }
}

fn pdf(legal: &Legal<'_>, locale: Locale) -> Result<Vec<u8>, Error> {
    let words = Words::new(locale);
    let (pages, about) = invoice::draw(legal, words)?;
    if legal.paper.is_for_tax() { structured::hybrid(&pages, legal, words, &about) } else { Ok(pages) }
}

/// A reminder of an invoice that is due.
pub fn reminder(reminder: &Reminder, locale: Locale) -> Result<Vec<u8>, Error> {
    reminder::draw(reminder, Words::new(locale))
}

/// A letter to a company.
pub fn letter(letter: &Letter, locale: Locale) -> Result<Vec<u8>, Error> {
    letter::draw(letter, Words::new(locale))
}

/// The receipt of one payment.
pub fn receipt(receipt: &Receipt, locale: Locale) -> Result<Vec<u8>, Error> {
    receipt::draw(receipt, Words::new(locale))
}

/// The readable part of a justification file.
pub fn dossier(dossier: &Dossier, locale: Locale) -> Result<Vec<u8>, Error> {
    dossier::draw(dossier, Words::new(locale))
}

/// The frozen minutes of a panel, with what was added to them.
pub fn minutes(minutes: &Minutes, addenda: &[Addendum], locale: Locale) -> Result<Vec<u8>, Error> {
    minutes::draw(minutes, addenda, Words::new(locale))
}

#[cfg(test)]
mod forms_tests;
#[cfg(test)]
mod tests;
