//! The steps between submission and award: made from the plan, one going on at a time, each way on record.
//!
//! Refuses ways that `domain::workflow::edge` does not have.

mod assess;
mod course;
mod reply;
mod watch;

use chrono::{DateTime, Utc};
use domain::{
    application::{Draft, State},
    award::{self, TypedAward},
    id::{ApplicationId, SiteId},
    policy::Action,
    problem::{Invalid, Problem},
    review::Outcome,
    workflow::{
        Kind, Plan, StepOutcome, StepState, clock,
        edge::{self, Circumstances, Deed, Edge, Node},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};
use text::{Locale, mail::Mail};

pub use assess::AssessmentCase;
pub use course::{Course, CourseCase, StepClock};
pub use reply::ReplyCase;

use crate::{
    calls::terms_of,
    decisions,
    decisions::Facts,
    desk::Desk,
    error::{Error, Result},
    pots::{self, Short},
    store::{
        self, Letter, Tx,
        entity::{appeal, application, decision, person, question, step, transition},
    },
};

/// What the application goes through: its call's own steps, or those of its mode. The one place that says so.
pub(crate) async fn plan_of(tx: &Tx, application: &application::Model) -> Result<Plan> {
    Ok(terms_of(tx, application).await?.plan)
}

/// An application and where it stands in the graph.
pub(crate) struct Here {
    pub application: application::Model,
    pub steps: Vec<step::Model>,
    /// That waits for its answer.
    pub question: Option<question::Model>,
    /// That nobody has judged yet.
    pub appeal: Option<appeal::Model>,
}

impl Here {
    /// Nobody else moves it until this transaction ends.
    pub(crate) async fn lock(tx: &Tx, id: ApplicationId) -> Result<Self> {
        let application = tx.lock::<application::Entity>(id).await?;
        Self::of(tx, application).await
    }

    /// As [`Self::lock`]; `Stale` if it is not as it was read.
    pub(crate) async fn lock_seen(tx: &Tx, id: ApplicationId, seen: i32) -> Result<Self> {
        let here = Self::lock(tx, id).await?;
        if here.application.version == seen { Ok(here) } else { Err(Error::Stale) }
    }

    pub(crate) async fn of(tx: &Tx, application: application::Model) -> Result<Self> {
        let id = application.id;
        let steps = store::step::of_application(tx, id).await?;
        let is_open = |row: &question::Model| row.state == domain::workflow::question::State::Open;
        let question = store::question::of_application(tx, id).await?.into_iter().find(is_open);
        let mut appeals = store::appeal::of_application(tx, id).await?;
        appeals.retain(|row| row.decided_at.is_none());
        Ok(Self { application, steps, question, appeal: appeals.pop() })
    }

    pub(crate) fn active(&self) -> Option<&step::Model> {
        self.steps.iter().find(|step| step.state == StepState::Active)
    }

    pub(crate) fn node(&self) -> Node {
        let active = self.active().map(|step| step.kind);
        Node::of(self.application.state, active, self.appeal.is_some())
    }

    /// What can be seen from here for everybody.
    pub(crate) fn circumstances(&self) -> Circumstances {
        Circumstances {
            is_asked: self.question.is_some(),
            can_answer: self.question.is_some(),
            ..Circumstances::default()
        }
    }

    /// As [`Self::circumstances`], with what concerns this officer.
    pub(crate) async fn for_officer(&self, tx: &Tx, desk: &Desk) -> Result<Circumstances> {
        let facts = Facts::of(tx, &self.application, desk.signed_in()?).await?;
        Ok(Circumstances { bench: facts.bench().check(), ..self.circumstances() })
    }

    /// The way of this deed, if it is open to who stands at the desk.
    pub(crate) fn take(&self, desk: &Desk, deed: Deed, seen: &Circumstances) -> Result<&'static Edge> {
        edge::take(deed, self.node(), desk.actor.group(), seen).map_err(|problem| Error::invalid("", problem))
    }

    pub(crate) fn reference(&self) -> String {
        self.application.reference.clone().unwrap_or_default()
    }
}

/// What a transition's row says besides who and when.
pub(crate) struct Way<'a> {
    pub deed: Deed,
    pub from: Node,
    pub to: Node,
    pub reason: &'a str,
    pub detail: Value,
}

impl<'a> Way<'a> {
    /// It stays where it is.
    pub(crate) const fn at(here: Node, deed: Deed, reason: &'a str) -> Self {
        Self { deed, from: here, to: here, reason, detail: Value::Null }
    }

    pub(crate) const fn to(here: Node, deed: Deed, to: Node, reason: &'a str) -> Self {
        Self { deed, from: here, to, reason, detail: Value::Null }
    }

