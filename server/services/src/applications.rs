//! Verbs of applicants: a draft that takes anything, a submission that lacks nothing, withdrawing, copying, reading.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Utc};
use domain::{
    actor::Stand,
    application::{self, Draft, State, Step, Submitted, submit},
    call::{self, check::Occasion},
    id::{ApplicationId, OrganisationId, PersonId},
    mode::{Check, Code, Facts, Mode},
    period::brussels_day,
    policy::Action,
    pricing::Quote,
    problem::{Invalid, Problem},
    workflow::{
        StepOutcome,
        edge::{Circumstances, Deed, Node},
        question,
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    calls::{
        self, TermsOf, Under,
        answers::{CallAnswers, answers_of},
        eligibility::{self, Tested},
    },
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, Result},
    lots, modes,
    pricing::{Customer, PriceTerms, Prices},
    quotes, reviewers,
    sites::Site,
    steps::{Course, Here, Way, finish, make_steps, move_to, record},
    store::{
        self, Letter, Tx,
        conflict::Reach,
        entity::{application as row, call as call_row, organisation, person},
        rows::{AllocationRow, ApplicationRow, DecisionRow, EventRow, OrganisationRow},
    },
};

/// One line of the list.
#[derive(Debug, Clone)]
pub struct ApplicationListed {
    pub application: ApplicationRow,
    /// As typed; empty if nothing was.
    pub title: String,
    /// What the applicant is to do besides finishing a draft.
    pub awaited: Option<Awaited>,
}

/// Of the list of an organisation's applications.
pub(crate) const APPLICATIONS_MAX: u64 = 500;

/// What an application waits for from its own people, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    Answer(Option<DateTime<Utc>>),
    /// To the reviews.
    Reply(Option<DateTime<Utc>>),
}

/// What keeps a draft from being handed in: field and problem.
pub type DraftIssue = (String, Problem);

/// An application with everything its pages show.
#[derive(Debug, Clone)]
pub struct ApplicationRead {
    pub application: ApplicationRow,
    pub organisation: OrganisationRow,
    pub mode: Mode,
    pub draft: Draft,
    /// Frozen at submission; before that, the price of its quote, or today's, of what can be read of the draft.
    pub quote: Option<Quote>,
    pub terms: PriceTerms,
    /// Every rule of the mode against the facts as they are now.
    pub checks: Vec<Check>,
    /// The call it is under, if it is under one, and every rule of that call against the facts as they are now.
    pub call: Option<Under>,
    pub call_checks: Vec<call::Check>,
    /// The call's own questions with what was answered.
    pub answers: CallAnswers,
    /// What is missing before it can be handed in; empty once it is.
    pub issues: Vec<DraftIssue>,
    /// Those one may prefer.
    pub sites: Vec<Site>,
    /// When an answer would be due if it were handed in now, and the cut-off it would be for.
    pub answer_due: Option<DateTime<Utc>>,
    pub round: Option<DateTime<Utc>>,
    /// Once it is in force.
    pub decision: Option<DecisionRow>,
    /// Offers and what became of them, as far as the reader may see them.
    pub offers: Vec<AllocationRow>,
    /// Oldest first.
    pub events: Vec<EventRow>,
    /// Steps, questions and what else happens until it is awarded.
    pub course: Course,
}

impl Desk {
    /// The organisation's applications, latest change first.
    pub async fn list_applications(&self) -> Result<Vec<ApplicationListed>> {
        let tx = self.begin(Action::ReadApplication).await?;
        let Some(organisation) = self.actor.organisation() else { return Ok(Vec::new()) };
        let rows = store::application::of_organisation(&tx, organisation, APPLICATIONS_MAX).await?;
        let questions: HashMap<_, _> = store::question::open(&tx).await?.into_iter().collect();
        let replies: HashMap<_, _> = store::step::replies_due(&tx).await?.into_iter().collect();
        let awaited = |id| {
            let answer = questions.get(&id).map(|due| Awaited::Answer(*due));
            answer.or_else(|| replies.get(&id).map(|due| Awaited::Reply(*due)))
        };
        Ok(rows.into_iter().map(|row| ApplicationListed { awaited: awaited(row.id), ..listed(row) }).collect())
    }

