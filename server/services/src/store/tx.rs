//! One verb's transaction: it knows who acts and why, narrows what is read, and writes the audit row as it commits.
//!
//! Dropping it rolls everything back.

use chrono::{DateTime, Utc};
use domain::{
    actor::Actor,
    id::{Id, PersonId},
    policy::{Action, Effect},
};
use sea_orm::{
    AccessMode, ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction,
    DbBackend, EntityName, EntityTrait, IntoActiveModel, PrimaryKeyTrait, QueryFilter, QuerySelect, Select,
    SqliteTransactionMode, TransactionOptions, TransactionTrait, Value as SqlValue, sea_query::ValueTuple,
};
use serde_json::{Value, json};
use text::{Locale, mail::Mail};
use tokio::sync::OwnedMutexGuard;
use uuid::{ContextV7, Timestamp, Uuid};

use super::{
    Database, counter,
    entity::{audit, event, mail, person},
    guard::Guarded,
    job,
};
use crate::{
    error::{Error, Result},
    jobs::Job,
};

/// What a timeline row or an audit entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
}

impl<K: domain::id::Kind> From<Id<K>> for Subject {
    fn from(id: Id<K>) -> Self {
        Self { kind: K::NAME, id: id.uuid() }
    }
}

/// A mail to be queued: to whom, in which language, and what it says.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub address: String,
    pub person: Option<PersonId>,
    pub locale: Locale,
    pub mail: Mail,
    /// File name and bytes.
    pub attachment: Option<(String, Vec<u8>)>,
}

impl Letter {
    /// To a person, in their language, with nothing attached.
    pub(crate) fn to(person: &person::Model, mail: Mail) -> Self {
        let locale = Locale::from_code(&person.locale).unwrap_or(Locale::En);
        Self { address: person.email.clone(), person: Some(person.id), locale, mail, attachment: None }
    }
}

pub(crate) struct Tx {
    transaction: DatabaseTransaction,
    actor: Actor,
    action: Action,
    now: DateTime<Utc>,
    changes: Vec<Value>,
    /// Held until the transaction ends, so that SQLite's writers queue.
    _writer: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    pub(crate) async fn begin(database: &Database, actor: Actor, action: Action, now: DateTime<Utc>) -> Result<Self> {
        let writes = action.effect() == Effect::Write;
        let writer = match &database.writer {
            Some(writer) if writes => Some(std::sync::Arc::clone(writer).lock_owned().await),
            _ => None,
        };
        let is_sqlite = database.connection().get_database_backend() == DbBackend::Sqlite;
        // A deferred SQLite transaction that reads and then writes fails at once, whatever the busy timeout.
        let options = if is_sqlite {
            let mode = if writes { SqliteTransactionMode::Immediate } else { SqliteTransactionMode::Deferred };
            TransactionOptions { sqlite_transaction_mode: Some(mode), ..Default::default() }
        } else {
            let mode = if writes { AccessMode::ReadWrite } else { AccessMode::ReadOnly };
            TransactionOptions { access_mode: Some(mode), ..Default::default() }
        };
        let transaction = database.connection().begin_with_options(options).await?;
        Ok(Self { transaction, actor, action, now, changes: Vec::new(), _writer: writer })
    }

