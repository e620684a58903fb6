//! Verbs of credit notes: issuing one, by hand with four eyes above a limit, reading and mailing them. What follows from
//! corrected use is in the file beneath, and so is the corrected invoice.

mod automatic;
mod by_hand;

use documents::Form;
use domain::{
    credit_note::{self, Cause, CreditNote, Part, credit, funder_parts},
    id::{CreditNoteId, InvoiceId, PersonId},
    invoice::{Issued, Kind, Series, Sums},
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use text::{Locale, mail::Mail};

use crate::{
    books::{book_credit_note, book_funder_credit},
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::{new_uuid, print},
    jobs::{Job, Verdict},
    payments::close_open_page,
    pots::{self, Short},
    store::{
        self, Letter, Tx,
        entity::{credit_note as entity, credit_note_line, invoice},
        rows::{CreditNoteRow, InvoiceRow},
    },
};

pub use by_hand::{CreditCase, CreditDone, TypedCredit};

/// What is to be credited.
struct Order<'a> {
    /// What it is for: once each of a document.
    occasion: &'a str,
    cause: Cause,
    reason: &'a str,
    parts: &'a [Part],
    asked_by: Option<PersonId>,
    signed_by: Option<PersonId>,
}

impl Desk {
    /// One credit note, with the document it takes from.
    pub async fn credit_note(&self, id: CreditNoteId) -> Result<(CreditNoteRow, CreditNote, InvoiceRow)> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<entity::Entity>(id).await?;
        let original = tx.find::<invoice::Entity>(row.invoice_id).await?;
        let note = row.note()?;
        Ok((row, note, original))
    }

    /// The newest credit notes this actor may see, with the company's name. `text` is a part of a number or of that name;
    /// empty for all.
    pub async fn credit_notes(&self, text: &str, limit: u64) -> Result<Vec<(CreditNoteRow, String)>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        store::credit_note::newest(&tx, text, limit).await
    }

    /// The credit note in one of its forms, with its file name.
    pub async fn credit_note_as(&self, id: CreditNoteId, form: Form, locale: Locale) -> Result<(String, Vec<u8>)> {
        let (row, note, _) = self.credit_note(id).await?;
        if note.sums.kind == Kind::Statement && form != Form::Pdf {
            return Err(Error::NotFound);
        }
        let file = print(move || documents::credit_note_as(&note, form, locale)).await?;
        Ok((form.file_name(&row.number), file))
    }

    /// Mails a credit note to those who pay, once.
    pub(crate) async fn mail_credit_note(&self, id: CreditNoteId) -> Result<Verdict> {
        let (row, note, original) = self.credit_note(id).await?;
        let tx = self.begin(Action::ReadInvoice).await?;
        let people = store::invoice::addressees(&tx, row.organisation_id).await?;
        drop(tx);
        let mut letters = Vec::new();
        for person in people {
            let mail = Mail::CreditNoteIssued {
                number: row.number.clone(),
                invoice: original.number.clone(),
                amount: if note.sums.kind == Kind::Invoice { row.total_cents } else { row.subsidy_cents },
                link: self.invoice_link(original.id),
            };
            let mut letter = Letter::to(&person, mail);
            let (document, locale) = (note.clone(), letter.locale);
            let pdf = print(move || documents::credit_note_as(&document, Form::Pdf, locale)).await?;
            letter.attachment = Some((Form::Pdf.file_name(&row.number), pdf));
            letters.push(letter);
        }
        self.mail_once(id, "mailed", letters).await
    }
}

/// Within the transaction that holds the original's row: `None` if the occasion was served before. The one place where
/// credit notes come from.
async fn issue(tx: &mut Tx, original: &InvoiceRow, order: Order<'_>) -> Result<Option<CreditNoteId>> {
    if store::credit_note::is_issued(tx, original.id, order.occasion).await? {
        return Ok(None);
    }
    let document = original.issued()?;
    let before = store::credit_note::before(tx, original.id).await?;
    let made = credit(&document, &before, order.parts).map_err(refused)?;
    let today = brussels_day(tx.now());
    let serial = tx.next_number(&Series::CreditNote.counter(today)).await?;
    let note = CreditNote {
        number: Series::CreditNote.number(today, serial),
        issued_on: today,
        original: document.reference(),
        cause: order.cause,
        reason: order.reason.to_owned(),
        first_day: document.first_day,
        last_day: document.last_day,
        supplier: document.supplier,
        customer: document.customer,
        positions: made.positions,
        sums: made.sums,
        national_vat: made.national_vat,
    };
    documents::check_credit_note(&note).map_err(anyhow)?;
    let id: CreditNoteId = tx.new_id();
    insert(tx, id, original, &order, &note).await?;
    store::credit_note::add(tx, original.id, note.sums.total).await?;
    if original.share_of_id.is_some() {
        book_funder_credit(tx, id, original.organisation_id, &note).await?;
    } else {
        book_credit_note(tx, id, original.organisation_id, &note).await?;
        give_back(tx, &note).await?;
    }
    // Of what was given up, what is credited now is no loss any more.
    store::invoice::add_up(tx, original.id).await?;
    // Money that is under way already becomes an overpayment; a page that nobody has paid on is closed.
    close_open_page(tx, original.id).await?;
    let detail = json!({ "number": note.number, "total": note.sums.total, "reason": order.reason });
    tx.event(original.id, "credited", detail).await?;
    tx.enqueue(&Job::MailCreditNote(id), tx.now(), None).await?;
    let document = original.issued()?;
    for share in store::funder_share::of_invoice(tx, original.id).await? {
        if let Some(funders) = share.document_id {
            Box::pin(follow(tx, &document, (&share.pot, funders), (id, &note))).await?;
        }
    }
    Ok(Some(id))
}

