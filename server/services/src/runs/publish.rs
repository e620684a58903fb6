//! Publishing a run: everybody it serves gets an offer in one transaction that looks again at every week of every pool
//! and at every budget, however much was booked since the run was made; what had to be left is kept with the run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    gpu::{GpuModel, GpuTime},
    id::{ApplicationId, RunId, SiteId},
    money::Money,
    period::{brussels_day, week_of},
    policy::Action,
    pricing::Quote,
    run::{Left, Published, Rules, State},
};
use matching::{Instance, Solution};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{Awarded, Frame, awards};
use crate::{
    desk::Desk,
    error::{Error, Result},
    jobs::Verdict,
    matching::{Approved, insert_offer, still_waits, terms_for},
    store::{self, Tx, capacity::Shifts, entity::run},
};

impl Desk {
    /// Offers what a published run awards to those who still wait. Repeating it changes nothing. `Stale` if somebody
    /// booked between the look and the deed: the queue tries again.
    pub(crate) async fn offer_run(&self, id: RunId) -> Result<Verdict> {
        let mut tx = self.begin(Action::RunMatching).await?;
        let row = tx.lock::<run::Entity>(id).await?;
        if row.state != State::Published || row.published.is_some() {
            return Ok(Verdict::Done);
        }
        let frame: Frame = serde_json::from_str(&row.frame)?;
        let instance: Instance = serde_json::from_str(&row.instance)?;
        let solution: Solution = serde_json::from_str(row.solution.as_deref().unwrap_or_default())?;
        let rules: Rules = serde_json::from_str(&row.rules)?;
        let mut room = Room::now(&tx, self, &rules).await?;
        let mut plan: Vec<Awarded> = awards(&frame, &solution).collect();
        // Who comes first where there is not enough for all: the better merit, as in the plan.
        plan.sort_by_key(|one| (instance.requests.get(one.request).map_or(0, |request| -request.score), one.request));
        let (mut published, mut shifts) = (Published::default(), Shifts::default());
        for one in plan {
            if !still_waits(&tx, one.application).await? {
                published.left.push((one.application, Left::Gone));
                continue;
            }
            match room.take(&tx, &one).await? {
                Ok((approved, gpu_time)) => {
                    shifts = shifts.hold(&one.slots);
                    insert_offer(self, &mut tx, &approved, (&one.slots, gpu_time), 1).await?;
                    published.offered += 1;
                }
                Err(left) => published.left.push((one.application, left)),
            }
        }
        if !shifts.apply(&mut tx).await? {
            return Err(Error::Stale);
        }
        let version = row.version;
        let mut next = row.into_active_model();
        next.published = Set(Some(serde_json::to_string(&published)?));
        next.version = Set(version + 1);
        tx.update(next).await?;
        tx.event(id, "run_offered", json!({ "offered": published.offered, "left": published.left.len() })).await?;
        tx.commit().await?;
        Ok(Verdict::Done)
    }
}

/// What is there at the moment of publishing, less what this run has taken so far.
struct Room {
    today: NaiveDate,
    waiting: BTreeMap<ApplicationId, Approved>,
    free: BTreeMap<(SiteId, GpuModel, NaiveDate), i64>,
    /// By pot, in the order of the instance.
    budgets: Vec<Money>,
}

impl Room {
    async fn now(tx: &Tx, desk: &Desk, rules: &Rules) -> Result<Self> {
        let today = brussels_day(tx.now());
        let waiting = desk.competing(tx).await?.into_iter().map(|one| (one.application, one)).collect();
        let windows = store::capacity::windows(tx, week_of(today), None).await?;
        let free = windows.into_iter().map(|one| ((one.site, one.model, one.week), one.free())).collect();
        let budgets = rules.budgets().map(|euros| Money::cents(euros * 100)).collect();
        Ok(Self { today, waiting, free, budgets })
    }

    /// Takes the slots and the subsidy at the promised prices for as much as they give of what was asked for, or says
    /// what is missing.
    async fn take(&mut self, tx: &Tx, one: &Awarded) -> Result<Result<(Approved, GpuTime), Left>> {
        let slots = &one.slots;
        let slot = slots.first();
        let Some(approved) = self.waiting.remove(&one.application) else { return Ok(Err(Left::Gone)) };
        if slot.first_week <= self.today {
            return Ok(Err(Left::Begun));
        }
        let weeks =
            || slots.iter().flat_map(|slot| slot.mondays().map(|monday| ((slot.site, slot.model, monday), slot.gpus)));
        if weeks().any(|(week, gpus)| self.free.get(&week).is_none_or(|free| *free < gpus)) {
            return Ok(Err(Left::Taken));
        }
        let gpu_time = approved.need.gpu_time.min(slots.gpu_time()?);
        let terms = terms_for(tx, &approved.terms, slot.model, gpu_time).await?;
        let subsidy = serde_json::from_str::<Quote>(&terms).map_or(Money::ZERO, |quote| quote.subsidy);
        let Some(budget) = self.budgets.get_mut(one.pot).filter(|budget| **budget >= subsidy) else {
            return Ok(Err(Left::Budget));
        };
        *budget = budget.checked_sub(subsidy)?;
        for (week, gpus) in weeks() {
            if let Some(free) = self.free.get_mut(&week) {
                *free -= gpus;
            }
        }
        Ok(Ok((Approved { terms, ..approved }, gpu_time)))
    }
}
