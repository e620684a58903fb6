//! Verbs of officers: the board, the decision with its reasons, and the second signature.

use std::collections::HashSet;

use domain::{
    aid::Occasion as Granting,
    application::State,
    award::{self, Amounts, By, Resource, TypedAward},
    call::check::Occasion,
    gpu::GpuTime,
    id::{ApplicationId, CallId, OrganisationId, PanelId, PersonId},
    money::Money,
    panel,
    period::brussels_day,
    policy::Action,
    pricing::Quote,
    problem::{Invalid, Problem},
    ranking,
    review::{self, Bench, Draft, Outcome, Rubric, TypedDecision},
    workflow::{
        Kind, StepOutcome, appeal,
        edge::{Circumstances, Deed, Node},
        question,
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, mail::Mail};

use crate::{
    aid,
    award_list::{self, ListPlace},
    calls::{
        answers::{CallAnswers, answers_of},
        eligibility, terms_of,
    },
    conflicts::{self, ConflictCount},
    desk::Desk,
    error::{Error, OnUnique, Result},
    panels::storage_of,
    reviews::{Case, cases},
    steps::{Course, Here, Way, finish, move_to, plan_of, record},
    store::{
        self, Letter, Tx,
        entity::{application, decision, panel_item},
        rows::{ApplicationRow, DecisionRow, EventRow, ReviewRow},
    },
};

/// A review as an officer reads it: by whom is not said.
#[derive(Debug, Clone)]
pub struct HandedIn {
    pub draft: Draft,
    pub total: i64,
    pub advice: review::Advice,
}

impl HandedIn {
    /// `None` while it is not handed in.
    pub(crate) fn of(row: ReviewRow) -> Option<Self> {
        let (total, advice) = row.total.zip(row.advice)?;
        Some(Self { draft: serde_json::from_str(&row.draft).ok()?, total, advice })
    }
}

/// What a panel recommended about an application.
#[derive(Debug, Clone)]
pub struct PanelAdvice {
    pub panel: PanelId,
    pub name: String,
    pub outcome: panel::Outcome,
    pub note: String,
}

/// Everything an officer decides on.
#[derive(Debug, Clone)]
pub struct DecisionCase {
    pub case: Case,
    pub application: ApplicationRow,
    pub requested: GpuTime,
    pub reviews: Vec<HandedIn>,
    /// What they were graded by.
    pub rubric: Rubric,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
    pub decision: Option<DecisionRow>,
    /// Why this officer may not sign, if they may not.
    pub obstacle: Option<Problem>,
    /// Each resource that was asked for; awarded amounts once there is a decision.
    pub amounts: Vec<Amounts>,
    pub advice: Option<PanelAdvice>,
    /// In the award list that was fixed.
    pub standing: Option<ListPlace>,
    /// The applicant's: reasons are given in it.
    pub language: Locale,
    /// Of everybody who could judge it.
    pub conflicts: ConflictCount,
    /// Its timeline, oldest first.
    pub events: Vec<EventRow>,
    pub course: Course,
}

impl Desk {
    pub async fn decision_case(&self, id: ApplicationId) -> Result<DecisionCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let reviews = store::review::of_application(&tx, id).await?.into_iter().filter_map(HandedIn::of).collect();
        let decision = store::review::decision(&tx, id).await?;
        let facts = Facts::of(&tx, &application, me).await?;
        let obstacle = match &decision {
            Some(decision) => may_sign(&tx, id, decision.decided_by, &facts).await?,
            None => facts.bench().check(),
        };
        let requested = requested(&application)?;
        let recommended = store::panel::recommendation(&tx, id).await?;
        let amounts = match &decision {
            Some(decision) => decision.each_amount(),
            None => amounts(&tx, &application, recommended.as_ref().map(|(item, _)| item)).await?,
        };
        let advice = recommended.and_then(|(item, panel)| {
            Some(PanelAdvice { panel: panel.id, name: panel.name, outcome: item.outcome?, note: item.note })
        });
        let language = language(&tx, &application).await?;
        let conflicts = conflicts::count(&tx, id).await?;
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        let events = store::application::events(&tx, id).await?;
        let course = Course::read(&tx, &application).await?;
        drop(tx);
        let standing = self.list_place(id, decision.as_ref()).await?;
        Ok(DecisionCase {
            case,
            application,
            requested,
            reviews,
            rubric,
            answers,
            decision,
            obstacle: obstacle.err(),
            amounts,
            advice,
            standing,
            language,
            conflicts,
            events,
            course,
        })
    }

    /// The conditions of the award, for whoever reads the offer; none before it is in force or for who may not see it.
    pub async fn award_conditions(&self, id: ApplicationId) -> Result<Vec<String>> {
        let tx = self.begin(Action::ReadApplication).await?;
        let decision = store::review::decision(&tx, id).await?;
        Ok(decision.map(|decision| decision.each_condition()).unwrap_or_default())
    }

    /// As [`Self::decide_award`], with all that was asked for of everything else, no conditions, and reasons in the
    /// applicant's language.
    pub async fn decide(&self, id: ApplicationId, typed: &TypedDecision, seen: i32) -> Result<()> {
        self.decide_award(id, typed, &TypedAward::default(), seen).await
    }

    /// Decides, with reasons. Above the limit the decision waits for a second officer; below it is in force at once.
    pub async fn decide_award(
        &self,
        id: ApplicationId,
        typed: &TypedDecision,
        more: &TypedAward,
        seen: i32,
    ) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let requested = requested(&here.application)?;
        let on = brussels_day(self.now);
        let facts = Facts::of(&tx, &here.application, me).await?;
        let node = here.node();
        match node {
            Node::At(kind) if kind <= Kind::ExpertReview => return Err(Error::invalid("", Problem::ReviewMissing)),
            Node::At(_) => {}
            _ => return Err(Error::invalid("", Problem::AlreadyDone)),
        }
        let circumstances = Circumstances { bench: facts.bench().check(), ..here.circumstances() };
        here.take(self, Deed::Refuse, &circumstances)?;
        // A plan without expert review is decided without one.
        let has_reviews = plan_of(&tx, &here.application).await?.step(Kind::ExpertReview).is_some();
        let bench = facts.bench();
        let bench = Bench { is_reviewed: bench.is_reviewed || !has_reviews, ..bench };
        let applicants = language(&tx, &here.application).await?;
        let award = checked(&here.application, more, typed.outcome == "approved", applicants);
        let decided = both(review::decide(typed, requested, &bench, on), award)?;
        if decided.0.outcome == Outcome::Approved {
            if is_below(&tx, &here.application).await? {
                return Err(Error::invalid("outcome", Problem::BelowThreshold));
            }
            let refused = eligibility::still_eligible(&mut tx, id, Occasion::Award, "outcome").await?;
            if let Some(refused) = refused {
                tx.commit().await?;
                return Err(refused);
            }
        }
        // The whole grant or none of it; the test is kept either way.
        let aid = match decided.0.outcome {
            Outcome::Refused => None,
            Outcome::Approved => {
                match self.test_award(&mut tx, &here.application, decided.0.granted, Granting::Award).await? {
                    Ok(prepared) => prepared,
                    Err(refused) => {
                        tx.commit().await?;
                        return Err(refused);
                    }
                }
            }
        };
        let recommended = store::panel::recommendation(&tx, id).await?;
        let mut amounts = amounts(&tx, &here.application, recommended.as_ref().map(|(item, _)| item)).await?;
        let mut row = row(&tx, (id, me), decided, &mut amounts, applicants)?;
        row.award_list_id = Set(award_list::latest_with(&tx, id).await?);
        let decision = tx.insert(row).await.on_unique("", Problem::AlreadyDone)?;
        if let Some(prepared) = aid {
            aid::reserve(&mut tx, &prepared, &here.application, Some(me)).await?;
        }
        let was = json!({ "outcome": decision.outcome, "granted": decision.granted });
        let deed = if decision.needs_second { Deed::Propose } else { deed_of(decision.outcome) };
        here.take(self, deed, &circumstances)?;
        if decision.needs_second {
            move_to(&mut tx, here.application, State::AwaitingSignature).await?;
            let way = Way::to(node, Deed::Propose, Node::Signature, &decision.reasons).with(was);
            record(&mut tx, id, way).await?;
        } else {
            self.settle(&mut tx, here, &decision).await?;
        }
        tx.commit().await
    }

    /// What this officer decided and somebody else has to sign.
    pub async fn awaiting_others(&self) -> Result<HashSet<ApplicationId>> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        store::review::unsigned_of(&tx, me).await
    }

    /// The second officer agrees: the decision is in force.
    /// `seen` is the application's version as it was read: a decision made anew meanwhile is not signed.
    pub async fn countersign(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (here, decision) = self.unsigned(&tx, id, me, seen, None).await?;
        if decision.outcome == Outcome::Approved
            && let Some(refused) = eligibility::still_eligible(&mut tx, id, Occasion::Award, "").await?
        {
            tx.commit().await?;
            return Err(refused);
        }
        if decision.outcome == Outcome::Approved
            && let Err(refused) =
                self.test_award(&mut tx, &here.application, decision.granted, Granting::Signature).await?
        {
            tx.commit().await?;
            return Err(unnamed(refused));
        }
        let mut row = decision.into_active_model();
        row.signed_by = Set(Some(me));
        row.signed_at = Set(Some(self.now));
        let decision = tx.update(row).await?;
        self.settle(&mut tx, here, &decision).await?;
        tx.commit().await
    }

    /// The second officer does not agree: the case is open again, the reason is on the timeline.
    pub async fn send_back(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", Problem::ReasonRequired));
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (here, decision) = self.unsigned(&tx, id, me, seen, Some(Deed::SendBack)).await?;
        let reason = question::note(reason, "reason")?;
        let was = json!({
            "outcome": decision.outcome, "granted": decision.granted, "reasons": decision.reasons,
            "decided_by": decision.decided_by,
        });
        tx.delete(decision.into_active_model()).await?;
        aid::release(&mut tx, id, "sent_back").await?;
        let to = Node::At(Kind::Decision);
        move_to(&mut tx, here.application, to.state()).await?;
        record(&mut tx, id, Way::to(Node::Signature, Deed::SendBack, to, &reason).with(was)).await?;
        tx.commit().await
    }

    /// The decision that waits for a signature, if this officer may take this way; without one, the decision's own.
    async fn unsigned(
        &self,
        tx: &Tx,
        id: ApplicationId,
        me: PersonId,
        seen: i32,
        deed: Option<Deed>,
    ) -> Result<(Here, decision::Model)> {
        let here = Here::lock_seen(tx, id, seen).await?;
        if here.node() != Node::Signature {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let decision = store::review::decision(tx, id).await?.ok_or(Error::NotFound)?;
        let facts = Facts::of(tx, &here.application, me).await?;
        let part = may_sign(tx, id, decision.decided_by, &facts).await?;
        let deed = deed.unwrap_or(deed_of(decision.outcome));
        here.take(self, deed, &Circumstances { part, bench: facts.bench().check(), ..here.circumstances() })?;
        Ok((here, decision))
    }

    /// The decision is in force: its step is done.
    async fn settle(&self, tx: &mut Tx, here: Here, decision: &decision::Model) -> Result<()> {
        let (id, from) = (here.application.id, here.node());
        let deed = deed_of(decision.outcome);
        let (outcome, to) = match decision.outcome {
            Outcome::Approved => (StepOutcome::Approved, Node::Approved),
            Outcome::Refused => (StepOutcome::Refused, Node::Refused),
        };
        if let Some(step) = here.active() {
            finish(tx, step, outcome, &decision.reasons).await?;
        }
        self.put_in_force(tx, here.application, decision).await?;
        let way = Way::to(from, deed, to, &decision.reasons).with(json!({ "granted": decision.granted }));
        record(tx, id, way).await
    }

    /// State and the mail to the applicant, with the reasons and what can be done against it.
    pub(crate) async fn put_in_force(
        &self,
        tx: &mut Tx,
        application: application::Model,
        decision: &decision::Model,
    ) -> Result<()> {
        let id = application.id;
        let link = self.link(&format!("/applications/{id}"));
        let reference = application.reference.clone().unwrap_or_default();
        let reasons = decision.reasons.clone();
        let author = store::account::person(tx, application.author_id).await?;
        let days = plan_of(tx, &application).await?.appeal_days;
        let (state, mail) = match decision.outcome {
            Outcome::Approved => {
                (State::Approved, Mail::Approved { reference, granted: decision.granted, reasons, link })
            }
            Outcome::Refused => {
                let until = appeal::until(self.now, days);
                (State::Refused, Mail::Refused { reference, reasons, days: i64::from(days), until, link })
            }
        };
        store::question::drop_suggestions(tx, application.id).await?;
        match decision.outcome {
            // From now on the company has the right.
            Outcome::Approved => self.grant_award(tx, &application).await?,
            Outcome::Refused => aid::release(tx, id, "refused").await?,
        }
        if let (Outcome::Refused, Some((call, subsidy))) = (decision.outcome, bound(&application)?) {
            store::call::release(tx, call, subsidy).await?;
        }
        move_to(tx, application, state).await?;
        tx.mail(Letter::to(&author, mail)).await?;
        Ok(())
    }
}

