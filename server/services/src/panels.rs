//! Verbs of panels: what somebody who sits in one reads of it. Arranging, sitting and minutes have files of their own.
//!
//! An agenda is read through the guard: what a conflict hides is on no agenda, in no count, no place and no ranking.

mod arrange;
mod minutes;
mod sitting;

use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use domain::{
    application::Draft,
    gpu::GpuTime,
    id::{PanelId, PanelItemId, PersonId},
    panel::{self, Agenda, ItemState, Role, Seat, State, agenda},
    policy::Action,
    ranking,
    review::Rubric,
    typed,
};

use crate::{
    calls::{
        answers::{CallAnswers, answers_of},
        terms_of,
    },
    decisions::{HandedIn, requested},
    desk::Desk,
    error::{Error, Result},
    reviews::{Case, cases},
    steps::Course,
    store::{
        self, Tx,
        entity::{application, panel as panels, panel_ballot, panel_item, panel_member},
        rows::{ApplicationRow, PanelItemRow, PanelRow},
    },
};

pub use arrange::Waiting as AgendaWaiting;
pub use minutes::MinutesRead;

/// One line of the list of panels; counts are of what the reader may see.
#[derive(Debug, Clone)]
pub struct PanelListed {
    pub row: PanelRow,
    pub role: Option<Role>,
    pub items: i64,
    pub done: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelMember {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub is_present: bool,
}

/// One application on the agenda.
#[derive(Debug, Clone)]
pub struct PanelLine {
    pub item: PanelItemRow,
    pub case: Case,
    pub requested: GpuTime,
    /// Terabytes, where storage was asked for.
    pub storage_tb: Option<i64>,
    /// Hundredths of a grade: the plain mean of the reviews.
    pub mean: Option<i64>,
    pub reviews: i64,
    /// Who leaves the room, for those who keep the minutes.
    pub leaves: Vec<PersonId>,
    /// In the combined ranking, once the reader may see it.
    pub place: Option<usize>,
}

/// What is being discussed, as far as the reader may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    Nothing,
    Item(PanelItemId),
    /// Something that a conflict hides from the reader.
    NotYours,
}

/// A panel as somebody reads it.
#[derive(Debug, Clone)]
pub struct PanelRead {
    pub row: PanelRow,
    pub role: Option<Role>,
    pub members: Vec<PanelMember>,
    pub lines: Vec<PanelLine>,
    pub floor: Floor,
    /// It is for the reader to go on.
    pub leads: bool,
    /// The reader's own places.
    pub ballot: Option<BTreeMap<PanelItemId, u32>>,
    pub ballots: usize,
    /// How the order came about, among what the reader sees; for those who keep the minutes.
    pub agenda: Option<Agenda>,
    /// Changes whenever something that the reader sees does.
    pub pulse: String,
}

/// One application of an agenda with everything a panel judges by.
#[derive(Debug, Clone)]
pub struct PanelCase {
    pub panel: PanelRow,
    pub role: Option<Role>,
    pub line: PanelLine,
    pub application: ApplicationRow,
    pub reviews: Vec<HandedIn>,
    /// The call's, or the mode's.
    pub rubric: Rubric,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
    /// With what the site said and what the applicant answered to the reviews.
    pub course: Course,
    /// The role of who saved last; `None` beside a saved recommendation is somebody who left the panel since.
    pub saved_by: Option<Role>,
    pub can_save: bool,
}

/// The places of one member's ballot.
fn places(ballot: &panel_ballot::Model) -> Result<BTreeMap<PanelItemId, u32>> {
    Ok(serde_json::from_str(&ballot.places)?)
}

/// The combined place of each of these, from what members who were not away said of them.
fn combined(
    items: &[PanelItemId],
    ballots: &[panel_ballot::Model],
    away: &BTreeMap<PanelItemId, BTreeSet<PersonId>>,
) -> Result<BTreeMap<PanelItemId, usize>> {
    let mut votes = Vec::with_capacity(ballots.len());
    for ballot in ballots {
        let places = places(ballot)?;
        let is_away = |item: &PanelItemId| away.get(item).is_some_and(|away| away.contains(&ballot.person_id));
        let vote = items.iter().map(|item| places.get(item).copied().filter(|_| !is_away(item)));
        votes.push(vote.collect::<Vec<_>>());
    }
    Ok(items.iter().copied().zip(ranking::schulze(items.len(), &votes)).collect())
}

fn seats(members: &[(panel_member::Model, String)]) -> Vec<Seat> {
    members.iter().map(|(row, _)| Seat { person: row.person_id, role: row.role }).collect()
}

