//! Reviews given out: proposals, what was fixed in them by hand, and who was asked.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let committed =
            Expr::col(name("committed_by")).is_not_null().and(Expr::col(name("committed_at")).is_not_null());
        manager
            .create_table(
                table("assignment_proposal")
                    .col(text("mode"))
                    .col(big("seed"))
                    .col(text("state").check(Expr::col(name("state")).is_in(["draft", "committed", "discarded"])))
                    .col(uuid("made_by"))
                    .col(instant("made_at"))
                    .col(text("outcome"))
                    .col(uuid_or_null("committed_by"))
                    .col(instant_or_null("committed_at"))
                    .col(integer("version").default(1).check(Expr::col(name("version")).gt(0)))
                    .check(Expr::col(name("state")).ne("committed").or(committed))
                    .foreign_key(&mut reference("assignment_proposal", "made_by", "person"))
                    .foreign_key(&mut reference("assignment_proposal", "committed_by", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(index("assignment_proposal", &["mode", "made_at"])).await?;
        manager
            .create_table(
                table("assignment_hand")
                    .col(uuid("proposal_id"))
                    .col(uuid("application_id"))
                    .col(uuid("person_id"))
                    .col(text("hand").check(Expr::col(name("hand")).is_in(["pin", "forbid"])))
                    .col(uuid("made_by"))
                    .col(instant("made_at"))
                    .foreign_key(&mut reference("assignment_hand", "proposal_id", "assignment_proposal"))
                    .foreign_key(&mut reference("assignment_hand", "application_id", "application"))
                    .foreign_key(&mut reference("assignment_hand", "person_id", "person"))
                    .foreign_key(&mut reference("assignment_hand", "made_by", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("assignment_hand", &["proposal_id", "application_id", "person_id"])).await?;
        let states = ["offered", "accepted", "declined", "released"];
        let reasoned = Expr::col(name("state")).ne("declined").or(Expr::col(name("reason")).ne(""));
        manager
            .create_table(
                table("assignment")
                    .col(uuid("application_id"))
                    .col(uuid("person_id"))
                    .col(uuid_or_null("proposal_id"))
                    .col(text("state").check(Expr::col(name("state")).is_in(states)))
                    .col(integer("tries").check(Expr::col(name("tries")).gte(0)))
                    .col(instant("offered_at"))
                    .col(instant("answer_due_at"))
                    .col(instant("review_due_at"))
                    .col(instant_or_null("answered_at"))
                    .col(text("reason"))
                    .check(reasoned)
                    .foreign_key(&mut reference("assignment", "application_id", "application"))
                    .foreign_key(&mut reference("assignment", "person_id", "person"))
                    .foreign_key(&mut reference("assignment", "proposal_id", "assignment_proposal"))
                    .take(),
            )
            .await?;
        // Nobody is asked twice for the same application.
        manager.create_index(unique("assignment", &["application_id", "person_id"])).await?;
        manager.create_index(index("assignment", &["person_id", "state"])).await
    }
}
