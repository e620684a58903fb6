//! Panel sittings with their agenda, ballots and minutes; lots; what a decision gives besides GPU-hours.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sittings(manager).await?;
        agenda(manager).await?;
        manager
            .create_table(
                table("lot")
                    .col(text("name"))
                    .col(text("mode").check(Expr::col(name("mode")).is_in(["PG", "FL", "LS"])))
                    .col(instant("deadline"))
                    .col(text("seed"))
                    .col(text("commitment"))
                    .col(uuid("committed_by"))
                    .col(instant("committed_at"))
                    .col(text_or_null("drawn"))
                    .col(uuid_or_null("revealed_by"))
                    .col(instant_or_null("revealed_at"))
                    .foreign_key(&mut reference("lot", "committed_by", "person"))
                    .foreign_key(&mut reference("lot", "revealed_by", "person"))
                    .check(Expr::col(name("committed_at")).lt(Expr::col(name("deadline"))))
                    .take(),
            )
            .await?;
        // One seed for one deadline: nobody draws until it suits.
        manager.create_index(unique("lot", &["mode", "deadline"])).await?;
        for column in ["amounts", "conditions", "reasons_original", "language"] {
            let more = Table::alter().table(name("decision")).add_column(text_or_null(column)).to_owned();
            manager.alter_table(more).await?;
        }
        Ok(())
    }
}

async fn sittings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("panel")
                .col(text("name").check(Expr::col(name("name")).ne("")))
                .col(text_or_null("mode"))
                .col(day("held_on"))
                .col(text("state").check(Expr::col(name("state")).is_in(["draft", "open", "closed"])))
                .col(uuid("made_by"))
                .col(instant("made_at"))
                .col(instant_or_null("opened_at"))
                .col(instant_or_null("closed_at"))
                .col(text_or_null("minutes"))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("panel", "made_by", "person"))
                .check(Expr::col(name("state")).ne("closed").or(Expr::col(name("minutes")).is_not_null()))
                .take(),
        )
        .await?;
    manager
        .create_table(
            table("panel_member")
                .col(uuid("panel_id"))
                .col(uuid("person_id"))
                .col(text("role").check(Expr::col(name("role")).is_in(["chair", "member", "secretary"])))
                .col(boolean("is_present").default(false))
                .foreign_key(&mut reference("panel_member", "panel_id", "panel"))
                .foreign_key(&mut reference("panel_member", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("panel_member", &["panel_id", "person_id"])).await?;
    manager.create_index(index("panel_member", &["person_id"])).await?;
    manager
        .create_table(
            table("panel_ballot")
                .col(uuid("panel_id"))
                .col(uuid("person_id"))
                .col(text("places"))
                .col(instant("updated_at"))
                .foreign_key(&mut reference("panel_ballot", "panel_id", "panel"))
                .foreign_key(&mut reference("panel_ballot", "person_id", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("panel_ballot", &["panel_id", "person_id"])).await
}

async fn agenda(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("panel_item")
                .col(uuid("panel_id"))
                .col(uuid("application_id"))
                .col(integer("position"))
                .col(text("state").check(Expr::col(name("state")).is_in(["waiting", "discussing", "done"])))
                .col(text_or_null("outcome"))
                .col(big_or_null("gpu_time"))
                .col(big_or_null("storage_tb"))
                .col(text("note"))
                .col(text("away"))
                .col(uuid_or_null("saved_by"))
                .col(instant_or_null("saved_at"))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("panel_item", "panel_id", "panel"))
                .foreign_key(&mut reference("panel_item", "application_id", "application"))
                .foreign_key(&mut reference("panel_item", "saved_by", "person"))
                .check(Expr::col(name("gpu_time")).gte(0))
                .check(Expr::col(name("storage_tb")).gte(0))
                .take(),
        )
        .await?;
    manager.create_index(unique("panel_item", &["panel_id", "application_id"])).await?;
    manager.create_index(index("panel_item", &["application_id"])).await?;
    manager
        .create_table(
            table("panel_addendum")
                .col(uuid("panel_id"))
                .col(uuid_or_null("item_id"))
                .col(text("text").check(Expr::col(name("text")).ne("")))
                .col(uuid("written_by"))
                .col(instant("written_at"))
                .foreign_key(&mut reference("panel_addendum", "panel_id", "panel"))
                .foreign_key(&mut reference("panel_addendum", "item_id", "panel_item"))
                .foreign_key(&mut reference("panel_addendum", "written_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("panel_addendum", &["panel_id"])).await
}
