//! Gap-free numbers: one statement moves the row, and a rollback gives the number back.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Tx, entity::counter};
use crate::error::Result;

/// The next number of this series, from 1.
pub(crate) async fn next_number(tx: &mut Tx, series: &str) -> Result<i64> {
    let row = counter::ActiveModel { name: Set(series.to_owned()), value: Set(1) };
    let taken = counter::Entity::insert(row)
        .on_conflict(
            OnConflict::column(counter::Column::Name)
                .value(counter::Column::Value, Expr::col((counter::Entity, counter::Column::Value)).add(1))
                .to_owned(),
        )
        .exec_with_returning(tx.connection())
        .await?;
    Ok(taken.value)
}

/// Gives back the number that this transaction took last and did not use. The row is this transaction's until it ends.
pub(crate) async fn take_back(tx: &mut Tx, series: &str) -> Result<()> {
    counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).sub(1))
        .filter(counter::Column::Name.eq(series))
        .exec(tx.connection())
        .await?;
    Ok(())
}
