//! Finding conflicts: both sides' facts are read, the rule is asked, and the record is brought to say what it says.
//!
//! Runs in the transaction of whatever changed, so that nothing is ever shown in between.

use std::collections::{HashMap, HashSet};

use domain::{
    application::Draft,
    conflict::{self as rules, Applicant, Change, Circle, Found, Judge, Known, Party, Register, State},
    id::{ApplicationId, OrganisationId, PersonId},
    period::{brussels_day, start_of_day},
    reviewer::InterestKind,
    scope::Scope,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{evidence_of, take_back};
use crate::{
    error::Result,
    reviewers,
    store::{
        self, Tx,
        conflict::{Case, Reach},
        entity::{conflict, named_party},
    },
};

/// Everything that is the same for all applications of a company.
struct Side {
    company: Party,
    country: domain::country::Country,
    circle: Circle,
    authors: Vec<PersonId>,
}

/// Brings the record up to date for these applications: of everybody who judges, or of this person. How many rows
/// changed.
pub(crate) async fn detect(tx: &mut Tx, reach: Reach<'_>, only: Option<PersonId>) -> Result<usize> {
    if let Some(person) = only
        && !store::conflict::is_judge(tx, person).await?
    {
        return Ok(0);
    }
    // Whoever changes the other side waits here, and then sees this one: neither reads past the other.
    tx.next_number("conflicts").await?;
    let register = store::conflict::register(tx).await?;
    let judges = store::conflict::judges(tx, &register, only).await?;
    if judges.is_empty() {
        return Ok(0);
    }
    let address = match judges.as_slice() {
        [one] => Some(one.email.as_str()),
        _ => None,
    };
    let cases = store::conflict::cases(tx, reach, address).await?;
    if cases.is_empty() {
        return Ok(0);
    }
    let found = find(tx, &register, &judges, &cases).await?;
    settle(tx, &cases, only, found).await
}

/// The registered companies of the same group, this one among them: whose applications an ownership row touches.
pub(crate) async fn group_of(tx: &Tx, organisation: OrganisationId) -> Result<Vec<OrganisationId>> {
    let register = store::conflict::register(tx).await?;
    let mut ids = vec![organisation];
    if let Some(company) = register.company(organisation) {
        ids.extend(register.members(&register.circle(&company.party)));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

type Pairs = HashMap<(ApplicationId, PersonId), Vec<Found>>;

async fn find(tx: &Tx, register: &Register, judges: &[Judge], cases: &[Case]) -> Result<Pairs> {
    let today = brussels_day(tx.now());
    let mut organisations: Vec<OrganisationId> = cases.iter().map(|case| case.organisation).collect();
    organisations.dedup();
    let since = start_of_day(rules::counts_since(today));
    let mut authors = store::conflict::authors(tx, &organisations, since).await?;
    let parties = store::conflict::parties_of(tx, &organisations).await?;
    let scopes = reviewers::scope_rules(tx).await?;
    let mut sides: HashMap<OrganisationId, Side> = HashMap::new();
    for id in organisations {
        let Some(company) = register.company(id) else { continue };
        let side = Side {
            country: company.country,
            circle: register.circle(&company.party),
            company: company.party.clone(),
            authors: authors.remove(&id).unwrap_or_default(),
        };
        sides.insert(id, side);
    }
    let mut found = Pairs::new();
    for case in cases {
        let Some(side) = sides.get(&case.organisation) else { continue };
        let named = named(register, &parties, case);
        let draft: Draft = serde_json::from_str(&case.draft).unwrap_or_default();
        let applicant = Applicant {
            company: &side.company,
            country: side.country,
            circle: &side.circle,
            named: &named,
            lead_email: draft.get("lead_email"),
            authors: &side.authors,
            same_country: scopes.of_parts(&case.mode, Scope::of(&case.mode, case.call), today).same_country,
        };
        for judge in judges {
            let between = rules::detect(judge, &applicant, today);
            if !between.is_empty() {
                found.insert((case.id, judge.person), between);
            }
        }
    }
    Ok(found)
}

/// Whom the company named: on all its applications, and on this one.
fn named(register: &Register, parties: &[named_party::Model], case: &Case) -> Vec<(InterestKind, Circle)> {
    parties
        .iter()
        .filter(|party| party.organisation_id == case.organisation)
        .filter(|party| party.application_id.is_none_or(|application| application == case.id))
        .map(|party| {
            let named = Party::new(&party.name, party.country, &party.registration_number);
            (party.kind, register.circle(&named))
        })
        .collect()
}

/// Writes the difference.
async fn settle(tx: &mut Tx, cases: &[Case], only: Option<PersonId>, mut found: Pairs) -> Result<usize> {
    let ids: Vec<ApplicationId> = cases.iter().map(|case| case.id).collect();
    let mut known: HashMap<(ApplicationId, PersonId), Vec<conflict::Model>> = HashMap::new();
    for row in store::conflict::found(tx, &ids, only).await? {
        known.entry((row.application_id, row.person_id)).or_default().push(row);
    }
    let mut pairs: Vec<(ApplicationId, PersonId)> = found.keys().chain(known.keys()).copied().collect();
    pairs.sort_unstable();
    pairs.dedup();
    let (mut new, mut changed, mut hidden) = (Vec::new(), 0, HashSet::new());
    for pair in pairs {
        let rows = known.remove(&pair).unwrap_or_default();
        let before: Vec<Known> = rows.iter().map(as_known).collect();
        for change in rules::changes(&found.remove(&pair).unwrap_or_default(), &before) {
            changed += 1;
            match change {
                Change::Insert(one) => {
                    new.push(row_of(tx, pair, &one)?);
                    hidden.insert(pair);
                }
                Change::Renew(one) => {
                    if let Some(row) = rows.iter().find(|row| (row.kind, row.origin) == (one.kind, one.origin)) {
                        let mut next = row.clone().into_active_model();
                        next.evidence = Set(serde_json::to_string(&one.evidence)?);
                        next.state = Set(State::InForce);
                        tx.update(next).await?;
                        hidden.insert(pair);
                    }
                }
                Change::End(kind, origin) => {
                    if let Some(row) = rows.iter().find(|row| (row.kind, row.origin) == (kind, origin)) {
                        let mut next = row.clone().into_active_model();
                        next.state = Set(State::Ended);
                        tx.update(next).await?;
                    }
                }
            }
        }
    }
    if !new.is_empty() {
        tx.insert_many(new).await?;
    }
    for (application, person) in hidden {
        take_back(tx, application, person).await?;
    }
    Ok(changed)
}

fn as_known(row: &conflict::Model) -> Known {
    Known { kind: row.kind, origin: row.origin, state: row.state, evidence: evidence_of(row) }
}

fn row_of(tx: &Tx, (application, person): (ApplicationId, PersonId), found: &Found) -> Result<conflict::ActiveModel> {
    Ok(conflict::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        application_id: Set(application),
        person_id: Set(person),
        reason: Set(String::new()),
        declared_at: Set(tx.now()),
        kind: Set(found.kind),
        origin: Set(found.origin),
        evidence: Set(serde_json::to_string(&found.evidence)?),
        state: Set(State::InForce),
        recorded_by: Set(None),
    })
}
