//! Queries about mails.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::mail::{Column, Entity, Model, State},
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
