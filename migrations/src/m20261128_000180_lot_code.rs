//! What an application draws with in a lot: a code that only its own people and those who may see it know.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table(name("application")).add_column(text_or_null("lot_code")).take();
        manager.alter_table(column).await
    }
}
