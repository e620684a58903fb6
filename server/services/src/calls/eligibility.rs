//! Tests of eligibility: what is known of an applicant, what the rules say of it, and the row that keeps both.

use domain::{
    application::{Draft, submit},
    call::{
        self, Check, Facts, Reports, Terms,
        check::{Occasion, Rule},
    },
    gpu::GpuModel,
    id::ApplicationId,
    mode::{self, Outcome},
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use sea_orm::ActiveValue::Set;

use super::{TermsOf, Under};
use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        entity::{application, eligibility_check, organisation},
        rows::EligibilityCheckRow,
    },
};

/// One test: the facts it saw and what every rule said of them.
#[derive(Debug, Clone)]
pub(crate) struct Tested {
    pub facts: Facts,
    pub checks: Vec<Check>,
}

/// One test as it is read later.
#[derive(Debug, Clone)]
pub struct EligibilityRead {
    pub row: EligibilityCheckRow,
    pub facts: Facts,
    pub checks: Vec<Check>,
}

impl Tested {
    fn failing(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Fail)
    }

    pub(crate) fn holds(&self) -> bool {
        self.failing().next().is_none()
    }

    /// The first rule about the applicant that fails.
    pub(crate) fn fault_of_applicant(&self) -> Option<(&'static str, Problem)> {
        self.failing().find(|check| check.rule.is_of_applicant()).map(|check| check.rule.fault())
    }

    /// Every rule of a call that fails and that the rules of modes do not name.
    pub(crate) fn faults(&self) -> impl Iterator<Item = (&'static str, Problem)> {
        self.failing().filter(|check| !matches!(check.rule, Rule::OfMode(_))).map(|check| check.rule.fault())
    }

    /// A final report that is overdue.
    pub(crate) fn owes(&self) -> Option<(String, Problem)> {
        let owed = self.failing().find(|check| check.rule == Rule::Reports)?;
        let (field, problem) = owed.rule.fault();
        Some((field.to_owned(), problem))
    }

    /// Of what can change after submission: where they are established and how large they are.
    fn is_out(&self) -> bool {
        self.failing().any(|check| matches!(check.rule, Rule::Country | Rule::SizeClass))
    }

    /// Keeps the test with the facts it saw.
    pub(crate) async fn record(&self, tx: &mut Tx, id: ApplicationId, occasion: Occasion) -> Result<()> {
        let at = tx.now();
        let holds = match occasion {
            // What was open and within its caps then is no matter any more.
            Occasion::Award | Occasion::Booking | Occasion::Invoice => !self.is_out(),
            Occasion::Start => self.fault_of_applicant().is_none(),
            Occasion::Submit => self.holds(),
        };
        tx.insert(eligibility_check::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            application_id: Set(id),
            occasion: Set(occasion),
            at: Set(at),
            holds: Set(holds),
            facts: Set(serde_json::to_string(&self.facts)?),
            outcome: Set(serde_json::to_string(&self.checks)?),
        })
        .await?;
        Ok(())
    }
}

/// What is known of an organisation under a call before anything is written.
pub(crate) async fn of_applicant(tx: &Tx, organisation: &organisation::Model, under: &Under) -> Result<Tested> {
    let facts = facts_under(tx, organisation, under, None).await?;
    let checks = call::check::fits(&under.terms, under.standing, &facts, tx.now());
    Ok(Tested { facts, checks })
}

/// What is known of an application under its terms.
pub(crate) async fn of_application(
    tx: &Tx,
    organisation: &organisation::Model,
    (id, terms, draft): (ApplicationId, &TermsOf, &Draft),
) -> Result<Tested> {
    let Some(under) = &terms.call else {
        let open = store::application::open_in(tx, organisation.id, terms.mode.code, Some(id)).await?;
        let of_mode = mode::Facts { open: Some(open), ..of_organisation(organisation) };
        let reports = reports_of(tx, organisation).await?;
        let facts = Facts { of_mode: submit::facts_of(draft, &of_mode), reports, ..Facts::default() };
        let checks = call::check::of_mode(&terms.mode, &facts, tx.now());
        return Ok(Tested { facts, checks });
    };
    let mut facts = facts_under(tx, organisation, under, Some(id)).await?;
    facts.of_mode = submit::facts_of(draft, &facts.of_mode);
    facts.model = GpuModel::from_code(draft.get("model"));
    let checks = call::check::fits(&under.terms, under.standing, &facts, tx.now());
    Ok(Tested { facts, checks })
}

fn of_organisation(row: &organisation::Model) -> mode::Facts {
    mode::Facts { country: Some(row.country), size_class: row.size_class, ..mode::Facts::default() }
}

/// Whether they owe a final report that is past its last day.
async fn reports_of(tx: &Tx, organisation: &organisation::Model) -> Result<Reports> {
    let overdue = store::report::overdue(tx, organisation.id, brussels_day(tx.now())).await?;
    Ok(overdue.map_or(Reports::Complete, Reports::Overdue))
}

async fn facts_under(
    tx: &Tx,
    organisation: &organisation::Model,
    under: &Under,
    without: Option<ApplicationId>,
) -> Result<Facts> {
    let group = store::call::group(tx, organisation.id).await?;
    Ok(Facts {
        of_mode: of_organisation(organisation),
        own: Some(store::call::count(tx, under.id, &[organisation.id], without).await?),
        group: Some(store::call::count(tx, under.id, &group, without).await?),
        applied_elsewhere: excluding(tx, organisation, under).await?,
        reports: reports_of(tx, organisation).await?,
        model: None,
    })
}

/// The first call under which they have applied and that this one excludes, or that excludes this one.
async fn excluding(tx: &Tx, organisation: &organisation::Model, under: &Under) -> Result<Option<String>> {
    let named = &under.terms.admission.exclusive;
    for other in store::call::applied_under(tx, organisation.id, under.id).await? {
        let Some(code) = other.code else { continue };
        let terms: Terms = serde_json::from_str(&store::call::version(tx, other.id, other.current).await?.terms)?;
        if named.contains(&code) || terms.admission.exclusive.contains(&under.code) {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Nothing is awarded to, or booked by, an organisation that has since moved out of the rules: the facts of the
/// organisation are those of today, what it asked for and when stays as handed in. The test is kept either way:
/// whoever is refused commits before they say so. `field` is where it is said.
pub(crate) async fn still_eligible(
    tx: &mut Tx,
    id: ApplicationId,
    occasion: Occasion,
    field: &str,
) -> Result<Option<Error>> {
    let application = tx.find::<application::Entity>(id).await?;
    let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
    let terms = super::terms_of(tx, &application).await?;
    let draft: Draft = serde_json::from_str(&application.draft)?;
    let tested = of_application(tx, &organisation, (id, &terms, &draft)).await?;
    tested.record(tx, id, occasion).await?;
    Ok(tested.is_out().then(|| Error::invalid(field, Problem::NotEligible)))
}

impl Desk {
    /// Every test of an application's eligibility with the facts it saw, oldest first.
    pub async fn eligibility_of(&self, id: ApplicationId) -> Result<Vec<EligibilityRead>> {
        let tx = self.begin(Action::ReadApplication).await?;
        tx.find::<application::Entity>(id).await?;
        let rows = store::call::checks(&tx, id).await?;
        rows.into_iter()
            .map(|row| {
                let (facts, checks) = (serde_json::from_str(&row.facts)?, serde_json::from_str(&row.outcome)?);
                Ok(EligibilityRead { row, facts, checks })
            })
            .collect()
    }
}