/// The storage asked for in whole terabytes, if any was.
pub(crate) fn storage_of(application: &application::Model) -> Option<i64> {
    let draft: Draft = serde_json::from_str(&application.draft).ok()?;
    typed::decimal(draft.get("storage_tb"), 0).ok().filter(|asked| *asked > 0)
}

/// Everything about one sitting that its verbs ask for, read once.
struct Sitting {
    row: panels::Model,
    members: Vec<(panel_member::Model, String)>,
    /// The whole agenda.
    items: Vec<panel_item::Model>,
    away: BTreeMap<PanelItemId, BTreeSet<PersonId>>,
}

impl Sitting {
    async fn read(tx: &Tx, row: panels::Model) -> Result<Self> {
        let members = store::panel::members(tx, row.id).await?;
        let items = store::panel::whole_agenda(tx, row.id).await?;
        let people: Vec<PersonId> = members.iter().map(|(member, _)| member.person_id).collect();
        let away = store::panel::away(tx, &items, &people).await?;
        Ok(Self { row, members, items, away })
    }

    fn current(&self) -> Option<&panel_item::Model> {
        self.items.iter().find(|item| item.state == ItemState::Discussing)
    }

    fn away(&self, item: Option<&panel_item::Model>) -> BTreeSet<PersonId> {
        item.and_then(|item| self.away.get(&item.id)).cloned().unwrap_or_default()
    }

    fn role(&self, person: PersonId) -> Option<Role> {
        self.members.iter().find(|(member, _)| member.person_id == person).map(|(member, _)| member.role)
    }

    /// Whether this person leads while what is being discussed is.
    fn leads(&self, person: PersonId) -> bool {
        self.row.state == State::Open && panel::leads(&seats(&self.members), &self.away(self.current()), person)
    }
}

impl Desk {
    /// The panels this actor sits in, or all of them for an officer.
    pub async fn list_panels(&self) -> Result<Vec<PanelListed>> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadPanels).await?;
        let mut listed = Vec::new();
        for row in store::panel::panels(&tx).await? {
            let items = store::panel::items(&tx, row.id).await?;
            let members = store::panel::members(&tx, row.id).await?;
            let role = members.iter().find(|(member, _)| member.person_id == me).map(|(member, _)| member.role);
            let done = items.iter().filter(|item| item.state == ItemState::Done).count();
            let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            listed.push(PanelListed { row, role, items: count(items.len()), done: count(done) });
        }
        Ok(listed)
    }

    /// A panel with its agenda, as far as this actor may see it.
    pub async fn read_panel(&self, id: PanelId) -> Result<PanelRead> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadPanels).await?;
        let row = tx.find::<panels::Entity>(id).await?;
        let sitting = Sitting::read(&tx, row).await?;
        let items = store::panel::items(&tx, id).await?;
        let role = sitting.role(me);
        let mut lines = lines(&tx, items).await?;
        let keeps = role.is_some_and(Role::keeps_minutes);
        for line in lines.iter_mut().filter(|_| keeps) {
            line.leaves = sitting.away(Some(&line.item)).into_iter().collect();
        }
        let ballots = store::panel::ballots(&tx, id).await?;
        let own = ballots.iter().find(|ballot| ballot.person_id == me).map(places).transpose()?;
        // Others' opinions are hidden until one's own is in, as with reviews.
        if own.is_some() || sitting.row.state == State::Closed || !role.is_some_and(Role::votes) {
            let ids: Vec<PanelItemId> = lines.iter().map(|line| line.item.id).collect();
            let places = combined(&ids, &ballots, &sitting.away)?;
            for line in lines.iter_mut().filter(|_| !ballots.is_empty()) {
                line.place = places.get(&line.item.id).copied();
            }
        }
        let floor = floor(&sitting, &lines.iter().map(|line| line.item.id).collect::<Vec<_>>());
        let agenda = keeps.then(|| order_of(&lines));
        let pulse = pulse(&sitting, &floor, lines.iter().map(|line| &line.item));
        Ok(PanelRead {
            leads: sitting.leads(me),
            role,
            members: sitting.members.iter().map(member).collect(),
            lines,
            floor,
            ballot: own.map(|own| own.into_iter().collect()),
            ballots: ballots.len(),
            agenda,
            pulse,
            row: sitting.row,
        })
    }

    /// What changes whenever something of the panel does that this actor sees.
    pub async fn panel_pulse(&self, id: PanelId) -> Result<String> {
        self.signed_in()?;
        let tx = self.begin(Action::ReadPanels).await?;
        let row = tx.find::<panels::Entity>(id).await?;
        let items = store::panel::items(&tx, id).await?;
        let sitting = Sitting::read(&tx, row).await?;
        let floor = floor(&sitting, &items.iter().map(|item| item.id).collect::<Vec<_>>());
        Ok(pulse(&sitting, &floor, items.iter()))
    }

    /// One application of an agenda. `NotFound` if it is not on it, or a conflict hides it.
    pub async fn panel_case(&self, id: PanelId, item: PanelItemId) -> Result<PanelCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadPanels).await?;
        let panel = tx.find::<panels::Entity>(id).await?;
        let item = tx.find::<panel_item::Entity>(item).await?;
        if item.panel_id != id {
            return Err(Error::NotFound);
        }
        let sitting = Sitting::read(&tx, panel).await?;
        let application = tx.find::<application::Entity>(item.application_id).await?;
        let reviews = store::panel::reviews(&tx, application.id).await?.into_iter().filter_map(HandedIn::of).collect();
        let saved_by = item.saved_by.and_then(|person| sitting.role(person));
        let can_save = item.state != ItemState::Waiting && may_save(&sitting, &item, me);
        let line = lines(&tx, vec![item]).await?.pop().ok_or(Error::NotFound)?;
        let course = Course::read(&tx, &application).await?;
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        Ok(PanelCase {
            role: sitting.role(me),
            panel: sitting.row,
            line,
            application,
            reviews,
            rubric,
            answers,
            course,
            saved_by,
            can_save,
        })
    }
}

