//! A run can begin with the plan of an earlier one, keep some of it, and leave applications out.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table(name("matching_run")).add_column(text_or_null("ties")).to_owned();
        manager.alter_table(table).await
    }
}
