//! The justification file of one application: gathered from what is kept, packed and signed.
//!
//! Refuses to add anything that is not kept: the same state gives the same bytes.

pub mod archive;
mod course;
mod files;
mod paper;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    actor::Stand,
    aid,
    application::{Draft, submit},
    id::{ApplicationId, PersonId},
    ledger::Account,
    mode::{Check, Mode},
    panel::Minutes,
    policy::Action,
    review::Rubric,
};
use text::Locale;

use crate::{
    award_list::ListPlace,
    calls::{
        Under,
        answers::{CallAnswers, answers_of},
        terms_of,
    },
    desk::Desk,
    error::{Error, Result, anyhow},
    gateways::signer::Signer,
    rows::{ActionRow, AidEntryRow, AidGrantRow, AidTestRow, ReportRow},
    sites::Site,
    steps::Course,
    store::{
        self, Tx,
        entity::{
            allocation, application, conflict, decision, eligibility_check, event, fiscal_year, instalment, mail,
            organisation, person, review as review_row,
        },
    },
};

/// Answers of an application that name people.
const PERSONAL: [&str; 3] = ["lead_name", "lead_email", "members"];

/// Whether people appear by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Full,
    /// Role and initials: to pass on.
    Initials,
}

impl Names {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Initials => "initials",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Full, Self::Initials].into_iter().find(|names| names.code() == code)
    }
}

/// Everything that is kept of one application.
struct Facts {
    names: Names,
    reference: String,
    application: application::Model,
    draft: Draft,
    organisation: organisation::Model,
    years: Vec<fiscal_year::Model>,
    mode: Mode,
    rubric: Rubric,
    /// The call it was handed in under, in the version of then.
    call: Option<Under>,
    answers: CallAnswers,
    checks: Vec<Check>,
    /// Every test of eligibility as it was kept.
    tests: Vec<eligibility_check::Model>,
    conflicts: Vec<conflict::Model>,
    reviews: Vec<review_row::Model>,
    decision: Option<decision::Model>,
    /// Its place in the award list that the decision was made on.
    standing: Option<ListPlace>,
    course: Course,
    /// Of the panels that closed with it on their agenda.
    minutes: Vec<Minutes>,
    allocations: Vec<allocation::Model>,
    balances: BTreeMap<(domain::id::AllocationId, Account), domain::gpu::GpuTime>,
    sites: Vec<Site>,
    actions: Vec<ActionRow>,
    reports: Vec<ReportRow>,
    instalments: Vec<instalment::Model>,
    /// Grants of aid with their movements, and every test of them.
    grants: Vec<(AidGrantRow, Vec<AidEntryRow>)>,
    aid_tests: Vec<(AidTestRow, aid::test::Tested)>,
    events: Vec<event::Model>,
    mails: Vec<mail::Model>,
    people: BTreeMap<PersonId, person::Model>,
}

impl Desk {
    /// The archive of an application, and its file name. `NotFound` for what this actor may not see: a conflict of
    /// interest hides the file as it hides the application.
    pub async fn read_dossier(&self, id: ApplicationId, names: Names, locale: Locale) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadDossier).await?;
        let application = tx.find::<application::Entity>(id).await?;
        drop(tx);
        // Its place among what this reader may see: the rest of the file is the same for everybody.
        let decision = self.as_system().decision_of(id).await?;
        let reader = if self.actor.stand == Stand::Officer { self.clone() } else { self.as_system() };
        let standing = reader.list_place(id, decision.as_ref()).await?;
        let facts = Facts { standing, ..self.as_system().dossier_facts(application, names).await? };
        let manifest = archive::Manifest {
            format: 0,
            reference: facts.reference.clone(),
            language: locale.code().to_owned(),
            names: names.code().to_owned(),
            state_of: facts.state_of(),
            key: String::new(),
            files: Vec::new(),
        };
        let mut files = files::all(&facts)?;
        files.push(("dossier.pdf".to_owned(), paper::pdf(&facts, locale).map_err(anyhow)?));
        let bytes = archive::pack(manifest, &files, self.signer())?;
        Ok((format!("{}-dossier-{}.zip", facts.reference, names.code()), bytes))
    }

    /// The same by its reference, as people quote it.
    pub async fn find_dossier(&self, reference: &str, names: Names, locale: Locale) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadDossier).await?;
        let found = store::dossier::by_reference(&tx, reference.trim()).await?.ok_or(Error::NotFound)?;
        drop(tx);
        self.read_dossier(found.id, names, locale).await
    }

    /// The public key under justification files, in hex.
    pub fn signing_key(&self) -> String {
        self.signer().public()
    }

    fn signer(&self) -> &Signer {
        &self.services.gateways().signer
    }

    async fn decision_of(&self, id: ApplicationId) -> Result<Option<decision::Model>> {
        let tx = self.begin(Action::ReadDossier).await?;
        store::review::decision(&tx, id).await
    }

    /// As the programme itself: the caller has found the application, guarded.
    async fn dossier_facts(&self, application: application::Model, names: Names) -> Result<Facts> {
        let tx = self.begin(Action::ReadDossier).await?;
        let id = application.id;
        let reference = application.reference.clone().ok_or(Error::NotFound)?;
        let submitted = application.submitted_at.ok_or(Error::NotFound)?;
        let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
        let draft: Draft = serde_json::from_str(&application.draft)?;
        let terms = terms_of(&tx, &application).await?;
        let mode = terms.mode;
        let known = domain::mode::Facts {
            country: Some(organisation.country),
            size_class: organisation.size_class,
            ..domain::mode::Facts::default()
        };
        let checks = mode.fits(&submit::facts_of(&draft, &known), submitted);
        let mut reviews = store::review::of_application(&tx, id).await?;
        reviews.sort_by_key(|review| (review.handed_in_at, review.opened_at, review.id));
        let allocations = store::allocation::of_applications(&tx, &[id]).await?;
        let ids: Vec<_> = allocations.iter().map(|row| row.id).collect();
        let facts = Facts {
            standing: None,
            names,
            rubric: terms.rubric,
            call: terms.call,
            answers: answers_of(&tx, &application).await?,
            tests: store::call::checks(&tx, id).await?,
            years: store::organisation::years(&tx, organisation.id).await?,
            conflicts: store::dossier::conflicts(&tx, id).await?,
            decision: store::review::decision(&tx, id).await?,
            course: Course::read(&tx, &application).await?,
            minutes: store::dossier::minutes(&tx, id).await?,
            balances: store::ledger::balances_of(&tx, &ids).await?,
            sites: store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect(),
            actions: actions(&tx, &ids).await?,
            reports: reports(&tx, &ids).await?,
            instalments: store::report::instalments(&tx, &ids).await?,
            grants: crate::aid::with_entries(&tx, store::aid::grants_of(&tx, id).await?).await?,
            aid_tests: crate::aid::tests(&tx, id).await?,
            events: events(&tx, id, &ids).await?,
            mails: store::dossier::mails(&tx, &reference, application.created_at).await?,
            people: BTreeMap::new(),
            reference,
            application,
            draft,
            organisation,
            mode,
            checks,
            reviews,
            allocations,
        };
        let people = store::dossier::people(&tx, facts.named()).await?;
        Ok(Facts { people, ..facts })
    }
}

