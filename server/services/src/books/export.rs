//! The books as files that an accountant's program reads: comma-separated values, and SAF-T.

use chrono::NaiveDate;
use domain::{book::Class, money::Money, period::Month, policy::Action};

use super::{BookFilter, JournalEntry, last_day, with_lines};
use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    store,
};

/// Most entries of one file.
const MOST: u64 = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookExport {
    /// One line a posting.
    Csv,
    /// The Standard Audit File for Tax of the OECD, version 2.00: accounts, customers, journal.
    SafT,
}

impl BookExport {
    pub const ALL: [Self; 2] = [Self::Csv, Self::SafT];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::SafT => "saf-t",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::SafT => "xml",
        }
    }
}

impl Desk {
    /// The journal of a month as a file, with its name.
    pub async fn export_books(&self, month: Month, form: BookExport) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadBooks).await?;
        let filter = BookFilter { month: Some(month), limit: MOST, ..BookFilter::default() };
        let mut rows = store::book::entries(&tx, &filter).await?;
        rows.reverse();
        let entries = with_lines(&tx, rows).await?;
        let name = format!("journal-{}.{}", month.first_day().format("%Y-%m"), form.extension());
        let file = match form {
            BookExport::Csv => csv(&entries)?,
            BookExport::SafT => saf_t(month, brussels(self.now), &entries)?,
        };
        Ok((name, file))
    }
}

fn brussels(now: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    domain::period::brussels_day(now)
}

fn csv(entries: &[JournalEntry]) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let header = [
        "entry",
        "booked_on",
        "happened_on",
        "kind",
        "account",
        "account_code",
        "kept_for",
        "name",
        "debit",
        "credit",
        "key",
    ];
    out.write_record(header).map_err(anyhow)?;
    for entry in entries {
        for line in &entry.lines {
            let (debit, credit) = sides(line.amount)?;
            out.write_record([
                entry.row.number.to_string(),
                entry.row.booked_on.to_string(),
                entry.row.happened_on.to_string(),
                entry.row.kind.code().to_owned(),
                line.account.number().to_string(),
                line.account.code().to_owned(),
                line.kept_for.clone(),
                line.name.clone(),
                debit,
                credit,
                entry.row.key.clone(),
            ])
            .map_err(anyhow)?;
        }
    }
    out.into_inner().map_err(|error| Error::Broken(anyhow(error.into_error())))
}

/// The amount on its side, and nothing on the other.
fn sides(amount: Money) -> Result<(String, String)> {
    Ok(if amount > Money::ZERO {
        (amount.to_string(), String::new())
    } else {
        (String::new(), amount.negated()?.to_string())
    })
}

/// Header, general ledger accounts, customers, and the month's entries, in the order that the schema asks for.
fn saf_t(month: Month, on: NaiveDate, entries: &[JournalEntry]) -> Result<Vec<u8>> {
    let mut xml = Xml::new();
    xml.open("AuditFile xmlns=\"urn:OECD:StandardAuditFile-Tax:2.00\"")?;
    xml.open("Header")?;
    xml.line("AuditFileVersion", "2.00")?;
    xml.line("AuditFileCountry", crate::invoices::SUPPLIER_COUNTRY)?;
    xml.line("AuditFileDateCreated", &on.to_string())?;
    xml.line("SoftwareCompanyName", "Gigahours")?;
    xml.line("SoftwareID", "Gigahours")?;
    xml.line("SoftwareVersion", env!("CARGO_PKG_VERSION"))?;
    xml.line("DefaultCurrencyCode", "EUR")?;
    xml.open("SelectionCriteria")?;
    xml.line("SelectionStartDate", &month.first_day().to_string())?;
    xml.line("SelectionEndDate", &last_day(month).to_string())?;
    xml.close("SelectionCriteria")?;
    xml.line("TaxAccountingBasis", "Invoice Accounting")?;
    xml.close("Header")?;
    master_files(&mut xml, entries)?;
    journal(&mut xml, entries)?;
    xml.close("AuditFile")?;
    xml.finish()
}

