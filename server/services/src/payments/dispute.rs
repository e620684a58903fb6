//! Disputes of payments: open, the payment is marked; won, the mark goes; lost, what was paid is taken off the invoice,
//! which is open again.

use domain::{
    bank::Cause,
    id::{OrganisationId, PaymentId},
    money::Money,
    payment::{DisputeState, Payment, Seen},
    policy::Action,
};
use payments::{DisputeState as ProviderState, Disputed};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::written;
use crate::{
    bank::credits,
    desk::Desk,
    error::Result,
    invoices::new_uuid,
    store::{
        self, Tx,
        entity::{dispute, invoice, organisation, payment},
    },
};

impl Desk {
    /// Writes down what the provider says of a dispute now. A dispute that was decided stays decided, whatever comes
    /// late.
    pub(crate) async fn record_dispute(&self, id: PaymentId, said: &Disputed) -> Result<()> {
        let mut tx = self.begin(Action::ApplyPaymentEvent).await?;
        let invoice = tx.find::<payment::Entity>(id).await?.invoice_id;
        let organisation = tx.lock::<invoice::Entity>(invoice).await?.organisation_id;
        let paid = tx.lock::<payment::Entity>(id).await?;
        let known = store::payment::dispute_named(&tx, &said.id).await?;
        let state = match said.state {
            ProviderState::Open => DisputeState::Open,
            ProviderState::Won => DisputeState::Won,
            ProviderState::Lost => DisputeState::Lost,
        };
        let before = known.as_ref().map(|known| known.state);
        if before == Some(state) || before.is_some_and(|before| before != DisputeState::Open) {
            return Ok(());
        }
        let closed_at = (state != DisputeState::Open).then_some(self.now);
        match known {
            Some(known) => {
                let mut next = known.into_active_model();
                next.state = Set(state);
                next.closed_at = Set(closed_at);
                tx.update(next).await?;
            }
            None => {
                tx.insert(dispute::ActiveModel {
                    id: Set(new_uuid(&tx)),
                    payment_id: Set(id),
                    provider_id: Set(said.id.clone()),
                    amount_cents: Set(said.amount),
                    state: Set(state),
                    cause: Set(said.cause.clone()),
                    opened_at: Set(self.now),
                    closed_at: Set(closed_at),
                })
                .await?;
            }
        }
        let of_payment = store::payment::disputes(&tx, &[id]).await?;
        let is_open = of_payment.iter().any(|one| one.state == DisputeState::Open);
        let lost = of_payment.iter().filter(|one| one.state == DisputeState::Lost).map(|one| one.amount_cents);
        let known = paid.known();
        let mut reversed = known;
        let lost = Money::sum(lost)?;
        if lost > Money::ZERO {
            reversed = reversed.after(Seen::Reversed(lost));
        }
        take_credit_back(&mut tx, organisation, (id, known, reversed)).await?;
        let mut next = written(paid, reversed);
        next.disputed = Set(is_open);
        tx.update(next).await?;
        if before.is_none() {
            tx.event(id, "payment_disputed", json!({ "amount": said.amount })).await?;
        }
        match state {
            DisputeState::Open => {}
            DisputeState::Won => tx.event(id, "dispute_won", json!({ "amount": said.amount })).await?,
            DisputeState::Lost => tx.event(id, "dispute_lost", json!({ "amount": said.amount })).await?,
        }
        store::invoice::add_up(&mut tx, invoice).await?;
        tx.commit().await
    }
}

/// Of what a payment brought, what became a credit goes last, used or not: below nought, the company owes it.
pub(crate) async fn take_credit_back(
    tx: &mut Tx,
    organisation: OrganisationId,
    (id, before, after): (PaymentId, Payment, Payment),
) -> Result<()> {
    let less = after.for_credit().checked_sub(before.for_credit())?;
    if less.is_zero() {
        return Ok(());
    }
    tx.lock::<organisation::Entity>(organisation).await?;
    credits::change(tx, organisation, less, Cause::Lowered, |one| one.payment_id = Set(Some(id))).await
}
