//! Verbs of offers and allocations: answering, confirming, ending, and reading them with what belongs beside them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::Group,
    allocation::{self, State, Step, Transition},
    call::check::Occasion,
    capacity::Slot,
    gpu::GpuTime,
    id::{AllocationId, ApplicationId},
    ledger::{Account, Entry, Refused},
    matching::{self, Request},
    money::{BasisPoints, Money},
    need::Need,
    period::{brussels_day, start_of_day, week_of},
    policy::Action,
    problem::Problem,
    report,
    usage::{self, Point},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    calls::eligibility,
    desk::Desk,
    error::{Each, Error, Result, anyhow},
    pots::{self, Short},
    quotes::{self, Quoted},
    rows::{AllocationRow, EventRow},
    runs::{Demand, Scarcity},
    sites::Site,
    store::{
        self, Letter, Tx,
        capacity::Shifts,
        entity::{allocation as row, application, organisation, site},
        usage::JobUse,
    },
};

/// An allocation stays open for readings so long after its last day before what is left is released.
pub const ENDS_AFTER: TimeDelta = TimeDelta::hours(24);
/// Slots on the calendar of other choices.
const ALTERNATIVES_MAX: usize = 60;

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Broken(anyhow(refused))
    }
}

/// An allocation with its site and its balances.
#[derive(Debug, Clone)]
pub struct Allocation {
    pub row: AllocationRow,
    pub site: Site,
    pub organisation: String,
    /// Posted within the grant.
    pub used: GpuTime,
    /// Granted and not used; nought once it has ended.
    pub left: GpuTime,
}

impl Allocation {
    pub fn share(&self) -> BasisPoints {
        usage::share(self.used, self.row.gpu_seconds)
    }
}

/// An offer, and what could be had instead of it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub allocation: Allocation,
    /// What was asked for, of which the offer may be a part.
    pub asked: Need,
    /// How sought after its weeks were.
    pub demand: Option<Demand>,
    /// Slots that are free now, best first; nobody holds them.
    pub others: Vec<Other>,
    /// The quote that its price comes from, if its company asked for one.
    pub quoted: Option<Quoted>,
    /// Whether this actor may answer it and it can still be answered.
    pub can_answer: bool,
}

impl Offer {
    /// Whether it is for less than what was asked for.
    pub fn is_part(&self) -> bool {
        self.allocation.row.gpu_seconds < self.asked.gpu_time
    }
}

/// A slot that one could have instead.
#[derive(Debug, Clone)]
pub struct Other {
    pub slot: Slot,
    pub site: Site,
    pub demand: Option<Demand>,
}

/// Everything about one allocation.
#[derive(Debug, Clone)]
pub struct AllocationView {
    pub allocation: Allocation,
    pub points: Vec<Point>,
    /// At the pace of the last week; `None` while nothing is used.
    pub days_left: Option<i64>,
    pub overrun: GpuTime,
    /// All of it is used: until when jobs may go on.
    pub grace_ends: Option<DateTime<Utc>>,
    pub jobs: Vec<JobUse>,
    pub timeline: Vec<EventRow>,
}

