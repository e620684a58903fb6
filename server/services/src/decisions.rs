//! Verbs of officers: the board, the decision with its reasons, and the second signature.

use domain::{
    application::State,
    award::{self, Amounts, By, Resource, TypedAward},
    call::check::Occasion,
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId, PanelId, PersonId},
    panel,
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    review::{self, Bench, Draft, Outcome, Rubric, TypedDecision},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, mail::Mail};

use crate::{
    calls::{
        answers::{CallAnswers, answers_of},
        eligibility, terms_of,
    },
    conflicts::{self, ConflictCount},
    desk::Desk,
    error::{Error, OnUnique, Result},
    panels::storage_of,
    reviews::{Case, cases},
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
    /// The applicant's: reasons are given in it.
    pub language: Locale,
    /// Of everybody who could judge it.
    pub conflicts: ConflictCount,
    /// Its timeline, oldest first.
    pub events: Vec<EventRow>,
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
            None => amounts(&application, recommended.as_ref().map(|(item, _)| item))?,
        };
        let advice = recommended.and_then(|(item, panel)| {
            Some(PanelAdvice { panel: panel.id, name: panel.name, outcome: item.outcome?, note: item.note })
        });
        let language = language(&tx, &application).await?;
        let conflicts = conflicts::count(&tx, id).await?;
        let (rubric, answers) = (terms_of(&tx, &application).await?.rubric, answers_of(&tx, &application).await?);
        let events = store::application::events(&tx, id).await?;
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
            language,
            conflicts,
            events,
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
        let application = tx.lock::<application::Entity>(id).await?;
        if application.version != seen {
            return Err(Error::Stale);
        }
        match application.state {
            State::InReview => {}
            State::Submitted => return Err(Error::invalid("", Problem::ReviewMissing)),
            _ => return Err(Error::invalid("", Problem::AlreadyDone)),
        }
        let requested = requested(&application)?;
        let on = brussels_day(self.now);
        let facts = Facts::of(&tx, &application, me).await?;
        let applicants = language(&tx, &application).await?;
        let award = checked(&application, more, typed.outcome == "approved", applicants);
        let decided = both(review::decide(typed, requested, &facts.bench(), on), award)?;
        if decided.0.outcome == Outcome::Approved {
            let refused = eligibility::still_eligible(&mut tx, id, Occasion::Award, "outcome").await?;
            if let Some(refused) = refused {
                tx.commit().await?;
                return Err(refused);
            }
        }
        let recommended = store::panel::recommendation(&tx, id).await?;
        let mut amounts = amounts(&application, recommended.as_ref().map(|(item, _)| item))?;
        let row = row(&tx, (id, me), decided, &mut amounts, applicants)?;
        let decision = tx.insert(row).await.on_unique("", Problem::AlreadyDone)?;
        if decision.needs_second {
            self.settle(&mut tx, application, State::AwaitingSignature).await?;
            tx.event(id, "decision_awaits_signature", json!({})).await?;
        } else {
            self.put_in_force(&mut tx, application, &decision).await?;
        }
        tx.commit().await
    }

    /// The second officer agrees: the decision is in force.
    /// `seen` is the application's version as it was read: a decision made anew meanwhile is not signed.
    pub async fn countersign(&self, id: ApplicationId, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (application, decision) = self.unsigned(&tx, id, me, seen).await?;
        if decision.outcome == Outcome::Approved
            && let Some(refused) = eligibility::still_eligible(&mut tx, id, Occasion::Award, "").await?
        {
            tx.commit().await?;
            return Err(refused);
        }
        let mut row = decision.into_active_model();
        row.signed_by = Set(Some(me));
        row.signed_at = Set(Some(self.now));
        let decision = tx.update(row).await?;
        self.put_in_force(&mut tx, application, &decision).await?;
        tx.commit().await
    }

    /// The second officer does not agree: the case is open again, the reason is on the timeline.
    pub async fn send_back(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", Problem::ReasonRequired));
        }
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CountersignDecision).await?;
        let (application, decision) = self.unsigned(&tx, id, me, seen).await?;
        let withdrawn = json!({ "reason": reason.trim(), "outcome": decision.outcome, "reasons": decision.reasons });
        tx.delete(decision.into_active_model()).await?;
        self.settle(&mut tx, application, State::InReview).await?;
        tx.event(id, "decision_sent_back", withdrawn).await?;
        tx.commit().await
    }

    async fn unsigned(
        &self,
        tx: &Tx,
        id: ApplicationId,
        me: PersonId,
        seen: i32,
    ) -> Result<(application::Model, decision::Model)> {
        let application = tx.lock::<application::Entity>(id).await?;
        if application.version != seen {
            return Err(Error::Stale);
        }
        if application.state != State::AwaitingSignature {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let decision = store::review::decision(tx, id).await?.ok_or(Error::NotFound)?;
        let facts = Facts::of(tx, &application, me).await?;
        may_sign(tx, id, decision.decided_by, &facts).await?.map_err(|problem| Error::invalid("", problem))?;
        Ok((application, decision))
    }

    /// State, timeline and the mail to the applicant, with the reasons and what can be done against it.
    async fn put_in_force(
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
        let (state, mail) = match decision.outcome {
            Outcome::Approved => {
                (State::Approved, Mail::Approved { reference, granted: decision.granted, reasons, link })
            }
            Outcome::Refused => (State::Refused, Mail::Refused { reference, reasons, link }),
        };
        self.settle(tx, application, state).await?;
        tx.event(id, state.code(), json!({ "granted": decision.granted })).await?;
        tx.mail(Letter::to(&author, mail)).await?;
        Ok(())
    }

    async fn settle(&self, tx: &mut Tx, application: application::Model, state: State) -> Result<()> {
        let version = application.version + 1;
        let mut row = application.into_active_model();
        row.state = Set(state);
        row.updated_at = Set(self.now);
        row.version = Set(version);
        row.decided_at = Set(matches!(state, State::Approved | State::Refused).then_some(self.now));
        tx.update(row).await?;
        Ok(())
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
async fn language(tx: &Tx, application: &application::Model) -> Result<Locale> {
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
fn amounts(application: &application::Model, recommended: Option<&panel_item::Model>) -> Result<Vec<Amounts>> {
    let by_panel = |amount: Option<i64>| amount.map(|amount| (By::Panel, amount)).into_iter().collect();
    let mut amounts = vec![Amounts {
        resource: Resource::GpuTime,
        requested: requested(application)?.as_seconds(),
        recommended: by_panel(recommended.and_then(|item| item.gpu_time).map(GpuTime::as_seconds)),
        awarded: None,
    }];
    if let Some(asked) = storage_of(application) {
        amounts.push(Amounts {
            resource: Resource::Storage,
            requested: asked,
            recommended: by_panel(recommended.and_then(|item| item.storage_tb)),
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
    })
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
struct Facts {
    person: PersonId,
    own: Vec<OrganisationId>,
    applicant: OrganisationId,
    has_conflict: bool,
    reviewers: Vec<PersonId>,
}

impl Facts {
    async fn of(tx: &Tx, application: &application::Model, person: PersonId) -> Result<Self> {
        Ok(Self {
            person,
            own: store::review::companies(tx, person).await?,
            applicant: application.organisation_id,
            has_conflict: store::review::has_conflict(tx, application.id, person).await?,
            reviewers: store::review::reviewers(tx, application.id).await?,
        })
    }

    fn bench(&self) -> Bench<'_> {
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
