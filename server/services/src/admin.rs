//! Verbs of the administrator: who may stand where, jobs that gave up, and who did what.

use std::collections::BTreeMap;

use domain::{
    account,
    actor::StaffRole,
    id::{JobId, PersonId, SiteId},
    policy::Action,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel, prelude::Uuid};
use serde_json::json;

use crate::{
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        conflict::Reach,
        entity::{job, person, role},
        rows::{AuditRow, JobRow, PersonRow, RoleRow, SeatRow},
    },
};

/// Rows of one page of people or audit.
pub const PAGE: u64 = 50;

/// A person with everything that says where they may stand.
#[derive(Debug, Clone)]
pub struct PersonEntry {
    pub person: PersonRow,
    /// Each with the organisation's name.
    pub seats: Vec<(SeatRow, String)>,
    pub roles: Vec<RoleRow>,
}

/// What is looked for in the audit. Empty text looks for everything.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    pub action: String,
    /// The address of who did it.
    pub actor: String,
    /// The id of what was changed, or a part of it.
    pub subject: String,
    /// The last row of the page before.
    pub before: Option<Uuid>,
}

/// One page of the audit.
#[derive(Debug, Clone)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    /// Addresses of the people in it.
    pub people: BTreeMap<PersonId, String>,
    /// Where the next page begins, if there is one.
    pub next: Option<Uuid>,
}

impl Desk {
    /// People whose name or address has the text; the second value begins the next page.
    pub async fn people(&self, typed: &str, after: &str) -> Result<(Vec<PersonEntry>, Option<String>)> {
        let tx = self.begin(Action::ReadPeople).await?;
        let mut found = store::admin::people(&tx, typed, after, PAGE + 1).await?;
        let is_more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if is_more {
            found.pop();
        }
        let next = found.last().filter(|_| is_more).map(|person| person.email.clone());
        Ok((entries(&tx, found).await?, next))
    }

    pub async fn person(&self, id: PersonId) -> Result<PersonEntry> {
        let tx = self.begin(Action::ReadPeople).await?;
        let person = tx.find::<person::Entity>(id).await?;
        entries(&tx, vec![person]).await?.pop().ok_or(Error::NotFound)
    }

    /// Gives a person a role; an operator's names the site, the others' do not.
    pub async fn grant_role(&self, id: PersonId, granted: StaffRole, site: Option<SiteId>) -> Result<()> {
        let mut tx = self.begin(Action::ChangeRoles).await?;
        grant(&mut tx, id, granted, site).await?;
        tx.commit().await
    }

    /// Takes a role away; where the person stands in it, their next page shows another. The last administrator stays.
    pub async fn remove_role(&self, id: Uuid) -> Result<()> {
        let mut tx = self.begin(Action::ChangeRoles).await?;
        // All of them before this one, so that two who remove each other wait in the same order.
        let administrators = store::admin::holders(&tx, StaffRole::Administrator).await?;
        let row = tx.lock::<role::Entity>(id).await?;
        if row.role == StaffRole::Administrator && administrators < 2 {
            return Err(Error::invalid("role", Problem::LastAdministrator));
        }
        tx.event(row.person_id, "role_removed", json!({ "role": row.role.code(), "site": row.site_id })).await?;
        tx.delete(row.into_active_model()).await?;
        tx.commit().await
    }

    /// The first administrator, from the command line: nobody could grant it yet. The person must have signed up.
    pub async fn appoint_administrator(&self, typed: &str) -> Result<()> {
        let email = account::address(typed).map_err(|problem| Error::invalid("email", problem))?;
        let mut tx = self.begin(Action::ChangeRoles).await?;
        let person = store::account::person_by_email(&tx, &email).await?.ok_or(Error::NotFound)?;
        grant(&mut tx, person.id, StaffRole::Administrator, None).await?;
        tx.commit().await
    }

    /// Parked jobs first, then those that wait, the most urgent first.
    pub async fn jobs(&self) -> Result<Vec<JobRow>> {
        let tx = self.begin(Action::ReadJobs).await?;
        store::job::waiting(&tx, 200).await
    }

    /// Takes a parked job up again, at once and with all its tries.
    pub async fn retry_job(&self, id: JobId) -> Result<()> {
        let mut tx = self.begin(Action::RetryJob).await?;
        let row = tx.lock::<job::Entity>(id).await?;
        if row.parked_at.is_none() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let mut row = row.into_active_model();
        row.parked_at = Set(None);
        row.attempts = Set(0);
        row.run_at = Set(self.now);
        tx.update(row).await?;
        tx.commit().await
    }

    pub async fn audit(&self, query: &AuditQuery) -> Result<AuditPage> {
        let tx = self.begin(Action::ReadAudit).await?;
        let actor = match query.actor.trim().to_lowercase() {
            none if none.is_empty() => None,
            email => match store::account::person_by_email(&tx, &email).await? {
                Some(person) => Some(person.id),
                // Nobody has this address, so nothing was done by them.
                None => return Ok(AuditPage { rows: Vec::new(), people: BTreeMap::new(), next: None }),
            },
        };
        let (action, subject) = (query.action.trim(), query.subject.trim());
        let mut rows = store::admin::audit(&tx, action, actor, subject, query.before, PAGE + 1).await?;
        let is_more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if is_more {
            rows.pop();
        }
        let next = rows.last().filter(|_| is_more).map(|row| row.id);
        let ids = rows.iter().filter_map(|row| row.person_id).collect();
        let people = store::admin::people_by_id(&tx, ids).await?;
        Ok(AuditPage { rows, people: people.into_iter().map(|person| (person.id, person.email)).collect(), next })
    }
}

async fn grant(tx: &mut Tx, id: PersonId, granted: StaffRole, site: Option<SiteId>) -> Result<()> {
    if (granted == StaffRole::Operator) != site.is_some() {
        return Err(Error::invalid("site", if site.is_some() { Problem::NotAChoice } else { Problem::Required }));
    }
    // Locked, so that the same role is not granted twice at once.
    let person = tx.lock::<person::Entity>(id).await?;
    let held = store::admin::roles_of(tx, &[person.id]).await?;
    if held.iter().any(|row| row.role == granted && row.site_id == site) {
        return Err(Error::invalid("role", Problem::AlreadyDone));
    }
    let row = role::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        person_id: Set(person.id),
        role: Set(granted),
        site_id: Set(site),
        granted_at: Set(tx.now()),
    };
    tx.insert(row).await?;
    if matches!(granted, StaffRole::Reviewer | StaffRole::Officer) {
        // Before the first list is shown to them.
        detect(tx, Reach::Everything, Some(person.id)).await?;
    }
    tx.event(person.id, "role_granted", json!({ "role": granted.code(), "site": site })).await
}

async fn entries(tx: &Tx, people: Vec<PersonRow>) -> Result<Vec<PersonEntry>> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let roles = store::admin::roles_of(tx, &ids).await?;
    let seats = store::admin::seats_of(tx, &ids).await?;
    Ok(people
        .into_iter()
        .map(|person| PersonEntry {
            seats: seats.iter().filter(|(seat, _)| seat.person_id == person.id).cloned().collect(),
            roles: roles.iter().filter(|role| role.person_id == person.id).cloned().collect(),
            person,
        })
        .collect())
}
