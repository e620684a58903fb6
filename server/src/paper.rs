//! `server documents`: every kind of document in every form and language, in a folder with an index, so that anybody
//! can hold the official rules against them.

mod samples;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use domain::invoice::Kind;
use services::{Desk, DocumentForm, InvoiceFilter, InvoiceRead, rows::CreditNoteRow};
use text::Locale;

/// Of the demo world's invoices, so many of each kind and treatment unless all are wanted.
const OF_EACH: usize = 2;
const PAGE: u64 = 200;
const INDEX: &str = "file,kind,form,language,treatment,number";

#[derive(Args)]
pub struct Wanted {
    /// The folder to write to; made where it is missing
    #[arg(long)]
    out: PathBuf,
    /// Every invoice and statement of the database, not only two of each kind and treatment
    #[arg(long)]
    all: bool,
}

/// One file to be.
pub(crate) struct Sheet {
    pub number: String,
    pub kind: &'static str,
    pub treatment: &'static str,
    pub form: DocumentForm,
    pub locale: Locale,
    pub bytes: Vec<u8>,
}

/// A folder being filled.
struct Folder<'a> {
    root: &'a Path,
    index: String,
    count: usize,
}

/// Writes what the database has, then the samples that no world needs to have.
pub async fn run(wanted: &Wanted, desk: &Desk) -> anyhow::Result<()> {
    let mut folder = Folder { root: &wanted.out, index: format!("{INDEX}\n"), count: 0 };
    for locale in Locale::ALL {
        let of_language = wanted.out.join(locale.code());
        fs::create_dir_all(&of_language).with_context(|| of_language.display().to_string())?;
    }
    for read in chosen(wanted, desk).await? {
        for locale in Locale::ALL {
            of_database(&mut folder, desk, &read, locale).await?;
        }
    }
    for (row, _) in desk.credit_notes("", PAGE).await? {
        for locale in Locale::ALL {
            of_credit_note(&mut folder, desk, &row, locale).await?;
        }
    }
    for locale in Locale::ALL {
        for sheet in samples::all(locale)? {
            folder.put(&sheet)?;
        }
    }
    let index = wanted.out.join("index.csv");
    fs::write(&index, &folder.index).with_context(|| index.display().to_string())?;
    eprintln!("{} documents are in {}", folder.count, wanted.out.display());
    Ok(())
}

async fn chosen(wanted: &Wanted, desk: &Desk) -> anyhow::Result<Vec<InvoiceRead>> {
    let mut chosen: Vec<InvoiceRead> = Vec::new();
    let mut filter = InvoiceFilter { limit: PAGE, ..InvoiceFilter::default() };
    loop {
        let listed = desk.invoices(&filter).await?;
        for one in &listed {
            let read = desk.invoice(one.row.id).await?;
            let alike = chosen.iter().filter(|other| about(other) == about(&read)).count();
            if wanted.all || alike < OF_EACH {
                chosen.push(read);
            }
        }
        filter.after = listed.last().map(|last| last.row.id);
        if u64::try_from(listed.len()).is_ok_and(|count| count < PAGE) {
            return Ok(chosen);
        }
    }
}

fn about(read: &InvoiceRead) -> (&'static str, &'static str) {
    let treatment = read.issued.sums.taxes.first().map_or("", |tax| tax.treatment.code());
    (read.row.kind.code(), treatment)
}

async fn of_database(folder: &mut Folder<'_>, desk: &Desk, read: &InvoiceRead, locale: Locale) -> anyhow::Result<()> {
    let (kind, treatment) = about(read);
    let forms =
        DocumentForm::ALL.into_iter().filter(|form| read.row.kind == Kind::Invoice || *form == DocumentForm::Pdf);
    for form in forms {
        let (_, bytes) = desk.invoice_as(read.row.id, form, locale).await?;
        let number = read.row.number.clone();
        folder.put(&Sheet { number, kind, treatment, form, locale, bytes })?;
    }
    for payment in read.payments.iter().filter(|payment| payment.receipt_number.is_some()).take(1) {
        let (_, bytes) = desk.receipt_pdf(payment.id, locale).await?;
        let number = payment.receipt_number.clone().unwrap_or_default();
        let form = DocumentForm::Pdf;
        folder.put(&Sheet { number, kind: "receipt", treatment: "", form, locale, bytes })?;
    }
    Ok(())
}

async fn of_credit_note(
    folder: &mut Folder<'_>,
    desk: &Desk,
    row: &CreditNoteRow,
    locale: Locale,
) -> anyhow::Result<()> {
    let note = row.note()?;
    let is_invoice = note.sums.kind == Kind::Invoice;
    let kind = if is_invoice { "credit_note" } else { "withdrawal" };
    let treatment = note.sums.taxes.first().map_or("", |tax| tax.treatment.code());
    for form in DocumentForm::ALL.into_iter().filter(|form| is_invoice || *form == DocumentForm::Pdf) {
        let (_, bytes) = desk.credit_note_as(row.id, form, locale).await?;
        let number = row.number.clone();
        folder.put(&Sheet { number, kind, treatment, form, locale, bytes })?;
    }
    Ok(())
}

impl Folder<'_> {
    fn put(&mut self, sheet: &Sheet) -> anyhow::Result<()> {
        let Sheet { number, kind, treatment, form, locale, bytes } = sheet;
        let name = format!("{locale}/{}", form.file_name(number));
        let path = self.root.join(&name);
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        writeln!(self.index, "{name},{kind},{},{locale},{treatment},{number}", form.code())?;
        self.count += 1;
        Ok(())
    }
}
