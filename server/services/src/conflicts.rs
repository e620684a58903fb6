//! Verbs about conflicts of interest: declared by whoever has one, recorded and waived by officers, named by
//! applicants. Finding them is `detect`'s.

pub(crate) mod detect;

use chrono::{DateTime, Utc};
use domain::{
    conflict::{self as rules, Evidence, Kind, Origin, State, WaiverOutcome},
    id::{ApplicationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    reviewer::{InterestKind, TypedInterest, Wish},
    workflow,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::{
    desk::Desk,
    error::{Error, Result},
    reviews::{Case, cases},
    steps,
    store::{
        self, Tx,
        conflict::Reach,
        entity::{application, conflict, named_party, organisation, review, waiver},
        rows::{ConflictRow, NamedPartyRow, WaiverRow},
    },
};

/// A conflict as an officer reads it.
#[derive(Debug, Clone)]
pub struct ConflictRead {
    pub row: ConflictRow,
    pub evidence: Option<Evidence>,
    pub recorded_by: Option<String>,
    /// Oldest first, each with the names of who asked and who answered.
    pub waivers: Vec<WaiverRead>,
}

#[derive(Debug, Clone)]
pub struct WaiverRead {
    pub row: WaiverRow,
    pub asked_by: String,
    pub decided_by: Option<String>,
}

/// Somebody who reviews or decides, beside one application.
#[derive(Debug, Clone)]
pub struct Bencher {
    pub person: PersonId,
    pub name: String,
    pub reviews: bool,
    pub decides: bool,
    /// They have taken a review of it; handed in if so.
    pub review: Option<bool>,
    pub conflicts: Vec<ConflictRead>,
}

impl Bencher {
    /// The application is hidden from them.
    pub fn is_excluded(&self) -> bool {
        self.conflicts.iter().any(|one| one.row.state == State::InForce)
    }
}

/// Everybody who could judge an application, and what stands in their way.
#[derive(Debug, Clone)]
pub struct ConflictBoard {
    pub case: Case,
    pub bench: Vec<Bencher>,
    /// People with a conflict of each kind in force, before anybody is invited.
    pub by_kind: Vec<(Kind, usize)>,
}

/// How many conflicts an application has: for its own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConflictCount {
    pub in_force: usize,
    pub waived: usize,
    /// Waivers asked for and not answered.
    pub asked: usize,
}

/// A conflict somebody declared themselves.
#[derive(Debug, Clone)]
pub struct Declared {
    pub kind: Kind,
    pub reason: String,
    pub at: DateTime<Utc>,
    pub state: State,
}

impl Desk {
    /// Declares a conflict of interest: the application is hidden from this person from now on, and goes back to its
    /// place in the queue if they had taken it.
    pub async fn declare_conflict(&self, id: ApplicationId, reason: &str) -> Result<()> {
        self.declare(id, Some(Kind::Personal), reason).await
    }

    /// The same, with its kind.
    pub async fn declare(&self, id: ApplicationId, kind: Option<Kind>, reason: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DeclareConflict).await?;
        // Locked, so that no review is given out between this and its commit.
        tx.lock::<application::Entity>(id).await?;
        let (kind, reason) = said(kind, reason)?;
        record(&mut tx, id, me, (kind, Origin::Declared), reason).await?;
        store::bid::put(&mut tx, id, me, Wish::Conflict).await?;
        tx.event(id, "conflict_declared", json!({})).await?;
        tx.commit().await
    }

    /// Everybody who could judge this application: who may, and who may not and why.
    pub async fn conflict_board(&self, id: ApplicationId) -> Result<ConflictBoard> {
        let tx = self.begin(Action::ReadConflicts).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let conflicts = read(&tx, store::conflict::of_application(&tx, id).await?).await?;
        let reviews = store::review::all_of(&tx, id).await?;
        let bench: Vec<Bencher> = store::conflict::bench(&tx)
            .await?
            .into_iter()
            .map(|(person, reviews_too, decides)| Bencher {
                conflicts: conflicts.iter().filter(|one| one.row.person_id == person.id).cloned().collect(),
                review: reviews.iter().find(|row| row.reviewer_id == person.id).map(|row| row.handed_in_at.is_some()),
                person: person.id,
                name: person.name,
                reviews: reviews_too,
                decides,
            })
            .collect();
        let has = |kind: Kind| {
            let counts = |one: &ConflictRead| one.row.kind == kind && one.row.state == State::InForce;
            bench.iter().filter(|bencher| bencher.conflicts.iter().any(counts)).count()
        };
        let by_kind = Kind::ALL.iter().map(|kind| (*kind, has(*kind))).filter(|(_, count)| *count > 0).collect();
        Ok(ConflictBoard { case, bench, by_kind })
    }

    /// Records a conflict of somebody else, which an officer has learnt of.
    pub async fn record_conflict(
        &self,
        id: ApplicationId,
        person: PersonId,
        kind: Option<Kind>,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.begin(Action::RecordConflict).await?;
        // Locked, so that no review is given out between this and its commit.
        tx.lock::<application::Entity>(id).await?;
        let (kind, reason) = said(kind, reason)?;
        let is_judge = store::conflict::bench(&tx).await?.iter().any(|(one, ..)| one.id == person);
        if !is_judge {
            return Err(Error::invalid("person", Problem::NotAChoice));
        }
        record(&mut tx, id, person, (kind, Origin::Officer), reason).await?;
        tx.event(id, "conflict_recorded", json!({ "kind": kind.code() })).await?;
        tx.commit().await
    }

    /// Asks that a conflict does not count. Nothing changes until a second officer says so.
    pub async fn ask_waiver(&self, conflict: Uuid, reason: &str) -> Result<ApplicationId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskWaiver).await?;
        let row = tx.lock::<conflict::Entity>(conflict).await?;
        tx.find::<application::Entity>(row.application_id).await?;
        let evidence = evidence_of(&row);
        rules::may_ask(me, row.person_id, row.state, evidence.as_ref())
            .map_err(|problem| Error::invalid("reason", problem))?;
        let reason = rules::reason(reason)?;
        let earlier = store::conflict::waivers(&tx, &[row.id]).await?;
        if earlier.iter().any(|waiver| waiver.outcome.is_none()) {
            return Err(Error::invalid("reason", Problem::AlreadyDone));
        }
        tx.insert(waiver::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            conflict_id: Set(row.id),
            person_id: Set(row.person_id),
            asked_by: Set(me),
            asked_at: Set(self.now),
            reason: Set(reason),
            decided_by: Set(None),
            decided_at: Set(None),
            outcome: Set(None),
            decision_reason: Set(String::new()),
        })
        .await?;
        tx.event(row.application_id, "waiver_asked", json!({ "kind": row.kind.code() })).await?;
        tx.commit().await?;
        Ok(row.application_id)
    }

    /// A second officer says yes or no to a waiver, with reasons.
    pub async fn decide_waiver(&self, id: Uuid, outcome: WaiverOutcome, reason: &str) -> Result<ApplicationId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideWaiver).await?;
        let asked = tx.lock::<waiver::Entity>(id).await?;
        let row = tx.lock::<conflict::Entity>(asked.conflict_id).await?;
        let application = row.application_id;
        tx.find::<application::Entity>(application).await?;
        rules::may_decide(me, asked.person_id, asked.asked_by).map_err(|problem| Error::invalid("reason", problem))?;
        if asked.outcome.is_some() || row.state != State::InForce {
            return Err(Error::invalid("reason", Problem::AlreadyDone));
        }
        let reason = rules::reason(reason)?;
        let kind = row.kind;
        let mut answered = asked.into_active_model();
        answered.decided_by = Set(Some(me));
        answered.decided_at = Set(Some(self.now));
        answered.outcome = Set(Some(outcome));
        answered.decision_reason = Set(reason);
        tx.update(answered).await?;
        let event = match outcome {
            WaiverOutcome::Granted => {
                let mut waived = row.into_active_model();
                waived.state = Set(State::Waived);
                tx.update(waived).await?;
                "conflict_waived"
            }
            WaiverOutcome::Refused => "waiver_refused",
        };
        tx.event(application, event, json!({ "kind": kind.code() })).await?;
        tx.commit().await?;
        Ok(application)
    }

    /// Whom the actor's organisation does not want to be judged by: everywhere, or on this application.
    pub async fn named_parties(&self, application: Option<ApplicationId>) -> Result<Vec<NamedPartyRow>> {
        let tx = self.begin(Action::ReadParties).await?;
        if let Some(id) = application {
            tx.find::<application::Entity>(id).await?;
        }
        store::conflict::named_by(&tx, application).await
    }

    /// Names a company by whom the actor's organisation does not want to be judged.
    pub async fn name_party(&self, application: Option<ApplicationId>, typed: &TypedInterest) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::NameParty).await?;
        let id = self.actor.organisation().ok_or(Error::NotFound)?;
        tx.lock::<organisation::Entity>(id).await?;
        if let Some(id) = application {
            tx.find::<application::Entity>(id).await?;
        }
        let party = typed.check(&InterestKind::NAMED, brussels_day(self.now))?;
        let known = store::conflict::parties_of(&tx, &[id]).await?;
        let is_known = |row: &NamedPartyRow| {
            (row.application_id, row.kind, row.name.as_str()) == (application, party.kind, party.name.as_str())
        };
        if known.iter().any(is_known) {
            return Err(Error::invalid("name", Problem::AlreadyDone));
        }
        if known.len() >= PARTIES_MAX {
            return Err(Error::invalid("name", Problem::TooLarge { max: 50 }));
        }
        tx.insert(named_party::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            organisation_id: Set(id),
            application_id: Set(application),
            kind: Set(party.kind),
            name: Set(party.name),
            country: Set(party.country),
            registration_number: Set(party.registration_number),
            named_by: Set(me),
            named_at: Set(self.now),
        })
        .await?;
        detect::detect(&mut tx, Reach::Organisations(&[id]), None).await?;
        tx.event(id, "party_named", json!({ "kind": party.kind.code() })).await?;
        tx.commit().await
    }

    /// Takes it back: what was found through it ends.
    pub async fn unname_party(&self, party: Uuid) -> Result<Option<ApplicationId>> {
        let mut tx = self.begin(Action::NameParty).await?;
        let row = tx.find::<named_party::Entity>(party).await?;
        let (organisation, application, kind) = (row.organisation_id, row.application_id, row.kind);
        tx.delete(row.into_active_model()).await?;
        detect::detect(&mut tx, Reach::Organisations(&[organisation]), None).await?;
        tx.event(organisation, "party_unnamed", json!({ "kind": kind.code() })).await?;
        tx.commit().await?;
        Ok(application)
    }

    /// Looks at everything anew: time passes, and what signals missed is repaired. Repeating it changes nothing.
    pub(crate) async fn detect_conflicts(&self) -> Result<usize> {
        let mut tx = self.begin(Action::DetectConflicts).await?;
        let changed = detect::detect(&mut tx, Reach::Everything, None).await?;
        tx.commit().await?;
        Ok(changed)
    }
}

