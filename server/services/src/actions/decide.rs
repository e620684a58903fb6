//! Verbs of officers: what waits for them, the decision with its reasons, and the second signature.

use chrono::{DateTime, Utc};
use domain::{
    action::{self, Change, Effect, Kind, State, TypedDecision},
    gpu::GpuTime,
    id::{ActionId, AllocationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    review,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use super::{PriceChange, facts};
use crate::{
    allocations::{Allocation, with_sites},
    decisions::requested,
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Letter, Tx,
        entity::{action as row, allocation, application},
        rows::ActionRow,
    },
};

const LISTED: u64 = 200;
/// The longest reason for sending a decision back.
const REASON_MAX: i64 = 2_000;

/// One line of the officer's list.
#[derive(Debug, Clone)]
pub struct ActionListed {
    pub row: ActionRow,
    pub reference: String,
    pub organisation: String,
}

/// What an officer decides on.
#[derive(Debug, Clone)]
pub struct ActionCase {
    pub row: ActionRow,
    pub allocation: Allocation,
    pub later: Option<Allocation>,
    pub requested: Change,
    pub recommended: Option<Change>,
    pub awarded: Option<Change>,
    /// What the allocation would become by what is requested; nothing once it is decided.
    pub effect: Option<Effect>,
    pub price: PriceChange,
    /// Why this officer may not decide or sign, if they may not.
    pub obstacle: Option<Problem>,
}

impl Desk {
    /// What waits for an officer, soonest due first, and what was decided last. What a conflict hides is in neither.
    pub async fn list_actions(&self) -> Result<(Vec<ActionListed>, Vec<ActionListed>)> {
        let tx = self.begin(Action::ReadActions).await?;
        let waiting = store::action::listed(&tx, true, LISTED).await?;
        let past = store::action::listed(&tx, false, 25).await?;
        Ok((listed(&tx, waiting).await?, listed(&tx, past).await?))
    }

    pub async fn action_case(&self, id: ActionId) -> Result<ActionCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadActions).await?;
        let found = tx.find::<row::Entity>(id).await?;
        let requested: Change = serde_json::from_str(&found.requested)?;
        let of = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let allocation = one(&tx, found.allocation_id).await?;
        let later = match found.later_id {
            Some(later) => Some(one(&tx, later).await?),
            None => None,
        };
        let effect = if found.state == State::Asked {
            let actions = store::action::of_allocation(&tx, found.allocation_id).await?;
            let known = facts(&tx, &allocation.row, &actions).await?;
            Some(action::effect(found.kind, requested, false, &known, self.now)?)
        } else {
            None
        };
        let obstacle = match found.decided_by.filter(|_| found.state == State::Asked) {
            Some(by) => action::countersign(by, me),
            None => may_decide(&tx, &found, &allocation.row, me).await?,
        };
        Ok(ActionCase {
            recommended: of(&found.recommended),
            awarded: of(&found.awarded),
            price: serde_json::from_str(&found.price)?,
            obstacle: obstacle.err(),
            row: found,
            allocation,
            later,
            requested,
            effect,
        })
    }

    /// Decides, with reasons. Above the limit for awards it waits for a second officer; below it is in force at once.
    pub async fn decide_action(&self, id: ActionId, typed: &TypedDecision, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideAction).await?;
        let found = self.undecided(&tx, id, seen).await?;
        if found.decided_by.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let decided = action::decide(typed, serde_json::from_str(&found.requested)?)?;
        let allocation = tx.lock::<allocation::Entity>(found.allocation_id).await?;
        may_decide(&tx, &found, &allocation, me).await?.map_err(|problem| Error::invalid("", problem))?;
        let needs_second = decided.awarded.is_some_and(|change| self.is_large(found.kind, &allocation, change));
        let kind = found.kind;
        let mut next = found.clone().into_active_model();
        next.recommended = Set(decided.awarded.map(|change| serde_json::to_string(&change)).transpose()?);
        next.reason = Set(Some(decided.reason));
        next.decided_by = Set(Some(me));
        next.decided_at = Set(Some(self.now));
        next.needs_second = Set(needs_second);
        next.version = Set(seen + 1);
        let found = tx.update(next).await?;
        if needs_second {
            tx.event(found.allocation_id, "change_awaits_signature", json!({ "kind": kind.code() })).await?;
        } else {
            self.settle_action(&mut tx, found, allocation).await?;
        }
        tx.commit().await
    }

    /// The second officer agrees: it is in force.
    pub async fn sign_action(&self, id: ActionId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideAction).await?;
        let found = self.unsigned_action(&tx, id, seen).await?;
        let allocation = tx.lock::<allocation::Entity>(found.allocation_id).await?;
        let mut next = found.into_active_model();
        next.signed_by = Set(Some(me));
        next.signed_at = Set(Some(self.now));
        let found = tx.update(next).await?;
        self.settle_action(&mut tx, found, allocation).await?;
        tx.commit().await
    }

    /// The second officer does not agree: it can be decided anew.
    pub async fn send_back_action(&self, id: ActionId, reason: &str, seen: i32) -> Result<()> {
        let reason = domain::typed::line(reason, REASON_MAX).map_err(|problem| match problem {
            Problem::Required => Error::invalid("reason", Problem::ReasonRequired),
            problem => Error::invalid("reason", problem),
        })?;
        let mut tx = self.begin(Action::DecideAction).await?;
        let found = self.unsigned_action(&tx, id, seen).await?;
        let what = json!({ "kind": found.kind.code(), "reason": reason });
        tx.event(found.allocation_id, "change_sent_back", what).await?;
        let mut next = found.into_active_model();
        next.recommended = Set(None);
        next.reason = Set(None);
        next.decided_by = Set(None);
        next.decided_at = Set(None);
        next.needs_second = Set(false);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    async fn undecided(&self, tx: &Tx, id: ActionId, seen: i32) -> Result<row::Model> {
        let found = tx.lock::<row::Entity>(id).await?;
        if found.version != seen {
            return Err(Error::Stale);
        }
        if found.state != State::Asked {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        Ok(found)
    }

    async fn unsigned_action(&self, tx: &Tx, id: ActionId, seen: i32) -> Result<row::Model> {
        let found = self.undecided(tx, id, seen).await?;
        let by = found.decided_by.ok_or_else(|| Error::invalid("", Problem::AlreadyDone))?;
        action::countersign(by, self.signed_in()?).map_err(|problem| Error::invalid("", problem))?;
        Ok(found)
    }

    /// The same limit as for awards, for what the award becomes.
    fn is_large(&self, kind: Kind, allocation: &allocation::Model, change: Change) -> bool {
        let after = allocation.gpu_seconds.checked_add(change.hours()).unwrap_or(GpuTime::seconds(i64::MAX));
        kind.is_amount() && review::needs_second_signature(after, brussels_day(self.now))
    }

    /// In force: the change is made real, or it is refused; the company hears either with the reasons.
    async fn settle_action(&self, tx: &mut Tx, found: row::Model, allocation: allocation::Model) -> Result<()> {
        let reasons = found.reason.clone().unwrap_or_default();
        let (id, version, kind) = (found.allocation_id, found.version + 1, found.kind);
        let link = self.link(&format!("/allocations/{id}"));
        let reference = allocation.reference.clone();
        let (organisation, application) = (allocation.organisation_id, allocation.application_id);
        let awarded: Option<Change> = found.recommended.as_deref().map(serde_json::from_str).transpose()?;
        let mut next = found.clone().into_active_model();
        let mail = match awarded {
            Some(change) => {
                self.put_change_in_force(tx, (kind, change), allocation, found.later_id, "outcome").await?;
                next.state = Set(State::Approved);
                next.awarded = Set(found.recommended);
                Mail::ChangeApproved { reference, kind, reasons, link }
            }
            None => {
                next.state = Set(State::Refused);
                Mail::ChangeRefused { reference, kind, reasons, link }
            }
        };
        let happened = if awarded.is_some() { "change_approved" } else { "change_refused" };
        let what = json!({ "kind": kind.code(), "change": awarded });
        tx.event(id, happened, what.clone()).await?;
        tx.event(application, happened, what).await?;
        for person in store::allocation::addressees(tx, organisation).await? {
            tx.mail(Letter::to(&person, mail.clone())).await?;
        }
        next.version = Set(version);
        tx.update(next).await?;
        Ok(())
    }

    /// When the first of what waits is due.
    pub async fn actions_waiting(&self) -> Result<(usize, Option<DateTime<Utc>>)> {
        let tx = self.begin(Action::ReadActions).await?;
        let waiting = store::action::listed(&tx, true, LISTED).await?;
        Ok((waiting.len(), waiting.first().and_then(|one| one.due_at)))
    }
}

/// Whether this officer may decide it, after what they decided of the same award before.
async fn may_decide(
    tx: &Tx,
    found: &row::Model,
    allocation: &allocation::Model,
    me: PersonId,
) -> Result<Result<(), Problem>> {
    if found.state != State::Asked {
        return Ok(Ok(()));
    }
    let before = store::action::of_allocation(tx, found.allocation_id).await?;
    let refused = before.iter().filter(|one| one.state == State::Refused);
    let refused: Vec<_> = refused.filter_map(|one| Some((one.kind, one.decided_by?))).collect();
    let mut awarded_less = Vec::new();
    let application = tx.find::<application::Entity>(allocation.application_id).await?;
    if let Some(decision) = store::review::decision_whoever_asks(tx, application.id).await?
        && decision.granted < requested(&application)?
    {
        awarded_less.extend([Some(decision.decided_by), decision.signed_by].into_iter().flatten());
    }
    Ok(action::may_decide(found.kind, me, &refused, &awarded_less))
}

async fn one(tx: &Tx, id: AllocationId) -> Result<Allocation> {
    let found = tx.find::<allocation::Entity>(id).await?;
    with_sites(tx, vec![found]).await?.pop().ok_or(Error::NotFound)
}

async fn listed(tx: &Tx, rows: Vec<row::Model>) -> Result<Vec<ActionListed>> {
    let names =
        store::allocation::organisation_names(tx, rows.iter().map(|row| row.organisation_id).collect::<Vec<_>>())
            .await?;
    let allocations =
        store::allocation::by_ids(tx, rows.iter().map(|row| row.allocation_id).collect::<Vec<_>>()).await?;
    let reference = |id: AllocationId| allocations.iter().find(|one| one.id == id).map(|one| one.reference.clone());
    Ok(rows
        .into_iter()
        .map(|row| ActionListed {
            reference: reference(row.allocation_id).unwrap_or_default(),
            organisation: names.get(&row.organisation_id).cloned().unwrap_or_default(),
            row,
        })
        .collect())
}
