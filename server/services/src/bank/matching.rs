//! Where an entry's money goes: matched by itself as it comes in, or by a person, and undone with a reason until the
//! books of its month close.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    bank::{self, Cause, Doubt, Entry, How, Kind, Known, Ordered, Part, Payable, PayoutState, Settlement, State},
    id::{BankEntryId, InvoiceId, OrganisationId, PaymentId, PayoutId, PersonId},
    invoice::Series,
    money::Money,
    payment::{Rail, Seen, State as PaymentState},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{credits, open_at, reason};
use crate::{
    desk::Desk,
    dunning,
    error::{Error, Result},
    invoices::new_uuid,
    jobs::Job,
    payments::{close_open_page, take_credit_back, undo_refund, written},
    store::{
        self, Tx,
        entity::{bank_entry, bank_match, invoice, organisation, payment, payout, refund},
        rows::{BankEntryRow, BankMatchRow, InvoiceRow, PayoutRow, RefundState},
    },
};

impl Desk {
    /// Matches an entry that just came in, if no person is needed; says whether it did.
    pub(super) async fn match_by_itself(&self, tx: &mut Tx, row: BankEntryRow, entry: &Entry) -> Result<bool> {
        if entry.amount < Money::ZERO {
            return self.match_outgoing(tx, row, entry).await;
        }
        let named = bank::named(entry.reference.as_deref(), &entry.text);
        let numbers: Vec<String> = named.numbers.iter().map(|(number, _)| number.clone()).collect();
        let named_here = store::bank::numbered(tx, &numbers).await?;
        let mut known = Known { named: payable(tx, &named_here, entry.booked_on).await?, ..Known::default() };
        if let Some(iban) = &entry.party_iban {
            let payers = store::bank::payers(tx, iban).await?;
            let open = store::bank::unpaid(tx, &payers).await?;
            known.of_payer = payable(tx, &open, entry.booked_on).await?;
        }
        match bank::settle(entry, &named, &known)? {
            Ok(settlement) => {
                self.settle_entry(tx, row, &settlement).await?;
                Ok(true)
            }
            Err(doubt) => {
                self.leave_open(tx, row, doubt).await?;
                Ok(false)
            }
        }
    }

    async fn match_outgoing(&self, tx: &mut Tx, row: BankEntryRow, entry: &Entry) -> Result<bool> {
        let waiting = store::bank::ordered(tx).await?;
        let ordered: Vec<Ordered> = waiting
            .into_iter()
            .map(|one| Ordered { payout: one.id, number: one.number, iban: one.iban, amount: one.amount_cents })
            .collect();
        let found = bank::ordered(entry, &ordered);
        let payout = match found {
            Some(found) => Some(tx.lock::<payout::Entity>(found.payout).await?),
            None => None,
        };
        // Not one that was withdrawn, or matched, before its row was ours.
        let Some(payout) = payout.filter(|payout| payout.state == PayoutState::Ordered) else {
            self.leave_open(tx, row, Doubt::Outgoing).await?;
            return Ok(false);
        };
        self.send_with(tx, row, payout, How::Payout).await?;
        Ok(true)
    }

    /// Matches money that went out to the ordered transfer that a person says it is, of the same amount.
    pub async fn match_payout(&self, id: BankEntryId, payout: &str, seen: i32) -> Result<()> {
        let no_choice = || Error::invalid("payout", Problem::NotAChoice);
        let mut tx = self.begin(Action::MatchEntry).await?;
        let row = tx.lock::<bank_entry::Entity>(id).await?;
        open_at(&row, seen)?;
        let chosen: PayoutId = payout.parse().map_err(|_| no_choice())?;
        let payout = tx.lock::<payout::Entity>(chosen).await?;
        if payout.state != PayoutState::Ordered || payout.amount_cents.negated()? != row.amount_cents {
            return Err(no_choice());
        }
        self.send_with(&mut tx, row, payout, How::Hand).await?;
        tx.commit().await
    }

