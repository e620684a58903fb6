//! Calls with their versions, under which an application was written, its answers and files, and the tests of
//! eligibility with the facts they saw.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        calls(manager).await?;
        versions(manager).await?;
        applications(manager).await?;
        attachments(manager).await?;
        checks(manager).await
    }
}

async fn calls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_open = |state: &str| Expr::col(name("state")).eq(state);
    let within =
        |taken: &str, most: &str| Expr::col(name(most)).is_null().or(Expr::col(name(taken)).lte(Expr::col(name(most))));
    manager
        .create_table(
            table("call")
                .col(text_or_null("code"))
                .col(text("state").check(Expr::col(name("state")).is_in(["draft", "published", "closed", "archived"])))
                // What an officer typed last; JSON of `domain::call::Draft`.
                .col(text("draft"))
                // The version in force; 0 before the first.
                .col(integer("current").default(0).check(Expr::col(name("current")).gte(0)))
                .col(
                    text_or_null("closing").check(
                        Expr::col(name("closing"))
                            .is_null()
                            .or(Expr::col(name("closing")).is_in(["officer", "deadline", "places", "funds"])),
                    ),
                )
                .col(text_or_null("close_reason"))
                .col(big_or_null("places"))
                .col(big_or_null("funds_cents"))
                .col(big("taken").default(0).check(Expr::col(name("taken")).gte(0)))
                .col(big("committed_cents").default(0).check(Expr::col(name("committed_cents")).gte(0)))
                .col(uuid_or_null("made_by"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .col(instant_or_null("published_at"))
                .col(instant_or_null("closed_at"))
                .col(integer("version").default(1))
                // What anybody may apply under has a code and a version; what is closed says by what.
                .check(is_open("draft").or(Expr::col(name("code")).is_not_null().and(Expr::col(name("current")).gt(0))))
                .check(is_open("draft").or(is_open("published")).or(Expr::col(name("closing")).is_not_null()))
                .check(within("taken", "places"))
                .check(within("committed_cents", "funds_cents"))
                .foreign_key(&mut reference("call", "made_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("call", &["code"])).await?;
    manager.create_index(index("call", &["state"])).await
}

async fn versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("call_version")
                .col(uuid("call_id"))
                .col(integer("number").check(Expr::col(name("number")).gt(0)))
                // JSON of `domain::call::Terms`, and of the draft it was read from.
                .col(text("terms"))
                .col(text("draft"))
                .col(text("reason"))
                .col(uuid_or_null("published_by"))
                .col(instant("published_at"))
                .foreign_key(&mut reference("call_version", "call_id", "call"))
                .foreign_key(&mut reference("call_version", "published_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("call_version", &["call_id", "number"])).await
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // SQLite adds a column with its reference, but no reference to a column.
    let mut call = uuid_or_null("call_id");
    call.extra("REFERENCES \"call\" (\"id\")");
    let mut answers = text("answers");
    answers.default("{}");
    let mut version = integer("call_version");
    version.default(0);
    for column in [&mut call, &mut version, &mut answers] {
        let table = Table::alter().table(name("application")).add_column(column).to_owned();
        manager.alter_table(table).await?;
    }
    manager.create_index(index("application", &["call_id", "organisation_id"])).await
}

async fn attachments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("attachment")
                .col(uuid("application_id"))
                // Code of the question of the call.
                .col(text("question"))
                .col(text("name"))
                .col(ColumnDef::new(name("content")).binary().not_null())
                .col(big("bytes").check(Expr::col(name("bytes")).between(1, 10 * 1024 * 1024)))
                .col(text("sha256"))
                .col(uuid_or_null("sent_by"))
                .col(instant("sent_at"))
                .foreign_key(&mut reference("attachment", "application_id", "application"))
                .foreign_key(&mut reference("attachment", "sent_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("attachment", &["application_id", "question"])).await
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("eligibility_check")
                .col(uuid("application_id"))
                .col(
                    text("occasion")
                        .check(Expr::col(name("occasion")).is_in(["start", "submit", "award", "booking", "invoice"])),
                )
                .col(instant("at"))
                .col(boolean("holds"))
                .col(text("facts"))
                .col(text("outcome"))
                .foreign_key(&mut reference("eligibility_check", "application_id", "application"))
                .take(),
        )
        .await?;
    manager.create_index(index("eligibility_check", &["application_id", "at"])).await
}
