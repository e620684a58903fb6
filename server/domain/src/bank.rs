//! Entries of a bank statement, and which invoices they pay: by reference, by number, by a known payer and the exact
//! amount, or by a person.
//!
//! Refuses to guess: what fits two things, or carries a reference whose check digits are wrong, waits for a person.
//! Looks nothing up: what the entry names and what the payer owes are given.

use chrono::NaiveDate;

use crate::{
    calendar::working_days_after,
    coded::coded,
    id::{BankEntryId, InvoiceId, OrganisationId, PayoutId},
    invoice::Series,
    money::{Money, Overflow},
    payment_reference,
    period::Month,
    problem::Problem,
};

coded! {
    /// What became of an entry.
    State {
        /// Needs a person.
        Open "open",
        Matched "matched",
        /// None of our invoices' business, by decision of a person: bank charges, a transfer between own accounts.
        Ignored "ignored",
    }
}

coded! {
    /// What an entry was matched by.
    How {
        /// The structured creditor reference (ISO 11649), or one with right check digits in the free text.
        Reference "reference",
        /// An invoice's number in the free text.
        Number "number",
        /// A payer known from before, and the exact amount.
        Payer "payer",
        /// A transfer of ours that a person had ordered.
        Payout "payout",
        /// What the payment provider says that it paid out.
        Provider "provider",
        /// A person.
        Hand "hand",
    }
}

coded! {
    /// Why an entry needs a person.
    Doubt {
        /// It names nothing we know, and the payer is not known or owes another amount.
        Nothing "nothing",
        /// A reference with wrong check digits: a slip of the pen may name somebody else's invoice.
        CheckDigits "check_digits",
        /// It names a document that does not exist.
        Unknown "unknown",
        /// Several invoices have this amount.
        Several "several",
        /// It names invoices of several companies and is not their exact sum.
        Companies "companies",
        /// Money that left the account and is no transfer that was ordered here.
        Outgoing "outgoing",
        /// A person undid its match.
        Undone "undone",
    }
}

coded! {
    /// What part of an entry was matched to.
    Kind {
        Invoice "invoice",
        /// Kept for the company: more than it owed.
        Credit "credit",
        Payout "payout",
    }
}

coded! {
    /// Why a company's credit changed.
    Cause {
        PaidOver "paid_over",
        /// The match it came from was undone.
        Undone "undone",
        /// It paid an invoice.
        Used "used",
        /// It paid an invoice by mistake, and does no longer.
        Returned "returned",
        /// Paid for an invoice that a credit note lowered, before it or on its way. Below nought where the money was taken
        /// back, by a dispute or because the match was wrong.
        Lowered "lowered",
        PaidOut "paid_out",
        /// A transfer that would have paid it out was withdrawn.
        Kept "kept",
    }
}

coded! {
    /// How far a transfer of ours is.
    PayoutState {
        /// Waits for a second signature.
        Asked "asked",
        /// To be made at the bank.
        Ordered "ordered",
        /// Seen on a statement.
        Sent "sent",
        Withdrawn "withdrawn",
    }
}

impl Cause {
    /// Whether it moves what a company owes in all. A credit that pays an invoice, or does no longer, moves nothing, and
    /// what came for a lowered invoice is booked with its payment: everything else came by bank or goes out by it.
    pub const fn is_booked(self) -> bool {
        !matches!(self, Self::Used | Self::Returned | Self::Lowered)
    }
}

/// A statement of one account as the bank says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// IBAN without spaces.
    pub account: String,
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub opening: Money,
    pub closing: Money,
    pub entries: Vec<Entry>,
}

/// One booking, or one of several that were booked as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same wherever the bank says it again.
    pub key: String,
    pub booked_on: NaiveDate,
    pub valued_on: Option<NaiveDate>,
    /// What came is positive, what went is negative.
    pub amount: Money,
    pub party_name: Option<String>,
    pub party_iban: Option<String>,
    pub reference: Option<String>,
    pub text: String,
    pub end_to_end: Option<String>,
}

impl Statement {
    /// Opening balance and entries give the closing balance, or the statement is not whole: what they give, and what
    /// it says.
    pub fn adds_up(&self) -> Result<(), Problem> {
        let moved = Money::sum(self.entries.iter().map(|entry| entry.amount));
        let Ok(counted) = moved.and_then(|moved| self.opening.checked_add(moved)) else {
            return Err(Problem::StatementUnreadable);
        };
        if counted == self.closing {
            return Ok(());
        }
        Err(Problem::StatementBalance { counted: counted.as_cents(), stated: self.closing.as_cents() })
    }
}

