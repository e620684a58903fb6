//! Applications: the draft as typed, the quote as frozen at submission.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let states = ["draft", "submitted", "in_review", "awaiting_signature", "approved", "refused", "withdrawn"];
        manager
            .create_table(
                table("application")
                    .col(text_or_null("reference"))
                    .col(uuid("organisation_id"))
                    .col(uuid("author_id"))
                    .col(text("mode"))
                    .col(integer("mode_version"))
                    .col(text("state").check(Expr::col(name("state")).is_in(states)))
                    .col(text("draft"))
                    .col(text_or_null("quote"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .col(instant_or_null("submitted_at"))
                    .col(instant_or_null("due_at"))
                    .col(instant_or_null("decided_at"))
                    .col(integer("version").default(1))
                    .foreign_key(&mut reference("application", "organisation_id", "organisation"))
                    .foreign_key(&mut reference("application", "author_id", "person"))
                    // What was submitted has a number, a price and an instant.
                    .check(
                        Expr::col(name("state")).is_in(["draft", "withdrawn"]).or(Expr::col(name("reference"))
                            .is_not_null()
                            .and(Expr::col(name("quote")).is_not_null())
                            .and(Expr::col(name("submitted_at")).is_not_null())),
                    )
                    .take(),
            )
            .await?;
        manager.create_index(unique("application", &["reference"])).await?;
        manager.create_index(index("application", &["organisation_id", "updated_at"])).await?;
        // All that lists and counts of the review office look at, so that they read no drafts.
        let listed = ["state", "submitted_at", "reference", "due_at", "organisation_id", "id"];
        manager.create_index(index("application", &listed)).await
    }
}