    pub async fn read_application(&self, id: ApplicationId) -> Result<ApplicationRead> {
        let tx = self.begin(Action::ReadApplication).await?;
        let application = tx.find::<row::Entity>(id).await?;
        if self.actor.stand == Stand::Reviewer {
            // Reviewers read what is theirs to review, after they accepted its terms.
            let me = self.signed_in()?;
            store::review::own(&tx, id, me).await?.ok_or(Error::NotFound)?;
            reviewers::has_accepted(&tx, me, &application).await?;
        }
        let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
        let terms_of = calls::terms_of(&tx, &application).await?;
        let draft: Draft = serde_json::from_str(&application.draft)?;
        let tested = eligibility::of_application(&tx, &organisation, (id, &terms_of, &draft)).await?;
        let checks = terms_of.mode.fits(&tested.facts.of_mode, self.now);
        let sites: Vec<Site> = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        let answers = answers_of(&tx, &application).await?;
        let issues = if application.state == State::Draft {
            let written = Written { draft: &draft, answers: &answers, terms: &terms_of, tested: &tested };
            written.checked(&sites, self.now).err().map(|invalid| invalid.0).unwrap_or_default()
        } else {
            Vec::new()
        };
        let TermsOf { mode, call, .. } = terms_of;
        let call_checks = if call.is_some() { tested.checks } else { Vec::new() };
        let terms = Prices::read(&tx).await?.terms(&tx, Some(&organisation), &mode)?;
        let quote = match &application.quote {
            Some(frozen) => Some(serde_json::from_str(frozen)?),
            None => match price_of(&terms, &draft) {
                Some(today) => Some(quotes::for_submission(&tx, id, today).await?),
                None => None,
            },
        };
        let events = store::application::events(&tx, id).await?;
        let (answer_due, round) = (mode.answer_due(self.now), mode.next_cut_off(self.now));
        let is_decided = matches!(application.state, State::Approved | State::Refused);
        let decision = if is_decided { store::review::decision(&tx, id).await? } else { None };
        let offers = store::allocation::of_applications(&tx, &[id]).await?;
        let course = Course::read(&tx, &application).await?;
        Ok(ApplicationRead {
            course,
            application,
            organisation,
            mode,
            draft,
            quote,
            terms,
            checks,
            call,
            call_checks,
            answers,
            issues,
            sites,
            answer_due,
            round,
            decision,
            offers,
            events,
        })
    }

