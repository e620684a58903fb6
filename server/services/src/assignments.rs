//! Verbs of officers who give reviews out: propose, look, change by hand, commit; or give one out directly.
//!
//! What a proposal was reckoned from may be old when it is committed: every pair is then checked anew.

mod answers;
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    actor::StaffRole,
    assignment::{self as rules, Hand, ProposalState},
    calendar,
    id::{ApplicationId, PersonId, ProposalId},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    reviewer::Wish,
    scope::Scope,
    workflow::{
        Kind, Plan,
        edge::{self, Circumstances, Deed},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::json;
use text::mail::Mail;

pub use self::answers::{Asked, AskedRead};
pub(crate) use self::answers::{close, release, release_late};
use self::facts::Facts;
use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviewers::{self, ScopeName},
    reviews::{Case, cases},
    steps::{Here, plan_of},
    store::{
        self, Letter, Tx,
        entity::{application, assignment, assignment_hand, assignment_proposal, person},
        rows::AssignmentProposalRow,
    },
};

/// What a proposal says, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub items: Vec<Item>,
    pub lacks: Vec<Lacking>,
    pub loads: Vec<Load>,
    pub score: ::assignment::Score,
    pub bound: ::assignment::Score,
}

/// Who would review what, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub application: ApplicationId,
    pub reviewer: PersonId,
    /// Basis points of affinity, and what of both was alike.
    pub affinity: i32,
    pub words: Vec<String>,
    pub points: i32,
    pub bid: Option<Wish>,
    pub is_expert: bool,
    pub is_pinned: bool,
    /// The reviewer's load with everything in it, and what its last review costs.
    pub load: u32,
    pub load_cost: i64,
    pub next: Option<NextBest>,
}

/// Who would be next, with nobody else moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextBest {
    pub reviewer: PersonId,
    pub cost: i64,
    pub loses_expert: bool,
}

/// An application that does not get everything, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    pub application: ApplicationId,
    pub missing: u32,
    pub experts: u32,
    pub conflicted: u32,
    pub full: u32,
    pub apart: u32,
    pub why: ::assignment::Why,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub reviewer: PersonId,
    pub before: u32,
    pub after: u32,
    pub limit: u32,
}

/// The page of a scope's assignment, narrowed to what this officer may see.
#[derive(Debug, Clone)]
pub struct AssignmentRead {
    pub scope: Scope,
    /// Everything that reviews can be given out in.
    pub scopes: Vec<ScopeName>,
    pub plan: Plan,
    /// The newest proposal, if there is one.
    pub proposal: Option<(AssignmentProposalRow, Outcome)>,
    /// Every application that waits for reviews or is named by the proposal.
    pub cases: BTreeMap<ApplicationId, Case>,
    /// Of those that wait: how many reviews each still needs somebody for.
    pub waiting: Vec<(ApplicationId, u32)>,
    /// Everybody who can review, by address, and how they are called.
    pub reviewers: Vec<(PersonId, String)>,
    pub hands: Vec<(ApplicationId, PersonId, Hand)>,
    /// Who was asked, and what they said.
    pub asked: Vec<store::rows::AssignmentRow>,
}

impl AssignmentRead {
    pub fn name(&self, reviewer: PersonId) -> &str {
        self.reviewers.iter().find(|one| one.0 == reviewer).map(|one| one.1.as_str()).unwrap_or_default()
    }
}

