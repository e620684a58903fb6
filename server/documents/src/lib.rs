//! What goes on paper: invoice, statement of aid, receipt, justification file and the minutes of panels as PDF, in the
//! reader's language.
//!
//! Refuses to compute: every figure comes ready from `domain`, every sentence from `text`. The same document gives
//! the same bytes.

mod dossier;
mod font;
mod invoice;
mod minutes;
mod receipt;
mod sheet;

use domain::{
    invoice::Issued,
    panel::{Minutes, minutes::Addendum},
};
use text::{Locale, Words};

pub use dossier::{Block, Dossier, Section};
pub use receipt::Receipt;

/// The document could not be written: a fault of ours, never of the data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a built-in font cannot be read")]
    Font,
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// The invoice or, where nothing is to pay, the statement of aid.
pub fn invoice(issued: &Issued, locale: Locale) -> Result<Vec<u8>, Error> {
    invoice::draw(issued, Words::new(locale))
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
mod tests;
