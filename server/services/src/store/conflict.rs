//! Queries about conflicts of interest.
//!
//! Detection reads what the actor may not: whoever changes one side must not see the other. What it finds goes into
//! the table and nowhere else.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    actor::StaffRole,
    conflict::{By, Company, Judge, Origin, Party, PersonTie, Register, Tie},
    country::Country,
    id::{ApplicationId, CallId, OrganisationId, PersonId},
    money::BasisPoints,
    organisation::HolderKind,
    reviewer::InterestKind,
    scope::Scope,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{
    Tx,
    entity::{
        application, conflict, former_seat, interest, named_party, organisation, owner, person, reviewer, role, seat,
        waiver,
    },
};
use crate::error::Result;

/// How many values go into one statement at most; SQLite takes a limited number.
const SOME: usize = 500;

/// Every registered company with whom it names as owners and holdings.
pub(crate) async fn register(tx: &Tx) -> Result<Register> {
    use organisation::Column::{Country as InCountry, Id, LegalName, RegistrationNumber};
    let companies: Vec<(OrganisationId, String, Country, String)> = organisation::Entity::find()
        .select_only()
        .columns([Id, LegalName, InCountry, RegistrationNumber])
        .order_by_asc(Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let owners: Vec<(OrganisationId, String, HolderKind, BasisPoints, bool)> = owner::Entity::find()
        .select_only()
        .columns([
            owner::Column::OrganisationId,
            owner::Column::Name,
            owner::Column::Kind,
            owner::Column::Share,
            owner::Column::Controls,
        ])
        .order_by_asc(owner::Column::CreatedAt)
        .order_by_asc(owner::Column::Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut links: HashMap<OrganisationId, Vec<(Party, Tie)>> = HashMap::new();
    for (organisation, name, kind, share, controls) in owners {
        let tie = Tie::of(kind, share, controls);
        links.entry(organisation).or_default().push((Party::new(&name, None, ""), tie));
    }
    Ok(Register::new(
        companies
            .into_iter()
            .map(|(id, name, country, number)| Company {
                id,
                country,
                party: Party::new(&name, Some(country), &number),
                links: links.remove(&id).unwrap_or_default(),
            })
            .collect(),
    ))
}

/// Whoever says something of an application before it is decided.
const JUDGING: [StaffRole; 3] = [StaffRole::Reviewer, StaffRole::Officer, StaffRole::Operator];

/// Reviewers, officers and technical assessors with all that ties them to companies; only this one, if one is named.
pub(crate) async fn judges(tx: &Tx, register: &Register, only: Option<PersonId>) -> Result<Vec<Judge>> {
    let mut holders =
        role::Entity::find().select_only().column(role::Column::PersonId).filter(role::Column::Role.is_in(JUDGING));
    if let Some(person) = only {
        holders = holders.filter(role::Column::PersonId.eq(person));
    }
    let holders = holders.into_query();
    let people = person::Entity::find()
        .filter(person::Column::Id.in_subquery(holders.clone()))
        .order_by_asc(person::Column::Id)
        .all(tx.connection())
        .await?;
    let countries: Vec<(PersonId, Option<Country>)> = reviewer::Entity::find()
        .select_only()
        .columns([reviewer::Column::PersonId, reviewer::Column::Country])
        .filter(reviewer::Column::PersonId.in_subquery(holders.clone()))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let countries: HashMap<PersonId, Option<Country>> = countries.into_iter().collect();
    let mut ties: HashMap<PersonId, Vec<PersonTie>> = HashMap::new();
    let seats = seat::Entity::find().filter(seat::Column::PersonId.in_subquery(holders.clone()));
    for row in seats.order_by_asc(seat::Column::CreatedAt).all(tx.connection()).await? {
        ties.entry(row.person_id).or_default().extend(of_seat(register, row.organisation_id, None));
    }
    let left = former_seat::Entity::find().filter(former_seat::Column::PersonId.in_subquery(holders.clone()));
    for row in left.order_by_desc(former_seat::Column::LeftOn).all(tx.connection()).await? {
        ties.entry(row.person_id).or_default().extend(of_seat(register, row.organisation_id, Some(row.left_on)));
    }
    let interests = interest::Entity::find().filter(interest::Column::PersonId.in_subquery(holders));
    let interests = interests.order_by_asc(interest::Column::CreatedAt).order_by_asc(interest::Column::Id);
    for row in interests.all(tx.connection()).await? {
        ties.entry(row.person_id).or_default().push(PersonTie {
            kind: row.kind,
            party: Party::new(&row.name, row.country, &row.registration_number),
            ended_on: row.ended_on,
            seat: None,
        });
    }
    Ok(people
        .into_iter()
        .map(|person| Judge {
            person: person.id,
            ties: ties.remove(&person.id).unwrap_or_default(),
            country: countries.get(&person.id).copied().flatten(),
            name: person.name,
            email: person.email,
        })
        .collect())
}

fn of_seat(register: &Register, organisation: OrganisationId, ended_on: Option<NaiveDate>) -> Option<PersonTie> {
    let (kind, by) = match ended_on {
        None => (InterestKind::Employer, By::Seat),
        Some(_) => (InterestKind::FormerEmployer, By::FormerSeat),
    };
    let party = register.company(organisation)?.party.clone();
    Some(PersonTie { kind, party, ended_on, seat: Some(by) })
}

/// Whether this person reviews, assesses or decides.
pub(crate) async fn is_judge(tx: &Tx, person: PersonId) -> Result<bool> {
    let held = role::Entity::find().filter(role::Column::PersonId.eq(person)).filter(role::Column::Role.is_in(JUDGING));
    Ok(held.one(tx.connection()).await?.is_some())
}

/// What detection has to know of an application.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub id: ApplicationId,
    pub organisation: OrganisationId,
    pub mode: String,
    pub call: Option<CallId>,
    /// JSON of the draft, if it was asked for.
    pub draft: String,
}

/// Which applications detection looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'a> {
    Everything,
    Application(ApplicationId),
    Organisations(&'a [OrganisationId]),
    Scope(Scope),
}

/// What was ever submitted, by organisation and arrival. With their drafts, or with those only in which `address` is
/// somewhere.
pub(crate) async fn cases(tx: &Tx, reach: Reach<'_>, address: Option<&str>) -> Result<Vec<Case>> {
    use application::Column::{CallId as Under, Draft, Id, Mode, OrganisationId as Of, SubmittedAt};
    let mut select = application::Entity::find().filter(SubmittedAt.is_not_null());
    select = match reach {
        Reach::Everything => select,
        Reach::Application(id) => select.filter(Id.eq(id)),
        Reach::Organisations(ids) => select.filter(Of.is_in(ids.iter().copied())),
        // A call goes by its mode's rules until it has its own.
        Reach::Scope(Scope::Mode(mode)) => select.filter(Mode.eq(mode.code())),
        Reach::Scope(scope) => select.filter(super::scope::within(scope)),
    };
    let rows: Vec<(ApplicationId, OrganisationId, String, Option<CallId>)> = select
        .clone()
        .select_only()
        .columns([Id, Of, Mode, Under])
        .order_by_asc(Of)
        .order_by_asc(SubmittedAt)
        .order_by_asc(Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    if let Some(address) = address {
        let draft = Expr::expr(Func::lower(Expr::col((application::Entity, Draft))));
        select = select.filter(draft.like(super::search::anywhere(&address.to_lowercase())));
    }
    let drafts: Vec<(ApplicationId, String)> =
        select.select_only().columns([Id, Draft]).into_tuple().all(tx.connection()).await?;
    let mut drafts: HashMap<ApplicationId, String> = drafts.into_iter().collect();
    let cases = rows.into_iter().map(|(id, organisation, mode, call)| Case {
        id,
        organisation,
        mode,
        call,
        draft: drafts.remove(&id).unwrap_or_default(),
    });
    Ok(cases.collect())
}

/// Who wrote what these organisations submitted since then.
pub(crate) async fn authors(
    tx: &Tx,
    organisations: &[OrganisationId],
    since: DateTime<Utc>,
) -> Result<HashMap<OrganisationId, Vec<PersonId>>> {
    let mut authors: HashMap<OrganisationId, Vec<PersonId>> = HashMap::new();
    for some in organisations.chunks(SOME) {
        let found: Vec<(OrganisationId, PersonId)> = application::Entity::find()
            .select_only()
            .columns([application::Column::OrganisationId, application::Column::AuthorId])
            .distinct()
            .filter(application::Column::OrganisationId.is_in(some.iter().copied()))
            .filter(application::Column::SubmittedAt.gte(since))
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (organisation, author) in found {
            authors.entry(organisation).or_default().push(author);
        }
    }
    Ok(authors)
}

/// Whom these organisations do not want to be judged by.
pub(crate) async fn parties_of(tx: &Tx, organisations: &[OrganisationId]) -> Result<Vec<named_party::Model>> {
    let mut found = Vec::new();
    for some in organisations.chunks(SOME) {
        let select = named_party::Entity::find().filter(named_party::Column::OrganisationId.is_in(some.to_vec()));
        found.extend(select.order_by_asc(named_party::Column::NamedAt).all(tx.connection()).await?);
    }
    Ok(found)
}

/// Whom the actor's organisation named: on all its applications, or on this one only.
pub(crate) async fn named_by(tx: &Tx, application: Option<ApplicationId>) -> Result<Vec<named_party::Model>> {
    let select = tx.select::<named_party::Entity>();
    let select = match application {
        Some(id) => select.filter(named_party::Column::ApplicationId.eq(id)),
        None => select.filter(named_party::Column::ApplicationId.is_null()),
    };
    Ok(select.order_by_asc(named_party::Column::NamedAt).all(tx.connection()).await?)
}

/// What was found before, of these applications; of this person only, if one is named.
pub(crate) async fn found(
    tx: &Tx,
    applications: &[ApplicationId],
    only: Option<PersonId>,
) -> Result<Vec<conflict::Model>> {
    let mut rows = Vec::new();
    for some in applications.chunks(SOME) {
        let mut select = conflict::Entity::find()
            .filter(conflict::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(conflict::Column::Origin.is_in([Origin::Detected, Origin::Applicant]));
        if let Some(person) = only {
            select = select.filter(conflict::Column::PersonId.eq(person));
        }
        rows.extend(select.all(tx.connection()).await?);
    }
    Ok(rows)
}

/// This person's conflict of this kind and origin with this application, whatever its state.
pub(crate) async fn one(
    tx: &Tx,
    application: ApplicationId,
    person: PersonId,
    (kind, origin): (domain::conflict::Kind, Origin),
) -> Result<Option<conflict::Model>> {
    Ok(conflict::Entity::find()
        .filter(conflict::Column::ApplicationId.eq(application))
        .filter(conflict::Column::PersonId.eq(person))
        .filter(conflict::Column::Kind.eq(kind))
        .filter(conflict::Column::Origin.eq(origin))
        .one(tx.connection())
        .await?)
}

/// The conflicts of an application that the actor may see, first recorded first.
pub(crate) async fn of_application(tx: &Tx, application: ApplicationId) -> Result<Vec<conflict::Model>> {
    Ok(tx
        .select::<conflict::Entity>()
        .filter(conflict::Column::ApplicationId.eq(application))
        .order_by_asc(conflict::Column::DeclaredAt)
        .order_by_asc(conflict::Column::Id)
        .all(tx.connection())
        .await?)
}

/// What was asked and answered about these conflicts, oldest first.
pub(crate) async fn waivers(tx: &Tx, conflicts: &[Uuid]) -> Result<Vec<waiver::Model>> {
    Ok(tx
        .select::<waiver::Entity>()
        .filter(waiver::Column::ConflictId.is_in(conflicts.to_vec()))
        .order_by_asc(waiver::Column::AskedAt)
        .order_by_asc(waiver::Column::Id)
        .all(tx.connection())
        .await?)
}

/// What a person declared and what became of it, the newest first.
pub(crate) async fn declared_by(tx: &Tx, person: PersonId) -> Result<Vec<conflict::Model>> {
    Ok(tx
        .select::<conflict::Entity>()
        .filter(conflict::Column::PersonId.eq(person))
        .filter(conflict::Column::Origin.eq(Origin::Declared))
        .order_by_desc(conflict::Column::DeclaredAt)
        .all(tx.connection())
        .await?)
}

/// Reviewers and officers: whom an application could be given to, or be decided by. Name and address are the office's.
pub(crate) async fn bench(tx: &Tx) -> Result<Vec<(person::Model, bool, bool)>> {
    let roles: Vec<(PersonId, StaffRole)> = role::Entity::find()
        .select_only()
        .columns([role::Column::PersonId, role::Column::Role])
        .filter(role::Column::Role.is_in(JUDGING))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let with = |wanted: StaffRole| -> HashSet<PersonId> {
        roles.iter().filter(|(_, role)| *role == wanted).map(|(person, _)| *person).collect()
    };
    let (reviewers, officers) = (with(StaffRole::Reviewer), with(StaffRole::Officer));
    let ids: Vec<PersonId> = reviewers.union(&officers).copied().collect();
    let mut people = Vec::new();
    for some in ids.chunks(SOME) {
        let select = person::Entity::find().filter(person::Column::Id.is_in(some.iter().copied()));
        people.extend(select.all(tx.connection()).await?);
    }
    people.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let of = |person: person::Model| {
        let (reviews, decides) = (reviewers.contains(&person.id), officers.contains(&person.id));
        (person, reviews, decides)
    };
    Ok(people.into_iter().map(of).collect())
}

/// Names of these people, for the office's own pages.
pub(crate) async fn people(tx: &Tx, ids: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let mut names = HashMap::new();
    for some in ids.chunks(SOME) {
        let found: Vec<(PersonId, String)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Id, person::Column::Name])
            .filter(person::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        names.extend(found);
    }
    Ok(names)
}

/// Of these applications, those that the actor may see, in no order.
pub(crate) async fn in_sight(tx: &Tx, ids: &[ApplicationId]) -> Result<HashSet<ApplicationId>> {
    let mut seen = HashSet::new();
    for some in ids.chunks(SOME) {
        let found: Vec<ApplicationId> = tx
            .select::<application::Entity>()
            .select_only()
            .column(application::Column::Id)
            .filter(application::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        seen.extend(found);
    }
    Ok(seen)
}
