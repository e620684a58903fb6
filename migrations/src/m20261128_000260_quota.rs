//! Quotas in GPU-hours with what people were told of them, when to tell, and the grace of allocations that are used up.

use sea_orm_migration::{prelude::*, sea_orm::prelude::Date};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: [&str; 7] = ["project", "organisation", "group", "country", "call", "pot", "reserve"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        quotas(manager).await?;
        told(manager).await?;
        policies(manager).await?;
        graces(manager).await
    }
}

/// The column is filled for these kinds, and empty for all others.
fn only_for(kinds: &[&'static str], column: &str) -> SimpleExpr {
    let is_one = Expr::col(name("kind")).is_in(kinds.iter().copied());
    let filled = Expr::col(name(column)).is_not_null();
    let empty = Expr::col(name(column)).is_null();
    is_one.clone().and(filled).or(is_one.not().and(empty))
}

async fn quotas(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("quota")
                .col(text("kind").check(Expr::col(name("kind")).is_in(KINDS)))
                // Of a group, any company of it.
                .col(uuid_or_null("organisation_id"))
                .col(text_or_null("country"))
                .col(uuid_or_null("call_id"))
                .col(text_or_null("pot"))
                // Of a pot, where it pays; nothing for everywhere.
                .col(uuid_or_null("site_id"))
                .col(uuid_or_null("project_id"))
                // Nothing where the cap is lifted.
                .col(big_or_null("gpu_seconds"))
                .col(day("valid_from"))
                // Only what was booked from this day on counts, where there is one.
                .col(day_or_null("counts_from"))
                .col(text("reason"))
                .col(uuid("set_by"))
                .col(instant("set_at"))
                .check(only_for(&["organisation", "group"], "organisation_id"))
                .check(only_for(&["country"], "country"))
                .check(only_for(&["call", "reserve"], "call_id"))
                .check(only_for(&["pot", "reserve"], "pot"))
                .check(only_for(&["project"], "project_id"))
                .check(Expr::col(name("kind")).is_in(["pot", "reserve"]).or(Expr::col(name("site_id")).is_null()))
                .check(Expr::col(name("gpu_seconds")).is_null().or(Expr::col(name("gpu_seconds")).gt(0)))
                .check(Expr::col(name("reason")).ne(""))
                .foreign_key(&mut reference("quota", "organisation_id", "organisation"))
                .foreign_key(&mut reference("quota", "call_id", "call"))
                .foreign_key(&mut reference("quota", "site_id", "site"))
                .foreign_key(&mut reference("quota", "project_id", "project"))
                .foreign_key(&mut reference("quota", "set_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("quota", &["valid_from"])).await
}

async fn told(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("quota_warning")
                .col(uuid("quota_id"))
                // Per cent of the cap.
                .col(integer("percent").check(Expr::col(name("percent")).between(1, 100)))
                .col(instant("at"))
                .foreign_key(&mut reference("quota_warning", "quota_id", "quota"))
                .take(),
        )
        .await?;
    manager.create_index(unique("quota_warning", &["quota_id", "percent"])).await
}

async fn policies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let between = |column: &str| Expr::col(name(column)).between(1, 99);
    let mut policy = Table::create();
    policy
        .table(name("quota_policy"))
        .col(day("valid_from").primary_key())
        .col(integer("first_percent").check(between("first_percent")))
        .col(integer("second_percent").check(between("second_percent")))
        // How long jobs may go on after an award is used up.
        .col(integer("grace_hours").check(Expr::col(name("grace_hours")).gte(0)))
        .check(Expr::col(name("first_percent")).lt(Expr::col(name("second_percent"))));
    manager.create_table(policy).await?;
    let broken = |error: &dyn std::fmt::Display| DbErr::Custom(format!("quota policy: {error}"));
    let since = Date::from_ymd_opt(2026, 1, 1).ok_or_else(|| broken(&"date"))?;
    let mut insert = Query::insert();
    insert
        .into_table(name("quota_policy"))
        .columns(["valid_from", "first_percent", "second_percent", "grace_hours"].map(name))
        .values([Expr::value(since), Expr::value(80), Expr::value(95), Expr::value(24)])
        .map_err(|error| broken(&error))?;
    manager.execute(insert).await
}

async fn graces(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("grace")
                .col(uuid("allocation_id"))
                // The grant that was used up: a larger one is used up anew.
                .col(big("gpu_seconds").check(Expr::col(name("gpu_seconds")).gt(0)))
                .col(instant("began_at"))
                .col(instant("ends_at"))
                .check(Expr::col(name("ends_at")).gte(Expr::col(name("began_at"))))
                .foreign_key(&mut reference("grace", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("grace", &["allocation_id", "gpu_seconds"])).await
}
