//! Verbs of what follows an award: a company asks for a change of its allocation, an officer decides with reasons, and
//! the change is made real as an award is: tested anew, booked by conditional update, kept in the ledger.

mod apply;
mod decide;

use chrono::{DateTime, Utc};
use domain::{
    action::{self, Change, Effect, Facts, Kind, State, Typed},
    calendar,
    call::check::Occasion,
    id::{ActionId, AllocationId, ApplicationId},
    ledger::Account,
    period::brussels_day,
    policy::Action,
    pricing::Quote,
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use decide::{ActionCase, ActionListed};

use crate::{
    allocations::{Allocation, with_sites},
    calls::{eligibility, terms_of},
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Tx,
        entity::{action as row, allocation, application, organisation},
        rows::{ActionRow, ReportRow},
    },
};

/// One thing that can be asked for, or why not now.
#[derive(Debug, Clone)]
pub struct Possible {
    pub kind: Kind,
    pub problem: Option<Problem>,
}

/// What follows an award, for the page of its allocation.
#[derive(Debug, Clone)]
pub struct AfterAward {
    pub possible: Vec<Possible>,
    /// Oldest first.
    pub actions: Vec<ActionRow>,
    pub reports: Vec<ReportRow>,
    /// What waits for an approved interim report.
    pub withheld: domain::gpu::GpuTime,
}

/// What a form asks for, as a company wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    pub typed: Typed,
    /// The later allocation that an advance is deducted from.
    pub later: Option<AllocationId>,
    /// Hours are given back, the weeks stay.
    pub keeps_end: bool,
}

/// How the price changes: by these quotes more and less.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PriceChange {
    pub more: Option<Quote>,
    pub less: Option<Quote>,
}

/// The form's own page: what there is, and what would be.
#[derive(Debug, Clone)]
pub struct ActionForm {
    pub kind: Kind,
    pub allocation: Allocation,
    /// Why it cannot be asked for now, if it cannot.
    pub problem: Option<Problem>,
    /// Booked allocations of the same company that have not begun, for an advance.
    pub later: Vec<Allocation>,
    pub due_at: DateTime<Utc>,
}

/// What a filled form would do.
#[derive(Debug, Clone)]
pub struct Preview {
    pub change: Change,
    pub effect: Effect,
    /// Of the later allocation.
    pub deducted: Option<Effect>,
    pub price: PriceChange,
}

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// With an officer.
    Waits,
    Done,
    /// A renewal's draft.
    Renewed(ApplicationId),
}

impl Desk {
    /// What can be asked of this allocation, what was, and what it owes.
    pub async fn after_award(&self, id: AllocationId) -> Result<AfterAward> {
        let tx = self.begin(Action::ReadActions).await?;
        let found = tx.find::<allocation::Entity>(id).await?;
        let actions = store::action::of_allocation(&tx, id).await?;
        let known = facts(&tx, &found, &actions).await?;
        let possible =
            Kind::ALL.into_iter().map(|kind| Possible { kind, problem: obstacle(kind, &known, &actions, self.now) });
        Ok(AfterAward {
            possible: possible.collect(),
            reports: store::report::of_allocation(&tx, id).await?,
            withheld: store::report::withheld(&tx, id).await?.map(|part| part.gpu_seconds).unwrap_or_default(),
            actions,
        })
    }

    /// The form for asking.
    pub async fn action_form(&self, id: AllocationId, kind: Kind) -> Result<ActionForm> {
        let tx = self.begin(Action::ReadActions).await?;
        let found = tx.find::<allocation::Entity>(id).await?;
        let actions = store::action::of_allocation(&tx, id).await?;
        let problem = obstacle(kind, &facts(&tx, &found, &actions).await?, &actions, self.now);
        let later = if kind == Kind::Advance {
            let today = brussels_day(self.now);
            let booked = store::action::booked_of(&tx, found.organisation_id, id).await?;
            let later = booked.into_iter().filter(|other| other.first_week > today && same_money(&found, other));
            with_sites(&tx, later.collect()).await?
        } else {
            Vec::new()
        };
        let allocation = with_sites(&tx, vec![found]).await?.pop().ok_or(Error::NotFound)?;
        Ok(ActionForm { kind, allocation, problem, later, due_at: self.answer_due() })
    }

    fn answer_due(&self) -> DateTime<Utc> {
        calendar::deadline(self.now, action::limits(brussels_day(self.now)).working_days)
    }

