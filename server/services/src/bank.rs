//! Verbs of bank statements: importing one, reading entries, setting one aside. Where the money goes is in the files
//! beneath.

pub(crate) mod credits;
mod matching;
mod provider;
mod statement;

use domain::{
    bank::{Doubt, Entry, State, Statement},
    book,
    id::{BankEntryId, BankStatementId, OrganisationId, PaymentId},
    money::Money,
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    desk::Desk,
    dunning,
    error::{Error, OnUnique, Result, anyhow},
    invoices,
    jobs::Job,
    store::{
        self, Tx,
        entity::{bank_entry, bank_statement},
        rows::{BankEntryRow, BankMatchRow, BankStatementRow, InvoiceRow, PayoutRow, ProviderPayoutRow},
    },
};

pub use credits::{CreditRead, CreditUse, CreditsRead, PayoutForm};
pub use statement::STATEMENT_BYTES_MAX;
pub use store::bank::EntryFilter;

/// What an import brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub statements: usize,
    pub entries: usize,
    /// Of these, how many earlier statements had brought.
    pub known: usize,
    pub matched: usize,
    /// Those that need a person.
    pub open: usize,
}

/// A statement with whether its opening balance is the closing balance of the one before.
#[derive(Debug, Clone)]
pub struct StatementListed {
    pub row: BankStatementRow,
    /// What lies between this and the one before it, if they do not join.
    pub gap: Option<Money>,
}

/// An entry with what it was matched to.
#[derive(Debug, Clone)]
pub struct EntryListed {
    pub row: BankEntryRow,
    pub matches: Vec<MatchRead>,
}

#[derive(Debug, Clone)]
pub struct MatchRead {
    pub row: BankMatchRow,
    pub organisation: String,
    /// The invoice that it paid.
    pub invoice: Option<InvoiceRow>,
}

/// An entry for the person who places it.
#[derive(Debug, Clone)]
pub struct EntryRead {
    pub listed: EntryListed,
    pub statement: BankStatementRow,
    pub candidates: Vec<Candidate>,
    /// Companies whose credit the rest can become.
    pub companies: Vec<(OrganisationId, String)>,
    /// Transfers that were ordered of this amount, with their company's name.
    pub transfers: Vec<(PayoutRow, String)>,
    /// That it is a payout of the payment provider, undone ones too, oldest first.
    pub provider: Vec<ProviderPayoutRow>,
    /// What is with the payment provider by the books.
    pub with_provider: Money,
    /// The last day on which its match can be undone.
    pub undo_until: Option<chrono::NaiveDate>,
    pub can_undo: bool,
}

/// An invoice that could be meant.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub invoice: InvoiceRow,
    pub company: String,
    /// What is claimed beside it for late payment and not paid yet.
    pub claim: Money,
}

impl Candidate {
    /// Everything that can be paid on it.
    pub fn payable(&self) -> Result<Money> {
        Ok(self.invoice.unpaid().checked_add(self.claim)?)
    }
}

/// The longest reason.
pub(crate) const REASON_MAX: i64 = 500;

/// A reason as it is kept, or what is wrong with it.
pub(crate) fn reason(typed: &str) -> Result<String> {
    typed::reason(typed, REASON_MAX).map_err(|problem| Error::invalid("reason", problem))
}

impl Desk {
    /// Takes in every statement of a CAMT.053 file, or none: entries that an earlier statement brought are not taken
    /// twice, and each new one is matched if it can be without a person. `Invalid` on `file` says what is wrong.
    pub async fn import_statement(&self, file_name: &str, content: &[u8]) -> Result<Imported> {
        if content.len() > STATEMENT_BYTES_MAX {
            let max = statement::STATEMENT_MEGABYTES_MAX;
            return Err(Error::invalid("file", Problem::FileTooLarge { max }));
        }
        let account = statement::plain(&invoices::supplier_bank().iban);
        let read = statement::read(content, &account).map_err(|problem| Error::invalid("file", problem))?;
        let mut tx = self.begin(Action::ImportStatement).await?;
        let mut imported = Imported::default();
        for one in &read {
            match store::bank::statement_named(&tx, &account, &one.name).await? {
                Some(known) if known.content_hash == statement::hash(one) => {}
                Some(_) => return Err(Error::invalid("file", Problem::StatementChanged)),
                None => self.take_in(&mut tx, one, file_name, &mut imported).await?,
            }
        }
        if imported.statements == 0 {
            return Err(Error::invalid("file", Problem::StatementKnown));
        }
        if imported.open > 0 {
            tx.enqueue(&Job::MatchImported, self.now, Some("match:imported")).await?;
        }
        tx.commit().await?;
        Ok(imported)
    }