impl Desk {
    /// The offer with the slots one could have instead.
    pub async fn read_offer(&self, id: AllocationId) -> Result<Offer> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let mut found = tx.find::<row::Entity>(id).await?;
        let quoted = if found.state == State::Offered { quotes::for_offer(&tx, &found).await? } else { None };
        if let Some(quoted) = &quoted {
            found.terms.clone_from(&quoted.terms);
        }
        let asked: Need = serde_json::from_str(&found.need)?;
        let need = Need { gpu_time: found.gpu_seconds, ..asked.clone() };
        let can_answer = found.state == State::Offered
            && self.now < found.expires_at
            && domain::policy::allows(&self.actor, Action::AnswerOffer).is_ok();
        let scarcity = self.read_scarcity().await?;
        let demand = found.slots().iter().filter_map(|slot| Scarcity::demand(&scarcity, slot)).max();
        let others = if can_answer { self.others(&tx, &found, &need, &scarcity).await? } else { Vec::new() };
        let mut allocations = with_sites(&tx, vec![found]).await?;
        let allocation = allocations.pop().ok_or(Error::NotFound)?;
        Ok(Offer { allocation, asked, demand, others, quoted, can_answer })
    }

    async fn others(&self, tx: &Tx, offer: &row::Model, need: &Need, scarcity: &[Scarcity]) -> Result<Vec<Other>> {
        let today = brussels_day(self.now);
        let mut windows = store::capacity::windows(tx, week_of(today), None).await?;
        // What this offer holds is free to the one who holds it.
        let mine = offer.slots();
        for window in &mut windows {
            let is_mine = |slot: &&Slot| {
                (window.site, window.model) == (slot.site, slot.model)
                    && slot.mondays().any(|monday| monday == window.week)
            };
            window.held -= mine.iter().filter(is_mine).map(|slot| slot.gpus).sum::<i64>();
        }
        let sites = store::capacity::sites(tx).await?;
        let request = Request {
            application: offer.application_id,
            since: offer.offered_at,
            need: need.clone(),
            refused: vec![],
            preferred: crate::matching::preferred(&sites, need),
            only: crate::matching::only(&sites, need),
        };
        let sites: Vec<Site> = sites.into_iter().map(Site::from).collect();
        Ok(matching::alternatives(&request, &windows, today, ALTERNATIVES_MAX + 1)
            .into_iter()
            .filter(|slot| !mine.is_one() || *slot != mine.first())
            .take(ALTERNATIVES_MAX)
            .filter_map(|slot| {
                let site = sites.iter().find(|site| site.id == slot.site)?.clone();
                Some(Other { slot, site, demand: Scarcity::demand(scarcity, &slot) })
            })
            .collect())
    }

    /// Another slot instead of the offered one. Refused if somebody took it meanwhile; then the old one stays held.
    pub async fn pick_slot(&self, id: AllocationId, slot: Slot, seen: i32) -> Result<()> {
        let (mut tx, offer, line) = self.answer(id, Step::Move, seen).await?;
        let need = Need { gpu_time: offer.gpu_seconds, ..serde_json::from_str(&offer.need)? };
        let at = tx.find::<site::Entity>(slot.site).await?;
        let suits = matching::suits(&need, &slot, at.country, brussels_day(self.now));
        if !suits || !need.is_offered_at(&at.slug) {
            return Err(Error::invalid("slot", Problem::NotAChoice));
        }
        if !Shifts::default().unhold(&offer.slots()).hold(&slot.into()).apply(&mut tx).await? {
            return Err(Error::invalid("slot", Problem::NoCapacity));
        }
        let detail = json!({ "site": at.name, "model": slot.model.code(), "gpus": slot.gpus, "week": slot.first_week });
        tx.event(offer.id, "moved", detail).await?;
        let expires_at = offer.expires_at.min(start_of_day(slot.first_week));
        let terms = crate::matching::terms_for(&tx, &offer.terms, slot.model, offer.gpu_seconds).await?;
        let mut next = offer.into_active_model();
        next.site_id = Set(slot.site);
        next.model = Set(slot.model);
        next.gpus = Set(slot.gpus);
        next.first_week = Set(slot.first_week);
        next.weeks = Set(slot.weeks);
        next.further = Set(None);
        next.terms = Set(terms);
        next.expires_at = Set(expires_at);
        next.state = Set(line.to);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    /// Books the slot and sets the GPU time aside. The site's operator opens the project next.
    pub async fn accept_offer(&self, id: AllocationId, seen: i32) -> Result<()> {
        self.accept_priced(id, seen, None).await
    }

    /// As [`Self::accept_offer`], by somebody who was shown that it would cost this much: `Stale` where its quote has
    /// run out meanwhile and the price is another one.
    pub async fn accept_priced(&self, id: AllocationId, seen: i32, shown: Option<Money>) -> Result<()> {
        let (mut tx, mut offer, line) = self.answer(id, Step::Accept, seen).await?;
        let quoted = quotes::for_offer(&tx, &offer).await?;
        if let Some(quoted) = &quoted {
            if shown.is_some_and(|shown| shown != quoted.due) {
                return Err(Error::Stale);
            }
            offer.terms.clone_from(&quoted.terms);
        }
        // Whoever owes for long books nothing new; what runs is not touched.
        if store::dunning::is_blocked(&tx, offer.organisation_id, brussels_day(self.now)).await? {
            return Err(Error::invalid("", Problem::AccountBlocked));
        }
        let refused = eligibility::still_eligible(&mut tx, offer.application_id, Occasion::Booking, "").await?;
        if let Some(refused) = refused {
            tx.commit().await?;
            return Err(refused);
        }
        let held = self.hold_against_quotas(&mut tx, &offer, offer.gpu_seconds, "").await?;
        if let Some(refused) = crate::aid::booked(&mut tx, &offer).await? {
            tx.commit().await?;
            return Err(refused);
        }
        self.tell_quotas(&mut tx, &offer, &held).await?;
        if !Shifts::default().book(&offer.slots()).apply(&mut tx).await? {
            return Err(Error::Stale);
        }
        // Of a large award, the second part waits for an approved interim report.
        let first = report::first_instalment(offer.gpu_seconds, brussels_day(self.now))?;
        store::ledger::write(&mut tx, &offer, &Entry::hold(first)?, self.now).await?;
        crate::reports::withhold(&mut tx, &offer, offer.gpu_seconds.checked_sub(first)?).await?;
        tx.event(offer.id, "accepted", json!({})).await?;
        tx.event(offer.application_id, "offer_accepted", json!({})).await?;
        self.tell_operators(&mut tx, &offer).await?;
        let promised = pots::wants(&tx, offer.application_id).await?;
        let terms = offer.terms.clone();
        let mut next = offer.into_active_model();
        next.terms = Set(terms);
        next.state = Set(line.to);
        next.accepted_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        let booked = tx.update(next).await?;
        if let Some(quoted) = &quoted {
            quotes::accept(&mut tx, quoted, booked.id).await?;
        }
        // What was promised at the award is booked whatever the pot lacks; and what it has left is not the company's to
        // know.
        let is_more = pots::wants(&tx, booked.application_id).await? > promised;
        let short = if is_more { Short::Refused } else { Short::BoundLater };
        pots::settle(&mut tx, booked.application_id, short).await.map_err(|refused| match refused {
            Error::Invalid(_) => Error::invalid("", Problem::BudgetSpent),
            other => other,
        })?;
        tx.commit().await
    }

    /// Gives the slot back; the next run of matching offers something else.
    pub async fn decline_offer(&self, id: AllocationId, seen: i32) -> Result<()> {
        let (mut tx, offer, line) = self.answer(id, Step::Decline, seen).await?;
        turn_down(&mut tx, offer, line, "declined").await?;
        tx.commit().await
    }

    /// Gives an open offer of this application back with it, if it has one.
    pub(crate) async fn give_up_offer(&self, tx: &mut Tx, application: ApplicationId) -> Result<()> {
        for offer in store::allocation::of_applications(tx, &[application]).await? {
            let offer = tx.lock::<row::Entity>(offer.id).await?;
            if offer.state != State::Offered {
                continue;
            }
            if self.now < offer.expires_at {
                let line = self.step(&offer, Step::Decline)?;
                turn_down(tx, offer, line, "declined").await?;
            } else {
                // Nobody answered it in time; the next pass would have taken it back.
                let line = allocation::step(offer.state, Step::Lapse, Group::System, offer.expires_at, self.now)
                    .map_err(|problem| Error::invalid("", problem))?;
                turn_down(tx, offer, line, "lapsed").await?;
            }
        }
        Ok(())
    }

    async fn answer(&self, id: AllocationId, step: Step, seen: i32) -> Result<(Tx, row::Model, Transition)> {
        let tx = self.begin(Action::AnswerOffer).await?;
        // The application first, as whoever withdraws it does.
        let application = tx.find::<row::Entity>(id).await?.application_id;
        let application = tx.lock::<application::Entity>(application).await?;
        let offer = tx.lock::<row::Entity>(id).await?;
        if application.state == domain::application::State::Withdrawn {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        if offer.version != seen {
            return Err(Error::Stale);
        }
        let line = self.step(&offer, step)?;
        Ok((tx, offer, line))
    }

    fn step(&self, row: &row::Model, step: Step) -> Result<Transition> {
        allocation::step(row.state, step, self.actor.group(), row.expires_at, self.now)
            .map_err(|problem| Error::invalid("", problem))
    }

    /// The operator has opened the project: people can log in from the first day on.
    pub async fn confirm_allocation(&self, id: AllocationId, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ConfirmAllocation).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        if found.version != seen {
            return Err(Error::Stale);
        }
        let line = self.step(&found, Step::Confirm)?;
        let site = tx.find::<site::Entity>(found.site_id).await?;
        let link = self.link(&format!("/allocations/{}", found.id));
        for person in store::allocation::addressees(&tx, found.organisation_id).await? {
            let mail = Mail::AllocationConfirmed {
                reference: found.reference.clone(),
                site: site.name.clone(),
                first_day: found.first_week,
                link: link.clone(),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        tx.event(found.id, "confirmed", json!({ "site": site.name })).await?;
        tx.event(found.application_id, "allocation_confirmed", json!({ "site": site.name })).await?;
        let mut next = found.into_active_model();
        next.state = Set(line.to);
        next.confirmed_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    async fn tell_operators(&self, tx: &mut Tx, booked: &row::Model) -> Result<()> {
        let site = tx.find::<site::Entity>(booked.site_id).await?;
        let organisation = tx.find::<organisation::Entity>(booked.organisation_id).await?.legal_name;
        for person in store::allocation::operators(tx, booked.site_id).await? {
            let mail = Mail::BookingMade {
                reference: booked.reference.clone(),
                organisation: organisation.clone(),
                site: site.name.clone(),
                model: booked.slot().model,
                gpus: booked.gpus,
                first_day: booked.first_week,
                link: self.link("/site/bookings"),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        Ok(())
    }

    /// The site cannot deliver: the weeks are free again, the applicant learns why, and matching looks for another
    /// slot. A reason is required.
    pub async fn refuse_allocation(&self, id: AllocationId, reason: &str, seen: i32) -> Result<()> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::invalid("reason", Problem::ReasonRequired));
        }
        let mut tx = self.begin(Action::RefuseAllocation).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        if found.version != seen {
            return Err(Error::Stale);
        }
        let line = self.step(&found, Step::Refuse)?;
        let site = tx.find::<site::Entity>(found.site_id).await?;
        self.give_back(&mut tx, &found).await?;
        for person in store::allocation::addressees(&tx, found.organisation_id).await? {
            let mail = Mail::BookingRefused {
                reference: found.reference.clone(),
                site: site.name.clone(),
                reason: reason.to_owned(),
                link: self.link(&format!("/applications/{}", found.application_id)),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        let what = json!({ "site": site.name, "reason": reason });
        tx.event(found.id, "refused", what.clone()).await?;
        tx.event(found.application_id, "booking_refused", what).await?;
        let mut next = found.into_active_model();
        next.state = Set(line.to);
        next.ended_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        let refused = tx.update(next).await?;
        pots::settle(&mut tx, refused.application_id, Short::BoundLater).await?;
        tx.commit().await
    }

    /// Ends what has run its weeks: posts the last readings, releases what was not used.
    pub async fn end_allocations(&self) -> Result<usize> {
        let tx = self.begin(Action::EndAllocation).await?;
        let open = store::allocation::in_states(&tx, &[State::Accepted, State::Active], u64::from(u32::MAX)).await?;
        drop(tx);
        let due = open.into_iter().filter(|row| start_of_day(row.slots().end()) + ENDS_AFTER <= self.now);
        let mut each = Each::default();
        for row in due {
            let ended = self.end_allocation(row.id).await.map(|()| 1);
            each.count(row.id, "an allocation could not be ended", ended);
        }
        each.finish()
    }

    async fn end_allocation(&self, id: AllocationId) -> Result<()> {
        self.post_allocation(id).await?;
        let mut tx = self.begin(Action::EndAllocation).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        let Ok(line) = self.step(&found, Step::End) else { return Ok(()) };
        let (left, used) = self.give_back(&mut tx, &found).await?;
        crate::reports::lapse(&mut tx, id).await?;
        crate::aid::ended(&mut tx, &found, used).await?;
        let end = start_of_day(found.slot().end()).min(self.now);
        if used > GpuTime::ZERO {
            crate::reports::ask_final(&mut tx, &found, brussels_day(end)).await?;
        }
        let link = self.link(&format!("/allocations/{}", found.id));
        for person in store::allocation::addressees(&tx, found.organisation_id).await? {
            let mail = Mail::AllocationEnded {
                reference: found.reference.clone(),
                used,
                granted: found.gpu_seconds,
                link: link.clone(),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        tx.event(found.id, "ended", json!({ "released": left.as_seconds() })).await?;
        tx.event(found.application_id, "allocation_ended", json!({})).await?;
        let version = found.version;
        let mut next = found.into_active_model();
        next.state = Set(line.to);
        next.ended_at = Set(Some(end));
        next.version = Set(version + 1);
        let ended = tx.update(next).await?;
        pots::settle(&mut tx, ended.application_id, Short::BoundLater).await?;
        tx.commit().await
    }

    /// Frees the weeks still to come and releases what is held in the ledger: that time, and the time that was used.
    async fn give_back(&self, tx: &mut Tx, booked: &row::Model) -> Result<(GpuTime, GpuTime)> {
        if !Shifts::default().unbook(&booked.slots(), week_of(brussels_day(self.now))).apply(tx).await? {
            return Err(Error::Stale);
        }
        let balances = store::ledger::balances(tx, booked.id).await?;
        let of = |account| balances.get(&account).copied().unwrap_or_default();
        let (left, used) = (of(Account::Hold), of(Account::Used));
        store::ledger::write(tx, booked, &Entry::release(left)?, self.now).await?;
        Ok((left, used))
    }

    /// The allocations this actor may see, newest first: offers included for those who may answer them.
    pub async fn read_allocations(&self, states: &[State]) -> Result<Vec<Allocation>> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let rows = store::allocation::in_states(&tx, states, 500).await?;
        with_sites(&tx, rows).await
    }

    /// One allocation with its burn-down, its jobs and its timeline.
    pub async fn read_allocation(&self, id: AllocationId) -> Result<AllocationView> {
        let tx = self.begin(Action::ReadAllocation).await?;
        let found = tx.find::<row::Entity>(id).await?;
        let by_day = store::usage::by_day(&tx, id).await?;
        let now: DateTime<Utc> = self.now;
        let points = usage::burn_down(found.gpu_seconds, &found.slots(), &by_day, now);
        let jobs = store::usage::jobs(&tx, id, 50).await?;
        let timeline = store::allocation::timeline(&tx, id).await?;
        let balances = store::ledger::balances(&tx, id).await?;
        let overrun = balances.get(&Account::Overrun).copied().unwrap_or_default();
        let used = balances.get(&Account::Used).copied().unwrap_or_default();
        let graces = store::quota::graces(&tx, &[id]).await?;
        let grace_ends = crate::usage::grace_of(&graces, &found, used).filter(|_| found.state == State::Active);
        let allocation = with_sites(&tx, vec![found]).await?.pop().ok_or(Error::NotFound)?;
        let days_left = usage::days_left(allocation.left, &points);
        Ok(AllocationView { allocation, points, days_left, overrun, grace_ends, jobs, timeline })
    }
}

pub(crate) async fn with_sites(tx: &Tx, rows: Vec<row::Model>) -> Result<Vec<Allocation>> {
    let sites: Vec<Site> = store::capacity::sites(tx).await?.into_iter().map(Site::from).collect();
    let ids: Vec<AllocationId> = rows.iter().map(|row| row.id).collect();
    let balances = store::ledger::balances_of(tx, &ids).await?;
    let names = store::allocation::organisation_names(tx, rows.iter().map(|row| row.organisation_id)).await?;
    let balance = |id, account| balances.get(&(id, account)).copied().unwrap_or_default();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Allocation {
                site: sites.iter().find(|site| site.id == row.site_id)?.clone(),
                organisation: names.get(&row.organisation_id).cloned().unwrap_or_default(),
                used: balance(row.id, Account::Used),
                left: balance(row.id, Account::Hold),
                row,
            })
        })
        .collect())
}

/// `how` is the word of its timeline.
async fn turn_down(tx: &mut Tx, offer: row::Model, line: Transition, how: &str) -> Result<()> {
    if !Shifts::default().unhold(&offer.slots()).apply(tx).await? {
        return Err(Error::Stale);
    }
    tx.event(offer.id, how, json!({})).await?;
    tx.event(offer.application_id, &format!("offer_{how}"), json!({})).await?;
    let version = offer.version + 1;
    let mut next = offer.into_active_model();
    next.state = Set(line.to);
    next.version = Set(version);
    tx.update(next).await?;
    Ok(())
}
