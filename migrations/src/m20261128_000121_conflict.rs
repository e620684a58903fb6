//! Conflicts of interest with their kind, their origin, what they were found by, and who waived them.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: [&str; 10] = [
    "same_employer",
    "same_group",
    "former_employer",
    "co_applicant",
    "competitor",
    "investor",
    "customer",
    "family",
    "personal",
    "same_country",
];
const ORIGINS: [&str; 4] = ["declared", "detected", "applicant", "officer"];
const STATES: [&str; 3] = ["in_force", "waived", "ended"];
const NAMED: [&str; 3] = ["competitor", "investor", "customer"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        conflicts(manager).await?;
        waivers(manager).await?;
        parties(manager).await
    }
}

async fn conflicts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let one_of = |column: &str, values: &[&str]| Expr::col(name(column)).is_in(values.iter().copied());
    // Until now every conflict was declared, without a kind.
    let columns = [
        text("kind").default("personal").check(one_of("kind", &KINDS)).take(),
        text("origin").default("declared").check(one_of("origin", &ORIGINS)).take(),
        text("evidence").default("{}").take(),
        text("state").default("in_force").check(one_of("state", &STATES)).take(),
        uuid_or_null("recorded_by"),
    ];
    for column in columns {
        manager.alter_table(Table::alter().table(name("conflict")).add_column(column).to_owned()).await?;
    }
    let one_each = Index::drop().name("ux_conflict_application_id_person_id").table(name("conflict")).to_owned();
    manager.drop_index(one_each).await?;
    manager.create_index(unique("conflict", &["application_id", "person_id", "kind", "origin"])).await?;
    manager.create_index(index("conflict", &["person_id", "state"])).await
}

async fn waivers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let differs = |one: &str, other: &str| Expr::col(name(one)).ne(Expr::col(name(other)));
    let second = differs("decided_by", "asked_by").and(differs("decided_by", "person_id"));
    manager
        .create_table(
            table("waiver")
                .col(uuid("conflict_id"))
                // Whose conflict it is.
                .col(uuid("person_id"))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(text("reason").check(Expr::col(name("reason")).ne("")))
                .col(uuid_or_null("decided_by"))
                .col(instant_or_null("decided_at"))
                .col(text_or_null("outcome").check(
                    Expr::col(name("outcome")).is_null().or(Expr::col(name("outcome")).is_in(["granted", "refused"])),
                ))
                .col(text("decision_reason"))
                // A second officer's, and never by the one whose conflict it is.
                .check(differs("asked_by", "person_id"))
                .check(Expr::col(name("decided_by")).is_null().or(second))
                .check(Expr::col(name("decided_by")).is_null().or(Expr::col(name("decision_reason")).ne("")))
                .foreign_key(&mut reference("waiver", "conflict_id", "conflict"))
                .foreign_key(&mut reference("waiver", "person_id", "person"))
                .foreign_key(&mut reference("waiver", "asked_by", "person"))
                .foreign_key(&mut reference("waiver", "decided_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("waiver", &["conflict_id"])).await
}

/// Whom a company does not want to be judged by: on all its applications, or on one.
async fn parties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("named_party")
                .col(uuid("organisation_id"))
                .col(uuid_or_null("application_id"))
                .col(text("kind").check(Expr::col(name("kind")).is_in(NAMED)))
                .col(text("name").check(Expr::col(name("name")).ne("")))
                .col(text_or_null("country"))
                .col(text("registration_number"))
                .col(uuid("named_by"))
                .col(instant("named_at"))
                .foreign_key(&mut reference("named_party", "organisation_id", "organisation"))
                .foreign_key(&mut reference("named_party", "application_id", "application"))
                .foreign_key(&mut reference("named_party", "named_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("named_party", &["organisation_id"])).await
}