    /// What this would do, and what it would cost, without doing it. Errors as asking would.
    pub async fn preview_action(&self, id: AllocationId, kind: Kind, wanted: &Wanted) -> Result<Preview> {
        let tx = self.begin(Action::ReadActions).await?;
        let found = tx.find::<allocation::Entity>(id).await?;
        self.checked(&tx, &found, kind, wanted).await
    }

    /// Asks. What an officer decides waits for them; hours given back and renewals happen at once. `Stale` if the
    /// allocation changed since it was read.
    pub async fn ask_action(&self, id: AllocationId, kind: Kind, wanted: &Wanted, seen: i32) -> Result<Asked> {
        if kind == Kind::HandBack {
            // What was used and not yet posted is not there to be given back.
            let tx = self.begin(Action::ReadActions).await?;
            tx.find::<allocation::Entity>(id).await?;
            drop(tx);
            self.as_system().post_allocation(id).await?;
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskAction).await?;
        let found = tx.lock::<allocation::Entity>(id).await?;
        if found.version != seen {
            return Err(Error::Stale);
        }
        let preview = self.checked(&tx, &found, kind, wanted).await?;
        let action_id: ActionId = tx.new_id();
        let requested = serde_json::to_string(&preview.change)?;
        let mut asked = row::ActiveModel {
            id: Set(action_id),
            allocation_id: Set(id),
            application_id: Set(found.application_id),
            organisation_id: Set(found.organisation_id),
            kind: Set(kind),
            state: Set(if kind.is_decided() { State::Asked } else { State::Done }),
            later_id: Set(wanted.later.filter(|_| kind == Kind::Advance)),
            renewed_id: Set(None),
            requested: Set(requested.clone()),
            recommended: Set(None),
            awarded: Set((!kind.is_decided()).then_some(requested)),
            why: Set(wanted.typed.why.trim().to_owned()),
            price: Set(serde_json::to_string(&preview.price)?),
            asked_by: Set(me),
            asked_at: Set(self.now),
            due_at: Set(kind.is_decided().then(|| self.answer_due())),
            reason: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
            needs_second: Set(false),
            signed_by: Set(None),
            signed_at: Set(None),
            version: Set(1),
        };
        let what = json!({ "kind": kind.code(), "change": preview.change });
        let done = match kind {
            Kind::Renewal => {
                let renewed = crate::applications::copy_into(&mut tx, found.application_id).await?;
                asked.renewed_id = Set(Some(renewed));
                tx.event(id, "renewed", json!({})).await?;
                Asked::Renewed(renewed)
            }
            Kind::HandBack => {
                self.hand_back(&mut tx, found, preview.change, wanted.keeps_end).await?;
                Asked::Done
            }
            _ => {
                let about = found.application_id;
                if let Some(refused) = eligibility::still_eligible(&mut tx, about, Occasion::Award, "").await? {
                    tx.commit().await?;
                    return Err(refused);
                }
                tx.event(id, "change_asked", what).await?;
                Asked::Waits
            }
        };
        tx.insert(asked).await.on_unique("", Problem::AlreadyAsked)?;
        tx.commit().await?;
        Ok(done)
    }

