//! The books: accounts with what they are kept for, entries that nobody changes, their lines, and closed months.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        accounts(manager).await?;
        entries(manager).await?;
        months(manager).await?;
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in sql {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// What is booked stays booked, whoever holds the connection.
const SQLITE: &[&str] = &[
    "CREATE TRIGGER book_entry_stays BEFORE UPDATE ON book_entry BEGIN SELECT RAISE(ABORT, 'booked'); END",
    "CREATE TRIGGER book_entry_kept BEFORE DELETE ON book_entry BEGIN SELECT RAISE(ABORT, 'booked'); END",
    "CREATE TRIGGER book_posting_stays BEFORE UPDATE ON book_posting BEGIN SELECT RAISE(ABORT, 'booked'); END",
    "CREATE TRIGGER book_posting_kept BEFORE DELETE ON book_posting BEGIN SELECT RAISE(ABORT, 'booked'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION book_stays() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'booked'; END $$",
    "CREATE TRIGGER book_entry_stays BEFORE UPDATE OR DELETE ON book_entry \
     FOR EACH ROW EXECUTE FUNCTION book_stays()",
    "CREATE TRIGGER book_posting_stays BEFORE UPDATE OR DELETE ON book_posting \
     FOR EACH ROW EXECUTE FUNCTION book_stays()",
    // Whoever posts: at commit the lines of each entry sum to nought.
    "CREATE FUNCTION book_balances() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF (SELECT sum(amount_cents) FROM book_posting WHERE entry_id = NEW.entry_id) <> 0 \
     THEN RAISE EXCEPTION 'an entry does not balance'; END IF; RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER book_entry_balances AFTER INSERT ON book_posting \
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION book_balances()",
];

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("book_account")
                .col(text("account"))
                // An organisation, a state, a pot, or a site and a pot.
                .col(text("kept_for"))
                .col(big("balance_cents").default(0))
                .col(boolean("has_floor"))
                .check(Expr::col(name("has_floor")).eq(Expr::value(false)).or(Expr::col(name("balance_cents")).gte(0)))
                .take(),
        )
        .await?;
    manager.create_index(unique("book_account", &["account", "kept_for"])).await
}

async fn entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("book_entry")
                .col(big("number"))
                .col(text("kind"))
                // The day of the fact, and the day it is booked on: later where its month was closed.
                .col(day("happened_on"))
                .col(day("booked_on"))
                .col(text("key"))
                .col(text_or_null("subject_kind"))
                .col(uuid_or_null("subject_id"))
                .col(uuid_or_null("person_id"))
                .col(instant("created_at"))
                .check(Expr::col(name("booked_on")).gte(Expr::col(name("happened_on"))))
                .foreign_key(&mut reference("book_entry", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("book_entry", &["number"])).await?;
    // A fact is booked once.
    manager.create_index(unique("book_entry", &["key"])).await?;
    manager.create_index(index("book_entry", &["booked_on"])).await?;
    manager.create_index(index("book_entry", &["subject_id"])).await?;
    manager
        .create_table(
            table("book_posting")
                .col(uuid("entry_id"))
                .col(integer("position"))
                .col(uuid("account_id"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).ne(0)))
                .foreign_key(&mut reference("book_posting", "entry_id", "book_entry"))
                .foreign_key(&mut reference("book_posting", "account_id", "book_account"))
                .take(),
        )
        .await?;
    manager.create_index(unique("book_posting", &["entry_id", "position"])).await?;
    manager.create_index(index("book_posting", &["account_id"])).await
}

async fn months(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("book_month")
                // Its first day.
                .col(day("month"))
                .col(uuid("closed_by"))
                .col(instant("closed_at"))
                .foreign_key(&mut reference("book_month", "closed_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("book_month", &["month"])).await
}
