//! The rules of matching, version by version, and what a published run came to.

use sea_orm_migration::{prelude::*, sea_orm::prelude::DateTimeUtc};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the programme began with: the de minimis ceiling is that of Regulation (EU) 2023/2831, Article 3(2); the other
/// figures are the programme's own.
const FIRST: &str = r#"{"small_share":40,"country_share":100,"organisation_share":100,"small_weight":100,"bonus_hours":2000,"floor_hours":0,"floor_merit":0,"budget":1000000000,"country_budgets":[],"de_minimis_ceiling":300000,"extra_gpus":0,"extra_at":null}"#;
const SINCE: i64 = 1_767_222_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let run = Table::alter().table(name("matching_run")).add_column(text_or_null("published")).to_owned();
        manager.alter_table(run).await?;
        let first = Expr::col(name("version")).eq(1).or(Expr::col(name("made_by")).is_not_null());
        let mut rules = Table::create();
        rules
            .table(name("matching_rules"))
            .col(integer("version").primary_key().check(Expr::col(name("version")).gt(0)))
            .col(instant("since"))
            .col(text("rules"))
            .col(text("reason"))
            .col(uuid_or_null("made_by"))
            .check(first)
            .foreign_key(&mut reference("matching_rules", "made_by", "person"));
        manager.create_table(rules).await?;
        // The first of January 2026, in Brussels.
        let since = DateTimeUtc::from_timestamp(SINCE, 0).ok_or_else(|| DbErr::Custom("rules: instant".to_owned()))?;
        let values: [Expr; 4] = [Expr::value(1), Expr::value(since), Expr::value(FIRST), Expr::value("")];
        let mut insert = Query::insert();
        insert.into_table(name("matching_rules")).columns(["version", "since", "rules", "reason"].map(name));
        insert.values(values).map_err(|error| DbErr::Custom(format!("rules: {error}")))?;
        manager.execute(insert).await
    }
}
