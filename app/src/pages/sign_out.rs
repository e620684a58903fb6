//! Signing out: the session is gone, not only the cookie.

use services::Error;

use crate::{PageResult, Visit};

pub async fn post(visit: Visit) -> PageResult {
    visit.session.flush().await.map_err(|error| Error::Broken(services::anyhow(error)))?;
    Ok(visit.redirect("/"))
}
