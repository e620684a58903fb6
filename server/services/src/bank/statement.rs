//! Reads the statements in a CAMT.053 file (ISO 20022, versions 02, 06 and 08), which anybody may have made.
//!
//! Refuses what is not whole: another account, another currency, a cut file, sums that do not add up. Refuses document
//! types and with them entities. Decides nothing about the entries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    bank::{Entry, Statement},
    money::Money,
    payment_reference,
    problem::Problem,
};
use roxmltree::{Document, Node};
use sepa::{
    Camt053ParseError, Camt053Statement, CashEntry, EntryStatus, IsoDate, ParseLimits, StatementBalance, XmlError,
    camt053::parse_camt053_with_limits,
};
use sha2::{Digest, Sha256};

/// The largest file taken.
pub const STATEMENT_BYTES_MAX: usize = 5 * 1024 * 1024;
pub(super) const STATEMENT_MEGABYTES_MAX: i64 = 5;

const EURO: &str = "EUR";

/// The longest text kept of what a payer wrote (the scheme carries 140 characters, banks join several).
const TEXT_MAX: usize = 2_000;

/// Every statement of the file, each whole and of this account.
pub(super) fn read(content: &[u8], account: &str) -> Result<Vec<Statement>, Problem> {
    let text = std::str::from_utf8(content).map_err(|_| Problem::NotAStatement)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let limits = ParseLimits { input_bytes: STATEMENT_BYTES_MAX, depth: 64, ..ParseLimits::default() };
    let file = parse_camt053_with_limits(text, limits).map_err(|error| match error {
        Camt053ParseError::Xml(XmlError::Identity { .. } | XmlError::NoRootElement) | Camt053ParseError::NotCamt053 => {
            Problem::NotAStatement
        }
        _ => Problem::StatementUnreadable,
    })?;
    if file.statements.is_empty() {
        return Err(Problem::NotAStatement);
    }
    // The other reader leaves out structured references.
    let tree = Document::parse(text).map_err(|_| Problem::StatementUnreadable)?;
    let noted = named(tree.root(), "Stmt");
    if noted.len() != file.statements.len() {
        return Err(Problem::StatementUnreadable);
    }
    file.statements.iter().zip(noted).map(|(one, node)| statement(one, node, account)).collect()
}

/// Tells a statement from another of the same name.
pub(super) fn hash(statement: &Statement) -> String {
    hex::encode(Sha256::digest(format!("{statement:?}")))
}

/// An account's number as machines compare it.
pub(super) fn plain(iban: &str) -> String {
    iban.chars().filter(|letter| !letter.is_whitespace()).map(|letter| letter.to_ascii_uppercase()).collect()
}

fn statement(said: &Camt053Statement, node: Node<'_, '_>, account: &str) -> Result<Statement, Problem> {
    if said.account.iban.as_deref().map(plain).as_deref() != Some(account) {
        return Err(Problem::StatementAccount);
    }
    if said.account.currency.as_deref().is_some_and(|currency| currency != EURO) {
        return Err(Problem::StatementCurrency);
    }
    let is_opening = |one: &&StatementBalance| matches!(one.balance_type.as_code(), "OPBD" | "PRCD");
    let first = said.opening_balance().or_else(|| said.balances.iter().find(is_opening));
    let (Some(first), Some(last)) = (first, said.closing_balance()) else { return Err(Problem::StatementUnreadable) };
    let (opening, closing) = (balance(first)?, balance(last)?);
    let notes = children(node, "Ntry");
    if notes.len() != said.entries.len() || said.stmt_id.is_empty() {
        return Err(Problem::StatementUnreadable);
    }
    let to = said.to_date().or(last.date()).and_then(day).ok_or(Problem::StatementUnreadable)?;
    let from = said.from_date().or(first.date()).and_then(day).unwrap_or(to);
    let mut entries = Vec::new();
    let mut seen = BTreeMap::new();
    for (entry, note) in said.entries.iter().zip(notes) {
        match &entry.status {
            EntryStatus::Booked => entries.extend(booked(entry, note, to, &mut seen)?),
            // Announced, not booked: no balance counts it, and it comes again once it is.
            EntryStatus::Pending | EntryStatus::Info | EntryStatus::Future => {}
            _ => return Err(Problem::StatementUnreadable),
        }
    }
    let read = Statement {
        account: account.to_owned(),
        name: said.stmt_id.clone(),
        from: from.min(to),
        to,
        opening,
        closing,
        entries,
    };
    read.adds_up()?;
    Ok(read)
}

fn balance(said: &StatementBalance) -> Result<Money, Problem> {
    if said.amount.currency.as_deref().is_some_and(|currency| currency != EURO) {
        return Err(Problem::StatementCurrency);
    }
    said.signed_ct().map(Money::cents).ok_or(Problem::StatementUnreadable)
}

