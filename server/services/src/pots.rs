//! Verbs of pots: what is pledged, committed and spent; what an award binds; movements that two people agree to.
//!
//! What an application binds is reckoned from what is true of it ([`settle`]), in the transaction that changes it.

use std::collections::BTreeMap;

use domain::{
    application,
    book::{Account, Entry, Kind},
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId, PotMovementId},
    money::Money,
    period::brussels_day,
    policy::Action,
    pot::{self, Facts, Move, MoveState, TypedMove},
    pricing::Regime,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    desk::Desk,
    error::{Each, Error, Result, anyhow},
    invoices::new_uuid,
    jobs::Verdict,
    store::{
        self, Tx,
        entity::pot_movement,
        rows::{PotMovementRow, PotRow},
    },
};

/// A pot with where its money stands.
#[derive(Debug, Clone)]
pub struct PotRead {
    pub row: PotRow,
    /// The name of whom to invoice for its subsidies.
    pub funder: Option<String>,
    /// Everything it was given, less what it gave to its children and others.
    pub budget: Money,
    pub free: Money,
    pub committed: Money,
    pub spent: Money,
}

impl PotRead {
    fn facts(&self) -> Facts {
        Facts {
            code: self.row.code.clone(),
            parent: self.row.parent.clone(),
            kind: self.row.kind,
            country: self.row.country,
            free: self.free,
        }
    }
}

/// All pots, and what they are measured against.
#[derive(Debug, Clone)]
pub struct Pots {
    /// Parents before their children.
    pub rows: Vec<PotRead>,
    /// What was announced, by code, in whole euros.
    pub goals: BTreeMap<String, i64>,
    /// Movements that wait for a second person.
    pub waiting: Vec<PotMovementRow>,
}

impl Desk {
    pub async fn pots(&self) -> Result<Pots> {
        let tx = self.begin(Action::ReadPots).await?;
        let balances = store::pot::balances(&tx).await?;
        let rows = store::pot::all(&tx).await?;
        let funders: Vec<OrganisationId> = rows.iter().filter_map(|row| row.funder_id).collect();
        let funders = store::allocation::organisation_names(&tx, funders).await?;
        let mut reads = Vec::with_capacity(rows.len());
        for row in rows {
            let of = |account| balances.get(&(account, row.code.clone())).copied().unwrap_or_default();
            let (free, committed, spent) = (of(Account::PotFree), of(Account::PotCommitted), of(Account::PotSpent));
            let budget = Money::sum([free, committed, spent])?;
            let funder = row.funder_id.and_then(|id| funders.get(&id).cloned());
            reads.push(PotRead { row, funder, budget, free, committed, spent });
        }
        let parents: Vec<PotRead> = reads.iter().filter(|pot| pot.row.parent.is_none()).cloned().collect();
        let mut rows = Vec::with_capacity(reads.len());
        for parent in parents {
            let code = parent.row.code.clone();
            rows.push(parent);
            rows.extend(reads.iter().filter(|pot| pot.row.parent.as_ref() == Some(&code)).cloned());
        }
        let goals = store::pot::goals(&tx).await?.into_iter().map(|goal| (goal.code, goal.euros)).collect();
        Ok(Pots { rows, goals, waiting: store::pot::movements(&tx, None, true).await? })
    }

    /// Movements that wait for a second person.
    pub async fn waiting_movements(&self) -> Result<Vec<PotMovementRow>> {
        store::pot::movements(&self.begin(Action::ReadPots).await?, None, true).await
    }

    /// One pot with the movements that people made of it.
    pub async fn pot(&self, code: &str) -> Result<(PotRead, Pots, Vec<PotMovementRow>)> {
        let pots = self.pots().await?;
        let found = pots.rows.iter().find(|pot| pot.row.code == code).cloned().ok_or(Error::NotFound)?;
        let tx = self.begin(Action::ReadPots).await?;
        let movements = store::pot::movements(&tx, Some(code), false).await?;
        Ok((found, pots, movements))
    }

