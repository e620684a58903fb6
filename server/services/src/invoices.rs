//! Verbs of invoices: issuing, reading, printing, mailing. Which use is due when is decided in the file beneath.

mod billing;
mod funders;
mod issue;
mod preview;
mod supplier;

pub(crate) use billing::charged_until;
pub(crate) use issue::{Made, Order, party};
pub(crate) use supplier::COUNTRY as SUPPLIER_COUNTRY;
pub use supplier::parties as supplier;

use chrono::NaiveDate;
use documents::Form;
use domain::{
    id::{InvoiceId, OrganisationId, PaymentId},
    invoice::{self, Issued, Kind, Standing, Use},
    money::Money,
    period::brussels_day,
    policy::Action,
};
use text::{Locale, mail::Mail};

use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    jobs::Verdict,
    store::{
        self, Letter, Tx,
        entity::{invoice as invoices, organisation},
        rows::{
            CreditNoteRow, DisputeRow, EventRow, FunderShareRow, InvoiceHoldRow, InvoiceRow, PaymentRow, RefundRow,
        },
    },
};

pub use preview::{Closing, DueDocument};
pub use store::invoice::InvoiceFilter;

/// A line of a list of invoices.
#[derive(Debug, Clone)]
pub struct InvoiceListed {
    pub row: InvoiceRow,
    pub organisation: String,
    pub standing: Standing,
}

/// An invoice with everything that hangs on it.
#[derive(Debug, Clone)]
pub struct InvoiceRead {
    pub row: InvoiceRow,
    pub issued: Issued,
    pub standing: Standing,
    pub payments: Vec<PaymentRow>,
    pub refunds: Vec<RefundRow>,
    pub disputes: Vec<DisputeRow>,
    pub timeline: Vec<EventRow>,
    /// What was taken back of it, the oldest first.
    pub credits: Vec<CreditNoteRow>,
    /// The document in whose place it stands, and the one in its own place.
    pub corrects: Option<InvoiceRow>,
    pub corrected_by: Option<InvoiceRow>,
    /// The day on which the bank booked each payment that came by transfer.
    pub booked: Vec<(PaymentId, NaiveDate)>,
    /// What funders are asked for of its subsidy, by pot, with the document that does; for those who keep the books.
    pub shares: Vec<(FunderShareRow, Option<InvoiceRow>)>,
    /// Of a funder's document: the company's, where the reader may see it.
    pub share_of: Option<InvoiceRow>,
    /// Whether it can be paid by card or debit here.
    pub payable: bool,
}

impl Desk {
    /// Documents this actor may see, the newest first.
    pub async fn invoices(&self, filter: &InvoiceFilter) -> Result<Vec<InvoiceListed>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let today = brussels_day(self.now);
        let rows = store::invoice::list(&tx, filter, today).await?;
        let listed = |(row, organisation): (InvoiceRow, String)| {
            let standing = row.standing(today);
            InvoiceListed { row, organisation, standing }
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// How many documents of this standing the actor may see, and what is left to pay of them.
    pub async fn invoices_total(&self, standing: Standing) -> Result<(u64, Money)> {
        let tx = self.begin(Action::ReadInvoice).await?;
        store::invoice::total(&tx, standing, brussels_day(self.now)).await
    }

    pub async fn invoice(&self, id: InvoiceId) -> Result<InvoiceRead> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<invoices::Entity>(id).await?;
        let payments = store::payment::of_invoice(&tx, id).await?;
        let ids: Vec<_> = payments.iter().map(|payment| payment.id).collect();
        let refunds = store::payment::refunds(&tx, &ids).await?;
        let disputes = store::payment::disputes(&tx, &ids).await?;
        let booked = store::bank::booked_days(&tx, &ids).await?;
        let subjects: Vec<_> =
            std::iter::once(id.into()).chain(payments.iter().map(|payment| payment.id.into())).collect();
        let timeline = store::invoice::timeline(&tx, &subjects).await?;
        let credits = store::credit_note::of_invoice(&tx, id).await?;
        let corrected_by = store::credit_note::corrected_by(&tx, id).await?;
        let corrects = seen(&tx, row.corrects_id).await?;
        let share_of = seen(&tx, row.share_of_id).await?;
        let mut shares = Vec::new();
        for share in store::funder_share::seen_of(&tx, id).await? {
            let document = seen(&tx, share.document_id).await?;
            shares.push((share, document));
        }
        let issued = row.issued()?;
        let standing = row.standing(brussels_day(self.now));
        let is_due = matches!(standing, Standing::Open | Standing::Overdue);
        let payable = is_due && self.services.gateways().payments.is_some();
        Ok(InvoiceRead {
            row,
            issued,
            standing,
            payments,
            refunds,
            disputes,
            timeline,
            credits,
            corrects,
            corrected_by,
            booked,
            shares,
            share_of,
            payable,
        })
    }

