//! What of a payment paid interest and recovery costs beside its invoice.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut claim = big("claim_cents").default(0).check(Expr::col(name("claim_cents")).gte(0)).take();
        manager.alter_table(Table::alter().table(name("payment")).add_column(&mut claim).take()).await
    }
}
