//! Verbs of projects: opening one, giving it a share of the company's GPU-hours, and saying which application is of it.
//!
//! A share is a quota like others, checked with them where hours are bound.

use domain::{
    gpu::GpuTime,
    id::{ApplicationId, ProjectId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    project::{self, TypedProject, TypedShare},
    quota::{self, Cap, Scope, Standing},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use crate::{
    applications::{APPLICATIONS_MAX, ApplicationListed, listed},
    desk::Desk,
    error::{Error, OnUnique, Result},
    quotas::{self, Caps},
    store::{
        self,
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

/// What a company divides, and among what.
#[derive(Debug, Clone)]
pub struct Projects {
    pub rows: Vec<ProjectRead>,
    /// The company's own quota; `None` where it is not limited.
    pub own: Option<Standing>,
    /// What all projects were given together.
    pub given: GpuTime,
    /// Those written on last first.
    pub applications: Vec<ApplicationListed>,
}

impl Desk {
    pub async fn projects(&self) -> Result<Projects> {
        let tx = self.begin(Action::ReadProjects).await?;
        let organisation = self.actor.organisation().ok_or(Error::NotFound)?;
        let caps = Caps::on(&tx, brussels_day(self.now)).await?;
        let mut rows = Vec::new();
        for row in store::project::all(&tx).await? {
            let standing = caps.standing_of(&tx, &Scope::Project(row.id)).await?;
            let bound = match &standing {
                Some(standing) => standing.bound,
                None => store::quota::bound(&tx, &Reach::Project(row.id), None).await?,
            };
            rows.push(ProjectRead { row, standing, bound });
        }
        let own = caps.standing_of(&tx, &Scope::Organisation(organisation)).await?;
        let given = GpuTime::sum(rows.iter().filter_map(|row| row.standing.as_ref()).map(|standing| standing.most))?;
        let applications = store::application::of_organisation(&tx, organisation, APPLICATIONS_MAX).await?;
        let applications = applications.into_iter().map(listed).collect();
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
        let others = store::project::all(&tx).await?.into_iter().map(|row| row.id).filter(|other| *other != id);
        let others = others.filter_map(|other| caps.of(&Scope::Project(other))).filter_map(|cap| cap.most);
        let others = GpuTime::sum(others)?;
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