impl Desk {
    pub async fn read_assignment(&self, scope: impl Into<Scope>) -> Result<AssignmentRead> {
        let scope = scope.into();
        let tx = self.begin(Action::ReadAssignment).await?;
        let plan = plan(&tx, scope).await?;
        let facts = Facts::read(&tx, store::assignment::to_review(&tx, scope).await?).await?;
        let proposal = match store::assignment::newest(&tx, scope).await? {
            Some(row) => {
                let outcome: Outcome = serde_json::from_str(&row.outcome)?;
                Some((row, outcome))
            }
            None => None,
        };
        let mut ids: BTreeSet<ApplicationId> = facts.subjects.iter().map(|one| one.row.id).collect();
        let waiting: Vec<_> =
            facts.subjects.iter().map(|one| (one.row.id, one.needs())).filter(|one| one.1 > 0).collect();
        ids.extend(proposal.iter().flat_map(|(_, outcome)| outcome.items.iter().map(|one| one.application)));
        ids.extend(store::assignment::asked_under(&tx, scope).await?);
        let rows = store::assignment::seen(&tx, ids.into_iter().collect()).await?;
        let cases: BTreeMap<ApplicationId, Case> =
            cases(&tx, &rows).await?.into_iter().map(|case| (case.id, case)).collect();
        let hands = match &proposal {
            Some((row, _)) => store::assignment::hands(&tx, row.id).await?,
            None => Vec::new(),
        };
        let hands = hands.into_iter().map(|row| (row.application_id, row.person_id, row.hand));
        let hands = hands.filter(|one| cases.contains_key(&one.0)).collect();
        let asked = store::assignment::asked(&tx, &cases.keys().copied().collect::<Vec<_>>()).await?;
        let reviewers = facts.judges.iter().map(|judge| (judge.person.id, judge.person.name.clone())).collect();
        let proposal = proposal.map(|(row, outcome)| (row, outcome.narrowed(&cases)));
        let mut scopes = reviewers::every_scope(&tx).await?;
        scopes.retain(|name| match name.scope {
            Scope::Mode(mode) => rules::is_given_out(mode),
            Scope::Call(_) => true,
        });
        Ok(AssignmentRead { scope, scopes, plan, proposal, cases, waiting, reviewers, hands, asked })
    }

    /// Reckons a new proposal for everything of the scope that waits and that this officer may see. An earlier one
    /// that was not committed is put aside, with what was fixed in it.
    pub async fn propose_assignment(&self, scope: impl Into<Scope>, seed: u32) -> Result<()> {
        let scope = scope.into();
        let me = self.signed_in()?;
        let reading = self.begin(Action::ReadAssignment).await?;
        plan(&reading, scope).await?;
        let facts = Facts::read(&reading, store::assignment::to_review(&reading, scope).await?).await?;
        drop(reading);
        let outcome = facts.solved(Vec::new(), BTreeSet::new(), seed.into()).await?;
        let mut tx = self.begin(Action::ProposeAssignment).await?;
        if let Some(old) = store::assignment::newest(&tx, scope).await?
            && old.state == ProposalState::Draft
        {
            let mut old = old.into_active_model();
            old.state = Set(ProposalState::Discarded);
            tx.update(old).await?;
        }
        let id = tx.new_id();
        tx.insert(assignment_proposal::ActiveModel {
            id: Set(id),
            mode: Set(scope.to_string()),
            seed: Set(seed.into()),
            state: Set(ProposalState::Draft),
            made_by: Set(me),
            made_at: Set(self.now),
            outcome: Set(serde_json::to_string(&outcome)?),
            committed_by: Set(None),
            committed_at: Set(None),
            version: Set(1),
        })
        .await?;
        tx.commit().await
    }

    /// Fixes a pair by hand, or frees it again (`None`), and reckons the rest anew around it. Errors at `person` say
    /// why this reviewer cannot have this application.
    pub async fn change_assignment(
        &self,
        proposal: ProposalId,
        seen: i32,
        (application, person): (ApplicationId, PersonId),
        hand: Option<Hand>,
    ) -> Result<()> {
        let me = self.signed_in()?;
        let reading = self.begin(Action::ReadAssignment).await?;
        let row = draft(&reading.find::<assignment_proposal::Entity>(proposal).await?, seen)?;
        reading.find::<application::Entity>(application).await?;
        let facts = self.facts_of(&reading, &row).await?;
        if hand == Some(Hand::Pin) {
            facts
                .taker(application, person)
                .ok_or(Error::NotFound)?
                .check()
                .map_err(|problem| Error::invalid("person", problem))?;
        }
        let hands = store::assignment::hands(&reading, proposal).await?;
        drop(reading);
        let old = hands.iter().find(|one| one.application_id == application && one.person_id == person).cloned();
        let mut fixed: Vec<_> = hands.iter().map(|one| (one.application_id, one.person_id, one.hand)).collect();
        fixed.retain(|one| (one.0, one.1) != (application, person));
        fixed.extend(hand.map(|hand| (application, person, hand)));
        let before: Outcome = serde_json::from_str(&row.outcome)?;
        let held = before.items.iter().map(|one| (one.application, one.reviewer)).collect();
        let seed = u64::try_from(row.seed).unwrap_or_default();
        let outcome = facts.solved(fixed, held, seed).await?;
        let mut tx = self.begin(Action::ProposeAssignment).await?;
        let row = draft(&tx.lock::<assignment_proposal::Entity>(proposal).await?, seen)?;
        if let Some(old) = old {
            tx.delete(old.into_active_model()).await?;
        }
        if let Some(hand) = hand {
            let id = tx.new_id::<domain::id::Event>().uuid();
            tx.insert(assignment_hand::ActiveModel {
                id: Set(id),
                proposal_id: Set(proposal),
                application_id: Set(application),
                person_id: Set(person),
                hand: Set(hand),
                made_by: Set(me),
                made_at: Set(self.now),
            })
            .await
            .on_unique("", Problem::AlreadyDone)?;
        }
        let version = row.version + 1;
        let mut row = row.into_active_model();
        row.outcome = Set(serde_json::to_string(&outcome)?);
        row.version = Set(version);
        tx.update(row).await?;
        tx.commit().await
    }

