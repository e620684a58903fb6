//! Policies of prices that one person asks for and another agrees to.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let points = |column: &str| Expr::col(name(column)).between(0, 10_000);
        let is_asked = || Expr::col(name("state")).eq("asked");
        let is_signed = || Expr::col(name("signed_by")).is_not_null().and(Expr::col(name("signed_at")).is_not_null());
        let is_unsigned = || Expr::col(name("signed_by")).is_null().and(Expr::col(name("signed_at")).is_null());
        manager
            .create_table(
                table("policy_request")
                    .col(day("valid_from"))
                    .col(integer("quote_days").check(Expr::col(name("quote_days")).gt(0)))
                    .col(integer("observation_days").check(Expr::col(name("observation_days")).gt(0)))
                    .col(integer("scarcity_from").check(points("scarcity_from")))
                    .col(integer("scarcity_most").check(points("scarcity_most")))
                    .col(text("reason"))
                    .col(text("state").check(Expr::col(name("state")).is_in(["asked", "agreed", "refused"])))
                    .col(uuid("asked_by"))
                    .col(instant("asked_at"))
                    .col(uuid_or_null("signed_by"))
                    .col(instant_or_null("signed_at"))
                    .check(is_asked().and(is_unsigned()).or(is_asked().not().and(is_signed())))
                    // Nobody agrees with themselves.
                    .check(
                        Expr::col(name("signed_by"))
                            .is_null()
                            .or(Expr::col(name("signed_by")).not_equals(name("asked_by"))),
                    )
                    .foreign_key(&mut reference("policy_request", "asked_by", "person"))
                    .foreign_key(&mut reference("policy_request", "signed_by", "person"))
                    .take(),
            )
            .await?;
        let mut one = unique("policy_request", &["valid_from"]);
        one.and_where(Expr::col(name("state")).ne("refused"));
        manager.create_index(one).await
    }
}
