//! The price book: observations of the market, list prices that two people agree to, the policy of prices; quotes.
//!
//! The list that the programme began with becomes its first observation, so that every price has a reference.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, prelude::Date},
};

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Those that the programme's first list names.
const MODELS: [&str; 9] = ["A100", "H100", "H200", "GH200", "B200", "GB200", "MI250X", "MI300A", "MI300X"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        observations(manager).await?;
        list_prices(manager).await?;
        policy(manager).await?;
        quotes(manager).await
    }
}

fn above_nought(column: &str) -> SimpleExpr {
    Expr::col(name(column)).gt(0)
}

async fn observations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("price_observation")
                .col(text("model"))
                // Millionths of a euro for a GPU-hour.
                .col(big("rate").check(above_nought("rate")))
                .col(text("source"))
                .col(text_or_null("address"))
                .col(day("observed_on"))
                // The day after it was recorded: no day past gets another reference.
                .col(day("counts_from"))
                // Nobody where a migration did.
                .col(uuid_or_null("recorded_by"))
                .col(instant("recorded_at"))
                .check(Expr::col(name("observed_on")).lte(Expr::col(name("counts_from"))))
                .foreign_key(&mut reference("price_observation", "recorded_by", "person"))
                .take(),
        )
        .await?;
    manager.create_index(unique("price_observation", &["model", "source", "observed_on"])).await?;
    let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
    for (number, model) in MODELS.iter().enumerate() {
        let digits = format!("{number:012x}");
        let (id, at) = if is_postgres {
            (format!("'00000000-0000-7000-8000-{digits}'"), "2026-05-31 12:00:00+00")
        } else {
            (format!("x'00000000000070008000{digits}'"), "2026-05-31 12:00:00+00:00")
        };
        let copy = format!(
            "INSERT INTO price_observation (id, model, rate, source, observed_on, counts_from, recorded_at) \
             SELECT {id}, model, list_rate, 'European offers, median of May 2026', '2026-05-31', '2026-06-01', '{at}' FROM tariff \
             WHERE model = '{model}' AND valid_from = '2026-01-01'"
        );
        manager.get_connection().execute_unprepared(&copy).await?;
    }
    Ok(())
}

async fn list_prices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_signed = || Expr::col(name("signed_by")).is_not_null().and(Expr::col(name("signed_at")).is_not_null());
    let is_unsigned = || Expr::col(name("signed_by")).is_null().and(Expr::col(name("signed_at")).is_null());
    let is_asked = || Expr::col(name("state")).eq("asked");
    manager
        .create_table(
            table("list_price")
                // Nothing for the programme's own, at every site that has no price of its own.
                .col(uuid_or_null("site_id"))
                .col(text("model"))
                .col(big("rate").check(above_nought("rate")))
                .col(day("valid_from"))
                .col(day_or_null("valid_until"))
                .col(text("reason"))
                .col(text("state").check(Expr::col(name("state")).is_in(["asked", "agreed", "refused"])))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(uuid_or_null("signed_by"))
                .col(instant_or_null("signed_at"))
                .check(
                    Expr::col(name("valid_until"))
                        .is_null()
                        .or(Expr::col(name("valid_until")).gte(Expr::col(name("valid_from")))),
                )
                .check(is_asked().and(is_unsigned()).or(is_asked().not().and(is_signed())))
                // Nobody agrees with themselves.
                .check(
                    Expr::col(name("signed_by"))
                        .is_null()
                        .or(Expr::col(name("signed_by")).not_equals(name("asked_by"))),
                )
                .foreign_key(&mut reference("list_price", "site_id", "site"))
                .foreign_key(&mut reference("list_price", "asked_by", "person"))
                .foreign_key(&mut reference("list_price", "signed_by", "person"))
                .take(),
        )
        .await?;
    // One price a day, at a site and of the programme: SQL holds two empty sites for two different ones.
    let mut of_site = unique("list_price", &["site_id", "model", "valid_from"]);
    of_site.and_where(Expr::col(name("state")).ne("refused"));
    manager.create_index(of_site).await?;
    let mut of_programme = unique("list_price", &["model", "valid_from"]);
    of_programme.and_where(Expr::col(name("state")).ne("refused").and(Expr::col(name("site_id")).is_null()));
    manager.create_index(of_programme).await
}

