//! Reviewers: what they know and when they are away, who invites them, the terms they accept, what they would like to
//! read, and the interests of everybody who judges.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INTERESTS: [&str; 6] = ["employer", "former_employer", "competitor", "investor", "customer", "family"];
const BIDS: [&str; 4] = ["eager", "willing", "unwilling", "conflict"];
const DISCLOSURES: [&str; 2] = ["title", "summary"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        profiles(manager).await?;
        interests(manager).await?;
        invitations(manager).await?;
        terms(manager).await?;
        bids(manager).await?;
        scopes(manager).await
    }
}

async fn profiles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reviewer = Table::create();
    reviewer
        .table(name("reviewer"))
        .col(uuid("person_id").primary_key())
        .col(text("expertise"))
        .col(text("keywords"))
        .col(text("languages"))
        .col(text_or_null("country").check(country("country")))
        .col(integer("load_limit").check(Expr::col(name("load_limit")).gte(0)))
        .col(instant("updated_at"))
        .col(integer("version").default(1).check(Expr::col(name("version")).gt(0)))
        .foreign_key(&mut reference("reviewer", "person_id", "person"));
    manager.create_table(reviewer).await?;
    manager
        .create_table(
            table("absence")
                .col(uuid("person_id"))
                .col(day("first_day"))
                .col(day("last_day"))
                .check(Expr::col(name("last_day")).gte(Expr::col(name("first_day"))))
                .foreign_key(&mut reference("absence", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("absence", &["person_id", "last_day"])).await
}

async fn interests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("interest")
                .col(uuid("person_id"))
                .col(text("kind").check(Expr::col(name("kind")).is_in(INTERESTS)))
                .col(text("name").check(Expr::col(name("name")).ne("")))
                .col(text_or_null("country").check(country("country")))
                .col(text("registration_number"))
                // The day a former employer was left.
                .col(day_or_null("ended_on"))
                .col(instant("created_at"))
                .check(Expr::col(name("kind")).ne("former_employer").or(Expr::col(name("ended_on")).is_not_null()))
                .foreign_key(&mut reference("interest", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("interest", &["person_id"])).await?;
    manager
        .create_table(
            table("former_seat")
                .col(uuid("organisation_id"))
                .col(uuid("person_id"))
                .col(day("left_on"))
                .foreign_key(&mut reference("former_seat", "organisation_id", "organisation"))
                .foreign_key(&mut reference("former_seat", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("former_seat", &["person_id"])).await
}

async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let once = Expr::col(name("accepted_at")).is_null().or(Expr::col(name("declined_at")).is_null());
    manager
        .create_table(
            table("reviewer_invitation")
                .col(text("email"))
                .col(text("hash"))
                .col(uuid("invited_by"))
                .col(instant("created_at"))
                .col(instant("expires_at"))
                .col(instant_or_null("accepted_at"))
                .col(instant_or_null("declined_at"))
                .col(text("reason"))
                .check(once)
                .foreign_key(&mut reference("reviewer_invitation", "invited_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("reviewer_invitation", &["hash"])).await?;
    manager.create_index(index("reviewer_invitation", &["email"])).await
}

async fn terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("reviewer_terms")
                .col(uuid("person_id"))
                // The code of an access mode, or the identifier of a call.
                .col(text("scope"))
                .col(integer("version").check(Expr::col(name("version")).gt(0)))
                .col(text("locale"))
                // SHA-256, in hex, of the text as it was shown.
                .col(text("text_hash"))
                .col(instant("accepted_at"))
                .foreign_key(&mut reference("reviewer_terms", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("reviewer_terms", &["person_id", "scope", "version"])).await
}

async fn bids(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("bid")
                .col(uuid("person_id"))
                .col(uuid("application_id"))
                .col(text("bid").check(Expr::col(name("bid")).is_in(BIDS)))
                .col(instant("at"))
                .foreign_key(&mut reference("bid", "person_id", "person"))
                .foreign_key(&mut reference("bid", "application_id", "application"))
                .take(),
        )
        .await?;
    manager.create_index(unique("bid", &["person_id", "application_id"])).await?;
    manager.create_index(index("bid", &["application_id"])).await
}

async fn scopes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("review_scope")
                .col(text("scope"))
                .col(instant("since"))
                .col(boolean("same_country"))
                .col(boolean("blind"))
                .col(text("disclosure").check(Expr::col(name("disclosure")).is_in(DISCLOSURES)))
                // Hundredths of a grade between two reviews from which one more is suggested.
                .col(big("spread").check(Expr::col(name("spread")).gt(0)))
                .col(uuid("made_by"))
                .col(text("reason").check(Expr::col(name("reason")).ne("")))
                .foreign_key(&mut reference("review_scope", "made_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("review_scope", &["scope", "since"])).await
}

fn country(column: &str) -> SimpleExpr {
    Expr::col(name(column)).is_null().or(Expr::expr(Func::char_length(Expr::col(name(column)))).eq(2))
}
