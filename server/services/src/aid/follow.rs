//! Aid after the award: what is booked, changed, handed back or never used moves the grant in the same transaction.

use domain::{
    aid::{self, Kind, Occasion, Standing},
    gpu::GpuTime,
    money::Money,
    pricing::Quote,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{Wish, attach, confirm, enter, free, prepare, reserve, take_turn};
use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        entity::{aid_grant, allocation},
    },
};

/// An offer is accepted: the grant becomes what is booked. GPUs of another model may be worth more than the award was
/// reckoned at: then that is tested like a grant, and refused whole. The award's day stays the day of the grant.
pub(crate) async fn booked(tx: &mut Tx, offer: &allocation::Model) -> Result<Option<Error>> {
    let Some(quote) = terms(offer) else { return Ok(None) };
    let mut grants = store::aid::of_application(tx, offer.application_id).await?;
    grants.retain(|grant| grant.standing == Standing::Granted);
    let Some(grant) = grants.first().cloned() else { return Ok(None) };
    let target = aid::of_quote(&quote)?;
    let had = Money::sum(grants.iter().map(|grant| grant.granted_cents))?;
    if target > had {
        let application = store::aid::application(tx, offer.application_id).await?;
        let ids: Vec<_> = grants.iter().map(|grant| grant.id).collect();
        let wish = Wish { application: &application, quote: quote.clone(), instead_of: &ids };
        if let Err(refused) = prepare(tx, wish, Occasion::Booking).await? {
            return Ok(Some(refused));
        }
    }
    let grant = attach(tx, grant, offer.id).await?;
    if target == had {
        return Ok(None);
    }
    let (state, more) = (grant.state, target.checked_sub(had)?);
    take_turn(tx, state).await?;
    let mut next = correct(tx, grant, more, offer.gpu_seconds, "offer_accepted").await?.into_active_model();
    next.list_rate = Set(quote.market_rate());
    next.price_source = Set(quote.market_source());
    next.priced_on = Set(quote.priced_on);
    tx.update(next).await?;
    Ok(None)
}

/// So much more or less of a grant in force.
async fn correct(
    tx: &mut Tx,
    grant: aid_grant::Model,
    by: Money,
    gpu_time: GpuTime,
    reason: &str,
) -> Result<aid_grant::Model> {
    enter(tx, &grant, Kind::Correct, (Money::ZERO, by), gpu_time, reason).await?;
    let after = grant.granted_cents.checked_add(by)?;
    let mut next = grant.into_active_model();
    next.granted_cents = Set(after);
    next.gpu_seconds = Set(gpu_time);
    tx.update(next).await
}

/// An allocation changes its price: less is a correction of what was granted last, more is a new grant of today with
/// its own test. `field` is where a refusal is said.
pub(crate) async fn follow(
    desk: &Desk,
    tx: &mut Tx,
    found: &allocation::Model,
    after: &str,
    field: &str,
    reason: &str,
) -> Result<()> {
    let (Some(before), Ok(after)) = (terms(found), serde_json::from_str::<Quote>(after)) else { return Ok(()) };
    let (had, has) = (aid::of_quote(&before)?, aid::of_quote(&after)?);
    if has < had {
        return less(tx, found, had.checked_sub(has)?, before.gpu_time.checked_sub(after.gpu_time)?, reason).await;
    }
    if has == had || !aid::has_entry(after.regime) {
        return Ok(());
    }
    let more = after.of(after.gpu_time.checked_sub(before.gpu_time)?)?;
    let application = store::aid::application(tx, found.application_id).await?;
    let wish = Wish { application: &application, quote: more, instead_of: &[] };
    let prepared = prepare(tx, wish, Occasion::Change).await?.map_err(|refused| at(refused, field))?;
    let Some(prepared) = prepared else { return Ok(()) };
    let by = tx.actor().person;
    let grant = reserve(tx, &prepared, &application, by).await?;
    let grant = attach(tx, grant, found.id).await?;
    let grant = confirm(tx, grant, reason).await?;
    desk.tell_aid(tx, &grant, &found.reference).await
}

/// The same refusal at this field of another form.
fn at(refused: Error, field: &str) -> Error {
    match refused {
        Error::Invalid(invalid) => {
            invalid.0.first().map_or_else(|| Error::Stale, |(_, problem)| Error::invalid(field, *problem))
        }
        other => other,
    }
}

/// What was granted last is given back first.
async fn less(tx: &mut Tx, found: &allocation::Model, amount: Money, gpu_time: GpuTime, reason: &str) -> Result<()> {
    let (mut amount, mut gpu_time) = (amount, gpu_time);
    for grant in store::aid::of_allocation(tx, found.id).await?.into_iter().rev() {
        if amount.is_zero() {
            return Ok(());
        }
        take_turn(tx, grant.state).await?;
        let part = amount.min(grant.granted_cents);
        let hours = gpu_time.min(grant.gpu_seconds);
        amount = amount.checked_sub(part)?;
        gpu_time = gpu_time.checked_sub(hours)?;
        if part == grant.granted_cents {
            free(tx, grant, reason).await?;
        } else {
            let left = grant.gpu_seconds.checked_sub(hours)?;
            correct(tx, grant, part.negated()?, left, reason).await?;
        }
    }
    Ok(())
}

/// An allocation ends: what was not used was no advantage, and counts no longer.
pub(crate) async fn ended(tx: &mut Tx, found: &allocation::Model, used: GpuTime) -> Result<()> {
    let Some(quote) = terms(found) else { return Ok(()) };
    let used = used.min(quote.gpu_time);
    let (had, has) = (aid::of_quote(&quote)?, aid::of_hours(&quote, used)?);
    if has >= had {
        return Ok(());
    }
    less(tx, found, had.checked_sub(has)?, quote.gpu_time.checked_sub(used)?, "not_used").await
}

/// Use within the grant is taken back: after the end of the allocation it was no advantage either. Before, whoever it
/// was granted to can still use it, and [`ended`] counts.
pub(crate) async fn taken_back(tx: &mut Tx, found: &allocation::Model, time: GpuTime) -> Result<()> {
    let Some(quote) = terms(found).filter(|_| found.ended_at.is_some()) else { return Ok(()) };
    less(tx, found, aid::of_hours(&quote, time)?, time, "not_used").await
}

/// The frozen price of an allocation; `None` where it has none, and of money that is no aid.
fn terms(found: &allocation::Model) -> Option<Quote> {
    let quote: Quote = serde_json::from_str(&found.terms).ok()?;
    aid::has_entry(quote.regime).then_some(quote)
}
