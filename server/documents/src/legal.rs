//! What an invoice and a credit note have in common, so that paper and structured file say the same.

use chrono::NaiveDate;
use domain::{
    credit_note::CreditNote,
    exchange::NationalVat,
    invoice::{Bank, Issued, Kind, Party, Reference, Shared, Sums},
    period::brussels_day,
    vat::{Evidence, VatState},
};
use text::{Words, args};

/// What kind of paper it is, as its words are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Invoice,
    Statement,
    CreditNote,
    /// Takes back a statement of aid: no money moves, so it is no credit note.
    Withdrawal,
}

impl Paper {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Statement => "statement",
            Self::CreditNote => "credit-note",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// Whether VAT law knows it: then it has a structured form.
    pub const fn is_for_tax(self) -> bool {
        matches!(self, Self::Invoice | Self::CreditNote)
    }
}

pub struct Legal<'a> {
    pub paper: Paper,
    pub number: &'a str,
    pub issued_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub supplier: &'a Party,
    pub customer: &'a Party,
    /// Where to pay; none where nothing is asked for.
    pub bank: Option<&'a Bank>,
    /// The register's consultation number, and when it answered.
    pub vat_evidence: Option<&'a str>,
    pub vat_check: Option<&'a Evidence>,
    /// The document that this one corrects or credits.
    pub preceding: Option<&'a Reference>,
    pub national_vat: Option<&'a NationalVat>,
    /// The code of a credit's cause, and its reason in words.
    pub cause: Option<(&'static str, &'a str)>,
    pub sums: &'a Sums,
    /// Of a funder's document: which use it pays a part of.
    pub shares: Option<&'a Shared>,
}

impl Legal<'_> {
    /// The key of its title.
    pub fn title(&self) -> String {
        let title = format!("document-{}-title", self.paper.code());
        if self.shares.is_some() { format!("{title}-funder") } else { title }
    }

    /// The word for this in a company's document, or in its funder's.
    pub fn key(&self, key: &'static str) -> String {
        if self.sums.is_funders() { format!("{key}-funder") } else { key.to_owned() }
    }

    /// What a reverse charge rests on.
    pub fn evidence(&self, words: Words) -> Vec<String> {
        let number = self.vat_evidence.map(|number| words.with("document-vat-evidence", args![number => number]));
        let check = self.vat_check.filter(|check| check.state == VatState::Valid);
        let when = check.and_then(|check| {
            let date = words.date(brussels_day(check.answered_at?));
            let key = if check.is_last_known { "document-vat-last-known" } else { "document-vat-checked" };
            Some(words.with(key, args![date => date]))
        });
        number.into_iter().chain(when).collect()
    }
}

impl<'a> From<&'a Issued> for Legal<'a> {
    fn from(issued: &'a Issued) -> Self {
        let is_invoice = issued.sums.kind == Kind::Invoice;
        Self {
            paper: if is_invoice { Paper::Invoice } else { Paper::Statement },
            number: &issued.number,
            issued_on: issued.issued_on,
            due_on: issued.due_on,
            first_day: issued.first_day,
            last_day: issued.last_day,
            supplier: &issued.supplier,
            customer: &issued.customer,
            bank: is_invoice.then_some(&issued.bank),
            vat_evidence: issued.vat_evidence.as_deref(),
            vat_check: issued.vat_check.as_ref(),
            preceding: issued.corrects.as_ref(),
            national_vat: issued.national_vat.as_ref(),
            cause: None,
            shares: issued.shares.as_ref(),
            sums: &issued.sums,
        }
    }
}

impl<'a> From<&'a CreditNote> for Legal<'a> {
    fn from(note: &'a CreditNote) -> Self {
        let is_invoice = note.sums.kind == Kind::Invoice;
        Self {
            paper: if is_invoice { Paper::CreditNote } else { Paper::Withdrawal },
            number: &note.number,
            issued_on: note.issued_on,
            due_on: None,
            first_day: note.first_day,
            last_day: note.last_day,
            supplier: &note.supplier,
            customer: &note.customer,
            bank: None,
            vat_evidence: None,
            vat_check: None,
            preceding: Some(&note.original),
            national_vat: note.national_vat.as_ref(),
            cause: Some((note.cause.code(), &note.reason)),
            shares: None,
            sums: &note.sums,
        }
    }
}