/// What an entry says about what it pays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Numbers of documents, in the order they are named; by a reference with right check digits, or bare.
    pub numbers: Vec<(String, How)>,
    /// A reference of ours whose check digits are wrong.
    pub is_doubtful: bool,
}

/// What is named in the structured reference and in the free text. Banks break lines within a number and drop what
/// parts it, so letters and digits are read across spaces and dashes.
pub fn named(reference: Option<&str>, text: &str) -> Named {
    let mut found = Named::default();
    for part in reference.into_iter().chain([text]) {
        let letters: Vec<char> = part.chars().map(|letter| letter.to_ascii_uppercase()).collect();
        for start in 0..letters.len() {
            let Some((number, _)) = letters.get(start..).and_then(number_at) else { continue };
            match check_digits(&letters, start) {
                Some(check) if payment_reference::of_number(&number) != format!("RF{check}{}", bare(&number)) => {
                    found.is_doubtful = true;
                }
                Some(_) => found.add(number, How::Reference),
                None => found.add(number, How::Number),
            }
        }
    }
    found
}

impl Named {
    fn add(&mut self, number: String, how: How) {
        match self.numbers.iter_mut().find(|(known, _)| *known == number) {
            // Said twice, the better proof counts.
            Some((_, by)) => *by = (*by).min(how),
            None => self.numbers.push((number, how)),
        }
    }
}

fn bare(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn is_gap(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '/' | '.' | '_' | '–')
}

/// An invoice's number that begins here, and how many characters it takes.
fn number_at(letters: &[char]) -> Option<(String, usize)> {
    let mut at = 0;
    let mut next = |wanted: &dyn Fn(char) -> bool| -> Option<char> {
        while letters.get(at).copied().is_some_and(is_gap) {
            at += 1;
        }
        let letter = letters.get(at).copied().filter(|letter| wanted(*letter))?;
        at += 1;
        Some(letter)
    };
    if letters.first().copied().is_none_or(is_gap) {
        return None;
    }
    let mut head = String::new();
    for _ in 0..5 {
        head.push(next(&|letter| letter.is_ascii_alphabetic())?);
    }
    let series = Series::PAYABLE.into_iter().find(|series| bare(series.prefix()) == head)?;
    let digit = |letter: char| letter.is_ascii_digit();
    let mut year = String::new();
    for _ in 0..4 {
        year.push(next(&digit)?);
    }
    let mut serial = String::new();
    for _ in 0..5 {
        serial.push(next(&digit)?);
    }
    // A sixth digit belongs to the number only if nothing parts it from the fifth.
    while let Some(more) = letters.get(at).copied().filter(char::is_ascii_digit) {
        serial.push(more);
        at += 1;
    }
    Some((format!("{}-{year}-{serial}", series.prefix()), at))
}

/// The check digits right before this place, if it is within a creditor reference.
fn check_digits(letters: &[char], start: usize) -> Option<String> {
    let before: Vec<char> =
        letters.get(..start)?.iter().rev().copied().filter(|letter| !is_gap(*letter)).take(4).collect();
    match before.as_slice() {
        [second, first, 'F', 'R'] if first.is_ascii_digit() && second.is_ascii_digit() => {
            Some(format!("{first}{second}"))
        }
        _ => None,
    }
}

/// An invoice that could be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payable {
    pub invoice: InvoiceId,
    pub organisation: OrganisationId,
    pub number: String,
    pub due_on: Option<NaiveDate>,
    /// Nothing, if it is paid or credited already.
    pub unpaid: Money,
    /// What is claimed beside it for late payment and not paid yet.
    pub claim: Money,
}

/// What of an entry goes to one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub invoice: InvoiceId,
    pub organisation: OrganisationId,
    pub amount: Money,
    /// What goes to what is claimed beside it.
    pub claim: Money,
}

/// Where an entry's whole amount goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub how: How,
    pub parts: Vec<Part>,
    /// What is over, and whose credit it becomes.
    pub over: Option<(OrganisationId, Money)>,
}

/// What is known about an entry that came in.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The invoices that it names and that exist.
    pub named: Vec<Payable>,
    /// The open invoices of those who paid from this account before.
    pub of_payer: Vec<Payable>,
}

