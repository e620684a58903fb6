//! The session layer's store: four statements on the table `session`. The published stores want other versions.
//!
//! Values are the session layer's; this only pulls out whose session it is, so that a person can see and end theirs.
//! The id in the cookie is a password: the table has its hash, so that reading the table opens no session.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::PersonId;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

use super::{Database, entity::session};
use crate::gateways::clock::Clock;

/// The session's key for the person it belongs to: their id as text.
pub const PERSON: &str = "person";
/// A session ends this long after it was last used, by our own clock.
pub const IDLE_MAX: TimeDelta = TimeDelta::hours(12);

#[derive(Clone)]
pub struct Sessions {
    database: Database,
    clock: Clock,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

/// One signed-in browser, for its owner.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The hash of the cookie's value: names the session, opens nothing.
    pub id: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub agent: Option<String>,
}

impl Sessions {
    pub const fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// The person's open sessions, the last used first.
    pub async fn of(&self, person: PersonId) -> crate::Result<Vec<SessionRow>> {
        let rows = session::Entity::find()
            .filter(session::Column::PersonId.eq(person))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .order_by_desc(session::Column::SeenAt)
            .all(self.database.connection())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
                let agent = data.get("agent").and_then(Value::as_str).map(str::to_owned);
                SessionRow { id: row.id, created_at: row.created_at, seen_at: row.seen_at, agent }
            })
            .collect())
    }

    /// Ends one session of this person, or all but `keep`.
    pub async fn revoke(&self, person: PersonId, only: Option<&str>, keep: Option<&str>) -> crate::Result<u64> {
        let mut delete = session::Entity::delete_many().filter(session::Column::PersonId.eq(person));
        if let Some(id) = only {
            delete = delete.filter(session::Column::Id.eq(id));
        }
        if let Some(id) = keep {
            delete = delete.filter(session::Column::Id.ne(id));
        }
        Ok(delete.exec(self.database.connection()).await?.rows_affected)
    }

    pub async fn purge(&self) -> crate::Result<u64> {
        let expired = session::Column::ExpiresAt.lte(self.clock.now());
        Ok(session::Entity::delete_many().filter(expired).exec(self.database.connection()).await?.rows_affected)
    }

    fn row(&self, record: &Record) -> session_store::Result<session::Model> {
        let now = self.clock.now();
        let data =
            serde_json::to_string(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))?;
        Ok(session::Model {
            id: stored(&record.id),
            data,
            person_id: record.data.get(PERSON).and_then(Value::as_str).and_then(|id| id.parse().ok()),
            created_at: now,
            seen_at: now,
            expires_at: now + IDLE_MAX,
        })
    }
}

/// What the table knows a session by.
pub fn stored(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string().as_bytes()))
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits do not collide; if they did, the key would refuse the second.
        let row = self.row(record)?.into_active_model();
        session::Entity::insert(row).exec_without_returning(self.database.connection()).await.map_err(backend)?;
        Ok(())
    }

    /// Only what is still there: a session ended while one of its requests was on the way stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let row = self.row(record)?;
        let next = session::ActiveModel {
            data: Set(row.data),
            person_id: Set(row.person_id),
            seen_at: Set(row.seen_at),
            expires_at: Set(row.expires_at),
            ..Default::default()
        };
        session::Entity::update_many()
            .set(next)
            .filter(session::Column::Id.eq(row.id))
            .exec(self.database.connection())
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let row = session::Entity::find_by_id(stored(id))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .one(self.database.connection())
            .await
            .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        session::Entity::delete_by_id(stored(id)).exec(self.database.connection()).await.map_err(backend)?;
        Ok(())
    }
}

fn backend(error: sea_orm::DbErr) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