    /// Gives out everything that the proposal says and this officer may see, in one transaction; a pair that cannot be
    /// any more stops it all, at the field `<application> <reviewer>`.
    pub async fn commit_assignment(&self, proposal: ProposalId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CommitAssignment).await?;
        let row = draft(&tx.lock::<assignment_proposal::Entity>(proposal).await?, seen)?;
        let outcome: Outcome = serde_json::from_str(&row.outcome)?;
        // Locked in one order, so that two commits cannot wait for each other.
        let named: BTreeSet<ApplicationId> = outcome.items.iter().map(|one| one.application).collect();
        let mut rows = Vec::new();
        let mut gone = BTreeSet::new();
        for id in named {
            match tx.lock::<application::Entity>(id).await {
                Ok(row) if self.can_be_given(&tx, &row).await?.is_ok() => rows.push(row),
                Ok(_) | Err(Error::NotFound) => {
                    gone.insert(id);
                }
                Err(error) => return Err(error),
            }
        }
        store::assignment::hold(&tx, outcome.items.iter().map(|one| one.reviewer).collect()).await?;
        let mut facts = Facts::read(&tx, rows).await?;
        let mut invalid = Invalid::default();
        for item in &outcome.items {
            let field = format!("{} {}", item.application, item.reviewer);
            let checked = match facts.taker(item.application, item.reviewer) {
                None if gone.contains(&item.application) => Err(Problem::AlreadyDone),
                None => Err(Problem::NotAChoice),
                Some(taker) => taker.check(),
            };
            match checked {
                Ok(()) => facts.take(item.application, item.reviewer),
                Err(problem) => invalid.add(&field, problem),
            }
        }
        if outcome.items.is_empty() {
            invalid.add("", Problem::NotWaiting);
        }
        invalid.or(())?;
        for item in &outcome.items {
            let (Some(subject), Some(judge)) = (facts.subject(item.application), facts.judge(item.reviewer)) else {
                continue;
            };
            self.offer(&mut tx, &subject.row, &judge.person, Some(proposal), 0).await?;
        }
        let version = row.version + 1;
        let mut row = row.into_active_model();
        row.state = Set(ProposalState::Committed);
        row.committed_by = Set(Some(me));
        row.committed_at = Set(Some(self.now));
        row.version = Set(version);
        tx.update(row).await?;
        tx.commit().await
    }

    /// Gives one review out directly: where substitutes ran out, or an officer knows better. Errors at `person`.
    pub async fn assign_review(&self, application: ApplicationId, person: PersonId) -> Result<()> {
        let mut tx = self.begin(Action::CommitAssignment).await?;
        let row = tx.lock::<application::Entity>(application).await?;
        self.can_be_given(&tx, &row).await?.map_err(|problem| Error::invalid("", problem))?;
        store::assignment::hold(&tx, BTreeSet::from([person])).await?;
        let facts = Facts::read(&tx, vec![row]).await?;
        let taker = facts.taker(application, person).ok_or(Error::invalid("person", Problem::NotAChoice))?;
        taker.check().map_err(|problem| Error::invalid("person", problem))?;
        if let (Some(subject), Some(judge)) = (facts.subject(application), facts.judge(person)) {
            self.offer(&mut tx, &subject.row, &judge.person, None, 0).await?;
        }
        tx.commit().await
    }

    /// Whether a review of it can be given out now.
    async fn can_be_given(&self, tx: &Tx, row: &application::Model) -> Result<std::result::Result<(), Problem>> {
        let here = Here::of(tx, row.clone()).await?;
        Ok(edge::take(Deed::GiveReview, here.node(), self.actor.group(), &Circumstances::default()).map(|_| ()))
    }

    async fn facts_of(&self, tx: &Tx, row: &AssignmentProposalRow) -> Result<Facts> {
        let scope = Scope::parse(&row.mode).ok_or(Error::NotFound)?;
        Facts::read(tx, store::assignment::to_review(tx, scope).await?).await
    }

    /// Asks a reviewer: the row, the mail, the line of the timeline.
    async fn offer(
        &self,
        tx: &mut Tx,
        application: &application::Model,
        to: &person::Model,
        proposal: Option<ProposalId>,
        tries: i32,
    ) -> Result<()> {
        let days = plan_of(tx, application).await?.step(Kind::ExpertReview).map_or(1, |step| step.working_days);
        let answer_due_at = calendar::deadline(self.now, rules::terms(brussels_day(self.now)).answer_days);
        let review_due_at = calendar::deadline(self.now, days);
        let id = tx.new_id::<domain::id::Event>().uuid();
        tx.insert(assignment::ActiveModel {
            id: Set(id),
            application_id: Set(application.id),
            person_id: Set(to.id),
            proposal_id: Set(proposal),
            state: Set(rules::State::Offered),
            tries: Set(tries),
            offered_at: Set(self.now),
            answer_due_at: Set(answer_due_at),
            review_due_at: Set(review_due_at),
            answered_at: Set(None),
            reason: Set(String::new()),
        })
        .await
        .on_unique("", Problem::AlreadyDone)?;
        let mail = Mail::ReviewAssigned {
            reference: application.reference.clone().unwrap_or_default(),
            answer_due: answer_due_at,
            review_due: review_due_at,
            link: format!("{}/assigned/{}", self.services.settings().public_url, application.id),
        };
        tx.mail(Letter::to(to, mail)).await?;
        tx.event(application.id, "review_given_out", json!({})).await
    }

    /// Nobody is left to ask, or enough were: officers are told.
    async fn tell_officers(&self, tx: &mut Tx, application: &application::Model) -> Result<()> {
        let reference = application.reference.clone().unwrap_or_default();
        let conflicts = store::assignment::conflicts(tx, &[application.id]).await?;
        for officer in store::assignment::holders(tx, StaffRole::Officer).await? {
            let is_own = store::review::companies(tx, officer.id).await?.contains(&application.organisation_id);
            if !is_own && !conflicts.contains(&(application.id, officer.id)) {
                let link = format!("{}/assignment", self.services.settings().public_url);
                let mail = Mail::ReviewerMissing { reference: reference.clone(), link };
                tx.mail(Letter::to(&officer, mail)).await?;
            }
        }
        tx.event(application.id, "reviewer_missing", json!({})).await
    }
}