/// Whether the mean of its reviews is below the published threshold: then nobody approves it.
pub(crate) async fn is_below(tx: &Tx, application: &application::Model) -> Result<bool> {
    let scores = store::panel::scores(tx, &[application.id]).await?;
    let mean = scores.get(&application.id).and_then(|[count, sum, ..]| ranking::mean(*sum, *count));
    let Some(mean) = mean else { return Ok(false) };
    Ok(mean < terms_of(tx, application).await?.rubric.threshold)
}

/// The same refusal on a form that has no such field.
fn unnamed(refused: Error) -> Error {
    match refused {
        Error::Invalid(invalid) => Invalid(invalid.0.into_iter().map(|(_, one)| (String::new(), one)).collect()).into(),
        other => other,
    }
}

const fn deed_of(outcome: Outcome) -> Deed {
    match outcome {
        Outcome::Approved => Deed::Approve,
        Outcome::Refused => Deed::Refuse,
    }
}

/// Whether this person may sign what the other decided: four eyes, of which not all sat on the panel that recommended it.
async fn may_sign(
    tx: &Tx,
    id: ApplicationId,
    decided_by: PersonId,
    facts: &Facts,
) -> Result<std::result::Result<(), Problem>> {
    let decider_sat = store::panel::recommended_it(tx, id, decided_by).await?;
    let signer_sat = store::panel::recommended_it(tx, id, facts.person).await?;
    let signed = review::countersign(decided_by, &facts.bench());
    Ok(signed.and_then(|()| review::not_the_panel_alone(decider_sat, signer_sat)))
}

