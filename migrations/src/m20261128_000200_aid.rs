//! State aid: whose money each pot is, grants with every movement of theirs, tests, declarations, mergers and splits,
//! and what was published.

use sea_orm_migration::{prelude::*, sea_orm::prelude::Date};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Each with a pot of its own; a State outside the Union pays through the common one.
const MEMBER_STATES: [&str; 27] = [
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu", "lv",
    "mt", "nl", "pl", "pt", "ro", "se", "si", "sk",
];

/// Size class, basis points under de minimis from a State's own pot: as from the common one.
const NATIONAL: [(&str, &str, i32); 5] = [
    ("micro", "de_minimis", 8_000),
    ("small", "de_minimis", 7_000),
    ("medium", "de_minimis", 6_000),
    ("small_mid_cap", "de_minimis", 4_000),
    ("large", "market", 0),
];

/// The same from the scheme for SMEs under the general exemption: support services (Reg. (EU) No 651/2014, Art. 28(4)).
const EXEMPTED: [(&str, &str, i32); 5] = [
    ("micro", "gber", 8_000),
    ("small", "gber", 7_000),
    ("medium", "gber", 6_000),
    ("small_mid_cap", "market", 0),
    ("large", "market", 0),
];

const ARTICLES: [&str; 6] = [
    "de_minimis",
    "gber_25_fundamental",
    "gber_25_industrial",
    "gber_25_experimental",
    "gber_25_feasibility",
    "gber_28_support",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        pots(manager).await?;
        grants(manager).await?;
        entries(manager).await?;
        tests(manager).await?;
        declarations(manager).await?;
        transfers(manager).await?;
        exports(manager).await?;
        payers(manager).await?;
        subsidies(manager).await
    }
}

fn one_of(column: &str, values: impl IntoIterator<Item = &'static str>) -> SimpleExpr {
    Expr::col(name(column)).is_in(values)
}

fn is(column: &str, value: &'static str) -> SimpleExpr {
    Expr::col(name(column)).eq(value)
}

/// The column is filled where this holds, and empty elsewhere.
fn only_if(holds: SimpleExpr, column: &str) -> SimpleExpr {
    let filled = Expr::col(name(column)).is_not_null();
    let empty = Expr::col(name(column)).is_null();
    holds.clone().and(filled).or(holds.not().and(empty))
}

async fn pots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pot = Table::create();
    pot.table(name("aid_pot"))
        .col(text("pot"))
        .col(day("valid_from"))
        .col(text("payer").check(one_of("payer", ["union", "state", "establishment"])))
        .col(text_or_null("state"))
        .col(text("article").check(one_of("article", ARTICLES)))
        .col(boolean("has_bonus"))
        .col(boolean("has_tail"))
        .col(text("authority"))
        .col(text("instrument"))
        .col(text("scheme"))
        .check(only_if(is("payer", "state"), "state"))
        .primary_key(Index::create().col(name("pot")).col(name("valid_from")));
    manager.create_table(pot).await
}