impl Outcome {
    /// Without what this officer may not see: not in a list, and not in a count.
    fn narrowed(mut self, cases: &BTreeMap<ApplicationId, Case>) -> Self {
        let given = |items: &[Item], reviewer: PersonId| {
            u32::try_from(items.iter().filter(|one| one.reviewer == reviewer).count()).unwrap_or(u32::MAX)
        };
        let before = self.items.clone();
        self.items.retain(|one| cases.contains_key(&one.application));
        self.lacks.retain(|one| cases.contains_key(&one.application));
        for load in &mut self.loads {
            let hidden = given(&before, load.reviewer) - given(&self.items, load.reviewer);
            load.after = load.after.saturating_sub(hidden);
        }
        self
    }
}

/// The plan of a scope whose reviews are given out: of a call always, of some modes; `NotFound` for others.
async fn plan(tx: &Tx, scope: Scope) -> Result<Plan> {
    match scope {
        Scope::Call(_) => reviewers::plan_of(tx, scope).await,
        Scope::Mode(mode) if rules::is_given_out(mode) => Ok(Plan::of_mode(mode)),
        Scope::Mode(_) => Err(Error::NotFound),
    }
}

/// A proposal that can still be changed, in the version that was seen.
fn draft(row: &AssignmentProposalRow, seen: i32) -> Result<AssignmentProposalRow> {
    if row.state != ProposalState::Draft {
        return Err(Error::invalid("", Problem::AlreadyDone));
    }
    if row.version != seen { Err(Error::Stale) } else { Ok(row.clone()) }
}

/// What a reviewer is told of an application before they say yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub title: String,
    pub summary: String,
    pub offered_at: DateTime<Utc>,
    pub answer_due_at: DateTime<Utc>,
    pub review_due_at: DateTime<Utc>,
}