/// The applicant's language: of who wrote the application.
pub(crate) async fn language(tx: &Tx, application: &application::Model) -> Result<Locale> {
    let author = store::account::person(tx, application.author_id).await?;
    Ok(Locale::from_code(&author.locale).unwrap_or(Locale::En))
}

fn checked(
    application: &application::Model,
    typed: &TypedAward,
    is_approved: bool,
    applicants: Locale,
) -> std::result::Result<award::Award, Invalid> {
    let languages = Locale::ALL.map(Locale::code);
    award::award(typed, is_approved, storage_of(application), (&languages, applicants.code()))
}

/// Both, or what is wrong with either.
fn both<A, B>(one: std::result::Result<A, Invalid>, other: std::result::Result<B, Invalid>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut one), Err(other)) => {
            one.0.extend(other.0);
            Err(one.into())
        }
        (Err(invalid), Ok(_)) | (Ok(_), Err(invalid)) => Err(invalid.into()),
    }
}

/// What was asked for and recommended of each resource; nothing is awarded yet.
async fn amounts(
    tx: &Tx,
    application: &application::Model,
    recommended: Option<&panel_item::Model>,
) -> Result<Vec<Amounts>> {
    let by_panel = |amount: Option<i64>| amount.map(|amount| (By::Panel, amount));
    // The last site that was asked.
    let assessed = store::step::assessments(tx, application.id).await?.pop();
    let assessed = assessed.filter(|row| row.model.is_some()).map(|row| (By::Assessor, row.hours.as_seconds()));
    let panel = by_panel(recommended.and_then(|item| item.gpu_time).map(GpuTime::as_seconds));
    let mut amounts = vec![Amounts {
        resource: Resource::GpuTime,
        requested: requested(application)?.as_seconds(),
        recommended: assessed.into_iter().chain(panel).collect(),
        awarded: None,
    }];
    if let Some(asked) = storage_of(application) {
        amounts.push(Amounts {
            resource: Resource::Storage,
            requested: asked,
            recommended: by_panel(recommended.and_then(|item| item.storage_tb)).into_iter().collect(),
            awarded: None,
        });
    }
    Ok(amounts)
}