async fn grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let at_least_nothing = |column: &str| Expr::col(name(column)).gte(0);
    let none = |column: &str| Expr::col(name(column)).eq(0);
    manager
        .create_table(
            table("aid_grant")
                .col(text("state"))
                // Gap-free in its State.
                .col(big("number").check(Expr::col(name("number")).gt(0)))
                .col(text("standing").check(one_of("standing", ["reserved", "granted", "released"])))
                .col(uuid("organisation_id"))
                .col(uuid("application_id"))
                .col(uuid_or_null("allocation_id"))
                .col(text("regime").check(one_of("regime", ["de_minimis", "gber"])))
                .col(text("article").check(one_of("article", ARTICLES)))
                .col(text("pot"))
                .col(text("authority"))
                .col(text("instrument"))
                .col(text("scheme"))
                // As they were on the day of the grant.
                .col(text("beneficiary"))
                .col(text("registration_number"))
                .col(text("country"))
                .col(text("nace"))
                .col(text("size_class"))
                .col(big("gpu_seconds").check(at_least_nothing("gpu_seconds")))
                .col(big("list_rate").check(at_least_nothing("list_rate")))
                .col(text("price_source"))
                .col(day("priced_on"))
                // The balance of its movements.
                .col(big("reserved_cents").check(at_least_nothing("reserved_cents")))
                .col(big("granted_cents").check(at_least_nothing("granted_cents")))
                .col(day("reserved_on"))
                .col(day_or_null("granted_on"))
                .col(uuid_or_null("decided_by"))
                .col(instant("created_at"))
                .check(is("standing", "reserved").not().or(none("granted_cents")))
                .check(
                    is("standing", "granted")
                        .not()
                        .or(none("reserved_cents").and(Expr::col(name("granted_on")).is_not_null())),
                )
                .check(is("standing", "released").not().or(none("reserved_cents").and(none("granted_cents"))))
                .foreign_key(&mut reference("aid_grant", "organisation_id", "organisation"))
                .foreign_key(&mut reference("aid_grant", "application_id", "application"))
                .foreign_key(&mut reference("aid_grant", "allocation_id", "allocation"))
                .foreign_key(&mut reference("aid_grant", "decided_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("aid_grant", &["state", "number"])).await?;
    manager.create_index(index("aid_grant", &["organisation_id", "state"])).await?;
    manager.create_index(index("aid_grant", &["application_id"])).await
}

async fn entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (reserved, granted) = (|| Expr::col(name("reserved_cents")), || Expr::col(name("granted_cents")));
    manager
        .create_table(
            table("aid_entry")
                .col(uuid("grant_id"))
                .col(integer("number").check(Expr::col(name("number")).gt(0)))
                .col(text("kind").check(one_of("kind", ["reserve", "confirm", "release", "correct"])))
                // What it changes: together never anything but what the grant has.
                .col(big("reserved_cents"))
                .col(big("granted_cents"))
                // GPU time of the grant from here on.
                .col(big("gpu_seconds").check(Expr::col(name("gpu_seconds")).gte(0)))
                .col(day("entered_on"))
                .col(instant("at"))
                .col(uuid_or_null("entered_by"))
                .col(text("reason"))
                .check(is("kind", "reserve").not().or(reserved().gt(0).and(granted().eq(0))))
                .check(is("kind", "confirm").not().or(granted().gt(0).and(granted().add(reserved()).eq(0))))
                .check(is("kind", "release").not().or(reserved().lte(0).and(granted().lte(0))))
                .check(is("kind", "correct").not().or(reserved().eq(0).and(granted().ne(0))))
                .foreign_key(&mut reference("aid_entry", "grant_id", "aid_grant"))
                .foreign_key(&mut reference("aid_entry", "entered_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("aid_entry", &["grant_id", "number"])).await
}

async fn tests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("aid_test")
                .col(uuid("application_id"))
                .col(uuid_or_null("grant_id"))
                .col(text("occasion").check(one_of("occasion", ["award", "signature", "booking", "change"])))
                .col(instant("at"))
                .col(boolean("holds"))
                // JSON of `domain::aid::test::Tested`.
                .col(text("tested"))
                .foreign_key(&mut reference("aid_test", "application_id", "application"))
                .foreign_key(&mut reference("aid_test", "grant_id", "aid_grant"))
                .take(),
        )
        .await?;
    manager.create_index(index("aid_test", &["application_id", "at"])).await
}

async fn declarations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("aid_declaration")
                .col(uuid("organisation_id"))
                .col(text("state"))
                .col(integer("text_version").check(Expr::col(name("text_version")).gt(0)))
                .col(text("locale"))
                // The whole text as it was shown.
                .col(text("text"))
                // JSON of `domain::aid::declaration::Declaration`.
                .col(text("declared"))
                .col(uuid("declared_by"))
                .col(instant("declared_at"))
                .foreign_key(&mut reference("aid_declaration", "organisation_id", "organisation"))
                .foreign_key(&mut reference("aid_declaration", "declared_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(index("aid_declaration", &["organisation_id", "state", "declared_at"])).await
}

async fn transfers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("aid_transfer")
                .col(text("event").check(one_of("event", ["merger", "activity", "split"])))
                .col(uuid("from_id"))
                .col(uuid("to_id"))
                .col(day("effective_on"))
                .col(integer("share").check(Expr::col(name("share")).between(1, 10_000)))
                .col(uuid_or_null("grant_id"))
                .col(text("reason"))
                .col(uuid("recorded_by"))
                .col(instant("recorded_at"))
                .check(Expr::col(name("from_id")).ne(Expr::col(name("to_id"))))
                .check(only_if(is("event", "activity"), "grant_id"))
                .foreign_key(&mut reference("aid_transfer", "from_id", "organisation"))
                .foreign_key(&mut reference("aid_transfer", "to_id", "organisation"))
                .foreign_key(&mut reference("aid_transfer", "grant_id", "aid_grant"))
                .foreign_key(&mut reference("aid_transfer", "recorded_by", "person"))
                .take(),
        )
        .await
}

async fn exports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut export = Table::create();
    export
        .table(name("aid_export"))
        // Whatever is published is published once.
        .col(uuid("entry_id").primary_key())
        .col(text("register").check(one_of("register", ["de_minimis", "transparency"])))
        .col(instant("exported_at"))
        .col(uuid("exported_by"))
        .foreign_key(&mut reference("aid_export", "entry_id", "aid_entry"))
        .foreign_key(&mut reference("aid_export", "exported_by", "person"));
    manager.create_table(export).await
}

