//! What is read of modes and subsidies: every row; which is in force is the rules' to say.

use domain::{
    mode::Mode,
    pricing::{Regime, Subsidy},
};
use sea_orm::{EntityTrait, QueryOrder};

use super::{
    Tx,
    entity::{access_mode, subsidy},
};
use crate::error::{Result, anyhow};

/// Every version of every mode.
pub(crate) async fn modes(tx: &Tx) -> Result<Vec<Mode>> {
    let rows =
        tx.select::<access_mode::Entity>().order_by_asc(access_mode::Column::Version).all(tx.connection()).await?;
    rows.iter().map(|row| Ok(serde_json::from_str(&row.rules)?)).collect()
}

pub(crate) async fn subsidies(tx: &Tx) -> Result<Vec<Subsidy>> {
    let rows = subsidy::Entity::find().all(tx.connection()).await?;
    let read = |row: subsidy::Model| {
        let regime = Regime::from_code(&row.regime).ok_or_else(|| anyhow("unknown regime"))?;
        Ok(Subsidy { size_class: row.size_class, pot: row.pot, regime, share: row.share, valid_from: row.valid_from })
    };
    rows.into_iter().map(read).collect()
}
