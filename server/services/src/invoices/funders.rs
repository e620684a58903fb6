//! The funder's part of a split invoice: a document of its own for the subsidy on a company's document, and a credit note
//! for each that takes some of it back. Reconcilers without input.

use chrono::NaiveDate;
use domain::{
    id::InvoiceId,
    invoice::{self, Issued, Series, Shared, Sums, funder_share},
    money::Money,
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{Order, issue, supplier};
use crate::{
    books::book_funder_share,
    credit_notes,
    desk::Desk,
    error::{Each, Error, Result, anyhow},
    jobs::Job,
    store::{
        self, Tx,
        entity::{funder_share as entity, invoice as invoices, organisation, pot},
        rows::{FunderShareRow, InvoiceRow},
    },
};

impl Desk {
    /// Says whom to invoice for a pot's subsidies: by name, or by its number in a register or for VAT; nobody where
    /// nothing is said. Errors at `funder`.
    pub async fn set_funder(&self, code: &str, typed: &str) -> Result<()> {
        let mut tx = self.begin(Action::MovePot).await?;
        let row = store::pot::all(&tx).await?.into_iter().find(|row| row.code == code).ok_or(Error::NotFound)?;
        let funder = match typed.trim() {
            "" => None,
            called => {
                let found = store::quota::companies_called(&tx, called).await?;
                let &[one] = found.as_slice() else { return Err(Error::invalid("funder", Problem::NoSuchCompany)) };
                Some(one)
            }
        };
        let mut row = tx.lock::<pot::Entity>(row.id).await?.into_active_model();
        row.funder_id = Set(funder);
        tx.update(row).await?;
        if funder.is_some() {
            // What waited for somebody to ask is asked for at once.
            tx.enqueue(&Job::Bill, self.now, Some("bill:funder")).await?;
        }
        tx.commit().await
    }

    /// Subsidies that a call splits off and whose pot has nobody to invoice, by pot: how many documents, and how much.
    pub async fn unasked_shares(&self) -> Result<Vec<(String, i64, Money)>> {
        store::funder_share::waiting(&self.begin(Action::ReadInvoice).await?).await
    }

    /// Issues what funders are to be asked for. Safe at any time and as often as wanted. How many were issued.
    pub async fn ask_funders(&self) -> Result<usize> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let ids = store::funder_share::askable(&tx).await?;
        drop(tx);
        let mut each = Each::default();
        for id in ids {
            each.count(id, "a funder's document could not be issued", self.ask_funder(id).await);
        }
        each.finish()
    }

    async fn ask_funder(&self, id: Uuid) -> Result<usize> {
        let mut tx = self.begin(Action::CloseMonth).await?;
        let share = tx.find::<entity::Entity>(id).await?;
        let original = tx.find::<invoices::Entity>(share.invoice_id).await?;
        // The row that billing and credits hold: nothing is taken back meanwhile.
        tx.lock::<organisation::Entity>(original.organisation_id).await?;
        let share = tx.lock::<entity::Entity>(id).await?;
        if share.document_id.is_some() || !ask(&mut tx, &original, share).await? {
            return Ok(0);
        }
        tx.commit().await?;
        Ok(1)
    }
}

/// Notes what funders are to be asked for of a document that was just issued.
pub(super) async fn note(tx: &mut Tx, id: InvoiceId, issued: &Issued) -> Result<()> {
    let mut pots: Vec<&str> = issued.sums.lines.iter().map(|line| line.pot.as_str()).collect();
    pots.sort_unstable();
    pots.dedup();
    for pot in pots {
        let of_pot = issued.sums.lines.iter().filter(|line| line.is_shared_by(pot));
        let subsidy = Money::sum(of_pot.map(|line| line.subsidy))?;
        if !subsidy.is_zero() {
            store::funder_share::add(tx, id, pot, subsidy).await?;
        }
    }
    Ok(())
}

/// The funder's document of one share, and what was taken back of it meanwhile. False where nobody is to be asked.
async fn ask(tx: &mut Tx, original: &InvoiceRow, share: FunderShareRow) -> Result<bool> {
    let Some(funder) = store::funder_share::funder(tx, &share.pot).await? else { return Ok(false) };
    let document = original.issued()?;
    let Some(sums) = funder_share(&document.sums.lines, &share.pot, funder.country)? else { return Ok(false) };
    let today = brussels_day(tx.now());
    let serial = tx.next_number(&Series::Funder.counter(today)).await?;
    let issued = for_funder(&document, Series::Funder.number(today, serial), today, issue::party(&funder), sums);
    documents::check(&issued).map_err(anyhow)?;
    let id: InvoiceId = tx.new_id();
    let occasion = format!("share:{}:{}", original.id, share.pot);
    let order = Order { occasion: &occasion, uses: &[], corrects: None, evidence: None };
    issue::insert(tx, id, funder.id, &order, &issued, Some(original.id)).await?;
    book_funder_share(tx, id, funder.id, &share.pot, &issued).await?;
    let pot = share.pot.clone();
    let mut row = share.into_active_model();
    row.document_id = Set(Some(id));
    tx.update(row).await?;
    tx.event(id, "issued", json!({ "number": issued.number, "total": issued.sums.total })).await?;
    tx.enqueue(&Job::MailInvoice(id), tx.now(), None).await?;
    for row in store::credit_note::of_invoice(tx, original.id).await? {
        let (credit, note) = (row.id, row.note()?);
        credit_notes::follow(tx, &document, (&pot, id), (credit, &note)).await?;
    }
    Ok(true)
}

fn for_funder(document: &Issued, number: String, today: NaiveDate, customer: invoice::Party, sums: Sums) -> Issued {
    let (supplier, bank) = supplier::parties();
    let shares = Shared { document: document.reference(), company: document.customer.name.clone() };
    Issued {
        number,
        issued_on: today,
        due_on: Some(invoice::due_on(today)),
        first_day: document.first_day,
        last_day: document.last_day,
        supplier,
        bank,
        customer,
        vat_evidence: None,
        sums,
        corrects: None,
        national_vat: None,
        vat_check: None,
        shares: Some(shares),
    }
}