    pub(crate) fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// One row for one way.
pub(crate) async fn record(tx: &mut Tx, id: ApplicationId, way: Way<'_>) -> Result<()> {
    let step = match way.from {
        Node::At(kind) => Some(kind.code().to_owned()),
        _ => None,
    };
    let actor = *tx.actor();
    let (row, at) = (tx.new_id(), tx.now());
    tx.insert(transition::ActiveModel {
        id: Set(row),
        application_id: Set(id),
        at: Set(at),
        deed: Set(way.deed.code().to_owned()),
        from_node: Set(way.from.code().to_owned()),
        to_node: Set(way.to.code().to_owned()),
        step: Set(step),
        actor_group: Set(actor.group().code().to_owned()),
        person_id: Set(actor.person),
        reason: Set(way.reason.trim().to_owned()),
        detail: Set(if way.detail.is_null() { "{}".to_owned() } else { way.detail.to_string() }),
    })
    .await?;
    Ok(())
}

/// The rows of the plan: its steps pending, what it does not have skipped; the first begins.
pub(crate) async fn make_steps(tx: &mut Tx, desk: &Desk, application: &application::Model) -> Result<Node> {
    let plan = plan_of(tx, application).await?;
    let mut rows = Vec::new();
    for (position, kind) in (0_i32..).zip(Kind::ALL) {
        let planned = plan.step(kind);
        let days = planned.map_or(0, |step| i32::try_from(step.working_days).unwrap_or(i32::MAX));
        let state = if planned.is_some() { StepState::Pending } else { StepState::Skipped };
        rows.push(planned_row(application.id, kind, position, (state, days)));
    }
    tx.insert_many(rows).await?;
    let steps = store::step::of_application(tx, application.id).await?;
    let first = steps.into_iter().find(|step| step.state == StepState::Pending);
    let first = first.ok_or_else(|| Error::Broken(anyhow::anyhow!("a plan without steps")))?;
    desk.begin_step(tx, application, first).await
}

/// A step in its place, of so many working days, that nobody has begun.
pub(crate) fn planned_row(
    application: ApplicationId,
    kind: Kind,
    position: i32,
    (state, days): (StepState, i32),
) -> step::ActiveModel {
    step::ActiveModel {
        application_id: Set(application),
        kind: Set(kind),
        position: Set(position),
        state: Set(state),
        working_days: Set(days),
        begun_at: Set(None),
        due_at: Set(None),
        stopped_at: Set(None),
        escalations: Set(0),
        substituted_at: Set(None),
        outcome: Set(None),
        reason: Set(String::new()),
        done_by: Set(None),
        done_at: Set(None),
        site_id: Set(None),
        in_charge: Set(None),
    }
}

/// The step is over, whatever comes next.
pub(crate) async fn finish(tx: &mut Tx, step: &step::Model, outcome: StepOutcome, reason: &str) -> Result<()> {
    let (person, now) = (tx.actor().person, tx.now());
    let mut row = step.clone().into_active_model();
    row.state = Set(StepState::Done);
    row.outcome = Set(Some(outcome));
    row.reason = Set(reason.trim().to_owned());
    row.done_by = Set(person);
    row.done_at = Set(Some(now));
    row.stopped_at = Set(None);
    tx.update(row).await?;
    Ok(())
}

/// The cut-off from which its clock runs, in a call or a mode that has them.
pub(crate) async fn opens(tx: &Tx, application: &application::Model) -> Result<Option<DateTime<Utc>>> {
    let mode = terms_of(tx, application).await?.mode;
    Ok(application.submitted_at.and_then(|at| mode.next_cut_off(at)))
}

/// The site that the applicant would rather have, if it is there.
async fn preferred_site(tx: &Tx, application: &application::Model) -> Result<Option<SiteId>> {
    let draft: Draft = serde_json::from_str(&application.draft)?;
    let sites = store::capacity::sites(tx).await?;
    let slugs = [draft.get("prefer_1"), draft.get("prefer_2")];
    Ok(slugs.into_iter().filter_map(|slug| sites.iter().find(|site| site.slug == slug)).map(|site| site.id).next())
}

impl Desk {
    /// Its clock runs from now, or from the cut-off; whoever it waits for is told.
    pub(crate) async fn begin_step(
        &self,
        tx: &mut Tx,
        application: &application::Model,
        step: step::Model,
    ) -> Result<Node> {
        let kind = step.kind;
        let days = u32::try_from(step.working_days).unwrap_or_default();
        let due = clock::due(self.now, opens(tx, application).await?, days);
        let is_asked = store::question::of_application(tx, application.id)
            .await?
            .iter()
            .any(|row| row.state == domain::workflow::question::State::Open);
        if is_asked {
            // An answer that comes late is about this step then.
            store::question::carry(tx, application.id, kind).await?;
        }
        let site = match kind {
            Kind::TechnicalAssessment => preferred_site(tx, application).await?,
            _ => None,
        };
        let mut row = step.into_active_model();
        row.state = Set(StepState::Active);
        row.begun_at = Set(Some(self.now));
        row.due_at = Set(Some(due));
        row.stopped_at = Set(is_asked.then_some(self.now));
        row.escalations = Set(0);
        row.substituted_at = Set(None);
        row.outcome = Set(None);
        row.reason = Set(String::new());
        row.done_by = Set(None);
        row.done_at = Set(None);
        row.site_id = Set(site);
        row.in_charge = Set(None);
        tx.update(row).await?;
        match (kind, site) {
            (Kind::TechnicalAssessment, Some(site)) => self.tell_assessors(tx, application, site, due).await?,
            (Kind::Rebuttal, _) => self.tell_reply(tx, application, due).await?,
            _ => {}
        }
        Ok(Node::At(kind))
    }

