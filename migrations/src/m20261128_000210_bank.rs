//! Money by bank transfer: statements with their entries, what each was matched to, credits of companies and money
//! paid out; what the payment provider says beside our books; reminders, their holds, and what is written off.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        columns(manager).await?;
        statements(manager).await?;
        payouts(manager).await?;
        matches(manager).await?;
        provider(manager).await?;
        reminders(manager).await?;
        write_offs(manager).await
    }
}

fn one_of(column: &str, values: impl IntoIterator<Item = &'static str>) -> SimpleExpr {
    Expr::col(name(column)).is_in(values)
}

fn not_negative(column: &str) -> SimpleExpr {
    Expr::col(name(column)).gte(0)
}

/// Either both or neither.
fn both_or_neither(one: SimpleExpr, other: SimpleExpr) -> SimpleExpr {
    one.clone().and(other.clone()).or(one.not().and(other.not()))
}

fn positive(column: &str) -> SimpleExpr {
    Expr::col(name(column)).gt(0)
}

/// New columns of tables that are there: SQLite takes one a statement.
async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let added = [
        ("payment", text("rail").default("stripe").check(one_of("rail", ["stripe", "bank", "credit"])).take()),
        // Taken back from what was received: an undone match, a lost dispute.
        ("payment", big("reversed_cents").default(0).check(not_negative("reversed_cents")).take()),
        ("invoice", big("written_off_cents").default(0).check(not_negative("written_off_cents")).take()),
        ("refund", boolean("needs_second").default(false).take()),
        ("refund", uuid_or_null("signed_by")),
        ("refund", instant_or_null("signed_at")),
    ];
    for (table, mut column) in added {
        manager.alter_table(Table::alter().table(name(table)).add_column(&mut column).take()).await?;
    }
    Ok(())
}

async fn statements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("bank_statement")
                .col(text("account"))
                // As the bank calls it.
                .col(text("name"))
                .col(day("from_day"))
                .col(day("to_day"))
                .col(big("opening_cents"))
                .col(big("closing_cents"))
                .col(integer("entries").check(not_negative("entries")))
                // Of these, how many an earlier statement had brought.
                .col(integer("known").default(0).check(not_negative("known")))
                // Of what the statement says, so that the same statement is told from another of the same name.
                .col(text("content_hash"))
                .col(text("file_name"))
                .col(uuid_or_null("imported_by"))
                .col(instant("imported_at"))
                .check(Expr::col(name("known")).lte(Expr::col(name("entries"))))
                .take(),
        )
        .await?;
    manager.create_index(unique("bank_statement", &["account", "name"])).await?;
    manager
        .create_table(
            table("bank_entry")
                .col(uuid("statement_id"))
                .col(text("account"))
                // The bank's own reference, or a hash of what it says: overlapping statements bring it once.
                .col(text("entry_key"))
                .col(integer("position"))
                .col(day("booked_on"))
                .col(day_or_null("valued_on"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).ne(0)))
                .col(text_or_null("party_name"))
                .col(text_or_null("party_iban"))
                // Structured creditor reference.
                .col(text_or_null("reference"))
                .col(text("remittance"))
                .col(text_or_null("end_to_end"))
                .col(text("state").check(one_of("state", ["open", "matched", "ignored"])))
                .col(text_or_null("how"))
                // Why it needs a person, as a code.
                .col(text_or_null("doubt"))
                .col(text_or_null("reason"))
                .col(uuid_or_null("settled_by"))
                .col(instant_or_null("settled_at"))
                .col(integer("version").default(1))
                .foreign_key(&mut reference("bank_entry", "statement_id", "bank_statement"))
                .check(Expr::col(name("state")).ne("ignored").or(Expr::col(name("reason")).is_not_null()))
                .check(Expr::col(name("state")).ne("matched").or(Expr::col(name("how")).is_not_null()))
                .take(),
        )
        .await?;
    manager.create_index(unique("bank_entry", &["account", "entry_key"])).await?;
    manager.create_index(index("bank_entry", &["state", "booked_on"])).await?;
    manager.create_index(index("bank_entry", &["party_iban"])).await?;
    manager.create_index(index("bank_entry", &["statement_id"])).await
}

