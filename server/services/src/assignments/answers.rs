//! Verbs of reviewers who are asked: look at what it is about, say yes, or say no with a reason; then somebody else is
//! asked in their place, a few times, and then officers are told.

use std::collections::BTreeSet;

use domain::{
    application::Draft,
    assignment as rules,
    id::{ApplicationId, PersonId},
    period::brussels_day,
    policy::Action,
    reviewer::Disclosure,
    scope::Scope,
    workflow::edge::{Circumstances, Deed},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel, prelude::Uuid};
use serde_json::json;

use super::{Outcome, Summary, facts::Facts};
use crate::{
    desk::Desk,
    error::{Error, Result},
    jobs::Job,
    reviewers,
    reviews::{Case, cases},
    steps::Here,
    store::{
        self, Tx,
        entity::{application, assignment},
    },
};

/// One line of what a reviewer is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub case: Case,
    pub summary: Summary,
    /// The terms of what it is under are accepted; before that neither project nor company is told.
    pub is_open: bool,
}

impl Asked {
    fn sealed(mut self) -> Self {
        self.case.organisation = String::new();
        self.summary.title = String::new();
        self.summary.summary = String::new();
        self.is_open = false;
        self
    }
}

/// What a reviewer reads before they answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRead {
    pub asked: Asked,
    pub state: rules::State,
}

impl Desk {
    /// What this reviewer is asked for and has not answered, first due first. What a conflict hides is not in it.
    pub async fn list_asked(&self) -> Result<Vec<Asked>> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadAssigned).await?;
        let rows = store::assignment::of_person(&tx, me).await?;
        let seen = store::assignment::seen(&tx, rows.iter().map(|row| row.application_id).collect()).await?;
        let cases = cases(&tx, &seen).await?;
        let scopes = reviewers::scope_rules(&tx).await?;
        let today = brussels_day(self.now);
        let accepted = reviewers::accepted(&tx, me, today).await?;
        let asked = rows.iter().filter_map(|row| {
            let application = seen.iter().find(|one| one.id == row.application_id)?;
            let case = cases.iter().find(|case| case.id == row.application_id)?;
            let disclosure = scopes.of(application, today).disclosure;
            let asked = Asked { case: case.clone(), summary: summary(application, row, disclosure), is_open: true };
            let is_open = Scope::of(&application.mode, application.call_id).is_some_and(|of| accepted.contains(&of));
            Some(if is_open { asked } else { asked.sealed() })
        });
        Ok(asked.collect())
    }

    /// Under what this reviewer is asked for it: whose terms come first.
    pub async fn scope_of_asked(&self, id: ApplicationId) -> Result<Scope> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadAssigned).await?;
        let application = tx.find::<application::Entity>(id).await?;
        store::assignment::of_pair(&tx, id, me).await?.ok_or(Error::NotFound)?;
        Scope::of(&application.mode, application.call_id).ok_or(Error::NotFound)
    }

    pub async fn read_asked(&self, id: ApplicationId) -> Result<AskedRead> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadAssigned).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let row = store::assignment::of_pair(&tx, id, me).await?.ok_or(Error::NotFound)?;
        reviewers::has_accepted(&tx, me, &application).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let scopes = reviewers::scope_rules(&tx).await?;
        let disclosure = scopes.of(&application, brussels_day(self.now)).disclosure;
        let summary = summary(&application, &row, disclosure);
        Ok(AskedRead { asked: Asked { case, summary, is_open: true }, state: row.state })
    }

    /// Yes: the review is theirs to write.
    pub async fn accept_assignment(&self, id: ApplicationId) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AnswerAssignment).await?;
        let here = self.answerable(&tx, id).await?;
        let row = self.to_answer(&tx, id, me).await?;
        let mut row = row.into_active_model();
        row.state = Set(rules::State::Accepted);
        row.answered_at = Set(Some(self.now));
        tx.update(row).await?;
        self.open(&mut tx, &here, me, Deed::TakeReview).await?;
        tx.commit().await
    }

    /// No, with a reason. Somebody else is asked at once, or officers are told.
    pub async fn decline_assignment(&self, id: ApplicationId, reason: &str) -> Result<()> {
        let reason = rules::decline(reason)?;
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AnswerAssignment).await?;
        self.answerable(&tx, id).await?;
        let row = self.to_answer(&tx, id, me).await?;
        let asked = row.id;
        let mut row = row.into_active_model();
        row.state = Set(rules::State::Declined);
        row.answered_at = Set(Some(self.now));
        row.reason = Set(reason);
        tx.update(row).await?;
        tx.event(id, "review_declined", json!({})).await?;
        tx.enqueue(&Job::SubstituteReview(asked), self.now, None).await?;
        tx.commit().await
    }

    /// Locked, so that a withdrawal or a decision cannot come between.
    async fn answerable(&self, tx: &Tx, id: ApplicationId) -> Result<Here> {
        let here = Here::lock(tx, id).await?;
        // What the applicant is asked stops the clock, not an answer to whether one has the time.
        here.take(self, Deed::TakeReview, &Circumstances::default())?;
        Ok(here)
    }

    async fn to_answer(&self, tx: &Tx, id: ApplicationId, me: PersonId) -> Result<assignment::Model> {
        let row = store::assignment::of_pair(tx, id, me).await?.ok_or(Error::NotFound)?;
        row.state.answer().map_err(|problem| Error::invalid("", problem))?;
        Ok(row)
    }

    /// Asks the next best in the place of whoever said no, unless enough were asked in vain or nobody is left. Nothing
    /// if that place is taken meanwhile, or the application needs no more reviews.
    pub(crate) async fn substitute_review(&self, id: Uuid) -> Result<()> {
        let mut tx = self.begin(Action::SubstituteReview).await?;
        let row = tx.find::<assignment::Entity>(id).await?;
        let here = Here::lock(&tx, row.application_id).await?;
        if row.state.is_live() || here.take(self, Deed::GiveReview, &Circumstances::default()).is_err() {
            return Ok(());
        }
        let application = here.application;
        let facts = Facts::read(&tx, vec![application.clone()]).await?;
        if facts.subject(application.id).is_none_or(|subject| subject.needs() == 0) {
            return Ok(());
        }
        let most = rules::terms(brussels_day(self.now)).tries;
        let outcome = if row.tries < most { facts.reckoned(&[], &BTreeSet::new(), 1)? } else { Outcome::default() };
        match outcome.items.first().and_then(|item| facts.judge(item.reviewer)) {
            Some(judge) => self.offer(&mut tx, &application, &judge.person, None, row.tries + 1).await?,
            None => self.tell_officers(&mut tx, &application).await?,
        }
        tx.commit().await
    }

    /// A request that nobody answered in time lapses, and the next best is asked.
    pub(crate) async fn lapse_asked_reviews(&self, most: u64) -> Result<usize> {
        let tx = self.begin(Action::ReadDeadlines).await?;
        let unanswered = store::assignment::unanswered(&tx, most).await?;
        drop(tx);
        for row in &unanswered {
            let mut tx = self.begin(Action::WatchDeadlines).await?;
            tx.lock::<application::Entity>(row.application_id).await?;
            let still = store::assignment::of_pair(&tx, row.application_id, row.person_id).await?;
            if still.is_some_and(|row| row.state == rules::State::Offered) {
                release(&mut tx, row.application_id, row.person_id).await?;
                tx.event(row.application_id, "review_unanswered", json!({})).await?;
                tx.commit().await?;
            }
        }
        Ok(unanswered.len())
    }

    /// Whoever is asked although a conflict of theirs is in force is not any more: what was found while a review was
    /// being given out.
    pub(crate) async fn release_conflicted(&self) -> Result<()> {
        let mut tx = self.begin(Action::SubstituteReview).await?;
        for row in store::assignment::in_conflict(&tx).await? {
            release(&mut tx, row.application_id, row.person_id).await?;
        }
        tx.commit().await
    }
}