    async fn take_in(&self, tx: &mut Tx, said: &Statement, file_name: &str, imported: &mut Imported) -> Result<()> {
        let keys: Vec<String> = said.entries.iter().map(|entry| entry.key.clone()).collect();
        let known = store::bank::known_keys(tx, &said.account, &keys).await?;
        let statement = tx
            .insert(bank_statement::ActiveModel {
                id: Set(tx.new_id()),
                account: Set(said.account.clone()),
                name: Set(said.name.clone()),
                from_day: Set(said.from),
                to_day: Set(said.to),
                opening_cents: Set(said.opening),
                closing_cents: Set(said.closing),
                entries: Set(i32::try_from(said.entries.len()).unwrap_or(i32::MAX)),
                known: Set(i32::try_from(known.len()).unwrap_or(i32::MAX)),
                content_hash: Set(statement::hash(said)),
                file_name: Set(file_name.chars().filter(|letter| !letter.is_control()).take(200).collect()),
                imported_by: Set(self.actor.person),
                imported_at: Set(self.now),
            })
            .await
            .on_unique("file", Problem::StatementKnown)?;
        imported.statements += 1;
        imported.entries += said.entries.len();
        imported.known += known.len();
        for (entry, position) in said.entries.iter().zip(1_i32..).filter(|(entry, _)| !known.contains(&entry.key)) {
            let row = self.receive(tx, statement.id, entry, position).await?;
            if self.match_by_itself(tx, row, entry).await? {
                imported.matched += 1;
            } else {
                imported.open += 1;
            }
        }
        tx.event(statement.id, "statement_imported", json!({ "entries": said.entries.len() })).await
    }

    /// Money that came or went by bank: the one place where an entry is written down.
    async fn receive(
        &self,
        tx: &mut Tx,
        statement: BankStatementId,
        entry: &Entry,
        position: i32,
    ) -> Result<BankEntryRow> {
        let account = tx.find::<bank_statement::Entity>(statement).await?.account;
        let id: BankEntryId = tx.new_id();
        let at = (entry.booked_on, format!("bank_entry:{id}"));
        let booked = book::Entry::bank(at, entry.amount).map_err(anyhow)?;
        store::book::post(tx, &booked, Some(id.into())).await?;
        tx.insert(bank_entry::ActiveModel {
            id: Set(id),
            statement_id: Set(statement),
            account: Set(account),
            entry_key: Set(entry.key.clone()),
            position: Set(position),
            booked_on: Set(entry.booked_on),
            valued_on: Set(entry.valued_on),
            amount_cents: Set(entry.amount),
            party_name: Set(entry.party_name.clone()),
            party_iban: Set(entry.party_iban.clone()),
            reference: Set(entry.reference.clone()),
            remittance: Set(entry.text.clone()),
            end_to_end: Set(entry.end_to_end.clone()),
            state: Set(State::Open),
            how: Set(None),
            doubt: Set(Some(Doubt::Nothing)),
            reason: Set(None),
            settled_by: Set(None),
            settled_at: Set(None),
            version: Set(1),
        })
        .await
        // Another import brought it in this very moment.
        .on_unique("file", Problem::StatementKnown)
    }

    /// Statements, the latest first, each compared with the one before.
    pub async fn statements(&self) -> Result<Vec<StatementListed>> {
        let tx = self.begin(Action::ReadBank).await?;
        let rows = store::bank::statements(&tx, 100).await?;
        let mut listed = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let before = rows.get(place + 1).filter(|before| before.account == row.account);
            let gap = before.map(|before| row.opening_cents.checked_sub(before.closing_cents)).transpose()?;
            listed.push(StatementListed { row: row.clone(), gap: gap.filter(|gap| !gap.is_zero()) });
        }
        Ok(listed)
    }

    /// Entries this actor may see, the newest first.
    pub async fn bank_entries(&self, filter: &EntryFilter) -> Result<Vec<EntryListed>> {
        let tx = self.begin(Action::ReadBank).await?;
        let rows = store::bank::entries(&tx, filter).await?;
        listed(&tx, rows).await
    }

    /// How many entries need a person.
    pub async fn open_entries(&self) -> Result<u64> {
        let tx = self.begin(Action::ReadBank).await?;
        store::bank::count(&tx, State::Open).await
    }

    /// One entry with the invoices that it could pay: those found by this text, or those of its amount.
    pub async fn bank_entry(&self, id: BankEntryId, text: &str) -> Result<EntryRead> {
        let tx = self.begin(Action::ReadBank).await?;
        let row = tx.find::<bank_entry::Entity>(id).await?;
        let statement = tx.find::<bank_statement::Entity>(row.statement_id).await?;
        let amount = row.amount_cents;
        let (candidates, companies) = if row.state == State::Open && amount > Money::ZERO {
            candidates(&tx, &row, text).await?
        } else {
            Default::default()
        };
        let transfers = if row.state == State::Open { transfers(&tx, amount).await? } else { Vec::new() };
        let mut listed = listed(&tx, vec![row]).await?;
        let listed = listed.pop().ok_or(Error::NotFound)?;
        let provider = store::bank::provider_payouts(&tx, &[id]).await?;
        let with_provider = store::pot::balance(&tx, book::Account::Clearing, "").await?;
        let live = listed.matches.iter().filter(|one| one.row.undone_at.is_none()).map(|one| one.row.made_at);
        let paid_out = provider.iter().filter(|one| one.undone_at.is_none()).map(|one| one.made_at);
        let undo_until = live.chain(paid_out).map(|at| domain::bank::last_day_to_undo(brussels_day(at))).min();
        let can_undo = match listed.row.state {
            State::Ignored => true,
            State::Matched => undo_until.is_some_and(|until| brussels_day(self.now) <= until),
            State::Open => false,
        };
        Ok(EntryRead {
            listed,
            statement,
            candidates,
            companies,
            transfers,
            provider,
            with_provider,
            undo_until,
            can_undo,
        })
    }

    /// Sets an entry aside that is none of our invoices' business.
    pub async fn ignore_entry(&self, id: BankEntryId, why: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::IgnoreEntry).await?;
        let row = tx.lock::<bank_entry::Entity>(id).await?;
        open_at(&row, seen)?;
        let why = reason(why)?;
        tx.event(id, "entry_ignored", json!({ "reason": why })).await?;
        let mut next = row.into_active_model();
        next.state = Set(State::Ignored);
        next.doubt = Set(None);
        next.reason = Set(Some(why));
        next.settled_by = Set(self.actor.person);
        next.settled_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }
}