/// What was asked of these allocations, in order.
async fn actions(tx: &Tx, allocations: &[domain::id::AllocationId]) -> Result<Vec<ActionRow>> {
    let mut found = Vec::new();
    for allocation in allocations {
        found.extend(store::action::of_allocation(tx, *allocation).await?);
    }
    Ok(found)
}

async fn reports(tx: &Tx, allocations: &[domain::id::AllocationId]) -> Result<Vec<ReportRow>> {
    let mut found = Vec::new();
    for allocation in allocations {
        found.extend(store::report::of_allocation(tx, *allocation).await?);
    }
    Ok(found)
}

/// What happened to the application and to its allocations, in order.
async fn events(tx: &Tx, id: ApplicationId, allocations: &[domain::id::AllocationId]) -> Result<Vec<event::Model>> {
    let mut events = store::application::events(tx, id).await?;
    for allocation in allocations {
        events.extend(store::allocation::timeline(tx, *allocation).await?);
    }
    events.sort_by_key(|event| (event.at, event.id));
    Ok(events)
}

impl Facts {
    /// Whose names may be needed.
    fn named(&self) -> BTreeSet<PersonId> {
        let decision = self.decision.iter().flat_map(|one| [Some(one.decided_by), one.signed_by]).flatten();
        std::iter::once(self.application.author_id)
            .chain(decision)
            .chain(self.conflicts.iter().map(|one| one.person_id))
            .chain(self.reviews.iter().map(|one| one.reviewer_id))
            .chain(self.events.iter().filter_map(|one| one.person_id))
            .chain(self.course.transitions.iter().filter_map(|one| one.person_id))
            .chain(self.course.steps.iter().filter_map(|one| one.done_by))
            .chain(self.course.questions.iter().map(|one| one.asked_by))
            .chain(self.course.assessments.iter().map(|one| one.made_by))
            .chain(self.course.appeals.iter().filter_map(|one| one.decided_by))
            .chain(self.mails.iter().filter_map(|one| one.person_id))
            .chain(self.actions.iter().map(|one| one.asked_by))
            .chain(self.actions.iter().flat_map(|one| [one.decided_by, one.signed_by]).flatten())
            .chain(self.grants.iter().flat_map(|(_, entries)| entries).filter_map(|one| one.entered_by))
            .chain(self.reports.iter().flat_map(|one| [one.handed_in_by, one.decided_by]).flatten())
            .collect()
    }

    /// The name, or what stands for it.
    fn name(&self, person: PersonId) -> String {
        let name = self.people.get(&person).map_or("", |person| person.name.as_str());
        match self.names {
            Names::Full => name.to_owned(),
            Names::Initials => initials(name),
        }
    }

    /// The last instant that anything in it is of.
    fn state_of(&self) -> DateTime<Utc> {
        let mails = self.mails.iter().flat_map(|mail| [Some(mail.queued_at), mail.sent_at]).flatten();
        let ways = self.course.transitions.iter().map(|one| one.at);
        let events = self.events.iter().map(|event| event.at).chain(ways);
        mails.chain(events).chain([self.application.updated_at]).max().unwrap_or(self.application.updated_at)
    }
}

/// `Otto Officer` is `O. O.`.
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let letters: Vec<String> = letters.map(|letter| format!("{}.", letter.to_uppercase())).collect();
    letters.join(" ")
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_any_name() {
        assert_eq!(initials("Otto Officer"), "O. O.");
        assert_eq!(initials("  élise  van den Berg "), "É. V. D. B.");
        assert_eq!(initials(""), "");
    }
}
