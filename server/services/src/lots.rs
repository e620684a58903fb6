//! Verbs of lots: a seed whose hash is public before the deadline, and a draw that anybody can recompute after it.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{
    call::Worded,
    id::LotId,
    lot,
    mode::Code,
    period::brussels_instant,
    policy::Action,
    problem::{Invalid, Problem},
    scope::Scope,
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result},
    reviewers::{self, ScopeName},
    store::{self, entity::lot as lots},
};

/// A lot as anybody may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub id: LotId,
    pub name: String,
    /// Whose ties it settles.
    pub of: ScopeName,
    pub deadline: DateTime<Utc>,
    /// SHA-256 of the seed.
    pub commitment: String,
    pub committed_at: DateTime<Utc>,
    pub revealed_at: Option<DateTime<Utc>>,
    /// Once it is revealed.
    pub seed: Option<String>,
    /// Tickets in their order, once it is revealed, blanks among them. Whose they are is not said: who has a code finds
    /// its own.
    pub tickets: Vec<String>,
}

/// A lot as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedLot {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub mode: String,
    /// A day, and a time in Brussels.
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub time: String,
}

fn read(row: lots::Model, scopes: &[ScopeName]) -> Result<Lot> {
    let scope = Scope::of(&row.mode, row.call_id).ok_or(Error::NotFound)?;
    let is_revealed = row.revealed_at.is_some();
    let drawn: Vec<String> = row.drawn.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let tickets = if is_revealed { lot::order(&row.seed, &drawn) } else { Vec::new() };
    Ok(Lot {
        id: row.id,
        name: row.name,
        of: scopes
            .iter()
            .find(|name| name.scope == scope)
            .cloned()
            .unwrap_or(ScopeName { scope, title: Worded::new() }),
        deadline: row.deadline,
        commitment: row.commitment,
        committed_at: row.committed_at,
        revealed_at: row.revealed_at,
        seed: is_revealed.then_some(row.seed),
        tickets: tickets.into_iter().map(|(_, ticket)| ticket).collect(),
    })
}

/// A code that nobody can guess.
pub(crate) fn new_code() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// Where a code stands in a lot that is revealed: its ticket, and its place if it drew.
pub fn place_in(lot: &Lot, code: &str) -> Option<(String, Option<usize>)> {
    let seed = lot.seed.as_deref()?;
    let ticket = lot::ticket(seed, code.trim());
    let place = lot.tickets.iter().position(|one| *one == ticket).map(|position| position + 1);
    Some((ticket, place))
}

impl Desk {
    pub async fn list_lots(&self) -> Result<Vec<Lot>> {
        let tx = self.begin(Action::ReadLots).await?;
        let scopes = reviewers::every_scope(&tx).await?;
        store::lot::lots(&tx).await?.into_iter().map(|row| read(row, &scopes)).collect()
    }

    pub async fn read_lot(&self, id: LotId) -> Result<Lot> {
        let tx = self.begin(Action::ReadLots).await?;
        read(tx.find::<lots::Entity>(id).await?, &reviewers::every_scope(&tx).await?)
    }

    /// Commits to a seed that nobody knows, before the deadline. Errors at `name`, `mode`, `day` and `time`.
    pub async fn commit_lot(&self, typed: &TypedLot) -> Result<LotId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::CommitLot).await?;
        let (name, scope, deadline) = checked(typed, self.now)?;
        let mode = reviewers::mode_of(&tx, scope).await.map_err(|_| Error::invalid("mode", Problem::NotAChoice))?;
        let seed = hex::encode(rand::random::<[u8; 32]>());
        let id = tx.new_id();
        let row = lots::ActiveModel {
            id: Set(id),
            name: Set(name),
            mode: Set(mode.code().to_owned()),
            call_id: Set(scope.call()),
            deadline: Set(deadline),
            commitment: Set(lot::commitment(&seed)),
            seed: Set(seed),
            committed_by: Set(me),
            committed_at: Set(self.now),
            drawn: Set(None),
            revealed_by: Set(None),
            revealed_at: Set(None),
        };
        tx.insert(row).await.on_unique("day", Problem::Taken)?;
        tx.event(id, "lot_committed", json!({})).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Reveals the seed after the deadline and draws for these codes, once. What an officer may not see does not keep it
    /// from being drawn: the codes are those that the award list has tied at its cut.
    pub(crate) async fn draw_lot(&self, id: LotId, codes: Vec<String>) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::RevealLot).await?;
        let row = tx.lock::<lots::Entity>(id).await?;
        if row.revealed_at.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        lot::can_reveal(row.deadline, self.now).map_err(|problem| Error::invalid("", problem))?;
        if codes.len() < 2 {
            return Err(Error::invalid("", Problem::LotNothing));
        }
        let mut row = row.into_active_model();
        let tickets = lot::with_blanks(codes, new_code);
        row.drawn = Set(Some(serde_json::to_string(&tickets)?));
        row.revealed_by = Set(Some(me));
        row.revealed_at = Set(Some(self.now));
        tx.update(row).await?;
        tx.event(id, "lot_drawn", json!({})).await?;
        tx.commit().await
    }
}

fn checked(typed: &TypedLot, now: DateTime<Utc>) -> Result<(String, Scope, DateTime<Utc>)> {
    let mut invalid = Invalid::default();
    let name = typed::line(&typed.name, 120).unwrap_or_else(|problem| {
        invalid.add("name", problem);
        String::new()
    });
    let scope = Scope::parse(&typed.mode);
    if scope.is_none() {
        invalid.add("mode", Problem::NotAChoice);
    }
    let day = typed::date(&typed.day).unwrap_or_else(|problem| {
        invalid.add("day", problem);
        chrono::NaiveDate::MIN
    });
    let time = NaiveDateTime::parse_from_str(&format!("2000-01-01 {}", typed.time.trim()), "%Y-%m-%d %H:%M");
    if time.is_err() {
        invalid.add("time", if typed.time.trim().is_empty() { Problem::Required } else { Problem::NotATime });
    }
    let deadline = brussels_instant(day, time.map(|time| time.time()).unwrap_or_default());
    if invalid.is_empty()
        && let Err(problem) = lot::can_commit(deadline, now)
    {
        invalid.add("day", problem);
    }
    Ok(invalid.or((name, scope.unwrap_or(Scope::Mode(Code::LS)), deadline))?)
}