/// Still open, and as it was read.
fn open_at(row: &BankEntryRow, seen: i32) -> Result<()> {
    if row.version != seen {
        return Err(Error::Stale);
    }
    if row.state == State::Open { Ok(()) } else { Err(Invalid::one("", Problem::AlreadyDone).into()) }
}

/// Invoices that an entry can pay, and companies whose credit its rest can become.
async fn candidates(
    tx: &Tx,
    row: &BankEntryRow,
    text: &str,
) -> Result<(Vec<Candidate>, Vec<(OrganisationId, String)>)> {
    let found = store::bank::candidates(tx, text, row.amount_cents, 20).await?;
    let mut ids: Vec<OrganisationId> = found.iter().map(|one| one.organisation_id).collect();
    if let Some(iban) = &row.party_iban {
        ids.extend(store::bank::payers(tx, iban).await?);
    }
    let mut companies = store::bank::names(tx, &ids).await?;
    companies.extend(store::bank::companies(tx, text, 10).await?);
    companies.sort();
    companies.dedup();
    let name = |id: OrganisationId| companies.iter().find(|(known, _)| *known == id).map(|(_, name)| name);
    let claims = dunning::claims(tx, &found, row.booked_on).await?;
    let candidates = found.into_iter().map(|invoice| {
        let company = name(invoice.organisation_id).cloned().unwrap_or_default();
        let claim = claims.get(&invoice.id).copied().unwrap_or_default();
        Candidate { invoice, company, claim }
    });
    let candidates = candidates.filter(|one| one.payable().is_ok_and(|payable| payable > Money::ZERO)).collect();
    Ok((candidates, companies))
}

/// Ordered transfers that money of this amount may be; none where it came in.
async fn transfers(tx: &Tx, amount: Money) -> Result<Vec<(PayoutRow, String)>> {
    let mut ordered = store::bank::ordered(tx).await?;
    ordered.retain(|one| one.amount_cents.negated() == Ok(amount));
    let ids: Vec<OrganisationId> = ordered.iter().map(|one| one.organisation_id).collect();
    let names = store::bank::names(tx, &ids).await?;
    let name = |id: OrganisationId| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    Ok(ordered.into_iter().map(|one| (one.clone(), name(one.organisation_id).unwrap_or_default())).collect())
}

async fn listed(tx: &Tx, rows: Vec<BankEntryRow>) -> Result<Vec<EntryListed>> {
    let ids: Vec<BankEntryId> = rows.iter().map(|row| row.id).collect();
    let matches = store::bank::matches(tx, &ids).await?;
    let companies: Vec<OrganisationId> = matches.iter().map(|one| one.organisation_id).collect();
    let names = store::bank::names(tx, &companies).await?;
    let payments: Vec<PaymentId> = matches.iter().filter_map(|one| one.payment_id).collect();
    let paid = store::payment::invoices(tx, &payments).await?;
    let read = matches.into_iter().map(|row| {
        let organisation = names.iter().find(|(id, _)| *id == row.organisation_id).map(|(_, name)| name.clone());
        let invoice = row.payment_id.and_then(|payment| paid.get(&payment).cloned());
        MatchRead { row, organisation: organisation.unwrap_or_default(), invoice }
    });
    let read: Vec<MatchRead> = read.collect();
    let of = |id: BankEntryId| read.iter().filter(|one| one.row.entry_id == id).cloned().collect();
    Ok(rows.into_iter().map(|row| EntryListed { matches: of(row.id), row }).collect())
}
