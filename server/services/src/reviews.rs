//! Verbs of reviewers: the queue in order of arrival, one's own reviews, conflicts of interest.

use chrono::{DateTime, Utc};
use domain::{
    application::State,
    id::{ApplicationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    review::{self, Draft, Rubric},
    workflow::{
        Kind, StepOutcome,
        edge::{Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    steps::{Course, Here, StepClock, Way, plan_of, record},
    store::{
        self, Tx,
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
    /// Everything before the decision is done: it is an officer's turn.
    pub is_reviewed: bool,
    /// Of the step that goes on, if one does.
    pub clock: Option<StepClock>,
}

/// Nobody chooses from a queue, so that its first lines are enough.
const WAITING_SHOWN: u64 = 25;

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
    pub rubric: &'static Rubric,
    /// What came before: assessments and answers of the applicant.
    pub course: Course,
}

/// Cases of these rows, in their order.
pub(crate) async fn cases(tx: &Tx, rows: &[application::Model]) -> Result<Vec<Case>> {
    let names = store::review::names(tx, rows).await?;
    let clocks = store::step::active_of(tx, rows).await?;
    Ok(rows
        .iter()
        .map(|row| Case {
            clock: clocks.get(&row.id).map(StepClock::of),
            id: row.id,
            reference: row.reference.clone().unwrap_or_default(),
            mode: row.mode.clone(),
            organisation: names.get(&row.organisation_id).cloned().unwrap_or_default(),
            state: row.state,
            submitted_at: row.submitted_at,
            due_at: row.due_at,
            is_reviewed: clocks.get(&row.id).is_some_and(|step| step.kind == Kind::Decision),
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
        let waiting = store::review::first_waiting(&tx, me, WAITING_SHOWN).await?;
        Ok(Queue {
            mine: cases(&tx, &mine).await?,
            waiting: cases(&tx, &waiting).await?,
            waiting_in_all: store::review::count_waiting(&tx, me).await?,
        })
    }

    /// Takes the application that arrived first. Nobody chooses: first come, first served. `NotFound` if none waits.
    pub async fn take_next(&self) -> Result<ApplicationId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReviewApplication).await?;
        let here = loop {
            let found = store::review::first_waiting(&tx, me, 1).await?.pop().ok_or(Error::NotFound)?;
            let here = Here::lock(&tx, found.id).await?;
            // Somebody may have been faster.
            let still = store::review::first_waiting(&tx, me, 1).await?.pop().ok_or(Error::NotFound)?;
            if still.id == found.id {
                break here;
            }
        };
        here.take(self, Deed::TakeReview, &here.circumstances())?;
        let (row, node) = (here.application.clone(), here.node());
        let since = here.active().and_then(|step| step.substituted_at);
        let others = store::step::reviews_under_way(&tx, row.id, since).await?;
        if others + 1 >= u64::from(plan_of(&tx, &row).await?.reviews) {
            store::review::advance(&mut tx, row.id, State::Submitted, State::InReview).await?;
        }
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
        record(&mut tx, row.id, Way::at(node, Deed::TakeReview, "")).await?;
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
        let rubric = self.rubric(&application)?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let draft = serde_json::from_str(&review.draft)?;
        let course = Course::read(&tx, &application).await?;
        Ok(ReviewCase { case, application, review, draft, rubric, course })
    }

    /// The rubric in force when the application arrived.
    pub(crate) fn rubric(&self, application: &application::Model) -> Result<&'static Rubric> {
        let on = brussels_day(application.submitted_at.unwrap_or(self.now));
        review::rubric(&application.mode, on)
            .ok_or_else(|| Error::Broken(anyhow::anyhow!("no rubric for mode {}", application.mode)))
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
        let scored = review::hand_in(draft, self.rubric(&application)?)?;
        let mut row = review.into_active_model();
        row.total = Set(Some(scored.total));
        row.advice = Set(Some(scored.advice));
        row.handed_in_at = Set(Some(self.now));
        tx.update(row).await?;
        let here = Here::lock(&tx, id).await?;
        let handed_in = store::review::reviewers(&tx, id).await?.len();
        let needed = usize::try_from(plan_of(&tx, &here.application).await?.reviews).unwrap_or(usize::MAX);
        if handed_in >= needed {
            here.take(self, Deed::CompleteReviews, &here.circumstances())?;
            self.next_step(&mut tx, here, Deed::CompleteReviews, StepOutcome::Reviewed, "").await?;
        } else {
            here.take(self, Deed::HandInReview, &here.circumstances())?;
            record(&mut tx, id, Way::at(here.node(), Deed::HandInReview, "")).await?;
        }
        tx.commit().await
    }

    /// One's own review, while it can be written: not handed in, and the application not withdrawn or decided.
    async fn open_review(&self, tx: &Tx, id: ApplicationId) -> Result<review_entity::Model> {
        let here = Here::lock(tx, id).await?;
        let review = store::review::own(tx, id, self.signed_in()?).await?.ok_or(Error::NotFound)?;
        if review.handed_in_at.is_some() || here.node() != Node::At(Kind::ExpertReview) {
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
        let here = Here::of(&tx, tx.find::<application::Entity>(id).await?).await?;
        if let Some(review) = store::review::own(&tx, id, me).await?
            && review.handed_in_at.is_none()
        {
            tx.delete(review.into_active_model()).await?;
            if here.node() == Node::At(Kind::ExpertReview) {
                store::review::advance(&mut tx, id, State::InReview, State::Submitted).await?;
                record(&mut tx, id, Way::at(here.node(), Deed::GiveBackReview, "")).await?;
            }
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
