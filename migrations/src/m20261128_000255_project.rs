//! Projects of a company, among which it divides its GPU-hours; an application is of one, or of none.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("project")
                    .col(uuid("organisation_id"))
                    .col(text("name"))
                    .col(uuid("opened_by"))
                    .col(instant("opened_at"))
                    .check(Expr::col(name("name")).ne(""))
                    .foreign_key(&mut reference("project", "organisation_id", "organisation"))
                    .foreign_key(&mut reference("project", "opened_by", "person"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("project", &["organisation_id", "name"])).await?;
        let application = Table::alter().table(name("application")).add_column(uuid_or_null("project_id")).to_owned();
        manager.alter_table(application).await?;
        manager.create_index(index("application", &["project_id"])).await
    }
}
