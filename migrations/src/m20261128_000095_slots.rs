//! An allocation of work that may pause has more than one stretch of weeks; a signed run keeps what its prices say.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table(name("allocation")).add_column(text_or_null("further")).to_owned();
        manager.alter_table(table).await?;
        let table = Table::alter().table(name("matching_run")).add_column(text_or_null("scarcity")).to_owned();
        manager.alter_table(table).await
    }
}
