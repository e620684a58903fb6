//! Verbs of officers: the board, the decision with its reasons, and the second signature.

use domain::{
    application::State,
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    review::{self, Bench, Draft, Outcome, TypedDecision},
    workflow::{
        Kind, StepOutcome, appeal,
        edge::{Circumstances, Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
    steps::{Course, Here, Way, finish, move_to, plan_of, record},
    store::{
        self, Letter, Tx,
        entity::{application, decision},
        rows::{ApplicationRow, DecisionRow},
    },
};

/// A review as an officer reads it: by whom is not said.
#[derive(Debug, Clone)]
pub struct HandedIn {
    pub draft: Draft,
    pub total: i64,
    pub advice: review::Advice,
}

/// Everything an officer decides on.
#[derive(Debug, Clone)]
pub struct DecisionCase {
    pub case: Case,
    pub application: ApplicationRow,
    pub requested: GpuTime,
    pub reviews: Vec<HandedIn>,
    pub decision: Option<DecisionRow>,
    /// Why this officer may not sign, if they may not.
    pub obstacle: Option<Problem>,
    pub course: Course,
}

impl Desk {
    pub async fn decision_case(&self, id: ApplicationId) -> Result<DecisionCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let reviews = store::review::of_application(&tx, id)
            .await?
            .into_iter()
            .filter_map(|row| {
                let (total, advice) = row.total.zip(row.advice)?;
                Some(HandedIn { draft: serde_json::from_str(&row.draft).ok()?, total, advice })
            })
            .collect();
        let decision = store::review::decision(&tx, id).await?;
        let facts = Facts::of(&tx, &application, me).await?;
        let obstacle = match &decision {
            Some(decision) => review::countersign(decision.decided_by, &facts.bench()),
            None => facts.bench().check(),
        };
        let requested = requested(&application)?;
        let course = Course::read(&tx, &application).await?;
        Ok(DecisionCase { case, application, requested, reviews, decision, obstacle: obstacle.err(), course })
    }

    /// Decides, with reasons. Above the limit the decision waits for a second officer; below it is in force at once.
    pub async fn decide(&self, id: ApplicationId, typed: &TypedDecision, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let requested = requested(&here.application)?;
        let on = brussels_day(self.now);
        let facts = Facts::of(&tx, &here.application, me).await?;
        let node = here.node();
        match node {
            Node::At(Kind::Decision) => {}
            Node::At(kind) if kind <= Kind::ExpertReview => return Err(Error::invalid("", Problem::ReviewMissing)),
            _ => {}
        }
        let circumstances = Circumstances { bench: facts.bench().check(), ..here.circumstances() };
        here.take(self, Deed::Refuse, &circumstances)?;
        // A plan without expert review is decided without one.
        let has_reviews = plan_of(&tx, &here.application).await?.step(Kind::ExpertReview).is_some();
        let bench = facts.bench();
        let bench = Bench { is_reviewed: bench.is_reviewed || !has_reviews, ..bench };
        let decided = review::decide(typed, requested, &bench, on)?;
        if decided.outcome == Outcome::Approved {
            crate::applications::still_eligible(&tx, id, "outcome").await?;
        }
        let row = decision::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            application_id: Set(id),
            outcome: Set(decided.outcome),
            granted: Set(decided.granted),
            reasons: Set(decided.reasons),
            decided_by: Set(me),
            decided_at: Set(self.now),
            needs_second: Set(decided.needs_second_signature),
            signed_by: Set(None),
            signed_at: Set(None),
        };
        let decision = tx.insert(row).await.on_unique("", Problem::AlreadyDone)?;
        let was = json!({ "outcome": decision.outcome, "granted": decision.granted });
        if decided.needs_second_signature {
            move_to(&mut tx, here.application, State::AwaitingSignature).await?;
            let way = Way::to(node, Deed::Propose, Node::Signature, &decision.reasons).with(was);
            record(&mut tx, id, way).await?;
        } else {
            self.settle(&mut tx, here, &decision).await?;
        }
        tx.commit().await
    }

    /// The second officer agrees: the decision is in force.
    /// `seen` is the application's version as it was read: a decision made anew meanwhile is not signed.
    pub async fn countersign(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (here, decision) = self.unsigned(&tx, id, me, seen).await?;
        let mut row = decision.into_active_model();
        row.signed_by = Set(Some(me));
        row.signed_at = Set(Some(self.now));
        let decision = tx.update(row).await?;
        self.settle(&mut tx, here, &decision).await?;
        tx.commit().await
    }

    /// The second officer does not agree: the case is open again, the reason is on the timeline.
    pub async fn send_back(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", Problem::ReasonRequired));
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (here, decision) = self.unsigned(&tx, id, me, seen).await?;
        let was = json!({
            "outcome": decision.outcome, "granted": decision.granted, "reasons": decision.reasons,
            "decided_by": decision.decided_by,
        });
        tx.delete(decision.into_active_model()).await?;
        let to = Node::At(Kind::Decision);
        move_to(&mut tx, here.application, to.state()).await?;
        record(&mut tx, id, Way::to(Node::Signature, Deed::SendBack, to, reason).with(was)).await?;
        tx.commit().await
    }

    async fn unsigned(&self, tx: &Tx, id: ApplicationId, me: PersonId, seen: i32) -> Result<(Here, decision::Model)> {
        let here = Here::lock_seen(tx, id, seen).await?;
        if here.node() != Node::Signature {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let decision = store::review::decision(tx, id).await?.ok_or(Error::NotFound)?;
        let facts = Facts::of(tx, &here.application, me).await?;
        let part = review::countersign(decision.decided_by, &facts.bench());
        here.take(self, Deed::SendBack, &Circumstances { part, bench: facts.bench().check(), ..here.circumstances() })?;
        Ok((here, decision))
    }

    /// The decision is in force: its step is done.
    async fn settle(&self, tx: &mut Tx, here: Here, decision: &decision::Model) -> Result<()> {
        let (id, from) = (here.application.id, here.node());
        let (deed, outcome, to) = match decision.outcome {
            Outcome::Approved => (Deed::Approve, StepOutcome::Approved, Node::Approved),
            Outcome::Refused => (Deed::Refuse, StepOutcome::Refused, Node::Refused),
        };
        if let Some(step) = here.active() {
            finish(tx, step, outcome, &decision.reasons).await?;
        }
        self.put_in_force(tx, here.application, decision).await?;
        let way = Way::to(from, deed, to, &decision.reasons).with(json!({ "granted": decision.granted }));
        record(tx, id, way).await
    }

    /// State and the mail to the applicant, with the reasons and what can be done against it.
    pub(crate) async fn put_in_force(
        &self,
        tx: &mut Tx,
        application: application::Model,
        decision: &decision::Model,
    ) -> Result<()> {
        let id = application.id;
        let link = self.link(&format!("/applications/{id}"));
        let reference = application.reference.clone().unwrap_or_default();
        let reasons = decision.reasons.clone();
        let author = store::account::person(tx, application.author_id).await?;
        let days = plan_of(tx, &application).await?.appeal_days;
        let (state, mail) = match decision.outcome {
            Outcome::Approved => {
                (State::Approved, Mail::Approved { reference, granted: decision.granted, reasons, link })
            }
            Outcome::Refused => {
                let until = appeal::until(self.now, days);
                (State::Refused, Mail::Refused { reference, reasons, days: i64::from(days), until, link })
            }
        };
        move_to(tx, application, state).await?;
        tx.mail(Letter::to(&author, mail)).await?;
        Ok(())
    }
}

/// What was asked for, as frozen in the quote.
fn requested(application: &application::Model) -> Result<GpuTime> {
    #[derive(serde::Deserialize)]
    struct Frozen {
        gpu_time: GpuTime,
    }
    let quote = application.quote.as_deref().ok_or(Error::NotFound)?;
    Ok(serde_json::from_str::<Frozen>(quote)?.gpu_time)
}

/// What the rules must know about this person and this application.
pub(crate) struct Facts {
    person: PersonId,
    own: Vec<OrganisationId>,
    applicant: OrganisationId,
    has_conflict: bool,
    reviewers: Vec<PersonId>,
}

impl Facts {
    pub(crate) async fn of(tx: &Tx, application: &application::Model, person: PersonId) -> Result<Self> {
        Ok(Self {
            person,
            own: store::review::companies(tx, person).await?,
            applicant: application.organisation_id,
            has_conflict: store::review::has_conflict(tx, application.id, person).await?,
            reviewers: store::review::reviewers(tx, application.id).await?,
        })
    }

    pub(crate) fn bench(&self) -> Bench<'_> {
        Bench {
            person: self.person,
            own: &self.own,
            applicant: self.applicant,
            has_conflict: self.has_conflict,
            has_reviewed: self.reviewers.contains(&self.person),
            is_reviewed: !self.reviewers.is_empty(),
        }
    }
}