    /// An empty draft in this mode, under its rules of today.
    pub async fn start_application(&self, code: Code) -> Result<ApplicationId> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let mode = modes::in_force(&tx, code).await?;
        let id = insert(&mut tx, &mode, &Draft::default(), None).await?;
        let organisation = modes::own(&tx).await?.ok_or(Error::NotFound)?;
        let application = tx.find::<row::Entity>(id).await?;
        let terms = calls::terms_of(&tx, &application).await?;
        let tested = eligibility::of_application(&tx, &organisation, (id, &terms, &Draft::default())).await?;
        tested.record(&mut tx, id, Occasion::Start).await?;
        tx.event(id, "application_started", json!({})).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Keeps one page of the form as it was sent. `AlreadyDone` once it is handed in.
    pub async fn save_draft(&self, id: ApplicationId, step: Step, sent: &BTreeMap<String, String>) -> Result<()> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let application = tx.lock::<row::Entity>(id).await?;
        if !application.state.is_editable() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let mut draft: Draft = serde_json::from_str(&application.draft)?;
        draft.take(step, sent);
        let version = application.version + 1;
        let mut next = application.into_active_model();
        next.draft = Set(serde_json::to_string(&draft)?);
        next.updated_at = Set(self.now);
        next.version = Set(version);
        tx.update(next).await?;
        tx.commit().await
    }

    /// Hands the draft in: tested against today's rules, priced, numbered. Errors with everything that is missing.
    pub async fn submit_application(&self, id: ApplicationId, seen: i32) -> Result<()> {
        self.submit_for_round(id, seen, None).await
    }

    /// As [`Self::submit_application`], by somebody who was told that it would be for this cut-off: `CutOffPassed` if
    /// that has passed meanwhile. The request's arrival counts, however long it then waits.
    pub async fn submit_for_round(&self, id: ApplicationId, seen: i32, round: Option<DateTime<Utc>>) -> Result<()> {
        let mut tx = self.begin(Action::SubmitApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        here.take(self, Deed::Submit, &here.circumstances())?;
        let application = here.application;
        let organisation = tx.lock::<organisation::Entity>(application.organisation_id).await?;
        // The rules are those of today: a draft from before a change has to meet them.
        let terms = calls::terms_today(&tx, &application).await?;
        let draft: Draft = serde_json::from_str(&application.draft)?;
        if let Some(under) = &terms.call {
            // Two of one group that hand in at once are counted one after the other.
            tx.lock::<call_row::Entity>(under.id).await?;
        }
        let tested = eligibility::of_application(&tx, &organisation, (id, &terms, &draft)).await?;
        tested.record(&mut tx, id, Occasion::Submit).await?;
        let sites: Vec<Site> = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        let answers = answers_of(&tx, &application).await?;
        let written = Written { draft: &draft, answers: &answers, terms: &terms, tested: &tested };
        let submitted = match written.checked(&sites, self.now) {
            Ok(submitted) => submitted,
            Err(invalid) => {
                if !tested.holds() {
                    // The test is kept with what it saw; nothing else is.
                    tx.commit().await?;
                }
                return Err(invalid.into());
            }
        };
        if round.is_some_and(|round| round <= self.now) {
            return Err(Error::invalid("", Problem::CutOffPassed));
        }
        self.hand_in(tx, application, (&organisation, &terms, &submitted)).await
    }

    /// Prices and numbers what lacks nothing, and takes its place under its call.
    async fn hand_in(
        &self,
        mut tx: Tx,
        application: row::Model,
        (organisation, terms, submitted): (&organisation::Model, &TermsOf, &Submitted),
    ) -> Result<()> {
        let (id, mode, need) = (application.id, &terms.mode, &submitted.need);
        let prices = Prices::read(&tx).await?;
        let today = prices.quote(&tx, &Customer::of(organisation), mode, need.model, need.gpu_time)?;
        let quote = quotes::for_submission(&tx, id, today).await?;
        if let Some(under) = &terms.call {
            calls::take_place(&mut tx, under, quote.subsidy).await?;
        }
        let year = brussels_day(self.now).year();
        let number = tx.next_number(&application::series(mode.code, year)).await?;
        let reference = application::reference(mode.code, year, number);
        let due = mode.answer_due(self.now).ok_or_else(|| Error::invalid("", Problem::TooLate))?;
        let (author, version) = (application.author_id, application.version + 1);
        let mut next = application.into_active_model();
        next.reference = Set(Some(reference.clone()));
        match &terms.call {
            Some(under) => next.call_version = Set(under.version),
            None => next.mode_version = Set(mode.version),
        }
        next.state = Set(State::Submitted);
        next.quote = Set(Some(serde_json::to_string(&quote)?));
        next.lot_code = Set(Some(lots::new_code()));
        next.submitted_at = Set(Some(self.now));
        next.due_at = Set(Some(due));
        next.updated_at = Set(self.now);
        next.version = Set(version);
        let application = tx.update(next).await?;
        // In the same transaction: nobody sees it before what hides it from them is found.
        detect(&mut tx, Reach::Application(id), None).await?;
        let first = make_steps(&mut tx, self, &application).await?;
        begin_in(&mut tx, application, first).await?;
        let way = Way::to(Node::Draft, Deed::Submit, first, "").with(json!({ "reference": reference, "due": due }));
        record(&mut tx, id, way).await?;
        self.tell(&mut tx, author, reference, due, id).await?;
        tx.commit().await
    }

    /// Takes an application back, at any point before something is awarded; what was handed in, with a reason.
    pub async fn withdraw_application(&self, id: ApplicationId, reason: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::WithdrawApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        let from = here.node();
        let offers = store::allocation::of_applications(&tx, &[id]).await?;
        let is_awarded = offers.iter().any(|offer| offer.state.is_awarded());
        here.take(self, Deed::Withdraw, &Circumstances { is_awarded, ..here.circumstances() })?;
        let reason = match from {
            Node::Draft => String::new(),
            _ => question::answer(reason)
                .map_err(|invalid| invalid.of("answer").next())
                .map_err(|problem| Error::invalid("reason", problem.unwrap_or(Problem::Required)))?,
        };
        self.give_up_offer(&mut tx, id).await?;
        if let Some(step) = here.active() {
            finish(&mut tx, step, StepOutcome::Withdrawn, &reason).await?;
        }
        store::question::drop_suggestions(&mut tx, id).await?;
        if let Some(open) = here.question {
            let mut open = open.into_active_model();
            open.state = Set(question::State::Dropped);
            tx.update(open).await?;
        }
        if let (Some(call), Some(quote)) = (here.application.call_id, &here.application.quote) {
            let quote: Quote = serde_json::from_str(quote)?;
            store::call::give_back(&mut tx, call, quote.subsidy).await?;
        }
        crate::aid::release(&mut tx, id, "withdrawn").await?;
        move_to(&mut tx, here.application, State::Withdrawn).await?;
        record(&mut tx, id, Way::to(from, Deed::Withdraw, Node::Withdrawn, &reason)).await?;
        tx.commit().await
    }

    /// A new draft from an old application of the same organisation, in the same mode; under the same call if that
    /// takes applications.
    pub async fn copy_application(&self, id: ApplicationId) -> Result<ApplicationId> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let copy = copy_into(&mut tx, id).await?;
        tx.commit().await?;
        Ok(copy)
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        author: PersonId,
        reference: String,
        due: DateTime<Utc>,
        id: ApplicationId,
    ) -> Result<()> {
        // Whoever hands it in may not be who began it; both are members, and the one who acts gets the mail.
        let reader = self.actor.person.unwrap_or(author);
        let reader = tx.find::<person::Entity>(reader).await?;
        let link = format!("{}/applications/{id}", self.services.settings().public_url);
        tx.mail(Letter::to(&reader, Mail::Received { reference, due, link })).await?;
        Ok(())
    }
}

