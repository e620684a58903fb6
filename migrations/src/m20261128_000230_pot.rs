//! Pots of money: where they come from, what each application binds of them, movements that two people agree to.
//!
//! The rows are a demonstration of the funding that Regulation (EU) 2021/1173, as amended in 2026, foresees.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

type Pot = (&'static str, Option<&'static str>, &'static str, Option<&'static str>, i64);

/// Code, the pot above it, its kind, the state whose money it is, and what it was promised in whole euros. A pot's
/// promise includes what its children were given.
const POTS: &[Pot] = &[
    ("union", None, "union", None, 1_700_000_000),
    ("digital_europe", Some("union"), "union", None, 800_000_000),
    ("horizon_europe", Some("union"), "union", None, 500_000_000),
    ("participating_state", None, "state", None, 1_700_000_000),
    ("state_lu", Some("participating_state"), "state", Some("LU"), 120_000_000),
    ("state_de", Some("participating_state"), "state", Some("DE"), 420_000_000),
    ("state_fr", Some("participating_state"), "state", Some("FR"), 400_000_000),
    ("cohesion_pl", Some("participating_state"), "cohesion", Some("PL"), 90_000_000),
    ("invest_eu", None, "invest_eu", None, 150_000_000),
    ("operator", None, "operator", None, 0),
];

/// What InvestAI was announced to mobilise, in whole euros (Commission, 11 February 2025).
const GOALS: &[(&str, i64)] =
    &[("public", 50_000_000_000), ("private", 150_000_000_000), ("gigafactories", 20_000_000_000)];

const SINCE: &str = "2026-01-01";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables(manager).await?;
        rows(manager).await
    }
}

async fn tables(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const KINDS: [&str; 5] = ["union", "state", "cohesion", "invest_eu", "operator"];
    manager
        .create_table(
            table("pot")
                .col(text("code"))
                .col(text_or_null("parent"))
                .col(text("kind").check(Expr::col(name("kind")).is_in(KINDS)))
                .col(text_or_null("country"))
                .col(day("valid_from"))
                .col(day_or_null("valid_until"))
                .take(),
        )
        .await?;
    manager.create_index(unique("pot", &["code"])).await?;
    manager
        .create_table(
            table("funding_goal")
                .col(text("code"))
                .col(big("euros").check(Expr::col(name("euros")).gt(0)))
                .col(day("valid_from"))
                .take(),
        )
        .await?;
    manager.create_index(unique("funding_goal", &["code", "valid_from"])).await?;
    manager
        .create_table(
            table("pot_commitment")
                .col(uuid("application_id"))
                .col(text("pot"))
                .col(big("committed_cents").check(Expr::col(name("committed_cents")).gte(0)))
                // Entries so far: the next one's key.
                .col(integer("movements").default(0))
                .foreign_key(&mut reference("pot_commitment", "application_id", "application"))
                .take(),
        )
        .await?;
    manager.create_index(unique("pot_commitment", &["application_id"])).await?;
    manager
        .create_table(
            table("pot_movement")
                .col(text("kind").check(Expr::col(name("kind")).is_in(["pledge", "withdraw", "allot"])))
                .col(text("pot"))
                .col(text_or_null("to_pot"))
                .col(big("amount_cents").check(Expr::col(name("amount_cents")).gt(0)))
                .col(text("reason"))
                // By what letter the Member State agreed, where it is its money.
                .col(text_or_null("approval"))
                .col(text("state").check(Expr::col(name("state")).is_in(["asked", "booked", "refused"])))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(uuid_or_null("signed_by"))
                .col(instant_or_null("signed_at"))
                .check(Expr::col(name("kind")).ne("allot").or(Expr::col(name("to_pot")).is_not_null()))
                // Nobody agrees with themselves.
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("signed_by")).not_equals(name("asked_by"))),
                )
                .foreign_key(&mut reference("pot_movement", "asked_by", "person"))
                .foreign_key(&mut reference("pot_movement", "signed_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("pot_movement", &["state", "asked_at"])).await
}

/// Writes rows whose ids are the same everywhere.
struct Rows<'a> {
    manager: &'a SchemaManager<'a>,
    is_postgres: bool,
}