/// A quote stands for 30 days; what was observed a year ago is too old; a site's price rises from 80 % taken on, and
/// by a tenth at most.
async fn policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let points = |column: &str| Expr::col(name(column)).between(0, 10_000);
    let mut policy = Table::create();
    policy
        .table(name("price_policy"))
        .col(day("valid_from").primary_key().take())
        .col(integer("quote_days").check(above_nought("quote_days")))
        .col(integer("observation_days").check(above_nought("observation_days")))
        .col(integer("scarcity_from").check(points("scarcity_from")))
        .col(integer("scarcity_most").check(points("scarcity_most")));
    manager.create_table(policy).await?;
    let since =
        Date::from_ymd_opt(2026, 1, 1).ok_or_else(|| DbErr::Custom("the first day of the policy".to_owned()))?;
    let mut insert = Query::insert();
    insert
        .into_table(name("price_policy"))
        .columns(["valid_from", "quote_days", "observation_days", "scarcity_from", "scarcity_most"].map(name));
    let values: [Expr; 5] =
        [Expr::value(since), Expr::value(30), Expr::value(365), Expr::value(8_000), Expr::value(1_000)];
    insert.values(values).map_err(|error| DbErr::Custom(error.to_string()))?;
    manager.execute(insert).await
}

async fn quotes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_accepted = || Expr::col(name("state")).eq("accepted");
    let is_booked = || Expr::col(name("allocation_id")).is_not_null().and(Expr::col(name("accepted_at")).is_not_null());
    let is_free = || Expr::col(name("allocation_id")).is_null().and(Expr::col(name("accepted_at")).is_null());
    manager
        .create_table(
            table("quote")
                // Later versions keep the number.
                .col(text("number"))
                .col(integer("version").check(above_nought("version")))
                .col(uuid("organisation_id"))
                .col(uuid("application_id"))
                .col(text("model"))
                // Nothing for any site.
                .col(uuid_or_null("site_id"))
                .col(big("gpu_seconds").check(above_nought("gpu_seconds")))
                .col(day("first_day"))
                .col(day("last_day"))
                // The price with every step of its derivation.
                .col(text("price"))
                .col(big("due_cents").check(Expr::col(name("due_cents")).gte(0)))
                .col(text("state").check(Expr::col(name("state")).is_in(["open", "accepted", "replaced"])))
                .col(uuid("asked_by"))
                .col(instant("asked_at"))
                .col(instant("expires_at"))
                .col(instant_or_null("accepted_at"))
                .col(uuid_or_null("allocation_id"))
                .check(Expr::col(name("last_day")).gte(Expr::col(name("first_day"))))
                .check(Expr::col(name("expires_at")).gt(Expr::col(name("asked_at"))))
                // What is accepted is accepted with a booking, once.
                .check(is_accepted().and(is_booked()).or(is_accepted().not().and(is_free())))
                .foreign_key(&mut reference("quote", "organisation_id", "organisation"))
                .foreign_key(&mut reference("quote", "application_id", "application"))
                .foreign_key(&mut reference("quote", "site_id", "site"))
                .foreign_key(&mut reference("quote", "asked_by", "person"))
                .foreign_key(&mut reference("quote", "allocation_id", "allocation"))
                .take(),
        )
        .await?;
    manager.create_index(unique("quote", &["number", "version"])).await?;
    let mut one_open = unique("quote", &["application_id"]);
    one_open.and_where(Expr::col(name("state")).eq("open"));
    manager.create_index(one_open).await?;
    manager.create_index(unique("quote", &["allocation_id"])).await?;
    manager.create_index(index("quote", &["organisation_id", "asked_at"])).await
}
