//! Award lists as they were fixed, with their order and cut, and which of them a decision was made on.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("award_list")
                    .col(text("mode"))
                    // None for what is of the mode and under no call.
                    .col(uuid_or_null("call_id"))
                    // GPU-seconds; none where nothing was cut.
                    .col(big_or_null("budget"))
                    // JSON: the lines in their order.
                    .col(text("lines"))
                    .col(uuid("fixed_by"))
                    .col(instant("fixed_at"))
                    .foreign_key(&mut reference("award_list", "call_id", "call"))
                    .foreign_key(&mut reference("award_list", "fixed_by", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(index("award_list", &["mode", "call_id", "fixed_at"])).await?;
        let column = Table::alter().table(name("decision")).add_column(uuid_or_null("award_list_id")).take();
        manager.alter_table(column).await
    }
}
