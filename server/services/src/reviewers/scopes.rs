//! Scopes: which there are, whose terms are accepted, and by which rules each is reviewed.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    call::Worded,
    id::PersonId,
    mode::Code,
    period::brussels_day,
    policy::Action,
    problem::Problem,
    review::{self, Rubric},
    reviewer::{self as rules, ScopeRules, TypedRules},
    scope::Scope,
    workflow::Plan,
};
use sea_orm::ActiveValue::Set;

use crate::{
    calls,
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        conflict::Reach,
        entity::{application, review_scope},
    },
};

/// A scope with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeName {
    pub scope: Scope,
    /// Of a call, in each of its languages; none of a mode, whose name is `mode-name-<code>`.
    pub title: Worded,
}

/// How a scope is reviewed.
#[derive(Debug, Clone)]
pub struct ScopeRead {
    pub name: ScopeName,
    pub rules: ScopeRules,
    /// `None` as long as nobody has said otherwise: a call goes by its mode's then.
    pub since: Option<DateTime<Utc>>,
    pub reason: String,
}

/// The rules of every scope that somebody has made some for.
pub(crate) struct Scopes(HashMap<Scope, ScopeRules>);

impl Scopes {
    /// Of an application: its call's own, or those of its mode.
    pub(crate) fn of(&self, row: &application::Model, today: NaiveDate) -> ScopeRules {
        self.of_parts(&row.mode, Scope::of(&row.mode, row.call_id), today)
    }

    pub(crate) fn of_parts(&self, mode: &str, scope: Option<Scope>, today: NaiveDate) -> ScopeRules {
        let mode = Code::from_code(mode).map(Scope::Mode);
        let found = [scope, mode].into_iter().flatten().find_map(|scope| self.0.get(&scope));
        found.copied().unwrap_or_else(|| ScopeRules::on(today))
    }
}

pub(crate) async fn scope_rules(tx: &Tx) -> Result<Scopes> {
    let rows = store::reviewer::scopes(tx).await?;
    // The oldest first, so that the newest stays.
    let read = rows.into_iter().filter_map(|row| Some((Scope::parse(&row.scope)?, rules_of(&row))));
    Ok(Scopes(read.collect()))
}

const fn rules_of(row: &review_scope::Model) -> ScopeRules {
    ScopeRules { same_country: row.same_country, blind: row.blind, disclosure: row.disclosure, spread: row.spread }
}

/// The modes, then the calls that were published, the latest first.
pub(crate) async fn every_scope(tx: &Tx) -> Result<Vec<ScopeName>> {
    let modes = Code::ALL.map(|mode| ScopeName { scope: Scope::Mode(mode), title: Worded::new() });
    let mut all = Vec::from(modes);
    for row in store::call::published(tx).await? {
        let (id, current) = (row.id, row.current);
        let under = calls::under(tx, row, current).await?;
        all.push(ScopeName { scope: Scope::Call(id), title: under.terms.title });
    }
    Ok(all)
}

/// The access mode of a scope.
pub(crate) async fn mode_of(tx: &Tx, scope: Scope) -> Result<Code> {
    match scope {
        Scope::Mode(mode) => Ok(mode),
        Scope::Call(id) => {
            let row = tx.find::<store::entity::call::Entity>(id).await?;
            let current = row.current;
            Ok(calls::under(tx, row, current).await?.terms.mode)
        }
    }
}

/// The steps of its applications.
pub(crate) async fn plan_of(tx: &Tx, scope: Scope) -> Result<Plan> {
    match scope {
        Scope::Mode(mode) => Ok(Plan::of_mode(mode)),
        Scope::Call(id) => {
            let row = tx.find::<store::entity::call::Entity>(id).await?;
            let current = row.current;
            Ok(calls::under(tx, row, current).await?.terms.plan)
        }
    }
}

/// By which its applications are graded.
pub(crate) async fn rubric_of(tx: &Tx, scope: Scope, today: NaiveDate) -> Result<Rubric> {
    match scope {
        Scope::Mode(mode) => review::rubric(mode.code(), today).cloned().ok_or(Error::NotFound),
        Scope::Call(id) => {
            let row = tx.find::<store::entity::call::Entity>(id).await?;
            let current = row.current;
            Ok(calls::under(tx, row, current).await?.terms.rubric)
        }
    }
}

/// Scopes whose terms, as they are today, this person accepted.
pub(crate) async fn accepted(tx: &Tx, person: PersonId, today: NaiveDate) -> Result<BTreeSet<Scope>> {
    let version = rules::terms_version(today);
    let rows = store::reviewer::terms(tx, person).await?;
    Ok(rows.into_iter().filter(|row| row.version == version).filter_map(|row| Scope::parse(&row.scope)).collect())
}

/// Nothing of a scope is opened before its terms are accepted.
pub(crate) async fn has_accepted(tx: &Tx, person: PersonId, row: &application::Model) -> Result<()> {
    let accepted = accepted(tx, person, brussels_day(tx.now())).await?;
    let is_accepted = Scope::of(&row.mode, row.call_id).is_some_and(|scope| accepted.contains(&scope));
    if is_accepted { Ok(()) } else { Err(Error::invalid("", Problem::TermsNotAccepted)) }
}

impl Desk {
    /// Every scope with its name.
    pub async fn scopes(&self) -> Result<Vec<ScopeName>> {
        let tx = self.begin(Action::ReadReviewers).await?;
        every_scope(&tx).await
    }

    /// How every scope is reviewed.
    pub async fn review_scopes(&self) -> Result<Vec<ScopeRead>> {
        let tx = self.begin(Action::ReadReviewers).await?;
        let rows = store::reviewer::scopes(&tx).await?;
        let in_force = scope_rules(&tx).await?;
        let today = brussels_day(self.now);
        let mut read = Vec::new();
        for name in every_scope(&tx).await? {
            let code = name.scope.to_string();
            let row = rows.iter().rev().find(|row| row.scope == code);
            let mode = mode_of(&tx, name.scope).await?;
            read.push(ScopeRead {
                rules: in_force.of_parts(mode.code(), Some(name.scope), today),
                since: row.map(|row| row.since),
                reason: row.map(|row| row.reason.clone()).unwrap_or_default(),
                name,
            });
        }
        Ok(read)
    }

    /// Changes how a scope is reviewed, from now on. `seen` is since when the rules are in force that were shown.
    pub async fn change_review_scope(&self, code: &str, typed: &TypedRules, seen: Option<DateTime<Utc>>) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeReviewScope).await?;
        let scope = Scope::parse(code).ok_or(Error::NotFound)?;
        if !every_scope(&tx).await?.iter().any(|known| known.scope == scope) {
            return Err(Error::NotFound);
        }
        let rows = store::reviewer::scopes(&tx).await?;
        let before = rows.iter().rev().find(|row| row.scope == scope.to_string());
        if before.map(|row| row.since.timestamp()) != seen.map(|seen| seen.timestamp()) {
            return Err(Error::Stale);
        }
        let rules = typed.check()?;
        tx.insert(review_scope::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            scope: Set(scope.to_string()),
            since: Set(self.now),
            same_country: Set(rules.same_country),
            blind: Set(rules.blind),
            disclosure: Set(rules.disclosure),
            spread: Set(rules.spread),
            made_by: Set(me),
            reason: Set(typed.reason.trim().to_owned()),
        })
        .await?;
        detect(&mut tx, Reach::Scope(scope), None).await?;
        tx.commit().await
    }
}
