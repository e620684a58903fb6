//! Verbs of matching: approved applications become offers, offers nobody answers go back.
//!
//! Which slot goes to whom is `domain::matching`'s; here the plan is made real, one transaction an offer.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    actor::Stand,
    allocation::{self, OFFER_STANDS_FOR, State, Step},
    call::intake,
    capacity::{Slot, Slots},
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, OrganisationId, SiteId},
    matching::{self, Request, Why},
    mode::{self, Code},
    money::BasisPoints,
    need::Need,
    period::{brussels_day, start_of_day, week_of},
    policy::Action,
    pricing::Quote,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    pricing::Prices,
    sites::Site,
    store::{
        self, Letter, Tx,
        capacity::Shifts,
        entity::{allocation as row, application, site},
    },
};

/// An approved application, as matching sees it.
#[derive(Debug, Clone)]
pub struct Approved {
    pub application: ApplicationId,
    pub organisation: OrganisationId,
    pub reference: String,
    pub mode: Code,
    /// How time closes the call it is under, if it is under one.
    pub intake: Option<intake::Kind>,
    /// When it was submitted: what "first come" is judged by.
    pub since: DateTime<Utc>,
    pub need: Need,
    /// JSON of the quote it was approved with.
    pub terms: String,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matched {
    pub offered: usize,
    pub waiting: usize,
}

/// An approved application without an offer.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    pub approved: Approved,
    pub organisation: String,
    /// Why it has none; `None` if the next run will make one.
    pub why: Option<Why>,
}

/// The officer's screen.
#[derive(Debug, Clone)]
pub struct MatchingBoard {
    pub waiting: Vec<WaitingRow>,
    /// Offers that wait for an answer, soonest expiry first.
    pub offered: Vec<(row::Model, String)>,
    pub sites: Vec<Site>,
}

impl Desk {
    /// Makes an offer for every approved application that can have one, first come, first served; those of modes with
    /// cut-offs compete in a run instead. Repeating it changes nothing.
    pub async fn run_matching(&self) -> Result<Matched> {
        self.match_in_order(false).await
    }

    /// The same; `all` of them in the order of arrival, for the past of the demo world.
    pub(crate) async fn match_in_order(&self, all: bool) -> Result<Matched> {
        let (waiting, requests, plan) = self.plan(Action::RunMatching, all).await?;
        let seen = self.in_sight(&waiting).await?;
        let unplaced = plan.waiting.iter().filter(|one| seen.contains(&one.application)).count();
        let mut matched = Matched { offered: 0, waiting: unplaced };
        for placement in plan.placed {
            let Some(approved) = waiting.iter().find(|approved| approved.application == placement.application) else {
                continue;
            };
            let rank = requests.iter().find(|request| request.application == approved.application);
            let rank = rank.map_or(1, |request| request.refused.len() + 1);
            let rank = i32::try_from(rank).unwrap_or(1);
            let is_offered = match placement.offers.first() {
                Some(slot) => self.offer_part(approved, ((*slot).into(), placement.gpu_time), rank).await?.is_some(),
                None => false,
            };
            match (seen.contains(&approved.application), is_offered) {
                (true, true) => matched.offered += 1,
                // Somebody was faster: the next run looks again.
                (true, false) => matched.waiting += 1,
                // What a conflict hides is done, and not counted.
                (false, _) => {}
            }
        }
        Ok(matched)
    }

    /// Holds the slot for all that the application asks for and offers it. `None` if it is taken, or the application has
    /// an open offer.
    pub async fn offer_slot(&self, approved: &Approved, slot: Slot, rank: i32) -> Result<Option<AllocationId>> {
        self.offer_part(approved, (slot.into(), approved.need.gpu_time), rank).await
    }