    /// The document in one of its forms, with its file name. `NotFound` for a form that a statement does not have.
    pub async fn invoice_as(&self, id: InvoiceId, form: Form, locale: Locale) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<invoices::Entity>(id).await?;
        drop(tx);
        if row.kind == Kind::Statement && form != Form::Pdf {
            return Err(Error::NotFound);
        }
        let issued = row.issued()?;
        let file = print(move || documents::invoice_as(&issued, form, locale)).await?;
        Ok((form.file_name(&row.number), file))
    }

    /// Documents that are due and wait for an answer from outside, the oldest first, with the company's name.
    pub async fn invoice_holds(&self) -> Result<Vec<(InvoiceHoldRow, String)>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        store::invoice::holds(&tx).await
    }

    /// Issues a document for this use, taxed by what is known of the customer; `None` if the occasion was served before,
    /// nothing was used, or a rate is missing.
    pub async fn issue_invoice(
        &self,
        organisation: OrganisationId,
        occasion: &str,
        uses: &[Use],
    ) -> Result<Option<InvoiceId>> {
        let mut tx = self.begin(Action::CloseMonth).await?;
        let customer = tx.lock::<organisation::Entity>(organisation).await?;
        let order = Order { occasion, uses, corrects: None, evidence: None };
        let made = self.issue(&mut tx, &customer, order).await?;
        if made != Made::Nothing {
            tx.commit().await?;
        }
        Ok(match made {
            Made::Issued(id) => Some(id),
            Made::Held | Made::Nothing => None,
        })
    }

    /// Mails an issued document to those who pay, once.
    pub(crate) async fn mail_invoice(&self, id: InvoiceId) -> Result<Verdict> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<invoices::Entity>(id).await?;
        let people = store::invoice::addressees(&tx, row.organisation_id).await?;
        drop(tx);
        let issued = row.issued()?;
        let mut letters = Vec::new();
        for person in people {
            let mail = self.issued_mail(&row, &issued);
            let mut letter = Letter::to(&person, mail);
            let (document, locale) = (issued.clone(), letter.locale);
            let pdf = print(move || documents::invoice(&document, locale)).await?;
            letter.attachment = Some((format!("{}.pdf", row.number), pdf));
            letters.push(letter);
        }
        self.mail_once(id, "mailed", letters).await
    }

    fn issued_mail(&self, row: &InvoiceRow, issued: &Issued) -> Mail {
        let link = self.invoice_link(row.id);
        let number = row.number.clone();
        match (row.kind, row.due_on, &issued.shares) {
            (Kind::Invoice, Some(due), Some(shared)) => {
                Mail::ShareIssued { number, company: shared.company.clone(), total: row.total_cents, due, link }
            }
            (Kind::Invoice, Some(due), None) => Mail::InvoiceIssued { number, total: row.total_cents, due, link },
            _ => Mail::StatementIssued { number, value: issued.sums.subsidy, link },
        }
    }

    pub(crate) fn invoice_link(&self, id: InvoiceId) -> String {
        format!("{}/invoices/{id}", self.services.settings().public_url)
    }
}

/// Another document, where the actor may see it.
async fn seen(tx: &Tx, id: Option<InvoiceId>) -> Result<Option<InvoiceRow>> {
    let Some(id) = id else { return Ok(None) };
    match tx.find::<invoices::Entity>(id).await {
        Ok(row) => Ok(Some(row)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The account that customers pay into.
pub(crate) fn supplier_bank() -> invoice::Bank {
    supplier::parties().1
}

/// Layout takes tens of milliseconds: not on a thread that answers requests.
pub(crate) async fn print(
    work: impl FnOnce() -> Result<Vec<u8>, documents::Error> + Send + 'static,
) -> Result<Vec<u8>> {
    let printed = tokio::task::spawn_blocking(work).await.map_err(anyhow)?;
    Ok(printed.map_err(anyhow)?)
}

/// The days of a month, or of the part of it that an award ran.
pub(crate) fn within(first: NaiveDate, last: NaiveDate, from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = first.max(from);
    (first, last.min(to).max(first))
}

/// The id of a thing that has no noun of its own.
pub(crate) fn new_uuid(tx: &Tx) -> uuid::Uuid {
    tx.new_id::<domain::id::Payment>().uuid()
}