/// Where the money goes, in the order in which a proof is good: reference, number, known payer with the exact amount.
pub fn settle(entry: &Entry, named: &Named, known: &Known) -> Result<Result<Settlement, Doubt>, Overflow> {
    if entry.amount <= Money::ZERO {
        return Ok(Err(Doubt::Outgoing));
    }
    if named.is_doubtful {
        return Ok(Err(Doubt::CheckDigits));
    }
    if named.numbers.is_empty() {
        return by_payer(entry.amount, &known.of_payer);
    }
    let mut invoices = Vec::new();
    let mut how = How::Reference;
    for (number, by) in &named.numbers {
        let Some(found) = known.named.iter().find(|one| one.number == *number) else {
            return Ok(Err(Doubt::Unknown));
        };
        invoices.push(found.clone());
        how = how.max(*by);
    }
    spread(entry.amount, how, invoices)
}

/// The oldest debt first, then what is claimed for late payment; what is over stays with the one company that is named.
fn spread(amount: Money, how: How, mut invoices: Vec<Payable>) -> Result<Result<Settlement, Doubt>, Overflow> {
    let owed = Money::sum(invoices.iter().map(|one| one.unpaid))?;
    let Some(company) = invoices.first().map(|one| one.organisation) else { return Ok(Err(Doubt::Nothing)) };
    let is_one = invoices.iter().all(|one| one.organisation == company);
    if !is_one && owed != amount {
        return Ok(Err(Doubt::Companies));
    }
    invoices.sort_by(|one, other| (one.due_on, &one.number).cmp(&(other.due_on, &other.number)));
    let mut left = amount;
    let mut parts = Vec::new();
    for one in &invoices {
        let part = one.unpaid.min(left);
        parts.push(Part { invoice: one.invoice, organisation: one.organisation, amount: part, claim: Money::ZERO });
        left = left.checked_sub(part)?;
    }
    for (part, one) in parts.iter_mut().zip(&invoices) {
        part.claim = one.claim.min(left);
        left = left.checked_sub(part.claim)?;
    }
    parts.retain(|part| part.amount > Money::ZERO || part.claim > Money::ZERO);
    let over = (left > Money::ZERO).then_some((company, left));
    Ok(Ok(Settlement { how, parts, over }))
}

/// One open invoice of exactly this amount, with or without what is claimed beside it, or everything that one company owes.
fn by_payer(amount: Money, open: &[Payable]) -> Result<Result<Settlement, Doubt>, Overflow> {
    let fits = |one: &&Payable| {
        amount.checked_sub(one.unpaid).is_ok_and(|rest| rest.is_zero() || (rest > Money::ZERO && rest == one.claim))
    };
    let same: Vec<&Payable> = open.iter().filter(fits).collect();
    match same.as_slice() {
        [one] => return spread(amount, How::Payer, vec![(*one).clone()]),
        [] => {}
        _ => return Ok(Err(Doubt::Several)),
    }
    let mut companies: Vec<OrganisationId> = open.iter().map(|one| one.organisation).collect();
    companies.sort_unstable();
    companies.dedup();
    let mut whole = Vec::new();
    for company in companies {
        let of_it: Vec<Payable> = open.iter().filter(|one| one.organisation == company).cloned().collect();
        if Money::sum(of_it.iter().map(|one| one.unpaid))? == amount {
            whole.push(of_it);
        }
    }
    match (whole.pop(), whole.is_empty()) {
        (Some(all), true) => spread(amount, How::Payer, all),
        (Some(_), false) => Ok(Err(Doubt::Several)),
        (None, _) => Ok(Err(Doubt::Nothing)),
    }
}

/// What a person typed for an entry: amounts of invoices, and who has the rest. What is typed beyond an invoice goes to
/// what is claimed beside it.
pub fn by_hand(
    amount: Money,
    typed: &[(Payable, Money)],
    rest_to: Option<OrganisationId>,
) -> Result<Settlement, (String, Problem)> {
    let unreadable = |_| (String::new(), Problem::NotANumber);
    let mut left = amount;
    let mut parts = Vec::new();
    for (invoice, part) in typed {
        let field = format!("amount-{}", invoice.invoice);
        if *part <= Money::ZERO {
            return Err((field, Problem::NotPositive));
        }
        let most = invoice.unpaid.checked_add(invoice.claim).map_err(unreadable)?;
        if *part > most {
            return Err((field, Problem::OverUnpaid { most: most.as_cents() }));
        }
        if *part > left {
            return Err((field, Problem::OverEntry { most: left.as_cents() }));
        }
        left = left.checked_sub(*part).map_err(unreadable)?;
        let amount = invoice.unpaid.min(*part);
        let claim = part.checked_sub(amount).map_err(unreadable)?;
        parts.push(Part { invoice: invoice.invoice, organisation: invoice.organisation, amount, claim });
    }
    let over = match (left > Money::ZERO, rest_to) {
        (false, _) => None,
        (true, Some(company)) => Some((company, left)),
        (true, None) => return Err(("rest".to_owned(), Problem::RestUnplaced { rest: left.as_cents() })),
    };
    Ok(Settlement { how: How::Hand, parts, over })
}

