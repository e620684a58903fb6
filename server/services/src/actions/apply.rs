//! Making a change real: capacity by conditional update, the ledger, the terms, and a word to the site.

use domain::{
    action::{self, Change, Effect, Facts, Kind},
    actor::Group,
    allocation::{Step, step},
    call::check::Occasion,
    gpu::GpuTime,
    id::AllocationId,
    ledger::Entry,
    period::{brussels_day, week_of},
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use super::{facts, organisation_name};
use crate::{
    calls::eligibility,
    desk::Desk,
    error::{Error, Result},
    matching::terms_for,
    pots::{self, Short},
    quotas,
    store::{
        self, Letter, Tx,
        capacity::Shifts,
        entity::{allocation, site},
    },
};

impl Desk {
    /// Gives hours back: the hold is released, weeks that the rest does not need are free from next week on.
    pub(super) async fn hand_back(
        &self,
        tx: &mut Tx,
        found: allocation::Model,
        change: Change,
        keeps_end: bool,
    ) -> Result<()> {
        let known = self.facts_of_allocation(tx, &found).await?;
        let mut effect = action::effect(Kind::HandBack, change, keeps_end, &known, self.now)?;
        let id = found.id;
        tx.event(id, "handed_back", json!({ "released": change.hours() })).await?;
        tx.event(found.application_id, "hours_handed_back", json!({ "released": change.hours() })).await?;
        if effect.left <= GpuTime::ZERO {
            // Who gives everything back waits for no second part.
            let part = store::report::withheld(tx, id).await?.map(|part| part.gpu_seconds).unwrap_or_default();
            if !effect.ends {
                effect.granted = effect.granted.checked_sub(part)?;
            }
            crate::reports::lapse(tx, id).await?;
        }
        self.make_real(tx, found, &known, &effect, "hours").await
    }

    /// Makes what was awarded real. `field` is where it is said that it cannot be.
    pub(super) async fn put_change_in_force(
        &self,
        tx: &mut Tx,
        (kind, change): (Kind, Change),
        found: allocation::Model,
        later: Option<AllocationId>,
        field: &str,
    ) -> Result<()> {
        // Before the turn of the quotas: whoever decides on the later one holds it before theirs.
        if let Some(later) = later.filter(|_| kind == Kind::Advance) {
            tx.lock::<allocation::Entity>(later).await?;
        }
        // Before the capacity of any week, as whoever books does.
        quotas::take_turn(tx).await?;
        let known = self.facts_of_allocation(tx, &found).await?;
        // What was possible when it was asked for may be so no more.
        action::may_ask(kind, &known, self.now).map_err(|problem| Invalid::one(field, problem))?;
        // Nothing of a change that is refused is kept, its test neither.
        eligibility::still_eligible(tx, found.application_id, Occasion::Award, field).await?.map_or(Ok(()), Err)?;
        let effect = action::effect(kind, change, false, &known, self.now)?;
        if effect.slots.most_gpus() > known.max_gpus.max(known.slots.most_gpus()) {
            return Err(Error::invalid(field, Problem::NoCapacity));
        }
        if let Some(later) = later.filter(|_| kind == Kind::Advance) {
            self.deduct(tx, later, change.hours(), field).await?;
        }
        self.make_real(tx, found, &known, &effect, field).await
    }

    async fn deduct(&self, tx: &mut Tx, later: AllocationId, advance: GpuTime, field: &str) -> Result<()> {
        let found = tx.lock::<allocation::Entity>(later).await?;
        let known = self.facts_of_allocation(tx, &found).await?;
        let most = known.left.as_seconds().min(known.granted.as_seconds() - 1);
        if advance.as_seconds() > most || known.first_week() <= brussels_day(self.now) {
            return Err(Error::invalid(field, Problem::NotPossibleNow));
        }
        let effect = action::deducted(advance, &known, self.now)?;
        tx.event(later, "advance_deducted", json!({ "released": advance })).await?;
        self.make_real(tx, found, &known, &effect, field).await
    }

    async fn facts_of_allocation(&self, tx: &Tx, found: &allocation::Model) -> Result<Facts> {
        let actions = store::action::of_allocation(tx, found.id).await?;
        facts(tx, found, &actions).await
    }

    async fn make_real(
        &self,
        tx: &mut Tx,
        found: allocation::Model,
        known: &Facts,
        effect: &Effect,
        field: &str,
    ) -> Result<()> {
        let more = effect.granted.checked_sub(found.gpu_seconds)?;
        if more > GpuTime::ZERO {
            let held = self.hold_against_quotas(tx, &found, more, field).await?;
            self.tell_quotas(tx, &found, &held).await?;
        }
        let from = week_of(brussels_day(self.now));
        let freed = Shifts::default().unbook(&found.slots(), from);
        let shifts = if effect.ends { freed } else { freed.rebook(&effect.slots, from) };
        if !shifts.apply(tx).await? {
            return Err(Error::invalid(field, Problem::NoCapacity));
        }
        let moved = effect.left.checked_sub(known.left)?;
        let entry = if moved > GpuTime::ZERO {
            Entry::hold(moved)?
        } else {
            Entry::release(GpuTime::ZERO.checked_sub(moved)?)?
        };
        if moved != GpuTime::ZERO {
            store::ledger::write(tx, &found, &entry, self.now).await?;
        }
        if effect.slots != known.slots || effect.ends {
            self.tell_site(tx, &found, effect).await?;
        }
        let terms = terms_for(tx, &found.terms, found.model, effect.granted).await?;
        crate::aid::follow(self, tx, &found, &terms, field, "changed").await?;
        if effect.ends {
            crate::aid::ended(tx, &found, known.used).await?;
        }
        let version = found.version + 1;
        let ended = if effect.ends {
            // By the table of an allocation's life, as the programme ends it.
            let line = step(found.state, Step::End, Group::System, found.expires_at, self.now);
            Some(line.map_err(|problem| Error::invalid(field, problem))?.to)
        } else {
            None
        };
        if ended.is_some() {
            tx.event(found.id, "ended", json!({ "released": known.left })).await?;
            tx.event(found.application_id, "allocation_ended", json!({})).await?;
        }
        let mut next = found.into_active_model();
        let first = effect.slots.first();
        next.gpus = Set(first.gpus);
        next.first_week = Set(first.first_week);
        next.weeks = Set(first.weeks);
        next.further = Set(allocation::further(&effect.slots)?);
        next.gpu_seconds = Set(effect.granted);
        next.terms = Set(terms);
        next.version = Set(version);
        if let Some(state) = ended {
            next.state = Set(state);
            next.ended_at = Set(Some(self.now));
        }
        let changed = tx.update(next).await?;
        // Only new hours are new money: who gives hours back is not refused for what a pot lacks.
        let short = if more > GpuTime::ZERO { Short::Refused } else { Short::BoundLater };
        pots::settle(tx, changed.application_id, short).await?;
        Ok(())
    }

    async fn tell_site(&self, tx: &mut Tx, found: &allocation::Model, effect: &Effect) -> Result<()> {
        let site = tx.find::<site::Entity>(found.site_id).await?;
        let organisation = organisation_name(tx, found).await?;
        let last_day =
            if effect.ends { brussels_day(self.now) } else { effect.slots.end().pred_opt().unwrap_or_default() };
        for person in store::allocation::operators(tx, found.site_id).await? {
            let mail = Mail::BookingChanged {
                reference: found.reference.clone(),
                organisation: organisation.clone(),
                site: site.name.clone(),
                model: found.model,
                gpus: effect.slots.most_gpus(),
                first_day: effect.slots.first().first_week,
                last_day,
                link: self.link("/site/bookings"),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        Ok(())
    }
}
