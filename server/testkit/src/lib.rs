//! Worlds for tests: a real database each, SQLite and PostgreSQL, with a clock that stands still.
//!
//! The database is never mocked. PostgreSQL is used when `TEST_POSTGRES_URL` names a server; `cargo xtask test` starts one.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "for tests only: a world that cannot be made fails the test"
)]

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::{Actor, Stand},
    id::PersonId,
    problem::Problem,
};
use migrations::{Migrator, MigratorTrait};
use payments::{Account, PaymentProvider};
use sea_orm::{ConnectionTrait, Statement};
use services::{
    Desk, Services, Settings,
    gateways::{Gateways, clock::Clock},
    jobs::Worker,
    store::{Database, Durability},
};
use stripe_fake::{Fake, Options, serve_anywhere};
use tempfile::TempDir;

/// Monday 23 November 2026, 10:00 in Brussels.
pub fn start() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("an instant")
}

pub struct World {
    pub services: Services,
    /// Where this world's payments are made; it keeps its events until they are fetched.
    pub provider: Fake,
    url: String,
    /// SQLite's folder; removed with the world.
    _folder: Option<TempDir>,
}

impl World {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/test.db?mode=rwc", folder.path().display());
        let database = Database::connect(&url, Durability::Process).await.expect("SQLite opens");
        database.migrate().await.expect("migrations apply");
        let provider = provider().await;
        Self { services: services(database, &provider), provider, url, _folder: Some(folder) }
    }

    /// A database of its own, copied from a migrated template; `None` without a server to copy on.
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var("TEST_POSTGRES_URL").ok()?;
        let url = copy_of_template(&server).await;
        let database = Database::connect(&url, Durability::Process).await.expect("PostgreSQL opens");
        let provider = provider().await;
        Some(Self { services: services(database, &provider), provider, url, _folder: None })
    }

    pub fn desk(&self, actor: Actor) -> Desk {
        self.services.desk(actor)
    }

    /// A person with a confirmed address and no password: for tests that are not about signing in.
    pub async fn person(&self, email: &str) -> PersonId {
        let database = sea_orm::Database::connect(&self.url).await.expect("the world's database opens");
        let id = uuid::Uuid::new_v4();
        let now = self.services.now();
        let sql = "INSERT INTO person (id, email, name, password_hash, locale, confirmed_at, created_at, version) \
                   VALUES ($1, $2, $3, '', 'en', $4, $4, 1)";
        let values = [id.into(), email.into(), email.into(), now.into()];
        let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, values);
        database.execute_raw(statement).await.expect("a person");
        database.close().await.expect("the connection closes");
        id.into()
    }

    /// Gives the person this place: a seat in that organisation, or that role. Nothing for the stands that need none.
    pub async fn place(&self, person: PersonId, stand: Stand) {
        let now = self.services.now();
        let (sql, values): (_, Vec<sea_orm::Value>) = match stand {
            Stand::Member { organisation, seat } => (
                "INSERT INTO seat (organisation_id, person_id, seat, created_at) VALUES ($1, $2, $3, $4)",
                vec![organisation.uuid().into(), person.uuid().into(), seat.code().into(), now.into()],
            ),
            Stand::Reviewer | Stand::Officer | Stand::Finance | Stand::Administrator | Stand::Operator { .. } => (
                "INSERT INTO role (id, person_id, role, site_id, granted_at) VALUES ($1, $2, $3, $4, $5)",
                vec![
                    uuid::Uuid::new_v4().into(),
                    person.uuid().into(),
                    Actor::person(person, stand).group().code().into(),
                    Actor::person(person, stand).site().map(domain::id::Id::uuid).into(),
                    now.into(),
                ],
            ),
            Stand::Visitor | Stand::SignedIn | Stand::Meter { .. } | Stand::System => return,
        };
        let database = sea_orm::Database::connect(&self.url).await.expect("the world's database opens");
        let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, values);
        database.execute_raw(statement).await.expect("a place");
        if stand == Stand::Reviewer {
            // What is not about terms begins after they are accepted.
            self.accept_terms(&database, person).await;
        }
        database.close().await.expect("the connection closes");
    }

    async fn accept_terms(&self, database: &sea_orm::DatabaseConnection, person: PersonId) {
        let now = self.services.now();
        let version = domain::reviewer::terms_version(now.date_naive());
        let sql = "INSERT INTO reviewer_terms (id, person_id, scope, version, locale, text_hash, accepted_at) \
                   VALUES ($1, $2, $3, $4, 'en', '', $5)";
        for scope in domain::mode::Code::ALL.map(domain::mode::Code::code) {
            let id = uuid::Uuid::new_v4();
            let values = [id.into(), person.uuid().into(), scope.into(), version.into(), now.into()];
            let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, values);
            database.execute_raw(statement).await.expect("terms");
        }
    }

    /// Changes what a submitted application asks for, in its frozen quote: for what only large requests meet.
    pub async fn ask_for(&self, application: domain::id::ApplicationId, hours: i64) {
        let database = sea_orm::Database::connect(&self.url).await.expect("the world's database opens");
        let backend = database.get_database_backend();
        let find = "SELECT quote FROM application WHERE id = $1";
        let row = database
            .query_one_raw(Statement::from_sql_and_values(backend, find, [application.uuid().into()]))
            .await
            .expect("the application is read")
            .expect("an application");
        let quote: String = row.try_get("", "quote").expect("a quote");
        let mut quote: serde_json::Value = serde_json::from_str(&quote).expect("JSON");
        quote.as_object_mut().expect("an object").insert("gpu_time".to_owned(), (hours * 3_600).into());
        let values = [quote.to_string().into(), application.uuid().into()];
        let change = "UPDATE application SET quote = $1 WHERE id = $2";
        database.execute_raw(Statement::from_sql_and_values(backend, change, values)).await.expect("a larger request");
        database.close().await.expect("the connection closes");
    }

    /// The text of the last mail queued to that address.
    pub async fn mail_to(&self, email: &str) -> Option<String> {
        let database = sea_orm::Database::connect(&self.url).await.expect("the world's database opens");
        let sql = "SELECT text FROM mail WHERE address = $1 ORDER BY id DESC LIMIT 1";
        let statement = Statement::from_sql_and_values(database.get_database_backend(), sql, [email.into()]);
        let row = database.query_one_raw(statement).await.expect("the mails");
        database.close().await.expect("the connection closes");
        row.map(|row| row.try_get("", "text").expect("a text"))
    }

    /// The first column, as text, of what this statement finds: for what no verb tells.
    pub async fn lines(&self, sql: &str) -> Vec<String> {
        let database = sea_orm::Database::connect(&self.url).await.expect("the world's database opens");
        let statement = Statement::from_string(database.get_database_backend(), sql.to_owned());
        let rows = database.query_all_raw(statement).await.expect("the rows");
        database.close().await.expect("the connection closes");
        rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
    }

    /// Writes past every verb, as nobody should: for what the database itself refuses.
    pub async fn execute(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        let database = sea_orm::Database::connect(&self.url).await?;
        let done = database.execute_unprepared(sql).await;
        database.close().await?;
        done.map(drop)
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        self.services.clock().advance(by);
    }

    /// Runs every job that is due.
    pub async fn work(&self) {
        Worker::new(self.services.clone(), "test".to_owned()).drain().await.expect("the queue drains");
    }
}