/// What the payment provider says that it paid out to our account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOut {
    /// The provider's name of it.
    pub name: String,
    /// What arrives; below nought where the provider takes money.
    pub amount: Money,
    pub arrives_on: NaiveDate,
}

/// An entry that waits, as far as it matters to payouts of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub entry: BankEntryId,
    pub amount: Money,
    pub booked_on: NaiveDate,
    /// Who paid and what the entry says.
    pub text: String,
}

/// What the provider's entries have in their text.
const PROVIDER: &str = "stripe";

impl Waiting {
    /// Whether it speaks of the provider.
    pub fn is_of_provider(&self) -> bool {
        self.text.to_lowercase().contains(PROVIDER)
    }
}

/// Which entry is which payout: one that speaks of the provider, of exactly its amount, booked from the day before its
/// arrival to a week after it. Two that fit each other's places wait for a person.
pub fn paid_out(payouts: &[PaidOut], waiting: &[Waiting]) -> Vec<(PaidOut, BankEntryId)> {
    let fits = |payout: &PaidOut, entry: &Waiting| {
        let late = entry.booked_on.signed_duration_since(payout.arrives_on).num_days();
        entry.amount == payout.amount && (-1..=7).contains(&late) && entry.is_of_provider()
    };
    let only = |payout: &PaidOut| {
        let mut fitting = waiting.iter().filter(|entry| fits(payout, entry));
        let entry = fitting.next().filter(|_| fitting.next().is_none())?;
        let is_only = payouts.iter().filter(|other| fits(other, entry)).count() == 1;
        is_only.then(|| (payout.clone(), entry.entry))
    };
    payouts.iter().filter_map(only).collect()
}

/// A transfer that was ordered here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    pub payout: PayoutId,
    pub number: String,
    pub iban: String,
    pub amount: Money,
}

/// The ordered transfer that left the account with this entry: the one it names, else the only one of this amount to
/// this account.
pub fn ordered<'a>(entry: &Entry, ordered: &'a [Ordered]) -> Option<&'a Ordered> {
    let taken = entry.amount.negated().ok()?;
    let said = bare(&entry.text.to_ascii_uppercase());
    let end_to_end = entry.end_to_end.as_deref().map(|text| bare(&text.to_ascii_uppercase())).unwrap_or_default();
    let fits: Vec<&Ordered> = ordered.iter().filter(|one| one.amount == taken).collect();
    let is_named = |one: &&&Ordered| said.contains(&bare(&one.number)) || end_to_end == bare(&one.number);
    if let Some(one) = fits.iter().find(is_named) {
        return Some(one);
    }
    let mut to_account = fits.into_iter().filter(|one| Some(&one.iban) == entry.party_iban.as_ref());
    match (to_account.next(), to_account.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// Working days of the next month in which a month's books are still open, from a day on.
const OPEN_DAYS: &[(NaiveDate, u32)] = &[(NaiveDate::MIN, 10)];

/// The last day on which what was matched on this day can be undone: then the month's books close.
pub fn last_day_to_undo(matched_on: NaiveDate) -> NaiveDate {
    let month_end = Month::of_day(matched_on).next().first_day().pred_opt().unwrap_or(matched_on);
    let days = OPEN_DAYS.iter().filter(|(from, _)| *from <= matched_on).max_by_key(|(from, _)| *from);
    working_days_after(month_end, days.map_or(10, |(_, days)| *days))
}

/// Whether a match can still be undone.
pub fn can_undo(matched_on: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    if today <= last_day_to_undo(matched_on) { Ok(()) } else { Err(Problem::BooksClosed) }
}

#[cfg(test)]
#[path = "bank_tests.rs"]
mod tests;
