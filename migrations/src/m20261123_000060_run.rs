//! Runs of the matching engine: what went in, what came out, and who signed it.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let signed = Expr::col(name("published_by")).is_not_null().and(Expr::col(name("published_at")).is_not_null());
        let someone_else = Expr::col(name("published_by"))
            .is_null()
            .or(Expr::col(name("published_by")).ne(Expr::col(name("made_by"))));
        manager
            .create_table(
                table("matching_run")
                    .col(uuid("made_by"))
                    .col(instant("made_at"))
                    .col(text("rules"))
                    .col(text("frame"))
                    .col(text("instance"))
                    .col(text("progress"))
                    .col(text_or_null("solution"))
                    .col(text_or_null("explanations"))
                    .col(big_or_null("value"))
                    .col(big_or_null("bound"))
                    .col(integer("requests").check(Expr::col(name("requests")).gt(0)))
                    .col(integer("awarded").default(0).check(Expr::col(name("awarded")).gte(0)))
                    .col(big("hours").default(0).check(Expr::col(name("hours")).gte(0)))
                    .col(text("state").check(Expr::col(name("state")).is_in(["solving", "solved", "published"])))
                    .col(uuid_or_null("published_by"))
                    .col(instant_or_null("published_at"))
                    .col(integer("version").default(1).check(Expr::col(name("version")).gt(0)))
                    .check(Expr::col(name("state")).eq("solving").or(Expr::col(name("solution")).is_not_null()))
                    .check(Expr::col(name("state")).ne("published").or(signed))
                    .check(someone_else)
                    .foreign_key(&mut reference("matching_run", "made_by", "person"))
                    .foreign_key(&mut reference("matching_run", "published_by", "person"))
                    .to_owned(),
            )
            .await
    }
}
