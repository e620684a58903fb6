//! Which entries of our account are payouts of the payment provider, and what it kept of each.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("provider_payout")
                    .col(uuid("entry_id"))
                    // As the bank has it: what came is above nought.
                    .col(big("amount_cents"))
                    .col(big("fee_cents").check(Expr::col(name("fee_cents")).gte(0)))
                    .col(uuid_or_null("made_by"))
                    .col(instant("made_at"))
                    .col(uuid_or_null("undone_by"))
                    .col(instant_or_null("undone_at"))
                    .col(text_or_null("undo_reason"))
                    .foreign_key(&mut reference("provider_payout", "entry_id", "bank_entry"))
                    .check(Expr::col(name("undone_at")).is_null().or(Expr::col(name("undo_reason")).is_not_null()))
                    .take(),
            )
            .await?;
        let mut one = unique("provider_payout", &["entry_id"]);
        one.and_where(Expr::col(name("undone_at")).is_null());
        manager.create_index(one).await
    }
}
