//! A panel that sits: attendance, what is discussed, what is recommended, and every member's ranking.

use std::collections::BTreeMap;

use domain::{
    id::{PanelId, PanelItemId, PersonId},
    panel::{self, ItemState, State, TypedRecommendation},
    policy::Action,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{Sitting, may_save, storage_of};
use crate::{
    decisions::{is_below, requested},
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        entity::{application, panel as panels, panel_ballot, panel_item},
    },
};

impl Desk {
    /// Says who is in the room; those who keep the minutes do.
    pub async fn set_attendance(&self, id: PanelId, person: PersonId, is_present: bool) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ConductPanel).await?;
        let sitting = Sitting::read(&tx, open(&tx, id).await?).await?;
        if !sitting.role(me).is_some_and(panel::Role::keeps_minutes) {
            return Err(Error::invalid("", Problem::PanelLead));
        }
        let member = sitting.members.into_iter().find(|(member, _)| member.person_id == person);
        let mut member = member.ok_or(Error::NotFound)?.0.into_active_model();
        member.is_present = Set(is_present);
        tx.update(member).await?;
        tx.commit().await
    }

    /// Goes on to the next application. `seen` is what the page showed as being discussed, so that two clicks are one.
    /// With `puts_off` what is discussed comes again at the end; otherwise something must be recommended about it.
    pub async fn take_next_item(&self, id: PanelId, seen: Option<PanelItemId>, puts_off: bool) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ConductPanel).await?;
        let sitting = Sitting::read(&tx, open(&tx, id).await?).await?;
        if !sitting.leads(me) {
            return Err(Error::invalid("", Problem::PanelLead));
        }
        let current = sitting.current();
        if current.map(|item| item.id) != seen {
            return Err(Error::Stale);
        }
        let next = sitting.items.iter().find(|item| item.state == ItemState::Waiting);
        if let Some(item) = current {
            let away = sitting.away(Some(item));
            if puts_off {
                let last = sitting.items.iter().map(|item| item.position).max().unwrap_or_default();
                store::panel::put(&mut tx, item.id, ItemState::Waiting, Some(last + 1), &away).await?;
            } else if item.outcome.is_none() {
                return Err(Error::invalid("", Problem::RecommendFirst));
            } else {
                store::panel::put(&mut tx, item.id, ItemState::Done, None, &away).await?;
            }
        }
        if let Some(item) = next {
            let away = sitting.away(Some(item));
            store::panel::put(&mut tx, item.id, ItemState::Discussing, None, &away).await?;
        }
        tx.commit().await
    }

    /// Records what the panel recommends. `seen` is the item's version as it was read: `Stale` if somebody saved
    /// something else meanwhile, and nothing is written over.
    pub async fn recommend(
        &self,
        id: PanelId,
        item: PanelItemId,
        typed: &TypedRecommendation,
        seen: i32,
    ) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ConductPanel).await?;
        // Not found comes before everything else: what a conflict hides gives no other answer.
        if tx.find::<panel_item::Entity>(item).await?.panel_id != id {
            return Err(Error::NotFound);
        }
        let sitting = Sitting::read(&tx, open(&tx, id).await?).await?;
        let row = tx.lock::<panel_item::Entity>(item).await?;
        if !may_save(&sitting, &row, me) {
            return Err(Error::invalid("", Problem::PanelLead));
        }
        if row.state == ItemState::Waiting {
            return Err(Error::invalid("", Problem::PanelNotYet));
        }
        let application = tx.find::<application::Entity>(row.application_id).await?;
        let made = panel::recommend(typed, requested(&application)?, storage_of(&application))?;
        if matches!(made.outcome, panel::Outcome::Award | panel::Outcome::Reserve)
            && is_below(&tx, &application).await?
        {
            return Err(Error::invalid("outcome", Problem::BelowThreshold));
        }
        if row.version != seen {
            return Err(Error::Stale);
        }
        let version = row.version;
        let mut row = row.into_active_model();
        row.outcome = Set(Some(made.outcome));
        row.gpu_time = Set(Some(made.gpu_time));
        row.storage_tb = Set(made.storage_tb);
        row.note = Set(made.note);
        row.saved_by = Set(Some(me));
        row.saved_at = Set(Some(self.now));
        row.version = Set(version + 1);
        tx.update(row).await?;
        tx.commit().await
    }

    /// Ranks what this member sees of the agenda: a place each, equal places for equal merit, none for no opinion.
    /// Errors at `rank-<item>`.
    pub async fn rank(&self, id: PanelId, typed: &BTreeMap<PanelItemId, String>) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::RankInPanel).await?;
        let sitting = Sitting::read(&tx, open(&tx, id).await?).await?;
        if !sitting.role(me).is_some_and(panel::Role::votes) {
            return Err(Error::NotFound);
        }
        let seen = store::panel::items(&tx, id).await?;
        let typed: Vec<(PanelItemId, String)> =
            seen.iter().map(|item| (item.id, typed.get(&item.id).cloned().unwrap_or_default())).collect();
        let places = serde_json::to_string(&panel::ballot(&typed)?)?;
        match store::panel::own_ballot(&tx, id, me).await? {
            Some(ballot) => {
                let mut ballot = ballot.into_active_model();
                ballot.places = Set(places);
                ballot.updated_at = Set(self.now);
                tx.update(ballot).await?;
            }
            None => {
                let ballot = panel_ballot::ActiveModel {
                    id: Set(tx.new_id::<domain::id::Event>().uuid()),
                    panel_id: Set(id),
                    person_id: Set(me),
                    places: Set(places),
                    updated_at: Set(self.now),
                };
                tx.insert(ballot).await?;
            }
        }
        tx.commit().await
    }
}

/// The panel while it sits, so that nobody else moves it meanwhile.
pub(super) async fn open(tx: &Tx, id: PanelId) -> Result<panels::Model> {
    let row = tx.lock::<panels::Entity>(id).await?;
    match row.state {
        State::Open => Ok(row),
        State::Draft => Err(Error::invalid("", Problem::PanelNotYet)),
        State::Closed => Err(Error::invalid("", Problem::AlreadyDone)),
    }
}
