//! Queries of the demo world.

use sea_orm::{ColumnTrait, QueryFilter};

use super::{Tx, entity::application};
use crate::error::Result;

/// Any application that was submitted, to copy.
pub(crate) async fn any_submitted(tx: &Tx) -> Result<Option<application::Model>> {
    Ok(tx.select::<application::Entity>().filter(application::Column::Quote.is_not_null()).one(tx.connection()).await?)
}
