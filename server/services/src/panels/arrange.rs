//! Arranging a panel: its name and day, who sits, what is on its agenda, and opening it.

use std::collections::BTreeSet;

use domain::{
    application::{Draft, State as ApplicationState},
    gpu::GpuTime,
    id::{ApplicationId, PanelId, PanelItemId, PersonId},
    panel::{self, ItemState, Role, State, TypedPanel, agenda},
    policy::Action,
    problem::{Invalid, Problem},
    ranking,
    scope::Scope,
    typed,
    workflow::Kind,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{Sitting, seats};
use crate::{
    decisions::requested,
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
    store::{
        self, Tx,
        entity::{panel as panels, panel_item, panel_member},
    },
};

/// So many can be ticked at once; more are put on an agenda by their number.
const SHOWN: u64 = 200;

impl Desk {
    /// A new panel, to be arranged.
    pub async fn create_panel(&self, typed: &TypedPanel) -> Result<PanelId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let arranged = panel::arrange(typed)?;
        let id = tx.new_id();
        tx.insert(panels::ActiveModel {
            id: Set(id),
            name: Set(arranged.name),
            mode: Set(arranged.scope.map(|scope| scope.to_string())),
            held_on: Set(arranged.held_on),
            state: Set(State::Draft),
            made_by: Set(me),
            made_at: Set(self.now),
            opened_at: Set(None),
            closed_at: Set(None),
            minutes: Set(None),
            version: Set(1),
        })
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Reviewers and officers, by name: those who may sit.
    pub async fn panel_candidates(&self) -> Result<Vec<(PersonId, String)>> {
        let tx = self.begin(Action::ReadPanels).await?;
        store::panel::candidates(&tx).await
    }

    /// Gives this person a seat. Errors at `person` and `role`.
    pub async fn add_panel_member(&self, id: PanelId, person: &str, role: &str) -> Result<()> {
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let row = draft(&tx, id).await?;
        let candidates = store::panel::candidates(&tx).await?;
        let person: Option<PersonId> = person.parse().ok();
        let person = person.filter(|person| candidates.iter().any(|(known, _)| known == person));
        let (Some(person), Some(role)) = (person, Role::from_code(role)) else {
            let mut invalid = Invalid::default();
            if person.is_none() {
                invalid.add("person", Problem::NotAChoice);
            }
            if Role::from_code(role).is_none() {
                invalid.add("role", Problem::NotAChoice);
            }
            return Err(invalid.into());
        };
        let member = panel_member::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            panel_id: Set(row.id),
            person_id: Set(person),
            role: Set(role),
            is_present: Set(false),
        };
        tx.insert(member).await.on_unique("person", Problem::Taken)?;
        tx.commit().await
    }

    /// Takes the seat away again, before the panel opens.
    pub async fn remove_panel_member(&self, id: PanelId, person: PersonId) -> Result<()> {
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let row = draft(&tx, id).await?;
        let members = store::panel::members(&tx, row.id).await?;
        let member = members.into_iter().find(|(member, _)| member.person_id == person);
        let (member, _) = member.ok_or(Error::NotFound)?;
        tx.delete(member.into_active_model()).await?;
        tx.commit().await
    }

    /// Puts applications on the agenda by their references, apart by spaces, commas or lines. Errors at `references`:
    /// what does not exist and what a conflict hides are the same.
    pub async fn add_to_agenda(&self, id: PanelId, references: &str) -> Result<()> {
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let row = draft(&tx, id).await?;
        let mut applications = Vec::new();
        for reference in references.split(|c: char| c.is_whitespace() || ",;".contains(c)).filter(|one| !one.is_empty())
        {
            let found = store::panel::by_reference(&tx, &reference.to_uppercase()).await?;
            let application = found.ok_or_else(|| Error::invalid("references", Problem::NoSuchApplication))?;
            if application.state != ApplicationState::InReview {
                return Err(Error::invalid("references", Problem::AlreadyDone));
            }
            let kind = store::step::active_whoever_asks(&tx, application.id).await?;
            if kind.is_some_and(|kind| kind < Kind::Panel) {
                return Err(Error::invalid("references", Problem::NotThisStep));
            }
            if store::review::reviewers(&tx, application.id).await?.is_empty() {
                return Err(Error::invalid("references", Problem::ReviewMissing));
            }
            if store::panel::is_on_an_agenda(&tx, application.id).await? {
                return Err(Error::invalid("references", Problem::Taken));
            }
            if !applications.contains(&application.id) {
                applications.push(application.id);
            }
        }
        if applications.is_empty() {
            return Err(Error::invalid("references", Problem::Required));
        }
        append(&mut tx, row.id, applications).await?;
        tx.commit().await
    }

    /// What of the panel's scope is reviewed, undecided and on no agenda, as far as this officer may see it, in order of
    /// arrival; nothing for a panel of no scope.
    pub async fn panel_waiting(&self, id: PanelId) -> Result<Vec<Waiting>> {
        let tx = self.begin(Action::ArrangePanel).await?;
        let row = tx.find::<panels::Entity>(id).await?;
        let Some(scope) = row.mode.as_deref().and_then(Scope::parse) else { return Ok(Vec::new()) };
        let ids: Vec<_> = store::panel::to_judge(&tx, scope, SHOWN).await?.into_iter().map(|one| one.id).collect();
        let mut rows = store::panel::seen(&tx, &ids).await?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        let scores = store::panel::scores(&tx, &ids).await?;
        let lines = rows.iter().zip(cases(&tx, &rows).await?).map(|(row, case)| {
            let mean = scores.get(&row.id).and_then(|[count, sum, ..]| ranking::mean(*sum, *count));
            let draft: Draft = serde_json::from_str(&row.draft).unwrap_or_default();
            Ok(Waiting { case, mean, requested: requested(row)?, title: draft.get("title").to_owned() })
        });
        lines.collect()
    }

    /// Puts what is reviewed and undecided of the panel's scope on the agenda, whoever may see it: the first so many in
    /// order of arrival, or all. Errors at `count`.
    pub async fn fill_agenda(&self, id: PanelId, count: &str) -> Result<()> {
        let most = typed::optional(count, typed::count).map_err(|problem| Error::invalid("count", problem))?;
        let most = most.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::from(u32::MAX));
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let row = draft(&tx, id).await?;
        let scope = row.mode.as_deref().and_then(Scope::parse).ok_or(Error::NotFound)?;
        let found = store::panel::to_judge(&tx, scope, most.min(u64::from(u32::MAX))).await?;
        append(&mut tx, row.id, found.into_iter().map(|application| application.id).collect()).await?;
        tx.commit().await
    }

    /// Takes an application off the agenda again, before the panel opens.
    pub async fn take_off_agenda(&self, id: PanelId, item: PanelItemId) -> Result<()> {
        let mut tx = self.begin(Action::ArrangePanel).await?;
        draft(&tx, id).await?;
        let item = tx.find::<panel_item::Entity>(item).await?;
        if item.panel_id != id {
            return Err(Error::NotFound);
        }
        tx.delete(item.into_active_model()).await?;
        tx.commit().await
    }

    /// Opens the panel: the agenda is ordered so that whoever has a conflict leaves as seldom as can be.
    pub async fn open_panel(&self, id: PanelId, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ArrangePanel).await?;
        let row = tx.lock::<panels::Entity>(id).await?;
        if row.state != State::Draft {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        if row.version != seen {
            return Err(Error::Stale);
        }
        let sitting = Sitting::read(&tx, row).await?;
        panel::can_open(&seats(&sitting.members), sitting.items.len())
            .map_err(|problem| Error::invalid("", problem))?;
        let away: Vec<BTreeSet<PersonId>> = sitting.items.iter().map(|item| sitting.away(Some(item))).collect();
        let ordered = agenda::order(&away);
        for (position, from) in ordered.order.iter().enumerate() {
            let Some(item) = sitting.items.get(*from) else { continue };
            let position = i32::try_from(position).unwrap_or(i32::MAX);
            store::panel::put(&mut tx, item.id, ItemState::Waiting, Some(position), &BTreeSet::new()).await?;
        }
        let version = sitting.row.version;
        let mut row = sitting.row.into_active_model();
        row.state = Set(State::Open);
        row.opened_at = Set(Some(self.now));
        row.version = Set(version + 1);
        tx.update(row).await?;
        tx.event(id, "panel_opened", json!({ "departures": ordered.departures, "least": ordered.least })).await?;
        tx.commit().await
    }
}

