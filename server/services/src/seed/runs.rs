//! A run of the engine over the newest applications of the modes with cut-offs, solved and waiting for its signature.

use chrono::{DateTime, TimeDelta, Utc};

use super::people::Staff;
use crate::{Services, error::Result};

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let officer = services.desk_at(staff.officer, now - TimeDelta::hours(1));
    if officer.count_competing().await? == 0 {
        return Ok(());
    }
    let versions = officer.list_rules().await?;
    let Some(in_force) = versions.first() else { return Ok(()) };
    officer.start_run(&in_force.rules.typed()).await.map(drop)
}
