//! Conditions that look for a text that somebody typed.

use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};

use super::entity::organisation;

/// A pattern that finds the typed text anywhere, whatever signs it has.
pub(crate) fn anywhere(typed: &str) -> LikeExpr {
    let escaped = typed.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// Whether this is a part of it, whatever its capitals.
pub(crate) fn holds(column: Expr, typed: &str) -> Expr {
    Expr::expr(Func::lower(column)).like(anywhere(&typed.trim().to_lowercase()))
}

/// Rows of which this is a part of the number or of the company's name; all where it is empty.
pub(crate) fn named<C: ColumnTrait>(typed: &str, number: C, company: C) -> Condition {
    if typed.trim().is_empty() {
        return Condition::all();
    }
    let companies = Query::select()
        .column(organisation::Column::Id)
        .from(organisation::Entity)
        .and_where(holds(Expr::col(organisation::Column::LegalName), typed))
        .to_owned();
    Condition::any().add(holds(Expr::col(number.as_column_ref()), typed)).add(company.in_subquery(companies))
}
