//! Whose money a pot is, for calls that split their invoices: which funder is asked for a part of which document.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("funder_share")
                    // The company's document.
                    .col(uuid("invoice_id"))
                    .col(text("pot"))
                    .col(big("subsidy_cents").check(Expr::col(name("subsidy_cents")).gt(0)))
                    // The funder's, once it is issued.
                    .col(uuid_or_null("document_id"))
                    .col(instant("created_at"))
                    .foreign_key(&mut reference("funder_share", "invoice_id", "invoice"))
                    .foreign_key(&mut reference("funder_share", "document_id", "invoice"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("funder_share", &["invoice_id", "pot"])).await?;
        manager.create_index(unique("funder_share", &["document_id"])).await?;
        for (to, column) in [
            ("pot", uuid_or_null("funder_id")),
            ("invoice", uuid_or_null("share_of_id")),
            ("invoice_line", boolean("is_funders").default(false).take()),
            ("credit_note_line", boolean("is_funders").default(false).take()),
        ] {
            let mut column = column;
            manager.alter_table(Table::alter().table(name(to)).add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
