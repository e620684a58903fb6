//! Payments of the demo world's invoices, and its mails, which were all delivered long ago.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{actor::Actor, id::OrganisationId, invoice::Standing, payment::Seen, policy::Action};

use super::dice::Dice;
use crate::{InvoiceFilter, Services, error::Result, payments::Sightings, store};

/// Pays three of four invoices that are still open.
pub async fn pay(
    services: &Services,
    at: DateTime<Utc>,
    owners: &BTreeMap<OrganisationId, Actor>,
    dice: &mut Dice,
) -> Result<()> {
    let filter = InvoiceFilter { limit: 1_000, ..InvoiceFilter::default() };
    for listed in services.desk_at(Actor::SYSTEM, at).invoices(&filter).await? {
        let row = listed.row;
        let is_open = matches!(listed.standing, Standing::Open | Standing::Overdue);
        let Some(owner) = owners.get(&row.organisation_id).filter(|_| is_open && dice.below(4) > 0) else { continue };
        let (_, attempt) = services.desk_at(*owner, at).record_intent(row.id).await?;
        let sightings = Sightings {
            seen: vec![Seen::Received(attempt.amount_cents)],
            intent: Some(format!("pi_demo_{}", attempt.id.uuid().simple())),
            decline: None,
            disputed: false,
        };
        services.desk_at(Actor::SYSTEM, at).apply(attempt.id, sightings).await?;
    }
    Ok(())
}

/// Marks the past's mails as delivered: nobody waits for them.
pub async fn deliver(services: &Services) -> Result<()> {
    let mut tx = services.desk(Actor::SYSTEM).begin(Action::Seed).await?;
    store::mail::deliver_all(&mut tx).await?;
    tx.commit().await
}
