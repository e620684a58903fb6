//! Verbs of the books: what is booked when, the journal, the trial balance, tax figures, and closing a month.
//!
//! Money is booked in the transaction that moves it; [`Desk::check_books`] compares the books with the documents.

mod check;
mod export;

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{
    book::{Account, Earned, Entry, Kind, Refused},
    credit_note::CreditNote,
    id::{CreditNoteId, InvoiceId, OrganisationId},
    invoice::{Issued, Sums},
    money::Money,
    period::{Month, brussels_day},
    policy::Action,
    problem::Problem,
    usage::CLOSING_GRACE,
    vat_return::{self, ReturnLine, SalesLine, Taxed},
};

pub use check::Finding;
pub use export::BookExport;

use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    jobs::Verdict,
    store::{self, Tx, rows::BookEntryRow},
};

pub use store::book::{BookFilter, Turnover};

/// An entry with its lines, each with the name of what its account is kept for.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    pub row: BookEntryRow,
    pub lines: Vec<JournalLine>,
}

#[derive(Debug, Clone)]
pub struct JournalLine {
    pub account: Account,
    /// As it is kept: an id where it is an organisation.
    pub kept_for: String,
    /// As people say it.
    pub name: String,
    pub amount: Money,
}

/// Every account with what moved in a month, or ever.
#[derive(Debug, Clone)]
pub struct TrialBalance {
    pub month: Option<Month>,
    /// Each with its name.
    pub rows: Vec<(Turnover, String)>,
    pub debit: Money,
    /// Below nought, and as much as the debit.
    pub credit: Money,
    /// The last month that is closed.
    pub closed: Option<Month>,
}

/// Tax figures of some months.
#[derive(Debug, Clone)]
pub struct TaxFigures {
    pub from: Month,
    pub to: Month,
    pub lines: Vec<ReturnLine>,
    pub sales: Vec<SalesLine>,
}

/// What keeps a month from being closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// It is not over, or still takes readings.
    TooEarly,
    /// Use in it is not invoiced yet: so many allocations.
    Uncharged(u64),
    /// The books and the documents differ.
    Findings(usize),
}

/// The month that is closed next.
#[derive(Debug, Clone)]
pub struct NextClosing {
    pub month: Month,
    pub obstacles: Vec<Obstacle>,
    /// Where the books and the documents differ.
    pub findings: Vec<Finding>,
}

impl Desk {
    /// The month's movements, or all of them.
    pub async fn trial_balance(&self, month: Option<Month>) -> Result<TrialBalance> {
        let tx = self.begin(Action::ReadBooks).await?;
        let (from, to) = match month {
            Some(month) => (Some(month.first_day()), last_day(month)),
            None => (None, NaiveDate::MAX),
        };
        let turnovers = store::book::turnovers(&tx, from, to.min(FAR)).await?;
        let closed = store::book::last_closed(&tx).await?;
        let names = names(&tx, turnovers.iter().map(|row| (row.account, row.kept_for.as_str()))).await?;
        let debit = Money::sum(turnovers.iter().map(|row| row.debit_cents))?;
        let credit = Money::sum(turnovers.iter().map(|row| row.credit_cents))?;
        let rows = turnovers.into_iter().map(|row| {
            let name = named(&names, row.account, &row.kept_for);
            (row, name)
        });
        Ok(TrialBalance { month, rows: rows.collect(), debit, credit, closed })
    }

    /// Entries, the newest first.
    pub async fn journal(&self, filter: &BookFilter) -> Result<Vec<JournalEntry>> {
        let tx = self.begin(Action::ReadBooks).await?;
        let rows = store::book::entries(&tx, filter).await?;
        with_lines(&tx, rows).await
    }

    /// One entry by its number.
    pub async fn journal_entry(&self, number: i64) -> Result<JournalEntry> {
        let filter = BookFilter { before: number.checked_add(1), limit: 1, ..BookFilter::default() };
        let found = self.journal(&filter).await?.into_iter().find(|entry| entry.row.number == number);
        found.ok_or(Error::NotFound)
    }

