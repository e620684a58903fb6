//! Verbs of reviewers: the queue in order of arrival, and one's own reviews.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    actor::Stand,
    application::State,
    id::{ApplicationId, PersonId},
    mode::Code,
    period::brussels_day,
    policy::Action,
    problem::Problem,
    review::{self, Draft, Rubric},
    scope::Scope,
    workflow::{
        Kind, StepOutcome, clock,
        edge::{Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use text::mail::Mail;

use crate::{
    assignments,
    calls::{
        answers::{CallAnswers, answers_of},
        blind_among, terms_of,
    },
    decisions::HandedIn,
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviewers,
    steps::{Course, Here, StepClock, Way, plan_of, record, touch},
    store::{
        self, Letter, Tx,
        entity::{application, review as review_entity},
        rows::{ApplicationRow, ReviewRow},
    },
};

/// One line of a queue or board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: ApplicationId,
    pub reference: String,
    pub mode: String,
    /// Whose terms it is reviewed under.
    pub scope: Scope,
    /// Empty where reviewers are not told.
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
    /// The call's, or the mode's.
    pub rubric: Rubric,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
    /// What others wrote of it, by whom is not said; empty until one's own is handed in.
    pub others: Vec<HandedIn>,
    /// The reviewer is not told whose it is.
    pub is_blind: bool,
    /// What came before: assessments and answers of the applicant.
    pub course: Course,
}

/// Cases of these rows, in their order.
pub(crate) async fn cases(tx: &Tx, rows: &[application::Model]) -> Result<Vec<Case>> {
    let names = store::review::names(tx, rows).await?;
    let clocks = store::step::active_of(tx, rows).await?;
    let blind = blind_ones(tx, rows).await?;
    Ok(rows
        .iter()
        .map(|row| Case {
            clock: clocks.get(&row.id).map(StepClock::of),
            id: row.id,
            reference: row.reference.clone().unwrap_or_default(),
            mode: row.mode.clone(),
            scope: Scope::of(&row.mode, row.call_id).unwrap_or(Scope::Mode(Code::PG)),
            organisation: names
                .get(&row.organisation_id)
                .filter(|_| !blind.contains(&row.id))
                .cloned()
                .unwrap_or_default(),
            state: row.state,
            submitted_at: row.submitted_at,
            due_at: row.due_at,
            is_reviewed: clocks.get(&row.id).is_some_and(|step| step.kind == Kind::Decision),
        })
        .collect())
}

/// Those of these rows of which a reviewer is not told whose they are, if a reviewer asks.
async fn blind_ones(tx: &Tx, rows: &[application::Model]) -> Result<BTreeSet<ApplicationId>> {
    if tx.actor().stand != Stand::Reviewer || rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let scopes = reviewers::scope_rules(tx).await?;
    let today = brussels_day(tx.now());
    let mut blind = blind_among(tx, rows).await?;
    blind.extend(rows.iter().filter(|row| scopes.of(row, today).blind).map(|row| row.id));
    Ok(blind)
}

impl Desk {
    pub(crate) fn signed_in(&self) -> Result<PersonId> {
        self.actor.person.ok_or(Error::NotFound)
    }

    /// The actor as the second of two: a person, and not the one who asked.
    pub(crate) fn second_of(&self, first: Option<PersonId>) -> Result<PersonId> {
        self.actor
            .person
            .filter(|person| Some(*person) != first)
            .ok_or_else(|| Error::invalid("", Problem::SecondSignatureSame))
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
    /// Errors with what keeps this reviewer from it: their absence, their limit, terms not accepted.
    pub async fn take_next(&self) -> Result<ApplicationId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReviewApplication).await?;
        reviewers::can_take(&tx, me).await?;
        let here = loop {
            let found = store::review::first_waiting(&tx, me, 1).await?.pop().ok_or(Error::NotFound)?;
            reviewers::has_accepted(&tx, me, &found).await?;
            let here = Here::lock(&tx, found.id).await?;
            // Somebody may have been faster.
            let still = store::review::first_waiting(&tx, me, 1).await?.pop().ok_or(Error::NotFound)?;
            if still.id == found.id {
                break here;
            }
        };
        here.take(self, Deed::TakeReview, &here.circumstances())?;
        self.open(&mut tx, &here, me, Deed::TakeReview).await?;
        tx.commit().await?;
        Ok(here.application.id)
    }

    /// Gives an application to a reviewer: the first, or one more where reviews disagree. Never to somebody with a
    /// conflict, away, or with as much as they take on.
    pub async fn give_review(&self, id: ApplicationId, person: PersonId) -> Result<()> {
        let mut tx = self.begin(Action::GiveReview).await?;
        let here = Here::lock(&tx, id).await?;
        here.take(self, Deed::GiveReview, &here.circumstances())?;
        if !store::reviewer::is_reviewer(&tx, person).await? {
            return Err(Error::invalid("", Problem::NotAChoice));
        }
        let companies = store::review::companies(&tx, person).await?;
        if companies.contains(&here.application.organisation_id) || store::review::has_conflict(&tx, id, person).await?
        {
            return Err(Error::invalid("", Problem::ConflictOfInterest));
        }
        reviewers::can_take(&tx, person).await?;
        self.open(&mut tx, &here, person, Deed::GiveReview).await?;
        let days = plan_of(&tx, &here.application).await?.step(Kind::ExpertReview).map_or(1, |step| step.working_days);
        let mail = Mail::ReviewGiven {
            reference: here.reference(),
            due: clock::due(self.now, None, days),
            link: self.link(&format!("/review/{id}")),
        };
        let reader = store::account::person(&tx, person).await?;
        tx.mail(Letter::to(&reader, mail)).await?;
        tx.commit().await
    }

    /// The review is theirs to write. What has as many as its plan asks for waits for nobody else.
    pub(crate) async fn open(&self, tx: &mut Tx, here: &Here, reviewer: PersonId, deed: Deed) -> Result<()> {
        let application = here.application.id;
        let since = here.active().and_then(|step| step.substituted_at);
        let others = store::step::reviews_under_way(tx, application, since).await?;
        if others + 1 >= u64::from(plan_of(tx, &here.application).await?.reviews) {
            store::review::advance(tx, application, State::Submitted, State::InReview).await?;
        }
        let id = tx.new_id();
        tx.insert(review_entity::ActiveModel {
            id: Set(id),
            application_id: Set(application),
            reviewer_id: Set(reviewer),
            draft: Set(serde_json::to_string(&Draft::default())?),
            total: Set(None),
            advice: Set(None),
            opened_at: Set(self.now),
            handed_in_at: Set(None),
            version: Set(1),
        })
        .await
        .on_unique("", Problem::AlreadyDone)?;
        record(tx, application, Way::at(here.node(), deed, "")).await
    }

    /// The scope of the application that waits first, for whose terms a reviewer is asked before they take it.
    pub async fn first_waiting_scope(&self) -> Result<Scope> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let first = store::review::first_waiting(&tx, me, 1).await?.pop().ok_or(Error::NotFound)?;
        Scope::of(&first.mode, first.call_id).ok_or(Error::NotFound)
    }

    /// An application this actor may see, as a line: for declaring a conflict before anything of it is read.
    pub async fn case(&self, id: ApplicationId) -> Result<Case> {
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)
    }

    /// One's own review of an application; `NotFound` if one has none or a conflict hides it. Errors with
    /// `TermsNotAccepted` before anything of it is read.
    pub async fn review_case(&self, id: ApplicationId) -> Result<ReviewCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let review = store::review::own(&tx, id, me).await?.ok_or(Error::NotFound)?;
        reviewers::has_accepted(&tx, me, &application).await?;
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        let others = store::review::of_application(&tx, id).await?;
        let others = others.into_iter().filter(|row| row.reviewer_id != me).filter_map(HandedIn::of).collect();
        let is_blind = blind_ones(&tx, std::slice::from_ref(&application)).await?.contains(&id);
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let draft = serde_json::from_str(&review.draft)?;
        let course = Course::read(&tx, &application).await?;
        Ok(ReviewCase { case, application, review, draft, rubric, answers, others, is_blind, course })
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
        let here = Here::lock(&tx, id).await?;
        let handed_in = store::review::reviewers(&tx, id).await?.len();
        let needed = usize::try_from(plan_of(&tx, &here.application).await?.reviews).unwrap_or(usize::MAX);
        if handed_in >= needed && here.node() == Node::At(Kind::ExpertReview) {
            here.take(self, Deed::CompleteReviews, &here.circumstances())?;
            assignments::close(&mut tx, id).await?;
            self.next_step(&mut tx, here, Deed::CompleteReviews, StepOutcome::Reviewed, "").await?;
        } else {
            here.take(self, Deed::HandInReview, &here.circumstances())?;
            record(&mut tx, id, Way::at(here.node(), Deed::HandInReview, "")).await?;
            // Whoever has the decision before them has something new to read.
            touch(&mut tx, here.application).await?;
        }
        tx.commit().await
    }

    /// One's own review, while it can be written: not handed in, and the application not withdrawn or decided.
    async fn open_review(&self, tx: &Tx, id: ApplicationId) -> Result<review_entity::Model> {
        let here = Here::lock(tx, id).await?;
        let me = self.signed_in()?;
        let review = store::review::own(tx, id, me).await?.ok_or(Error::NotFound)?;
        reviewers::has_accepted(tx, me, &here.application).await?;
        // One more review may come in until it is decided.
        let is_open = matches!(here.node(), Node::At(kind) if kind >= Kind::ExpertReview);
        if review.handed_in_at.is_some() || !is_open {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        Ok(review)
    }
}
