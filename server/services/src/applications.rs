//! Verbs of applicants: a draft that takes anything, a submission that lacks nothing, withdrawing, copying, reading.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Utc};
use domain::{
    actor::Stand,
    application::{self, Draft, State, Step, Submitted, submit},
    id::{ApplicationId, OrganisationId, PersonId},
    mode::{Check, Code, Facts, Mode, Outcome, Rule},
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
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, Result},
    modes,
    pricing::{Customer, PriceTerms, Prices},
    reviewers,
    sites::Site,
    steps::{Course, Here, Way, finish, make_steps, move_to, record},
    store::{
        self, Letter, Tx,
        conflict::Reach,
        entity::{application as row, organisation, person},
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
    /// Frozen at submission; before that, today's price of what can be read of the draft.
    pub quote: Option<Quote>,
    pub terms: PriceTerms,
    /// Every rule of the mode against the facts as they are now.
    pub checks: Vec<Check>,
    /// What is missing before it can be handed in; empty once it is.
    pub issues: Vec<DraftIssue>,
    /// Those one may prefer.
    pub sites: Vec<Site>,
    /// When an answer would be due if it were handed in now.
    pub answer_due: Option<DateTime<Utc>>,
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
        let rows = store::application::of_organisation(&tx, organisation, 500).await?;
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
            reviewers::has_accepted(&tx, me, &application.mode).await?;
        }
        let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
        let (mode, draft) = opened(&tx, &application).await?;
        let facts = facts_for(&tx, &organisation, &mode, id).await?;
        let checks = mode.fits(&submit::facts_of(&draft, &facts), self.now);
        let sites: Vec<Site> = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        let issues = if application.state == State::Draft {
            let checked = checked(&draft, &facts, &mode, &sites, self.now);
            let checked = owing(&tx, organisation.id, checked).await?;
            checked.err().map(|invalid| invalid.0).unwrap_or_default()
        } else {
            Vec::new()
        };
        let terms = Prices::read(&tx).await?.terms(&tx, Some(&organisation), &mode)?;
        let quote = match &application.quote {
            Some(frozen) => Some(serde_json::from_str(frozen)?),
            None => price_of(&terms, &draft),
        };
        let events = store::application::events(&tx, id).await?;
        let answer_due = mode.answer_due(self.now);
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
            issues,
            sites,
            answer_due,
            decision,
            offers,
            events,
        })
    }

    /// An empty draft in this mode, under its rules of today.
    pub async fn start_application(&self, code: Code) -> Result<ApplicationId> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let mode = modes::in_force(&tx, code).await?;
        let id = insert(&mut tx, &mode, &Draft::default()).await?;
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
        let mut tx = self.begin(Action::SubmitApplication).await?;
        let here = Here::lock_seen(&tx, id, seen).await?;
        here.take(self, Deed::Submit, &here.circumstances())?;
        let application = here.application;
        let organisation = tx.lock::<organisation::Entity>(application.organisation_id).await?;
        let (written, draft) = opened(&tx, &application).await?;
        // The rules are those of today: a draft from before a change has to meet them.
        let mode = modes::in_force(&tx, written.code).await?;
        let facts = facts_for(&tx, &organisation, &mode, id).await?;
        let sites: Vec<Site> = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        let submitted = owing(&tx, organisation.id, checked(&draft, &facts, &mode, &sites, self.now)).await??;
        let prices = Prices::read(&tx).await?;
        let need = &submitted.need;
        let quote = prices.quote(&tx, &Customer::of(&organisation), &mode, need.model, need.gpu_time)?;
        let year = brussels_day(self.now).year();
        let number = tx.next_number(&application::series(mode.code, year)).await?;
        let reference = application::reference(mode.code, year, number);
        let due = mode.answer_due(self.now).ok_or_else(|| Error::invalid("", Problem::TooLate))?;
        let author = application.author_id;
        let mut next = application.into_active_model();
        next.reference = Set(Some(reference.clone()));
        next.mode_version = Set(mode.version);
        next.state = Set(State::Submitted);
        next.quote = Set(Some(serde_json::to_string(&quote)?));
        next.submitted_at = Set(Some(self.now));
        next.due_at = Set(Some(due));
        next.updated_at = Set(self.now);
        next.version = Set(seen + 1);
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
        let is_awarded = offers.iter().any(|offer| offer.accepted_at.is_some());
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
        if let Some(open) = here.question {
            let mut open = open.into_active_model();
            open.state = Set(question::State::Dropped);
            tx.update(open).await?;
        }
        move_to(&mut tx, here.application, State::Withdrawn).await?;
        record(&mut tx, id, Way::to(from, Deed::Withdraw, Node::Withdrawn, &reason)).await?;
        tx.commit().await
    }

    /// A new draft from an old application of the same organisation, in the same mode.
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

