//! Queries about mails.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    Tx,
    entity::{
        job,
        mail::{Column, Entity, Model, State},
    },
};
use crate::error::Result;

/// The newest first, of one state or all.
pub(crate) async fn newest(tx: &Tx, state: Option<State>, limit: u64) -> Result<Vec<Model>> {
    let mut select = tx.select::<Entity>().order_by_desc(Column::QueuedAt).order_by_desc(Column::Id).limit(limit);
    if let Some(state) = state {
        select = select.filter(Column::State.eq(state));
    }
    Ok(select.all(tx.connection()).await?)
}

/// Marks every queued mail as sent and drops the jobs that would send them: the demo world's past.
pub(crate) async fn deliver_all(tx: &mut Tx) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value("sent"))
        .col_expr(Column::SentAt, Expr::col(Column::QueuedAt))
        .filter(Column::State.eq(State::Queued))
        .exec(tx.connection())
        .await?;
    job::Entity::delete_many().filter(job::Column::Kind.eq("send_mail")).exec(tx.connection()).await?;
    tx.changed("update", "mail", "all queued".to_owned());
    Ok(())
}
