//! A run that is at work can be asked to stop with the best plan so far.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = boolean("stop_asked");
        let table = Table::alter().table(name("matching_run")).add_column(column.default(false)).to_owned();
        manager.alter_table(table).await
    }
}
