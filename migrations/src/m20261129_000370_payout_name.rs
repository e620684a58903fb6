//! The payment provider's own name of a payout, where it told us: matched by itself, and once.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = text_or_null("provider_id");
        manager.alter_table(Table::alter().table(name("provider_payout")).add_column(&mut column).take()).await?;
        let mut one = unique("provider_payout", &["provider_id"]);
        one.and_where(Expr::col(name("undone_at")).is_null());
        manager.create_index(one).await
    }
}
