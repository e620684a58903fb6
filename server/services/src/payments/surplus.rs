//! What was paid beyond what an invoice asks for since a credit note lowered it: given back, or kept for the company's
//! next invoice, as finance decides.

use std::collections::BTreeMap;

use domain::{
    id::{InvoiceId, PaymentId},
    money::Money,
    payment::Payment,
    policy::Action,
    problem::Problem,
};

use super::{PaymentListed, keep, written};
use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        entity::{invoice, organisation, payment},
        rows::{InvoiceRow, PaymentRow, RefundRow, RefundState},
    },
};

impl Desk {
    /// Payments that brought more than their invoice asks for now, none of which is on its way back, the newest first. All
    /// of an invoice have together what is beyond it.
    pub async fn surplus_payments(&self, most: usize) -> Result<Vec<PaymentListed>> {
        let tx = self.begin(Action::ReadInvoice).await?;
        let mut invoices: BTreeMap<InvoiceId, InvoiceRow> =
            store::invoice::overpaid(&tx).await?.into_iter().map(|row| (row.id, row)).collect();
        let ids: Vec<InvoiceId> = invoices.keys().copied().collect();
        let (rows, refunds) = refunds_of(&tx, &ids).await?;
        let mut listed = Vec::new();
        for row in rows {
            let Some(invoice) = invoices.get_mut(&row.invoice_id) else { continue };
            let of_it = refunds.get(&row.invoice_id).map_or(&[][..], Vec::as_slice);
            let one = self.listed(row, Some(invoice.clone()), of_it, &[])?;
            // What one of them can keep, the next cannot.
            invoice.received_cents = invoice.received_cents.checked_sub(one.surplus)?;
            listed.push(one);
        }
        listed.retain(|one| one.surplus > Money::ZERO);
        listed.truncate(most);
        Ok(listed)
    }

    /// Keeps as the company's credit what this payment brought beyond what its invoice asks for.
    pub async fn keep_payment(&self, id: PaymentId) -> Result<()> {
        let mut tx = self.begin(Action::UseCredit).await?;
        let of = tx.find::<payment::Entity>(id).await?.invoice_id;
        let invoice = tx.lock::<invoice::Entity>(of).await?;
        tx.lock::<organisation::Entity>(invoice.organisation_id).await?;
        let row = tx.lock::<payment::Entity>(id).await?;
        let known = row.known();
        let (_, refunds) = refunds_of(&tx, &[of]).await?;
        let amount = surplus((id, known), &invoice, refunds.get(&of).map_or(&[], Vec::as_slice))?;
        if amount <= Money::ZERO {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        keep(&mut tx, &invoice, id, amount).await?;
        let over = known.over.checked_add(amount)?;
        tx.update(written(row, Payment { over, ..known })).await?;
        store::invoice::add_up(&mut tx, of).await?;
        tx.commit().await
    }
}

/// Every payment of these invoices, the newest first, and by invoice all refunds of them.
pub(super) async fn refunds_of(
    tx: &Tx,
    invoices: &[InvoiceId],
) -> Result<(Vec<PaymentRow>, BTreeMap<InvoiceId, Vec<RefundRow>>)> {
    let rows = store::payment::of_invoices(tx, invoices).await?;
    let of: BTreeMap<PaymentId, InvoiceId> = rows.iter().map(|row| (row.id, row.invoice_id)).collect();
    let payments: Vec<PaymentId> = of.keys().copied().collect();
    let mut found: BTreeMap<InvoiceId, Vec<RefundRow>> = BTreeMap::new();
    for refund in store::payment::refunds(tx, &payments).await? {
        if let Some(invoice) = of.get(&refund.payment_id) {
            found.entry(*invoice).or_default().push(refund);
        }
    }
    Ok((rows, found))
}

/// What of a payment is beyond what its invoice asks for; what is on its way back, by any payment of it, is not. Takes the
/// refunds of all of them.
pub(super) fn surplus((id, known): (PaymentId, Payment), invoice: &InvoiceRow, refunds: &[RefundRow]) -> Result<Money> {
    let sum = |wanted: &dyn Fn(&RefundRow) -> bool| {
        Money::sum(refunds.iter().filter(|row| wanted(row)).map(|row| row.amount_cents))
    };
    let asked = sum(&|row| row.payment_id == id && row.state != RefundState::Failed)?;
    let on_its_way = sum(&|row| matches!(row.state, RefundState::Intended | RefundState::Pending))?;
    let left = invoice.overpaid().checked_sub(on_its_way)?;
    Ok(known.refundable(asked)?.min(left).max(Money::ZERO))
}