    pub(crate) const fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Postgres
    }

    /// For the queries with a name in this module's files.
    pub(in crate::store) const fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// A version 7 id at this transaction's instant.
    pub(crate) fn new_id<K>(&self) -> Id<K> {
        Id::from_uuid(new_uuid(self.now))
    }

    /// Rows of `E` that this actor may see.
    pub(crate) fn select<E: Guarded>(&self) -> Select<E> {
        E::find().filter(E::visible(&self.actor))
    }

    /// The row, or `NotFound` if there is none or it is not this actor's to see.
    pub(crate) async fn find<E: Guarded>(
        &self,
        id: impl Into<<E::PrimaryKey as PrimaryKeyTrait>::ValueType> + Send,
    ) -> Result<E::Model> {
        let found = E::find_by_id(id).filter(E::visible(&self.actor)).one(&self.transaction).await?;
        found.ok_or(Error::NotFound)
    }

    /// As [`Self::find`], and nobody else can change the row until this transaction ends.
    pub(crate) async fn lock<E: Guarded>(
        &self,
        id: impl Into<<E::PrimaryKey as PrimaryKeyTrait>::ValueType> + Send,
    ) -> Result<E::Model> {
        let select = E::find_by_id(id).filter(E::visible(&self.actor));
        let found = match self.transaction.get_database_backend() {
            DbBackend::Postgres => select.lock_exclusive().one(&self.transaction).await?,
            _ => select.one(&self.transaction).await?,
        };
        found.ok_or(Error::NotFound)
    }

    pub(crate) async fn insert<A>(&mut self, row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let table = A::Entity::default().table_name().to_owned();
        let key = row.get_primary_key_value().map(key_text);
        let inserted = row.insert(&self.transaction).await?;
        self.changed("insert", &table, key.unwrap_or_default());
        Ok(inserted)
    }

    /// Many rows at once, with one line in the audit.
    pub(crate) async fn insert_many<A>(&mut self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + Send,
    {
        let table = A::Entity::default().table_name().to_owned();
        let count = rows.len();
        // SQLite takes at most 32,766 values in one statement; 500 rows of any table of ours stay below it.
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<A> = rows.by_ref().take(500).collect();
            A::Entity::insert_many(chunk).exec_without_returning(&self.transaction).await?;
        }
        self.changed("insert", &table, format!("{count} rows"));
        Ok(())
    }

    pub(crate) async fn update<A>(&mut self, row: A) -> Result<<A::Entity as EntityTrait>::Model>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let table = A::Entity::default().table_name().to_owned();
        let key = row.get_primary_key_value().map(key_text);
        let updated = row.update(&self.transaction).await?;
        self.changed("update", &table, key.unwrap_or_default());
        Ok(updated)
    }

    pub(crate) async fn delete<A>(&mut self, row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        let table = A::Entity::default().table_name().to_owned();
        let key = row.get_primary_key_value().map(key_text);
        row.delete(&self.transaction).await?;
        self.changed("delete", &table, key.unwrap_or_default());
        Ok(())
    }

    /// Records a change made by a statement of `store/<noun>.rs` (conditional updates, bulk deletes).
    pub(crate) fn changed(&mut self, how: &str, table: &str, key: String) {
        self.changes.push(json!({ "how": how, "table": table, "key": key }));
    }

    /// Queues a job in this transaction. With a `key`, a waiting job of the same key makes this one unnecessary.
    pub(crate) async fn enqueue(&mut self, work: &Job, run_at: DateTime<Utc>, key: Option<&str>) -> Result<()> {
        job::enqueue(self, work, run_at, key).await
    }

    /// Queues a mail and the job that sends it.
    pub(crate) async fn mail(&mut self, letter: Letter) -> Result<Id<domain::id::Mail>> {
        let id = self.new_id::<domain::id::Mail>();
        let (attachment_name, attachment) = letter.attachment.unzip();
        let rendered = letter.mail.render(letter.locale);
        self.insert(mail::ActiveModel {
            id: Set(id),
            kind: Set(letter.mail.kind().to_owned()),
            address: Set(letter.address),
            person_id: Set(letter.person),
            locale: Set(letter.locale.code().to_owned()),
            subject: Set(rendered.subject),
            text: Set(rendered.text),
            html: Set(rendered.html),
            attachment_name: Set(attachment_name),
            attachment: Set(attachment),
            message_id: Set(format!("{id}@gigahours.invalid")),
            state: Set(mail::State::Queued),
            attempts: Set(0),
            last_error: Set(None),
            queued_at: Set(self.now),
            sent_at: Set(None),
        })
        .await?;
        self.enqueue(&Job::SendMail(id), self.now, None).await?;
        Ok(id)
    }

    /// A line of the subject's timeline. `detail` is data for its words, not words.
    pub(crate) async fn event(&mut self, subject: impl Into<Subject>, kind: &str, detail: Value) -> Result<()> {
        let subject = subject.into();
        event::ActiveModel {
            id: Set(self.new_id()),
            subject_kind: Set(subject.kind.to_owned()),
            subject_id: Set(subject.id),
            at: Set(self.now),
            actor_group: Set(self.actor.group().code().to_owned()),
            person_id: Set(self.actor.person),
            kind: Set(kind.to_owned()),
            detail: Set(detail.to_string()),
        }
        .insert(&self.transaction)
        .await?;
        Ok(())
    }

    /// The next number of a gap-free series: given only if this transaction commits.
    pub(crate) async fn next_number(&mut self, series: &str) -> Result<i64> {
        counter::next_number(self, series).await
    }

    /// Writes the audit row of a writing action and makes everything durable.
    pub(crate) async fn commit(self) -> Result<()> {
        if self.action.effect() == Effect::Write {
            audit::ActiveModel {
                id: Set(new_uuid(self.now)),
                at: Set(self.now),
                action: Set(self.action.name().to_owned()),
                actor_group: Set(self.actor.group().code().to_owned()),
                person_id: Set(self.actor.person),
                organisation_id: Set(self.actor.organisation()),
                site_id: Set(self.actor.site()),
                changes: Set(Value::Array(self.changes).to_string()),
            }
            .insert(&self.transaction)
            .await?;
        }
        self.transaction.commit().await?;
        Ok(())
    }

    /// For the queue's own bookkeeping, which is not a deed of anybody: what a job does is audited where it does it.
    pub(crate) async fn commit_unaudited(self) -> Result<()> {
        self.transaction.commit().await?;
        Ok(())
    }
}

/// A primary key as the audit shows it and is searched by: its values, ids as they are shown elsewhere.
fn key_text(key: ValueTuple) -> String {
    let texts: Vec<String> = key
        .into_iter()
        .map(|value| match value {
            SqlValue::Uuid(Some(id)) => id.to_string(),
            SqlValue::String(Some(text)) => text,
            other => other.to_string(),
        })
        .collect();
    texts.join(" ")
}

fn new_uuid(now: DateTime<Utc>) -> Uuid {
    static CONTEXT: std::sync::LazyLock<std::sync::Mutex<ContextV7>> =
        std::sync::LazyLock::new(|| std::sync::Mutex::new(ContextV7::new()));
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(&*CONTEXT, seconds, now.timestamp_subsec_nanos()))
}
