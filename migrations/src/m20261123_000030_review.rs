//! Reviews, conflicts of interest, and decisions with their two signatures.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("review")
                    .col(uuid("application_id"))
                    .col(uuid("reviewer_id"))
                    .col(text("draft"))
                    .col(big_or_null("total"))
                    .col(text_or_null("advice"))
                    .col(instant("opened_at"))
                    .col(instant_or_null("handed_in_at"))
                    .col(integer("version").default(1))
                    .foreign_key(&mut reference("review", "application_id", "application"))
                    .foreign_key(&mut reference("review", "reviewer_id", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("review", &["application_id", "reviewer_id"])).await?;
        manager.create_index(index("review", &["reviewer_id"])).await?;
        manager
            .create_table(
                table("conflict")
                    .col(uuid("application_id"))
                    .col(uuid("person_id"))
                    .col(text("reason"))
                    .col(instant("declared_at"))
                    .foreign_key(&mut reference("conflict", "application_id", "application"))
                    .foreign_key(&mut reference("conflict", "person_id", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("conflict", &["application_id", "person_id"])).await?;
        manager
            .create_table(
                table("decision")
                    .col(uuid("application_id"))
                    .col(text("outcome").check(Expr::col(name("outcome")).is_in(["approved", "refused"])))
                    .col(big("granted").check(Expr::col(name("granted")).gte(0)))
                    .col(text("reasons").check(Expr::col(name("reasons")).ne("")))
                    .col(uuid("decided_by"))
                    .col(instant("decided_at"))
                    .col(boolean("needs_second"))
                    .col(uuid_or_null("signed_by"))
                    .col(instant_or_null("signed_at"))
                    .foreign_key(&mut reference("decision", "application_id", "application"))
                    .foreign_key(&mut reference("decision", "decided_by", "person"))
                    .foreign_key(&mut reference("decision", "signed_by", "person"))
                    .check(
                        Expr::col(name("signed_by"))
                            .is_null()
                            .or(Expr::col(name("signed_by")).ne(Expr::col(name("decided_by")))),
                    )
                    .take(),
            )
            .await?;
        manager.create_index(unique("decision", &["application_id"])).await
    }
}
