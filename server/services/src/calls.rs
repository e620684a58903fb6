//! Calls as anybody reads them, and the one place that says under which terms an application stands.
//!
//! Officers' verbs are `office`'s, answers and files `answers`', the tests of eligibility `eligibility`'s.

pub(crate) mod answers;
pub(crate) mod eligibility;
pub(crate) mod office;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    call::{Check, Closing, Standing, State, Taken, Terms},
    id::{ApplicationId, CallId},
    mode::{Code, Mode},
    money::Money,
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    review::{self, Rubric},
    workflow::Plan,
};

use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    modes,
    pricing::{PriceTerms, Prices},
    steps::plan_of,
    store::{
        self, Tx,
        entity::{application, call},
    },
};

/// Under which call something stands, and what that call's terms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Under {
    pub id: CallId,
    pub code: String,
    /// The version meant, and the one in force.
    pub version: i32,
    pub latest: i32,
    pub terms: Terms,
    pub taken: Taken,
    pub standing: Standing,
    /// Of the officer who closed it.
    pub close_reason: Option<String>,
}

/// Everything by which an application is written, reviewed and decided: its call's, or its access mode's.
#[derive(Debug, Clone)]
pub struct TermsOf {
    pub mode: Mode,
    pub plan: Plan,
    pub rubric: Rubric,
    pub call: Option<Under>,
}

/// A call with what its rules say of the reader.
#[derive(Debug, Clone)]
pub struct CallRead {
    pub under: Under,
    /// Every rule; those about a wish are open until there is one.
    pub checks: Vec<Check>,
    /// When the answer to what is handed in now is due.
    pub answer_due: Option<DateTime<Utc>>,
    pub prices: PriceTerms,
    /// Number, instant and reason of every version, the newest first.
    pub versions: Vec<(i32, DateTime<Utc>, String)>,
}

/// The terms of an application. A draft has those of today, what was handed in those of its submission.
pub(crate) async fn terms_of(tx: &Tx, application: &application::Model) -> Result<TermsOf> {
    let code = Code::from_code(&application.mode).ok_or(Error::NotFound)?;
    let Some(id) = application.call_id else {
        let mode = modes::version(tx, code, application.mode_version).await?;
        let on = brussels_day(application.submitted_at.unwrap_or(tx.now()));
        let rubric = review::rubric(code.code(), on)
            .ok_or_else(|| anyhow(format!("no rubric for mode {}", application.mode)))?
            .clone();
        return Ok(TermsOf { mode, plan: Plan::of_mode(code), rubric, call: None });
    };
    let row = tx.find::<call::Entity>(id).await?;
    let is_handed_in = application.submitted_at.is_some();
    let number = if is_handed_in { application.call_version } else { row.current };
    let under = under(tx, row, number).await?;
    let terms = &under.terms;
    Ok(TermsOf {
        mode: terms.mode(under.version),
        plan: terms.plan.clone(),
        rubric: terms.rubric.clone(),
        call: Some(under),
    })
}

/// The steps of each of these applications, which are handed in; a version of a call is read once.
pub(crate) async fn plans_of(tx: &Tx, rows: &[application::Model]) -> Result<BTreeMap<ApplicationId, Plan>> {
    let terms = store::call::terms_of(tx, rows).await?;
    let plan = |row: &application::Model| match row.call_id {
        Some(id) => terms.get(&(id, row.call_version)).map(|terms| terms.plan.clone()),
        None => Code::from_code(&row.mode).map(Plan::of_mode),
    };
    Ok(rows.iter().filter_map(|row| Some((row.id, plan(row)?))).collect())
}

/// Those of these applications whose call or mode tells no reviewer whose they are.
pub(crate) async fn blind_among(tx: &Tx, rows: &[application::Model]) -> Result<BTreeSet<ApplicationId>> {
    let plans = plans_of(tx, rows).await?;
    Ok(plans.into_iter().filter(|(_, plan)| plan.blind).map(|(id, _)| id).collect())
}

/// The terms as they are in force today, for what is handed in now.
pub(crate) async fn terms_today(tx: &Tx, application: &application::Model) -> Result<TermsOf> {
    let mut terms = terms_of(tx, application).await?;
    if terms.call.is_none() {
        terms.mode = modes::in_force(tx, terms.mode.code).await?;
    }
    Ok(terms)
}

/// The call of this row in this version.
pub(crate) async fn under(tx: &Tx, row: call::Model, number: i32) -> Result<Under> {
    let version = store::call::version(tx, row.id, number).await?;
    let terms: Terms = serde_json::from_str(&version.terms)?;
    let taken = Taken { places: row.taken, committed: row.committed };
    // Time and money are those of the version in force, whichever is read.
    let intake = if number == row.current {
        terms.intake.clone()
    } else {
        let latest: Terms = serde_json::from_str(&store::call::version(tx, row.id, row.current).await?.terms)?;
        latest.intake
    };
    let standing = intake.standing(row.state, row.closing, taken, tx.now());
    Ok(Under {
        id: row.id,
        code: row.code.unwrap_or_default(),
        version: number,
        latest: row.current,
        terms,
        taken,
        standing,
        close_reason: row.close_reason,
    })
}

