//! What companies have with us beyond what they owed: used for an invoice, or sent back by transfer, by decision. A
//! transfer is made at the bank, and done when a statement shows it.

use chrono::NaiveDate;
use domain::{
    bank::{self, Cause, PayoutState},
    book,
    id::{InvoiceId, OrganisationId, PaymentId, PayoutId},
    invoice::Series,
    money::Money,
    payment::{Rail, refund_needs_second},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{REASON_MAX, reason};
use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    payments::{refund_failed, refund_made},
    store::{
        self, Tx,
        entity::{credit, invoice, organisation, payment, payout, refund},
        rows::{CreditRow, InvoiceRow, PaymentRow, PayoutRow},
    },
};

/// Companies with a credit, and transfers that are not done.
#[derive(Debug, Clone, Default)]
pub struct CreditsRead {
    pub credits: Vec<(OrganisationId, String, Money)>,
    pub payouts: Vec<(PayoutRow, String)>,
}

/// One company's credit: how it came about, and what it could pay.
#[derive(Debug, Clone)]
pub struct CreditRead {
    pub organisation: OrganisationId,
    pub name: String,
    pub balance: Money,
    pub history: Vec<CreditRow>,
    pub open: Vec<InvoiceRow>,
    /// What it paid and still pays, the newest first.
    pub uses: Vec<CreditUse>,
}

/// An invoice that was paid from a credit.
#[derive(Debug, Clone)]
pub struct CreditUse {
    pub payment: PaymentRow,
    pub invoice: InvoiceRow,
    /// The last day on which it can be undone.
    pub undo_until: NaiveDate,
    pub can_undo: bool,
}

/// Where a credit is sent to, as typed.
#[derive(Debug, Clone, Default)]
pub struct PayoutForm {
    pub amount: String,
    pub iban: String,
    pub holder: String,
    pub reason: String,
}

impl Desk {
    pub async fn credits(&self) -> Result<CreditsRead> {
        let tx = self.begin(Action::ReadBank).await?;
        let balances = store::credit::balances(&tx).await?;
        let payouts = store::credit::payouts(&tx, &[PayoutState::Asked, PayoutState::Ordered]).await?;
        let ids: Vec<OrganisationId> =
            balances.iter().map(|(id, _)| *id).chain(payouts.iter().map(|one| one.organisation_id)).collect();
        let names = store::bank::names(&tx, &ids).await?;
        let name = |id: OrganisationId| {
            names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
        };
        Ok(CreditsRead {
            credits: balances.into_iter().map(|(id, sum)| (id, name(id), sum)).collect(),
            payouts: payouts.into_iter().map(|one| (one.clone(), name(one.organisation_id))).collect(),
        })
    }

    pub async fn credit(&self, id: OrganisationId) -> Result<CreditRead> {
        let tx = self.begin(Action::ReadBank).await?;
        let organisation = tx.find::<organisation::Entity>(id).await?;
        let today = brussels_day(self.now);
        let uses = store::credit::uses(&tx, id).await?.into_iter().map(|(payment, invoice)| {
            let undo_until = bank::last_day_to_undo(brussels_day(payment.created_at));
            CreditUse { payment, invoice, undo_until, can_undo: today <= undo_until }
        });
        Ok(CreditRead {
            organisation: id,
            name: organisation.legal_name,
            balance: store::credit::balance(&tx, id).await?,
            history: store::credit::history(&tx, id).await?,
            open: store::bank::unpaid(&tx, &[id]).await?,
            uses: uses.collect(),
        })
    }

    /// What the actor's own company has with us.
    pub async fn own_credit(&self) -> Result<Money> {
        let Some(organisation) = self.actor.organisation() else { return Ok(Money::ZERO) };
        let tx = self.begin(Action::ReadInvoice).await?;
        store::credit::balance(&tx, organisation).await
    }