fn master_files(xml: &mut Xml, entries: &[JournalEntry]) -> Result<()> {
    let lines = || entries.iter().flat_map(|entry| &entry.lines);
    let mut accounts: Vec<_> = lines().map(|line| line.account).collect();
    accounts.sort_unstable_by_key(|account| account.number());
    accounts.dedup();
    xml.open("MasterFiles")?;
    xml.open("GeneralLedgerAccounts")?;
    for account in accounts {
        let kind = match account.class() {
            Class::Asset => "Asset",
            Class::Liability => "Liability",
            Class::Income => "Sale",
            Class::Expense => "Expense",
            Class::Memo => "Other",
        };
        xml.open("Account")?;
        xml.line("AccountID", &account.number().to_string())?;
        xml.line("AccountDescription", account.code())?;
        xml.line("AccountType", kind)?;
        xml.close("Account")?;
    }
    xml.close("GeneralLedgerAccounts")?;
    let mut customers: Vec<_> = lines().filter(|line| line.account == domain::book::Account::Receivable).collect();
    customers.sort_unstable_by(|one, other| one.kept_for.cmp(&other.kept_for));
    customers.dedup_by(|one, other| one.kept_for == other.kept_for);
    xml.open("Customers")?;
    for customer in customers {
        xml.open("Customer")?;
        xml.line("Name", &customer.name)?;
        xml.line("CustomerID", &customer.kept_for)?;
        xml.line("AccountID", &customer.account.number().to_string())?;
        xml.close("Customer")?;
    }
    xml.close("Customers")?;
    xml.close("MasterFiles")
}

fn journal(xml: &mut Xml, entries: &[JournalEntry]) -> Result<()> {
    let amounts = || entries.iter().flat_map(|entry| &entry.lines).map(|line| line.amount);
    let debit = Money::sum(amounts().filter(|amount| *amount > Money::ZERO))?;
    let credit = Money::sum(amounts().filter(|amount| *amount < Money::ZERO))?.negated()?;
    xml.open("GeneralLedgerEntries")?;
    xml.line("NumberOfEntries", &entries.len().to_string())?;
    xml.line("TotalDebit", &debit.to_string())?;
    xml.line("TotalCredit", &credit.to_string())?;
    xml.open("Journal")?;
    xml.line("JournalID", "1")?;
    xml.line("Description", "Journal")?;
    xml.line("Type", "GL")?;
    for entry in entries {
        transaction(xml, entry)?;
    }
    xml.close("Journal")?;
    xml.close("GeneralLedgerEntries")
}

fn transaction(xml: &mut Xml, entry: &JournalEntry) -> Result<()> {
    let row = &entry.row;
    xml.open("Transaction")?;
    xml.line("TransactionID", &row.number.to_string())?;
    xml.line("Period", &row.booked_on.format("%m").to_string())?;
    xml.line("PeriodYear", &row.booked_on.format("%Y").to_string())?;
    xml.line("TransactionDate", &row.happened_on.to_string())?;
    xml.line("Description", &row.key)?;
    xml.line("SystemEntryDate", &brussels(row.created_at).to_string())?;
    xml.line("GLPostingDate", &row.booked_on.to_string())?;
    for (line, position) in entry.lines.iter().zip(1_u32..) {
        let side = if line.amount > Money::ZERO { "DebitAmount" } else { "CreditAmount" };
        let amount = if line.amount > Money::ZERO { line.amount } else { line.amount.negated()? };
        xml.open("Line")?;
        xml.line("RecordID", &position.to_string())?;
        xml.line("AccountID", &line.account.number().to_string())?;
        if line.account == domain::book::Account::Receivable {
            xml.line("CustomerID", &line.kept_for)?;
        }
        xml.line("Description", &line.name)?;
        xml.open(side)?;
        xml.line("Amount", &amount.to_string())?;
        xml.close(side)?;
        xml.close("Line")?;
    }
    xml.close("Transaction")
}

/// Elements one after the other, their text escaped.
struct Xml(quick_xml::Writer<Vec<u8>>);

impl Xml {
    fn new() -> Self {
        let mut out = br#"<?xml version="1.0" encoding="UTF-8"?>"#.to_vec();
        out.push(b'\n');
        Self(quick_xml::Writer::new_with_indent(out, b' ', 1))
    }

    fn write(&mut self, event: quick_xml::events::Event<'_>) -> Result<()> {
        self.0.write_event(event).map_err(|error| Error::Broken(anyhow(error)))
    }

    /// The name, with attributes where it has any.
    fn open(&mut self, name: &str) -> Result<()> {
        let length = name.split(' ').next().unwrap_or(name).len();
        self.write(quick_xml::events::Event::Start(quick_xml::events::BytesStart::from_content(name, length)))
    }

    fn close(&mut self, name: &str) -> Result<()> {
        self.write(quick_xml::events::Event::End(quick_xml::events::BytesEnd::new(name)))
    }

    fn line(&mut self, name: &str, text: &str) -> Result<()> {
        self.open(name)?;
        self.write(quick_xml::events::Event::Text(quick_xml::events::BytesText::new(text)))?;
        self.close(name)
    }

    fn finish(self) -> Result<Vec<u8>> {
        Ok(self.0.into_inner())
    }
}
