//! What a missed deadline does: reminds, finds a substitute, tells the officers, one stage a pass. It skips no step and
//! decides nothing; only the applicant's own window to answer the reviews closes by itself.
//!
//! Takes no input and may run at any time, several at once.

use std::collections::HashSet;

use domain::{
    actor::StaffRole,
    application::State,
    id::{AppealId, ApplicationId, PersonId, QuestionId},
    policy::Action,
    workflow::{
        Kind,
        clock::Escalation,
        edge::{Circumstances, Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use super::{Here, Way, assessors, record};
use crate::{
    assignments,
    desk::Desk,
    error::{Each, Error, Result},
    store::{
        self, Letter, Tx,
        entity::{appeal, person, step},
    },
};

/// Of each kind in one pass.
const AT_ONCE: u64 = 200;

/// At most so many passes one after the other.
const PASSES: u32 = 50;

impl Desk {
    /// Everything that is past its deadline, a stage further. Says how much that was.
    pub async fn watch_deadlines(&self) -> Result<usize> {
        let mut done = 0;
        // Of one step one stage at a time, however late it is: whoever is reminded has a moment to act.
        let mut seen = HashSet::new();
        for _ in 0..PASSES {
            let moved = self.watch_once(&mut seen).await?;
            done += moved;
            if moved == 0 {
                break;
            }
        }
        Ok(done)
    }

    /// One pass over the first of each kind. What goes wrong with one keeps nobody else waiting.
    async fn watch_once(&self, seen: &mut HashSet<ApplicationId>) -> Result<usize> {
        let tx = self.begin(Action::ReadDeadlines).await?;
        let questions = store::question::overdue(&tx, AT_ONCE).await?;
        let steps = store::step::overdue(&tx, AT_ONCE).await?;
        let appeals = store::appeal::overdue(&tx, AT_ONCE).await?;
        let replies = store::step::replies_ending(&tx, AT_ONCE).await?;
        drop(tx);
        let mut each = Each::default();
        for id in questions {
            each.count(id, "a question could not lapse", self.lapse_asked(id).await.map(usize::from));
        }
        for step in steps.into_iter().filter(|step| seen.insert(step.application_id)) {
            let id = step.application_id;
            each.count(id, "a late step could not go a stage further", self.escalate(id).await.map(usize::from));
        }
        for step in replies {
            let id = step.application_id;
            each.count(id, "nobody could be reminded of a reply", self.remind_of_reply(id).await.map(usize::from));
        }
        for id in appeals {
            each.count(id, "nobody could be reminded of an appeal", self.remind_of_appeal(id).await.map(usize::from));
        }
        let lapsed = self.lapse_asked_reviews(AT_ONCE).await?;
        // The queue tries again, and says on record what it was.
        Ok(each.finish()? + lapsed)
    }

    async fn lapse_asked(&self, id: QuestionId) -> Result<bool> {
        let mut tx = self.begin(Action::WatchDeadlines).await?;
        let is_lapsed = self.lapse_question(&mut tx, id).await?;
        if is_lapsed {
            tx.commit().await?;
        }
        Ok(is_lapsed)
    }

    /// One stage for one step; false if somebody was faster.
    async fn escalate(&self, id: ApplicationId) -> Result<bool> {
        let mut tx = self.begin(Action::WatchDeadlines).await?;
        let here = Here::lock(&tx, id).await?;
        let Some(step) = here.active().filter(|step| step.stopped_at.is_none()).cloned() else { return Ok(false) };
        let Some(due) = step.due_at.filter(|due| *due < self.now) else { return Ok(false) };
        if step.kind == Kind::Rebuttal {
            self.lapse_reply(&mut tx, here).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let Some(stage) = Escalation::next(due, stages(&step), self.now) else { return Ok(false) };
        let seen = Circumstances { is_overdue: true, ..here.circumstances() };
        let deed = match stage {
            Escalation::Remind => Deed::Remind,
            Escalation::Substitute => Deed::Substitute,
            Escalation::Officers => Deed::Escalate,
        };
        here.take(self, deed, &seen)?;
        let mut row = step.clone().into_active_model();
        row.escalations = Set(step.escalations + 1);
        let told = match stage {
            Escalation::Remind => self.remind_step(&mut tx, &here, &step).await?,
            Escalation::Substitute => self.substitute(&mut tx, &here, &step, &mut row).await?,
            Escalation::Officers => {
                let officers = officers(&tx, &here).await?;
                self.write_to(&mut tx, &here, &officers, "/cases", |reference, link| Mail::StepLate {
                    reference,
                    step: step.kind,
                    due,
                    link,
                })
                .await?
            }
        };
        tx.update(row).await?;
        record(&mut tx, id, Way::at(here.node(), deed, "").with(json!({ "told": told, "due": due }))).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A mail to whom the step waits for.
    async fn remind_step(&self, tx: &mut Tx, here: &Here, step: &step::Model) -> Result<usize> {
        let due = step.due_at.unwrap_or(self.now);
        let (people, folder) = self.awaited(tx, here, step).await?;
        let mail = |reference, link| Mail::StepDue { reference, step: step.kind, due, link };
        self.write_to(tx, here, &people, folder, mail).await
    }

    /// Who is due, and where they do it.
    async fn awaited(&self, tx: &Tx, here: &Here, step: &step::Model) -> Result<(Vec<person::Model>, &'static str)> {
        let id = here.application.id;
        match (step.kind, step.site_id) {
            (Kind::ExpertReview, _) => {
                let takers = store::step::with_open_review(tx, id).await?;
                if !takers.is_empty() {
                    return Ok((takers, "/review"));
                }
            }
            (Kind::TechnicalAssessment, Some(site)) => {
                return Ok((assessors(tx, &here.application, site).await?, "/site/assessments"));
            }
            _ => {}
        }
        Ok((officers(tx, here).await?, "/cases"))
    }

    /// Somebody else may take it: another reviewer, or an officer who is named and told.
    async fn substitute(
        &self,
        tx: &mut Tx,
        here: &Here,
        step: &step::Model,
        row: &mut step::ActiveModel,
    ) -> Result<usize> {
        let id = here.application.id;
        let late: Vec<PersonId> = match step.kind {
            Kind::ExpertReview => store::step::with_open_review(tx, id).await?.iter().map(|person| person.id).collect(),
            _ => Vec::new(),
        };
        if !late.is_empty() {
            // Given out anew, or back in its place in the queue; whoever has it may still hand in.
            row.substituted_at = Set(Some(self.now));
            store::review::advance(tx, id, State::InReview, State::Submitted).await?;
            return assignments::release_late(tx, id, &late).await;
        }
        let mut free = officers(tx, here).await?;
        free.retain(|person| Some(person.id) != step.in_charge);
        let mut chosen: Option<(u64, person::Model)> = None;
        for person in free {
            let load = store::step::in_charge_of(tx, person.id).await?;
            if chosen.as_ref().is_none_or(|(least, _)| load < *least) {
                chosen = Some((load, person));
            }
        }
        let Some((_, person)) = chosen else { return Ok(0) };
        row.in_charge = Set(Some(person.id));
        let due = step.due_at.unwrap_or(self.now);
        let mail = |reference, link| Mail::StepTakenOver { reference, step: step.kind, due, link };
        self.write_to(tx, here, std::slice::from_ref(&person), "/cases", mail).await
    }

    async fn write_to(
        &self,
        tx: &mut Tx,
        here: &Here,
        people: &[person::Model],
        folder: &str,
        mail: impl Fn(String, String) -> Mail,
    ) -> Result<usize> {
        let link = self.link(&format!("{folder}/{}", here.application.id));
        for person in people {
            tx.mail(Letter::to(person, mail(here.reference(), link.clone()))).await?;
        }
        Ok(people.len())
    }

    /// Once, to every officer who may judge it.
    async fn remind_of_appeal(&self, id: AppealId) -> Result<bool> {
        let mut tx = self.begin(Action::WatchDeadlines).await?;
        let found = tx.lock::<appeal::Entity>(id).await?;
        if found.reminded_at.is_some() || found.decided_at.is_some() {
            return Ok(false);
        }
        let here = Here::lock(&tx, found.application_id).await?;
        let due = found.due_at;
        let mut officers = self.judges(&tx, &here).await?;
        if officers.is_empty() {
            // Everybody who decides took part: whoever can appoint somebody else has to know.
            officers = store::assignment::holders(&tx, StaffRole::Administrator).await?;
        }
        self.write_to(&mut tx, &here, &officers, "/cases", |reference, link| Mail::AppealFiled {
            reference,
            due,
            link,
        })
        .await?;
        let mut row = found.into_active_model();
        row.reminded_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn stages(step: &step::Model) -> usize {
    usize::try_from(step.escalations).unwrap_or_default()
}

/// Those who may decide it; whoever decided does not also sign.
async fn officers(tx: &Tx, here: &Here) -> Result<Vec<person::Model>> {
    let application = &here.application;
    let mut officers = store::step::officers(tx, application.id, application.organisation_id).await?;
    if here.node() == Node::Signature {
        let decision = store::review::decision(tx, application.id).await?.ok_or(Error::NotFound)?;
        officers.retain(|person| person.id != decision.decided_by);
    }
    Ok(officers)
}