async fn payouts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("payout")
                .col(uuid("organisation_id"))
                // The refund it makes; none when it gives back a credit.
                .col(uuid_or_null("refund_id"))
                .col(big("amount_cents").check(positive("amount_cents")))
                .col(text("iban"))
                .col(text("holder"))
                // What the transfer names, so that its entry is found.
                .col(text("number"))
                .col(text("reason"))
                .col(text("state").check(one_of("state", ["asked", "ordered", "sent", "withdrawn"])))
                .col(boolean("needs_second").default(false))
                .col(uuid_or_null("asked_by"))
                .col(instant("asked_at"))
                .col(uuid_or_null("signed_by"))
                .col(instant_or_null("signed_at"))
                .col(instant_or_null("settled_at"))
                .foreign_key(&mut reference("payout", "organisation_id", "organisation"))
                .foreign_key(&mut reference("payout", "refund_id", "refund"))
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("signed_by")).ne(Expr::col(name("asked_by")))),
                )
                .check(
                    one_of("state", ["ordered", "sent"])
                        .not()
                        .or(Expr::col(name("needs_second")).eq(false))
                        .or(Expr::col(name("signed_by")).is_not_null()),
                )
                .take(),
        )
        .await?;
    manager.create_index(unique("payout", &["number"])).await?;
    manager.create_index(unique("payout", &["refund_id"])).await?;
    manager.create_index(index("payout", &["state"])).await
}

async fn matches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("bank_match")
                .col(uuid("entry_id"))
                .col(uuid("organisation_id"))
                .col(text("kind").check(one_of("kind", ["invoice", "credit", "payout"])))
                .col(uuid_or_null("payment_id"))
                .col(uuid_or_null("payout_id"))
                .col(big("amount_cents").check(positive("amount_cents")))
                .col(text("how"))
                .col(uuid_or_null("made_by"))
                .col(instant("made_at"))
                .col(uuid_or_null("undone_by"))
                .col(instant_or_null("undone_at"))
                .col(text_or_null("undo_reason"))
                .foreign_key(&mut reference("bank_match", "entry_id", "bank_entry"))
                .foreign_key(&mut reference("bank_match", "organisation_id", "organisation"))
                .foreign_key(&mut reference("bank_match", "payment_id", "payment"))
                .foreign_key(&mut reference("bank_match", "payout_id", "payout"))
                .check(both_or_neither(
                    Expr::col(name("kind")).eq("invoice"),
                    Expr::col(name("payment_id")).is_not_null(),
                ))
                .check(both_or_neither(
                    Expr::col(name("kind")).eq("payout"),
                    Expr::col(name("payout_id")).is_not_null(),
                ))
                .check(Expr::col(name("undone_at")).is_null().or(Expr::col(name("undo_reason")).is_not_null()))
                .take(),
        )
        .await?;
    manager.create_index(index("bank_match", &["entry_id"])).await?;
    manager.create_index(index("bank_match", &["organisation_id"])).await?;
    manager.create_index(unique("bank_match", &["payment_id"])).await?;
    // What a company has with us beyond what it owed: rows are added, never changed; their sum is its credit.
    manager
        .create_table(
            table("credit")
                .col(uuid("organisation_id"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).ne(0)))
                .col(text("cause").check(one_of("cause", ["paid_over", "undone", "used", "paid_out", "kept"])))
                .col(uuid_or_null("match_id"))
                .col(uuid_or_null("payment_id"))
                .col(uuid_or_null("payout_id"))
                .col(uuid_or_null("made_by"))
                .col(instant("made_at"))
                .foreign_key(&mut reference("credit", "organisation_id", "organisation"))
                .foreign_key(&mut reference("credit", "match_id", "bank_match"))
                .foreign_key(&mut reference("credit", "payment_id", "payment"))
                .foreign_key(&mut reference("credit", "payout_id", "payout"))
                .take(),
        )
        .await?;
    manager.create_index(index("credit", &["organisation_id"])).await
}