    /// This entry is that transfer.
    async fn send_with(&self, tx: &mut Tx, row: BankEntryRow, payout: PayoutRow, how: How) -> Result<()> {
        let made = Made { entry: row.id, organisation: payout.organisation_id, kind: Kind::Payout, how };
        self.record_match(tx, made, payout.amount_cents, |one| one.payout_id = Set(Some(payout.id))).await?;
        self.payout_sent(tx, payout).await?;
        self.mark_matched(tx, row, how).await
    }

    async fn leave_open(&self, tx: &mut Tx, row: BankEntryRow, doubt: Doubt) -> Result<()> {
        let mut next = row.into_active_model();
        next.doubt = Set(Some(doubt));
        tx.update(next).await?;
        Ok(())
    }

    /// Matches an entry as a person says: amounts typed by invoice, and whose credit the rest becomes.
    pub async fn match_entry(
        &self,
        id: BankEntryId,
        amounts: &BTreeMap<InvoiceId, String>,
        rest_to: Option<OrganisationId>,
        seen: i32,
    ) -> Result<()> {
        let mut tx = self.begin(Action::MatchEntry).await?;
        let row = tx.lock::<bank_entry::Entity>(id).await?;
        open_at(&row, seen)?;
        if row.amount_cents <= Money::ZERO {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        let mut typed_in = Vec::new();
        for (invoice, text) in amounts.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let found = tx.find::<invoice::Entity>(*invoice).await?;
            let amount = typed::money(text).map_err(|problem| Error::invalid(&format!("amount-{invoice}"), problem))?;
            let found = payable(&tx, &[found], row.booked_on).await?;
            typed_in.extend(found.into_iter().map(|one| (one, amount)));
        }
        if let Some(company) = rest_to {
            tx.find::<organisation::Entity>(company).await?;
        }
        let settlement = bank::by_hand(row.amount_cents, &typed_in, rest_to)
            .map_err(|(field, problem)| Error::Invalid(Invalid::one(&field, problem)))?;
        self.settle_entry(&mut tx, row, &settlement).await?;
        tx.commit().await
    }

    /// Puts an entry's money where the settlement says: the one place where a match is made.
    async fn settle_entry(&self, tx: &mut Tx, row: BankEntryRow, settlement: &Settlement) -> Result<()> {
        let how = settlement.how;
        // In one order for everybody who holds several.
        let mut parts: Vec<Part> = settlement.parts.clone();
        parts.sort_by_key(|part| part.invoice);
        for part in parts {
            let invoice = tx.lock::<invoice::Entity>(part.invoice).await?;
            let now = payable(tx, std::slice::from_ref(&invoice), row.booked_on).await?;
            if now.iter().any(|now| part.amount > now.unpaid || part.claim > now.claim) {
                // Paid meanwhile by another way.
                return Err(Error::Stale);
            }
            let payment = self.received(tx, &invoice, Rail::Bank, (part.amount, part.claim)).await?;
            let made = Made { entry: row.id, organisation: part.organisation, kind: Kind::Invoice, how };
            let whole = part.amount.checked_add(part.claim)?;
            self.record_match(tx, made, whole, |one| one.payment_id = Set(Some(payment))).await?;
        }
        if let Some((organisation, amount)) = settlement.over {
            tx.lock::<organisation::Entity>(organisation).await?;
            let made = Made { entry: row.id, organisation, kind: Kind::Credit, how };
            let by = self.record_match(tx, made, amount, |_| {}).await?;
            credits::change(tx, organisation, amount, Cause::PaidOver, |one| one.match_id = Set(Some(by))).await?;
        }
        self.mark_matched(tx, row, how).await
    }

