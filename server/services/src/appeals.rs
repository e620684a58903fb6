//! Verbs after a refusal: the appeal, judged by somebody who took no part before, and the reopening that two officers
//! sign. Either leads back to the step that refused; what was decided stays on record.

use chrono::{DateTime, Utc};
use domain::{
    id::{AppealId, ApplicationId},
    policy::Action,
    problem::Problem,
    review::{Bench, countersign},
    workflow::{
        StepState,
        appeal::{self, ANSWERED_IN_DAYS, Outcome},
        clock,
        edge::{Circumstances, Deed, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    decisions::{self, Facts},
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
    steps::{Here, Way, move_to, plan_of, record, touch},
    store::{
        self, Letter, Tx,
        entity::{appeal as row, application, decision, person, reopening},
    },
};

/// An appeal that waits to be judged.
#[derive(Debug, Clone)]
pub struct AppealListed {
    pub case: Case,
    pub due_at: DateTime<Utc>,
    /// This officer may judge it.
    pub is_mine: bool,
}

impl Desk {
    /// The applicant does not agree with a refusal: once, inside the window, with grounds.
    pub async fn file_appeal(&self, id: ApplicationId, grounds: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::FileAppeal).await?;
        let here = Here::lock(&tx, id).await?;
        let decision =
            store::review::decision(&tx, id).await?.ok_or_else(|| Error::invalid("", Problem::AlreadyDone))?;
        let plan = plan_of(&tx, &here.application).await?;
        let until = here.application.decided_at.and_then(|at| appeal::until(at, plan.appeal_days));
        let is_overdue = until.is_none_or(|until| until < self.now);
        here.take(self, Deed::Appeal, &Circumstances { is_overdue, ..here.circumstances() })?;
        let grounds = appeal::grounds(grounds)?;
        let due = clock::due(self.now, None, ANSWERED_IN_DAYS);
        let filed = row::ActiveModel {
            id: Set(tx.new_id()),
            application_id: Set(id),
            decision_id: Set(decision.id),
            grounds: Set(grounds.clone()),
            filed_by: Set(me),
            filed_at: Set(self.now),
            due_at: Set(due),
            reminded_at: Set(None),
            outcome: Set(None),
            reasons: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
        };
        tx.insert(filed).await.on_unique("", Problem::AlreadyDone)?;
        let link = self.link(&format!("/cases/{id}"));
        for officer in self.judges(&tx, &here).await? {
            let mail = Mail::AppealFiled { reference: here.reference(), due, link: link.clone() };
            tx.mail(Letter::to(&officer, mail)).await?;
        }
        let way = Way::to(here.node(), Deed::Appeal, Node::Appealed, &grounds).with(json!({ "due": due }));
        record(&mut tx, id, way).await?;
        touch(&mut tx, here.application).await?;
        tx.commit().await
    }

    /// Officers who took no part and have no conflict.
    pub(crate) async fn judges(&self, tx: &Tx, here: &Here) -> Result<Vec<person::Model>> {
        let application = &here.application;
        let took_part = store::step::took_part(tx, application.id).await?;
        let mut officers = store::step::officers(tx, application.id, application.organisation_id).await?;
        officers.retain(|officer| !took_part.contains(&officer.id));
        Ok(officers)
    }

    /// Appeals that nobody has judged, the most urgent first.
    pub async fn open_appeals(&self) -> Result<Vec<AppealListed>> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let mut listed = Vec::new();
        for open in store::appeal::open(&tx).await? {
            let application = tx.find::<application::Entity>(open.application_id).await?;
            let facts = Facts::of(&tx, &application, me).await?;
            let took_part = store::step::took_part(&tx, application.id).await?;
            let is_mine = appeal::may_judge(&facts.bench(), &took_part).is_ok();
            let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
            listed.push(AppealListed { case, due_at: open.due_at, is_mine });
        }
        Ok(listed)
    }

    /// Reopenings that wait for this officer as the second, the first of them.
    pub async fn open_reopenings(&self) -> Result<Vec<Case>> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let mut listed = Vec::new();
        for id in store::appeal::reopenings(&tx, me).await? {
            let application = tx.find::<application::Entity>(id).await?;
            listed.extend(cases(&tx, std::slice::from_ref(&application)).await?);
        }
        Ok(listed)
    }

    /// Judges an appeal: upheld, the case is open again; rejected, the refusal is final, with reasons and remedies.
    pub async fn judge_appeal(&self, id: AppealId, outcome: &str, reasons: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::JudgeAppeal).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        let here = Here::lock(&tx, found.application_id).await?;
        if found.decided_at.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let facts = Facts::of(&tx, &here.application, me).await?;
        let took_part = store::step::took_part(&tx, here.application.id).await?;
        let part = appeal::may_judge(&facts.bench(), &took_part);
        let seen = Circumstances { part, bench: facts.bench().check(), ..here.circumstances() };
        // Who may not judge is told so before what they typed is looked at.
        here.take(self, Deed::RejectAppeal, &seen)?;
        let (outcome, reasons) = appeal::judge(outcome, reasons)?;
        if outcome == Outcome::Upheld {
            here.take(self, Deed::UpholdAppeal, &seen)?;
        }
        let mut judged = found.into_active_model();
        judged.outcome = Set(Some(outcome));
        judged.reasons = Set(Some(reasons.clone()));
        judged.decided_by = Set(Some(me));
        judged.decided_at = Set(Some(self.now));
        tx.update(judged).await?;
        let application = here.application.id;
        let link = self.link(&format!("/applications/{application}"));
        let (reference, organisation) = (here.reference(), here.application.organisation_id);
        let mail = match outcome {
            Outcome::Upheld => Mail::AppealUpheld { reference, reasons: reasons.clone(), link },
            Outcome::Rejected => Mail::AppealRejected { reference, reasons: reasons.clone(), link },
        };
        for person in store::allocation::addressees(&tx, organisation).await? {
            tx.mail(Letter::to(&person, mail.clone())).await?;
        }
        match outcome {
            Outcome::Upheld => self.open_again(&mut tx, here, Deed::UpholdAppeal, &reasons).await?,
            Outcome::Rejected => {
                let way = Way::to(here.node(), Deed::RejectAppeal, Node::Refused, &reasons);
                record(&mut tx, application, way).await?;
                touch(&mut tx, here.application).await?;
            }
        }
        tx.commit().await
    }

    /// One officer would open a refused case again: another signs it.
    pub async fn propose_reopening(&self, id: ApplicationId, reasons: &str, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReopenApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        here.take(self, Deed::ProposeReopening, &circumstances)?;
        let reasons = appeal::reopen(reasons)?;
        let proposed = reopening::ActiveModel {
            id: Set(tx.new_id()),
            application_id: Set(id),
            reasons: Set(reasons.clone()),
            proposed_by: Set(me),
            proposed_at: Set(self.now),
            signed_by: Set(None),
            settled_at: Set(None),
        };
        tx.insert(proposed).await.on_unique("", Problem::AlreadyDone)?;
        record(&mut tx, id, Way::at(here.node(), Deed::ProposeReopening, &reasons)).await?;
        touch(&mut tx, here.application).await?;
        tx.commit().await
    }

    /// The second officer agrees: the case is open again, the applicant is told why.
    pub async fn sign_reopening(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ReopenApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let proposed = proposed(&tx, id).await?;
        let facts = Facts::of(&tx, &here.application, me).await?;
        let part = second(proposed.proposed_by, &facts.bench());
        let circumstances = Circumstances { part, bench: facts.bench().check(), ..here.circumstances() };
        here.take(self, Deed::Reopen, &circumstances)?;
        let reasons = proposed.reasons.clone();
        let mut row = proposed.into_active_model();
        row.signed_by = Set(Some(me));
        row.settled_at = Set(Some(self.now));
        tx.update(row).await?;
        let link = self.link(&format!("/applications/{id}"));
        for person in store::allocation::addressees(&tx, here.application.organisation_id).await? {
            let mail = Mail::Reopened { reference: here.reference(), reasons: reasons.clone(), link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        self.open_again(&mut tx, here, Deed::Reopen, &reasons).await?;
        tx.commit().await
    }

    /// Nothing comes of it: by whoever proposed it, or by the second officer.
    pub async fn drop_reopening(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ReopenApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        here.take(self, Deed::DropReopening, &circumstances)?;
        let mut row = proposed(&tx, id).await?.into_active_model();
        row.settled_at = Set(Some(self.now));
        tx.update(row).await?;
        record(&mut tx, id, Way::at(here.node(), Deed::DropReopening, "")).await?;
        touch(&mut tx, here.application).await?;
        tx.commit().await
    }

    /// The old decision goes on record, and the step that refused begins anew.
    async fn open_again(&self, tx: &mut Tx, here: Here, deed: Deed, reasons: &str) -> Result<()> {
        let (id, from) = (here.application.id, here.node());
        if let Some(open) = store::appeal::reopening(tx, id).await? {
            // Whichever came first has opened it.
            let mut row = open.into_active_model();
            row.settled_at = Set(Some(self.now));
            tx.update(row).await?;
        }
        let decision = store::review::decision(tx, id).await?.ok_or(Error::NotFound)?;
        let step = here.steps.iter().rev().find(|step| step.state == StepState::Done).cloned();
        let step = step.ok_or(Error::NotFound)?;
        let was = json!({ "decision": was(&decision), "step": step.kind.code() });
        tx.delete(decision.into_active_model()).await?;
        let kind = step.kind;
        self.begin_step(tx, &here.application, step).await?;
        if let Some((call, subsidy)) = decisions::bound(&here.application)? {
            store::call::bind(tx, call, subsidy).await?;
        }
        // The answer is promised anew, for all that is still to come.
        let ahead = here.steps.iter().filter(|step| step.kind == kind || step.state == StepState::Pending);
        let days = ahead.map(|step| u32::try_from(step.working_days).unwrap_or_default()).sum();
        let mut application = move_to(tx, here.application, Node::At(kind).state()).await?.into_active_model();
        application.due_at = Set(Some(clock::due(self.now, None, days)));
        tx.update(application).await?;
        record(tx, id, Way::to(from, deed, Node::At(kind), reasons).with(was)).await
    }
}

/// The decision as it stays on record.
fn was(decision: &decision::Model) -> serde_json::Value {
    json!({
        "outcome": decision.outcome,
        "granted": decision.granted,
        "reasons": decision.reasons,
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at,
        "signed_by": decision.signed_by,
        "signed_at": decision.signed_at,
    })
}

fn second(first: domain::id::PersonId, bench: &Bench<'_>) -> Result<(), Problem> {
    countersign(first, bench)
}

async fn proposed(tx: &Tx, id: ApplicationId) -> Result<reopening::Model> {
    store::appeal::reopening(tx, id).await?.ok_or_else(|| Error::invalid("", Problem::AlreadyDone))
}
