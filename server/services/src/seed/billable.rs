//! Bulk for measuring a month's end: companies in every Member State that used GPUs in the last months and have no
//! invoice for it.

use std::iter::successors;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    actor::Actor,
    allocation::State,
    application,
    gpu::GpuTime,
    ledger::Entry,
    mode::Code,
    period::{Month, brussels_day, week_of},
    policy::Action,
    vat::VatState,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{
    companies::{self, Address},
    dice::Dice,
};
use crate::{
    Services,
    error::{Error, Result},
    pots::{self, Short},
    store::{
        self, Tx,
        entity::{allocation, application as applications, organisation},
    },
};

/// So many companies in one transaction.
const AT_ONCE: u32 = 500;

/// A company of the demo world with what it booked.
type Like = (allocation::Model, applications::Model, organisation::Model);

/// As many companies, each like one of the demo world, with a booking of its own and some hours used in each of so many
/// months before this one.
pub async fn billable(services: &Services, count: u32, months: u16) -> Result<()> {
    let desk = services.desk(Actor::SYSTEM);
    let mut dice = Dice::new(u64::from(count));
    let mut made = 0;
    while made < count {
        let mut tx = desk.begin(Action::Seed).await?;
        let models = store::seed::booked_of_each(&tx).await?;
        let first = store::seed::count(&tx).await?;
        for number in 0..AT_ONCE.min(count - made) {
            let like = dice.one_of(&models).ok_or(Error::NotFound)?;
            let hours = dice.between(20, 200);
            let number = first + u64::from(number);
            let address = companies::address(number, &mut dice)?;
            company(&mut tx, (like, address), number, (hours, months), desk.now).await?;
        }
        tx.commit().await?;
        made += AT_ONCE;
    }
    Ok(())
}

async fn company(
    tx: &mut Tx,
    (like, address): (&Like, Address),
    number: u64,
    (hours, months): (i64, u16),
    now: DateTime<Utc>,
) -> Result<()> {
    let (booked, asked, owner) = like;
    let before = |month: &Month| Some(month.previous());
    let mut ends: Vec<Month> = successors(before(&Month::of(now)), before).take(usize::from(months.max(1))).collect();
    ends.reverse();
    let in_the_middle = |month: &Month| month.period().start + TimeDelta::days(10);
    let used_at = ends.first().map_or(now, in_the_middle);
    let organisation_id = tx.new_id();
    let mut row = owner.clone().into_active_model();
    row.id = Set(organisation_id);
    row.legal_name = Set(format!("{} {number}", owner.legal_name));
    row.registration_number = Set(format!("M{number}"));
    row.registration_key = Set(format!("M{number}"));
    row.country = Set(address.country);
    row.city = Set(address.city.to_owned());
    row.postcode = Set(address.postcode.to_owned());
    row.vat_state = Set(if address.vat_id.is_some() { VatState::Valid } else { VatState::Unchecked });
    row.vat_id = Set(address.vat_id);
    tx.insert(row).await?;
    for seat in store::seed::seats(tx, owner.id).await? {
        let mut seat = seat.into_active_model();
        seat.organisation_id = Set(organisation_id);
        tx.insert(seat).await?;
    }
    let serial = 20_000_000 + i64::try_from(number).unwrap_or_default();
    let reference = application::reference(Code::PG, brussels_day(used_at).year(), serial);
    let application_id = tx.new_id();
    let mut row = asked.clone().into_active_model();
    row.id = Set(application_id);
    row.organisation_id = Set(organisation_id);
    row.reference = Set(Some(reference.clone()));
    row.lot_code = Set(None);
    row.state = Set(application::State::Approved);
    tx.insert(row).await?;
    let granted = GpuTime::hours(hours * 4 * i64::from(months.max(1)))?;
    let mut row = booked.clone().into_active_model();
    row.id = Set(tx.new_id());
    row.application_id = Set(application_id);
    row.organisation_id = Set(organisation_id);
    row.reference = Set(reference);
    row.first_week = Set(week_of(brussels_day(used_at)));
    row.weeks = Set(26);
    row.further = Set(None);
    row.gpu_seconds = Set(granted);
    row.state = Set(State::Active);
    row.confirmed_at = Set(Some(used_at));
    row.ended_at = Set(None);
    let allocation = tx.insert(row).await?;
    pots::settle(tx, application_id, Short::BoundLater).await?;
    store::ledger::write(tx, &allocation, &Entry::hold(granted)?, used_at).await?;
    let (used, mut held) = (GpuTime::hours(hours)?, granted);
    for month in &ends {
        store::ledger::write(tx, &allocation, &Entry::post(used, held)?, in_the_middle(month)).await?;
        held = held.checked_sub(used)?;
    }
    Ok(())
}