    /// A payment that is there at once, by transfer or from a credit, with its receipt: what is for the invoice, and what
    /// for interest and recovery costs.
    pub(super) async fn received(
        &self,
        tx: &mut Tx,
        invoice: &InvoiceRow,
        rail: Rail,
        (own, claim): (Money, Money),
    ) -> Result<PaymentId> {
        close_open_page(tx, invoice.id).await?;
        let amount = own.checked_add(claim)?;
        let today = brussels_day(self.now);
        let serial = tx.next_number(&Series::Receipt.counter(today)).await?;
        let id = tx.new_id();
        tx.insert(payment::ActiveModel {
            id: Set(id),
            invoice_id: Set(invoice.id),
            amount_cents: Set(amount),
            state: Set(PaymentState::Received),
            received_cents: Set(amount),
            refunded_cents: Set(Money::ZERO),
            session: Set(None),
            intent: Set(None),
            url: Set(None),
            decline: Set(None),
            disputed: Set(false),
            started_by: Set(None),
            receipt_number: Set(Some(Series::Receipt.number(today, serial))),
            created_at: Set(self.now),
            received_at: Set(Some(self.now)),
            rail: Set(rail),
            reversed_cents: Set(Money::ZERO),
            claim_cents: Set(claim),
            over_cents: Set(Money::ZERO),
        })
        .await?;
        tx.event(id, "payment_received", json!({ "amount": amount, "rail": rail })).await?;
        if claim > Money::ZERO {
            tx.event(id, "claim_paid", json!({ "amount": claim })).await?;
        }
        tx.enqueue(&Job::MailReceipt(id), self.now, None).await?;
        store::invoice::add_up(tx, invoice.id).await?;
        Ok(id)
    }

    async fn record_match(
        &self,
        tx: &mut Tx,
        made: Made,
        amount: Money,
        with: impl FnOnce(&mut bank_match::ActiveModel),
    ) -> Result<uuid::Uuid> {
        let id = new_uuid(tx);
        let mut row = bank_match::ActiveModel {
            id: Set(id),
            entry_id: Set(made.entry),
            organisation_id: Set(made.organisation),
            kind: Set(made.kind),
            payment_id: Set(None),
            payout_id: Set(None),
            amount_cents: Set(amount),
            how: Set(made.how),
            made_by: Set(self.decider(made.how)),
            made_at: Set(self.now),
            undone_by: Set(None),
            undone_at: Set(None),
            undo_reason: Set(None),
        };
        with(&mut row);
        tx.insert(row).await?;
        Ok(id)
    }

    /// Who matched it: nobody, where it was matched by itself.
    pub(super) fn decider(&self, how: How) -> Option<PersonId> {
        self.actor.person.filter(|_| how == How::Hand)
    }

    pub(super) async fn mark_matched(&self, tx: &mut Tx, row: BankEntryRow, how: How) -> Result<()> {
        tx.event(row.id, "entry_matched", json!({ "how": how })).await?;
        let version = row.version;
        let mut next = row.into_active_model();
        next.state = Set(State::Matched);
        next.how = Set(Some(how));
        next.doubt = Set(None);
        next.settled_by = Set(self.decider(how));
        next.settled_at = Set(Some(self.now));
        next.version = Set(version + 1);
        tx.update(next).await?;
        Ok(())
    }