    /// What documents of these months declare, the last month in.
    pub async fn tax_figures(&self, from: Month, to: Month) -> Result<TaxFigures> {
        let tx = self.begin(Action::ReadBooks).await?;
        let issued = store::invoice::issued_between(&tx, from.first_day(), last_day(to)).await?;
        let documents: Vec<Issued> = issued.iter().map(store::rows::InvoiceRow::issued).collect::<Result<_>>()?;
        let credited = store::credit_note::issued_between(&tx, from.first_day(), last_day(to)).await?;
        let notes: Vec<CreditNote> = credited.iter().map(store::rows::CreditNoteRow::note).collect::<Result<_>>()?;
        let charged = documents.iter().map(|one| Taxed { sums: &one.sums, customer: &one.customer, is_credit: false });
        let taken_back = notes.iter().map(|one| Taxed { sums: &one.sums, customer: &one.customer, is_credit: true });
        let taxed: Vec<Taxed<'_>> = charged.chain(taken_back).collect();
        Ok(TaxFigures { from, to, lines: vat_return::return_lines(&taxed)?, sales: vat_return::sales_lines(&taxed)? })
    }

    /// The month that is closed next, and what is in the way.
    pub async fn closing_books(&self) -> Result<NextClosing> {
        let tx = self.begin(Action::ReadBooks).await?;
        let month = match store::book::last_closed(&tx).await? {
            Some(last) => last.next(),
            None => first_month(&tx, self.now).await?,
        };
        let end = month.period().end;
        let uncharged = store::invoice::uncharged_before(&tx, end).await?;
        drop(tx);
        let mut obstacles = Vec::new();
        if self.now < end + CLOSING_GRACE {
            obstacles.push(Obstacle::TooEarly);
        }
        if uncharged > 0 && month >= Month::of(self.now).previous() {
            obstacles.push(Obstacle::Uncharged(uncharged));
        }
        let findings = self.check_books().await?;
        if !findings.is_empty() {
            obstacles.push(Obstacle::Findings(findings.len()));
        }
        Ok(NextClosing { month, obstacles, findings })
    }