/// A competitor of everybody is none.
const PARTIES_MAX: usize = 50;

fn said(kind: Option<Kind>, reason: &str) -> Result<(Kind, String)> {
    let mut invalid = rules::reason(reason).err().unwrap_or_default();
    let kind = kind.filter(|kind| Kind::DECLARED.contains(kind));
    if kind.is_none() {
        invalid.0.insert(0, ("kind".to_owned(), Problem::Required));
    }
    Ok(invalid.or((kind.unwrap_or(Kind::Personal), reason.trim().to_owned()))?)
}

/// Puts a conflict that somebody said on record, and takes an open review back.
async fn record(
    tx: &mut Tx,
    application: ApplicationId,
    person: PersonId,
    (kind, origin): (Kind, Origin),
    reason: String,
) -> Result<()> {
    let now = tx.now();
    let by = if origin == Origin::Officer { tx.actor().person } else { None };
    match store::conflict::one(tx, application, person, (kind, origin)).await? {
        // Said again although it was waived: what is said now counts.
        Some(row) if row.state != State::InForce => {
            let mut again = row.into_active_model();
            again.state = Set(State::InForce);
            again.reason = Set(reason);
            again.declared_at = Set(now);
            again.recorded_by = Set(by);
            tx.update(again).await?;
        }
        Some(_) => return Err(Error::invalid("", Problem::AlreadyDone)),
        None => {
            tx.insert(conflict::ActiveModel {
                id: Set(tx.new_id::<domain::id::Event>().uuid()),
                application_id: Set(application),
                person_id: Set(person),
                reason: Set(reason),
                declared_at: Set(now),
                kind: Set(kind),
                origin: Set(origin),
                evidence: Set("{}".to_owned()),
                state: Set(State::InForce),
                recorded_by: Set(by),
            })
            .await?;
        }
    }
    take_back(tx, application, person).await
}