async fn provider(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("dispute")
                .col(uuid("payment_id"))
                .col(text("provider_id"))
                .col(big("amount_cents").check(positive("amount_cents")))
                .col(text("state").check(one_of("state", ["open", "won", "lost"])))
                .col(text("cause"))
                .col(instant("opened_at"))
                .col(instant_or_null("closed_at"))
                .foreign_key(&mut reference("dispute", "payment_id", "payment"))
                .check(both_or_neither(Expr::col(name("state")).eq("open"), Expr::col(name("closed_at")).is_null()))
                .take(),
        )
        .await?;
    manager.create_index(unique("dispute", &["provider_id"])).await?;
    manager.create_index(index("dispute", &["payment_id"])).await?;
    manager
        .create_table(
            table("reconciliation")
                .col(day("day"))
                // What was compared, and what of it was the same here and there.
                .col(integer("compared").check(not_negative("compared")))
                .col(integer("equal").check(not_negative("equal")))
                .col(big("ours_cents"))
                .col(big("theirs_cents"))
                .col(instant("made_at"))
                .take(),
        )
        .await?;
    manager.create_index(unique("reconciliation", &["day"])).await?;
    manager
        .create_table(
            table("difference")
                .col(uuid("reconciliation_id"))
                .col(text("subject").check(one_of("subject", ["payment", "refund", "dispute"])))
                .col(text("kind").check(one_of("kind", ["missing_here", "missing_there", "amount"])))
                // The provider's name of it, or ours where it has none.
                .col(text("name"))
                .col(uuid_or_null("payment_id"))
                .col(big_or_null("ours_cents"))
                .col(big_or_null("theirs_cents"))
                .col(uuid_or_null("resolved_by"))
                .col(instant_or_null("resolved_at"))
                .col(text_or_null("reason"))
                .foreign_key(&mut reference("difference", "reconciliation_id", "reconciliation"))
                .foreign_key(&mut reference("difference", "payment_id", "payment"))
                .check(Expr::col(name("resolved_at")).is_null().or(Expr::col(name("reason")).is_not_null()))
                .take(),
        )
        .await?;
    manager.create_index(unique("difference", &["reconciliation_id", "subject", "name"])).await?;
    manager.create_index(index("difference", &["resolved_at"])).await
}

async fn reminders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("reminder")
                .col(uuid("invoice_id"))
                .col(uuid("organisation_id"))
                .col(text("step").check(one_of("step", ["friendly", "firm", "block", "hand_over"])))
                .col(day("taken_on"))
                .col(big("outstanding_cents").check(positive("outstanding_cents")))
                // Claimed from the firm letter on.
                .col(big("interest_cents").default(0).check(not_negative("interest_cents")))
                .col(big("costs_cents").default(0).check(not_negative("costs_cents")))
                .col(instant("taken_at"))
                .foreign_key(&mut reference("reminder", "invoice_id", "invoice"))
                .foreign_key(&mut reference("reminder", "organisation_id", "organisation"))
                .take(),
        )
        .await?;
    // Each step once.
    manager.create_index(unique("reminder", &["invoice_id", "step"])).await?;
    manager.create_index(index("reminder", &["organisation_id"])).await?;
    manager
        .create_table(
            table("reminder_hold")
                .col(uuid("invoice_id"))
                .col(uuid("organisation_id"))
                .col(text("kind").check(one_of("kind", ["pause", "promise"])))
                .col(day("until_day"))
                .col(text("reason"))
                // Who of the company promised.
                .col(text_or_null("promised_by"))
                .col(uuid_or_null("made_by"))
                .col(instant("made_at"))
                .col(uuid_or_null("ended_by"))
                .col(instant_or_null("ended_at"))
                .foreign_key(&mut reference("reminder_hold", "invoice_id", "invoice"))
                .foreign_key(&mut reference("reminder_hold", "organisation_id", "organisation"))
                .check(Expr::col(name("kind")).ne("promise").or(Expr::col(name("promised_by")).is_not_null()))
                .take(),
        )
        .await?;
    let mut one = unique("reminder_hold", &["invoice_id"]);
    one.and_where(Expr::col(name("ended_at")).is_null());
    manager.create_index(one).await
}

async fn write_offs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("write_off")
                .col(uuid("invoice_id"))
                .col(uuid("organisation_id"))
                .col(big("amount_cents").check(positive("amount_cents")))
                .col(text("reason"))
                .col(text("state").check(one_of("state", ["asked", "done", "refused"])))
                .col(boolean("needs_second").default(false))
                .col(uuid_or_null("asked_by"))
                .col(instant("asked_at"))
                .col(uuid_or_null("signed_by"))
                .col(instant_or_null("signed_at"))
                .foreign_key(&mut reference("write_off", "invoice_id", "invoice"))
                .foreign_key(&mut reference("write_off", "organisation_id", "organisation"))
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("signed_by")).ne(Expr::col(name("asked_by")))),
                )
                .check(
                    Expr::col(name("state"))
                        .ne("done")
                        .or(Expr::col(name("needs_second")).eq(false))
                        .or(Expr::col(name("signed_by")).is_not_null()),
                )
                .take(),
        )
        .await?;
    // One waits at a time.
    let mut one = unique("write_off", &["invoice_id"]);
    one.and_where(Expr::col(name("state")).eq("asked"));
    manager.create_index(one).await
}
