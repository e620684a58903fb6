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

use super::{Here, kept, plan_of};
use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
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
