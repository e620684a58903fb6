//! Invoices with their lines, attempts to pay them, refunds, and the provider's events as they came.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        invoices(manager).await?;
        payments(manager).await?;
        events(manager).await
    }
}

async fn invoices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("invoice")
                .col(uuid("organisation_id"))
                // What it was issued for: a month, or the end of an allocation. Once each.
                .col(text("occasion"))
                .col(text("kind").check(Expr::col(name("kind")).is_in(["invoice", "statement"])))
                .col(text("number"))
                .col(day("issued_on"))
                .col(day_or_null("due_on"))
                .col(day("first_day"))
                .col(day("last_day"))
                // The frozen document as JSON.
                .col(text("document"))
                .col(big("own_cents").check(Expr::col(name("own_cents")).gte(0)))
                .col(big("vat_cents").check(Expr::col(name("vat_cents")).gte(0)))
                .col(big("total_cents"))
                .col(big("received_cents").default(0).check(Expr::col(name("received_cents")).gte(0)))
                .col(big("refunded_cents").default(0).check(Expr::col(name("refunded_cents")).gte(0)))
                .col(instant("created_at"))
                .check(
                    Expr::col(name("total_cents")).eq(Expr::col(name("own_cents")).add(Expr::col(name("vat_cents")))),
                )
                .check(Expr::col(name("refunded_cents")).lte(Expr::col(name("received_cents"))))
                .check(
                    // A statement asks for nothing, an invoice for something by a day.
                    (Expr::col(name("kind")).eq("statement")).and(Expr::col(name("total_cents")).eq(0)).or(Expr::col(
                        name("kind"),
                    )
                    .eq("invoice")
                    .and(Expr::col(name("total_cents")).gt(0))
                    .and(Expr::col(name("due_on")).is_not_null())),
                )
                .foreign_key(&mut reference("invoice", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("invoice", &["number"])).await?;
    manager.create_index(unique("invoice", &["organisation_id", "occasion"])).await?;
    manager.create_index(index("invoice", &["issued_on"])).await?;
    manager.create_index(index("invoice", &["due_on"])).await?;
    manager
        .create_table(
            table("invoice_line")
                .col(uuid("invoice_id"))
                .col(integer("position"))
                .col(uuid("allocation_id"))
                .col(big("gpu_seconds").check(Expr::col(name("gpu_seconds")).gt(0)))
                .col(big("list_cents"))
                .col(big("subsidy_cents").check(Expr::col(name("subsidy_cents")).gte(0)))
                .col(big("own_cents").check(Expr::col(name("own_cents")).gte(0)))
                .check(
                    Expr::col(name("list_cents"))
                        .eq(Expr::col(name("subsidy_cents")).add(Expr::col(name("own_cents")))),
                )
                .foreign_key(&mut reference("invoice_line", "invoice_id", "invoice"))
                .foreign_key(&mut reference("invoice_line", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("invoice_line", &["invoice_id", "position"])).await?;
    manager.create_index(index("invoice_line", &["allocation_id"])).await
}

async fn payments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const STATES: [&str; 5] = ["intended", "open", "processing", "closed", "received"];
    manager
        .create_table(
            table("payment")
                .col(uuid("invoice_id"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).gt(0)))
                .col(text("state").check(Expr::col(name("state")).is_in(STATES)))
                .col(big("received_cents").default(0).check(Expr::col(name("received_cents")).gte(0)))
                .col(big("refunded_cents").default(0).check(Expr::col(name("refunded_cents")).gte(0)))
                // The provider's names of the payment page and of the payment.
                .col(text_or_null("session"))
                .col(text_or_null("intent"))
                .col(text_or_null("url"))
                .col(text_or_null("decline"))
                .col(boolean("disputed").default(false))
                .col(uuid_or_null("started_by"))
                .col(text_or_null("receipt_number"))
                .col(instant("created_at"))
                .col(instant_or_null("received_at"))
                .check(Expr::col(name("refunded_cents")).lte(Expr::col(name("received_cents"))))
                .check(Expr::col(name("state")).eq("received").or(Expr::col(name("received_cents")).eq(0)))
                .foreign_key(&mut reference("payment", "invoice_id", "invoice"))
                .take(),
        )
        .await?;
    for column in ["session", "intent", "receipt_number"] {
        manager.create_index(unique("payment", &[column])).await?;
    }
    manager.create_index(index("payment", &["invoice_id"])).await?;
    manager.create_index(index("payment", &["state", "created_at"])).await?;
    // At most one page at a time on which the same money can be paid.
    let mut one_open = unique("payment", &["invoice_id"]);
    one_open.name("ux_payment_one_pending").and_where(Expr::col(name("state")).is_in([
        "intended",
        "open",
        "processing",
    ]));
    manager.create_index(one_open).await?;
    manager
        .create_table(
            table("refund")
                .col(uuid("payment_id"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).gt(0)))
                .col(text("reason"))
                .col(text("state").check(Expr::col(name("state")).is_in([
                    "intended",
                    "pending",
                    "succeeded",
                    "failed",
                ])))
                .col(text_or_null("provider_id"))
                .col(text_or_null("problem"))
                .col(uuid_or_null("asked_by"))
                .col(instant("created_at"))
                .col(instant_or_null("settled_at"))
                .foreign_key(&mut reference("refund", "payment_id", "payment"))
                .take(),
        )
        .await?;
    manager.create_index(unique("refund", &["provider_id"])).await?;
    manager.create_index(index("refund", &["payment_id"])).await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("payment_event")
                .col(text("provider_id"))
                .col(text("kind"))
                .col(text("body"))
                .col(instant("received_at"))
                .col(text("outcome").check(Expr::col(name("outcome")).is_in([
                    "stored",
                    "applied",
                    "ignored",
                    "unmatched",
                    "unreadable",
                ])))
                // What it is about, as its body says.
                .col(text_or_null("attempt"))
                .col(text_or_null("session"))
                .col(text_or_null("intent"))
                .col(text_or_null("refund"))
                .col(boolean("dispute").default(false))
                .col(uuid_or_null("payment_id"))
                .col(instant_or_null("applied_at"))
                .foreign_key(&mut reference("payment_event", "payment_id", "payment"))
                .take(),
        )
        .await?;
    manager.create_index(unique("payment_event", &["provider_id"])).await?;
    manager.create_index(index("payment_event", &["outcome", "received_at"])).await
}
