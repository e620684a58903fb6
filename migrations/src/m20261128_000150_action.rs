//! What is asked of an allocation after its award, the parts of a large award, and the reports it owes.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        actions(manager).await?;
        reports(manager).await?;
        instalments(manager).await
    }
}

fn one_of(column: &str, values: impl IntoIterator<Item = &'static str>) -> SimpleExpr {
    Expr::col(name(column)).is_in(values)
}

async fn actions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let kinds = ["supplement", "extension", "transfer", "advance", "renewal", "hand_back"];
    let in_force = one_of("state", ["approved", "done"]);
    manager
        .create_table(
            table("action")
                .col(uuid("allocation_id"))
                .col(uuid("application_id"))
                .col(uuid("organisation_id"))
                .col(text("kind").check(one_of("kind", kinds)))
                .col(text("state").check(one_of("state", ["asked", "approved", "refused", "withdrawn", "done"])))
                // The allocation that an advance is deducted from, and the application that a renewal began.
                .col(uuid_or_null("later_id"))
                .col(uuid_or_null("renewed_id"))
                // JSON of a change, each apart: what was asked for, what an officer recommends, what was awarded.
                .col(text("requested"))
                .col(text_or_null("recommended"))
                .col(text_or_null("awarded"))
                .col(text("why"))
                // JSON of the quotes by which the price changes.
                .col(text("price"))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(instant_or_null("due_at"))
                .col(text_or_null("reason"))
                .col(uuid_or_null("decided_by"))
                .col(instant_or_null("decided_at"))
                .col(boolean("needs_second").default(false))
                .col(uuid_or_null("signed_by"))
                .col(instant_or_null("signed_at"))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("action", "allocation_id", "allocation"))
                .foreign_key(&mut reference("action", "application_id", "application"))
                .foreign_key(&mut reference("action", "organisation_id", "organisation"))
                .foreign_key(&mut reference("action", "later_id", "allocation"))
                .foreign_key(&mut reference("action", "renewed_id", "application"))
                .foreign_key(&mut reference("action", "asked_by", "person"))
                .foreign_key(&mut reference("action", "decided_by", "person"))
                .foreign_key(&mut reference("action", "signed_by", "person"))
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("signed_by")).ne(Expr::col(name("decided_by")))),
                )
                .check(in_force.not().or(Expr::col(name("awarded")).is_not_null()))
                .check(
                    Expr::col(name("state"))
                        .ne("approved")
                        .or(Expr::col(name("needs_second")).eq(false))
                        .or(Expr::col(name("signed_by")).is_not_null()),
                )
                .take(),
        )
        .await?;
    // One of a kind waits at a time: whoever sends a form twice asks once.
    let mut one_asked = unique("action", &["allocation_id", "kind"]);
    one_asked.and_where(Expr::col(name("state")).eq("asked"));
    manager.create_index(one_asked).await?;
    manager.create_index(index("action", &["allocation_id"])).await?;
    manager.create_index(index("action", &["state", "due_at"])).await
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("report")
                .col(uuid("allocation_id"))
                .col(uuid("application_id"))
                .col(uuid("organisation_id"))
                .col(text("kind").check(one_of("kind", ["interim", "final"])))
                .col(text("state").check(one_of("state", ["open", "handed_in", "returned", "approved"])))
                .col(day("due_on"))
                .col(text("draft"))
                .col(uuid_or_null("handed_in_by"))
                .col(instant_or_null("handed_in_at"))
                .col(text_or_null("reason"))
                .col(uuid_or_null("decided_by"))
                .col(instant_or_null("decided_at"))
                // How many reminders went out.
                .col(integer("reminded").default(0))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("report", "allocation_id", "allocation"))
                .foreign_key(&mut reference("report", "application_id", "application"))
                .foreign_key(&mut reference("report", "organisation_id", "organisation"))
                .foreign_key(&mut reference("report", "handed_in_by", "person"))
                .foreign_key(&mut reference("report", "decided_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("report", &["allocation_id", "kind"])).await?;
    manager.create_index(index("report", &["organisation_id", "state"])).await?;
    manager.create_index(index("report", &["state", "due_on"])).await
}

async fn instalments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("instalment")
                .col(uuid("allocation_id"))
                .col(big("gpu_seconds").check(Expr::col(name("gpu_seconds")).gt(0)))
                .col(text("state").check(one_of("state", ["withheld", "released", "lapsed"])))
                .col(instant("withheld_at"))
                .col(instant_or_null("settled_at"))
                .foreign_key(&mut reference("instalment", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("instalment", &["allocation_id"])).await
}
