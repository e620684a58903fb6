//! Organisations: what they are, their yearly figures, who owns them and whom they own, each check of their VAT
//! number, who sits in them and who is invited.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organisation(manager).await?;
        seats(manager).await?;
        figures(manager).await?;
        owners(manager).await?;
        checks(manager).await?;
        invitations(manager).await
    }
}

const SEATS: [&str; 4] = ["owner", "applicant", "billing", "reader"];
const VAT_STATES: [&str; 4] = ["unchecked", "valid", "invalid", "unavailable"];

async fn organisation(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("organisation")
                .col(text("legal_name"))
                .col(text("street"))
                .col(text("city"))
                .col(text("postcode"))
                .col(text("country").check(Expr::expr(Func::char_length(Expr::col(name("country")))).eq(2)))
                .col(text("registration_number"))
                // Without spaces and marks: one legal entity is one row.
                .col(text("registration_key"))
                .col(text_or_null("vat_id"))
                .col(text("vat_state").check(Expr::col(name("vat_state")).is_in(VAT_STATES)))
                .col(instant_or_null("vat_checked_at"))
                .col(text_or_null("vat_consultation"))
                .col(day("founded_on"))
                .col(text("nace"))
                .col(boolean("listed"))
                .col(boolean("distributed_profits"))
                .col(boolean("from_merger"))
                .col(text_or_null("size_class").check(
                    Expr::col(name("size_class")).is_null().or(Expr::col(name("size_class")).is_in([
                        "micro",
                        "small",
                        "medium",
                        "small_mid_cap",
                        "large",
                    ])),
                ))
                .col(boolean("start_up"))
                .col(instant("created_at"))
                .col(integer("version").default(1).check(Expr::col(name("version")).gt(0)))
                .check(
                    // No number, no answer about it.
                    Expr::col(name("vat_id")).is_not_null().or(Expr::col(name("vat_state")).eq("unchecked")),
                )
                .take(),
        )
        .await?;
    manager.create_index(unique("organisation", &["country", "registration_key"])).await?;
    manager.create_index(index("organisation", &["vat_id"])).await
}

async fn seats(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(name("seat"))
                .col(uuid("organisation_id"))
                .col(uuid("person_id"))
                .col(text("seat").check(Expr::col(name("seat")).is_in(SEATS)))
                .col(instant("created_at"))
                .primary_key(Index::create().col(name("organisation_id")).col(name("person_id")))
                .foreign_key(&mut reference("seat", "organisation_id", "organisation"))
                .foreign_key(&mut reference("seat", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("seat", &["person_id"])).await
}

async fn figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("fiscal_year")
                .col(uuid("organisation_id"))
                .col(day("ends"))
                .col(big("staff").check(Expr::col(name("staff")).gte(0)))
                .col(big("turnover").check(Expr::col(name("turnover")).gte(0)))
                .col(big("balance").check(Expr::col(name("balance")).gte(0)))
                .col(boolean("estimated"))
                .foreign_key(&mut reference("fiscal_year", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("fiscal_year", &["organisation_id", "ends"])).await
}

async fn owners(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("owner")
                .col(uuid("organisation_id"))
                .col(uuid_or_null("parent_id"))
                .col(text("name"))
                .col(text("direction").check(Expr::col(name("direction")).is_in(["upstream", "downstream"])))
                .col(text("kind"))
                .col(integer("share").check(Expr::col(name("share")).between(0, 10_000)))
                .col(boolean("controls"))
                .col(ColumnDef::new(name("acts_with")).integer().null())
                .col(big_or_null("staff"))
                .col(big_or_null("turnover"))
                .col(big_or_null("balance"))
                .col(instant("created_at"))
                .foreign_key(&mut reference("owner", "organisation_id", "organisation"))
                .foreign_key(&mut reference("owner", "parent_id", "owner"))
                .check(
                    // All of a year's figures are known, or none.
                    Expr::col(name("staff"))
                        .is_null()
                        .and(Expr::col(name("turnover")).is_null())
                        .and(Expr::col(name("balance")).is_null())
                        .or(Expr::col(name("staff"))
                            .gte(0)
                            .and(Expr::col(name("turnover")).gte(0))
                            .and(Expr::col(name("balance")).gte(0))),
                )
                .take(),
        )
        .await?;
    manager.create_index(index("owner", &["organisation_id"])).await?;
    manager.create_index(index("owner", &["parent_id"])).await
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("vat_check")
                .col(uuid("organisation_id"))
                .col(text("vat_id"))
                .col(instant("at"))
                .col(text("answer").check(Expr::col(name("answer")).is_in(VAT_STATES)))
                // Given only when our own number is sent: the proof that we asked.
                .col(text_or_null("consultation"))
                .col(text_or_null("registered_name"))
                .col(text_or_null("registered_address"))
                .col(text_or_null("reason"))
                .foreign_key(&mut reference("vat_check", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    manager.create_index(index("vat_check", &["organisation_id", "at"])).await
}

async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("invitation")
                .col(uuid("organisation_id"))
                .col(text("email"))
                .col(text("seat").check(Expr::col(name("seat")).is_in(SEATS)))
                // SHA-256 of the secret in the mail.
                .col(text("hash"))
                .col(uuid_or_null("invited_by"))
                .col(instant("created_at"))
                .col(instant("expires_at"))
                .col(instant_or_null("accepted_at"))
                .foreign_key(&mut reference("invitation", "organisation_id", "organisation"))
                .foreign_key(&mut reference("invitation", "invited_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("invitation", &["hash"])).await?;
    // Inviting the same address again replaces its invitation.
    manager.create_index(unique("invitation", &["organisation_id", "email"])).await
}