    /// The step is done, the next begins, the application's state follows.
    pub(crate) async fn next_step(
        &self,
        tx: &mut Tx,
        here: Here,
        deed: Deed,
        outcome: StepOutcome,
        reason: &str,
    ) -> Result<()> {
        let from = here.node();
        let step = here.active().ok_or(Error::NotFound)?;
        finish(tx, step, outcome, reason).await?;
        let next = here.steps.iter().find(|step| step.state == StepState::Pending).cloned();
        let next = next.ok_or_else(|| Error::Broken(anyhow::anyhow!("no step after {}", step.kind.code())))?;
        let to = self.begin_step(tx, &here.application, next).await?;
        let id = here.application.id;
        move_to(tx, here.application, to.state()).await?;
        record(tx, id, Way::to(from, deed, to, reason).with(json!({ "outcome": outcome.code() }))).await
    }

    /// The administrative check: admissible and on its way, or a refusal with its reasons.
    pub async fn check_admission(&self, id: ApplicationId, outcome: &str, reasons: &str, seen: i32) -> Result<()> {
        self.check_admission_in(id, outcome, reasons, &TypedAward::default(), seen).await
    }

    /// As [`Self::check_admission`], with the language of the reasons and what they say in the applicant's.
    pub async fn check_admission_in(
        &self,
        id: ApplicationId,
        outcome: &str,
        reasons: &str,
        wording: &TypedAward,
        seen: i32,
    ) -> Result<()> {
        let mut tx = self.begin(Action::CheckAdmission).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        match outcome {
            "admissible" => {
                here.take(self, Deed::Admit, &circumstances)?;
                let reasons = note(reasons, "reasons")?;
                self.next_step(&mut tx, here, Deed::Admit, StepOutcome::Admissible, &reasons).await?;
            }
            "not_admissible" => {
                here.take(self, Deed::RefuseAdmission, &circumstances)?;
                let reasons = domain::workflow::appeal::reopen(reasons)?;
                self.refuse_admission(&mut tx, here, reasons, wording).await?;
            }
            _ => return Err(Invalid::one("outcome", Problem::Required).into()),
        }
        tx.commit().await
    }

    async fn refuse_admission(&self, tx: &mut Tx, here: Here, reasons: String, wording: &TypedAward) -> Result<()> {
        let applicants = decisions::language(tx, &here.application).await?;
        let languages = Locale::ALL.map(Locale::code);
        let award = award::award(wording, false, None, (&languages, applicants.code()))?;
        let (reasons, original) = match award.reasons_translated {
            Some(translated) => (translated, Some(reasons)),
            None => (reasons, None),
        };
        let step = here.active().ok_or(Error::NotFound)?;
        finish(tx, step, StepOutcome::NotAdmissible, &reasons).await?;
        let row = decision::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            application_id: Set(here.application.id),
            outcome: Set(Outcome::Refused),
            granted: Set(domain::gpu::GpuTime::ZERO),
            reasons: Set(reasons.clone()),
            decided_by: Set(self.signed_in()?),
            decided_at: Set(self.now),
            needs_second: Set(false),
            signed_by: Set(None),
            signed_at: Set(None),
            amounts: Set(None),
            conditions: Set(None),
            reasons_original: Set(original),
            language: Set(Some(applicants.code().to_owned())),
            award_list_id: Set(None),
        };
        let decision = tx.insert(row).await?;
        let (id, from) = (here.application.id, here.node());
        self.put_in_force(tx, here.application, &decision).await?;
        record(tx, id, Way::to(from, Deed::RefuseAdmission, Node::Refused, &reasons)).await
    }