/// What can be put on an agenda.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub case: Case,
    pub title: String,
    pub requested: GpuTime,
    /// Of its reviews, in hundredths of a grade.
    pub mean: Option<i64>,
}

/// The panel, while it can still be arranged.
async fn draft(tx: &Tx, id: PanelId) -> Result<panels::Model> {
    let row = tx.lock::<panels::Entity>(id).await?;
    if row.state == State::Draft { Ok(row) } else { Err(Error::invalid("", Problem::AlreadyDone)) }
}

async fn append(tx: &mut Tx, panel: PanelId, applications: Vec<ApplicationId>) -> Result<()> {
    let last = store::panel::whole_agenda(tx, panel).await?.last().map_or(-1, |item| item.position);
    for (number, application) in (1..).zip(applications) {
        let id = tx.new_id();
        tx.insert(panel_item::ActiveModel {
            id: Set(id),
            panel_id: Set(panel),
            application_id: Set(application),
            position: Set(last + number),
            state: Set(ItemState::Waiting),
            outcome: Set(None),
            gpu_time: Set(None),
            storage_tb: Set(None),
            note: Set(String::new()),
            away: Set("[]".to_owned()),
            saved_by: Set(None),
            saved_at: Set(None),
            version: Set(1),
        })
        .await
        .on_unique("references", Problem::Taken)?;
    }
    Ok(())
}