/// A new draft from an old application, which the caller's transaction may see; under the same call if that takes
/// applications.
pub(crate) async fn copy_into(tx: &mut Tx, id: ApplicationId) -> Result<ApplicationId> {
    let old = tx.find::<row::Entity>(id).await?;
    let draft: Draft = serde_json::from_str(&old.draft)?;
    let terms = calls::terms_today(tx, &old).await?;
    let under = terms.call.filter(|under| under.standing.is_open());
    let mode = modes::in_force(tx, terms.mode.code).await?;
    let answers = if under.is_some() { old.answers.as_str() } else { "{}" };
    let under = under.as_ref().map(|under| (under, answers));
    let copy = insert(tx, &mode, &draft.copied(), under).await?;
    tx.event(copy, "application_copied", json!({ "from": old.reference })).await?;
    Ok(copy)
}

/// A draft with what it is tested by.
struct Written<'a> {
    draft: &'a Draft,
    answers: &'a CallAnswers,
    terms: &'a TermsOf,
    tested: &'a Tested,
}

impl Written<'_> {
    /// What submitting demands, that the sites one prefers are there, and what the call asks besides.
    fn checked(&self, sites: &[Site], now: DateTime<Utc>) -> std::result::Result<Submitted, Invalid> {
        let mode = &self.terms.mode;
        // Under a call its own rules say how many one may have.
        let open = self.tested.facts.of_mode.open.filter(|_| self.terms.call.is_none());
        let facts = Facts { open, ..self.tested.facts.of_mode.clone() };
        let submitted = submit(self.draft, &facts, mode, now);
        let mut invalid = submitted.as_ref().err().cloned().unwrap_or_default();
        let is_site = |name: &str| sites.iter().any(|site| site.slug == self.draft.get(name));
        let named = submit::PREFERRED.into_iter().filter(|name| !self.draft.get(name).is_empty());
        for name in named {
            if !is_site(name) {
                invalid.add(name, Problem::NotAChoice);
            } else if self.terms.call.as_ref().is_some_and(|call| !call.terms.offers_site(self.draft.get(name))) {
                invalid.add(name, Problem::NotOffered);
            }
        }
        match &self.terms.call {
            Some(under) => self.under_call(under, &mut invalid),
            // Whoever owes a report that is overdue hands in nothing new until it is there.
            None => invalid.0.extend(self.tested.owes()),
        }
        match submitted {
            Ok(submitted) if invalid.is_empty() => Ok(submitted),
            _ => Err(invalid),
        }
    }

    fn under_call(&self, under: &Under, invalid: &mut Invalid) {
        // The call's own rule says why it is closed.
        invalid.0.retain(|(field, problem)| !(field.is_empty() && *problem == Problem::TooLate));
        let closed = calls::open_problem(under).map(|problem| ("", problem));
        let faults = self.tested.faults().filter(|(_, problem)| *problem != Problem::CallClosed);
        for (field, problem) in closed.into_iter().chain(faults) {
            if !invalid.of(field).any(|known| known == problem) {
                invalid.add(field, problem);
            }
        }
        for name in ["fallback_1", "fallback_2"] {
            let model = domain::gpu::GpuModel::from_code(self.draft.get(name));
            if model.is_some_and(|model| !under.terms.offers_model(model)) {
                invalid.add(name, Problem::NotOffered);
            }
        }
        invalid.0.extend(self.answers.faults().0);
    }
}