    /// Names the site that assesses, instead of the one asked before if there was one.
    pub async fn choose_site(&self, id: ApplicationId, slug: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::FinishStep).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        here.take(self, Deed::ChooseSite, &circumstances)?;
        let sites = store::capacity::sites(&tx).await?;
        let site = sites.into_iter().find(|site| site.slug == slug);
        let site = site.ok_or_else(|| Error::invalid("site", Problem::NotAChoice))?;
        let step = here.active().cloned().ok_or(Error::NotFound)?;
        if step.site_id == Some(site.id) {
            return Err(Error::invalid("site", Problem::AlreadyDone));
        }
        let days = u32::try_from(step.working_days).unwrap_or_default();
        let due = clock::due(self.now, opens(&tx, &here.application).await?, days);
        let mut row = step.into_active_model();
        row.site_id = Set(Some(site.id));
        row.due_at = Set(Some(due));
        row.escalations = Set(0);
        row.in_charge = Set(None);
        tx.update(row).await?;
        self.tell_assessors(&mut tx, &here.application, site.id, due).await?;
        let way = Way::at(here.node(), Deed::ChooseSite, "").with(json!({ "site": site.name }));
        record(&mut tx, id, way).await?;
        touch(&mut tx, here.application).await?;
        tx.commit().await
    }

    /// An officer lets it go on although no site found it feasible: those who decide read why.
    pub async fn go_on(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::FinishStep).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        here.take(self, Deed::GoOn, &circumstances)?;
        // Where no site answers in time, an officer finds another way.
        let is_overdue = here.active().and_then(|step| step.due_at).is_some_and(|due| due < self.now);
        if !is_overdue && store::step::assessments(&tx, id).await?.is_empty() {
            return Err(Error::invalid("", Problem::NotThisStep));
        }
        let reason = domain::workflow::appeal::reopen(reason)?;
        self.next_step(&mut tx, here, Deed::GoOn, StepOutcome::Infeasible, &reason).await?;
        tx.commit().await
    }

    /// The panel has ranked it.
    pub async fn finish_panel(&self, id: ApplicationId, said: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::FinishStep).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let circumstances = here.for_officer(&tx, self).await?;
        here.take(self, Deed::FinishPanel, &circumstances)?;
        let said = note(said, "reasons")?;
        self.next_step(&mut tx, here, Deed::FinishPanel, StepOutcome::Finished, &said).await?;
        tx.commit().await
    }

    async fn tell_assessors(
        &self,
        tx: &mut Tx,
        application: &application::Model,
        site: SiteId,
        due: DateTime<Utc>,
    ) -> Result<()> {
        let reference = application.reference.clone().unwrap_or_default();
        let link = self.link(&format!("/site/assessments/{}", application.id));
        for person in assessors(tx, application, site).await? {
            let mail = Mail::AssessmentDue { reference: reference.clone(), due, link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        Ok(())
    }

    async fn tell_reply(&self, tx: &mut Tx, application: &application::Model, due: DateTime<Utc>) -> Result<()> {
        let plan = plan_of(tx, application).await?;
        let reference = application.reference.clone().unwrap_or_default();
        let link = self.link(&format!("/applications/{}/reply", application.id));
        for person in store::allocation::addressees(tx, application.organisation_id).await? {
            let words = i64::from(plan.rebuttal_words);
            let mail = Mail::ReplyDue { reference: reference.clone(), due, words, link: link.clone() };
            tx.mail(Letter::to(&person, mail)).await?;
        }
        Ok(())
    }
}

/// The operators of this site who may see the application.
pub(crate) async fn assessors(tx: &Tx, application: &application::Model, site: SiteId) -> Result<Vec<person::Model>> {
    let operators = store::allocation::operators(tx, site).await?;
    store::step::may_see(tx, (application.id, application.organisation_id), operators).await
}

/// What was typed as a draft keeps it: nothing that a database cannot hold, and so many characters at most.
pub(crate) fn kept(text: &str, most: usize) -> String {
    text.replace("\r\n", "\n").chars().filter(|character| *character != '\0').take(most).collect()
}

/// What somebody notes beside a deed: nothing, or text that can be read. The field is named.
fn note(text: &str, field: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(domain::workflow::question::note(text, field)?)
}

/// Another state, another version.
pub(crate) async fn move_to(tx: &mut Tx, application: application::Model, state: State) -> Result<application::Model> {
    let (version, now) = (application.version + 1, tx.now());
    let mut row = application.into_active_model();
    row.state = Set(state);
    row.updated_at = Set(now);
    row.version = Set(version);
    row.decided_at = Set(matches!(state, State::Approved | State::Refused).then_some(now));
    let moved = tx.update(row).await?;
    // An award binds money, and whatever takes it back frees it.
    pots::settle(tx, moved.id, Short::Refused).await?;
    Ok(moved)
}

/// Something of it changed that a reader must see before they act.
pub(crate) async fn touch(tx: &mut Tx, application: application::Model) -> Result<()> {
    let (version, now) = (application.version + 1, tx.now());
    let mut row = application.into_active_model();
    row.updated_at = Set(now);
    row.version = Set(version);
    tx.update(row).await?;
    Ok(())
}
