//! Verbs of officers: the board, the decision with its reasons, and the second signature.

use domain::{
    application::State,
    call::check::Occasion,
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    review::{self, Bench, Draft, Outcome, Rubric, TypedDecision},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    calls::{
        answers::{CallAnswers, answers_of},
        eligibility, terms_of,
    },
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
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
    /// What they were graded by.
    pub rubric: Rubric,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
    pub decision: Option<DecisionRow>,
    /// Why this officer may not sign, if they may not.
    pub obstacle: Option<Problem>,
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
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        let obstacle = obstacle.err();
        Ok(DecisionCase { case, application, requested, reviews, rubric, answers, decision, obstacle })
    }

    /// Decides, with reasons. Above the limit the decision waits for a second officer; below it is in force at once.
    pub async fn decide(&self, id: ApplicationId, typed: &TypedDecision, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideApplication).await?;
        let application = tx.lock::<application::Entity>(id).await?;
        if application.version != seen {
            return Err(Error::Stale);
        }
        match application.state {
            State::InReview => {}
            State::Submitted => return Err(Error::invalid("", Problem::ReviewMissing)),
            _ => return Err(Error::invalid("", Problem::AlreadyDone)),
        }
        let requested = requested(&application)?;
        let on = brussels_day(self.now);
        let facts = Facts::of(&tx, &application, me).await?;
        let decided = review::decide(typed, requested, &facts.bench(), on)?;
        if decided.outcome == Outcome::Approved {
            let refused = eligibility::still_eligible(&mut tx, id, Occasion::Award, "outcome").await?;
            if let Some(refused) = refused {
                tx.commit().await?;
                return Err(refused);
            }
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
        if decided.needs_second_signature {
            self.settle(&mut tx, application, State::AwaitingSignature).await?;
            tx.event(id, "decision_awaits_signature", json!({})).await?;
        } else {
            self.put_in_force(&mut tx, application, &decision).await?;
        }
        tx.commit().await
    }

    /// The second officer agrees: the decision is in force.
    /// `seen` is the application's version as it was read: a decision made anew meanwhile is not signed.
    pub async fn countersign(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (application, decision) = self.unsigned(&tx, id, me, seen).await?;
        let mut row = decision.into_active_model();
        row.signed_by = Set(Some(me));
        row.signed_at = Set(Some(self.now));
        let decision = tx.update(row).await?;
        self.put_in_force(&mut tx, application, &decision).await?;
        tx.commit().await
    }

    /// The second officer does not agree: the case is open again, the reason is on the timeline.
    pub async fn send_back(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", Problem::ReasonRequired));
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (application, decision) = self.unsigned(&tx, id, me, seen).await?;
        let withdrawn = json!({ "reason": reason.trim(), "outcome": decision.outcome, "reasons": decision.reasons });
        tx.delete(decision.into_active_model()).await?;
        self.settle(&mut tx, application, State::InReview).await?;
        tx.event(id, "decision_sent_back", withdrawn).await?;
        tx.commit().await
    }

    async fn unsigned(
        &self,
        tx: &Tx,
        id: ApplicationId,
        me: PersonId,
        seen: i32,
    ) -> Result<(application::Model, decision::Model)> {
        let application = tx.lock::<application::Entity>(id).await?;
        if application.version != seen {
            return Err(Error::Stale);
        }
        if application.state != State::AwaitingSignature {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let decision = store::review::decision(tx, id).await?.ok_or(Error::NotFound)?;
        let facts = Facts::of(tx, &application, me).await?;
        review::countersign(decision.decided_by, &facts.bench()).map_err(|problem| Error::invalid("", problem))?;
        Ok((application, decision))
    }

    /// State, timeline and the mail to the applicant, with the reasons and what can be done against it.
    async fn put_in_force(
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
        let (state, mail) = match decision.outcome {
            Outcome::Approved => {
                (State::Approved, Mail::Approved { reference, granted: decision.granted, reasons, link })
            }
            Outcome::Refused => (State::Refused, Mail::Refused { reference, reasons, link }),
        };
        self.settle(tx, application, state).await?;
        tx.event(id, state.code(), json!({ "granted": decision.granted })).await?;
        tx.mail(Letter::to(&author, mail)).await?;
        Ok(())
    }

    async fn settle(&self, tx: &mut Tx, application: application::Model, state: State) -> Result<()> {
        let version = application.version + 1;
        let mut row = application.into_active_model();
        row.state = Set(state);
        row.updated_at = Set(self.now);
        row.version = Set(version);
        row.decided_at = Set(matches!(state, State::Approved | State::Refused).then_some(self.now));
        tx.update(row).await?;
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
struct Facts {
    person: PersonId,
    own: Vec<OrganisationId>,
    applicant: OrganisationId,
    has_conflict: bool,
    reviewers: Vec<PersonId>,
}

impl Facts {
    async fn of(tx: &Tx, application: &application::Model, person: PersonId) -> Result<Self> {
        Ok(Self {
            person,
            own: store::review::companies(tx, person).await?,
            applicant: application.organisation_id,
            has_conflict: store::review::has_conflict(tx, application.id, person).await?,
            reviewers: store::review::reviewers(tx, application.id).await?,
        })
    }

    fn bench(&self) -> Bench<'_> {
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