/// An empty draft under this call.
pub(crate) async fn insert_under(tx: &mut Tx, under: &Under) -> Result<ApplicationId> {
    let mode = modes::in_force(tx, under.terms.mode).await?;
    insert(tx, &mode, &Draft::default(), Some((under, "{}"))).await
}

/// A draft in this mode of today, and under this call with these answers if it is under one.
async fn insert(tx: &mut Tx, mode: &Mode, draft: &Draft, under: Option<(&Under, &str)>) -> Result<ApplicationId> {
    let organisation: OrganisationId = tx.actor().organisation().ok_or(Error::NotFound)?;
    let author = tx.actor().person.ok_or(Error::NotFound)?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.insert(row::ActiveModel {
        id: Set(id),
        reference: Set(None),
        organisation_id: Set(organisation),
        author_id: Set(author),
        mode: Set(mode.code.code().to_owned()),
        mode_version: Set(mode.version),
        state: Set(State::Draft),
        draft: Set(serde_json::to_string(draft)?),
        quote: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        submitted_at: Set(None),
        due_at: Set(None),
        decided_at: Set(None),
        version: Set(1),
        call_id: Set(under.map(|(under, _)| under.id)),
        call_version: Set(under.map_or(0, |(under, _)| under.version)),
        answers: Set(under.map_or("{}", |(_, answers)| answers).to_owned()),
        lot_code: Set(None),
        project_id: Set(None),
    })
    .await?;
    Ok(id)
}

/// Before anybody has acted on it: the state of its first step, without another version.
async fn begin_in(tx: &mut Tx, application: row::Model, first: Node) -> Result<()> {
    if application.state == first.state() {
        return Ok(());
    }
    let mut next = application.into_active_model();
    next.state = Set(first.state());
    tx.update(next).await?;
    Ok(())
}

pub(crate) fn listed(application: row::Model) -> ApplicationListed {
    let draft: Draft = serde_json::from_str(&application.draft).unwrap_or_default();
    ApplicationListed { title: draft.get("title").to_owned(), application, awaited: None }
}

fn price_of(terms: &PriceTerms, draft: &Draft) -> Option<Quote> {
    let model = domain::gpu::GpuModel::from_code(draft.get("model"))?;
    terms.quote(model, submit::gpu_time(draft).ok()?)
}
