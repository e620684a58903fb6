//! What of a payment became a credit of its company.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut over = big("over_cents").default(0).check(Expr::col(name("over_cents")).gte(0)).take();
        manager.alter_table(Table::alter().table(name("payment")).add_column(&mut over).take()).await
    }
}
