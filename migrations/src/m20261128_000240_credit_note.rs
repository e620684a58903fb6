//! What is taken back of issued documents: credit notes with their lines and the requests for them, corrected readings,
//! downtimes; rates of exchange, and documents that wait for an answer from outside.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rates(manager).await?;
        holds(manager).await?;
        credit_notes(manager).await?;
        requests(manager).await?;
        corrections(manager).await?;
        for column in [
            big("credited_cents").default(0).take(),
            // The document in whose place it stands.
            uuid_or_null("corrects_id"),
        ] {
            add(manager, "invoice", column).await?;
        }
        // What correcting readings took off its GPU-seconds.
        add(manager, "reading", big("lowered_by").default(0).take()).await
    }
}

async fn add(manager: &SchemaManager<'_>, to: &str, mut column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(name(to)).add_column(&mut column).take()).await
}

fn at_least(column: &str, least: i64) -> SimpleExpr {
    Expr::col(name(column)).gte(least)
}

async fn rates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("exchange_rate")
                .col(text("currency"))
                .col(day("day"))
                // Units of the currency for one euro, in millionths.
                .col(big("micros").check(at_least("micros", 1)))
                .col(text("source"))
                .col(uuid_or_null("recorded_by"))
                .col(instant("recorded_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("exchange_rate", &["currency", "day"])).await
}

async fn holds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("invoice_hold")
                .col(uuid("organisation_id"))
                // What is to be issued: as on `invoice`.
                .col(text("occasion"))
                .col(text("cause").check(Expr::col(name("cause")).is_in(["rate_missing", "vat_unavailable"])))
                // The currency and its day, or the register's reason.
                .col(text("detail"))
                .col(instant("since"))
                .foreign_key(&mut reference("invoice_hold", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("invoice_hold", &["organisation_id", "occasion"])).await
}

const CAUSES: [&str; 5] = ["lowered_usage", "downtime", "early_return", "goodwill", "correction"];

async fn credit_notes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sum = |total: &str, one: &str, other: &str| {
        Expr::col(name(total)).eq(Expr::col(name(one)).add(Expr::col(name(other))))
    };
    manager
        .create_table(
            table("credit_note")
                .col(uuid("invoice_id"))
                .col(uuid("organisation_id"))
                // What it was issued for. Once each.
                .col(text("occasion"))
                .col(text("number"))
                .col(day("issued_on"))
                .col(text("cause").check(Expr::col(name("cause")).is_in(CAUSES)))
                .col(text("reason"))
                // The frozen document as JSON.
                .col(text("document"))
                .col(big("list_cents").check(at_least("list_cents", 0)))
                .col(big("subsidy_cents").check(at_least("subsidy_cents", 0)))
                .col(big("own_cents").check(at_least("own_cents", 0)))
                .col(big("vat_cents").check(at_least("vat_cents", 0)))
                // Hundredths of the national currency.
                .col(big("national_vat").default(0).check(at_least("national_vat", 0)))
                .col(big("total_cents"))
                .col(uuid_or_null("asked_by"))
                .col(uuid_or_null("signed_by"))
                .col(instant("created_at"))
                .check(sum("total_cents", "own_cents", "vat_cents"))
                .check(sum("list_cents", "subsidy_cents", "own_cents"))
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("asked_by")).ne(Expr::col(name("signed_by")))),
                )
                .foreign_key(&mut reference("credit_note", "invoice_id", "invoice"))
                .foreign_key(&mut reference("credit_note", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("credit_note", &["number"])).await?;
    manager.create_index(unique("credit_note", &["invoice_id", "occasion"])).await?;
    manager.create_index(index("credit_note", &["organisation_id"])).await?;
    manager
        .create_table(
            table("credit_note_line")
                .col(uuid("credit_note_id"))
                .col(integer("position"))
                .col(uuid("invoice_line_id"))
                .col(uuid("allocation_id"))
                .col(big("gpu_seconds").check(at_least("gpu_seconds", 1)))
                .col(big("list_cents").check(at_least("list_cents", 0)))
                .col(big("subsidy_cents").check(at_least("subsidy_cents", 0)))
                .col(big("own_cents").check(at_least("own_cents", 0)))
                .check(sum("list_cents", "subsidy_cents", "own_cents"))
                .foreign_key(&mut reference("credit_note_line", "credit_note_id", "credit_note"))
                .foreign_key(&mut reference("credit_note_line", "invoice_line_id", "invoice_line"))
                .foreign_key(&mut reference("credit_note_line", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("credit_note_line", &["credit_note_id", "position"])).await?;
    manager.create_index(index("credit_note_line", &["invoice_line_id"])).await?;
    manager.create_index(index("credit_note_line", &["allocation_id"])).await
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("credit_request")
                .col(uuid("invoice_id"))
                .col(text("cause").check(Expr::col(name("cause")).is_in(CAUSES)))
                .col(text("reason").check(Expr::col(name("reason")).ne("")))
                // JSON: positions of the lines, each with GPU-seconds.
                .col(text("parts"))
                .col(big("total_cents").check(at_least("total_cents", 0)))
                .col(text("state").check(Expr::col(name("state")).is_in(["waiting", "signed", "declined"])))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(uuid_or_null("decided_by"))
                .col(instant_or_null("decided_at"))
                .check(
                    Expr::col(name("state")).eq("waiting").and(Expr::col(name("decided_by")).is_null()).or(Expr::col(
                        name("state"),
                    )
                    .ne("waiting")
                    .and(Expr::col(name("decided_by")).is_not_null())),
                )
                // Whoever asked does not sign.
                .check(
                    Expr::col(name("state"))
                        .ne("signed")
                        .or(Expr::col(name("asked_by")).ne(Expr::col(name("decided_by")))),
                )
                .foreign_key(&mut reference("credit_request", "invoice_id", "invoice"))
                .take(),
        )
        .await?;
    let mut one_waiting = unique("credit_request", &["invoice_id"]);
    one_waiting.name("ux_credit_request_one_waiting").and_where(Expr::col(name("state")).eq("waiting"));
    manager.create_index(one_waiting).await
}

async fn corrections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("downtime")
                .col(uuid("allocation_id"))
                .col(uuid("site_id"))
                .col(instant("starts_at"))
                .col(instant("ends_at"))
                .col(big("gpus").check(at_least("gpus", 1)))
                .col(text("reason").check(Expr::col(name("reason")).ne("")))
                .col(uuid_or_null("recorded_by"))
                .col(instant("recorded_at"))
                .check(Expr::col(name("ends_at")).gt(Expr::col(name("starts_at"))))
                .foreign_key(&mut reference("downtime", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("downtime", &["allocation_id", "starts_at"])).await?;
    manager
        .create_table(
            table("correction")
                .col(uuid("allocation_id"))
                // Empty where the ledger did not have the use yet.
                .col(uuid_or_null("entry_id"))
                .col(text("cause").check(Expr::col(name("cause")).is_in(CAUSES)))
                .col(big("gpu_seconds").check(at_least("gpu_seconds", 1)))
                .col(text("reason"))
                // The reading that is corrected, and the correcting one as it was sent.
                .col(uuid_or_null("reading_id"))
                .col(big_or_null("sequence"))
                .col(big_or_null("gpus"))
                .col(instant_or_null("started_at"))
                .col(instant_or_null("ended_at"))
                .col(uuid_or_null("downtime_id"))
                .col(instant("at"))
                .foreign_key(&mut reference("correction", "allocation_id", "allocation"))
                .foreign_key(&mut reference("correction", "entry_id", "entry"))
                .take(),
        )
        .await?;
    manager.create_index(unique("correction", &["entry_id"])).await?;
    manager.create_index(unique("correction", &["reading_id", "sequence"])).await?;
    manager.create_index(index("correction", &["allocation_id", "at"])).await?;
    manager.create_index(index("correction", &["downtime_id"])).await
}
