//! A credit that paid an invoice by mistake is whole again: the sum of its changes knows two more causes.
//!
//! SQLite cannot change a constraint of a table: the rows move to a new one. Nothing refers to them.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const CAUSES: [&str; 7] = ["paid_over", "undone", "used", "returned", "lowered", "paid_out", "kept"];

const COLUMNS: &str = "id, organisation_id, amount_cents, cause, match_id, payment_id, payout_id, made_by, made_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let causes = CAUSES.map(|cause| format!("'{cause}'")).join(", ");
            let sql = format!(
                "ALTER TABLE credit DROP CONSTRAINT credit_cause_check, \
                 ADD CONSTRAINT credit_cause_check CHECK (cause IN ({causes}))"
            );
            manager.get_connection().execute_unprepared(&sql).await?;
            return Ok(());
        }
        manager
            .create_table(
                table("credit_next")
                    .col(uuid("organisation_id"))
                    .col(big("amount_cents").check(Expr::col(name("amount_cents")).ne(0)))
                    .col(text("cause").check(Expr::col(name("cause")).is_in(CAUSES)))
                    .col(uuid_or_null("match_id"))
                    .col(uuid_or_null("payment_id"))
                    .col(uuid_or_null("payout_id"))
                    .col(uuid_or_null("made_by"))
                    .col(instant("made_at"))
                    .foreign_key(&mut reference("credit", "organisation_id", "organisation"))
                    .foreign_key(&mut reference("credit", "match_id", "bank_match"))
                    .foreign_key(&mut reference("credit", "payment_id", "payment"))
                    .foreign_key(&mut reference("credit", "payout_id", "payout"))
                    .take(),
            )
            .await?;
        // In one go: another connection would still believe that the old index is there.
        let sql = format!(
            "INSERT INTO credit_next ({COLUMNS}) SELECT {COLUMNS} FROM credit; DROP TABLE credit; \
             ALTER TABLE credit_next RENAME TO credit; \
             CREATE INDEX ix_credit_organisation_id ON credit (organisation_id)"
        );
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}