/// The decision as it is kept.
fn row(
    tx: &Tx,
    (id, me): (ApplicationId, PersonId),
    (decided, award): (review::Decided, award::Award),
    amounts: &mut [Amounts],
    applicants: Locale,
) -> Result<decision::ActiveModel> {
    for one in amounts.iter_mut() {
        one.awarded = Some(match one.resource {
            Resource::GpuTime => decided.granted.as_seconds(),
            Resource::Storage => award.storage_tb.unwrap_or_default(),
        });
    }
    let (reasons, original) = match award.reasons_translated {
        Some(translated) => (translated, Some(decided.reasons)),
        None => (decided.reasons, None),
    };
    Ok(decision::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        application_id: Set(id),
        outcome: Set(decided.outcome),
        granted: Set(decided.granted),
        reasons: Set(reasons),
        decided_by: Set(me),
        decided_at: Set(tx.now()),
        needs_second: Set(decided.needs_second_signature),
        signed_by: Set(None),
        signed_at: Set(None),
        amounts: Set(Some(serde_json::to_string(amounts)?)),
        conditions: Set(Some(serde_json::to_string(&award.conditions)?)),
        reasons_original: Set(original),
        language: Set(Some(applicants.code().to_owned())),
        award_list_id: Set(None),
    })
}

