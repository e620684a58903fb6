//! What every noun stands on: people, roles, sessions, tokens, jobs, mails, the timeline, the audit, counters.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        work(manager).await?;
        records(manager).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("person")
                .col(text("email"))
                .col(text("name"))
                .col(text("password_hash"))
                .col(text("locale"))
                .col(instant_or_null("confirmed_at"))
                .col(instant("created_at"))
                .col(integer("version").default(1).check(Expr::col(name("version")).gt(0)))
                .take(),
        )
        .await?;
    manager.create_index(unique("person", &["email"])).await?;
    // A role at a site names the site; the others have none. Sites are never deleted, so there is no foreign key
    // to a table that comes later.
    manager
        .create_table(
            table("role")
                .col(uuid("person_id"))
                .col(text("role"))
                .col(uuid_or_null("site_id"))
                .col(instant("granted_at"))
                .foreign_key(&mut reference("role", "person_id", "person"))
                .check(
                    Expr::col(name("role")).eq("operator").and(Expr::col(name("site_id")).is_not_null()).or(Expr::col(
                        name("role"),
                    )
                    .is_in(["reviewer", "officer", "finance", "administrator"])
                    .and(Expr::col(name("site_id")).is_null())),
                )
                .take(),
        )
        .await?;
    manager.create_index(index("role", &["person_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table(name("session"))
                .col(ColumnDef::new(name("id")).text().not_null().primary_key())
                .col(text("data"))
                .col(uuid_or_null("person_id"))
                .col(instant("created_at"))
                .col(instant("seen_at"))
                .col(instant("expires_at"))
                .take(),
        )
        .await?;
    manager.create_index(index("session", &["person_id"])).await?;
    manager.create_index(index("session", &["expires_at"])).await?;
    manager
        .create_table(
            table("token")
                .col(text("hash"))
                .col(text("purpose"))
                .col(uuid_or_null("person_id"))
                .col(text("address"))
                .col(text("payload"))
                .col(instant("created_at"))
                .col(instant("expires_at"))
                .col(instant_or_null("used_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("token", &["hash"])).await
}

async fn work(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("job")
                .col(text("kind"))
                .col(text("payload"))
                .col(text_or_null("key"))
                .col(instant("run_at"))
                .col(integer("attempts").default(0))
                .col(instant_or_null("leased_until"))
                .col(text_or_null("leased_by"))
                .col(text_or_null("last_error"))
                .col(instant_or_null("parked_at"))
                .col(instant("created_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("job", &["key"])).await?;
    manager.create_index(index("job", &["parked_at", "run_at"])).await?;
    manager
        .create_table(
            table("mail")
                .col(text("kind"))
                .col(text("address"))
                .col(uuid_or_null("person_id"))
                .col(text("locale"))
                .col(text("subject"))
                .col(text("text"))
                .col(text("html"))
                .col(text_or_null("attachment_name"))
                .col(bytes_or_null("attachment"))
                .col(text("message_id"))
                .col(text("state").check(Expr::col(name("state")).is_in(["queued", "sent", "failed"])))
                .col(integer("attempts").default(0))
                .col(text_or_null("last_error"))
                .col(instant("queued_at"))
                .col(instant_or_null("sent_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("mail", &["message_id"])).await?;
    manager.create_index(index("mail", &["state", "queued_at"])).await?;
    manager.create_index(index("mail", &["address", "queued_at"])).await
}

async fn records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("event")
                .col(text("subject_kind"))
                .col(uuid("subject_id"))
                .col(instant("at"))
                .col(text("actor_group"))
                .col(uuid_or_null("person_id"))
                .col(text("kind"))
                .col(text("detail"))
                .take(),
        )
        .await?;
    manager.create_index(index("event", &["subject_kind", "subject_id", "at"])).await?;
    manager
        .create_table(
            table("audit")
                .col(instant("at"))
                .col(text("action"))
                .col(text("actor_group"))
                .col(uuid_or_null("person_id"))
                .col(uuid_or_null("organisation_id"))
                .col(uuid_or_null("site_id"))
                .col(text("changes"))
                .take(),
        )
        .await?;
    manager.create_index(index("audit", &["at"])).await?;
    manager
        .create_table(
            Table::create()
                .table(name("counter"))
                .col(ColumnDef::new(name("name")).text().not_null().primary_key())
                .col(big("value").check(Expr::col(name("value")).gte(0)))
                .take(),
        )
        .await
}
