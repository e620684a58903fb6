//! Award lists that were fixed: the order, the amounts and the cut as they were, beside what was decided since.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    gpu::GpuTime,
    id::{ApplicationId, AwardListId},
    policy::Action,
    problem::Problem,
    review::Outcome,
    scope::Scope,
};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{AwardLine, AwardList, Judged, number};
use crate::{
    desk::Desk,
    error::{Error, Result},
    reviewers,
    reviews::cases,
    store::{
        self, Tx,
        entity::{award_list, decision},
    },
};

/// So many earlier lists are named on the page.
const NAMED: u64 = 20;

/// When a list was fixed, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub id: AwardListId,
    pub at: DateTime<Utc>,
    pub by: String,
}

/// A list among those of its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedName {
    pub id: AwardListId,
    pub at: DateTime<Utc>,
    pub budget: Option<GpuTime>,
}

/// What was decided on a line, in force or waiting for its second signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub outcome: Outcome,
    pub granted: GpuTime,
    pub is_in_force: bool,
}

/// Where one application stood in a list that was fixed.
#[derive(Debug, Clone)]
pub struct ListPlace {
    pub fixed: Fixed,
    pub budget: Option<GpuTime>,
    pub line: AwardLine,
    /// Lines of the list, as far as the reader may see them.
    pub of: usize,
}

/// A line as it is kept; whose it is and what became of it is read anew.
#[derive(PartialEq, Serialize, Deserialize)]
struct Kept {
    application: ApplicationId,
    #[serde(flatten)]
    judged: Judged,
}

impl Decided {
    fn of(row: &decision::Model) -> Self {
        Self { outcome: row.outcome, granted: row.granted, is_in_force: !row.needs_second || row.signed_by.is_some() }
    }
}

impl AwardList {
    /// What is awarded of it, in force or to be signed.
    pub fn awarded(&self) -> Result<GpuTime> {
        let decided = self.lines.iter().filter_map(|line| line.decided);
        let granted = decided.filter(|decided| decided.outcome == Outcome::Approved).map(|decided| decided.granted);
        Ok(GpuTime::sum(granted)?)
    }

    fn list_place(&self, id: ApplicationId) -> Option<ListPlace> {
        let line = self.lines.iter().find(|line| line.case.id == id)?.clone();
        Some(ListPlace { fixed: self.fixed.clone()?, budget: self.budget, line, of: self.lines.len() })
    }
}

impl Desk {
    /// Keeps the list of a scope under this budget as it is now, whatever this officer may see of it: the order and the
    /// cut are everybody's. Nothing is decided by it.
    pub async fn fix_award_list(&self, scope: Scope, budget: Option<GpuTime>) -> Result<AwardListId> {
        let me = self.signed_in()?;
        if self.award_list(scope, budget).await?.lines.is_empty() {
            return Err(Error::invalid("", Problem::NothingToFix));
        }
        let list = self.as_system().award_list(scope, budget).await?;
        let kept = |line: AwardLine| Kept { application: line.case.id, judged: line.judged };
        let kept: Vec<Kept> = list.lines.into_iter().map(kept).collect();
        let mut tx = self.begin(Action::FixAwardList).await?;
        // Sent twice, or with nothing new: it is fixed already.
        if let Some(last) = store::award_list::fixed(&tx, scope, 1).await?.pop()
            && last.budget == budget
            && serde_json::from_str::<Vec<Kept>>(&last.lines)? == kept
        {
            return Ok(last.id);
        }
        let id = tx.new_id();
        let row = award_list::ActiveModel {
            id: Set(id),
            mode: Set(reviewers::mode_of(&tx, scope).await?.code().to_owned()),
            call_id: Set(scope.call()),
            budget: Set(budget),
            lines: Set(serde_json::to_string(&kept)?),
            fixed_by: Set(me),
            fixed_at: Set(self.now),
        };
        tx.insert(row).await?;
        tx.event(id, "award_list_fixed", json!({ "scope": scope.to_string(), "budget": budget })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A list as it was fixed, as far as this officer may see its lines, with what was decided since.
    pub async fn fixed_award_list(&self, id: AwardListId) -> Result<AwardList> {
        let tx = self.begin(Action::ReadAwardList).await?;
        let row = tx.find::<award_list::Entity>(id).await?;
        let scope = Scope::of(&row.mode, row.call_id).ok_or(Error::NotFound)?;
        let mut lines = lines(&tx, serde_json::from_str(&row.lines)?).await?;
        let (earlier, scopes) = (names(&tx, scope).await?, reviewers::every_scope(&tx).await?);
        number(&mut lines)?;
        let by = store::step::names(&tx, vec![row.fixed_by]).await?.remove(&row.fixed_by).unwrap_or_default();
        let fixed = Some(Fixed { id, at: row.fixed_at, by });
        Ok(AwardList { scope, scopes, budget: row.budget, lines, lot: None, fixed, earlier })
    }

    /// Where an application stands in the list that its decision was made on, or, undecided, in the latest that was fixed;
    /// `None` in no list.
    pub(crate) async fn list_place(
        &self,
        id: ApplicationId,
        decision: Option<&decision::Model>,
    ) -> Result<Option<ListPlace>> {
        let list = match decision {
            Some(decision) => decision.award_list_id,
            None => {
                let tx = self.begin(Action::ReadAwardList).await?;
                latest_with(&tx, id).await?
            }
        };
        match list {
            Some(list) => Ok(self.fixed_award_list(list).await?.list_place(id)),
            None => Ok(None),
        }
    }
}

/// The last list of its scope that was fixed, if this application is on it.
pub(crate) async fn latest_with(tx: &Tx, id: ApplicationId) -> Result<Option<AwardListId>> {
    let application = tx.find::<store::entity::application::Entity>(id).await?;
    let Some(scope) = Scope::of(&application.mode, application.call_id) else { return Ok(None) };
    let Some(row) = store::award_list::fixed(tx, scope, 1).await?.pop() else { return Ok(None) };
    let kept: Vec<Kept> = serde_json::from_str(&row.lines)?;
    Ok(kept.iter().any(|line| line.application == id).then_some(row.id))
}

pub(super) async fn names(tx: &Tx, scope: Scope) -> Result<Vec<FixedName>> {
    let rows = store::award_list::fixed(tx, scope, NAMED).await?;
    Ok(rows.into_iter().map(|row| FixedName { id: row.id, at: row.fixed_at, budget: row.budget }).collect())
}

/// The kept lines whose application the actor may see, in their order.
async fn lines(tx: &Tx, kept: Vec<Kept>) -> Result<Vec<AwardLine>> {
    let ids: HashSet<ApplicationId> = kept.iter().map(|line| line.application).collect();
    let rows = store::review::rows(tx, &ids).await?;
    let seen: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
    let decisions: HashMap<_, _> = store::award_list::decisions(tx, &seen)
        .await?
        .into_iter()
        .map(|row| (row.application_id, Decided::of(&row)))
        .collect();
    let cases = cases(tx, &rows).await?;
    let mut found: HashMap<_, _> = rows.iter().zip(cases).map(|(row, case)| (row.id, (row, case))).collect();
    let line = |line: Kept| {
        let (row, case) = found.remove(&line.application)?;
        let decided = decisions.get(&line.application).copied();
        Some(AwardLine { decided, ..AwardLine::new(row, case, line.judged) })
    };
    Ok(kept.into_iter().filter_map(line).collect())
}
