//! What is read of the workflow: the course of one application, for the applicant and for an officer.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, Utc};
use domain::{
    capacity::{self, Outlook},
    gpu::GpuModel,
    id::{ApplicationId, PersonId, SiteId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    workflow::{Kind, Plan, StepState, appeal, edge::Node},
};
use text::Locale;

use super::{Here, plan_of};
use crate::{
    decisions::{self, Facts},
    desk::Desk,
    error::{Error, Result},
    reviews::{Case, cases},
    sites::Site,
    store::{
        self, Tx,
        entity::{application, step},
        rows::{
            AppealRow, ApplicationRow, AssessmentRow, DecisionRow, QuestionRow, RebuttalRow, ReopeningRow, StepRow,
            TransitionRow,
        },
    },
};

/// The clock of the step that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepClock {
    pub kind: Kind,
    pub due_at: Option<DateTime<Utc>>,
    /// It stands still: an answer of the applicant is awaited.
    pub is_stopped: bool,
    /// A site was asked to assess.
    pub has_site: bool,
    pub in_charge: Option<PersonId>,
}

impl StepClock {
    pub(crate) fn of(step: &step::Model) -> Self {
        Self {
            kind: step.kind,
            due_at: step.due_at,
            is_stopped: step.stopped_at.is_some(),
            has_site: step.site_id.is_some(),
            in_charge: step.in_charge,
        }
    }

    /// Past its deadline with the clock running.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        !self.is_stopped && self.due_at.is_some_and(|due| due < now)
    }
}

/// The course of one application, as far as its reader may see it.
#[derive(Debug, Clone)]
pub struct Course {
    pub node: Node,
    pub plan: Plan,
    pub steps: Vec<StepRow>,
    /// Oldest first, as the others.
    pub transitions: Vec<TransitionRow>,
    pub questions: Vec<QuestionRow>,
    pub assessments: Vec<AssessmentRow>,
    pub rebuttal: Option<RebuttalRow>,
    pub appeals: Vec<AppealRow>,
    pub reopening: Option<ReopeningRow>,
    /// Until when a refusal in force can be appealed, if it was not yet.
    pub appeal_until: Option<DateTime<Utc>>,
}

impl Course {
    pub(crate) async fn read(tx: &Tx, application: &application::Model) -> Result<Self> {
        let id = application.id;
        let here = Here::of(tx, application.clone()).await?;
        let plan = plan_of(tx, application).await?;
        let appeals = store::appeal::of_application(tx, id).await?;
        let appeal_until = match (here.node(), store::review::decision(tx, id).await?) {
            (Node::Refused, Some(decision)) if appeals.iter().all(|row| row.decision_id != decision.id) => {
                application.decided_at.and_then(|at| appeal::until(at, plan.appeal_days))
            }
            _ => None,
        };
        Ok(Self {
            node: here.node(),
            plan,
            steps: here.steps,
            transitions: store::step::transitions(tx, id).await?,
            questions: store::question::of_application(tx, id).await?,
            assessments: store::step::assessments(tx, id).await?,
            rebuttal: store::step::rebuttal(tx, id).await?,
            appeals,
            reopening: store::appeal::reopening(tx, id).await?,
            appeal_until,
        })
    }

    pub fn active(&self) -> Option<&StepRow> {
        self.steps.iter().find(|step| step.state == StepState::Active)
    }

    /// The question that can be answered: the one that waits, or the last whose time ran out in this step.
    pub fn to_answer(&self) -> Option<&QuestionRow> {
        let now = self.active()?.kind;
        let answerable = |row: &&QuestionRow| row.state.can_be_answered() && row.step == now;
        self.questions.iter().rev().find(answerable).or_else(|| self.asked())
    }

    /// The question for whose answer the clock stands still.
    pub fn asked(&self) -> Option<&QuestionRow> {
        self.questions.iter().find(|row| row.state == domain::workflow::question::State::Open)
    }

    pub fn open_appeal(&self) -> Option<&AppealRow> {
        self.appeals.iter().find(|row| row.decided_at.is_none())
    }
}

/// So far ahead an officer sees what sites have free: twelve weeks.
const OUTLOOK_DAYS: u64 = 84;

/// What an officer works on.
#[derive(Debug, Clone)]
pub struct CourseCase {
    pub case: Case,
    pub application: ApplicationRow,
    pub course: Course,
    pub decision: Option<DecisionRow>,
    /// Everybody named on the timeline.
    pub names: HashMap<PersonId, String>,
    pub sites: Vec<Site>,
    /// What each site has free in the coming twelve weeks, while a site is to be chosen.
    pub outlook: BTreeMap<(SiteId, GpuModel), Outlook>,
    /// Why this officer has to keep out of it, if they have to.
    pub obstacle: Option<Problem>,
    /// Why this officer does not judge an appeal in it, if they do not.
    pub judges_not: Option<Problem>,
    /// The applicant's: reasons are given in it.
    pub language: Locale,
    pub me: PersonId,
}

impl Desk {
    /// An application with its steps, for an officer.
    pub async fn course_case(&self, id: ApplicationId) -> Result<CourseCase> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let case = cases(&tx, std::slice::from_ref(&application)).await?.pop().ok_or(Error::NotFound)?;
        let course = Course::read(&tx, &application).await?;
        let facts = Facts::of(&tx, &application, me).await?;
        let took_part = store::step::took_part(&tx, id).await?;
        let mut people: Vec<PersonId> = course.transitions.iter().filter_map(|row| row.person_id).collect();
        people.extend(course.steps.iter().filter_map(|step| step.in_charge));
        people.extend(course.reopening.iter().map(|row| row.proposed_by));
        Ok(CourseCase {
            case,
            decision: store::review::decision(&tx, id).await?,
            names: store::step::names(&tx, people).await?,
            sites: store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect(),
            outlook: if course.node == Node::At(Kind::TechnicalAssessment) {
                outlook(&tx).await?
            } else {
                BTreeMap::new()
            },
            obstacle: facts.bench().check().err(),
            language: decisions::language(&tx, &application).await?,
            judges_not: appeal::may_judge(&facts.bench(), &took_part).err(),
            application,
            course,
            me,
        })
    }
}

/// What each site has free from next Monday on.
async fn outlook(tx: &Tx) -> Result<BTreeMap<(SiteId, GpuModel), Outlook>> {
    let from = capacity::monday_from(brussels_day(tx.now()));
    let until = from.checked_add_days(Days::new(OUTLOOK_DAYS)).unwrap_or(from);
    Ok(capacity::outlook(&store::capacity::windows(tx, from, Some(until)).await?))
}