    /// The same for so much of it.
    async fn offer_part(
        &self,
        approved: &Approved,
        (slots, gpu_time): (Slots, GpuTime),
        rank: i32,
    ) -> Result<Option<AllocationId>> {
        let mut tx = self.begin(Action::RunMatching).await?;
        if !still_waits(&tx, approved.application).await? {
            return Ok(None);
        }
        if !Shifts::default().hold(&slots).apply(&mut tx).await? {
            return Ok(None);
        }
        let id = match insert_offer(self, &mut tx, approved, (&slots, gpu_time), rank).await {
            Ok(id) => id,
            // Another run was faster.
            Err(Error::Invalid(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Takes back what nobody answered in time, and offers it anew.
    pub async fn expire_offers(&self) -> Result<usize> {
        let tx = self.begin(Action::ExpireOffers).await?;
        let expired = store::allocation::expired(&tx, self.now).await?;
        drop(tx);
        let mut lapsed = 0;
        for id in expired {
            match self.lapse(id).await {
                Ok(()) => lapsed += 1,
                // Answered meanwhile.
                Err(Error::Invalid(_) | Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        if lapsed > 0 {
            self.run_matching().await?;
        }
        Ok(lapsed)
    }

    async fn lapse(&self, id: AllocationId) -> Result<()> {
        let mut tx = self.begin(Action::ExpireOffers).await?;
        let offer = tx.lock::<row::Entity>(id).await?;
        let line = allocation::step(offer.state, Step::Lapse, self.actor.group(), offer.expires_at, self.now)
            .map_err(|problem| Error::invalid("", problem))?;
        if !Shifts::default().unhold(&offer.slots()).apply(&mut tx).await? {
            return Err(Error::Stale);
        }
        let link = format!("{}/applications/{}", self.services.settings().public_url, offer.application_id);
        for person in store::allocation::addressees(&tx, offer.organisation_id).await? {
            let mail = Mail::OfferLapsed { reference: offer.reference.clone(), link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        tx.event(offer.id, "lapsed", json!({})).await?;
        tx.event(offer.application_id, "offer_lapsed", json!({})).await?;
        let version = offer.version;
        let mut next = offer.into_active_model();
        next.state = Set(line.to);
        next.version = Set(version + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    /// What waits and why, and what was offered.
    pub async fn read_matching(&self) -> Result<MatchingBoard> {
        let (mut waiting, _, plan) = self.plan(Action::ReadMatching, false).await?;
        let seen = self.in_sight(&waiting).await?;
        waiting.retain(|one| seen.contains(&one.application));
        let mut why: BTreeMap<ApplicationId, Why> =
            plan.waiting.into_iter().map(|waiting| (waiting.application, waiting.why)).collect();
        let tx = self.begin(Action::ReadMatching).await?;
        let mut offered = store::allocation::in_states(&tx, &[State::Offered], 500).await?;
        offered.sort_by_key(|offer| offer.expires_at);
        let ids = waiting.iter().map(|one| one.organisation).chain(offered.iter().map(|offer| offer.organisation_id));
        let names = store::allocation::organisation_names(&tx, ids.collect::<Vec<_>>()).await?;
        let name = |id: &OrganisationId| names.get(id).cloned().unwrap_or_default();
        Ok(MatchingBoard {
            waiting: waiting
                .into_iter()
                .map(|approved| WaitingRow {
                    organisation: name(&approved.organisation),
                    why: why.remove(&approved.application),
                    approved,
                })
                .collect(),
            offered: offered
                .into_iter()
                .map(|offer| (name(&offer.organisation_id), offer))
                .map(|(n, o)| (o, n))
                .collect(),
            sites: store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect(),
        })
    }

    /// Those of them that no conflict hides from the actor. Sites and the programme itself judge nobody.
    async fn in_sight(&self, waiting: &[Approved]) -> Result<HashSet<ApplicationId>> {
        let ids: Vec<ApplicationId> = waiting.iter().map(|one| one.application).collect();
        if self.actor.stand != Stand::Officer {
            return Ok(ids.into_iter().collect());
        }
        let tx = self.begin(Action::ReadMatching).await?;
        store::conflict::in_sight(&tx, &ids).await
    }

    /// Why this approved application has no offer, if it waits for one. For whoever may see the application.
    pub async fn why_waiting(&self, application: ApplicationId) -> Result<Option<Why>> {
        let tx = self.begin(Action::ReadApplication).await?;
        tx.find::<application::Entity>(application).await?;
        drop(tx);
        let (_, _, plan) = self.as_system().plan(Action::ReadMatching, false).await?;
        Ok(plan.waiting.into_iter().find(|waiting| waiting.application == application).map(|waiting| waiting.why))
    }

    /// The approved applications that wait for a run of the engine.
    pub(crate) async fn competing(&self, tx: &Tx) -> Result<Vec<Approved>> {
        let modes = store::mode::modes(tx).await?;
        let mut approved = store::matching::approved(tx).await?;
        approved.retain(|one| !is_served_in_order(&modes, one, self.now));
        Ok(approved)
    }

    /// The approved applications without an open offer, and today's plan for them.
    async fn plan(&self, action: Action, all: bool) -> Result<(Vec<Approved>, Vec<Request>, matching::Plan)> {
        let tx = self.begin(action).await?;
        let modes = store::mode::modes(&tx).await?;
        let mut approved = store::matching::approved(&tx).await?;
        approved.retain(|one| all || is_served_in_order(&modes, one, self.now));
        let ids: Vec<ApplicationId> = approved.iter().map(|one| one.application).collect();
        let mut earlier: BTreeMap<ApplicationId, Vec<row::Model>> = BTreeMap::new();
        for allocation in store::allocation::earlier(&tx, &ids).await? {
            earlier.entry(allocation.application_id).or_default().push(allocation);
        }
        let sites = store::capacity::sites(&tx).await?;
        let requests: Vec<Request> = approved
            .iter()
            .map(|one| Request {
                application: one.application,
                since: one.since,
                need: one.need.clone(),
                preferred: preferred(&sites, &one.need),
                only: only(&sites, &one.need),
                refused: earlier.get(&one.application).into_iter().flatten().map(row::Model::slot).collect(),
            })
            .collect();
        let today = brussels_day(self.now);
        let windows = store::capacity::windows(&tx, week_of(today), None).await?;
        let plan = matching::plan(&requests, &windows, today);
        Ok((approved, requests, plan))
    }
}

/// Calls and modes that are always open are served in the order of arrival; behind a cut-off all compete.
fn is_served_in_order(modes: &[mode::Mode], one: &Approved, now: DateTime<Utc>) -> bool {
    if let Some(kind) = one.intake {
        return kind == intake::Kind::Always;
    }
    let in_force = mode::in_force(modes, brussels_day(now));
    in_force.into_iter().find(|mode| mode.code == one.mode).is_none_or(mode::Mode::is_always_open)
}

/// The only sites a need may be met at, where its call names some.
pub(crate) fn only(sites: &[site::Model], need: &Need) -> Option<Vec<SiteId>> {
    let offered = sites.iter().filter(|site| need.is_offered_at(&site.slug)).map(|site| site.id);
    (!need.offered_at.is_empty()).then(|| offered.collect())
}

/// Those of the sites a need would rather run at that there are.
pub(crate) fn preferred(sites: &[site::Model], need: &Need) -> Vec<SiteId> {
    sites.iter().filter(|site| need.preferred.contains(&site.slug)).map(|site| site.id).collect()
}

/// The frozen quote for so much time on this model: another model changes the list price of the day it was quoted, and
/// nothing else of what was promised. Terms that are no quote stay as they are.
pub(crate) async fn terms_for(tx: &Tx, terms: &str, model: GpuModel, gpu_time: GpuTime) -> Result<String> {
    let Ok(quote) = serde_json::from_str::<Quote>(terms) else { return Ok(terms.to_owned()) };
    if (quote.model, quote.gpu_time) == (model, gpu_time) {
        return Ok(terms.to_owned());
    }
    if quote.model == model {
        return Ok(serde_json::to_string(&quote.of(gpu_time)?)?);
    }
    let other = Quote { model, ..quote }.of(gpu_time)?;
    let other = Prices::read(tx).await?.relisted(&other, None, BasisPoints::ZERO, other.priced_on)?;
    Ok(serde_json::to_string(&other)?)
}

/// Whether nobody took back what was approved; nobody does until this transaction ends.
pub(crate) async fn still_waits(tx: &Tx, id: ApplicationId) -> Result<bool> {
    Ok(tx.lock::<application::Entity>(id).await?.state != domain::application::State::Withdrawn)
}

/// Offers so much in slots that the caller holds, and tells. `Invalid` if the application has an open offer.
pub(crate) async fn insert_offer(
    desk: &Desk,
    tx: &mut Tx,
    approved: &Approved,
    (slots, gpu_time): (&Slots, GpuTime),
    rank: i32,
) -> Result<AllocationId> {
    let id = tx.new_id();
    let slot = slots.first();
    let terms = terms_for(tx, &approved.terms, slot.model, gpu_time).await?;
    let offer = row::ActiveModel {
        id: Set(id),
        application_id: Set(approved.application),
        organisation_id: Set(approved.organisation),
        site_id: Set(slot.site),
        model: Set(slot.model),
        gpus: Set(slot.gpus),
        first_week: Set(slot.first_week),
        weeks: Set(slot.weeks),
        further: Set(row::further(slots)?),
        gpu_seconds: Set(gpu_time),
        state: Set(State::Offered),
        reference: Set(approved.reference.clone()),
        need: Set(serde_json::to_string(&approved.need)?),
        terms: Set(terms),
        rank: Set(rank),
        offered_at: Set(desk.now),
        expires_at: Set((desk.now + OFFER_STANDS_FOR).min(start_of_day(slot.first_week))),
        accepted_at: Set(None),
        confirmed_at: Set(None),
        ended_at: Set(None),
        version: Set(1),
    };
    let offered = tx.insert(offer).await.on_unique("", Problem::AlreadyDone)?;
    let site = tx.find::<site::Entity>(slot.site).await?;
    tell_offer(desk, tx, &offered, &site.name).await?;
    Ok(id)
}

async fn tell_offer(desk: &Desk, tx: &mut Tx, offer: &row::Model, site: &str) -> Result<()> {
    let link = format!("{}/offers/{}", desk.services.settings().public_url, offer.id);
    for person in store::allocation::addressees(tx, offer.organisation_id).await? {
        let mail = Mail::OfferMade {
            reference: offer.reference.clone(),
            site: site.to_owned(),
            model: offer.model,
            gpus: offer.gpus,
            first_day: offer.first_week,
            hours: offer.gpu_seconds,
            expires: offer.expires_at,
            link: link.clone(),
        };
        tx.mail(Letter::to(&person, mail)).await?;
    }
    let detail = json!({ "site": site, "model": offer.model.code(), "gpus": offer.gpus, "week": offer.first_week });
    tx.event(offer.id, "offered", detail.clone()).await?;
    tx.event(offer.application_id, "offer_made", detail).await
}
