//! Closing a panel freezes its minutes; what is wrong in them is put right by an addendum, never by a change.

use std::collections::BTreeSet;

use domain::{
    id::{ApplicationId, PanelId, PanelItemId, PersonId},
    panel::{
        self, ItemState, Minutes, Role, State,
        minutes::{Addendum, Attendance, Item},
    },
    period::brussels_day,
    policy::Action,
    problem::Problem,
    ranking,
    workflow::{
        Kind, StepOutcome,
        edge::{Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::Locale;

use super::{Sitting, combined, sitting::open, storage_of};
use crate::{
    decisions::requested,
    desk::Desk,
    error::{Error, Result, anyhow},
    jobs::Job,
    steps::Here,
    store::{
        self, Tx,
        entity::{panel as panels, panel_addendum, panel_item},
        rows::PanelRow,
    },
};

const ADDENDUM_LENGTH_MAX: i64 = 4_000;

/// The minutes as far as the reader may see them.
#[derive(Debug, Clone)]
pub struct MinutesRead {
    pub panel: PanelRow,
    pub minutes: Minutes,
    pub addenda: Vec<Addendum>,
    /// The reader keeps the minutes of this panel and may add to them.
    pub can_add: bool,
}

impl Desk {
    /// Closes the panel once something is recommended about everything on its agenda.
    pub async fn close_panel(&self, id: PanelId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ConductPanel).await?;
        let row = open(&tx, id).await?;
        if row.version != seen {
            return Err(Error::Stale);
        }
        let sitting = Sitting::read(&tx, row).await?;
        if !sitting.role(me).is_some_and(Role::keeps_minutes) {
            return Err(Error::invalid("", Problem::PanelLead));
        }
        let is_done = |item: &panel_item::Model| item.state == ItemState::Done && item.outcome.is_some();
        if !sitting.items.iter().all(is_done) {
            return Err(Error::invalid("", Problem::PanelUnfinished));
        }
        let minutes = serde_json::to_string(&self.write_minutes(&tx, &sitting).await?)?;
        let version = sitting.row.version;
        let mut row = sitting.row.into_active_model();
        row.state = Set(State::Closed);
        row.closed_at = Set(Some(self.now));
        row.minutes = Set(Some(minutes));
        row.version = Set(version + 1);
        tx.update(row).await?;
        tx.event(id, "panel_closed", json!({})).await?;
        // By the programme: who closes it may not see all that was on the agenda.
        tx.enqueue(&Job::FinishPanel(id), self.now, None).await?;
        tx.commit().await
    }

    /// Everything on the agenda of a closed panel whose step is the panel's goes on.
    pub(crate) async fn finish_panel_steps(&self, id: PanelId) -> Result<()> {
        let tx = self.begin(Action::ReadDeadlines).await?;
        let panel = tx.find::<panels::Entity>(id).await?;
        let items = store::panel::items(&tx, id).await?;
        drop(tx);
        if panel.state != State::Closed {
            return Ok(());
        }
        for item in items {
            let mut tx = self.begin(Action::WatchDeadlines).await?;
            let here = Here::lock(&tx, item.application_id).await?;
            if here.node() == Node::At(Kind::Panel) {
                here.take(self, Deed::FinishPanel, &here.circumstances())?;
                self.next_step(&mut tx, here, Deed::FinishPanel, StepOutcome::Finished, &panel.name).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    async fn write_minutes(&self, tx: &Tx, sitting: &Sitting) -> Result<Minutes> {
        let ids: Vec<ApplicationId> = sitting.items.iter().map(|item| item.application_id).collect();
        let applications = store::panel::applications_of(tx, ids.clone()).await?;
        let names = store::review::names(tx, &applications).await?;
        let scores = store::panel::scores(tx, &ids).await?;
        let ballots = store::panel::ballots(tx, sitting.row.id).await?;
        let keys: Vec<PanelItemId> = sitting.items.iter().map(|item| item.id).collect();
        let places = combined(&keys, &ballots, &sitting.away)?;
        let mut items = Vec::with_capacity(sitting.items.len());
        for item in &sitting.items {
            let application = applications.iter().find(|row| row.id == item.application_id).ok_or(Error::NotFound)?;
            let [reviews, sum, ..] = scores.get(&application.id).copied().unwrap_or_default();
            // Whoever was out when it was discussed, and whoever declared a conflict since.
            let mut away: BTreeSet<PersonId> = serde_json::from_str(&item.away)?;
            away.extend(sitting.away(Some(item)));
            let left = sitting.members.iter().filter(|(member, _)| away.contains(&member.person_id));
            items.push(Item {
                id: item.id,
                application: application.id,
                reference: application.reference.clone().unwrap_or_default(),
                organisation: names.get(&application.organisation_id).cloned().unwrap_or_default(),
                left: left.map(|(_, name)| name.clone()).collect(),
                place: places.get(&item.id).copied().unwrap_or_default(),
                mean: ranking::mean(sum, reviews),
                reviews,
                requested: requested(application)?,
                requested_tb: storage_of(application),
                outcome: item.outcome.ok_or(Error::NotFound)?,
                recommended: item.gpu_time.unwrap_or_default(),
                recommended_tb: item.storage_tb,
                reasons: item.note.clone(),
            });
        }
        let attendance = sitting.members.iter().map(|(member, name)| Attendance {
            name: name.clone(),
            role: member.role,
            is_present: member.is_present,
        });
        Ok(Minutes {
            name: sitting.row.name.clone(),
            held_on: sitting.row.opened_at.map_or(sitting.row.held_on, brussels_day),
            opened_at: sitting.row.opened_at,
            closed_at: self.now,
            attendance: attendance.collect(),
            items,
        })
    }

    /// The frozen minutes with what was added, less what a conflict hides. `NotFound` before the panel closes.
    pub async fn read_minutes(&self, id: PanelId) -> Result<MinutesRead> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadPanels).await?;
        let panel = tx.find::<panels::Entity>(id).await?;
        let minutes: Minutes = serde_json::from_str(panel.minutes.as_deref().ok_or(Error::NotFound)?)?;
        let seen: BTreeSet<ApplicationId> =
            store::panel::items(&tx, id).await?.into_iter().map(|item| item.application_id).collect();
        let minutes = minutes.seen_by(|application| seen.contains(&application));
        let members = store::panel::members(&tx, id).await?;
        let role =
            |person| members.iter().find(|(member, _)| member.person_id == person).map(|(member, _)| member.role);
        let addenda = store::panel::addenda(&tx, id).await?.into_iter().map(|row| Addendum {
            about: row
                .item_id
                .and_then(|item| minutes.items.iter().find(|line| line.id == item).map(|line| line.reference.clone())),
            text: row.text,
            role: role(row.written_by),
            written_at: row.written_at,
        });
        let addenda = addenda.collect();
        Ok(MinutesRead { can_add: role(me).is_some_and(Role::keeps_minutes), panel, minutes, addenda })
    }

    /// The minutes as a PDF: its name and its bytes.
    pub async fn minutes_pdf(&self, id: PanelId, locale: Locale) -> Result<(String, Vec<u8>)> {
        let read = self.read_minutes(id).await?;
        let name = format!("minutes-{}.pdf", read.minutes.held_on);
        let drawn = tokio::task::spawn_blocking(move || documents::minutes(&read.minutes, &read.addenda, locale));
        let pdf = drawn.await.map_err(anyhow)?.map_err(anyhow)?;
        Ok((name, pdf))
    }

    /// Adds to the frozen minutes, about one application of them or about the sitting. Errors at `text` and `about`.
    pub async fn add_to_minutes(&self, id: PanelId, about: &str, text: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ConductPanel).await?;
        let row = tx.lock::<panels::Entity>(id).await?;
        if row.state != State::Closed {
            return Err(Error::invalid("", Problem::PanelNotYet));
        }
        let members = store::panel::members(&tx, id).await?;
        let role = members.iter().find(|(member, _)| member.person_id == me).map(|(member, _)| member.role);
        if !role.is_some_and(Role::keeps_minutes) {
            return Err(Error::invalid("", Problem::PanelLead));
        }
        let text = panel::text(text, ADDENDUM_LENGTH_MAX).map_err(|problem| Error::invalid("text", problem))?;
        let item = match about.trim() {
            "" => None,
            about => {
                let item: Option<PanelItemId> = about.parse().ok();
                let seen = store::panel::items(&tx, id).await?;
                let item = item.filter(|item| seen.iter().any(|row| row.id == *item));
                Some(item.ok_or_else(|| Error::invalid("about", Problem::NotAChoice))?)
            }
        };
        tx.insert(panel_addendum::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            panel_id: Set(id),
            item_id: Set(item),
            text: Set(text),
            written_by: Set(me),
            written_at: Set(self.now),
        })
        .await?;
        tx.commit().await
    }
}