/// A new draft from an old application, which the caller's transaction may see.
pub(crate) async fn copy_into(tx: &mut Tx, id: ApplicationId) -> Result<ApplicationId> {
    let old = tx.find::<row::Entity>(id).await?;
    let mode = modes::in_force(tx, code_of(&old)?).await?;
    let draft: Draft = serde_json::from_str(&old.draft)?;
    let copy = insert(tx, &mode, &draft.copied()).await?;
    tx.event(copy, "application_copied", json!({ "from": old.reference })).await?;
    Ok(copy)
}

/// Nothing is awarded to, or booked by, an organisation that has since moved out of the mode's rules: the facts of
/// the organisation are those of today, what it asked for and when stays as handed in. `field` is where it is said.
pub(crate) async fn still_eligible(tx: &Tx, id: ApplicationId, field: &str) -> Result<()> {
    let application = tx.find::<row::Entity>(id).await?;
    let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
    let (mode, draft) = opened(tx, &application).await?;
    let facts = facts_for(tx, &organisation, &mode, id).await?;
    let checks = mode.fits(&submit::facts_of(&draft, &facts), tx.now());
    let about_them = |check: &&Check| matches!(check.rule, Rule::Country | Rule::SizeClass);
    match checks.iter().filter(about_them).find(|check| check.outcome == Outcome::Fail) {
        Some(_) => Err(Error::invalid(field, Problem::NotEligible)),
        None => Ok(()),
    }
}

/// What submitting demands, and that the sites one prefers are there.
fn checked(
    draft: &Draft,
    facts: &Facts,
    mode: &Mode,
    sites: &[Site],
    now: DateTime<Utc>,
) -> std::result::Result<Submitted, Invalid> {
    let submitted = submit(draft, facts, mode, now);
    let is_site = |name: &str| sites.iter().any(|site| site.slug == draft.get(name));
    let gone = submit::PREFERRED.into_iter().filter(|name| !draft.get(name).is_empty() && !is_site(name));
    let gone: Vec<DraftIssue> = gone.map(|name| (name.to_owned(), Problem::NotAChoice)).collect();
    match submitted {
        Ok(submitted) if gone.is_empty() => Ok(submitted),
        submitted => {
            let mut invalid = submitted.err().unwrap_or_default();
            invalid.0.extend(gone);
            Err(invalid)
        }
    }
}

/// Whoever owes a report that is overdue hands in nothing new until it is there.
async fn owing(
    tx: &Tx,
    organisation: OrganisationId,
    checked: std::result::Result<Submitted, Invalid>,
) -> Result<std::result::Result<Submitted, Invalid>> {
    if !crate::reports::report_overdue(tx, organisation, brussels_day(tx.now())).await? {
        return Ok(checked);
    }
    let mut invalid = checked.err().unwrap_or_default();
    invalid.add("report", Problem::ReportOverdue);
    Ok(Err(invalid))
}

async fn facts_for(tx: &Tx, organisation: &organisation::Model, mode: &Mode, id: ApplicationId) -> Result<Facts> {
    let open = store::application::open_in(tx, organisation.id, mode.code, Some(id)).await?;
    Ok(Facts {
        country: Some(organisation.country),
        size_class: organisation.size_class,
        open: Some(open),
        ..Facts::default()
    })
}

async fn opened(tx: &Tx, application: &row::Model) -> Result<(Mode, Draft)> {
    let mode = modes::version(tx, code_of(application)?, application.mode_version).await?;
    Ok((mode, serde_json::from_str(&application.draft)?))
}

fn code_of(application: &row::Model) -> Result<Code> {
    Code::from_code(&application.mode).ok_or(Error::NotFound)
}

async fn insert(tx: &mut Tx, mode: &Mode, draft: &Draft) -> Result<ApplicationId> {
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

fn listed(application: row::Model) -> ApplicationListed {
    let draft: Draft = serde_json::from_str(&application.draft).unwrap_or_default();
    ApplicationListed { title: draft.get("title").to_owned(), application, awaited: None }
}

fn price_of(terms: &PriceTerms, draft: &Draft) -> Option<Quote> {
    let model = domain::gpu::GpuModel::from_code(draft.get("model"))?;
    terms.quote(model, submit::gpu_time(draft).ok()?)
}