/// Everything that the plan asks for is in: nobody is asked any more.
pub(crate) async fn close(tx: &mut Tx, application: ApplicationId) -> Result<()> {
    let now = tx.now();
    for row in store::assignment::live_of(tx, application).await? {
        if row.state == rules::State::Offered {
            let mut row = row.into_active_model();
            row.state = Set(rules::State::Released);
            row.answered_at = Set(Some(now));
            tx.update(row).await?;
        }
    }
    Ok(())
}

/// Whoever accepted and is late: somebody else is asked as well. Says how many that were.
pub(crate) async fn release_late(tx: &mut Tx, application: ApplicationId, late: &[PersonId]) -> Result<usize> {
    let mut count = 0;
    for row in store::assignment::live_of(tx, application).await? {
        if row.state == rules::State::Accepted && late.contains(&row.person_id) {
            release(tx, application, row.person_id).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// A conflict of interest came to light, or the time to answer is over: whoever was asked is not any more, and somebody else will be.
pub(crate) async fn release(tx: &mut Tx, application: ApplicationId, person: PersonId) -> Result<()> {
    let Some(row) = store::assignment::of_pair(tx, application, person).await? else { return Ok(()) };
    if !row.state.is_live() {
        return Ok(());
    }
    let (id, now) = (row.id, tx.now());
    let mut row = row.into_active_model();
    row.state = Set(rules::State::Released);
    row.answered_at = Set(Some(now));
    tx.update(row).await?;
    tx.enqueue(&Job::SubstituteReview(id), now, None).await
}

/// As much as the mode lets reviewers see before an application is theirs.
fn summary(application: &application::Model, row: &assignment::Model, disclosure: Disclosure) -> Summary {
    let draft: Draft = serde_json::from_str(&application.draft).unwrap_or_default();
    Summary {
        title: draft.get("title").to_owned(),
        summary: if disclosure == Disclosure::Summary { draft.get("abstract").to_owned() } else { String::new() },
        offered_at: row.offered_at,
        answer_due_at: row.answer_due_at,
        review_due_at: row.review_due_at,
    }
}