    /// Closes the next month: nothing is booked in it any more. What comes late is booked in the first open one.
    pub async fn close_books(&self, seen: Month) -> Result<()> {
        let NextClosing { month, obstacles, .. } = self.closing_books().await?;
        if month != seen {
            return Err(Error::Stale);
        }
        if !obstacles.is_empty() {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        let mut tx = self.begin(Action::CloseBooks).await?;
        if store::book::last_closed(&tx).await?.is_some_and(|last| last >= month) {
            return Err(Error::Stale);
        }
        store::book::close(&mut tx, month).await?;
        tx.commit().await
    }

    /// Books documents that no entry records: those from before there were books. Safe as often as wanted.
    pub(crate) async fn open_books(&self) -> Result<Verdict> {
        const AT_ONCE: u64 = 200;
        let mut last = None;
        loop {
            let mut tx = self.begin(Action::PostBooks).await?;
            let rows = store::book::unbooked(&tx, last, AT_ONCE).await?;
            // A document of nothing is never booked: without its id it would be met again for ever.
            last = rows.last().map(|row| row.id);
            if last.is_none() {
                return Ok(Verdict::Done);
            }
            for row in rows {
                book_invoice(&mut tx, row.id, row.organisation_id, &row.issued()?).await?;
                store::book::settle_invoice(&mut tx, row.id).await?;
            }
            tx.commit().await?;
        }
    }
}

/// Further than any day that is booked, and within what both databases can compare.
const FAR: NaiveDate = match NaiveDate::from_ymd_opt(9_999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

pub(crate) fn last_day(month: Month) -> NaiveDate {
    month.next().first_day().pred_opt().unwrap_or_else(|| month.first_day())
}

async fn first_month(tx: &Tx, now: chrono::DateTime<chrono::Utc>) -> Result<Month> {
    let first = store::book::first_day(tx).await?.unwrap_or_else(|| brussels_day(now));
    Ok(Month::of_day(first))
}

/// Books an issued invoice or statement, in the transaction that issues it.
pub(crate) async fn book_invoice(
    tx: &mut Tx,
    id: InvoiceId,
    organisation: OrganisationId,
    issued: &Issued,
) -> Result<()> {
    let (earned, vat) = earned(&issued.sums);
    let key = format!("invoice:{}", issued.number);
    booked(tx, Entry::invoice((issued.issued_on, key), organisation, &earned, &vat), id.into()).await
}

/// Books what a funder is invoiced for, in the transaction that issues it.
pub(crate) async fn book_funder_share(
    tx: &mut Tx,
    id: InvoiceId,
    funder: OrganisationId,
    pot: &str,
    issued: &Issued,
) -> Result<()> {
    let at = (issued.issued_on, format!("invoice:{}", issued.number));
    booked(tx, Entry::funder_share(Kind::Invoice, at, funder, pot, issued.sums.total), id.into()).await
}

/// Books what of it a credit note takes back.
pub(crate) async fn book_funder_credit(
    tx: &mut Tx,
    id: CreditNoteId,
    funder: OrganisationId,
    note: &CreditNote,
) -> Result<()> {
    // All lines of a funder's document are of its pot.
    let pot = note.sums.lines.first().map_or("", |line| line.pot.as_str());
    let at = (note.issued_on, format!("credit_note:{}", note.number));
    booked(tx, Entry::funder_share(Kind::CreditNote, at, funder, pot, note.sums.total.negated()?), id.into()).await
}

/// Books a credit note, in the transaction that issues it.
pub(crate) async fn book_credit_note(
    tx: &mut Tx,
    id: CreditNoteId,
    organisation: OrganisationId,
    note: &CreditNote,
) -> Result<()> {
    let (earned, vat) = earned(&note.sums);
    let key = format!("credit_note:{}", note.number);
    booked(tx, Entry::credit_note((note.issued_on, key), organisation, &earned, &vat), id.into()).await
}

/// What each site and pot earns by a document, and the VAT of each state.
fn earned(sums: &Sums) -> (Vec<Earned>, Vec<(String, Money)>) {
    let earned = sums.lines.iter().map(|line| Earned {
        site: line.site.clone(),
        pot: line.pot.clone(),
        own: line.own,
        subsidy: line.subsidy,
    });
    let vat = sums.taxes.iter().map(|tax| (tax.country.code().to_owned(), tax.vat));
    (earned.collect(), vat.collect())
}

async fn booked(tx: &mut Tx, entry: Result<Entry, Refused>, subject: store::Subject) -> Result<()> {
    match entry {
        Ok(entry) => store::book::post(tx, &entry, Some(subject)).await.map(drop),
        // Nothing was charged and nothing subsidised: there is nothing to book.
        Err(Refused::Empty) => Ok(()),
        Err(error) => Err(Error::Broken(anyhow(error))),
    }
}

async fn with_lines(tx: &Tx, rows: Vec<BookEntryRow>) -> Result<Vec<JournalEntry>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut lines = store::book::lines(tx, &ids).await?;
    let kept = lines.values().flatten().map(|(account, kept_for, _)| (*account, kept_for.as_str()));
    let names = names(tx, kept).await?;
    let entry = |row: BookEntryRow| {
        let lines = lines.remove(&row.id).unwrap_or_default().into_iter();
        let lines = lines.map(|(account, kept_for, amount)| {
            let name = named(&names, account, &kept_for);
            JournalLine { account, kept_for, name, amount }
        });
        JournalEntry { lines: lines.collect(), row }
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Names of the organisations that receivables are kept for.
async fn names<'a>(tx: &Tx, kept: impl Iterator<Item = (Account, &'a str)>) -> Result<HashMap<String, String>> {
    let ids = kept.filter(|(account, _)| *account == Account::Receivable).filter_map(|(_, id)| id.parse().ok());
    let mut ids: Vec<OrganisationId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = store::allocation::organisation_names(tx, ids).await?;
    Ok(found.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

fn named(names: &HashMap<String, String>, account: Account, kept_for: &str) -> String {
    match account {
        Account::Receivable => names.get(kept_for).cloned().unwrap_or_else(|| kept_for.to_owned()),
        _ => kept_for.to_owned(),
    }
}
