//! The applicant's answer to the reviews: once, within its words and its working days. Nobody's silence decides.

use chrono::{DateTime, Utc};
use domain::{
    id::ApplicationId,
    policy::Action,
    problem::Problem,
    review::Draft,
    workflow::{
        Kind, StepOutcome, appeal,
        edge::{Circumstances, Deed},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use super::{Here, kept, plan_of};
use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Letter, Tx,
        entity::{application, rebuttal},
        rows::ApplicationRow,
    },
};

/// What the applicant answers, and what they typed.
#[derive(Debug, Clone)]
pub struct ReplyCase {
    pub application: ApplicationRow,
    /// What the reviewers wrote for the applicant. No names, no grades.
    pub comments: Vec<String>,
    /// Typed so far, or handed in.
    pub text: String,
    pub handed_in_at: Option<DateTime<Utc>>,
    pub words_max: i64,
    /// Until when; `None` if this is not the time.
    pub until: Option<DateTime<Utc>>,
}

impl Desk {
    /// The comments on one's application and the answer to them; `NotFound` before the reviews are in.
    pub async fn reply_case(&self, id: ApplicationId) -> Result<ReplyCase> {
        let tx = self.begin(Action::ReadApplication).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let here = Here::of(&tx, application).await?;
        let step = here.steps.iter().find(|step| step.kind == Kind::Rebuttal && step.begun_at.is_some());
        let step = step.ok_or(Error::NotFound)?;
        let is_stopped = here.active().is_some_and(|step| step.stopped_at.is_some());
        let until = here.active().filter(|active| active.kind == Kind::Rebuttal).and(step.due_at);
        let drafts = store::step::review_drafts(&tx, id).await?;
        let comments = drafts.iter().map(|draft| Ok(serde_json::from_str::<Draft>(draft)?.to_applicant));
        let typed = store::step::rebuttal(&tx, id).await?;
        Ok(ReplyCase {
            comments: comments.collect::<Result<_>>()?,
            text: typed.as_ref().map(|row| row.text.clone()).unwrap_or_default(),
            handed_in_at: typed.and_then(|row| row.handed_in_at),
            words_max: i64::from(plan_of(&tx, &here.application).await?.rebuttal_words),
            until: until.filter(|until| is_stopped || self.now <= *until),
            application: here.application,
        })
    }

    /// Keeps what was typed, whatever it is.
    pub async fn save_reply(&self, id: ApplicationId, text: &str) -> Result<()> {
        let mut tx = self.begin(Action::ReplyToReviews).await?;
        let here = self.replying(&tx, id).await?;
        keep(&mut tx, &here, text).await?;
        tx.commit().await
    }

    /// Hands the answer in, once; the application goes on. What was typed is kept either way.
    pub async fn reply(&self, id: ApplicationId, text: &str) -> Result<()> {
        self.save_reply(id, text).await?;
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReplyToReviews).await?;
        let here = self.replying(&tx, id).await?;
        let max = i64::from(plan_of(&tx, &here.application).await?.rebuttal_words);
        let text = appeal::text(text, "reply", max)?;
        let mut row = keep(&mut tx, &here, &text).await?.into_active_model();
        row.handed_in_at = Set(Some(self.now));
        row.handed_in_by = Set(Some(me));
        tx.update(row).await?;
        self.next_step(&mut tx, here, Deed::Reply, StepOutcome::Replied, "").await?;
        tx.commit().await
    }

    async fn replying(&self, tx: &Tx, id: ApplicationId) -> Result<Here> {
        let here = Here::lock(tx, id).await?;
        let due = here.active().and_then(|step| step.due_at);
        // While an answer is awaited the clock stands still, for the applicant too.
        let is_running = here.active().is_some_and(|step| step.stopped_at.is_none());
        let is_overdue = is_running && due.is_some_and(|due| due < self.now);
        let seen = Circumstances { is_overdue, ..here.circumstances() };
        here.take(self, Deed::Reply, &seen)?;
        Ok(here)
    }

    /// Once before the window ends, with what was typed so far named: it is handed in by nobody but the applicant.
    pub(super) async fn remind_of_reply(&self, id: ApplicationId) -> Result<bool> {
        let mut tx = self.begin(Action::WatchDeadlines).await?;
        let here = Here::lock(&tx, id).await?;
        let Some(step) = here.active().filter(|step| step.kind == Kind::Rebuttal && step.escalations == 0) else {
            return Ok(false);
        };
        let due = step.due_at.filter(|due| step.stopped_at.is_none() && self.now <= *due);
        let Some(due) = due else { return Ok(false) };
        let typed = store::step::rebuttal(&tx, id).await?;
        let is_typed = typed.is_some_and(|row| !row.text.trim().is_empty());
        let (reference, link) = (here.reference(), self.link(&format!("/applications/{id}/reply")));
        for person in store::allocation::addressees(&tx, here.application.organisation_id).await? {
            let (reference, link) = (reference.clone(), link.clone());
            tx.mail(Letter::to(&person, Mail::ReplyEnds { reference, due, is_typed, link })).await?;
        }
        let mut row = step.clone().into_active_model();
        row.escalations = Set(1);
        tx.update(row).await?;
        tx.event(id, "reply_reminded", json!({ "due": due })).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Nobody answered in time: the application goes on, nothing is decided by that.
    pub(super) async fn lapse_reply(&self, tx: &mut Tx, here: Here) -> Result<()> {
        let seen = Circumstances { is_overdue: true, ..here.circumstances() };
        here.take(self, Deed::LapseReply, &seen)?;
        self.next_step(tx, here, Deed::LapseReply, StepOutcome::Lapsed, "").await
    }
}

async fn keep(tx: &mut Tx, here: &Here, text: &str) -> Result<rebuttal::Model> {
    let text = kept(text, 20_000);
    match store::step::rebuttal(tx, here.application.id).await? {
        Some(row) if row.handed_in_at.is_some() => Err(Error::invalid("", Problem::AlreadyDone)),
        Some(row) => {
            let mut row = row.into_active_model();
            row.text = Set(text);
            tx.update(row).await
        }
        None => {
            let id = here.application.id;
            tx.insert(rebuttal::ActiveModel {
                application_id: Set(id),
                text: Set(text),
                handed_in_at: Set(None),
                handed_in_by: Set(None),
            })
            .await
        }
    }
}