    /// Takes back what nobody has decided yet.
    pub async fn withdraw_action(&self, id: AllocationId, kind: Kind) -> Result<()> {
        let mut tx = self.begin(Action::WithdrawAction).await?;
        let found = store::action::asked(&tx, id, kind).await?.ok_or(Error::NotFound)?;
        let found = tx.lock::<row::Entity>(found.id).await?;
        if found.state != State::Asked {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let version = found.version + 1;
        let mut next = found.into_active_model();
        next.state = Set(State::Withdrawn);
        next.version = Set(version);
        tx.update(next).await?;
        tx.event(id, "change_withdrawn", json!({ "kind": kind.code() })).await?;
        tx.commit().await
    }

    /// Read, within its limits, and what it would do.
    async fn checked(&self, tx: &Tx, found: &allocation::Model, kind: Kind, wanted: &Wanted) -> Result<Preview> {
        let actions = store::action::of_allocation(tx, found.id).await?;
        if store::action::asked(tx, found.id, kind).await?.is_some() {
            return Err(Error::invalid("", Problem::AlreadyAsked));
        }
        let known = facts(tx, found, &actions).await?;
        let later = match wanted.later.filter(|_| kind == Kind::Advance) {
            Some(later) => Some(later_of(tx, found, later).await?),
            None => None,
        };
        let later_facts = later.as_ref().map(|(_, facts)| facts);
        let change = action::read(kind, &wanted.typed, &known, later_facts, self.now)?;
        let effect = action::effect(kind, change, wanted.keeps_end, &known, self.now)?;
        if effect.slots.most_gpus() > known.max_gpus.max(known.slots.most_gpus()) {
            return Err(Invalid::one("hours", Problem::NoCapacity).into());
        }
        let deducted = match &later {
            Some((_, facts)) => Some(action::deducted(change.hours(), facts, self.now)?),
            None => None,
        };
        let price = price(kind, change, found, later.as_ref().map(|(row, _)| row))?;
        Ok(Preview { change, effect, deducted, price })
    }
}

/// Why this cannot be asked for, if it cannot.
fn obstacle(kind: Kind, known: &Facts, actions: &[ActionRow], now: DateTime<Utc>) -> Option<Problem> {
    if actions.iter().any(|one| one.kind == kind && one.state == State::Asked) {
        return Some(Problem::AlreadyAsked);
    }
    action::may_ask(kind, known, now).err()
}

/// What the rules must know of this allocation, found by the caller.
pub(crate) async fn facts(tx: &Tx, found: &allocation::Model, actions: &[ActionRow]) -> Result<Facts> {
    let balances = store::ledger::balances(tx, found.id).await?;
    let of = |account| balances.get(&account).copied().unwrap_or_default();
    let in_force = actions.iter().filter(|one| one.state.is_in_force());
    let earlier = in_force.filter_map(|one| Some((one.kind, serde_json::from_str(one.awarded.as_deref()?).ok()?)));
    let application = tx.find::<application::Entity>(found.application_id).await?;
    let mode = terms_of(tx, &application).await?.mode;
    Ok(Facts {
        state: found.state,
        slots: found.slots(),
        granted: found.gpu_seconds,
        used: of(Account::Used),
        left: of(Account::Hold),
        earlier: earlier.collect(),
        max_gpus: mode.max_gpus,
    })
}

/// The later allocation of the same company that an advance is deducted from.
async fn later_of(tx: &Tx, found: &allocation::Model, later: AllocationId) -> Result<(allocation::Model, Facts)> {
    let not_one = || Error::invalid("later", Problem::NotAChoice);
    let other = match tx.find::<allocation::Entity>(later).await {
        Err(Error::NotFound) => return Err(not_one()),
        other => other?,
    };
    if other.id == found.id || other.organisation_id != found.organisation_id || !same_money(found, &other) {
        return Err(not_one());
    }
    let actions = store::action::of_allocation(tx, other.id).await?;
    let facts = facts(tx, &other, &actions).await?;
    Ok((other, facts))
}

/// Whether both are paid from the same pot under the same regime: hours do not move from one to the other otherwise.
fn same_money(one: &allocation::Model, other: &allocation::Model) -> bool {
    let terms = |row: &allocation::Model| serde_json::from_str::<Quote>(&row.terms).ok();
    match (terms(one), terms(other)) {
        (Some(one), Some(other)) => one.pot == other.pot && one.regime == other.regime,
        (None, None) => true,
        _ => false,
    }
}

/// At the terms frozen on the allocation: an award has one price for its hours, whenever they were added.
fn price(
    kind: Kind,
    change: Change,
    found: &allocation::Model,
    later: Option<&allocation::Model>,
) -> Result<PriceChange> {
    let of = |row: &allocation::Model| match serde_json::from_str::<Quote>(&row.terms) {
        Ok(quote) => quote.of(change.hours()).map(Some),
        Err(_) => Ok(None),
    };
    Ok(match kind {
        Kind::Supplement => PriceChange { more: of(found)?, less: None },
        Kind::Advance => PriceChange { more: of(found)?, less: later.map(of).transpose()?.flatten() },
        Kind::HandBack => PriceChange { more: None, less: of(found)? },
        Kind::Extension | Kind::Transfer | Kind::Renewal => PriceChange::default(),
    })
}

/// The name of the company of an allocation, for mails to others.
async fn organisation_name(tx: &Tx, found: &allocation::Model) -> Result<String> {
    Ok(tx.find::<organisation::Entity>(found.organisation_id).await?.legal_name)
}
