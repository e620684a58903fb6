//! What matching reads of applications.

use crate::{error::Result, matching::Approved, store::Tx};

/// Every approved application.
pub(crate) async fn approved(_tx: &Tx) -> Result<Vec<Approved>> {
    Ok(Vec::new())
}
