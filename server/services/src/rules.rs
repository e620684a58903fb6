//! Verbs of the rules of matching: anybody reads them with their history, an officer puts those of a run in force.

use chrono::{DateTime, Utc};
use domain::{
    id::RunId,
    policy::Action,
    problem::{Invalid, Problem},
    run::Rules,
    typed,
};
use sea_orm::ActiveValue::Set;

use crate::{
    desk::Desk,
    error::{OnUnique, Result},
    store::{
        self, Tx,
        entity::{rules, run},
    },
};

/// Letters of a reason at most.
const REASON_MAX: i64 = 500;

/// One version, in force until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesVersion {
    pub version: i32,
    pub since: DateTime<Utc>,
    pub rules: Rules,
    /// Why it was changed; empty for the first.
    pub reason: String,
}

impl RulesVersion {
    fn read(row: rules::Model) -> Result<Self> {
        let rules = serde_json::from_str(&row.rules)?;
        Ok(Self { version: row.version, since: row.since, rules, reason: row.reason })
    }
}

/// The version in force.
pub(crate) async fn in_force(tx: &Tx) -> Result<RulesVersion> {
    RulesVersion::read(store::rules::in_force(tx).await?)
}

impl Desk {
    /// Every version, the one in force first.
    pub async fn list_rules(&self) -> Result<Vec<RulesVersion>> {
        let tx = self.begin(Action::ReadRules).await?;
        store::rules::versions(&tx).await?.into_iter().map(RulesVersion::read).collect()
    }

    /// Puts the rules of a run in force from now on. `Invalid` without a reason, for a run of what if, and if they are
    /// in force already.
    pub async fn put_rules_in_force(&self, id: RunId, reason: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeRules).await?;
        let row = tx.find::<run::Entity>(id).await?;
        let wanted: Rules = serde_json::from_str(&row.rules)?;
        let in_force = in_force(&tx).await?;
        if wanted.is_what_if() {
            return Err(Invalid::one("", Problem::WhatIf).into());
        }
        if wanted == in_force.rules {
            return Err(Invalid::one("", Problem::AlreadyDone).into());
        }
        let reason = typed::line(reason, REASON_MAX).map_err(|problem| Invalid::one("reason", problem))?;
        tx.insert(rules::ActiveModel {
            version: Set(in_force.version + 1),
            since: Set(self.now),
            rules: Set(serde_json::to_string(&wanted)?),
            reason: Set(reason),
            made_by: Set(Some(me)),
        })
        .await
        // Another officer was faster.
        .on_unique("", Problem::Taken)?;
        tx.commit().await
    }
}