    /// Pays an invoice of a company from its credit, as much as both have room for.
    pub async fn use_credit(&self, organisation: OrganisationId, id: InvoiceId) -> Result<()> {
        let mut tx = self.begin(Action::UseCredit).await?;
        let row = tx.lock::<invoice::Entity>(id).await?;
        tx.lock::<organisation::Entity>(organisation).await?;
        if row.organisation_id != organisation {
            return Err(Error::NotFound);
        }
        let amount = store::credit::balance(&tx, organisation).await?.min(row.unpaid());
        if amount <= Money::ZERO {
            return Err(Error::invalid("", Problem::NotPayable));
        }
        let payment = self.received(&mut tx, &row, Rail::Credit, (amount, Money::ZERO)).await?;
        let less = amount.negated()?;
        change(&mut tx, organisation, less, Cause::Used, |one| one.payment_id = Set(Some(payment))).await?;
        tx.commit().await
    }

    /// Takes back that a credit paid an invoice, with the reason: the invoice is open again, and the credit as it was.
    /// Refused once the books of that month are closed.
    pub async fn undo_credit(&self, id: PaymentId, why: &str) -> Result<()> {
        let mut tx = self.begin(Action::UndoCredit).await?;
        let id_of_invoice = tx.find::<payment::Entity>(id).await?.invoice_id;
        let organisation = tx.lock::<invoice::Entity>(id_of_invoice).await?.organisation_id;
        tx.lock::<organisation::Entity>(organisation).await?;
        let row = tx.lock::<payment::Entity>(id).await?;
        if row.rail != Rail::Credit {
            return Err(Error::NotFound);
        }
        let amount = row.known().counted();
        if amount.is_zero() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let why = reason(why)?;
        bank::can_undo(brussels_day(row.created_at), brussels_day(self.now))
            .map_err(|problem| Error::invalid("", problem))?;
        self.undo_payment(&mut tx, id, &why).await?;
        change(&mut tx, organisation, amount, Cause::Returned, |one| one.payment_id = Set(Some(id))).await?;
        tx.commit().await
    }

    /// Whose credit made this payment.
    pub async fn payer_by_credit(&self, id: PaymentId) -> Result<OrganisationId> {
        let tx = self.begin(Action::ReadBank).await?;
        let invoice = tx.find::<payment::Entity>(id).await?.invoice_id;
        Ok(tx.find::<invoice::Entity>(invoice).await?.organisation_id)
    }

