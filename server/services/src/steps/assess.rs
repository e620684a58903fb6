//! The technical assessment: what a site is asked to look at, and what its operator says.

use domain::{
    id::ApplicationId,
    policy::Action,
    workflow::{
        StepOutcome,
        assessment::{Typed, assess},
        edge::{Circumstances, Deed},
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{Course, Here, Way, record, touch};
use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviews::{Case, cases},
    store::{
        self,
        entity::{application, assessment},
        rows::ApplicationRow,
    },
};

/// What an operator assesses.
#[derive(Debug, Clone)]
pub struct AssessmentCase {
    pub case: Case,
    pub application: ApplicationRow,
    pub course: Course,
}

impl Desk {
    /// What the operator's site is asked to assess, the most urgent first.
    pub async fn assessments(&self) -> Result<Vec<Case>> {
        let tx = self.begin(Action::ReadAssessments).await?;
        let rows = store::step::to_assess(&tx).await?;
        cases(&tx, &rows).await
    }

    pub async fn assessment_case(&self, id: ApplicationId) -> Result<AssessmentCase> {
        let tx = self.begin(Action::ReadAssessments).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        Ok(AssessmentCase { case, course: Course::read(&tx, &application).await?, application })
    }

    /// What the site says. Feasible goes on; infeasible waits for an officer, who asks another site or lets it go on.
    pub async fn assess(&self, id: ApplicationId, typed: &Typed) -> Result<()> {
        let me = self.signed_in()?;
        let site = self.actor.site().ok_or(Error::NotFound)?;
        let mut tx = self.begin(Action::AssessApplication).await?;
        let here = Here::lock(&tx, id).await?;
        let is_own_site = here.active().is_some_and(|step| step.site_id == Some(site));
        let seen = Circumstances { is_own_site, ..here.circumstances() };
        here.take(self, Deed::Assess, &seen)?;
        let said = assess(typed)?;
        let row = assessment::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            application_id: Set(id),
            site_id: Set(site),
            verdict: Set(said.verdict),
            hours: Set(said.hours),
            model: Set(said.model),
            conditions: Set(said.conditions),
            comments: Set(said.comments.clone()),
            made_by: Set(me),
            made_at: Set(self.now),
        };
        for earlier in store::step::assessments(&tx, id).await? {
            // Asked again, the site says it anew; what it said before is on the timeline.
            tx.delete(earlier.into_active_model()).await?;
        }
        tx.insert(row).await.on_unique("", domain::problem::Problem::AlreadyDone)?;
        if said.verdict == StepOutcome::Infeasible {
            here.take(self, Deed::AssessInfeasible, &seen)?;
            let mut step = here.active().cloned().ok_or(Error::NotFound)?.into_active_model();
            step.site_id = Set(None);
            tx.update(step).await?;
            let way = Way::at(here.node(), Deed::AssessInfeasible, &said.comments).with(json!({ "site": site }));
            record(&mut tx, id, way).await?;
            touch(&mut tx, here.application).await?;
        } else {
            self.next_step(&mut tx, here, Deed::Assess, said.verdict, &said.comments).await?;
        }
        tx.commit().await
    }
}
