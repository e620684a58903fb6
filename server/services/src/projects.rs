//! Verbs of projects: opening one, giving it a share of the company's GPU-hours, and saying which application is of it.
//!
//! A share is a quota like others, checked with them where hours are bound.

use domain::{
    application::Draft,
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId, ProjectId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    project::{self, TypedProject, TypedShare},
    quota::{self, Cap, Scope, Standing},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    quotas::{self, Caps},
    store::{
        self, Tx,
        entity::{application, project as row},
        quota::Reach,
        rows::ProjectRow,
    },
};

/// A project with its share.
#[derive(Debug, Clone)]
pub struct ProjectRead {
    pub row: ProjectRow,
    /// What is bound of its share; `None` where it has none.
    pub standing: Option<Standing>,
    /// What is bound of it, with a share or without.
    pub bound: GpuTime,
}

/// An application, and which project it is of.
#[derive(Debug, Clone)]
pub struct ProjectApplication {
    pub id: ApplicationId,
    /// `None` while it is a draft.
    pub reference: Option<String>,
    /// As typed; empty if nothing was.
    pub title: String,
    pub project: Option<ProjectId>,
}

/// What a company divides, and among what.
#[derive(Debug, Clone)]
pub struct Projects {
    pub rows: Vec<ProjectRead>,
    /// The company's own quota; `None` where it is not limited.
    pub own: Option<Standing>,
    /// What all projects were given together.
    pub given: GpuTime,
    /// The latest first.
    pub applications: Vec<ProjectApplication>,
}

impl Desk {
    pub async fn projects(&self) -> Result<Projects> {
        let tx = self.begin(Action::ReadProjects).await?;
        let organisation = self.actor.organisation().ok_or(Error::NotFound)?;
        let caps = Caps::on(&tx, brussels_day(self.now)).await?;
        let mut rows = Vec::new();
        for row in store::project::all(&tx).await? {
            let cap = caps.of(&Scope::Project(row.id));
            let standing = match cap {
                Some(cap) => caps.standing(&tx, cap, None).await?,
                None => None,
            };
            let since = cap.and_then(|cap| cap.counts_from);
            let bound = store::quota::bound(&tx, &Reach::Project(row.id), since).await?;
            rows.push(ProjectRead { row, standing, bound });
        }
        let own = match caps.of(&Scope::Organisation(organisation)) {
            Some(cap) => caps.standing(&tx, cap, None).await?,
            None => None,
        };
        let given = GpuTime::sum(rows.iter().filter_map(|row| row.standing.as_ref()).map(|standing| standing.most))?;
        let applications = store::project::applications(&tx, organisation).await?.into_iter().map(listed).collect();
        Ok(Projects { rows, own, given, applications })
    }

    /// Errors at `name`, also where the company has a project of this name.
    pub async fn open_project(&self, typed: &TypedProject) -> Result<ProjectId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::OpenProject).await?;
        let organisation = self.actor.organisation().ok_or(Error::NotFound)?;
        let name = project::name(typed)?;
        let id = tx.new_id();
        tx.insert(row::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation),
            name: Set(name),
            opened_by: Set(me),
            opened_at: Set(self.now),
        })
        .await
        .on_unique("name", Problem::Taken)?;
        tx.commit().await?;
        Ok(id)
    }

    /// Gives a project a share from today on, or lifts what it has. What is bound already stays bound. Errors as
    /// [`project::share`] says.
    pub async fn share_quota(&self, id: ProjectId, typed: &TypedShare) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ShareQuota).await?;
        let found = tx.find::<row::Entity>(id).await?;
        quotas::take_turn(&mut tx).await?;
        let today = brussels_day(self.now);
        let caps = Caps::on(&tx, today).await?;
        // A share counts from the day from which the company's own quota does: a part of this year's is of this year.
        let own = caps.of(&Scope::Organisation(found.organisation_id));
        let (whole, counts_from) = own.map_or((None, None), |cap| (cap.most, cap.counts_from));
        let others = given_to_others(&tx, &caps, found.organisation_id, id).await?;
        let share = project::share(typed, whole, others)?;
        let before = caps.of(&Scope::Project(id)).map(|cap| (cap.most, cap.counts_from));
        if before == share.most.map(|most| (Some(most), counts_from)) {
            return Ok(());
        }
        let cap = Cap {
            id: tx.new_id::<domain::id::Quota>(),
            scope: Scope::Project(id),
            most: share.most,
            valid_from: today,
            counts_from,
        };
        quotas::insert(&mut tx, cap, share.reason, me).await?;
        tx.commit().await
    }

    /// Says which project an application is of, or that it is of none. Refused at `project` where what it has bound
    /// does not fit into the share of that project.
    pub async fn assign_project(&self, id: ApplicationId, project: Option<ProjectId>) -> Result<()> {
        let mut tx = self.begin(Action::AssignProject).await?;
        if let Some(project) = project {
            tx.find::<row::Entity>(project).await?;
        }
        // In the order in which a booking takes them.
        let found = tx.lock::<application::Entity>(id).await?;
        quotas::take_turn(&mut tx).await?;
        if found.project_id == project {
            return Ok(());
        }
        if let Some(project) = project {
            let caps = Caps::on(&tx, brussels_day(self.now)).await?;
            if let Some(cap) = caps.of(&Scope::Project(project)) {
                let standing = caps.standing(&tx, cap, None).await?;
                let more = store::quota::bound(&tx, &Reach::Application(id), cap.counts_from).await?;
                quota::check(standing.as_slice(), more, "project")?;
            }
        }
        let mut next = found.into_active_model();
        next.project_id = Set(project);
        tx.update(next).await?;
        tx.commit().await
    }
}

async fn given_to_others(tx: &Tx, caps: &Caps, organisation: OrganisationId, id: ProjectId) -> Result<GpuTime> {
    let projects = store::project::all(tx).await?;
    let others = projects.iter().filter(|row| row.organisation_id == organisation && row.id != id);
    Ok(GpuTime::sum(others.filter_map(|row| caps.of(&Scope::Project(row.id))).filter_map(|cap| cap.most))?)
}

fn listed(row: application::Model) -> ProjectApplication {
    let draft: Draft = serde_json::from_str(&row.draft).unwrap_or_default();
    let title = draft.get("title").to_owned();
    ProjectApplication { id: row.id, reference: row.reference, title, project: row.project_id }
}