/// The first fault of a refused form, with its field.
pub fn fault<T: std::fmt::Debug>(result: services::Result<T>) -> (String, Problem) {
    match result {
        Err(services::Error::Invalid(invalid)) => invalid.0.first().expect("a problem").clone(),
        other => panic!("expected a problem, got {other:?}"),
    }
}

/// The first fault of a refused form, whatever its field.
pub fn problem<T: std::fmt::Debug>(result: services::Result<T>) -> Problem {
    fault(result).1
}

async fn provider() -> Fake {
    serve_anywhere(Options::default()).await.expect("a payment provider")
}

fn services(database: Database, provider: &Fake) -> Services {
    let settings = Settings { public_url: "http://127.0.0.1:3000".to_owned(), demo: true };
    let mut gateways = Gateways::local(Clock::frozen(start()));
    let account = Account {
        secret_key: "sk_test".to_owned(),
        base_url: Some(provider.base_url()),
        webhook_secret: provider.webhook_secret().to_owned(),
    };
    gateways.payments = Some(PaymentProvider::new(account).expect("a payment client"));
    Services::new(database, gateways, settings)
}

async fn copy_of_template(server: &str) -> String {
    let template_name = template_name();
    let (base, _) = server.rsplit_once('/').expect("TEST_POSTGRES_URL ends in a database name");
    let admin = sea_orm::Database::connect(server).await.expect("the PostgreSQL server answers");
    let run = async |sql: String| {
        admin
            .execute_raw(Statement::from_string(admin.get_database_backend(), sql))
            .await
            .expect("administrative statement");
    };
    // Tests run in many processes at once: only one makes the template, and no copy is taken while it is open.
    let mut options = sea_orm::ConnectOptions::new(server.to_owned());
    options.max_connections(1);
    let lock = sea_orm::Database::connect(options).await.expect("the PostgreSQL server answers");
    let hold = |sql: &str| Statement::from_string(lock.get_database_backend(), sql.to_owned());
    lock.execute_raw(hold("SELECT pg_advisory_lock(4711)")).await.expect("the lock");
    let found = Statement::from_string(
        admin.get_database_backend(),
        format!("SELECT 1 FROM pg_database WHERE datname = '{template_name}'"),
    );
    if admin.query_one_raw(found).await.expect("pg_database").is_none() {
        run(format!("CREATE DATABASE {template_name}")).await;
        let template = Database::connect(&format!("{base}/{template_name}"), Durability::Process)
            .await
            .expect("the template opens");
        template.migrate().await.expect("migrations apply");
        template.close().await.expect("the template closes");
    }
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    run(format!("CREATE DATABASE {name} TEMPLATE {template_name}")).await;
    lock.execute_raw(hold("SELECT pg_advisory_unlock(4711)")).await.expect("the lock");
    format!("{base}/{name}")
}

/// Named after the migrations it holds: a new migration makes a new template.
fn template_name() -> String {
    let mut names = DefaultHasher::new();
    for migration in Migrator::migrations() {
        migration.name().hash(&mut names);
    }
    format!("gigahours_template_{:x}", names.finish())
}

/// Makes two tests of one body: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn check($world: $crate::World) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                check($crate::World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(world) = $crate::World::postgres().await {
                    check(world).await;
                }
            }
        }
    )*};
}