    /// Asks for a movement: it is booked when a second person agrees. Errors as [`pot::read`] says.
    pub async fn ask_movement(&self, code: &str, typed: &TypedMove) -> Result<PotMovementId> {
        let me = self.signed_in()?;
        let (from, pots, _) = self.pot(code).await?;
        let others: Vec<Facts> = pots.rows.iter().map(PotRead::facts).collect();
        let wanted = pot::read(typed, &from.facts(), &others)?;
        let mut tx = self.begin(Action::MovePot).await?;
        let id = tx.new_id();
        tx.insert(pot_movement::ActiveModel {
            id: Set(id),
            kind: Set(wanted.kind),
            pot: Set(code.to_owned()),
            to_pot: Set(wanted.to),
            amount_cents: Set(wanted.amount),
            reason: Set(wanted.reason),
            approval: Set(wanted.approval),
            state: Set(MoveState::Asked),
            asked_by: Set(me),
            asked_at: Set(self.now),
            signed_by: Set(None),
            signed_at: Set(None),
        })
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The second person agrees, and it is booked; or does not, and it is not.
    pub async fn sign_movement(&self, id: PotMovementId, agrees: bool) -> Result<()> {
        let mut tx = self.begin(Action::MovePot).await?;
        let found = tx.lock::<pot_movement::Entity>(id).await?;
        if found.state != MoveState::Asked {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let signer = self.second_of(Some(found.asked_by))?;
        if agrees {
            let at = (brussels_day(self.now), format!("movement:{id}"));
            let amount = found.amount_cents;
            let entry = match (found.kind, &found.to_pot) {
                (Move::Allot, Some(to)) => Entry::allot(at, &found.pot, to, amount),
                (Move::Withdraw, _) => Entry::pot(Kind::Pledge, at, &found.pot, amount.negated()?),
                _ => Entry::pot(Kind::Pledge, at, &found.pot, amount),
            };
            store::book::post(&mut tx, &entry.map_err(anyhow)?, None).await?;
        }
        let mut row = found.into_active_model();
        row.state = Set(if agrees { MoveState::Booked } else { MoveState::Refused });
        row.signed_by = Set(Some(signer));
        row.signed_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.commit().await
    }

    /// Mends what no verb settled: what documents charged and was not spent, and what applications bind. Takes no
    /// input; safe as often as wanted.
    pub(crate) async fn settle_pots(&self) -> Result<Verdict> {
        let tx = self.begin(Action::ReadPots).await?;
        let pots = store::pot::all(&tx).await?;
        let ids = store::pot::binding(&tx).await?;
        drop(tx);
        let mut each = Each::default();
        for pot in pots {
            let settled = self.settle_pot(&pot.code).await;
            each.count(&pot.code, "what documents charged to a pot could not be spent", settled);
        }
        for id in ids {
            let settled = self.settle_application(id).await;
            each.count(id, "what an application binds could not be settled", settled);
        }
        each.finish().map(|_| Verdict::Done)
    }

    async fn settle_pot(&self, code: &str) -> Result<usize> {
        let mut tx = self.begin(Action::PostBooks).await?;
        let is_moved = settle_spent(&mut tx, code).await?;
        if is_moved {
            tx.commit().await?;
        }
        Ok(usize::from(is_moved))
    }

    async fn settle_application(&self, id: ApplicationId) -> Result<usize> {
        let mut tx = self.begin(Action::PostBooks).await?;
        let is_moved = settle(&mut tx, id, Short::BoundLater).await?;
        if is_moved {
            tx.commit().await?;
        }
        Ok(usize::from(is_moved))
    }
}

/// What becomes of money that a pot does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Short {
    /// It is not awarded: the verb is refused.
    Refused,
    /// It was awarded already: what there is is bound now, and the rest once somebody pledges more.
    BoundLater,
}

/// Makes the books say what this application binds now; whether anything moved. `Invalid` where its pot has not enough
/// and that is refused.
pub(crate) async fn settle(tx: &mut Tx, id: ApplicationId, short: Short) -> Result<bool> {
    // Whoever else settles or spends comes before or after: what is read here is not moved meanwhile.
    store::book::take_turn(tx).await?;
    let bound = store::pot::bound(tx, id).await?;
    let (of, wanted) = wanted(tx, &bound).await?;
    let before = store::pot::commitment(tx, id).await?;
    let committed = before.as_ref().map(|row| row.committed_cents).unwrap_or_default();
    let mut more = wanted.checked_sub(committed)?;
    let Some(pot) = before.map(|row| row.pot).or(of).filter(|_| !more.is_zero()) else { return Ok(false) };
    // Money of a pot that no budget is kept of is somebody else's to count.
    if !store::pot::is_kept(tx, &pot).await? {
        return Ok(false);
    }
    if short == Short::BoundLater {
        more = more.min(store::pot::balance(tx, Account::PotFree, &pot).await?);
        if more.is_zero() {
            return Ok(false);
        }
    }
    let movement = store::pot::bind(tx, id, &pot, committed.checked_add(more)?).await?;
    let at = (brussels_day(tx.now()), format!("commitment:{id}:{movement}"));
    let entry = if more > Money::ZERO {
        Entry::pot(Kind::Commit, at, &pot, more)
    } else {
        Entry::pot(Kind::Release, at, &pot, more.negated()?)
    };
    store::book::post(tx, &entry.map_err(anyhow)?, Some(id.into())).await
}

/// What this application would bind now, were there enough.
pub(crate) async fn wants(tx: &Tx, id: ApplicationId) -> Result<Money> {
    Ok(wanted(tx, &store::pot::bound(tx, id).await?).await?.1)
}

/// The pot, where anything says which, and the subsidy of everything that was granted and not invoiced.
async fn wanted(tx: &Tx, bound: &store::pot::Bound) -> Result<(Option<String>, Money)> {
    let mut sum = Money::ZERO;
    let mut pot = None;
    for (row, used) in &bound.allocations {
        let charged = store::invoice::charged(tx, row.id).await?;
        let granted = if row.ended_at.is_some() { *used } else { row.gpu_seconds };
        if let Some(terms) = subsidised(&row.terms) {
            sum = sum.checked_add(subsidy(&terms, granted.checked_sub(charged)?)?)?;
            pot = Some(terms.pot);
        }
    }
    let is_awarded = bound.application.state == application::State::Approved && bound.allocations.is_empty();
    if let (true, Some(decision), Some(quote)) = (is_awarded, &bound.decision, &bound.application.quote)
        && let Some(terms) = subsidised(quote)
    {
        sum = subsidy(&terms, decision.granted)?;
        pot = Some(terms.pot);
    }
    Ok((pot, sum))
}

/// What of frozen terms says how much public money it takes.
#[derive(serde::Deserialize)]
struct Subsidised {
    list_rate: domain::money::Rate,
    subsidy_share: domain::money::BasisPoints,
    pot: String,
    regime: Regime,
}

fn subsidised(terms: &str) -> Option<Subsidised> {
    serde_json::from_str(terms).ok()
}

fn subsidy(terms: &Subsidised, time: GpuTime) -> Result<Money> {
    if terms.regime == Regime::Market || time <= GpuTime::ZERO {
        return Ok(Money::ZERO);
    }
    Ok(terms.list_rate.times(time)?.share(terms.subsidy_share)?)
}

/// An invoice charges subsidies to their pots: what was bound is spent; below nought, a credit note takes that back.
/// What the pot does not have is spent by [`settle_spent`] once somebody pledges more. To be followed by [`settle`],
/// which mends cents that rounding moved.
pub(crate) async fn spend(tx: &mut Tx, id: ApplicationId, document: &str, pot: &str, subsidy: Money) -> Result<()> {
    if subsidy.is_zero() || !store::pot::is_kept(tx, pot).await? {
        return Ok(());
    }
    store::book::take_turn(tx).await?;
    let committed = store::pot::commitment(tx, id).await?.map(|row| row.committed_cents).unwrap_or_default();
    let free = store::pot::balance(tx, Account::PotFree, pot).await?;
    let spent = store::pot::balance(tx, Account::PotSpent, pot).await?;
    let part = subsidy.min(committed.checked_add(free)?).max(spent.negated()?);
    if part.is_zero() {
        return Ok(());
    }
    let missing = part.checked_sub(committed)?.max(Money::ZERO);
    let rest = committed.checked_sub(part)?.max(Money::ZERO);
    let movement = store::pot::bind(tx, id, pot, rest).await?;
    let at = |what: &str| (brussels_day(tx.now()), format!("{what}:{id}:{document}:{movement}"));
    let (commit, spend) = (at("rounding"), at("spend"));
    if !missing.is_zero() {
        let entry = Entry::pot(Kind::Commit, commit, pot, missing).map_err(anyhow)?;
        store::book::post(tx, &entry, Some(id.into())).await?;
    }
    let entry = Entry::pot(Kind::Spend, spend, pot, part).map_err(anyhow)?;
    store::book::post(tx, &entry, Some(id.into())).await?;
    tx.event(id, "pot_spent", json!({ "pot": pot, "amount": part })).await
}

/// What documents charge to a pot is spent, as far as it has it: those from before there were budgets, and those that
/// it had not enough for. Whether anything moved.
async fn settle_spent(tx: &mut Tx, pot: &str) -> Result<bool> {
    store::book::take_turn(tx).await?;
    let charged = store::pot::balance(tx, Account::Funding, pot).await?;
    let spent = store::pot::balance(tx, Account::PotSpent, pot).await?;
    let free = store::pot::balance(tx, Account::PotFree, pot).await?;
    let more = charged.checked_sub(spent)?.min(free);
    if more.is_zero() {
        return Ok(false);
    }
    let id = new_uuid(tx);
    let at = |what: &str| (brussels_day(tx.now()), format!("{what}:{pot}:{id}"));
    let spend = Entry::pot(Kind::Spend, at("spend"), pot, more).map_err(anyhow)?;
    let (first, second) = if more > Money::ZERO {
        (Entry::pot(Kind::Commit, at("charged"), pot, more).map_err(anyhow)?, spend)
    } else {
        (spend, Entry::pot(Kind::Release, at("charged"), pot, more.negated()?).map_err(anyhow)?)
    };
    store::book::post(tx, &first, None).await?;
    store::book::post(tx, &second, None).await
}