impl Rows<'_> {
    /// The id of the nth row of this migration, as both databases read it.
    fn id(&self, number: usize) -> String {
        let digits = format!("{number:012x}");
        if self.is_postgres {
            format!("'00000000-0000-7000-8000-{digits}'")
        } else {
            format!("x'0000000000007000 8000{digits}'").replace(' ', "")
        }
    }

    fn bool(&self, value: bool) -> &'static str {
        match (self.is_postgres, value) {
            (true, true) => "true",
            (true, false) => "false",
            (false, true) => "1",
            (false, false) => "0",
        }
    }

    async fn run(&self, sql: String) -> Result<(), DbErr> {
        self.manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}

fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| format!("'{text}'"))
}

async fn rows(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let rows = Rows { manager, is_postgres: manager.get_database_backend() == DbBackend::Postgres };
    for (number, (code, parent, kind, country, _)) in POTS.iter().enumerate() {
        let (id, parent, country) = (rows.id(number), quoted(*parent), quoted(*country));
        rows.run(format!(
            "INSERT INTO pot (id, code, parent, kind, country, valid_from) \
             VALUES ({id}, '{code}', {parent}, '{kind}', {country}, '{SINCE}')"
        ))
        .await?;
    }
    for (number, (code, euros)) in GOALS.iter().enumerate() {
        let id = rows.id(1_000 + number);
        rows.run(format!(
            "INSERT INTO funding_goal (id, code, euros, valid_from) VALUES ({id}, '{code}', {euros}, '{SINCE}')"
        ))
        .await?;
    }
    pledges(&rows).await
}

/// The promises as the first entries of the books.
async fn pledges(rows: &Rows<'_>) -> Result<(), DbErr> {
    let at = if rows.is_postgres { "2026-01-01 00:00:00+00" } else { "2026-01-01 00:00:00+00:00" };
    let place = |code: &str| POTS.iter().position(|pot| pot.0 == code).unwrap_or_default();
    let mut entries = 0;
    for (code, parent, _, _, euros) in POTS.iter().filter(|pot| pot.4 > 0) {
        entries += 1;
        let (entry, cents) = (rows.id(2_000 + entries), euros * 100);
        let kind = if parent.is_some() { "allot" } else { "pledge" };
        rows.run(format!(
            "INSERT INTO book_entry (id, number, kind, happened_on, booked_on, key, created_at) \
             VALUES ({entry}, {entries}, '{kind}', '{SINCE}', '{SINCE}', 'opening:{code}', '{at}')"
        ))
        .await?;
        let from = match parent {
            Some(parent) => ("pot_free", *parent, 3_000 + place(parent)),
            None => ("pot_pledged", *code, 4_000 + place(code)),
        };
        let to = ("pot_free", *code, 3_000 + place(code));
        for (position, (account, of, number), amount) in [(1, from, -cents), (2, to, cents)] {
            let (id, line) = (rows.id(number), rows.id(5_000 + 2 * entries + position));
            let floor = rows.bool(account == "pot_free");
            rows.run(format!(
                "INSERT INTO book_account (id, account, kept_for, balance_cents, has_floor) \
                 VALUES ({id}, '{account}', '{of}', 0, {floor}) ON CONFLICT DO NOTHING"
            ))
            .await?;
            rows.run(format!("UPDATE book_account SET balance_cents = balance_cents + {amount} WHERE id = {id}"))
                .await?;
            rows.run(format!(
                "INSERT INTO book_posting (id, entry_id, position, account_id, amount_cents) \
                 VALUES ({line}, {entry}, {position}, {id}, {amount})"
            ))
            .await?;
        }
    }
    rows.run(format!("INSERT INTO counter (name, value) VALUES ('book', {entries})")).await
}
