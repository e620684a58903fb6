//! Verbs of invoices: issuing, reading, printing, mailing. Which use is due when is decided in the file beneath.

mod billing;
mod supplier;

pub(crate) use supplier::COUNTRY as SUPPLIER_COUNTRY;

use chrono::NaiveDate;
use domain::{
    country::Country,
    id::{InvoiceId, OrganisationId, PaymentId},
    invoice::{self, Issued, Kind, Party, Standing, Sums, Use},
    money::Money,
    period::brussels_day,
    policy::Action,
    vat::{Treatment, treatment},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use text::{Locale, mail::Mail};

use crate::{
    desk::Desk,
    error::{Result, anyhow},
    jobs::{Job, Verdict},
    store::{
        self, Letter, Tx,
        entity::{invoice as invoices, invoice_line, organisation},
        rows::{DisputeRow, EventRow, InvoiceRow, OrganisationRow, PaymentRow, RefundRow},
    },
};

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
    /// The day on which the bank booked each payment that came by transfer.
    pub booked: Vec<(PaymentId, NaiveDate)>,
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
        let issued = row.issued()?;
        let standing = row.standing(brussels_day(self.now));
        let is_due = matches!(standing, Standing::Open | Standing::Overdue);
        let payable = is_due && self.services.gateways().payments.is_some();
        Ok(InvoiceRead { row, issued, standing, payments, refunds, disputes, timeline, booked, payable })
    }

    /// The document as PDF, with its file name.
    pub async fn invoice_pdf(&self, id: InvoiceId, locale: Locale) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let row = tx.find::<invoices::Entity>(id).await?;
        drop(tx);
        let issued = row.issued()?;
        let pdf = print(move || documents::invoice(&issued, locale)).await?;
        Ok((format!("{}.pdf", row.number), pdf))
    }

    /// Issues a document for this use; `None` if the occasion was served before or nothing was used.
    pub async fn issue_invoice(
        &self,
        organisation: OrganisationId,
        occasion: &str,
        uses: &[Use],
    ) -> Result<Option<InvoiceId>> {
        let mut tx = self.begin(Action::CloseMonth).await?;
        let customer = tx.lock::<organisation::Entity>(organisation).await?;
        let issued = issue(&mut tx, &customer, occasion, uses).await?;
        if issued.is_some() {
            tx.commit().await?;
        }
        Ok(issued)
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
        let mut tx = self.begin(Action::SendMail).await?;
        if store::invoice::has_event(&tx, id, "mailed").await? {
            return Ok(Verdict::Done);
        }
        let count = letters.len();
        for letter in letters {
            tx.mail(letter).await?;
        }
        tx.event(id, "mailed", json!({ "people": count })).await?;
        tx.commit().await?;
        Ok(Verdict::Done)
    }

    fn issued_mail(&self, row: &InvoiceRow, issued: &Issued) -> Mail {
        let link = self.invoice_link(row.id);
        let number = row.number.clone();
        match (row.kind, row.due_on) {
            (Kind::Invoice, Some(due)) => Mail::InvoiceIssued { number, total: row.total_cents, due, link },
            _ => Mail::StatementIssued { number, value: issued.sums.subsidy, link },
        }
    }

    pub(crate) fn invoice_link(&self, id: InvoiceId) -> String {
        format!("{}/invoices/{id}", self.services.settings().public_url)
    }
}

/// The account that customers pay into.
pub(crate) fn supplier_bank() -> invoice::Bank {
    supplier::parties().1
}

/// Within the transaction that holds the organisation's row: numbers are given in order, and each occasion once.
async fn issue(tx: &mut Tx, customer: &OrganisationRow, occasion: &str, uses: &[Use]) -> Result<Option<InvoiceId>> {
    if store::invoice::is_issued(tx, customer.id, occasion).await? {
        return Ok(None);
    }
    let today = brussels_day(tx.now());
    let (supplier, bank) = supplier::parties();
    let home = Country::from_code(supplier::COUNTRY).ok_or_else(|| anyhow("the supplier's country"))?;
    let applied = treatment(home, customer.country, customer.vat_state, &customer.postcode, today);
    let Some(sums) = invoice::build(uses, applied)? else { return Ok(None) };
    let series = sums.kind.series();
    let serial = tx.next_number(&series.counter(today)).await?;
    let reverse = applied.treatment == Treatment::ReverseCharge;
    let issued = Issued {
        number: series.number(today, serial),
        issued_on: today,
        due_on: (sums.kind == Kind::Invoice).then(|| invoice::due_on(today)),
        first_day: uses.iter().map(|used| used.first_day).min().unwrap_or(today),
        last_day: uses.iter().map(|used| used.last_day).max().unwrap_or(today),
        supplier,
        bank,
        customer: party(customer),
        vat_evidence: customer.vat_consultation.clone().filter(|_| reverse),
        sums,
    };
    let id: InvoiceId = tx.new_id();
    insert(tx, id, customer.id, occasion, &issued).await?;
    tx.event(id, "issued", json!({ "number": issued.number, "total": issued.sums.total })).await?;
    tx.enqueue(&Job::MailInvoice(id), tx.now(), None).await?;
    Ok(Some(id))
}

async fn insert(
    tx: &mut Tx,
    id: InvoiceId,
    organisation: OrganisationId,
    occasion: &str,
    issued: &Issued,
) -> Result<()> {
    let Sums { kind, lines, own, vat, total, .. } = &issued.sums;
    tx.insert(invoices::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        occasion: Set(occasion.to_owned()),
        kind: Set(*kind),
        number: Set(issued.number.clone()),
        issued_on: Set(issued.issued_on),
        due_on: Set(issued.due_on),
        first_day: Set(issued.first_day),
        last_day: Set(issued.last_day),
        document: Set(serde_json::to_string(issued)?),
        own_cents: Set(*own),
        vat_cents: Set(*vat),
        total_cents: Set(*total),
        received_cents: Set(Money::ZERO),
        refunded_cents: Set(Money::ZERO),
        written_off_cents: Set(Money::ZERO),
        created_at: Set(tx.now()),
    })
    .await?;
    let mut rows = Vec::new();
    for (line, position) in lines.iter().zip(1_i32..) {
        rows.push(invoice_line::ActiveModel {
            id: Set(tx.new_id::<domain::id::Invoice>().uuid()),
            invoice_id: Set(id),
            position: Set(position),
            allocation_id: Set(line.allocation),
            gpu_seconds: Set(line.gpu_time),
            list_cents: Set(line.list),
            subsidy_cents: Set(line.subsidy),
            own_cents: Set(line.own),
        });
    }
    tx.insert_many(rows).await
}

fn party(customer: &OrganisationRow) -> Party {
    Party {
        name: customer.legal_name.clone(),
        street: customer.street.clone(),
        postcode: customer.postcode.clone(),
        city: customer.city.clone(),
        country: customer.country.to_string(),
        vat_id: customer.vat_id.as_ref().map(ToString::to_string),
        registration: Some(customer.registration_number.clone()).filter(|number| !number.is_empty()),
    }
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
