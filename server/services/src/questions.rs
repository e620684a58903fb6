//! Verbs of questions after submission: asked with a deadline, answered on a page; meanwhile the clock stands still.
//!
//! Refuses to conclude anything from silence: whoever can decide is told, and nothing else.

use chrono::{DateTime, Utc};
use domain::{
    actor::Group,
    id::{ApplicationId, QuestionId},
    policy::Action,
    problem::Problem,
    workflow::{
        clock,
        edge::{Circumstances, Deed},
        question::{self, State, Typed},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
    steps::{Here, Way, kept, opens, record, touch},
    store::{
        self, Letter, Tx,
        entity::{application, question as row},
        rows::{ApplicationRow, QuestionRow},
    },
};

/// What the applicant is asked, and what they typed.
#[derive(Debug, Clone)]
pub struct QuestionCase {
    pub application: ApplicationRow,
    pub question: QuestionRow,
}

impl Desk {
    /// Asks the applicant; the clock stops. An operator asks about what their site assesses.
    pub async fn ask_question(&self, id: ApplicationId, typed: &Typed) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskQuestion).await?;
        let here = self.asking(&tx, id).await?;
        let (text, due) = question::ask(typed, self.now)?;
        let step = here.active().ok_or(Error::NotFound)?.kind;
        let question = row::ActiveModel {
            id: Set(tx.new_id()),
            application_id: Set(id),
            step: Set(step),
            state: Set(State::Open),
            text: Set(text),
            asked_by: Set(me),
            asked_group: Set(self.actor.group().code().to_owned()),
            asked_at: Set(self.now),
            due_at: Set(Some(due)),
            draft: Set(String::new()),
            answer: Set(None),
            answered_by: Set(None),
            answered_at: Set(None),
        };
        let question = tx.insert(question).await.on_unique("", Problem::AnswerAwaited)?;
        self.sent(&mut tx, here, &question).await?;
        tx.commit().await
    }

    async fn asking(&self, tx: &Tx, id: ApplicationId) -> Result<Here> {
        let here = Here::lock(tx, id).await?;
        let seen = match self.actor.group() {
            Group::Officer => here.for_officer(tx, self).await?,
            _ => here.circumstances(),
        };
        here.take(self, Deed::Ask, &seen)?;
        Ok(here)
    }

    /// The clock stops, the applicant is told.
    async fn sent(&self, tx: &mut Tx, here: Here, question: &row::Model) -> Result<()> {
        let mut step = here.active().cloned().ok_or(Error::NotFound)?.into_active_model();
        step.stopped_at = Set(Some(self.now));
        tx.update(step).await?;
        let due = question.due_at.unwrap_or(self.now);
        let link = self.link(&format!("/applications/{}/answer", here.application.id));
        for person in store::allocation::addressees(tx, here.application.organisation_id).await? {
            let mail = Mail::QuestionAsked {
                reference: here.reference(),
                question: question.text.clone(),
                due,
                link: link.clone(),
            };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        let way = Way::at(here.node(), Deed::Ask, &question.text).with(json!({ "until": due }));
        record(tx, here.application.id, way).await?;
        touch(tx, here.application).await
    }

    /// A reviewer would like to know something: an officer passes it on or drops it. Only about what one reviews.
    pub async fn suggest_question(&self, id: ApplicationId, text: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::SuggestQuestion).await?;
        let here = Here::lock(&tx, id).await?;
        let own = store::review::own(&tx, id, me).await?.ok_or(Error::NotFound)?;
        if own.handed_in_at.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        here.take(self, Deed::SuggestQuestion, &here.circumstances())?;
        let typed = Typed { text: text.to_owned(), days: question::DAYS_USUAL.to_string() };
        let (text, _) = question::ask(&typed, self.now)?;
        let suggested = row::ActiveModel {
            id: Set(tx.new_id()),
            application_id: Set(id),
            step: Set(here.active().ok_or(Error::NotFound)?.kind),
            state: Set(State::Proposed),
            text: Set(text.clone()),
            asked_by: Set(me),
            asked_group: Set(self.actor.group().code().to_owned()),
            asked_at: Set(self.now),
            due_at: Set(None),
            draft: Set(String::new()),
            answer: Set(None),
            answered_by: Set(None),
            answered_at: Set(None),
        };
        tx.insert(suggested).await?;
        record(&mut tx, id, Way::at(here.node(), Deed::SuggestQuestion, &text)).await?;
        tx.commit().await
    }

    /// Where a reviewer would like to know something that an officer has not passed on or dropped.
    pub async fn suggested_questions(&self) -> Result<Vec<Case>> {
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let ids = store::question::suggested(&tx, 50).await?;
        let rows = store::assignment::seen(&tx, ids).await?;
        cases(&tx, &rows).await
    }

    /// An officer asks what a reviewer would like to know, in words of their own if they choose.
    pub async fn pass_on_question(&self, id: ApplicationId, question: QuestionId, typed: &Typed) -> Result<()> {
        let mut tx = self.begin(Action::AskQuestion).await?;
        let here = self.asking(&tx, id).await?;
        let found = suggested(&tx, id, question).await?;
        let (text, due) = question::ask(typed, self.now)?;
        let mut row = found.into_active_model();
        row.state = Set(State::Open);
        row.step = Set(here.active().ok_or(Error::NotFound)?.kind);
        row.text = Set(text);
        row.due_at = Set(Some(due));
        row.asked_at = Set(self.now);
        let question = tx.update(row).await.on_unique("", Problem::AnswerAwaited)?;
        self.sent(&mut tx, here, &question).await?;
        tx.commit().await
    }

    pub async fn drop_question(&self, id: ApplicationId, question: QuestionId) -> Result<()> {
        let mut tx = self.begin(Action::AskQuestion).await?;
        let here = Here::lock(&tx, id).await?;
        here.take(self, Deed::DropQuestion, &here.circumstances())?;
        let found = suggested(&tx, id, question).await?;
        record(&mut tx, id, Way::at(here.node(), Deed::DropQuestion, &found.text)).await?;
        let mut row = found.into_active_model();
        row.state = Set(State::Dropped);
        tx.update(row).await?;
        tx.commit().await
    }

    /// What the applicant can answer now; `NotFound` if they are asked nothing.
    pub async fn question_case(&self, id: ApplicationId) -> Result<QuestionCase> {
        let tx = self.begin(Action::ReadApplication).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let here = Here::of(&tx, application).await?;
        let question = answerable(&tx, &here).await?.ok_or(Error::NotFound)?;
        Ok(QuestionCase { application: here.application, question })
    }

    /// Keeps what was typed, whatever it is.
    pub async fn save_answer(&self, id: ApplicationId, question: QuestionId, text: &str) -> Result<()> {
        let mut tx = self.begin(Action::AnswerQuestion).await?;
        let (_, found) = self.answering(&tx, id, question).await?;
        keep(&mut tx, found, text).await?;
        tx.commit().await
    }

    /// Answers; the clock of the step runs again, later by the time it stood. What was typed is kept either way.
    pub async fn answer_question(&self, id: ApplicationId, question: QuestionId, text: &str) -> Result<()> {
        self.save_answer(id, question, text).await?;
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AnswerQuestion).await?;
        let (here, found) = self.answering(&tx, id, question).await?;
        let text = question::answer(text)?;
        let asked = found.asked_at;
        let asker = store::account::person(&tx, found.asked_by).await?;
        let folder = match found.asked_group.as_str() {
            group if group == Group::Operator.code() => "/site/assessments",
            group if group == Group::Reviewer.code() => "/review",
            _ => "/cases",
        };
        let mut row = found.into_active_model();
        row.state = Set(State::Answered);
        row.answer = Set(Some(text.clone()));
        row.answered_by = Set(Some(me));
        row.answered_at = Set(Some(self.now));
        tx.update(row).await?;
        record(&mut tx, id, Way::at(here.node(), Deed::Answer, &text)).await?;
        let link = self.link(&format!("{folder}/{id}"));
        let of = (id, here.application.organisation_id);
        for asker in store::step::may_see(&tx, of, vec![asker]).await? {
            let mail = Mail::QuestionAnswered { reference: here.reference(), link: link.clone() };
            tx.mail(Letter::to(&asker, mail)).await?;
        }
        self.resume(&mut tx, here, asked).await?;
        tx.commit().await
    }

    async fn answering(&self, tx: &Tx, id: ApplicationId, question: QuestionId) -> Result<(Here, row::Model)> {
        let here = Here::lock(tx, id).await?;
        let found = answerable(tx, &here).await?.filter(|found| found.id == question);
        let seen = Circumstances { can_answer: found.is_some(), ..here.circumstances() };
        here.take(self, Deed::Answer, &seen)?;
        Ok((here, found.ok_or(Error::NotFound)?))
    }

    /// The clock runs again; the answer that was promised comes as much later as the question stood. Time before the
    /// cut-off, from which a mode's clock runs, was never lost.
    async fn resume(&self, tx: &mut Tx, here: Here, asked: DateTime<Utc>) -> Result<()> {
        let Some(step) = here.active().cloned() else { return touch(tx, here.application).await };
        let Some((stopped, due)) = step.stopped_at.zip(step.due_at) else {
            // Answered late: nothing stood still any more, but whoever decides has something new to read.
            return touch(tx, here.application).await;
        };
        let opens = opens(tx, &here.application).await?.unwrap_or(asked);
        let (asked, stopped, now) = (asked.max(opens), stopped.max(opens), self.now.max(opens));
        let mut row = step.into_active_model();
        let later = clock::extended(due, stopped, now);
        row.stopped_at = Set(None);
        row.due_at = Set(Some(later));
        if self.now <= later {
            // A deadline that lies ahead again is missed anew or not at all.
            row.escalations = Set(0);
        }
        tx.update(row).await?;
        let promised = here.application.due_at.map(|due| clock::extended(due, asked, now));
        let version = here.application.version + 1;
        let mut application = here.application.into_active_model();
        application.due_at = Set(promised);
        application.updated_at = Set(self.now);
        application.version = Set(version);
        tx.update(application).await?;
        Ok(())
    }

    /// Its time ran out: the officers are told, the clock runs again. Says whether it was still open.
    pub(crate) async fn lapse_question(&self, tx: &mut Tx, id: QuestionId) -> Result<bool> {
        let found = tx.find::<row::Entity>(id).await?;
        let here = Here::lock(tx, found.application_id).await?;
        let Some(found) = here.question.clone().filter(|open| open.id == id) else { return Ok(false) };
        let Some(due) = found.due_at.filter(|due| *due < self.now) else { return Ok(false) };
        let asked = found.asked_at;
        let seen = Circumstances { is_overdue: true, ..here.circumstances() };
        here.take(self, Deed::LapseQuestion, &seen)?;
        let mut row = found.into_active_model();
        row.state = Set(State::Lapsed);
        tx.update(row).await?;
        let application = &here.application;
        let link = self.link(&format!("/cases/{}", application.id));
        for person in store::step::officers(tx, application.id, application.organisation_id).await? {
            let mail = Mail::QuestionLapsed { reference: here.reference(), due, link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        record(tx, application.id, Way::at(here.node(), Deed::LapseQuestion, "")).await?;
        self.resume(tx, here, asked).await?;
        Ok(true)
    }
}

async fn suggested(tx: &Tx, id: ApplicationId, question: QuestionId) -> Result<row::Model> {
    let found = tx.lock::<row::Entity>(question).await?;
    if found.application_id != id {
        return Err(Error::NotFound);
    }
    if found.state == State::Proposed { Ok(found) } else { Err(Error::invalid("", Problem::AlreadyDone)) }
}

/// The question that waits; without one, the last of this step whose time ran out.
async fn answerable(tx: &Tx, here: &Here) -> Result<Option<row::Model>> {
    let Some(active) = here.active() else { return Ok(None) };
    if here.question.is_some() {
        return Ok(here.question.clone());
    }
    let all = store::question::of_application(tx, here.application.id).await?;
    Ok(all.into_iter().rev().find(|row| row.state.can_be_answered() && row.step == active.kind))
}

async fn keep(tx: &mut Tx, question: row::Model, text: &str) -> Result<()> {
    let text = kept(text, 10_000);
    let mut row = question.into_active_model();
    row.draft = Set(text);
    tx.update(row).await?;
    Ok(())
}
