//! Verbs of reviewers: the queue in order of arrival, one's own reviews, conflicts of interest.

use chrono::{DateTime, Utc};
use domain::{
    application::State,
    id::{ApplicationId, PersonId},
    policy::Action,
    problem::{Invalid, Problem},
    review::{self, Draft, Rubric},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    calls::{
        answers::{CallAnswers, answers_of},
        terms_of,
    },
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Tx,
        board::Wanted,
        entity::{application, conflict, review as review_entity},
        rows::{ApplicationRow, ReviewRow},
    },
};

/// One line of a queue or board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: ApplicationId,
    pub reference: String,
    pub mode: String,
    pub organisation: String,
    pub state: State,
    pub submitted_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    /// A review was handed in: it is an officer's turn.
    pub is_reviewed: bool,
}

/// Nobody chooses from a queue, so that its first lines are enough.
const WAITING_SHOWN: usize = 25;

/// What a reviewer sees first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Taken by this reviewer and not handed in.
    pub mine: Vec<Case>,
    /// Taken by nobody, first arrived first; the first of them.
    pub waiting: Vec<Case>,
    /// How many were taken by nobody.
    pub waiting_in_all: i64,
}

/// One's own review beside the application.
#[derive(Debug, Clone)]
pub struct ReviewCase {
    pub case: Case,
    pub application: ApplicationRow,
    pub review: ReviewRow,
    pub draft: Draft,
    /// The call's, or the mode's.
    pub rubric: Rubric,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
}

/// Cases of these rows, in their order.
pub(crate) async fn cases(tx: &Tx, rows: &[application::Model]) -> Result<Vec<Case>> {
    let names = store::review::names(tx, rows).await?;
    let reviewed = store::review::reviewed(tx, rows).await?;
    Ok(rows
        .iter()
        .map(|row| Case {
            id: row.id,
            reference: row.reference.clone().unwrap_or_default(),
            mode: row.mode.clone(),
            organisation: names.get(&row.organisation_id).cloned().unwrap_or_default(),
            state: row.state,
            submitted_at: row.submitted_at,
            due_at: row.due_at,
            is_reviewed: reviewed.contains(&row.id),
        })
        .collect())
}

impl Desk {
    pub(crate) fn signed_in(&self) -> Result<PersonId> {
        self.actor.person.ok_or(Error::NotFound)
    }

    /// The reviewer's queue. What a conflict hides is in no list and no count.
    pub async fn review_queue(&self) -> Result<Queue> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let open: Vec<ApplicationId> = store::review::of_reviewer(&tx, me)
            .await?
            .into_iter()
            .filter(|review| review.handed_in_at.is_none())
            .map(|review| review.application_id)
            .collect();
        let mine = store::review::taken(&tx, open).await?;
        let states = [State::Submitted];
        let first = Wanted { states: &states, is_reviewed: false, text: "", after: None, limit: WAITING_SHOWN };
        let waiting = store::board::page(&tx, &first).await?;
        let counts = store::board::counts(&tx).await?;
        Ok(Queue {
            mine: cases(&tx, &mine).await?,
            waiting: cases(&tx, &waiting).await?,
            waiting_in_all: counts.get(&State::Submitted).copied().unwrap_or_default(),
        })
    }

    /// Takes the application that arrived first. Nobody chooses: first come, first served. `NotFound` if none waits.
    pub async fn take_next(&self) -> Result<ApplicationId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReviewApplication).await?;
        let row = loop {
            let row = store::review::first_waiting(&tx).await?.ok_or(Error::NotFound)?;
            if store::review::advance(&mut tx, row.id, State::Submitted, State::InReview).await? {
                break row;
            }
        };
        let id = tx.new_id();
        tx.insert(review_entity::ActiveModel {
            id: Set(id),
            application_id: Set(row.id),
            reviewer_id: Set(me),
            draft: Set(serde_json::to_string(&Draft::default())?),
            total: Set(None),
            advice: Set(None),
            opened_at: Set(self.now),
            handed_in_at: Set(None),
            version: Set(1),
        })
        .await
        .on_unique("", Problem::AlreadyDone)?;
        tx.event(row.id, "review_started", json!({})).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// An application this actor may see, as a line: for declaring a conflict before anything of it is read.
    pub async fn case(&self, id: ApplicationId) -> Result<Case> {
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)
    }

    /// One's own review of an application; `NotFound` if one has none or a conflict hides it.
    pub async fn review_case(&self, id: ApplicationId) -> Result<ReviewCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let review = store::review::own(&tx, id, me).await?.ok_or(Error::NotFound)?;
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let draft = serde_json::from_str(&review.draft)?;
        Ok(ReviewCase { case, application, review, draft, rubric, answers })
    }

    /// Keeps what was typed, whatever it is.
    pub async fn save_review(&self, id: ApplicationId, draft: &Draft) -> Result<()> {
        let mut tx = self.begin(Action::ReviewApplication).await?;
        let review = self.open_review(&tx, id).await?;
        let version = review.version + 1;
        let mut row = review.into_active_model();
        row.draft = Set(serde_json::to_string(draft)?);
        row.version = Set(version);
        tx.update(row).await?;
        tx.commit().await
    }

    /// Hands the review in. Errors with every field that is missing; what was typed is kept either way.
    pub async fn hand_in_review(&self, id: ApplicationId, draft: &Draft) -> Result<()> {
        self.save_review(id, draft).await?;
        let mut tx = self.begin(Action::ReviewApplication).await?;
        let review = self.open_review(&tx, id).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let scored = review::hand_in(draft, &terms_of(&tx, &application).await?.rubric)?;
        let mut row = review.into_active_model();
        row.total = Set(Some(scored.total));
        row.advice = Set(Some(scored.advice));
        row.handed_in_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.event(id, "review_handed_in", json!({})).await?;
        tx.commit().await
    }

    /// One's own review, while it can be written: not handed in, and the application not withdrawn or decided.
    async fn open_review(&self, tx: &Tx, id: ApplicationId) -> Result<review_entity::Model> {
        let application = tx.lock::<application::Entity>(id).await?;
        let review = store::review::own(tx, id, self.signed_in()?).await?.ok_or(Error::NotFound)?;
        if review.handed_in_at.is_some() || application.state != State::InReview {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        Ok(review)
    }

    /// Declares a conflict of interest: the application is hidden from this person from now on, and goes back to its
    /// place in the queue if they had taken it.
    pub async fn declare_conflict(&self, id: ApplicationId, reason: &str) -> Result<()> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Invalid::one("reason", Problem::Required).into());
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DeclareConflict).await?;
        tx.find::<application::Entity>(id).await?;
        if let Some(review) = store::review::own(&tx, id, me).await?
            && review.handed_in_at.is_none()
        {
            tx.delete(review.into_active_model()).await?;
            store::review::advance(&mut tx, id, State::InReview, State::Submitted).await?;
        }
        let row = conflict::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            application_id: Set(id),
            person_id: Set(me),
            reason: Set(reason.chars().take(2_000).collect()),
            declared_at: Set(self.now),
        };
        tx.insert(row).await.on_unique("", Problem::AlreadyDone)?;
        tx.event(id, "conflict_declared", json!({})).await?;
        tx.commit().await
    }
}