/// Pot, payer, State, article, whether its scheme uses the tail, and the scheme.
type PotRow = (String, &'static str, Option<String>, &'static str, bool, &'static str);

const COMMON: &str = "participating_state";
const COMMON_EXEMPTED: &str = "participating_state_gber";

fn broken(error: &dyn std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("pots: {error}"))
}

fn since() -> Result<Date, DbErr> {
    Date::from_ymd_opt(2026, 1, 1).ok_or_else(|| broken(&"date"))
}

/// Whose money it is decides the granting State, not where the company sits.
async fn payers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let since = since()?;
    let columns = [
        "pot",
        "valid_from",
        "payer",
        "state",
        "article",
        "has_bonus",
        "has_tail",
        "authority",
        "instrument",
        "scheme",
    ];
    let mut insert = Query::insert();
    insert.into_table(name("aid_pot")).columns(columns.map(name));
    let programme = "Gigahours programme office";
    let time = "Subsidised GPU time";
    let mut rows: Vec<PotRow> = vec![
        ("union".to_owned(), "union", None, "de_minimis", false, ""),
        (COMMON.to_owned(), "establishment", None, "de_minimis", false, "Gigahours de minimis"),
        (COMMON_EXEMPTED.to_owned(), "establishment", None, "gber_28_support", true, "Gigahours SME support"),
    ];
    for state in MEMBER_STATES {
        let pot = format!("national_{state}");
        rows.push((pot, "state", Some(state.to_uppercase()), "de_minimis", false, "Gigahours de minimis"));
    }
    for (pot, payer, state, article, has_tail, scheme) in rows {
        let values: [Expr; 10] = [
            Expr::value(pot),
            Expr::value(since),
            Expr::value(payer),
            Expr::value(state),
            Expr::value(article),
            Expr::value(false),
            Expr::value(has_tail),
            Expr::value(programme),
            Expr::value(time),
            Expr::value(scheme),
        ];
        insert.values(values).map_err(|error| broken(&error))?;
    }
    manager.execute(insert).await
}

async fn subsidies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let since = since()?;
    let mut insert = Query::insert();
    insert.into_table(name("subsidy")).columns(["size_class", "pot", "valid_from", "regime", "share"].map(name));
    let national = MEMBER_STATES.iter().map(|state| (format!("national_{state}"), NATIONAL));
    for (pot, shares) in national.chain([(COMMON_EXEMPTED.to_owned(), EXEMPTED)]) {
        for (class, regime, share) in shares {
            let values: [Expr; 5] = [
                Expr::value(class),
                Expr::value(pot.clone()),
                Expr::value(since),
                Expr::value(regime),
                Expr::value(share),
            ];
            insert.values(values).map_err(|error| broken(&error))?;
        }
    }
    manager.execute(insert).await
}