/// The call that an application is under, and what of its pot it binds.
pub(crate) fn bound(application: &application::Model) -> Result<Option<(CallId, Money)>> {
    let Some((call, quote)) = application.call_id.zip(application.quote.as_deref()) else { return Ok(None) };
    Ok(Some((call, serde_json::from_str::<Quote>(quote)?.subsidy)))
}

/// What was asked for, as frozen in the quote.
pub(crate) fn requested(application: &application::Model) -> Result<GpuTime> {
    #[derive(serde::Deserialize)]
    struct Frozen {
        gpu_time: GpuTime,
    }
    let quote = application.quote.as_deref().ok_or(Error::NotFound)?;
    Ok(serde_json::from_str::<Frozen>(quote)?.gpu_time)
}

/// What the rules must know about this person and this application.
pub(crate) struct Facts {
    person: PersonId,
    own: Vec<OrganisationId>,
    applicant: OrganisationId,
    has_conflict: bool,
    reviewers: Vec<PersonId>,
}

impl Facts {
    pub(crate) async fn of(tx: &Tx, application: &application::Model, person: PersonId) -> Result<Self> {
        Ok(Self {
            person,
            own: store::review::companies(tx, person).await?,
            applicant: application.organisation_id,
            has_conflict: store::review::has_conflict(tx, application.id, person).await?,
            reviewers: store::review::reviewers(tx, application.id).await?,
        })
    }

    pub(crate) fn bench(&self) -> Bench<'_> {
        Bench {
            person: self.person,
            own: &self.own,
            applicant: self.applicant,
            has_conflict: self.has_conflict,
            has_reviewed: self.reviewers.contains(&self.person),
            is_reviewed: !self.reviewers.is_empty(),
        }
    }
}
