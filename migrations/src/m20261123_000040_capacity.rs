//! Sites and their capacity, allocations, meter readings, and the ledger of GPU time.
//!
//! The constraint of `capacity` is the last word on overbooking, whatever a verb gets wrong.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sites(manager).await?;
        allocations(manager).await?;
        ledger(manager).await?;
        readings(manager).await
    }
}

fn at_least(column: &str, least: i64) -> SimpleExpr {
    Expr::col(name(column)).gte(least)
}

async fn sites(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("site")
                .col(text("slug"))
                .col(text("name"))
                .col(text("country"))
                .col(text("city"))
                // Where people log in, as the site publishes it.
                .col(text("login_host"))
                // SHA-256 of the token its meter sends, in hex.
                .col(text_or_null("token_hash"))
                .col(instant_or_null("token_rotated_at"))
                .col(instant("created_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("site", &["slug"])).await?;
    manager.create_index(unique("site", &["token_hash"])).await?;
    let taken = Expr::col(name("held")).add(Expr::col(name("booked"))).add(Expr::col(name("maintenance")));
    manager
        .create_table(
            table("capacity")
                .col(uuid("site_id"))
                .col(text("model"))
                .col(day("week"))
                .col(big("gpus").check(at_least("gpus", 0)))
                .col(big("maintenance").check(at_least("maintenance", 0)))
                .col(big("held").default(0).check(at_least("held", 0)))
                .col(big("booked").default(0).check(at_least("booked", 0)))
                .foreign_key(&mut reference("capacity", "site_id", "site"))
                .check(taken.lte(Expr::col(name("gpus"))))
                .take(),
        )
        .await?;
    manager.create_index(unique("capacity", &["site_id", "model", "week"])).await?;
    manager.create_index(index("capacity", &["week"])).await
}

async fn allocations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("allocation")
                .col(uuid("application_id"))
                .col(uuid("organisation_id"))
                .col(uuid("site_id"))
                .col(text("model"))
                .col(big("gpus").check(at_least("gpus", 1)))
                .col(day("first_week"))
                .col(integer("weeks").check(at_least("weeks", 1)))
                .col(big("gpu_seconds").check(at_least("gpu_seconds", 1)))
                .col(text("state").check(
                    Expr::col(name("state")).is_in(["offered", "lapsed", "declined", "accepted", "active", "ended"]),
                ))
                .col(text("reference"))
                .col(text("need"))
                .col(text("terms"))
                .col(integer("rank").check(at_least("rank", 1)))
                .col(instant("offered_at"))
                .col(instant("expires_at"))
                .col(instant_or_null("accepted_at"))
                .col(instant_or_null("confirmed_at"))
                .col(instant_or_null("ended_at"))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("allocation", "application_id", "application"))
                .foreign_key(&mut reference("allocation", "organisation_id", "organisation"))
                .foreign_key(&mut reference("allocation", "site_id", "site"))
                .take(),
        )
        .await?;
    let mut one_open = unique("allocation", &["application_id"]);
    one_open.and_where(Expr::col(name("state")).is_in(["offered", "accepted", "active"]));
    manager.create_index(one_open).await?;
    manager.create_index(index("allocation", &["application_id"])).await?;
    manager.create_index(index("allocation", &["organisation_id", "state"])).await?;
    manager.create_index(index("allocation", &["site_id", "state"])).await?;
    manager.create_index(index("allocation", &["state", "expires_at"])).await?;
    manager
        .create_table(
            table("warning")
                .col(uuid("allocation_id"))
                .col(integer("threshold"))
                .col(instant("at"))
                .foreign_key(&mut reference("warning", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("warning", &["allocation_id", "threshold"])).await
}

async fn ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("account")
                .col(text("kind").check(Expr::col(name("kind")).is_in(["supply", "hold", "used", "overrun"])))
                .col(uuid("site_id"))
                .col(uuid_or_null("allocation_id"))
                .col(big("balance").default(0))
                .foreign_key(&mut reference("account", "site_id", "site"))
                .foreign_key(&mut reference("account", "allocation_id", "allocation"))
                .check(Expr::col(name("kind")).eq("supply").or(at_least("balance", 0)))
                .check(
                    Expr::col(name("kind")).eq("supply").and(Expr::col(name("allocation_id")).is_null()).or(Expr::col(
                        name("kind"),
                    )
                    .ne("supply")
                    .and(Expr::col(name("allocation_id")).is_not_null())),
                )
                .take(),
        )
        .await?;
    manager.create_index(unique("account", &["allocation_id", "kind"])).await?;
    let mut one_supply = unique("account", &["site_id"]);
    one_supply.and_where(Expr::col(name("kind")).eq("supply"));
    manager.create_index(one_supply).await?;
    manager
        .create_table(
            table("entry")
                .col(uuid("allocation_id"))
                .col(text("kind").check(Expr::col(name("kind")).is_in(["hold", "post", "release"])))
                .col(instant("at"))
                // Decides the month that bills it.
                .col(instant("counts_at"))
                .foreign_key(&mut reference("entry", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(index("entry", &["allocation_id", "counts_at"])).await?;
    manager
        .create_table(
            table("posting")
                .col(uuid("entry_id"))
                .col(uuid("account_id"))
                .col(big("amount").check(Expr::col(name("amount")).ne(0)))
                .foreign_key(&mut reference("posting", "entry_id", "entry"))
                .foreign_key(&mut reference("posting", "account_id", "account"))
                .take(),
        )
        .await?;
    manager.create_index(index("posting", &["entry_id"])).await?;
    manager.create_index(index("posting", &["account_id"])).await
}

async fn readings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("reading")
                .col(uuid("site_id"))
                .col(uuid("allocation_id"))
                .col(text("job"))
                .col(big("sequence").check(at_least("sequence", 0)))
                .col(big("gpus").check(at_least("gpus", 1)))
                .col(instant("started_at"))
                .col(instant("ended_at"))
                .col(big("gpu_seconds").check(at_least("gpu_seconds", 1)))
                .col(instant("received_at"))
                // Empty until it is posted to the ledger.
                .col(uuid_or_null("entry_id"))
                .foreign_key(&mut reference("reading", "site_id", "site"))
                .foreign_key(&mut reference("reading", "allocation_id", "allocation"))
                .foreign_key(&mut reference("reading", "entry_id", "entry"))
                .check(Expr::col(name("started_at")).lt(Expr::col(name("ended_at"))))
                .take(),
        )
        .await?;
    manager.create_index(unique("reading", &["site_id", "job", "sequence"])).await?;
    manager.create_index(index("reading", &["allocation_id", "ended_at"])).await?;
    let mut unposted = index("reading", &["received_at"]);
    unposted.and_where(Expr::col(name("entry_id")).is_null());
    manager.create_index(unposted).await?;
    manager.create_index(index("reading", &["site_id", "received_at"])).await?;
    manager
        .create_table(
            table("refused_reading")
                .col(uuid("site_id"))
                .col(instant("received_at"))
                .col(text("reason"))
                // The row as it was sent, cut to a length people read.
                .col(text("row"))
                .foreign_key(&mut reference("refused_reading", "site_id", "site"))
                .take(),
        )
        .await?;
    manager.create_index(index("refused_reading", &["site_id", "received_at"])).await
}