/// What a credit note takes back of a company's document, it takes back of the funder's.
pub(crate) async fn follow(
    tx: &mut Tx,
    document: &Issued,
    (pot, funders): (&str, InvoiceId),
    (credit, note): (CreditNoteId, &CreditNote),
) -> Result<()> {
    let parts = funder_parts(document, pot, note);
    if parts.is_empty() {
        return Ok(());
    }
    let original = lock(tx, funders).await?;
    let occasion = format!("share:{credit}");
    let order = Order {
        occasion: &occasion,
        cause: note.cause,
        reason: &note.reason,
        parts: &parts,
        asked_by: None,
        signed_by: None,
    };
    issue(tx, &original, order).await?;
    Ok(())
}

/// Subsidies that are taken back are bound again, as far as the award goes, and else free.
async fn give_back(tx: &mut Tx, note: &CreditNote) -> Result<()> {
    for line in &note.sums.lines {
        let Some(application) = store::allocation::application_of(tx, line.allocation).await? else { continue };
        pots::spend(tx, application, &note.number, &line.pot, line.subsidy.negated()?).await?;
        pots::settle(tx, application, Short::BoundLater).await?;
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    id: CreditNoteId,
    original: &InvoiceRow,
    order: &Order<'_>,
    note: &CreditNote,
) -> Result<()> {
    let Sums { lines, list, subsidy, own, vat, total, .. } = &note.sums;
    tx.insert(entity::ActiveModel {
        id: Set(id),
        invoice_id: Set(original.id),
        organisation_id: Set(original.organisation_id),
        occasion: Set(order.occasion.to_owned()),
        number: Set(note.number.clone()),
        issued_on: Set(note.issued_on),
        cause: Set(note.cause),
        reason: Set(note.reason.clone()),
        document: Set(serde_json::to_string(note)?),
        list_cents: Set(*list),
        subsidy_cents: Set(*subsidy),
        own_cents: Set(*own),
        vat_cents: Set(*vat),
        national_vat: Set(note.national_vat.as_ref().map_or(0, |vat| vat.hundredths)),
        total_cents: Set(*total),
        asked_by: Set(order.asked_by),
        signed_by: Set(order.signed_by),
        created_at: Set(tx.now()),
    })
    .await?;
    let charged = store::credit_note::lines_of(tx, original.id).await?;
    let mut rows = Vec::new();
    for (line, (position, of)) in lines.iter().zip((1_i32..).zip(&note.positions)) {
        let charged = charged.iter().find(|row| row.position == *of).ok_or_else(|| anyhow("a line of the original"))?;
        rows.push(credit_note_line::ActiveModel {
            id: Set(new_uuid(tx)),
            credit_note_id: Set(id),
            position: Set(position),
            invoice_line_id: Set(charged.id),
            allocation_id: Set(line.allocation),
            gpu_seconds: Set(line.gpu_time),
            list_cents: Set(line.list),
            subsidy_cents: Set(line.subsidy),
            own_cents: Set(line.own),
            is_funders: Set(line.is_funders),
        });
    }
    tx.insert_many(rows).await
}

/// What the rule refuses, as a fault of the form.
fn refused(refused: credit_note::Refused) -> Error {
    match refused {
        credit_note::Refused::Nothing | credit_note::Refused::NoSuchLine => {
            Error::invalid("", Problem::NothingToCredit)
        }
        credit_note::Refused::MoreThanLeft => Error::invalid("", Problem::MoreThanLeft),
        credit_note::Refused::Overflow(overflow) => overflow.into(),
    }
}

/// The document of a credit, held until the transaction ends.
async fn lock(tx: &Tx, id: InvoiceId) -> Result<InvoiceRow> {
    tx.lock::<invoice::Entity>(id).await
}