    /// Takes back what was decided about an entry, with the reason. Refused once the books are closed, the money was
    /// given back, or a credit that came of it was used.
    pub async fn undo_match(&self, id: BankEntryId, why: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::UndoMatch).await?;
        let row = tx.lock::<bank_entry::Entity>(id).await?;
        if row.version != seen {
            return Err(Error::Stale);
        }
        if row.state == State::Open {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let why = reason(why)?;
        let mut matches = store::bank::matches(&tx, &[id]).await?;
        matches.retain(|one| one.undone_at.is_none());
        for one in matches {
            bank::can_undo(brussels_day(one.made_at), brussels_day(self.now))
                .map_err(|problem| Error::invalid("", problem))?;
            self.undo_one(&mut tx, one, &why).await?;
        }
        for one in store::bank::provider_payouts(&tx, &[id]).await?.into_iter().filter(|one| one.undone_at.is_none()) {
            self.undo_provider_payout(&mut tx, one, &why).await?;
        }
        tx.event(id, "match_undone", json!({ "reason": why })).await?;
        let mut next = row.into_active_model();
        next.state = Set(State::Open);
        next.how = Set(None);
        next.doubt = Set(Some(Doubt::Undone));
        next.reason = Set(None);
        next.settled_by = Set(None);
        next.settled_at = Set(None);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    /// The one place where a match is undone.
    async fn undo_one(&self, tx: &mut Tx, one: BankMatchRow, why: &str) -> Result<()> {
        match (one.kind, one.payment_id, one.payout_id) {
            (Kind::Invoice, Some(payment), _) => {
                take_kept(tx, payment).await?;
                self.undo_payment(tx, payment, why).await?;
            }
            (Kind::Payout, _, Some(payout)) => self.undo_payout(tx, payout).await?,
            _ => {
                tx.lock::<organisation::Entity>(one.organisation_id).await?;
                if store::credit::balance(tx, one.organisation_id).await? < one.amount_cents {
                    return Err(Error::invalid("", Problem::CreditUsed));
                }
                let back = one.amount_cents.negated()?;
                credits::change(tx, one.organisation_id, back, Cause::Undone, |row| row.match_id = Set(Some(one.id)))
                    .await?;
            }
        }
        let mut next = one.into_active_model();
        next.undone_by = Set(self.actor.person);
        next.undone_at = Set(Some(self.now));
        next.undo_reason = Set(Some(why.to_owned()));
        tx.update(next).await?;
        Ok(())
    }

    /// Takes a whole payment off its invoice.
    pub(super) async fn undo_payment(&self, tx: &mut Tx, id: PaymentId, why: &str) -> Result<()> {
        let invoice = tx.find::<payment::Entity>(id).await?.invoice_id;
        tx.lock::<invoice::Entity>(invoice).await?;
        let row = tx.lock::<payment::Entity>(id).await?;
        let refunds = store::payment::refunds(tx, &[id]).await?;
        if refunds.iter().any(|refund| refund.state != RefundState::Failed) {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        let amount = row.received_cents;
        let known = row.known().after(Seen::Reversed(amount));
        tx.update(written(row, known)).await?;
        tx.event(id, "payment_undone", json!({ "amount": amount, "reason": why })).await?;
        store::invoice::add_up(tx, invoice).await?;
        Ok(())
    }

    async fn undo_payout(&self, tx: &mut Tx, id: PayoutId) -> Result<()> {
        let row = tx.lock::<payout::Entity>(id).await?;
        if let Some(refund) = row.refund_id {
            let refund = tx.lock::<refund::Entity>(refund).await?;
            undo_refund(tx, refund).await?;
        }
        let mut next = row.into_active_model();
        next.state = Set(PayoutState::Ordered);
        next.settled_at = Set(None);
        tx.update(next).await?;
        Ok(())
    }
}

/// What a match is about.
#[derive(Clone, Copy)]
struct Made {
    entry: BankEntryId,
    organisation: OrganisationId,
    kind: Kind,
    how: How,
}

/// What money of this day can pay of these invoices, and beside them.
async fn payable(tx: &Tx, rows: &[InvoiceRow], on: NaiveDate) -> Result<Vec<Payable>> {
    let claims = dunning::claims(tx, rows, on).await?;
    let payable = rows.iter().map(|row| Payable {
        invoice: row.id,
        organisation: row.organisation_id,
        number: row.number.clone(),
        due_on: row.due_on,
        unpaid: row.unpaid(),
        claim: claims.get(&row.id).copied().unwrap_or_default(),
    });
    Ok(payable.collect())
}

/// What a payment left with its company as a credit goes with it. Refused where that was used.
async fn take_kept(tx: &mut Tx, id: PaymentId) -> Result<()> {
    let of = tx.find::<payment::Entity>(id).await?.invoice_id;
    let company = tx.lock::<invoice::Entity>(of).await?.organisation_id;
    tx.lock::<organisation::Entity>(company).await?;
    let known = tx.lock::<payment::Entity>(id).await?.known();
    if store::credit::balance(tx, company).await? < known.for_credit() {
        return Err(Error::invalid("", Problem::CreditUsed));
    }
    take_credit_back(tx, company, (id, known, known.after(Seen::Reversed(known.received)))).await
}
