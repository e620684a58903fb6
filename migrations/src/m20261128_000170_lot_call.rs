//! A lot may settle the ties of one call instead of those of a mode.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 3] = [
    "DROP INDEX ux_lot_mode_deadline",
    "CREATE UNIQUE INDEX ux_lot_of_mode ON lot (mode, deadline) WHERE call_id IS NULL",
    "CREATE UNIQUE INDEX ux_lot_of_call ON lot (call_id, deadline) WHERE call_id IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table(name("lot")).add_column(uuid_or_null("call_id")).take();
        manager.alter_table(column).await?;
        for sql in INDEXES {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