    /// Orders a transfer that sends a credit back. Above a limit somebody else signs before it is made.
    pub async fn order_payout(&self, organisation: OrganisationId, form: &PayoutForm) -> Result<PayoutId> {
        let mut tx = self.begin(Action::OrderPayout).await?;
        tx.lock::<organisation::Entity>(organisation).await?;
        let balance = store::credit::balance(&tx, organisation).await?;
        let mut invalid = Invalid::default();
        let amount = match typed::money(&form.amount) {
            Ok(amount) if amount > Money::ZERO && amount <= balance => amount,
            Ok(amount) if amount > balance => {
                invalid.add("amount", Problem::OverCredit { most: balance.as_cents() });
                Money::ZERO
            }
            Ok(_) => {
                invalid.add("amount", Problem::NotPositive);
                Money::ZERO
            }
            Err(problem) => {
                invalid.add("amount", problem);
                Money::ZERO
            }
        };
        let iban = sepa::validate_iban(&form.iban).map(|iban| iban.as_str().to_owned());
        if iban.is_err() {
            invalid.add("iban", Problem::NotAnIban);
        }
        let holder = typed::line(&form.holder, 70).unwrap_or_else(|problem| {
            invalid.add("holder", problem);
            String::new()
        });
        let why = typed::reason(&form.reason, REASON_MAX).unwrap_or_else(|problem| {
            invalid.add("reason", problem);
            String::new()
        });
        invalid.or(())?;
        let to = To { iban: iban.unwrap_or_default(), holder };
        let id = self.order(&mut tx, organisation, None, amount, to, &why).await?;
        change(&mut tx, organisation, amount.negated()?, Cause::PaidOut, |one| one.payout_id = Set(Some(id))).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A transfer to be made at the bank, for a credit or for a refund of a payment that came by transfer.
    pub(crate) async fn order(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        refund: Option<Uuid>,
        amount: Money,
        to: To,
        why: &str,
    ) -> Result<PayoutId> {
        let today = brussels_day(self.now);
        let needs_second = refund_needs_second(amount, today);
        let serial = tx.next_number(&Series::Payout.counter(today)).await?;
        let id: PayoutId = tx.new_id();
        tx.insert(payout::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation),
            refund_id: Set(refund),
            amount_cents: Set(amount),
            iban: Set(to.iban),
            holder: Set(to.holder),
            number: Set(Series::Payout.number(today, serial)),
            reason: Set(why.to_owned()),
            state: Set(if needs_second { PayoutState::Asked } else { PayoutState::Ordered }),
            needs_second: Set(needs_second),
            asked_by: Set(self.actor.person),
            asked_at: Set(self.now),
            signed_by: Set(None),
            signed_at: Set(None),
            settled_at: Set(None),
        })
        .await?;
        tx.event(id, "payout_asked", json!({ "amount": amount, "reason": why })).await?;
        Ok(id)
    }

    /// The second signature under a transfer: of somebody other than who asked for it.
    pub async fn sign_payout(&self, id: PayoutId) -> Result<()> {
        let mut tx = self.begin(Action::SignRefund).await?;
        let row = tx.lock::<payout::Entity>(id).await?;
        if row.state != PayoutState::Asked {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let signer = self.second_of(row.asked_by)?;
        if let Some(of) = row.refund_id {
            let mut next = tx.lock::<refund::Entity>(of).await?.into_active_model();
            next.signed_by = Set(Some(signer));
            next.signed_at = Set(Some(self.now));
            tx.update(next).await?;
        }
        let mut next = row.into_active_model();
        next.state = Set(PayoutState::Ordered);
        next.signed_by = Set(Some(signer));
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(id, "payout_signed", json!({})).await?;
        tx.commit().await
    }

    /// Takes a transfer back that was not made yet: the credit is the company's again, the refund fails.
    pub async fn withdraw_payout(&self, id: PayoutId) -> Result<()> {
        let mut tx = self.begin(Action::OrderPayout).await?;
        let row = tx.find::<payout::Entity>(id).await?;
        tx.lock::<organisation::Entity>(row.organisation_id).await?;
        let row = tx.lock::<payout::Entity>(id).await?;
        if !matches!(row.state, PayoutState::Asked | PayoutState::Ordered) {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        match row.refund_id {
            Some(of) => refund_failed(&mut tx, of, "withdrawn").await?,
            None => {
                let (organisation, amount) = (row.organisation_id, row.amount_cents);
                change(&mut tx, organisation, amount, Cause::Kept, |one| one.payout_id = Set(Some(id))).await?;
            }
        }
        let mut next = row.into_active_model();
        next.state = Set(PayoutState::Withdrawn);
        next.settled_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(id, "payout_withdrawn", json!({})).await?;
        tx.commit().await
    }

    /// A statement shows the transfer: it is done, and with it the refund that it makes.
    pub(super) async fn payout_sent(&self, tx: &mut Tx, row: PayoutRow) -> Result<()> {
        let (id, refund) = (row.id, row.refund_id);
        let mut next = row.into_active_model();
        next.state = Set(PayoutState::Sent);
        next.settled_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(id, "payout_sent", json!({})).await?;
        match refund {
            Some(refund) => refund_made(self, tx, refund).await,
            None => Ok(()),
        }
    }
}

/// Whom a transfer goes to.
pub(crate) struct To {
    pub iban: String,
    pub holder: String,
}

/// One line of a company's credit. The caller holds the organisation's row and has looked at the balance.
pub(crate) async fn change(
    tx: &mut Tx,
    organisation: OrganisationId,
    amount: Money,
    cause: Cause,
    with: impl FnOnce(&mut credit::ActiveModel),
) -> Result<()> {
    let mut row = credit::ActiveModel {
        id: Set(new_uuid(tx)),
        organisation_id: Set(organisation),
        amount_cents: Set(amount),
        cause: Set(cause),
        match_id: Set(None),
        payment_id: Set(None),
        payout_id: Set(None),
        made_by: Set(tx.actor().person),
        made_at: Set(tx.now()),
    };
    with(&mut row);
    let id = tx.insert(row).await?.id;
    if cause.is_booked() {
        let at = (brussels_day(tx.now()), format!("credit:{id}"));
        let entry = book::Entry::payment(at, organisation, book::Rail::Bank, amount).map_err(anyhow)?;
        store::book::post(tx, &entry, None).await?;
    }
    Ok(())
}