fn day(date: IsoDate) -> Option<NaiveDate> {
    NaiveDate::try_from(date).ok()
}

/// One entry, or one for each of several payments that the bank booked as one and itemises to the cent.
fn booked(
    said: &CashEntry,
    note: Node<'_, '_>,
    last_day: NaiveDate,
    seen: &mut BTreeMap<String, u32>,
) -> Result<Vec<Entry>, Problem> {
    if said.amount.currency.as_deref().is_some_and(|currency| currency != EURO) {
        return Err(Problem::StatementCurrency);
    }
    let amount = said.signed_ct().filter(|cents| *cents != 0).ok_or(Problem::StatementUnreadable)?;
    let booked_on = said.booking_date().or(said.value_date()).and_then(day).unwrap_or(last_day);
    let valued_on = said.value_date().and_then(day);
    // One payment's details, wherever the bank put them.
    let details: Vec<Node<'_, '_>> = descendants(note, "TxDtls");
    let is_itemised = said.details.len() > 1 && said.details.len() == details.len() && said.details_reconcile();
    let mut made = Vec::new();
    if is_itemised {
        for (detail, node) in said.details.iter().zip(details) {
            let cents = detail.signed_ct().filter(|cents| *cents != 0).ok_or(Problem::StatementUnreadable)?;
            made.push(Entry {
                key: String::new(),
                booked_on,
                valued_on,
                amount: Money::cents(cents),
                party_name: detail.counterparty_name.clone(),
                party_iban: detail.counterparty_iban.as_deref().map(plain),
                reference: reference(node),
                text: remittance(node),
                end_to_end: detail.end_to_end_id.clone(),
            });
        }
    } else {
        made.push(Entry {
            key: String::new(),
            booked_on,
            valued_on,
            amount: Money::cents(amount),
            party_name: said.counterparty_name().map(str::to_owned),
            party_iban: said.counterparty_iban().map(plain),
            reference: reference(note),
            text: remittance(note),
            end_to_end: said.end_to_end_id().map(str::to_owned),
        });
    }
    for entry in &mut made {
        let key = key(said.account_servicer_ref.as_deref(), entry);
        // What is the same in every respect is told apart by how often it was said.
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        entry.key = if *count == 1 { key } else { format!("{key}#{count}") };
    }
    Ok(made)
}

/// The same wherever the bank says this entry again.
fn key(servicer: Option<&str>, entry: &Entry) -> String {
    let servicer =
        servicer.map(str::trim).filter(|name| !name.is_empty() && !matches!(*name, "NONREF" | "NOTPROVIDED"));
    let detail = entry.end_to_end.as_deref().unwrap_or_default();
    let what = match servicer {
        Some(name) => format!("{name}|{detail}"),
        None => {
            let (name, iban) = (entry.party_name.as_deref(), entry.party_iban.as_deref());
            let said = format!("{name:?}|{iban:?}|{:?}|{}|{detail}", entry.reference, entry.text);
            hex::encode(Sha256::digest(said))
        }
    };
    format!("{what}|{}|{}", entry.amount, entry.booked_on)
}

/// The creditor references given apart from the text, as machines compare them.
fn reference(node: Node<'_, '_>) -> Option<String> {
    let texts: Vec<String> = descendants(node, "CdtrRefInf")
        .into_iter()
        .flat_map(|info| children(info, "Ref"))
        .filter_map(|found| found.text().map(payment_reference::plain))
        .filter(|text| !text.is_empty())
        .collect();
    (!texts.is_empty()).then(|| shortened(&texts.join(" ")))
}

/// What the payer wrote, and what the bank adds where the payer wrote nothing.
fn remittance(node: Node<'_, '_>) -> String {
    let said = |name: &str| -> Vec<String> {
        let texts = descendants(node, name).into_iter().filter_map(|found| found.text());
        texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    };
    let mut texts = said("Ustrd");
    if texts.is_empty() {
        texts = said("AddtlNtryInf");
    }
    shortened(&texts.join(" "))
}

fn shortened(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(TEXT_MAX).collect()
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    node.children().filter(|child| child.is_element() && child.tag_name().name() == name).collect()
}

/// In document order, each of the document's own namespace.
fn descendants<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    let own = node.tag_name().namespace();
    node.descendants()
        .filter(|one| one.is_element() && one.tag_name().name() == name && one.tag_name().namespace() == own)
        .collect()
}

fn named<'a, 'i>(root: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    let own = root.first_element_child().and_then(|document| document.tag_name().namespace());
    root.descendants().filter(|one| one.tag_name().name() == name && one.tag_name().namespace() == own).collect()
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