/// Whether this person may record what is recommended about this item: as who leads while it is discussed.
fn may_save(sitting: &Sitting, item: &panel_item::Model, person: PersonId) -> bool {
    sitting.row.state == State::Open && panel::leads(&seats(&sitting.members), &sitting.away(Some(item)), person)
}

fn member((row, name): &(panel_member::Model, String)) -> PanelMember {
    PanelMember { person: row.person_id, name: name.clone(), role: row.role, is_present: row.is_present }
}

fn floor(sitting: &Sitting, seen: &[PanelItemId]) -> Floor {
    match sitting.current() {
        None => Floor::Nothing,
        Some(item) if seen.contains(&item.id) => Floor::Item(item.id),
        Some(_) => Floor::NotYours,
    }
}

/// The order as it stands, and how often people leave in it.
fn order_of(lines: &[PanelLine]) -> Agenda {
    let away: Vec<BTreeSet<PersonId>> = lines.iter().map(|line| line.leaves.iter().copied().collect()).collect();
    let best = agenda::order(&away);
    let departures = agenda::departures(&away);
    Agenda {
        order: (0..lines.len()).collect(),
        is_best: departures == best.departures && best.is_best,
        departures,
        ..best
    }
}

fn pulse<'a>(sitting: &Sitting, floor: &Floor, items: impl Iterator<Item = &'a panel_item::Model>) -> String {
    let mut hasher = DefaultHasher::new();
    sitting.row.state.hash(&mut hasher);
    match floor {
        Floor::Nothing => 0.hash(&mut hasher),
        Floor::NotYours => 1.hash(&mut hasher),
        Floor::Item(item) => item.hash(&mut hasher),
    }
    for item in items {
        (item.id, item.state, item.version).hash(&mut hasher);
    }
    for (member, _) in &sitting.members {
        (member.person_id, member.role, member.is_present).hash(&mut hasher);
    }
    format!("{:x}", hasher.finish())
}

/// Lines of these items, which were narrowed already.
async fn lines(tx: &Tx, items: Vec<panel_item::Model>) -> Result<Vec<PanelLine>> {
    let ids: Vec<_> = items.iter().map(|item| item.application_id).collect();
    let applications = store::panel::seen(tx, &ids).await?;
    let cases = cases(tx, &applications).await?;
    let scores = store::panel::scores(tx, &ids).await?;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        let found = applications.iter().zip(&cases).find(|(row, _)| row.id == item.application_id);
        let Some((application, case)) = found else { continue };
        let [reviews, sum, ..] = scores.get(&application.id).copied().unwrap_or_default();
        lines.push(PanelLine {
            item,
            case: case.clone(),
            requested: requested(application)?,
            storage_tb: storage_of(application),
            mean: ranking::mean(sum, reviews),
            reviews,
            leaves: Vec::new(),
            place: None,
        });
    }
    Ok(lines)
}