/// A review that was not handed in goes, and while experts read it the application goes back to its place.
pub(crate) async fn take_back(tx: &mut Tx, application: ApplicationId, person: PersonId) -> Result<()> {
    crate::assignments::release(tx, application, person).await?;
    let reviews = store::review::all_of(tx, application).await?;
    let is_theirs = |row: &review::Model| row.reviewer_id == person && row.handed_in_at.is_none();
    let Some(open) = reviews.iter().find(|row| is_theirs(row)).cloned() else { return Ok(()) };
    tx.delete(open.into_active_model()).await?;
    let Some(kind) = store::step::active_whoever_asks(tx, application).await? else { return Ok(()) };
    let Some(row) = store::step::application_whoever_asks(tx, application).await? else { return Ok(()) };
    let needed = u64::from(steps::plan_of(tx, &row).await?.reviews);
    let others = store::step::reviews_under_way(tx, application, None).await?;
    if kind == workflow::Kind::ExpertReview && others < needed {
        use domain::application::State::{InReview, Submitted};
        store::review::advance(tx, application, InReview, Submitted).await?;
    }
    let way = steps::Way::at(workflow::edge::Node::At(kind), workflow::edge::Deed::GiveBackReview, "");
    steps::record(tx, application, way).await
}

pub(crate) fn evidence_of(row: &conflict::Model) -> Option<Evidence> {
    serde_json::from_str(&row.evidence).ok()
}

