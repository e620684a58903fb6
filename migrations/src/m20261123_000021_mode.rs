//! Access modes, list prices and subsidies, each row with the day it is valid from.
//!
//! Filled here with what is published; a change is a new row in a later migration, never an edit.

use sea_orm_migration::{
    prelude::*,
    sea_orm::prelude::{Date, Json},
};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const PUBLISHED_MODES: &str = include_str!("modes.json");

/// Model and millionths of a euro for one GPU-hour: between the specialist and the hyperscaler prices of May 2026.
const LIST_RATES: [(&str, i64); 9] = [
    ("A100", 1_400_000),
    ("H100", 2_800_000),
    ("H200", 3_500_000),
    ("GH200", 3_000_000),
    ("B200", 5_200_000),
    ("GB200", 5_600_000),
    ("MI250X", 1_200_000),
    ("MI300A", 1_900_000),
    ("MI300X", 2_100_000),
];

/// Size class, pot, regime, basis points. Union access time is free for the innovation of SMEs
/// (Reg. (EU) 2021/1173, Art. 12b as amended by Reg. (EU) 2026/150).
const SUBSIDIES: [(&str, &str, &str, i32); 10] = [
    ("micro", "participating_state", "de_minimis", 8_000),
    ("small", "participating_state", "de_minimis", 7_000),
    ("medium", "participating_state", "de_minimis", 6_000),
    ("small_mid_cap", "participating_state", "de_minimis", 4_000),
    ("large", "participating_state", "market", 0),
    ("micro", "union", "union_resources", 10_000),
    ("small", "union", "union_resources", 10_000),
    ("medium", "union", "union_resources", 10_000),
    ("small_mid_cap", "union", "market", 0),
    ("large", "union", "market", 0),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager).await?;
        modes(manager).await?;
        prices(manager).await
    }
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut mode = Table::create();
    mode.table(name("access_mode"))
        .col(text("code").check(Expr::col(name("code")).is_in(["PG", "FL", "LS"])))
        .col(integer("version").check(Expr::col(name("version")).gt(0)))
        .col(day("valid_from"))
        .col(text("rules"))
        .primary_key(Index::create().col(name("code")).col(name("version")));
    manager.create_table(mode).await?;
    let mut tariff = Table::create();
    tariff
        .table(name("tariff"))
        .col(text("model"))
        .col(day("valid_from"))
        .col(big("list_rate").check(Expr::col(name("list_rate")).gte(0)))
        .col(text("source"))
        .primary_key(Index::create().col(name("model")).col(name("valid_from")));
    manager.create_table(tariff).await?;
    let mut subsidy = Table::create();
    subsidy
        .table(name("subsidy"))
        .col(text("size_class"))
        .col(text("pot"))
        .col(day("valid_from"))
        .col(text("regime").check(Expr::col(name("regime")).is_in(["union_resources", "de_minimis", "gber", "market"])))
        .col(integer("share").check(Expr::col(name("share")).between(0, 10_000)))
        .primary_key(Index::create().col(name("size_class")).col(name("pot")).col(name("valid_from")));
    manager.create_table(subsidy).await
}

async fn modes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let broken = |what: &str| DbErr::Custom(format!("modes.json: {what}"));
    let rows: Json = PUBLISHED_MODES.parse().map_err(|_| broken("not JSON"))?;
    let mut insert = Query::insert();
    insert.into_table(name("access_mode")).columns(["code", "version", "valid_from", "rules"].map(name));
    for row in rows.as_array().ok_or_else(|| broken("not a list"))? {
        let field = |named: &str| row.get(named).ok_or_else(|| broken(named));
        let code = field("code")?.as_str().unwrap_or_default();
        let version = field("version")?
            .as_i64()
            .and_then(|version| <i32 as TryFrom<i64>>::try_from(version).ok())
            .unwrap_or_default();
        let valid_from: Date =
            field("valid_from")?.as_str().unwrap_or_default().parse().map_err(|_| broken("valid_from"))?;
        let values: [Expr; 4] =
            [Expr::value(code), Expr::value(version), Expr::value(valid_from), Expr::value(row.to_string())];
        insert.values(values).map_err(|error| broken(&error.to_string()))?;
    }
    manager.execute(insert).await
}

async fn prices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let broken = |error: &dyn std::fmt::Display| DbErr::Custom(format!("prices: {error}"));
    let since = Date::from_ymd_opt(2026, 1, 1).ok_or_else(|| broken(&"date"))?;
    let mut tariff = Query::insert();
    tariff.into_table(name("tariff")).columns(["model", "valid_from", "list_rate", "source"].map(name));
    for (model, rate) in LIST_RATES {
        let source = "Gigahours reference list 2026, median of European offers of May 2026";
        let values: [Expr; 4] = [Expr::value(model), Expr::value(since), Expr::value(rate), Expr::value(source)];
        tariff.values(values).map_err(|error| broken(&error))?;
    }
    manager.execute(tariff).await?;
    let mut subsidy = Query::insert();
    subsidy.into_table(name("subsidy")).columns(["size_class", "pot", "valid_from", "regime", "share"].map(name));
    for (class, pot, regime, share) in SUBSIDIES {
        let values: [Expr; 5] =
            [Expr::value(class), Expr::value(pot), Expr::value(since), Expr::value(regime), Expr::value(share)];
        subsidy.values(values).map_err(|error| broken(&error))?;
    }
    manager.execute(subsidy).await
}