/// Takes the place of an application that is handed in, and closes the call with the last one. What does not fit is
/// said at the form as a whole, and its draft stays.
pub(crate) async fn take_place(tx: &mut Tx, under: &Under, subsidy: Money) -> Result<()> {
    let is_taken = store::call::take(tx, under.id, subsidy).await?;
    let row = tx.find::<call::Entity>(under.id).await?;
    let taken = Taken { places: row.taken, committed: row.committed };
    let intake = &under.terms.intake;
    if !is_taken {
        let problem = match row.closing {
            Some(Closing::Places) => Problem::NoPlaceLeft,
            Some(Closing::Funds) => Problem::PotTooSmall { max: 0 },
            Some(_) => Problem::CallClosed,
            None if row.places.is_some_and(|places| row.taken >= places) => Problem::NoPlaceLeft,
            None => {
                let left = intake.left(taken).unwrap_or_default();
                Problem::PotTooSmall { max: left.as_cents().div_euclid(100) }
            }
        };
        return Err(Error::invalid("", problem));
    }
    // The row's own limits, should a new version have come in between.
    let is_last = row.places.is_some_and(|places| row.taken >= places);
    let is_empty = row.funds.is_some_and(|funds| row.committed >= funds);
    let closing = if is_last { Some(Closing::Places) } else { is_empty.then_some(Closing::Funds) };
    if let Some(closing) = closing {
        store::call::close_by_rule(tx, under.id, closing).await?;
        tx.event(under.id, "call_closed", serde_json::json!({ "closing": closing })).await?;
    }
    Ok(())
}

/// Whether this call takes applications, in the words of the form as a whole.
pub(crate) fn open_problem(under: &Under) -> Option<Problem> {
    match under.standing {
        Standing::Open(_) => None,
        Standing::Closed(Closing::Places) => Some(Problem::NoPlaceLeft),
        Standing::Closed(Closing::Funds) => Some(Problem::PotTooSmall { max: 0 }),
        Standing::Later(_) | Standing::Closed(_) => Some(Problem::CallClosed),
    }
}

impl Desk {
    /// Every call that was published and not put away: open ones first, then those to come, then closed ones.
    pub async fn list_calls(&self) -> Result<Vec<Under>> {
        let tx = self.begin(Action::ReadCalls).await?;
        let mut found = Vec::new();
        for row in store::call::published(&tx).await? {
            let current = row.current;
            found.push(under(&tx, row, current).await?);
        }
        found.sort_by_key(|call| match call.standing {
            Standing::Open(round) => (0, round),
            Standing::Later(from) => (1, from),
            Standing::Closed(_) => (2, None),
        });
        Ok(found)
    }

    /// A call by its code, tested against the actor's organisation if they stand in one.
    pub async fn read_call(&self, code: &str) -> Result<CallRead> {
        let tx = self.begin(Action::ReadCalls).await?;
        let row = store::call::by_code(&tx, &code.to_ascii_uppercase()).await?;
        if row.state == State::Draft {
            return Err(Error::NotFound);
        }
        let current = row.current;
        let under = under(&tx, row, current).await?;
        read(&tx, under).await
    }

    /// The steps that an application goes through, by its call or its mode.
    pub async fn plan_of_application(&self, id: ApplicationId) -> Result<Plan> {
        let tx = self.begin(Action::ReadApplication).await?;
        let application = tx.find::<application::Entity>(id).await?;
        plan_of(&tx, &application).await
    }

    /// An empty draft under an open call. `Invalid` where the organisation cannot apply: before the first word.
    pub async fn start_application_under(&self, code: &str) -> Result<ApplicationId> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let row = store::call::by_code(&tx, &code.to_ascii_uppercase()).await?;
        let current = row.current;
        let under = under(&tx, row, current).await?;
        if let Some(problem) = open_problem(&under) {
            return Err(Error::invalid("", problem));
        }
        let organisation = modes::own(&tx).await?.ok_or(Error::NotFound)?;
        let tested = eligibility::of_applicant(&tx, &organisation, &under).await?;
        if let Some((field, problem)) = tested.fault_of_applicant() {
            return Err(Invalid::one(field, problem).into());
        }
        let id = crate::applications::insert_under(&mut tx, &under).await?;
        tested.record(&mut tx, id, domain::call::check::Occasion::Start).await?;
        tx.event(id, "application_started", serde_json::json!({ "call": under.code })).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// The call's page for this reader.
pub(crate) async fn read(tx: &Tx, under: Under) -> Result<CallRead> {
    let organisation = modes::own(tx).await?;
    let checks = match &organisation {
        Some(organisation) => eligibility::of_applicant(tx, organisation, &under).await?.checks,
        None => domain::call::check::fits(&under.terms, under.standing, &domain::call::Facts::default(), tx.now()),
    };
    let mode = under.terms.mode(under.version);
    let mut prices = Prices::read(tx).await?.terms(tx, organisation.as_ref(), &mode)?;
    prices.quotes.retain(|quote| under.terms.offers_model(quote.model));
    let versions = store::call::versions(tx, under.id).await?;
    let versions = versions.into_iter().map(|row| (row.number, row.published_at, row.reason)).collect();
    let answer_due = mode.answer_due(tx.now()).filter(|_| under.standing.is_open());
    Ok(CallRead { under, checks, answer_due, prices, versions })
}