async fn read(tx: &Tx, rows: Vec<conflict::Model>) -> Result<Vec<ConflictRead>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let waivers = store::conflict::waivers(tx, &ids).await?;
    let asked = waivers.iter().flat_map(|waiver| [Some(waiver.asked_by), waiver.decided_by]);
    let people: Vec<PersonId> = rows.iter().map(|row| row.recorded_by).chain(asked).flatten().collect();
    let names = store::conflict::people(tx, &people).await?;
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| ConflictRead {
            evidence: evidence_of(&row),
            recorded_by: row.recorded_by.map(name),
            waivers: waivers
                .iter()
                .filter(|waiver| waiver.conflict_id == row.id)
                .map(|waiver| WaiverRead {
                    row: waiver.clone(),
                    asked_by: name(waiver.asked_by),
                    decided_by: waiver.decided_by.map(name),
                })
                .collect(),
            row,
        })
        .collect())
}

/// How many conflicts an application has, as far as the actor may see them.
pub(crate) async fn count(tx: &Tx, application: ApplicationId) -> Result<ConflictCount> {
    let rows = store::conflict::of_application(tx, application).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let asked = store::conflict::waivers(tx, &ids).await?.iter().filter(|waiver| waiver.outcome.is_none()).count();
    let people = |state: State| {
        let of: std::collections::HashSet<PersonId> =
            rows.iter().filter(|row| row.state == state).map(|row| row.person_id).collect();
        of.len()
    };
    Ok(ConflictCount { in_force: people(State::InForce), waived: people(State::Waived), asked })
}
